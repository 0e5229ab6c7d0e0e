//! How much the credited partner earns (domain 1.9): decided after credit, and never changes it.
//!
//! - [`payout`] reads the contract's terms: restrictions, then exception lists, then groups, then
//!   the default.
//! - [`Payout`] is the amount and the [`Rule`] that it comes from.

use crate::crediting::Decision;
use crate::ledger::Earned;
use crate::money::{BasisPoints, Currency, Minor};
use crate::order::{Item, Sale};
use crate::rate::{CodeListIndex, Criteria, ExceptionList, PayoutTerms, Rate};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::trace::Step;

use std::fmt;

/// What a credited partner earns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// How much, in the order's currency, and of what.
    pub earned: Earned,
    /// The order's currency.
    pub currency: Currency,
    /// By which rule.
    pub rule: Rule,
}

/// The rule that a payout comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// A restriction, by its name: nothing is paid.
    Restriction(String),
    /// An exception list, by its id.
    ExceptionList(String),
    /// A payout group, by its name.
    Group(String),
    /// The contract's default.
    Default,
    /// The contract says nothing about it, or there is none: nothing is paid.
    NoTerms,
}

/// Decides what the credited partner of a decision earns on a sale, and how it came to that;
/// `None` when nobody is credited.
///
/// Amounts are rounded half-up to the minor unit, once, on the sum they are a share of.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read.
pub fn payout<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    decision: &Decision,
    sale: &Sale,
) -> Result<Option<(Payout, Vec<Step>)>, SnapshotError> {
    let Some(credited) = &decision.credited else { return Ok(None) };
    let mut earning = Earning::of(sale);
    let Some(contract) = &decision.contract else {
        return Ok(Some(earning.nothing(Rule::NoTerms)));
    };
    let terms = snapshot.payout_terms(&credited.partner, contract)?;
    if let Some(code) = &decision.code {
        earning.on_lists = snapshot.code_lists(&code.typed, code.found.folded())?;
    }
    let lists =
        if earning.on_lists.is_empty() { Vec::new() } else { snapshot.exception_lists()? };
    Ok(Some(earning.payout(&terms, &lists)))
}

/// A payout being read from the terms.
struct Earning<'a> {
    sale: &'a Sale,
    /// What the order is worth after its discount.
    total_minor: Minor,
    /// What each line is worth after its share of the discount, and whether it is paid for.
    lines: Vec<Line<'a>>,
    on_lists: Vec<CodeListIndex>,
    trace: Vec<Step>,
}

struct Line<'a> {
    item: &'a Item,
    net_minor: Minor,
    is_paid: bool,
}

type Outcome = (Payout, Vec<Step>);

