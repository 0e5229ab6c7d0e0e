//! The sections of a manifest or a delta: fixed-size entries, found by kind and index.
//!
//! - [`Tables`] reads them.
//! - [`Fields`] reads the fields of an entry in their order.
//! - [`TablesWriter`] writes them.

use super::hash::CodeHash;
use super::key::HashKey;
use super::layout::{
    Bytes, MANIFEST_HEADER_SIZE, NO_AMOUNT, NO_INSTANT, NONE, SECTION_ENTRY_SIZE, array_at, i64_at,
    section, slice_at, u8_at, u16_at, u32_at, u64_at, usize_at,
};
use super::{SnapshotError, check_header};
use crate::time::{Schedule, UnixMillis};

/// Where a section lies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Section {
    pub entry_size: usize,
    pub offset: usize,
    pub count: usize,
}

/// Kinds of sections that this version knows: 1 to 28. Index 0 stays empty.
const SECTION_KINDS: usize = 29;

/// Most sections of an object, known or not.
const SECTIONS_MAX: u16 = 64;

/// An object's bytes and where its sections lie.
#[derive(Debug, Clone)]
pub(super) struct Tables<B> {
    bytes: B,
    sections: [Section; SECTION_KINDS],
}

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "manifest" };

impl<B: AsRef<[u8]>> Tables<B> {
    /// Reads the section table, and nothing else. Such objects begin with this magic.
    pub fn open(bytes: B, magic: [u8; 4], object: &'static str) -> Result<Self, SnapshotError> {
        check_header(bytes.as_ref(), magic, object)?;
        let corrupt = SnapshotError::Corrupt { place: object };
        let sections = read_sections(bytes.as_ref()).ok_or(corrupt)?;
        Ok(Tables { bytes, sections })
    }

    /// Refuses an object whose codes are hashed under another key.
    pub fn check_key(&self, key: &HashKey) -> Result<(), SnapshotError> {
        let key_check = self.entry(section::KEY_CHECK, 0).map(|mut entry| entry.u64());
        if key_check.is_some_and(|check| check != Some(CodeHash::key_check(key))) {
            return Err(SnapshotError::OtherHashKey);
        }
        Ok(())
    }

    /// All bytes of the object.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// Number of entries of a section.
    pub fn count(&self, kind: u16) -> usize {
        self.section(kind).count
    }

    /// All bytes of a section.
    pub fn section_bytes(&self, kind: u16) -> &[u8] {
        let Section { entry_size, offset, count } = self.section(kind);
        slice_at(self.bytes(), offset, entry_size.saturating_mul(count)).unwrap_or_default()
    }

    /// The entry of a section with this index.
    pub fn entry(&self, kind: u16, index: usize) -> Option<Fields<'_>> {
        let Section { entry_size, offset, count } = self.section(kind);
        if index >= count {
            return None;
        }
        let at = index.checked_mul(entry_size)?.checked_add(offset)?;
        slice_at(self.bytes(), at, entry_size).map(|entry| Fields { entry, at: 0 })
    }

    /// The entry of a section that a list or another entry refers to.
    pub fn must_entry(&self, kind: u16, index: usize) -> Result<Fields<'_>, SnapshotError> {
        self.entry(kind, index).ok_or(CORRUPT)
    }

    /// A text of the heap.
    pub fn text(&self, (offset, size): (usize, usize)) -> Option<&str> {
        std::str::from_utf8(slice_at(self.section_bytes(section::HEAP), offset, size)?).ok()
    }

    /// The id that an entry begins with, as bytes: an order that does not need them to be text.
    pub fn id_bytes(&self, kind: u16, index: usize) -> Option<&[u8]> {
        let (offset, size) = self.entry(kind, index)?.pair()?;
        slice_at(self.section_bytes(section::HEAP), offset, size)
    }

    /// The texts of a list.
    pub fn texts(&self, (first, count): (usize, usize)) -> Option<Vec<&str>> {
        let end = first.checked_add(count)?;
        (end <= self.count(section::TEXTS)).then_some(())?;
        (first..end).map(|index| self.text(self.entry(section::TEXTS, index)?.pair()?)).collect()
    }

    /// Copies a section as it is, if there is one.
    pub fn copy_section(&self, kind: u16, into: &mut TablesWriter) {
        let Section { entry_size, .. } = self.section(kind);
        if entry_size > 0 {
            into.set(kind, entry_size, self.section_bytes(kind).to_vec());
        }
    }

    fn section(&self, kind: u16) -> Section {
        self.sections.get(usize::from(kind)).copied().unwrap_or_default()
    }
}

