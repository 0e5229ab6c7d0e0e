//! Compiles a catalogue into a snapshot: the same bytes for the same input in any order.
//!
//! - [`Builder`] takes a program's partners, deals and codes.
//! - [`Built`] is the manifest and the shards that it makes of them.
//! - [`Conflict`] is two codes that would answer to one text at one time.

mod delta;
mod payouts;
mod public;

use super::hash::CodeHash;
use super::key::{ContentId, HashKey};
use super::layout::{
    Bytes, CODES_MAX, MANIFEST_MAGIC, PATTERN_SECTIONS, PatternSections, TERMS_BITS_MAX, section,
};
use super::pattern::{CompiledPatterns, ENTRY_SIZE, PatternError};
use super::segment::{self, Campaign, Entry};
use super::tables::TablesWriter;
use super::universe::Universe;
use crate::code::{CodeTerms, FoldedCode, MatchType, derive_code_id};
use crate::deal::Deal;
use crate::id::{CodeId, DealId, PartnerId, ProgramId};
use crate::partner::Partner;
use crate::program::Program;
use crate::time::Schedule;
use payouts::Payouts;

pub use delta::DeltaBuilder;

use std::collections::HashMap;
use std::fmt;

/// Collects what a snapshot is made of. Holds 24 bytes for each exact code, and not its text.
#[derive(Debug)]
pub struct Builder {
    program: Program,
    key: HashKey,
    partners: Vec<Partner>,
    deals: Vec<Deal>,
    known_terms: HashMap<CodeTerms, TermsHandle>,
    groups: Vec<Group>,
    entries: Vec<Entry>,
    patterns: Vec<(String, TermsHandle)>,
    public_codes: Vec<(FoldedCode, TermsHandle)>,
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

/// Two codes of one folded text whose schedules overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The keyed hash of their text. The builder does not keep texts; whoever has them finds it by
    /// this.
    pub hash: CodeHash,
    /// The terms of the two.
    pub terms: [CodeTerms; 2],
}

/// Why a snapshot cannot be built.
#[derive(Debug)]
pub enum BuildError {
    /// Codes that would answer to one text at one time; all of them.
    Conflicts(Vec<Conflict>),
    /// A pattern that the automata cannot hold.
    Pattern(PatternError),
    /// Terms that name an owner the builder was not given.
    UnknownOwner(PartnerId),
    /// Terms that name a deal the builder was not given.
    UnknownDeal(DealId),
    /// One text stands for hundreds of codes with disjoint schedules.
    TextTooOften,
    /// More codes or terms, or a larger manifest or delta, than the format can hold.
    TooLarge,
}

