//! What is a deal worth on this order? Said, never applied: the shop changes its prices, we do not.
//!
//! - [`quote`] answers for one deal and one order.
//! - [`Quote`] is the answer: an [`Amount`] off, line by line, or a [`Benefit`] that is no money.

use crate::deal::{Bogo, Deal, Discount, Offer, Reduction, Scope};
use crate::eligibility::{covers, required_currency};
use crate::money::{BasisPoints, Currency, Minor};
use crate::order::{Cart, Item};

/// What a deal is worth on an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The currency of the amounts.
    pub currency: Currency,
    /// How much money it takes off.
    pub amount: Amount,
    /// What else it gives.
    pub benefit: Option<Benefit>,
    /// An exact amount's parts, one for each line of the order, in its order. Empty without lines
    /// or with a range.
    pub lines_minor: Vec<Minor>,
}

/// Money off an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// This much.
    Exact(Minor),
    /// At least and at most this much: the deal does not say more.
    Range {
        /// At least.
        low: Minor,
        /// At most.
        high: Minor,
    },
}

/// What a deal gives besides money off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Benefit {
    /// Delivery costs nothing.
    FreeShipping,
    /// Something is added to the parcel.
    Gift,
    /// Money back later.
    Rebate,
}

impl Benefit {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Benefit::FreeShipping => "free_shipping",
            Benefit::Gift => "gift",
            Benefit::Rebate => "rebate",
        }
    }
}

/// Says what a deal is worth on an order that [qualifies](crate::eligibility::check) for it (domain
/// 1.7).
///
/// Where a deal covers only some of the eligible units, whether by its purchase limit or as the
/// reduced ones of a bogo, it covers the cheapest, and among equally cheap ones those of the first
/// lines. Amounts are rounded half-up once, on the covered total, and then split over the lines
/// without a rest. `None` when the order's lines, or for a sale on the entire store at least its
/// subtotal, are not known.
///
/// Cost: the lines are sorted; units are never looked at one by one.
#[must_use]
pub fn quote(deal: &Deal, program: Currency, cart: &Cart) -> Option<Quote> {
    let currency = required_currency(deal, program).or(cart.currency).unwrap_or(program);
    let (weights, amount) = match deal.offer {
        Offer::FreeShipping => return Some(Quote::of_benefit(currency, Benefit::FreeShipping)),
        Offer::GiftWithPurchase => return Some(Quote::of_benefit(currency, Benefit::Gift)),
        Offer::Rebate => return Some(Quote::of_benefit(currency, Benefit::Rebate)),
        Offer::GeneralSale(discount) => {
            let covered = covered_minor(deal, cart)?;
            let amount = taken_off(discount, covered.total());
            (covered, amount)
        }
        Offer::Bogo(bogo) => {
            let reduced = reduced_minor(deal, bogo, cart.items.as_deref()?);
            let amount = match bogo.reduction {
                Reduction::Percent(share) => reduced.total().share(share),
                Reduction::Free | Reduction::Amount(_) => reduced.total(),
            };
            (reduced, Amount::Exact(amount))
        }
    };
    let amount = amount.capped(deal.maximum_savings_minor);
    let lines_minor = match (weights, amount) {
        (Weights::Lines(weights), Amount::Exact(exact)) => exact.split(&weights),
        (Weights::Total(_), _) | (_, Amount::Range { .. }) => Vec::new(),
    };
    Some(Quote { currency, amount, benefit: None, lines_minor })
}

/// What a discount is taken off: what each line counts for, or only their sum where the lines are
/// not known.
enum Weights {
    Lines(Vec<Minor>),
    Total(Minor),
}

impl Weights {
    fn total(&self) -> Minor {
        match self {
            Weights::Lines(lines) => lines.iter().fold(Minor::ZERO, |sum, line| sum.plus(*line)),
            Weights::Total(total) => *total,
        }
    }
}

