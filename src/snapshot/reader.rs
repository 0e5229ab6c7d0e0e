//! Answers look-ups from a manifest and its shards.
//!
//! - [`Snapshot`] is an opened manifest.
//! - [`ShardIndexes`] is which shards a look-up needs.

mod layers;
mod payouts;
mod survey;

use super::SnapshotError;
use super::block;
use super::delta::Delta;
use super::hash::{CodeHash, Segment};
use super::key::{ContentId, HashKey};
use super::layout::{MANIFEST_MAGIC, PATTERN_SECTIONS, PatternSections, SEGMENTS_MAX, section};
use super::pattern::Automata;
use super::source::Shards;
use super::tables::{Tables, TablesWriter, first_not};
use crate::code::{CodeTerms, FoldedCode, TypedCode};
use crate::deal::Deal;
use crate::id::{DealId, PartnerId};
use crate::partner::{Partner, Standing};
use crate::program::Program;
use crate::time::{Schedule, UnixMillis};

/// An opened manifest, with the deltas that lie over it. Its shards stay where they are; a look-up
/// is given them.
///
/// Opening reads the section table and the few segments: the cost does not depend on how many codes
/// there are. That the bytes are those that the root names is the caller's check, by
/// [`ContentId::of`].
#[derive(Debug, Clone)]
pub struct Snapshot<B, L = Vec<Delta<B>>> {
    tables: Tables<B>,
    segments: Vec<Segment>,
    layers: L,
    key: HashKey,
}

/// A snapshot that nothing can lie over, such as a public bundle's.
pub type BareSnapshot<B> = Snapshot<B, [Delta<B>; 0]>;

/// The shards that a look-up reads, by index; at most one for each segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardIndexes {
    indexes: [usize; SEGMENTS_MAX],
    count: usize,
}

/// What a segment holds, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentSummary {
    /// Number of codes.
    pub code_count: u64,
    /// Bits of a fingerprint: a text that is no code passes for one with probability 2 to the
    /// minus this.
    pub fingerprint_bits: u32,
    /// Bits of a terms index; 0 when all codes share their terms.
    pub terms_bits: u32,
    /// Number of shards.
    pub shard_count: usize,
}

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "manifest" };

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// Opens a manifest in constant time.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the bytes are not a manifest of this version, or its tables reach
    /// past its end.
    pub fn open(manifest: B, key: HashKey) -> Result<Self, SnapshotError> {
        open(manifest, key, Vec::new())
    }
}

impl<B: AsRef<[u8]>> BareSnapshot<B> {
    /// Opens a manifest that has no deltas.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::open`].
    pub fn open_bare(manifest: B, key: HashKey) -> Result<Self, SnapshotError> {
        open(manifest, key, [])
    }
}

fn open<B: AsRef<[u8]>, L>(
    manifest: B,
    key: HashKey,
    layers: L,
) -> Result<Snapshot<B, L>, SnapshotError> {
    let tables = Tables::open(manifest, MANIFEST_MAGIC, "manifest")?;
    tables.check_key(&key)?;
    let segment_count = tables.count(section::SEGMENTS);
    if segment_count > SEGMENTS_MAX {
        return Err(CORRUPT);
    }
    let segment = |index| Segment::decode(tables.must_entry(section::SEGMENTS, index)?.rest());
    let segments = (0..segment_count).map(segment).collect::<Result<_, _>>()?;
    Ok(Snapshot { tables, segments, layers, key })
}

impl<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>> Snapshot<B, L> {
    /// The program whose snapshot it is, with its settings.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when the record contradicts itself.
    pub fn program(&self) -> Result<Program, SnapshotError> {
        self.tables.program()
    }

    /// Number of shards.
    #[must_use]
    pub fn shard_count(&self) -> usize {
        self.tables.count(section::SHARDS)
    }

    /// What a shard is named by.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there is no such shard.
    pub fn shard_id(&self, index: usize) -> Result<ContentId, SnapshotError> {
        let entry = self.tables.entry(section::SHARDS, index);
        entry.and_then(|mut fields| fields.array()).map(ContentId).ok_or(CORRUPT)
    }