#[derive(Debug)]
struct Group {
    terms: CodeTerms,
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
        let handle = *self.known_terms.entry(terms.clone()).or_insert(next);
        if handle == next {
            self.groups.push(Group { terms, code_count: 0, universe: Universe::default() });
        }
        handle
    }

    /// Takes in an exact code.
    pub fn exact(&mut self, code: &FoldedCode, terms: TermsHandle) {
        let hash = CodeHash::of(code, &self.key);
        self.entries.push(Entry { hash, terms: terms.0 });
        if let Some(group) = self.groups.get_mut(terms.index()) {
            group.code_count = group.code_count.saturating_add(1);
            group.universe.add(code);
            if group.terms.public {
                self.public_codes.push((code.clone(), terms));
            }
        }
    }

    /// Takes in a regex code. Its id is always kept: the pattern that it would be derived from is
    /// not.
    pub fn pattern(&mut self, pattern: &str, mut terms: CodeTerms) {
        give_pattern_id(&self.program.id, pattern, &mut terms);
        let terms = self.terms(terms);
        self.patterns.push((pattern.to_owned(), terms));
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
        self.program.event_types.sort_by(|a, b| a.id.cmp(&b.id));
        self.partners.sort_by(|a, b| a.id.cmp(&b.id));
        for contract in self.partners.iter_mut().flat_map(|partner| &mut partner.contracts) {
            contract.event_types.sort_unstable();
            contract.event_types.dedup();
        }
        self.deals.sort_by(|a, b| a.id.cmp(&b.id));
        self.sort_terms()?;
        self.sort_patterns();
        if self.entries.len() > usize::try_from(CODES_MAX).unwrap_or(usize::MAX) {
            return Err(BuildError::TooLarge);
        }
        self.entries.sort_unstable();
        self.check_conflicts()?;

        let mut tables = TablesWriter::default();
        tables.key_check(&self.key);
        tables.program(&self.program);
        self.partners.iter().for_each(|partner| tables.partner(partner));
        self.deals.iter().for_each(|deal| tables.deal(deal));
        self.write_terms(&mut tables)?;
        self.write_patterns(&mut tables, compile)?;
        self.write_payouts(&mut tables, compile)?;
        self.write_public(&mut tables, compile)?;
        let shards = self.write_segments(&mut tables)?;
        let manifest = tables.finish(MANIFEST_MAGIC).ok_or(BuildError::TooLarge)?;
        Ok(Built { manifest, shards })
    }

    /// Puts the terms in their order and gives every code the new index of its terms.
    fn sort_terms(&mut self) -> Result<(), BuildError> {
        if self.groups.len() > 1 << TERMS_BITS_MAX {
            return Err(BuildError::TooLarge);
        }
        let mut numbered: Vec<(u32, Group)> = (0..).zip(std::mem::take(&mut self.groups)).collect();
        numbered.sort_by(|(_, a), (_, b)| a.terms.cmp(&b.terms));
        let new_handles: HashMap<u32, u32> =
            numbered.iter().map(|&(old, _)| old).zip(0..).collect();
        self.groups = numbered.into_iter().map(|(_, group)| group).collect();
        let renumber = |terms: &mut u32| {
            *terms = new_handles.get(terms).copied().unwrap_or(*terms);
        };
        self.entries.iter_mut().for_each(|entry| renumber(&mut entry.terms));
        self.public_codes.iter_mut().for_each(|(_, terms)| renumber(&mut terms.0));
        self.patterns.iter_mut().for_each(|(_, terms)| renumber(&mut terms.0));
        Ok(())
    }

    /// Puts the patterns in their precedence: the earliest first, then by id as bytes.
    fn sort_patterns(&mut self) {
        let groups = &self.groups;
        let key = |(pattern, handle): &(String, TermsHandle)| {
            let terms = groups.get(handle.index()).map(|group| &group.terms);
            let precedence = terms.map(|terms| (terms.created_at, terms.id.clone()));
            (precedence, pattern.clone())
        };
        self.patterns.sort_by_cached_key(key);
    }

    /// Finds codes of equal text whose schedules overlap: neighbours among the sorted entries.
    fn check_conflicts<'a>(&'a self) -> Result<(), BuildError> {
        let mut conflicts = Vec::new();
        for same_text in self.entries.chunk_by(|a, b| a.hash == b.hash) {
            let terms = same_text.iter().filter_map(|entry| self.group(entry.terms));
            let with_schedule = |group: &'a Group| (self.active(&group.terms), &group.terms);
            let mut by_start: Vec<(Schedule, &CodeTerms)> = terms.map(with_schedule).collect();
            by_start.retain(|(schedule, _)| !schedule.is_empty());
            by_start.sort_by_key(|(schedule, _)| schedule.start_at);
            for pair in by_start.windows(2) {
                let [(before, a), (after, b)] = pair else { continue };
                if before.overlaps(after) {
                    let hash = same_text.first().map(|entry| entry.hash);
                    let terms = [(*a).clone(), (*b).clone()];
                    conflicts.extend(hash.map(|hash| Conflict { hash, terms }));
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

    fn write_terms(&self, tables: &mut TablesWriter) -> Result<(), BuildError> {
        for Group { terms, .. } in &self.groups {
            let owner = terms.owner().map(|owner| self.partner_index(owner)).transpose()?;
            let deal = terms.deal.as_ref().map(|deal| self.deal_index(deal)).transpose()?;
            tables.terms(terms, owner, deal);
        }
        Ok(())
    }

    fn write_patterns(
        &self,
        tables: &mut TablesWriter,
        compile: CompilePatterns,
    ) -> Result<(), BuildError> {
        let patterns = self.patterns.iter().map(|(pattern, terms)| (pattern.as_str(), terms.0));
        write_compiled(tables, &PATTERN_SECTIONS, patterns.collect(), compile)
    }

    fn write_segments(&self, tables: &mut TablesWriter) -> Result<Vec<Vec<u8>>, BuildError> {
        let campaign = |group: &Group| Campaign {
            code_count: group.code_count,
            universe: group.universe.size(),
        };
        let campaigns: Vec<Campaign> = self.groups.iter().map(campaign).collect();
        let written = segment::write_all(&self.entries, &campaigns);
        let mut shards = Vec::new();
        for mut written in written.map_err(|segment::BlockFull| BuildError::TextTooOften)? {
            written.segment.first_shard = shards.len();
            tables.push(section::SEGMENTS, &written.segment.encode());
            shards.append(&mut written.shards);
        }
        for shard in &shards {
            let mut entry = Bytes::default();
            entry.raw(&ContentId::of(shard).0);
            tables.push(section::SHARDS, &entry);
        }
        Ok(shards)
    }

    fn group(&self, terms: u32) -> Option<&Group> {
        self.groups.get(TermsHandle(terms).index())
    }

    fn partner_index(&self, id: &PartnerId) -> Result<u32, BuildError> {
        let index = self.partners.binary_search_by(|partner| partner.id.cmp(id));
        let index = index.map_err(|_| BuildError::UnknownOwner(id.clone()))?;
        u32::try_from(index).map_err(|_| BuildError::TooLarge)
    }

    fn deal_index(&self, id: &DealId) -> Result<u32, BuildError> {
        let index = self.find_deal(id).ok_or_else(|| BuildError::UnknownDeal(id.clone()))?;
        u32::try_from(index).map_err(|_| BuildError::TooLarge)
    }
}

/// Gives the terms of a regex code the derived id, unless they have one: the pattern that it would
/// be derived from is not in the snapshot.
fn give_pattern_id(program: &ProgramId, pattern: &str, terms: &mut CodeTerms) {
    let derived = || {
        let id = derive_code_id(program, MatchType::Regex, pattern, terms.schedule.start_at);
        CodeId::parse(&id).ok()
    };
    terms.id = terms.id.take().or_else(derived);
}

/// Writes patterns, in order of precedence, with the number that each stands for.
fn write_compiled(
    tables: &mut TablesWriter,
    sections: &PatternSections,
    patterns: Vec<(&str, u32)>,
    compile: CompilePatterns,
) -> Result<(), BuildError> {
    let texts: Vec<&str> = patterns.iter().map(|(text, _)| *text).collect();
    let compiled = compile(&texts).map_err(BuildError::Pattern)?;
    for (_, number) in patterns {
        let mut entry = Bytes::default();
        entry.u32(number);
        tables.push(sections.numbers, &entry);
    }
    tables.set(sections.automata, ENTRY_SIZE, compiled.index);
    tables.set(sections.tables, 1, compiled.tables);
    tables.set(sections.accepts, 4, compiled.accepts);
    Ok(())
}

impl TermsHandle {
    fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Conflicts(conflicts) => {
                write!(f, "{} pairs of codes answer to one text at one time", conflicts.len())
            }
            BuildError::Pattern(error) => error.fmt(f),
            BuildError::UnknownOwner(id) => write!(f, "a code's owner {id} is not a partner"),
            BuildError::UnknownDeal(id) => write!(f, "a code's deal {id} is not a deal"),
            BuildError::TextTooOften => f.write_str(
                "one text stands for more codes than a block holds: remove codes that expired",
            ),
            BuildError::TooLarge => f.write_str(
                "more codes, distinct terms or bytes than a snapshot or a delta can hold: give codes \
                 of one campaign the same settings, or split the programme",
            ),
        }
    }
}

impl std::error::Error for BuildError {}