fn read_sections(bytes: &[u8]) -> Option<[Section; SECTION_KINDS]> {
    let mut sections = [Section::default(); SECTION_KINDS];
    let mut last_kind = 0;
    let count = u16_at(bytes, 6).filter(|&count| count <= SECTIONS_MAX)?;
    for index in 0..usize::from(count) {
        let at = index.checked_mul(SECTION_ENTRY_SIZE)?.checked_add(MANIFEST_HEADER_SIZE)?;
        let kind = u16_at(bytes, at)?;
        let section = Section {
            entry_size: usize::from(u16_at(bytes, at.checked_add(2)?)?),
            offset: usize_at(bytes, at.checked_add(4)?)?,
            count: usize_at(bytes, at.checked_add(8)?)?,
        };
        let size = section.entry_size.checked_mul(section.count)?;
        let in_bounds = section.offset.checked_add(size)? <= bytes.len();
        if kind <= last_kind || !in_bounds {
            return None;
        }
        last_kind = kind;
        if let Some(known) = sections.get_mut(usize::from(kind)) {
            *known = section;
        }
    }
    Some(sections)
}

/// The fields of an entry, one after another.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    entry: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    pub fn u8(&mut self) -> Option<u8> {
        self.advance(1, u8_at)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.advance(4, u32_at)
    }

    pub fn usize(&mut self) -> Option<usize> {
        self.advance(4, usize_at)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.advance(8, u64_at)
    }

    pub fn i64(&mut self) -> Option<i64> {
        self.advance(8, i64_at)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.advance(N, array_at)
    }

    /// The bytes that have not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.entry.get(self.at..).unwrap_or_default()
    }

    /// Passes over bytes that are zero.
    pub fn skip(&mut self, count: usize) -> Option<()> {
        self.advance(count, |_, _| Some(()))
    }

    /// A text or a list: two u32.
    pub fn pair(&mut self) -> Option<(usize, usize)> {
        Some((self.usize()?, self.usize()?))
    }

    pub fn hash(&mut self) -> Option<CodeHash> {
        Some(CodeHash { first: self.u64()?, last: self.u64()? })
    }

    pub fn optional_u32(&mut self) -> Option<Option<u32>> {
        self.u32().map(|value| (value != NONE).then_some(value))
    }

    pub fn optional_amount(&mut self) -> Option<Option<u64>> {
        self.u64().map(|value| (value != NO_AMOUNT).then_some(value))
    }

    pub fn instant(&mut self) -> Option<Option<UnixMillis>> {
        self.i64().map(|value| (value != NO_INSTANT).then_some(UnixMillis(value)))
    }

    pub fn schedule(&mut self) -> Option<Schedule> {
        Some(Schedule { start_at: self.instant()?, end_at: self.instant()? })
    }

    fn advance<T>(&mut self, size: usize, get: impl Fn(&'a [u8], usize) -> Option<T>) -> Option<T> {
        let at = self.at;
        self.at = at.checked_add(size)?;
        get(self.entry, at)
    }
}

