//! Does this order qualify for a deal? Only facts that are known are judged; a condition whose fact
//! is missing is named, never refused.
//!
//! - [`check`] judges every condition, in the order of precedence.
//! - [`Fact`] is what a condition asks about, [`Unchecked`] which facts were asked for and are
//!   missing.

use crate::deal::{Bogo, Conditions, Deal, Discount, Offer, Reduction, Scope};
use crate::money::{Currency, Minor};
use crate::order::{Cart, Item};
use crate::reason::Rejection;

/// Something about an order that decides whether a code may be used on it. Names are those of the
/// request's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// What kind of event the order will be.
    EventType,
    /// The currency of its amounts.
    Currency,
    /// Where it goes.
    Country,
    /// Whether it is the customer's first.
    FirstOrder,
    /// The customer's segments.
    Segments,
    /// Sum of its lines before any discount.
    SubtotalMinor,
    /// Its lines.
    Items,
}

impl Fact {
    /// Every fact, in the order in which conditions ask for them.
    pub const ALL: [Fact; 7] = [
        Fact::EventType,
        Fact::Currency,
        Fact::Country,
        Fact::FirstOrder,
        Fact::Segments,
        Fact::SubtotalMinor,
        Fact::Items,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fact::EventType => "event_type",
            Fact::Currency => "currency",
            Fact::Country => "country",
            Fact::FirstOrder => "first_order",
            Fact::Segments => "segments",
            Fact::SubtotalMinor => "subtotal_minor",
            Fact::Items => "items",
        }
    }
}

/// The facts that conditions asked for and that are missing, each once, in the order of
/// [`Fact::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unchecked(Vec<Fact>);

impl Unchecked {
    /// The missing facts.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.0
    }

    /// Notes that a fact is missing.
    pub fn note(&mut self, fact: Fact) {
        if let Err(place) = self.0.binary_search(&fact) {
            self.0.insert(place, fact);
        }
    }

    /// The fact when it is known; otherwise notes that it is missing.
    fn known<T>(&mut self, fact: Fact, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.note(fact);
        }
        value
    }
}

/// Judges every condition of a deal (domain 1.7, in its order).
///
/// # Errors
///
/// The [`Rejection`] of the first condition that a known fact does not meet.
pub fn check(deal: &Deal, program: Currency, cart: &Cart) -> Result<Unchecked, Rejection> {
    let conditions = &deal.conditions;
    let mut unchecked = Unchecked::default();
    check_currency(deal, program, cart, &mut unchecked)?;
    check_countries(conditions, cart, &mut unchecked)?;
    check_first_order(conditions, cart, &mut unchecked)?;
    check_segments(conditions, cart, &mut unchecked)?;
    check_minimum_purchase(conditions, cart, &mut unchecked)?;
    check_minimum_quantity(conditions, cart, &mut unchecked)?;
    check_eligible_items(deal, cart, &mut unchecked)?;
    Ok(unchecked)
}

/// The currency that an order must be in: the one the deal names or, when it has amounts without
/// naming one, the program's. `None`: any will do.
#[must_use]
pub fn required_currency(deal: &Deal, program: Currency) -> Option<Currency> {
    deal.conditions.currency.or_else(|| has_amounts(deal).then_some(program))
}

/// Whether a line is part of a deal.
#[must_use]
pub fn covers(scope: &Scope, item: &Item) -> bool {
    match scope {
        Scope::EntireStore => true,
        Scope::Category(categories) => {
            item.category.as_ref().is_some_and(|category| categories.contains(category))
        }
        Scope::Product(skus) => skus.contains(&item.sku),
    }
}

type Checked = Result<(), Rejection>;

fn check_currency(
    deal: &Deal,
    program: Currency,
    cart: &Cart,
    unchecked: &mut Unchecked,
) -> Checked {
    let Some(required) = required_currency(deal, program) else { return Ok(()) };
    let currency = unchecked.known(Fact::Currency, cart.currency);
    refuse_unless(currency.is_none_or(|it| it == required), Rejection::CurrencyMismatch)
}

fn check_countries(conditions: &Conditions, cart: &Cart, unchecked: &mut Unchecked) -> Checked {
    if conditions.countries.is_empty() {
        return Ok(());
    }
    let country = unchecked.known(Fact::Country, cart.country);
    let listed = country.is_none_or(|it| conditions.countries.contains(&it));
    refuse_unless(listed, Rejection::CountryNotEligible)
}

