//! Writes manifests: of a layout whose shards are written elsewhere, or over the codes of another
//! manifest.

use super::{BuildError, Builder, CompilePatterns};
use crate::code::CodeTerms;
use crate::id::{DealId, PartnerId};
use crate::snapshot::Snapshot;
use crate::snapshot::fold::Layout;
use crate::snapshot::key::ContentId;
use crate::snapshot::layout::{Bytes, MANIFEST_MAGIC, PATTERN_SECTIONS, PatternSections, section};
use crate::snapshot::pattern::ENTRY_SIZE;
use crate::snapshot::tables::TablesWriter;

/// Sections that hold codes, and not what they refer to: what a refreshed manifest copies.
const CODE_SECTIONS: [u16; 6] = [
    section::SEGMENTS,
    section::SHARDS,
    section::PATTERNS,
    section::AUTOMATA,
    section::TABLES,
    section::ACCEPTS,
];

impl Builder {
    /// Writes the manifest of shards that [`Layout::encode_shard`] made, by their ids. The builder
    /// is given all but the exact codes that are not public; their terms are the layout's.
    ///
    /// # Errors
    ///
    /// [`BuildError`]. Conflicts are not looked for: the codes are not here.
    pub fn manifest(
        mut self,
        layout: &Layout,
        shards: &[ContentId],
        compile: CompilePatterns,
    ) -> Result<Vec<u8>, BuildError> {
        if shards.len() != layout.shard_count() {
            return Err(BuildError::OtherLayout);
        }
        let mut tables = self.begin();
        layout.all_terms().iter().try_for_each(|terms| self.write_terms(&mut tables, terms))?;
        let mut patterns = Vec::with_capacity(self.patterns.len());
        for (pattern, terms) in &self.patterns {
            patterns
                .push((pattern.as_str(), layout.find_terms(terms).ok_or(BuildError::OtherLayout)?));
        }
        write_compiled(&mut tables, &PATTERN_SECTIONS, patterns, compile)?;
        layout.segments().for_each(|segment| tables.push(section::SEGMENTS, &segment.encode()));
        for ContentId(id) in shards {
            let mut entry = Bytes::default();
            entry.raw(id);
            tables.push(section::SHARDS, &entry);
        }
        self.end(tables, compile)
    }

    /// Writes a manifest with the codes of another, after a change of anything else: program, event
    /// types, partners, contracts, deals, lists. The builder is given all of that and the public
    /// codes, which have a copy of their own in a manifest. Reads the manifest's terms once; its
    /// shards stay as they are.
    ///
    /// The bytes are those of the whole catalogue built again, with these codes. Conflicts are not
    /// looked for: the codes are not here.
    ///
    /// # Errors
    ///
    /// [`BuildError::UnknownOwner`] and [`BuildError::UnknownDeal`] when one that a code names is
    /// gone; [`BuildError::OtherCodes`] when the codes would have to be hashed again.
    pub fn refresh<B: AsRef<[u8]>>(
        mut self,
        base: &Snapshot<B>,
        compile: CompilePatterns,
    ) -> Result<Vec<u8>, BuildError> {
        let before = base.program()?;
        let same_texts = before.id == self.program.id && before.folding == self.program.folding;
        if !same_texts || !base.has_key(&self.key) {
            return Err(BuildError::OtherCodes);
        }
        let mut tables = self.begin();
        let terms_count = u32::try_from(base.terms_count()).map_err(|_| BuildError::TooLarge)?;
        for index in 0..terms_count {
            self.write_terms(&mut tables, &base.terms(index)?)?;
        }
        CODE_SECTIONS.into_iter().for_each(|kind| base.copy_section(kind, &mut tables));
        self.end(tables, compile)
    }

    /// Puts everything but the codes in its order.
    pub(super) fn sort(&mut self) {
        self.program.event_types.sort_by(|a, b| a.id.cmp(&b.id));
        self.partners.sort_by(|a, b| a.id.cmp(&b.id));
        for contract in self.partners.iter_mut().flat_map(|partner| &mut partner.contracts) {
            contract.event_types.sort_unstable();
            contract.event_types.dedup();
        }
        self.deals.sort_by(|a, b| a.id.cmp(&b.id));
        // In their precedence: the earliest first, then by id as bytes.
        self.patterns.sort_by_cached_key(|(pattern, terms)| {
            (terms.created_at, terms.id.clone(), pattern.clone())
        });
    }

    /// Writes what stands before the terms.
    fn begin(&mut self) -> TablesWriter {
        self.sort();
        let mut tables = TablesWriter::default();
        tables.key_check(&self.key);
        tables.program(&self.program);
        self.partners.iter().for_each(|partner| tables.partner(partner));
        self.deals.iter().for_each(|deal| tables.deal(deal));
        tables
    }

    /// Writes what stands behind the codes.
    fn end(
        mut self,
        mut tables: TablesWriter,
        compile: CompilePatterns,
    ) -> Result<Vec<u8>, BuildError> {
        self.write_payouts(&mut tables, compile)?;
        self.write_public(&mut tables, compile)?;
        tables.finish(MANIFEST_MAGIC).ok_or(BuildError::TooLarge)
    }

    fn write_terms(&self, tables: &mut TablesWriter, terms: &CodeTerms) -> Result<(), BuildError> {
        let owner = terms.owner().map(|owner| self.partner_index(owner)).transpose()?;
        let deal = terms.deal.as_ref().map(|deal| self.deal_index(deal)).transpose()?;
        tables.terms(terms, owner, deal);
        Ok(())
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

/// Writes patterns, in order of precedence, with the number that each stands for.
pub(super) fn write_compiled(
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
