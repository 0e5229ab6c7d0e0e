//! A delta: what has changed since a manifest was built.
//!
//! A look-up asks the deltas before the manifest's shards: the newest that knows a text, or a regex
//! code by its id, says everything of it. Owners and deals are named by id, so that a delta fits
//! whichever manifest of the program it is laid over.

use super::SnapshotError;
use super::hash::CodeHash;
use super::key::HashKey;
use super::layout::{DELTA_MAGIC, DELTA_SIZE_MAX, NONE, PATTERN_SECTIONS, section};
use super::pattern::Automata;
use super::tables::{Tables, first_not};
use crate::code::{CodeTerms, TypedCode};
use crate::time::Schedule;

use std::collections::BTreeMap;
use std::ops::Range;

/// An opened delta. It answers as a layer of a [`Snapshot`](super::Snapshot).
#[derive(Debug, Clone)]
pub struct Delta<B> {
    tables: Tables<B>,
}

/// What a delta says, for people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The codes of each changed text; none: there is no such code any more.
    pub texts: BTreeMap<CodeHash, Vec<CodeTerms>>,
    /// The terms of each changed or added regex code, by its id; `None`: there is none any more.
    pub patterns: BTreeMap<String, Option<CodeTerms>>,
    /// How many of the regex codes are new.
    pub added_pattern_count: usize,
}

/// A text, and the index of one of its codes' terms; none where it has no codes any more.
type SaidOfText = (CodeHash, Option<u32>);

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "delta" };

impl<B: AsRef<[u8]>> Delta<B> {
    /// Opens a delta in constant time. That the bytes are those that a root names is the caller's
    /// check.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the bytes are not a delta of this version, its tables reach past its
    /// end, or its codes are hashed under another key.
    pub fn open(bytes: B, key: &HashKey) -> Result<Self, SnapshotError> {
        if bytes.as_ref().len() > DELTA_SIZE_MAX {
            return Err(CORRUPT);
        }
        let tables = Tables::open(bytes, DELTA_MAGIC, "delta")?;
        tables.check_key(key)?;
        Ok(Delta { tables })
    }