impl Quote {
    /// Whether the deal gives anything on the order: money, if only perhaps, or a benefit.
    #[must_use]
    pub fn gives_something(&self) -> bool {
        let (Amount::Exact(most) | Amount::Range { high: most, .. }) = self.amount;
        self.benefit.is_some() || most > Minor::ZERO
    }

    fn of_benefit(currency: Currency, benefit: Benefit) -> Quote {
        let amount = Amount::Exact(Minor::ZERO);
        Quote { currency, amount, benefit: Some(benefit), lines_minor: Vec::new() }
    }
}

impl Amount {
    fn capped(self, maximum: Option<Minor>) -> Amount {
        let most = maximum.unwrap_or(Minor::MAX);
        match self {
            Amount::Exact(exact) => Amount::Exact(exact.min(most)),
            Amount::Range { low, high } => {
                Amount::Range { low: low.min(most), high: high.min(most) }
            }
        }
    }
}

/// Price of the units that a deal covers, line by line.
fn covered_minor(deal: &Deal, cart: &Cart) -> Option<Weights> {
    match cart.items.as_deref() {
        // An order that sends no lines but a subtotal is quoted on that, as far as that decides it.
        None | Some([]) => {
            let decides =
                deal.scope == Scope::EntireStore && deal.purchase_limit_quantity.is_none();
            cart.subtotal_minor.filter(|_| decides).map(Weights::Total)
        }
        Some(items) => {
            let units = cheapest_units(items, &eligible_units(deal, items), purchase_limit(deal));
            let price = |(item, units): (&Item, u64)| item.unit_price_minor.times(units);
            Some(Weights::Lines(items.iter().zip(units).map(price).collect()))
        }
    }
}

fn taken_off(discount: Discount, total: Minor) -> Amount {
    let range =
        |low: BasisPoints, high| Amount::Range { low: total.share(low), high: total.share(high) };
    match discount {
        Discount::Fixed(amount) => Amount::Exact(amount.min(total)),
        Discount::Percent(share) => Amount::Exact(total.share(share)),
        Discount::PercentRange { low, high } => range(low, high),
        Discount::PercentMaximum(high) => range(BasisPoints::default(), high),
    }
}

/// What a bogo's reduction is taken off, line by line: for every complete group of bought and got
/// units, as many of the cheapest as are got.
fn reduced_minor(deal: &Deal, bogo: Bogo, items: &[Item]) -> Weights {
    let covered = cheapest_units(items, &eligible_units(deal, items), purchase_limit(deal));
    let group = u64::from(bogo.buy).saturating_add(u64::from(bogo.get));
    let groups = covered.iter().sum::<u64>().checked_div(group).unwrap_or(0);
    let reduced = cheapest_units(items, &covered, groups.saturating_mul(u64::from(bogo.get)));
    let off_each = |item: &Item| match bogo.reduction {
        Reduction::Amount(amount) => amount.min(item.unit_price_minor),
        Reduction::Free | Reduction::Percent(_) => item.unit_price_minor,
    };
    Weights::Lines(
        items.iter().zip(reduced).map(|(item, units)| off_each(item).times(units)).collect(),
    )
}

/// How many units of each line are part of the deal at all.
fn eligible_units(deal: &Deal, items: &[Item]) -> Vec<u64> {
    let eligible = |item: &Item| if covers(&deal.scope, item) { item.quantity.into() } else { 0 };
    items.iter().map(eligible).collect()
}

fn purchase_limit(deal: &Deal) -> u64 {
    deal.purchase_limit_quantity.map_or(u64::MAX, u64::from)
}