fn check_first_order(conditions: &Conditions, cart: &Cart, unchecked: &mut Unchecked) -> Checked {
    if !conditions.first_order_only {
        return Ok(());
    }
    let first_order = unchecked.known(Fact::FirstOrder, cart.first_order);
    refuse_unless(first_order != Some(false), Rejection::FirstOrderOnly)
}

fn check_segments(conditions: &Conditions, cart: &Cart, unchecked: &mut Unchecked) -> Checked {
    if conditions.segments.is_empty() {
        return Ok(());
    }
    let segments = unchecked.known(Fact::Segments, cart.segments.as_ref());
    let shared = segments.is_none_or(|it| it.iter().any(|one| conditions.segments.contains(one)));
    refuse_unless(shared, Rejection::SegmentNotEligible)
}

fn check_minimum_purchase(
    conditions: &Conditions,
    cart: &Cart,
    unchecked: &mut Unchecked,
) -> Checked {
    let minimum = conditions.minimum_purchase_minor.unwrap_or_default();
    if minimum == Minor::ZERO {
        return Ok(());
    }
    // A subtotal that is not sent is what the lines add up to: that is what a subtotal is.
    let subtotal = cart.subtotal_minor.or_else(|| cart.items.as_deref().map(total_minor));
    let subtotal = unchecked.known(Fact::SubtotalMinor, subtotal);
    refuse_unless(subtotal.is_none_or(|it| minimum <= it), Rejection::MinimumPurchase)
}

fn check_minimum_quantity(
    conditions: &Conditions,
    cart: &Cart,
    unchecked: &mut Unchecked,
) -> Checked {
    let minimum = conditions.minimum_quantity.unwrap_or_default();
    if minimum == 0 {
        return Ok(());
    }
    let items = unchecked.known(Fact::Items, cart.items.as_deref());
    let quantity = items.map(|items| items.iter().map(|item| u64::from(item.quantity)).sum());
    let enough = quantity.is_none_or(|it: u64| u64::from(minimum) <= it);
    refuse_unless(enough, Rejection::MinimumQuantity)
}

fn check_eligible_items(deal: &Deal, cart: &Cart, unchecked: &mut Unchecked) -> Checked {
    if deal.scope == Scope::EntireStore && !counts_units(deal) {
        return Ok(());
    }
    let items = unchecked.known(Fact::Items, cart.items.as_deref());
    let covered = items.is_none_or(|items| items.iter().any(|item| covers(&deal.scope, item)));
    refuse_unless(covered, Rejection::NoEligibleItems)
}

fn refuse_unless(met: bool, rejection: Rejection) -> Checked {
    if met { Ok(()) } else { Err(rejection) }
}

/// Whether a deal says a sum of money anywhere, so that it means something in one currency only.
fn has_amounts(deal: &Deal) -> bool {
    let offered = match deal.offer {
        Offer::GeneralSale(Discount::Fixed(_))
        | Offer::Bogo(Bogo { reduction: Reduction::Amount(_), .. }) => true,
        Offer::GeneralSale(_) | Offer::Bogo(_) => false,
        Offer::FreeShipping | Offer::GiftWithPurchase | Offer::Rebate => false,
    };
    let minimum = deal.conditions.minimum_purchase_minor.is_some_and(|it| it > Minor::ZERO);
    offered || minimum || deal.maximum_savings_minor.is_some()
}

/// Whether what a deal is worth depends on single units, not on totals alone.
fn counts_units(deal: &Deal) -> bool {
    matches!(deal.offer, Offer::Bogo(_)) || deal.purchase_limit_quantity.is_some()
}

fn total_minor(items: &[Item]) -> Minor {
    items.iter().fold(Minor::ZERO, |sum, item| sum.plus(item.total_minor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declaration_order_is_the_order_of_the_conditions() {
        assert!(Fact::ALL.is_sorted());
    }

    #[test]
    fn a_missing_fact_is_named_once() {
        let mut unchecked = Unchecked::default();
        for fact in [Fact::Items, Fact::EventType, Fact::Items] {
            unchecked.note(fact);
        }
        assert_eq!(unchecked.facts(), [Fact::EventType, Fact::Items]);
    }
}
