//! Domain 1.9 once more: what the credited partner earns, over plain data.

use super::oracle::Verdict;
use super::order::{Item, Order};
use super::shop::{Criteria, List, Rate, Shop};
use super::texts::{EXPRESSIONS, fold, normal_form};

/// What is earned, by which rule, and a share of what.
#[derive(Debug, Clone, PartialEq)]
pub struct Earned {
    pub amount_minor: u64,
    pub rule: String,
    pub base_minor: u64,
}

/// What the credited partner earns; `None` when nobody is credited.
pub fn earned(shop: &Shop, order: &Order, verdict: &Verdict<'_>) -> Option<Earned> {
    verdict.credited.as_ref()?;
    let typed = verdict.code.as_ref().map(|(_, typed)| typed.as_str());
    let mut till = Till {
        shop,
        order,
        typed,
        total: order.subtotal_minor.saturating_sub(order.discount_minor.unwrap_or(0)),
        lines: lines(order),
    };
    let nothing = |till: &Till, rule: &str| {
        let base_minor = till.total;
        Some(Earned { amount_minor: 0, rule: rule.to_owned(), base_minor })
    };
    let Some(contract) = verdict.contract else { return nothing(&till, "no_terms") };
    let payout = contract.payout.as_ref();
    for restriction in payout.iter().flat_map(|payout| &payout.restrictions) {
        if till.blocks(&restriction.when) {
            return nothing(&till, &format!("restriction:{}", restriction.name));
        }
    }
    for list in shop.exception_lists.iter().filter(|list| till.is_on(list)) {
        let rule = format!("exception_list:{}", list.id);
        if let Some(earned) = till.rated(list.rate, till.base(), rule) {
            return Some(earned);
        }
    }
    for group in payout.iter().flat_map(|payout| &payout.groups) {
        if !till.holds(&group.when) {
            continue;
        }
        let asks_lines = group.when.categories.is_some() || group.when.skus.is_some();
        let rated =
            || till.lines.iter().filter(|(item, net)| net.is_some() && on(&group.when, item));
        let base = match asks_lines {
            false => till.base(),
            true if rated().count() == 0 => continue,
            true => rated().filter_map(|(_, net)| *net).sum(),
        };
        if let Some(earned) = till.rated(group.rate, base, format!("group:{}", group.name)) {
            return Some(earned);
        }
    }
    let default = payout.and_then(|payout| payout.default);
    let earned = default.and_then(|rate| till.rated(rate, till.base(), "default".to_owned()));
    earned.or_else(|| nothing(&till, "no_terms"))
}

/// An order being paid out.
struct Till<'a> {
    shop: &'a Shop,
    order: &'a Order,
    typed: Option<&'a str>,
    total: u64,
    /// Each line with what it is worth after its share of the discount; `None` once it is
    /// restricted.
    lines: Vec<(&'a Item, Option<u64>)>,
}

impl Till<'_> {
    /// Whether a restriction leaves nothing to be paid; takes out the lines that it is about.
    fn blocks(&mut self, when: &Criteria) -> bool {
        if !self.holds(when) {
            return false;
        }
        if when.categories.is_none() && when.skus.is_none() {
            return true;
        }
        let restricted =
            self.lines.iter_mut().filter(|(item, net)| net.is_some() && on(when, item));
        let taken = restricted.map(|(_, net)| *net = None).count();
        taken > 0 && self.lines.iter().all(|(_, net)| net.is_none())
    }

    /// What the order is worth without its restricted lines.
    fn base(&self) -> u64 {
        if self.lines.iter().all(|(_, net)| net.is_some()) {
            return self.total;
        }
        self.lines.iter().filter_map(|(_, net)| *net).sum()
    }

    fn rated(&self, rate: Rate, base_minor: u64, rule: String) -> Option<Earned> {
        let amount_minor = match (rate.rate_bps, rate.amount_minor) {
            (Some(bps), None) => half_up(base_minor, bps),
            (None, Some(amount)) => {
                let currency = rate.currency.unwrap_or(self.shop.program.currency);
                (currency == self.order.currency).then_some(amount)?
            }
            (None, None) => return None,
            (Some(_), Some(_)) => panic!("a rate of two kinds"),
        };
        Some(Earned { amount_minor, rule, base_minor })
    }

    fn holds(&self, when: &Criteria) -> bool {
        let own = |codes: &Vec<&str>| self.is_one_of(codes);
        let listed = |ids: &Vec<&str>| {
            let lists = self.shop.exception_lists.iter().filter(|list| ids.contains(&list.id));
            lists.into_iter().any(|list| self.is_on(list))
        };
        let currency = when.currency.unwrap_or(self.shop.program.currency);
        let enough = |least: u64| currency == self.order.currency && least <= self.total;
        when.code_in.as_ref().is_none_or(own)
            && when.code_in_lists.as_ref().is_none_or(listed)
            && when.minimum_total_minor.is_none_or(enough)
            && when.first_order.is_none_or(|wanted| self.order.first_order == Some(wanted))
            && when
                .countries
                .as_ref()
                .is_none_or(|them| self.order.country.is_some_and(|it| them.contains(&it)))
    }

    fn is_one_of(&self, codes: &[&str]) -> bool {
        let folding = self.shop.program.folding;
        let folded = self.typed.map(|typed| fold(typed, folding));
        folded.is_some_and(|folded| codes.iter().any(|code| fold(code, folding) == folded))
    }

    fn is_on(&self, list: &List) -> bool {
        let Some(expression) = list.match_expression else { return self.is_one_of(&list.items) };
        let matches = EXPRESSIONS.iter().find(|(text, _)| *text == expression).unwrap().1;
        let typed = self.typed.and_then(normal_form);
        typed.is_some_and(|typed| list.items.iter().any(|item| matches(&typed, item)))
    }
}

fn on(when: &Criteria, item: &Item) -> bool {
    let category = |them: &Vec<&str>| item.category.is_some_and(|it| them.contains(&it));
    when.categories.as_ref().is_none_or(category)
        && when.skus.as_ref().is_none_or(|skus| skus.contains(&item.sku))
}

/// A share in basis points, rounded half up.
pub fn half_up(base: u64, bps: u16) -> u64 {
    u64::try_from((u128::from(base) * u128::from(bps) + 5_000) / 10_000).unwrap()
}

/// The lines and what each is worth after its share of the discount: shares rounded down, and the
/// units that are left, one by one, to the largest fraction that has none yet, the first of equals.
fn lines(order: &Order) -> Vec<(&Item, Option<u64>)> {
    let discount = u128::from(order.discount_minor.unwrap_or(0));
    let worth = |item: &Item| u128::from(item.unit_price_minor) * u128::from(item.quantity);
    let worths: Vec<u128> = order.items.iter().map(worth).collect();
    let sum: u128 = worths.iter().sum();
    let mut shares: Vec<u128> =
        worths.iter().map(|it| (it * discount).checked_div(sum).unwrap_or(0)).collect();
    let mut fractions: Vec<Option<u128>> =
        worths.iter().map(|it| (it * discount).checked_rem(sum)).collect();
    let left = if sum == 0 { 0 } else { discount - shares.iter().sum::<u128>() };
    for _ in 0..left {
        let largest = fractions.iter().flatten().max().copied();
        let index = fractions.iter().position(|it| *it == largest).unwrap();
        shares[index] += 1;
        fractions[index] = None;
    }
    let net = |(worth, share): (u128, u128)| u64::try_from(worth.saturating_sub(share)).unwrap();
    order.items.iter().zip(worths.into_iter().zip(shares).map(net).map(Some)).collect()
}
