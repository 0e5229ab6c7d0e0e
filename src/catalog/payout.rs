//! Authored payout terms and exception lists, checked.

use super::authored::payout::{Criteria, ExceptionList, Payout, Rate};
use super::check::Check;
use super::complaint::ComplaintKind;
use super::exact;
use crate::code::{FoldedCode, Folding, TypedCode};
use crate::id::{ContractId, PartnerId};
use crate::money::Currency;
use crate::order::Country;
use crate::program::Program;
use crate::rate::{self, Amount, CodeListIndex, PayoutGroup, PayoutTerms, Restriction};
use crate::snapshot::Builder;
use crate::snapshot::automaton::{Extraction, Pattern};
use crate::snapshot::pattern::PatternError;

use std::collections::HashMap;

/// What a catalogue says of payouts.
#[derive(Debug, Clone, Default)]
pub(super) struct Payouts {
    lists: Vec<CodeList>,
    exception_lists: Vec<rate::ExceptionList>,
    by_id: HashMap<String, CodeListIndex>,
    terms: Vec<(PartnerId, ContractId, PayoutTerms)>,
}

#[derive(Debug, Clone)]
struct CodeList {
    codes: Vec<FoldedCode>,
    patterns: Vec<String>,
}

/// A rate as it is written, wherever it stands.
struct Written<'a> {
    rate_bps: Option<u16>,
    amount_minor: Option<u64>,
    currency: Option<&'a str>,
}

/// What one element is checked against, and what it adds to.
pub(super) struct Reading<'a, 'c> {
    pub check: &'a mut Check<'c>,
    pub program: &'a Program,
    pub payouts: &'a mut Payouts,
}

impl Payouts {
    /// Gives a snapshot's builder the lists and the terms.
    pub fn load(&self, builder: &mut Builder) {
        for list in &self.lists {
            builder.code_list(&list.codes, list.patterns.iter().cloned());
        }
        self.exception_lists.iter().cloned().for_each(|list| builder.exception_list(list));
        for (partner, contract, terms) in &self.terms {
            builder.payout(partner, contract, terms.clone());
        }
    }

    /// Notes what a contract earns.
    pub fn add(&mut self, partner: &PartnerId, contract: &ContractId, terms: PayoutTerms) {
        self.terms.push((partner.clone(), contract.clone(), terms));
    }

    fn list(&mut self, list: CodeList) -> CodeListIndex {
        let index = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        self.lists.push(list);
        CodeListIndex(index)
    }
}

impl Reading<'_, '_> {
    /// Reads an exception list.
    pub fn exception_list(&mut self, authored: &ExceptionList) -> Option<()> {
        let id = self.check.id(&authored.id, "id");
        let written = Written {
            rate_bps: authored.rate_bps,
            amount_minor: authored.amount_minor,
            currency: authored.currency.as_deref(),
        };
        let rate = self.optional_rate(&written, "");
        let list = match &authored.match_expression {
            Some(expression) => self.expression(expression, &authored.items)?,
            None => self.codes(&authored.items, "items"),
        };
        let codes = self.payouts.list(list);
        self.payouts.by_id.insert(authored.id.clone(), codes);
        let name = authored.name.clone();
        self.payouts.exception_lists.push(rate::ExceptionList { id: id?, name, codes, rate });
        Some(())
    }

    /// Reads a contract's payout at this path.
    pub fn payout(&mut self, authored: &Payout, path: &str) -> PayoutTerms {
        let mut terms = PayoutTerms::default();
        for (index, group) in authored.groups.iter().enumerate() {
            let path = format!("{path}.groups[{index}]");
            let written = Written {
                rate_bps: group.rate_bps,
                amount_minor: group.amount_minor,
                currency: group.currency.as_deref(),
            };
            let rate = self.rate(&written, &path);
            let when = self.criteria(&group.when, &format!("{path}.when"));
            let name = group.name.clone();
            terms.groups.extend(rate.map(|rate| PayoutGroup { name, when, rate }));
        }
        if let Some(Rate { rate_bps, amount_minor, currency }) = &authored.default {
            let (rate_bps, amount_minor) = (*rate_bps, *amount_minor);
            let written = Written { rate_bps, amount_minor, currency: currency.as_deref() };
            terms.default = self.rate(&written, &format!("{path}.default"));
        }
        for (index, restriction) in authored.restrictions.iter().enumerate() {
            let path = format!("{path}.restrictions[{index}].when");
            let when = self.criteria(&restriction.when, &path);
            terms.restrictions.push(Restriction { name: restriction.name.clone(), when });
        }
        terms
    }

    fn rate(&mut self, written: &Written<'_>, path: &str) -> Option<rate::Rate> {
        if written.rate_bps.is_none() && written.amount_minor.is_none() {
            self.refuse_combination("neither", "add one", path);
        }
        self.optional_rate(written, path)
    }