/// How many units of each line are among the `most` cheapest of those given.
fn cheapest_units(items: &[Item], units: &[u64], most: u64) -> Vec<u64> {
    let mut by_price: Vec<(u64, usize)> =
        items.iter().map(|item| item.unit_price_minor.get()).zip(0..).collect();
    by_price.sort_unstable();
    let mut left = most;
    let mut cheapest = units.to_vec();
    for (_, line) in by_price {
        if let Some(units) = cheapest.get_mut(line) {
            *units = left.min(*units);
            left = left.saturating_sub(*units);
        }
    }
    cheapest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deal::Conditions;
    use crate::id::DealId;
    use crate::time::Schedule;
    use proptest::prelude::*;

    fn deal(offer: Offer, limit: Option<u32>, savings: Option<u64>) -> Deal {
        Deal {
            id: DealId::parse("d").unwrap(),
            name: String::new(),
            offer,
            scope: Scope::Category(vec!["in".to_owned()]),
            schedule: Schedule::ALWAYS,
            sync_codes: false,
            conditions: Conditions::default(),
            maximum_savings_minor: savings.and_then(Minor::new),
            purchase_limit_quantity: limit,
        }
    }

    fn item() -> impl Strategy<Value = Item> {
        let price = (0..60_u64).prop_map(|price| Minor::new(price).unwrap());
        (0..6_u32, price, any::<bool>()).prop_map(|(quantity, unit_price_minor, is_in)| Item {
            sku: String::new(),
            category: is_in.then(|| "in".to_owned()),
            quantity,
            unit_price_minor,
        })
    }

    /// The prices of single units that a deal covers, cheapest first: what the lines must agree
    /// with.
    fn units(items: &[Item], limit: Option<u32>) -> Vec<u64> {
        let eligible = items.iter().filter(|item| item.category.is_some());
        let mut prices: Vec<u64> = eligible
            .flat_map(|item| (0..item.quantity).map(|_| item.unit_price_minor.get()))
            .collect();
        prices.sort_unstable();
        prices.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
        prices
    }

    fn ask(offer: Offer, limit: Option<u32>, savings: Option<u64>, items: Vec<Item>) -> (u64, u64) {
        let usd = Currency::parse("USD").unwrap();
        let line_count = items.len();
        let cart = Cart { items: Some(items), ..Cart::default() };
        let quote = quote(&deal(offer, limit, savings), usd, &cart).unwrap();
        let Amount::Exact(amount) = quote.amount else { panic!("not an exact amount") };
        assert_eq!(quote.lines_minor.len(), line_count);
        (amount.get(), quote.lines_minor.iter().map(|line| line.get()).sum())
    }

    proptest! {
        #[test]
        fn a_percentage_is_that_of_the_cheapest_units(
            items in prop::collection::vec(item(), 1..12),
            limit in prop::option::of(1..20_u32),
            savings in prop::option::of(0..500_u64),
            bps in 0..=10_000_u16,
        ) {
            let total: u64 = units(&items, limit).iter().sum();
            let exact = (total * u64::from(bps) + 5_000) / 10_000;
            let expected = exact.min(savings.unwrap_or(u64::MAX));
            let percent = Discount::Percent(BasisPoints::new(bps).unwrap());
            let (amount, lines) = ask(Offer::GeneralSale(percent), limit, savings, items);
            prop_assert_eq!((amount, lines), (expected, expected));
        }

        #[test]
        fn a_bogo_reduces_the_cheapest_units_of_its_groups(
            items in prop::collection::vec(item(), 1..12),
            limit in prop::option::of(1..20_u32),
            (buy, get) in (1..4_u32, 1..4_u32),
            off in 0..60_u64,
        ) {
            let covered = units(&items, limit);
            let groups = covered.len() / (buy + get) as usize;
            let reduced = covered.iter().take(groups * get as usize);
            let expected: u64 = reduced.map(|price| off.min(*price)).sum();
            let reduction = Reduction::Amount(Minor::new(off).unwrap());
            let bogo = Offer::Bogo(Bogo { buy, get, reduction });
            let (amount, lines) = ask(bogo, limit, None, items);
            prop_assert_eq!((amount, lines), (expected, expected));
        }
    }
}