    /// The shards that a look-up of this code reads. The same work for a code that exists and one
    /// that does not.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when the segments contradict themselves.
    pub fn shards_for(&self, code: &FoldedCode) -> Result<ShardIndexes, SnapshotError> {
        let hash = CodeHash::of(code, &self.key);
        let mut shards = ShardIndexes { indexes: [0; SEGMENTS_MAX], count: self.segments.len() };
        for (index, segment) in shards.indexes.iter_mut().zip(&self.segments) {
            *index = segment.place(hash)?.shard;
        }
        Ok(shards)
    }

    /// Calls `found` with the terms, by index, of every exact code with this folded text, whatever
    /// its schedule.
    ///
    /// Reads one block of about 0.3 KB from each segment's shard, also where a delta knows the text
    /// and the blocks no longer matter: every text costs the same. Allocates nothing.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::MissingShard`] when a shard that [`Snapshot::shards_for`] names is not
    /// given; [`SnapshotError::Corrupt`] when a shard contradicts itself.
    pub fn find_exact<S: Shards + ?Sized>(
        &self,
        code: &FoldedCode,
        shards: &S,
        mut found: impl FnMut(u32),
    ) -> Result<(), SnapshotError> {
        let hash = CodeHash::of(code, &self.key);
        let known = if self.deltas().is_empty() { None } else { self.known_text(hash)? };
        for segment in &self.segments {
            let place = segment.place(hash)?;
            let shard = shards
                .get(place.shard)
                .ok_or(SnapshotError::MissingShard { index: place.shard })?;
            block::read(shard, place.block, segment, |block| {
                block.find(place.bucket, hash, |terms| {
                    if known.is_none() {
                        found(terms);
                    }
                });
            })?;
        }
        known.map_or(Ok(()), |known| self.name_text(known, found))
    }

    /// The terms, by index, of every regex code that matches the whole text, in order of
    /// precedence.
    ///
    /// Linear in the text, whatever the patterns.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when an automaton contradicts itself.
    pub fn find_patterns(&self, code: &TypedCode) -> Result<Vec<u32>, SnapshotError> {
        let mut patterns = Vec::new();
        self.automata().find(code.as_str(), &mut |pattern| patterns.push(pattern))?;
        patterns.sort_unstable();
        let terms = patterns.into_iter().map(|pattern| self.pattern_terms(pattern));
        let terms = terms.collect::<Result<_, _>>()?;
        if self.deltas().is_empty() { Ok(terms) } else { self.layer_patterns(code, terms) }
    }

    /// The terms with this index, with the code's own schedule.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there are none, or they contradict themselves.
    pub fn terms(&self, index: u32) -> Result<CodeTerms, SnapshotError> {
        match layers::place(index) {
            (0, index) => self.tables.terms(usize::try_from(index).map_err(|_| CORRUPT)?),
            place => self.layer_terms(place),
        }
    }

    /// When a code with the terms of this index is active: its own schedule, narrowed by its deal
    /// where the two are synchronised. Cheaper than [`Snapshot::terms`].
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there are none.
    pub fn terms_schedule(&self, index: u32) -> Result<Schedule, SnapshotError> {
        match layers::place(index) {
            (0, index) => self.tables.terms_schedule(usize::try_from(index).map_err(|_| CORRUPT)?),
            place => self.layer_schedule(place),
        }
    }

    /// Number of distinct terms of the manifest.
    #[must_use]
    pub fn terms_count(&self) -> usize {
        self.tables.count(section::TERMS)
    }

    /// The deal with this id, by binary search.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there is none: terms name only deals that there are.
    pub fn deal(&self, id: &DealId) -> Result<Deal, SnapshotError> {
        self.deal_at(self.deal_index(id.as_str().as_bytes())?.ok_or(CORRUPT)?)
    }

    /// The deal with this index, in order of id.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there is none, or it contradicts itself.
    pub fn deal_at(&self, index: usize) -> Result<Deal, SnapshotError> {
        self.tables.deal(index)
    }

    /// Number of deals.
    #[must_use]
    pub fn deal_count(&self) -> usize {
        self.tables.count(section::DEALS)
    }

    /// The partner with this id, by binary search.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there is none: terms name only partners that there are.
    pub fn partner(&self, id: &PartnerId) -> Result<Partner, SnapshotError> {
        self.find_partner(id)?.ok_or(CORRUPT)
    }

    /// The partner with this id, if there is one, by binary search.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when the partners contradict themselves.
    pub fn find_partner(&self, id: &PartnerId) -> Result<Option<Partner>, SnapshotError> {
        self.partner_index(id)?.map(|index| self.partner_at(index)).transpose()
    }

