//! Compiles a catalogue into a snapshot: the same bytes for the same input in any order.
//!
//! - [`Builder`] takes a program's partners, deals and codes.
//! - [`Built`] is the manifest and the shards that it makes of them.
//! - [`Conflict`] is two codes that would answer to one text at one time.
//! - [`DeltaBuilder`] compiles what has changed since.

mod delta;
mod error;
mod manifest;
mod payouts;
mod public;

use super::fold::{Campaign, Layout};
use super::hash::CodeHash;
use super::key::{ContentId, HashKey};
use super::pattern::{CompiledPatterns, PatternError};
use super::universe::Universe;
use crate::code::{CodeTerms, FoldedCode, MatchType, derive_code_id};
use crate::deal::Deal;
use crate::id::{CodeId, DealId, ProgramId};
use crate::partner::Partner;
use crate::program::Program;
use crate::time::Schedule;
use payouts::Payouts;

pub use delta::DeltaBuilder;
pub use error::{BuildError, Conflict};

use std::collections::HashMap;
use std::rc::Rc;

/// Collects what a snapshot is made of. Holds 24 bytes for each exact code, and not its text.
#[derive(Debug)]
pub struct Builder {
    program: Program,
    key: HashKey,
    partners: Vec<Partner>,
    deals: Vec<Deal>,
    known_terms: HashMap<Rc<CodeTerms>, TermsHandle>,
    groups: Vec<Group>,
    entries: Vec<(CodeHash, u32)>,
    patterns: Vec<(String, Rc<CodeTerms>)>,
    public_codes: Vec<(FoldedCode, Rc<CodeTerms>)>,
    payouts: Payouts,
}

/// Compiles patterns, each with its position as its index: what a regex library does, which is why
/// the builder is given it.
pub type CompilePatterns = fn(&[&str]) -> Result<CompiledPatterns, PatternError>;

/// Terms that a [`Builder`] has been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TermsHandle(u32);

/// A snapshot's immutable objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The manifest.
    pub manifest: Vec<u8>,
    /// The shards, in the order of the manifest's table.
    pub shards: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct Group {
    terms: Rc<CodeTerms>,
    code_count: u64,
    universe: Universe,
}

impl Builder {
    /// A builder for a program whose codes are hashed under this key.
    #[must_use]
    pub fn new(program: Program, key: HashKey) -> Self {
        Builder {
            program,
            key,
            partners: Vec::new(),
            deals: Vec::new(),
            known_terms: HashMap::new(),
            groups: Vec::new(),
            entries: Vec::new(),
            patterns: Vec::new(),
            public_codes: Vec::new(),
            payouts: Payouts::default(),
        }
    }

    /// Takes in a partner; its id must be new.
    pub fn partner(&mut self, partner: Partner) {
        self.partners.push(partner);
    }

    /// Takes in a deal; its id must be new.
    pub fn deal(&mut self, deal: Deal) {
        self.deals.push(deal);
    }

    /// Takes in terms. Equal terms are kept once and have one handle.
    pub fn terms(&mut self, terms: CodeTerms) -> TermsHandle {
        let next = TermsHandle(u32::try_from(self.groups.len()).unwrap_or(u32::MAX));
        let terms = Rc::new(terms);
        let handle = *self.known_terms.entry(Rc::clone(&terms)).or_insert(next);
        if handle == next {
            self.groups.push(Group { terms, code_count: 0, universe: Universe::default() });
        }
        handle
    }

    /// Takes in an exact code.
    pub fn exact(&mut self, code: &FoldedCode, terms: TermsHandle) {
        self.entries.push((CodeHash::of(code, &self.key), terms.0));
        if let Some(group) = self.groups.get_mut(terms.index()) {
            group.code_count = group.code_count.saturating_add(1);
            group.universe.add(code);
            if group.terms.public {
                self.public_codes.push((code.clone(), Rc::clone(&group.terms)));
            }
        }
    }

    /// Takes in a regex code. Its id is always kept: the pattern that it would be derived from is
    /// not.
    pub fn pattern(&mut self, pattern: &str, mut terms: CodeTerms) {
        give_pattern_id(&self.program.id, pattern, &mut terms);
        let handle = self.terms(terms);
        let group = self.groups.get(handle.index());
        self.patterns.extend(group.map(|group| (pattern.to_owned(), Rc::clone(&group.terms))));
    }

