//! Payout terms and lists of codes, until they are written.

use super::manifest::write_compiled;
use super::{BuildError, Builder, CompilePatterns};
use crate::code::FoldedCode;
use crate::id::{ContractId, PartnerId};
use crate::rate::{CodeListIndex, Criteria, ExceptionList, PayoutTerms};
use crate::snapshot::hash::CodeHash;
use crate::snapshot::layout::{Bytes, LIST_SECTIONS, section};
use crate::snapshot::tables::TablesWriter;

use std::collections::{BTreeMap, BTreeSet};

/// What a [`Builder`] knows of payouts.
#[derive(Debug, Default)]
pub(super) struct Payouts {
    lists: Vec<CodeList>,
    exception_lists: Vec<ExceptionList>,
    terms: BTreeMap<(PartnerId, ContractId), PayoutTerms>,
}

/// The codes of a list: the hashes of texts, and patterns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct CodeList {
    hashes: BTreeSet<CodeHash>,
    patterns: BTreeSet<String>,
}

impl Builder {
    /// Takes in a list of codes: those with one of these folded texts, and those that one of these
    /// patterns matches whole. Lists are counted from 0.
    pub fn code_list(
        &mut self,
        codes: &[FoldedCode],
        patterns: impl IntoIterator<Item = String>,
    ) -> CodeListIndex {
        let index = u32::try_from(self.payouts.lists.len()).unwrap_or(u32::MAX);
        let hashes = codes.iter().map(|code| CodeHash::of(code, &self.key)).collect();
        self.payouts.lists.push(CodeList { hashes, patterns: patterns.into_iter().collect() });
        CodeListIndex(index)
    }

    /// Takes in an exception list; they are read in the order in which they come.
    pub fn exception_list(&mut self, list: ExceptionList) {
        self.payouts.exception_lists.push(list);
    }

    /// Takes in what a partner's contract earns.
    pub fn payout(&mut self, partner: &PartnerId, contract: &ContractId, terms: PayoutTerms) {
        self.payouts.terms.insert((partner.clone(), contract.clone()), terms);
    }

    /// Writes the terms of every contract, in the order of the contracts, and the lists.
    pub(super) fn write_payouts(
        &mut self,
        tables: &mut TablesWriter,
        compile: CompilePatterns,
    ) -> Result<(), BuildError> {
        let lists = self.payouts.sort();
        let nothing = PayoutTerms::default();
        for partner in &self.partners {
            for contract in &partner.contracts {
                let key = (partner.id.clone(), contract.id.clone());
                tables.payout_terms(self.payouts.terms.get(&key).unwrap_or(&nothing));
            }
        }
        self.payouts.exception_lists.iter().for_each(|list| tables.exception_list(list));
        let listed = (0..)
            .zip(&lists)
            .flat_map(|(index, list): (u32, _)| list.hashes.iter().map(move |hash| (*hash, index)));
        for (hash, list) in listed.collect::<BTreeSet<_>>() {
            let mut entry = Bytes::default();
            entry.hash(hash).u32(list);
            tables.push(section::LISTED_CODES, &entry);
        }
        write_list_patterns(&lists, tables, compile)
    }
}

impl Payouts {
    /// Puts equal lists together and all in the order of what is on them, and what criteria ask for
    /// in its own order, so that the order in which they came changes no byte.
    fn sort(&mut self) -> Vec<CodeList> {
        let distinct: BTreeSet<CodeList> = self.lists.iter().cloned().collect();
        let sorted: Vec<CodeList> = distinct.into_iter().collect();
        let new_index = |old: &CodeListIndex| {
            let list = usize::try_from(old.0).ok().and_then(|old| self.lists.get(old));
            let new = list.and_then(|list| sorted.binary_search(list).ok());
            CodeListIndex(new.and_then(|new| u32::try_from(new).ok()).unwrap_or(u32::MAX))
        };
        let sort_criteria = |when: &mut Criteria| {
            when.code_in.iter_mut().for_each(|list| *list = new_index(list));
            when.code_in_lists.iter_mut().flatten().for_each(|list| *list = new_index(list));
            when.code_in_lists.iter_mut().for_each(sort_once);
            when.countries.iter_mut().for_each(sort_once);
            when.categories.iter_mut().for_each(sort_once);
            when.skus.iter_mut().for_each(sort_once);
        };
        for list in &mut self.exception_lists {
            list.codes = new_index(&list.codes);
        }
        for terms in self.terms.values_mut() {
            terms.restrictions.iter_mut().for_each(|it| sort_criteria(&mut it.when));
            terms.groups.iter_mut().for_each(|it| sort_criteria(&mut it.when));
        }
        sorted
    }
}

/// Puts elements in their order, each once.
fn sort_once<T: Ord>(elements: &mut Vec<T>) {
    elements.sort_unstable();
    elements.dedup();
}

fn write_list_patterns(
    lists: &[CodeList],
    tables: &mut TablesWriter,
    compile: CompilePatterns,
) -> Result<(), BuildError> {
    let numbered = (0..).zip(lists);
    let patterns: Vec<(&str, u32)> = numbered
        .flat_map(|(index, list)| list.patterns.iter().map(move |text| (text.as_str(), index)))
        .collect();
    if patterns.is_empty() {
        return Ok(());
    }
    write_compiled(tables, &LIST_SECTIONS, patterns, compile)
}
