//! What contracts earn, and exception lists.

use super::CORRUPT;
use crate::id::ContractId;
use crate::money::{BasisPoints, Minor};
use crate::order::Country;
use crate::rate::{
    Amount, CodeListIndex, Criteria, ExceptionList, PayoutGroup, PayoutTerms, Rate, Restriction,
};
use crate::snapshot::SnapshotError;
use crate::snapshot::layout::{Bytes, section};
use crate::snapshot::tables::{Fields, Tables, TablesWriter};

const NO_RATE: u8 = 0;
const SHARE: u8 = 1;
const FIXED: u8 = 2;

const CODE_LISTS: u8 = 1;
const COUNTRIES: u8 = 1 << 1;
const CATEGORIES: u8 = 1 << 2;
const SKUS: u8 = 1 << 3;
const MINIMUM_TOTAL: u8 = 1 << 4;
const FIRST_ORDER_ASKED: u8 = 1 << 5;
const FIRST_ORDER: u8 = 1 << 6;

/// A restriction or a group: a restriction has no rate.
struct PayoutRule {
    name: String,
    when: Criteria,
    rate: Option<Rate>,
}

impl<B: AsRef<[u8]>> Tables<B> {
    /// What the contract with this index earns.
    pub fn payout_terms(&self, contract: usize) -> Result<PayoutTerms, SnapshotError> {
        let fields = self.must_entry(section::PAYOUTS, contract)?;
        self.read_payout_terms(fields).ok_or(CORRUPT)
    }

    /// The exception list with this index.
    pub fn exception_list(&self, index: usize) -> Result<ExceptionList, SnapshotError> {
        let fields = self.must_entry(section::EXCEPTION_LISTS, index)?;
        self.read_exception_list(fields).ok_or(CORRUPT)
    }

    /// The index of a partner's contract.
    pub fn contract_index(&self, partner: usize, contract: &ContractId) -> Option<usize> {
        let mut contracts = self.contract_indexes(partner)?;
        contracts.find(|&index| {
            let id = self.entry(section::CONTRACTS, index).and_then(|mut it| self.text(it.pair()?));
            id == Some(contract.as_str())
        })
    }

    fn read_payout_terms(&self, mut fields: Fields<'_>) -> Option<PayoutTerms> {
        let (first, restriction_count) = fields.pair()?;
        let group_count = fields.usize()?;
        let first_group = first.checked_add(restriction_count)?;
        let end = first_group.checked_add(group_count)?;
        (end <= self.count(section::PAYOUT_RULES)).then_some(())?;
        let restriction = |index| {
            let PayoutRule { name, when, .. } = self.payout_rule(index)?;
            Some(Restriction { name, when })
        };
        let group = |index| {
            let PayoutRule { name, when, rate } = self.payout_rule(index)?;
            Some(PayoutGroup { name, when, rate: rate? })
        };
        Some(PayoutTerms {
            restrictions: (first..first_group).map(restriction).collect::<Option<_>>()?,
            groups: (first_group..end).map(group).collect::<Option<_>>()?,
            default: read_rate(&mut fields)?,
        })
    }

    fn payout_rule(&self, index: usize) -> Option<PayoutRule> {
        let mut entry = self.entry(section::PAYOUT_RULES, index)?;
        let fields = &mut entry;
        let name = self.owned_text(fields)?;
        let rate = read_rate(fields)?;
        let flags = fields.u8()?;
        let currency = fields.array::<3>()?;
        let minimum = fields.u64()?;
        let is = |flag| flags & flag != 0;
        let minimum_total = match is(MINIMUM_TOTAL) {
            false => None,
            true => {
                Some(Amount { currency: super::currency(currency)?, minor: Minor::new(minimum)? })
            }
        };
        let code_in = fields.optional_u32()?.map(CodeListIndex);
        let code_in_lists = ascending(self.numbers(fields)?)?;
        let code_in_lists = code_in_lists.into_iter().map(CodeListIndex).collect();
        let owned = |text: &str| Some(text.to_owned());
        let countries = ascending(self.list(fields, Country::parse)?)?;
        let categories = ascending(self.list(fields, owned)?)?;
        let skus = ascending(self.list(fields, owned)?)?;
        let when = Criteria {
            code_in,
            code_in_lists: is(CODE_LISTS).then_some(code_in_lists),
            minimum_total,
            first_order: is(FIRST_ORDER_ASKED).then_some(is(FIRST_ORDER)),
            countries: is(COUNTRIES).then_some(countries),
            categories: is(CATEGORIES).then_some(categories),
            skus: is(SKUS).then_some(skus),
        };
        Some(PayoutRule { name, when, rate })
    }