    /// The hash of a code, as a [`Conflict`] names it.
    #[must_use]
    pub fn hash(&self, code: &FoldedCode) -> CodeHash {
        CodeHash::of(code, &self.key)
    }

    /// Number of exact codes so far.
    #[must_use]
    pub fn code_count(&self) -> usize {
        self.entries.len()
    }

    /// Writes the manifest and the shards. `compile` turns the patterns, in order of precedence,
    /// into automata.
    ///
    /// # Errors
    ///
    /// [`BuildError`]; codes in conflict are all named.
    pub fn finish(mut self, compile: CompilePatterns) -> Result<Built, BuildError> {
        self.sort();
        let campaign = |Group { terms, code_count, universe }: Group| Campaign {
            terms: CodeTerms::clone(&terms),
            code_count,
            universe,
        };
        let layout = Layout::new(std::mem::take(&mut self.groups).into_iter().map(campaign))?;
        self.number_terms(&layout)?;
        self.entries.sort_unstable();
        self.check_conflicts(&layout)?;
        let mut shards = Vec::with_capacity(layout.shard_count());
        let mut ids = Vec::with_capacity(layout.shard_count());
        for index in 0..layout.shard_count() {
            let plan = layout.shard(index).ok_or(BuildError::OtherLayout)?;
            let start = self.entries.partition_point(|(hash, _)| *hash < plan.first);
            let end = self.entries.partition_point(|(hash, _)| *hash <= plan.last);
            let codes = self.entries.get(start..end).unwrap_or_default();
            let shard = layout.encode_shard(index, codes.iter().copied())?;
            ids.push(ContentId::of(&shard));
            shards.push(shard);
        }
        let manifest = self.manifest(&layout, &ids, compile)?;
        Ok(Built { manifest, shards })
    }

    /// Gives every code the number that its terms have in the layout.
    fn number_terms(&mut self, layout: &Layout) -> Result<(), BuildError> {
        let mut numbers = vec![0; self.known_terms.len()];
        for (terms, handle) in self.known_terms.drain() {
            if let Some(number) = numbers.get_mut(handle.index()) {
                *number = layout.find_terms(&terms).ok_or(BuildError::OtherLayout)?;
            }
        }
        for (_, terms) in &mut self.entries {
            let number = numbers.get(TermsHandle(*terms).index());
            *terms = *number.ok_or(BuildError::OtherLayout)?;
        }
        Ok(())
    }

    /// Finds codes of equal text that are active at one time: neighbours among the sorted entries.
    fn check_conflicts(&self, layout: &Layout) -> Result<(), BuildError> {
        let mut conflicts = Vec::new();
        for same_text in self.entries.chunk_by(|(a, _), (b, _)| a == b) {
            let [(hash, _), _, ..] = *same_text else { continue };
            let terms = same_text.iter().filter_map(|(_, terms)| layout.terms(*terms));
            let mut by_start: Vec<(Schedule, &CodeTerms)> =
                terms.map(|terms| (self.active(terms), terms)).collect();
            by_start.retain(|(schedule, _)| !schedule.is_empty());
            by_start.sort_by_key(|(schedule, _)| schedule.start_at);
            for pair in by_start.windows(2) {
                let [(before, a), (after, b)] = pair else { continue };
                if before.overlaps(after) {
                    let terms = [(*a).clone(), (*b).clone()];
                    conflicts.push(Conflict { hash, terms });
                }
            }
        }
        if conflicts.is_empty() { Ok(()) } else { Err(BuildError::Conflicts(conflicts)) }
    }

    /// When a code with these terms is active.
    fn active(&self, terms: &CodeTerms) -> Schedule {
        let deal = terms.deal.as_ref().and_then(|id| self.deals.get(self.find_deal(id)?));
        deal.map_or(terms.schedule, |deal| deal.narrow(terms.schedule))
    }

    fn find_deal(&self, id: &DealId) -> Option<usize> {
        self.deals.binary_search_by(|deal| deal.id.cmp(id)).ok()
    }
}

/// Gives the terms of a regex code the derived id, unless they have one: the pattern that it would
/// be derived from is not in the snapshot.
fn give_pattern_id(program: &ProgramId, pattern: &str, terms: &mut CodeTerms) {
    let start = terms.schedule.start_at;
    let derived = || CodeId::parse(&derive_code_id(program, MatchType::Regex, pattern, start)).ok();
    terms.id = terms.id.take().or_else(derived);
}

impl TermsHandle {
    fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}
