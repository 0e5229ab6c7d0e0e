//! Writes deltas: the same bytes for the same changes in any order.

use super::manifest::write_compiled;
use super::{BuildError, CompilePatterns, give_pattern_id};
use crate::code::CodeTerms;
use crate::id::{CodeId, ProgramId};
use crate::snapshot::hash::CodeHash;
use crate::snapshot::key::HashKey;
use crate::snapshot::layout::{
    Bytes, DELTA_MAGIC, DELTA_SIZE_MAX, NONE, PATTERN_SECTIONS, section,
};
use crate::snapshot::tables::TablesWriter;

use std::collections::{BTreeMap, BTreeSet};

/// Collects what has changed since a manifest, or since the deltas over it.
///
/// Neither owners nor deals are checked here: the manifest that a delta comes to lie over must have
/// those that it names, and a look-up refuses terms that name others.
#[derive(Debug)]
pub struct DeltaBuilder {
    program: ProgramId,
    key: HashKey,
    texts: BTreeMap<CodeHash, BTreeSet<CodeTerms>>,
    changed_patterns: BTreeMap<CodeId, Option<CodeTerms>>,
    added_patterns: BTreeMap<CodeId, String>,
}

impl DeltaBuilder {
    /// A builder for changes of a program whose codes are hashed under this key.
    #[must_use]
    pub fn new(program: ProgramId, key: HashKey) -> Self {
        DeltaBuilder {
            program,
            key,
            texts: BTreeMap::new(),
            changed_patterns: BTreeMap::new(),
            added_patterns: BTreeMap::new(),
        }
    }

    /// Says everything of a text: the terms of all exact codes that it stands for from now on,
    /// changed or not. None: there is no such code any more.
    pub fn text(&mut self, hash: CodeHash, codes: impl IntoIterator<Item = CodeTerms>) {
        self.texts.insert(hash, codes.into_iter().collect());
    }

    /// Takes in a regex code that the manifest does not have. One that another delta has may come
    /// again.
    pub fn add_pattern(&mut self, pattern: &str, terms: CodeTerms) {
        if let Some(id) = self.say(pattern, terms) {
            self.added_patterns.insert(id, pattern.to_owned());
        }
    }

    /// Gives a regex code that the manifest or another delta has other terms. It is known by its
    /// id, which is the one that its pattern and its start give where the terms have none.
    pub fn change_pattern(&mut self, pattern: &str, terms: CodeTerms) {
        self.say(pattern, terms);
    }

    /// Takes a regex code away.
    pub fn remove_pattern(&mut self, id: CodeId) {
        self.added_patterns.remove(&id);
        self.changed_patterns.insert(id, None);
    }

    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.changed_patterns.is_empty()
    }

    /// Writes the delta. `compile` turns the added patterns into automata.
    ///
    /// # Errors
    ///
    /// [`BuildError::Pattern`], and [`BuildError::TooLarge`] above the
    /// [`DELTA_SIZE_MAX`](crate::snapshot::DELTA_SIZE_MAX) bytes that a delta may have.
    pub fn finish(self, compile: CompilePatterns) -> Result<Vec<u8>, BuildError> {
        let of_texts = self.texts.values().flatten();
        let of_patterns = self.changed_patterns.values().flatten();
        let terms: BTreeSet<&CodeTerms> = of_texts.chain(of_patterns).collect();
        let numbers: BTreeMap<&CodeTerms, u32> = terms.into_iter().zip(0..).collect();
        let number = |terms: &CodeTerms| numbers.get(terms).copied().unwrap_or(NONE);

        let mut tables = TablesWriter::default();
        tables.key_check(&self.key);
        numbers.keys().for_each(|terms| tables.named_terms(terms));
        for (hash, codes) in &self.texts {
            let nothing = codes.is_empty().then_some(NONE);
            for terms in codes.iter().map(number).chain(nothing) {
                let mut entry = Bytes::default();
                entry.hash(*hash).u32(terms);
                tables.push(section::CHANGED_TEXTS, &entry);
            }
        }
        for (id, terms) in &self.changed_patterns {
            let mut entry = Bytes::default();
            tables.text(&mut entry, id.as_str());
            entry.u32(terms.as_ref().map_or(NONE, number));
            tables.push(section::CHANGED_PATTERNS, &entry);
        }
        let added = self.added_patterns.iter().map(|(id, pattern)| {
            let terms = self.changed_patterns.get(id).and_then(Option::as_ref);
            (pattern.as_str(), terms.map_or(NONE, number))
        });
        let mut added: Vec<(&str, u32)> = added.collect();
        added.sort_by_key(|(_, terms)| *terms);
        if !added.is_empty() {
            write_compiled(&mut tables, &PATTERN_SECTIONS, added, compile)?;
        }
        let bytes = tables.finish(DELTA_MAGIC).ok_or(BuildError::TooLarge)?;
        if bytes.len() <= DELTA_SIZE_MAX { Ok(bytes) } else { Err(BuildError::TooLarge) }
    }

    /// Says the terms of a regex code, and hands over its id.
    fn say(&mut self, pattern: &str, mut terms: CodeTerms) -> Option<CodeId> {
        give_pattern_id(&self.program, pattern, &mut terms);
        let id = terms.id.clone()?;
        self.changed_patterns.insert(id.clone(), Some(terms));
        Some(id)
    }
}