    /// All its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.tables.bytes()
    }

    /// Everything it says.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when it contradicts itself.
    pub fn changes(&self) -> Result<Changes, SnapshotError> {
        let mut changes =
            Changes { added_pattern_count: self.pattern_count(), ..Changes::default() };
        for index in 0..self.tables.count(section::CHANGED_TEXTS) {
            let (hash, terms) = self.text_at(index)?;
            let codes = changes.texts.entry(hash).or_default();
            codes.extend(terms.map(|terms| self.terms(terms)).transpose()?);
        }
        for index in 0..self.tables.count(section::CHANGED_PATTERNS) {
            let (id, terms) = self.changed_pattern_at(index)?;
            let id = std::str::from_utf8(id).map_err(|_| CORRUPT)?.to_owned();
            let terms = terms.map(|terms| self.terms(terms)).transpose()?;
            changes.patterns.insert(id, terms);
        }
        Ok(changes)
    }

    /// Where a text is spoken of, if it is.
    pub(super) fn find_text(&self, hash: CodeHash) -> Result<Option<Range<usize>>, SnapshotError> {
        let count = self.tables.count(section::CHANGED_TEXTS);
        let first = first_not(count, |index| Ok(self.text_at(index)?.0 < hash))?;
        let mut end = first;
        while end < count && self.text_at(end)?.0 == hash {
            end = end.saturating_add(1);
        }
        Ok(Some(first..end).filter(|range| !range.is_empty()))
    }

    /// An entry of the changed texts.
    pub(super) fn text_at(&self, index: usize) -> Result<SaidOfText, SnapshotError> {
        let mut fields = self.tables.entry(section::CHANGED_TEXTS, index).ok_or(CORRUPT)?;
        let hash = fields.hash().ok_or(CORRUPT)?;
        Ok((hash, self.known_terms(fields.u32())?))
    }

    /// What is said of the regex code with this id, if anything is: its terms, by index, or that it
    /// is gone.
    pub(super) fn find_changed_pattern(
        &self,
        id: &[u8],
    ) -> Result<Option<Option<u32>>, SnapshotError> {
        let count = self.tables.count(section::CHANGED_PATTERNS);
        let index = first_not(count, |index| Ok(self.changed_pattern_at(index)?.0 < id))?;
        if index == count {
            return Ok(None);
        }
        let (other, terms) = self.changed_pattern_at(index)?;
        Ok((other == id).then_some(terms))
    }

    /// Calls `found` with the terms, by index, of every added regex code that matches.
    pub(super) fn find_patterns(
        &self,
        code: &TypedCode,
        mut found: impl FnMut(u32),
    ) -> Result<(), SnapshotError> {
        let mut patterns = Vec::new();
        self.automata().find(code.as_str(), &mut |pattern| patterns.push(pattern))?;
        for pattern in patterns {
            found(self.pattern_terms(pattern)?);
        }
        Ok(())
    }

    /// Terms, with the owner and the deal that they name.
    pub(super) fn terms(&self, index: u32) -> Result<CodeTerms, SnapshotError> {
        let index = usize::try_from(index).map_err(|_| CORRUPT)?;
        self.tables.named_terms(index).ok_or(CORRUPT)
    }

    /// The own schedule of terms, and the id of their deal as bytes, if they have one.
    pub(super) fn schedule(&self, index: u32) -> Result<(Schedule, Option<&[u8]>), SnapshotError> {
        let index = usize::try_from(index).map_err(|_| CORRUPT)?;
        self.tables.named_schedule(index).ok_or(CORRUPT)
    }

    pub(super) fn terms_count(&self) -> usize {
        self.tables.count(section::NAMED_TERMS)
    }

    /// Checks all that a builder makes true: what is searched by halves ascends, every reference is
    /// to something, every regex code that is added is also named by its id.
    pub(super) fn verify(&self) -> Result<(), SnapshotError> {
        let terms_count = u32::try_from(self.terms_count()).map_err(|_| CORRUPT)?;
        (0..terms_count).try_for_each(|index| self.terms(index).map(drop))?;
        let texts = 0..self.tables.count(section::CHANGED_TEXTS);
        let texts: Vec<_> = texts.map(|index| self.text_at(index)).collect::<Result<_, _>>()?;
        let follows = |(below, above): (&SaidOfText, &SaidOfText)| {
            below < above && (below.0 < above.0 || below.1.is_some())
        };
        let ids = 0..self.tables.count(section::CHANGED_PATTERNS);
        let ids = ids.map(|index| Ok(self.changed_pattern_at(index)?.0));
        let ids: Vec<&[u8]> = ids.collect::<Result<_, SnapshotError>>()?;
        let ascend = texts.iter().zip(texts.iter().skip(1)).all(follows)
            && ids.is_sorted_by(|below, above| below < above);
        let pattern_count = u32::try_from(self.pattern_count()).map_err(|_| CORRUPT)?;
        for pattern in 0..pattern_count {
            let terms = self.pattern_terms(pattern)?;
            let id = self.terms(terms)?.id.ok_or(CORRUPT)?;
            if self.find_changed_pattern(id.as_str().as_bytes())? != Some(Some(terms)) {
                return Err(CORRUPT);
            }
        }
        self.automata().verify(pattern_count).map_err(|_| CORRUPT)?;
        if ascend { Ok(()) } else { Err(CORRUPT) }
    }

    fn changed_pattern_at(&self, index: usize) -> Result<(&[u8], Option<u32>), SnapshotError> {
        let id = self.tables.id_bytes(section::CHANGED_PATTERNS, index).ok_or(CORRUPT)?;
        let mut fields = self.tables.entry(section::CHANGED_PATTERNS, index).ok_or(CORRUPT)?;
        fields.pair().ok_or(CORRUPT)?;
        Ok((id, self.known_terms(fields.u32())?))
    }

    fn pattern_count(&self) -> usize {
        self.tables.count(section::PATTERNS)
    }

    fn pattern_terms(&self, pattern: u32) -> Result<u32, SnapshotError> {
        let index = usize::try_from(pattern).map_err(|_| CORRUPT)?;
        let mut fields = self.tables.entry(section::PATTERNS, index).ok_or(CORRUPT)?;
        self.known_terms(fields.u32())?.ok_or(CORRUPT)
    }

    /// The index of terms that there are, or none.
    fn known_terms(&self, index: Option<u32>) -> Result<Option<u32>, SnapshotError> {
        let index = index.ok_or(CORRUPT)?;
        let is_known = usize::try_from(index).is_ok_and(|index| index < self.terms_count());
        match index {
            NONE => Ok(None),
            index if is_known => Ok(Some(index)),
            _ => Err(CORRUPT),
        }
    }

    fn automata(&self) -> Automata<'_> {
        Automata::of(&self.tables, &PATTERN_SECTIONS)
    }
}