    fn read_exception_list(&self, mut fields: Fields<'_>) -> Option<ExceptionList> {
        Some(ExceptionList {
            id: self.id(&mut fields)?,
            name: self.owned_text(&mut fields)?,
            rate: read_rate(&mut fields)?,
            codes: CodeListIndex(fields.u32()?),
        })
    }

    fn numbers(&self, fields: &mut Fields<'_>) -> Option<Vec<u32>> {
        let (first, count) = fields.pair()?;
        let end = first.checked_add(count)?;
        (end <= self.count(section::NUMBERS)).then_some(())?;
        (first..end).map(|index| self.entry(section::NUMBERS, index)?.u32()).collect()
    }
}

impl TablesWriter {
    /// Writes what the next contract earns.
    pub fn payout_terms(&mut self, terms: &PayoutTerms) {
        let mut entry = Bytes::default();
        entry.size(self.count(section::PAYOUT_RULES));
        entry.size(terms.restrictions.len()).size(terms.groups.len());
        write_rate(&mut entry, terms.default);
        self.push(section::PAYOUTS, &entry);
        for Restriction { name, when } in &terms.restrictions {
            self.payout_rule(name, when, None);
        }
        for PayoutGroup { name, when, rate } in &terms.groups {
            self.payout_rule(name, when, Some(*rate));
        }
    }

    /// Writes an exception list.
    pub fn exception_list(&mut self, list: &ExceptionList) {
        let mut entry = Bytes::default();
        self.text(&mut entry, list.id.as_str());
        self.text(&mut entry, &list.name);
        write_rate(&mut entry, list.rate);
        entry.u32(list.codes.0);
        self.push(section::EXCEPTION_LISTS, &entry);
    }

    fn payout_rule(&mut self, name: &str, when: &Criteria, rate: Option<Rate>) {
        let mut entry = Bytes::default();
        self.text(&mut entry, name);
        write_rate(&mut entry, rate);
        entry.u8(flags(when));
        match when.minimum_total {
            Some(total) => entry.raw(total.currency.as_str().as_bytes()).u64(total.minor.get()),
            None => entry.raw(&[0; 3]).u64(0),
        };
        entry.optional_u32(when.code_in.map(|list| list.0));
        self.numbers(&mut entry, when.code_in_lists.iter().flatten().map(|list| list.0));
        let countries: Vec<&str> = when.countries.iter().flatten().map(Country::as_str).collect();
        self.texts(&mut entry, &countries);
        self.texts(&mut entry, when.categories.as_deref().unwrap_or_default());
        self.texts(&mut entry, when.skus.as_deref().unwrap_or_default());
        self.push(section::PAYOUT_RULES, &entry);
    }

    fn numbers(&mut self, entry: &mut Bytes, numbers: impl Iterator<Item = u32>) {
        let first = self.count(section::NUMBERS);
        for number in numbers {
            let mut element = Bytes::default();
            element.u32(number);
            self.push(section::NUMBERS, &element);
        }
        let count = self.count(section::NUMBERS).saturating_sub(first);
        entry.size(first).size(count);
    }
}

/// The elements of a list that is searched by halves.
fn ascending<T: Ord>(list: Vec<T>) -> Option<Vec<T>> {
    list.is_sorted().then_some(list)
}

fn flags(when: &Criteria) -> u8 {
    super::flags([
        (CODE_LISTS, when.code_in_lists.is_some()),
        (COUNTRIES, when.countries.is_some()),
        (CATEGORIES, when.categories.is_some()),
        (SKUS, when.skus.is_some()),
        (MINIMUM_TOTAL, when.minimum_total.is_some()),
        (FIRST_ORDER_ASKED, when.first_order.is_some()),
        (FIRST_ORDER, when.first_order == Some(true)),
    ])
}

/// Kind u8, currency 3 bytes, amount or basis points u64.
fn write_rate(entry: &mut Bytes, rate: Option<Rate>) {
    match rate {
        None => entry.u8(NO_RATE).raw(&[0; 3]).u64(0),
        Some(Rate::Share(share)) => entry.u8(SHARE).raw(&[0; 3]).u64(u64::from(share.get())),
        Some(Rate::Fixed(Amount { currency, minor })) => {
            entry.u8(FIXED).raw(currency.as_str().as_bytes()).u64(minor.get())
        }
    };
}

fn read_rate(fields: &mut Fields<'_>) -> Option<Option<Rate>> {
    let kind = fields.u8()?;
    let currency = fields.array::<3>()?;
    let amount = fields.u64()?;
    Some(match kind {
        NO_RATE => None,
        SHARE => Some(Rate::Share(BasisPoints::new(u16::try_from(amount).ok()?)?)),
        FIXED => {
            let minor = Minor::new(amount)?;
            Some(Rate::Fixed(Amount { currency: super::currency(currency)?, minor }))
        }
        _ => return None,
    })
}
