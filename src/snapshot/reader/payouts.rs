//! What contracts earn, and which codes are on which list.

use super::{CORRUPT, Snapshot};
use crate::code::{FoldedCode, TypedCode};
use crate::id::{ContractId, PartnerId};
use crate::rate::{CodeListIndex, ExceptionList, PayoutTerms};
use crate::snapshot::SnapshotError;
use crate::snapshot::hash::CodeHash;
use crate::snapshot::layout::{LIST_SECTIONS, section};
use crate::snapshot::pattern::Automata;
use crate::snapshot::tables::{Fields, Tables, first_not};

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// What a partner's contract earns.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there is no such contract, or its terms contradict
    /// themselves.
    pub fn payout_terms(
        &self,
        partner: &PartnerId,
        contract: &ContractId,
    ) -> Result<PayoutTerms, SnapshotError> {
        let index = self.partner_index(partner)?.ok_or(CORRUPT)?;
        let contract = self.tables.contract_index(index, contract).ok_or(CORRUPT)?;
        self.tables.payout_terms(contract)
    }

    /// The lists that a typed code is on, ascending: by its folded text, or by a list's expression.
    ///
    /// Costs a binary search, and a walk of the expressions' automata.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when a list or an automaton contradicts itself.
    pub fn code_lists(
        &self,
        typed: &TypedCode,
        folded: &FoldedCode,
    ) -> Result<Vec<CodeListIndex>, SnapshotError> {
        let mut lists = listed(&self.tables, CodeHash::of(folded, &self.key))?;
        let mut patterns = Vec::new();
        self.list_automata().find(typed.as_str(), &mut |pattern| patterns.push(pattern))?;
        for pattern in patterns {
            lists.push(self.list_of_pattern(pattern)?);
        }
        lists.sort_unstable();
        lists.dedup();
        Ok(lists)
    }

    /// The exception lists, in the order in which they are read.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when one contradicts itself.
    pub fn exception_lists(&self) -> Result<Vec<ExceptionList>, SnapshotError> {
        let count = self.tables.count(section::EXCEPTION_LISTS);
        (0..count).map(|index| self.tables.exception_list(index)).collect()
    }

    /// Checks every list and every contract's terms.
    pub(in crate::snapshot) fn verify_payouts(&self) -> Result<(), SnapshotError> {
        self.exception_lists()?;
        let contracts = 0..self.tables.count(section::CONTRACTS);
        contracts.map(|index| self.tables.payout_terms(index)).try_for_each(|it| it.map(drop))?;
        let codes = 0..self.tables.count(section::LISTED_CODES);
        let codes: Vec<_> =
            codes.map(|index| listed_at(&self.tables, index)).collect::<Result<_, _>>()?;
        codes.is_sorted().then_some(()).ok_or(CORRUPT)?;
        let pattern_count = self.tables.count(section::LIST_PATTERNS);
        let pattern_count = u32::try_from(pattern_count).map_err(|_| CORRUPT)?;
        (0..pattern_count).try_for_each(|pattern| self.list_of_pattern(pattern).map(drop))?;
        self.list_automata().verify(pattern_count)
    }

    fn list_automata(&self) -> Automata<'_> {
        self.automata_in(&LIST_SECTIONS)
    }

    fn list_of_pattern(&self, pattern: u32) -> Result<CodeListIndex, SnapshotError> {
        self.pattern_number(&LIST_SECTIONS, pattern).map(CodeListIndex)
    }
}

/// The lists of a hash, by binary search for the first.
fn listed<B: AsRef<[u8]>>(
    tables: &Tables<B>,
    hash: CodeHash,
) -> Result<Vec<CodeListIndex>, SnapshotError> {
    let count = tables.count(section::LISTED_CODES);
    let first = first_not(count, |index| Ok(listed_at(tables, index)?.0 < hash))?;
    let mut lists = Vec::new();
    for index in first..count {
        let (other, list) = listed_at(tables, index)?;
        if other != hash {
            break;
        }
        lists.push(list);
    }
    Ok(lists)
}

fn listed_at<B: AsRef<[u8]>>(
    tables: &Tables<B>,
    index: usize,
) -> Result<(CodeHash, CodeListIndex), SnapshotError> {
    let read = |mut fields: Fields<'_>| Some((fields.hash()?, CodeListIndex(fields.u32()?)));
    tables.entry(section::LISTED_CODES, index).and_then(read).ok_or(CORRUPT)
}