impl<'a> Earning<'a> {
    fn of(sale: &'a Sale) -> Self {
        let totals: Vec<Minor> = sale.items.iter().map(Item::total_minor).collect();
        let discounts = sale.discount_minor.split(&totals);
        let line = |((item, total), discount): ((&'a Item, &Minor), Minor)| Line {
            item,
            net_minor: total.minus(discount),
            is_paid: true,
        };
        Earning {
            sale,
            total_minor: sale.subtotal_minor.minus(sale.discount_minor),
            lines: sale.items.iter().zip(&totals).zip(discounts).map(line).collect(),
            on_lists: Vec::new(),
            trace: Vec::new(),
        }
    }

    fn payout(mut self, terms: &PayoutTerms, lists: &[ExceptionList]) -> Outcome {
        if let Some(rule) = self.restricted(terms) {
            return self.nothing(rule);
        }
        let paid = self.by_exception_list(lists);
        let paid = paid.or_else(|| self.by_group(terms));
        match paid.or_else(|| self.by_default(terms)) {
            Some(paid) => self.pay(paid),
            None => self.nothing(Rule::NoTerms),
        }
    }

    /// Rules inside a restriction are all to hold; each restriction stands for itself. One about
    /// items takes only their lines out.
    fn restricted(&mut self, terms: &PayoutTerms) -> Option<Rule> {
        for restriction in &terms.restrictions {
            let rule = Rule::Restriction(restriction.name.clone());
            if !self.holds(&rule, &restriction.when) {
                continue;
            }
            if !restriction.when.are_on_items() {
                return Some(rule);
            }
            let mut count = 0u64;
            for line in self.lines.iter_mut().filter(|line| line.is_paid) {
                if matches(&restriction.when, line.item) {
                    line.is_paid = false;
                    count = count.saturating_add(1);
                }
            }
            if count > 0 {
                self.trace.push(Step::LinesRestricted { rule: rule.to_string(), count });
            }
            if count > 0 && self.lines.iter().all(|line| !line.is_paid) {
                return Some(rule);
            }
        }
        None
    }

    fn by_exception_list(&mut self, lists: &[ExceptionList]) -> Option<Paid> {
        for list in lists {
            let Some(rate) = list.rate.filter(|_| self.on_lists.contains(&list.codes)) else {
                continue;
            };
            let rule = Rule::ExceptionList(list.id.to_string());
            let paid = self.rated(rule, rate, self.base_minor());
            if paid.is_some() {
                return paid;
            }
        }
        None
    }

    /// Read from the top: the first group that applies is used and no other.
    fn by_group(&mut self, terms: &PayoutTerms) -> Option<Paid> {
        for group in &terms.groups {
            let rule = Rule::Group(group.name.clone());
            if !self.holds(&rule, &group.when) {
                continue;
            }
            let base_minor = if group.when.are_on_items() {
                let mut rated = self.lines.iter().filter(|line| line.is_rated(&group.when));
                let Some(first) = rated.next() else { continue };
                rated.fold(first.net_minor, |sum, line| sum.plus(line.net_minor))
            } else {
                self.base_minor()
            };
            let paid = self.rated(rule, group.rate, base_minor);
            if paid.is_some() {
                return paid;
            }
        }
        None
    }

    fn by_default(&mut self, terms: &PayoutTerms) -> Option<Paid> {
        self.rated(Rule::Default, terms.default?, self.base_minor())
    }

    /// What the order is worth, without the lines that are not paid for.
    fn base_minor(&self) -> Minor {
        if self.lines.iter().all(|line| line.is_paid) {
            return self.total_minor;
        }
        let paid = self.lines.iter().filter(|line| line.is_paid);
        paid.fold(Minor::ZERO, |sum, line| sum.plus(line.net_minor))
    }

    /// What a rule's rate makes of an amount; nothing when it is fixed in another currency.
    fn rated(&mut self, rule: Rule, rate: Rate, base_minor: Minor) -> Option<Paid> {
        let (share, amount_minor) = match rate {
            Rate::Share(share) => (Some(share), base_minor.share(share)),
            Rate::Fixed(fixed) if self.is_in_currency(&rule, fixed.currency) => (None, fixed.minor),
            Rate::Fixed(_) => return None,
        };
        Some(Paid { rule, base_minor, share, amount_minor })
    }

    /// Whether the criteria that are about the order hold. The currency is looked at last, so that
    /// it is only said to differ where that decides.
    fn holds(&mut self, rule: &Rule, when: &Criteria) -> bool {
        let Sale { country, first_order, .. } = *self.sale;
        let on = |list: &CodeListIndex| self.on_lists.contains(list);
        when.code_in.as_ref().is_none_or(on)
            && when.code_in_lists.as_ref().is_none_or(|lists| lists.iter().any(on))
            && when.first_order.is_none_or(|wanted| first_order == Some(wanted))
            && when
                .countries
                .as_ref()
                .is_none_or(|them| country.is_some_and(|it| them.binary_search(&it).is_ok()))
            && when.minimum_total.is_none_or(|minimum| {
                self.is_in_currency(rule, minimum.currency) && minimum.minor <= self.total_minor
            })
    }

    fn is_in_currency(&mut self, rule: &Rule, currency: Currency) -> bool {
        let is_same = currency == self.sale.currency;
        if !is_same {
            self.trace.push(Step::OtherCurrency { rule: rule.to_string(), currency });
        }
        is_same
    }

    fn nothing(self, rule: Rule) -> Outcome {
        let base_minor = self.total_minor;
        self.pay(Paid { rule, base_minor, share: None, amount_minor: Minor::ZERO })
    }

    fn pay(mut self, Paid { rule, base_minor, share, amount_minor }: Paid) -> Outcome {
        let currency = self.sale.currency;
        let name = rule.to_string();
        self.trace.push(Step::Paid { rule: name, base_minor, share, amount_minor, currency });
        let earned = Earned { base_minor, share, payout_minor: amount_minor };
        (Payout { earned, currency, rule }, self.trace)
    }
}

/// What a rule makes of what it rates.
struct Paid {
    rule: Rule,
    base_minor: Minor,
    share: Option<BasisPoints>,
    amount_minor: Minor,
}

impl Line<'_> {
    fn is_rated(&self, when: &Criteria) -> bool {
        self.is_paid && matches(when, self.item)
    }
}

/// Whether the criteria that are about lines hold for this one.
fn matches(when: &Criteria, item: &Item) -> bool {
    let is_one_of = |text: &String, them: &Vec<String>| them.binary_search(text).is_ok();
    let is_of = |them| item.category.as_ref().is_some_and(|category| is_one_of(category, them));
    when.categories.as_ref().is_none_or(is_of)
        && when.skus.as_ref().is_none_or(|skus| is_one_of(&item.sku, skus))
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Restriction(name) => write!(f, "restriction:{name}"),
            Rule::ExceptionList(id) => write!(f, "exception_list:{id}"),
            Rule::Group(name) => write!(f, "group:{name}"),
            Rule::Default => f.write_str("default"),
            Rule::NoTerms => f.write_str("no_terms"),
        }
    }
}