    /// The partner with this index, in order of id.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there is none, or it contradicts itself.
    pub fn partner_at(&self, index: usize) -> Result<Partner, SnapshotError> {
        self.tables.partner(index)
    }

    /// Number of partners and media sources.
    #[must_use]
    pub fn partner_count(&self) -> usize {
        self.tables.count(section::PARTNERS)
    }

    /// Number of regex codes of the manifest.
    #[must_use]
    pub fn pattern_count(&self) -> usize {
        self.tables.count(section::PATTERNS)
    }

    /// Number of automata that the regex codes lie in, and their bytes.
    #[must_use]
    pub fn automata_size(&self) -> (usize, usize) {
        (self.tables.count(section::AUTOMATA), self.tables.count(section::TABLES))
    }

    /// What each segment holds.
    #[must_use]
    pub fn segments(&self) -> Vec<SegmentSummary> {
        let summary = |segment: &Segment| SegmentSummary {
            code_count: segment.code_count,
            fingerprint_bits: segment.fingerprint_bits,
            terms_bits: segment.terms_bits,
            shard_count: segment.shard_count,
        };
        self.segments.iter().map(summary).collect()
    }

    /// The codes that a shopper's browser may know, as a [`Bundle`](super::Bundle) of their own;
    /// empty when none are public.
    #[must_use]
    pub fn public_bundle(&self) -> &[u8] {
        self.tables.section_bytes(section::PUBLIC)
    }

    /// All bytes of the manifest.
    #[must_use]
    pub fn manifest(&self) -> &[u8] {
        self.tables.bytes()
    }

    /// What a partner's clicks count by at an instant, if there is such a partner. Reads a few
    /// dozen bytes of it and keeps none.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when the partners contradict themselves.
    pub fn find_standing(
        &self,
        id: &PartnerId,
        at: UnixMillis,
    ) -> Result<Option<Standing>, SnapshotError> {
        self.partner_index(id)?.map(|index| self.tables.standing(index, at)).transpose()
    }

    fn partner_index(&self, id: &PartnerId) -> Result<Option<usize>, SnapshotError> {
        let id_at = |index| self.tables.id_bytes(section::PARTNERS, index).ok_or(CORRUPT);
        search(self.partner_count(), id.as_str().as_bytes(), id_at)
    }

    fn deal_index(&self, id: &[u8]) -> Result<Option<usize>, SnapshotError> {
        let id_at = |index| self.tables.id_bytes(section::DEALS, index).ok_or(CORRUPT);
        search(self.deal_count(), id, id_at)
    }

    /// Whether codes are hashed under this key.
    pub(super) fn has_key(&self, key: &HashKey) -> bool {
        self.key == *key
    }

    /// Copies a section as it is.
    pub(super) fn copy_section(&self, kind: u16, into: &mut TablesWriter) {
        self.tables.copy_section(kind, into);
    }

    pub(super) fn hash_segments(&self) -> &[Segment] {
        &self.segments
    }

    pub(super) fn automata(&self) -> Automata<'_> {
        self.automata_in(&PATTERN_SECTIONS)
    }

    pub(super) fn pattern_terms(&self, pattern: u32) -> Result<u32, SnapshotError> {
        self.pattern_number(&PATTERN_SECTIONS, pattern)
    }

    fn automata_in(&self, sections: &PatternSections) -> Automata<'_> {
        Automata::of(&self.tables, sections)
    }

    /// What a pattern stands for.
    fn pattern_number(
        &self,
        sections: &PatternSections,
        pattern: u32,
    ) -> Result<u32, SnapshotError> {
        let index = usize::try_from(pattern).map_err(|_| CORRUPT)?;
        let entry = self.tables.entry(sections.numbers, index);
        entry.and_then(|mut fields| fields.u32()).ok_or(CORRUPT)
    }
}

impl ShardIndexes {
    /// The indexes, in the order of the segments.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.indexes.into_iter().take(self.count)
    }
}

/// The index of the entry with this id, by binary search over entries in the order of their ids.
fn search<'a>(
    count: usize,
    id: &[u8],
    id_at: impl Fn(usize) -> Result<&'a [u8], SnapshotError>,
) -> Result<Option<usize>, SnapshotError> {
    let index = first_not(count, |index| Ok(id_at(index)? < id))?;
    let is_there = index < count && id_at(index)? == id;
    Ok(is_there.then_some(index))
}