/// The index of the first entry that does not come before what is looked for, by binary search.
pub(super) fn first_not(
    count: usize,
    comes_before: impl Fn(usize) -> Result<bool, SnapshotError>,
) -> Result<usize, SnapshotError> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if comes_before(middle)? {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Collects the sections of a manifest or a delta. Texts that are equal are stored once.
#[derive(Debug, Default)]
pub(super) struct TablesWriter {
    heap: Vec<u8>,
    known_texts: std::collections::HashMap<String, (usize, usize)>,
    sections: std::collections::BTreeMap<u16, (usize, Bytes)>,
}

impl TablesWriter {
    /// Stores a text and appends where it lies.
    pub fn text(&mut self, entry: &mut Bytes, text: &str) {
        let heap = &mut self.heap;
        let (offset, size) = *self.known_texts.entry(text.to_owned()).or_insert_with(|| {
            heap.extend_from_slice(text.as_bytes());
            (heap.len().saturating_sub(text.len()), text.len())
        });
        entry.size(offset).size(size);
    }

    /// Stores a list of texts and appends where it lies.
    pub fn texts<T: AsRef<str>>(&mut self, entry: &mut Bytes, texts: &[T]) {
        entry.size(self.count(section::TEXTS)).size(texts.len());
        for text in texts {
            let mut element = Bytes::default();
            self.text(&mut element, text.as_ref());
            self.push(section::TEXTS, &element);
        }
    }

    /// Appends an entry to a section; all entries of one have the same size.
    pub fn push(&mut self, kind: u16, entry: &Bytes) {
        let (entry_size, bytes) =
            self.sections.entry(kind).or_insert((entry.0.len(), Bytes::default()));
        debug_assert_eq!(*entry_size, entry.0.len(), "entries of section {kind}");
        bytes.raw(&entry.0);
    }

    /// Sets a section to entries that are encoded already.
    pub fn set(&mut self, kind: u16, entry_size: usize, bytes: Vec<u8>) {
        self.sections.insert(kind, (entry_size, Bytes(bytes)));
    }

    /// Number of entries of a section so far.
    pub fn count(&self, kind: u16) -> usize {
        self.sections
            .get(&kind)
            .and_then(|(entry_size, bytes)| bytes.0.len().checked_div(*entry_size))
            .unwrap_or(0)
    }

    /// Writes what tells this key from another.
    pub fn key_check(&mut self, key: &HashKey) {
        let mut entry = Bytes::default();
        entry.u64(CodeHash::key_check(key));
        self.push(section::KEY_CHECK, &entry);
    }

    /// Writes the object; `None` when it would pass the four gigabytes that offsets reach.
    pub fn finish(mut self, magic: [u8; 4]) -> Option<Vec<u8>> {
        self.sections.insert(section::HEAP, (1, Bytes(std::mem::take(&mut self.heap))));
        let table_size = self.sections.len().checked_mul(SECTION_ENTRY_SIZE)?;
        let mut offset = MANIFEST_HEADER_SIZE.checked_add(table_size)?;
        let mut head = Bytes::default();
        head.raw(&magic).u16(super::FORMAT_VERSION);
        head.u16(u16::try_from(self.sections.len()).ok()?);
        for (&kind, (entry_size, bytes)) in &self.sections {
            head.u16(kind).u16(u16::try_from(*entry_size).ok()?);
            head.size(offset).size(self.count(kind)).u32(0);
            offset = offset.checked_add(bytes.0.len())?;
        }
        u32::try_from(offset).ok()?;
        self.sections.values().for_each(|(_, bytes)| {
            head.raw(&bytes.0);
        });
        Some(head.0)
    }
}

impl Bytes {
    pub(super) fn hash(&mut self, hash: CodeHash) -> &mut Self {
        self.u64(hash.first).u64(hash.last)
    }

    pub(super) fn optional_u32(&mut self, value: Option<u32>) -> &mut Self {
        self.u32(value.unwrap_or(NONE))
    }

    pub(super) fn optional_amount(&mut self, value: Option<u64>) -> &mut Self {
        self.u64(value.unwrap_or(NO_AMOUNT))
    }

    pub(super) fn instant(&mut self, value: Option<UnixMillis>) -> &mut Self {
        self.i64(value.map_or(NO_INSTANT, |at| at.0))
    }

    pub(super) fn schedule(&mut self, schedule: &Schedule) -> &mut Self {
        self.instant(schedule.start_at).instant(schedule.end_at)
    }
}