    fn optional_rate(&mut self, written: &Written<'_>, path: &str) -> Option<rate::Rate> {
        let share = written.rate_bps.map(|bps| {
            self.check.basis_points(bps, 0, &join(path, "rate_bps")).map(rate::Rate::Share)
        });
        let fixed = written.amount_minor.map(|amount| {
            let minor = self.check.minor(amount, 0, &join(path, "amount_minor"));
            let currency = self.currency(written.currency, &join(path, "currency"));
            Some(rate::Rate::Fixed(Amount { currency: currency?, minor: minor? }))
        });
        if fixed.is_none() {
            self.refuse_currency(written.currency, "amount_minor", &join(path, "currency"));
        }
        match (share, fixed) {
            (Some(_), Some(_)) => {
                self.refuse_combination("both", "keep one", path);
                None
            }
            (share, fixed) => share.or(fixed).flatten(),
        }
    }

    fn refuse_combination(&mut self, got: &str, remedy: &str, path: &str) {
        let kind = ComplaintKind::Combination;
        self.check.complain(kind, path, "rate_bps or amount_minor", got, remedy);
    }

    /// A currency says what an amount is in; by itself it would look like a criterion and be none.
    fn refuse_currency(&mut self, currency: Option<&str>, amount: &str, path: &str) {
        if let Some(currency) = currency {
            let expected = format!("a currency only beside {amount}");
            let remedy = format!("leave it out, or add {amount}");
            let (kind, got) = (ComplaintKind::Combination, format!("{currency:?}"));
            self.check.complain(kind, path, expected, got, remedy);
        }
    }

    /// The currency that is named, else the program's.
    fn currency(&mut self, text: Option<&str>, path: &str) -> Option<Currency> {
        match text {
            None => Some(self.program.currency),
            Some(text) => self.check.currency(text, path),
        }
    }

    fn criteria(&mut self, authored: &Criteria, path: &str) -> rate::Criteria {
        let code_in = authored.code_in.as_ref().map(|codes| {
            let list = self.codes(codes, &format!("{path}.code_in"));
            self.payouts.list(list)
        });
        let code_in_lists = authored.code_in_lists.as_ref().map(|lists| {
            let index = |(index, list): (usize, &String)| {
                self.check.list(list, &format!("{path}.code_in_lists[{index}]"));
                self.payouts.by_id.get(list).copied()
            };
            lists.iter().enumerate().filter_map(index).collect()
        });
        let minimum_total = authored.minimum_total_minor.and_then(|minimum| {
            let minor = self.check.minor(minimum, 0, &join(path, "minimum_total_minor"));
            let currency = self.currency(authored.currency.as_deref(), &join(path, "currency"));
            Some(Amount { currency: currency?, minor: minor? })
        });
        if authored.minimum_total_minor.is_none() {
            let (currency, path) = (authored.currency.as_deref(), join(path, "currency"));
            self.refuse_currency(currency, "minimum_total_minor", &path);
        }
        let countries = authored.countries.as_ref().map(|countries| {
            let country = |(index, country): (usize, &String)| -> Option<Country> {
                self.check.country(country, &format!("{path}.countries[{index}]"))
            };
            countries.iter().enumerate().filter_map(country).collect()
        });
        rate::Criteria {
            code_in,
            code_in_lists,
            minimum_total,
            first_order: authored.first_order,
            countries,
            categories: authored.categories.clone(),
            skus: authored.skus.clone(),
        }
    }

    fn codes(&mut self, texts: &[String], path: &str) -> CodeList {
        let folding = self.program.folding;
        let code = |(index, text): (usize, &String)| {
            self.code(text, folding, &format!("{path}[{index}]")).map(|typed| typed.fold(folding))
        };
        let codes = texts.iter().enumerate().filter_map(code).collect();
        CodeList { codes, patterns: Vec::new() }
    }

    fn code(&mut self, text: &str, folding: Folding, path: &str) -> Option<TypedCode> {
        let refused = |(expected, remedy)| {
            let kind = ComplaintKind::CodeText;
            self.check.complain(kind, path, expected, format!("{text:?}"), remedy);
        };
        exact(text, folding).map_err(refused).ok()
    }

    /// The codes that an expression takes one of these items out of.
    fn expression(&mut self, expression: &str, items: &[String]) -> Option<CodeList> {
        let extraction = match Extraction::parse(expression) {
            Ok(extraction) => extraction,
            Err(error) => {
                self.refuse_expression(error);
                return None;
            }
        };
        let mut patterns = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("items[{index}]");
            // Expressions see codes in their normal form: an item in another is never found.
            let Some(typed) = self.code(item, Folding::default(), &path) else { continue };
            let pattern = extraction.with_item(typed.as_str());
            match pattern.and_then(|text| text.map(|it| Pattern::parse(&it)).transpose()) {
                Ok(Some(pattern)) => patterns.push(pattern.as_str().to_owned()),
                Ok(None) => {
                    let expected = "a text that the expression's group matches";
                    let remedy = "no code is on the list by this item: correct it, or the group";
                    let got = format!("{item:?}");
                    self.check.warn(ComplaintKind::NeverListed, &path, expected, got, remedy);
                }
                Err(error) => self.refuse_expression(error),
            }
        }
        Some(CodeList { codes: Vec::new(), patterns })
    }

    fn refuse_expression(&mut self, PatternError { pattern, reason, remedy }: PatternError) {
        let expected = "a regular expression with exactly one group";
        let got = format!("{pattern:?}: {reason}");
        self.check.complain(ComplaintKind::Pattern, "match_expression", expected, got, remedy);
    }
}

fn join(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}
