//! Deals: the offer a code stands for, and its conditions. What a deal is worth on an order is
//! [`quote`](crate::quote)'s question; whether the order qualifies,
//! [`eligibility`](crate::eligibility)'s.

use crate::id::DealId;
use crate::money::{BasisPoints, Currency, Minor};
use crate::order::Country;
use crate::time::{Schedule, ScheduleState, UnixMillis};

/// The offer a promo code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The deal's id in its program.
    pub id: DealId,
    /// What people call it.
    pub name: String,
    /// What is offered.
    pub offer: Offer,
    /// On what part of an order.
    pub scope: Scope,
    /// When it is in force. A code that is not synchronised with its deal outlives it, without a
    /// quote.
    pub schedule: Schedule,
    /// Whether its codes are active only while it is in force.
    pub sync_codes: bool,
    /// Which orders qualify.
    pub conditions: Conditions,
    /// The most that can be saved on one order.
    pub maximum_savings_minor: Option<Minor>,
    /// How many eligible units of one order the deal covers at most.
    pub purchase_limit_quantity: Option<u32>,
}

impl Deal {
    /// When a code with this schedule of its own is active: only while both are in force, if the
    /// deal is synchronised with its codes. So an expired code stays expired, whatever its deal.
    #[must_use]
    pub fn narrow(&self, own: Schedule) -> Schedule {
        if self.sync_codes { own.narrowed_to(&self.schedule) } else { own }
    }

    /// Whether it is in force at an instant.
    #[must_use]
    pub fn is_in_force(&self, at: UnixMillis) -> bool {
        self.schedule.state_at(at) == ScheduleState::Active
    }
}

/// What a deal offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// Money off (`general_sale`).
    GeneralSale(Discount),
    /// Delivery costs nothing.
    FreeShipping,
    /// Something is added to the parcel.
    GiftWithPurchase,
    /// Money back later.
    Rebate,
    /// Buy some, get some for less (`bogo`).
    Bogo(Bogo),
}

impl Offer {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Offer::GeneralSale(_) => "general_sale",
            Offer::FreeShipping => "free_shipping",
            Offer::GiftWithPurchase => "gift_with_purchase",
            Offer::Rebate => "rebate",
            Offer::Bogo(_) => "bogo",
        }
    }
}

/// Money off an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discount {
    /// An amount.
    Fixed(Minor),
    /// A percentage.
    Percent(BasisPoints),
    /// A percentage somewhere between two.
    PercentRange {
        /// At least.
        low: BasisPoints,
        /// At most.
        high: BasisPoints,
    },
    /// Up to a percentage.
    PercentMaximum(BasisPoints),
}

/// For every `buy` units bought, `get` more for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bogo {
    /// How many units are paid in full, at least 1.
    pub buy: u32,
    /// How many further ones are reduced, at least 1.
    pub get: u32,
    /// By how much.
    pub reduction: Reduction,
}

/// What is taken off each unit that a [`Bogo`] reduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// All of its price.
    Free,
    /// An amount, at most its price.
    Amount(Minor),
    /// A share of its price.
    Percent(BasisPoints),
}

/// Which lines of an order a deal covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    EntireStore,
    /// Those of these categories.
    Category(Vec<String>),
    /// Those with these SKUs.
    Product(Vec<String>),
}

/// Which orders a deal is for. Checked in the order of the fields; an empty list or `None` asks for
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// The currency of the deal's amounts; an order in another is refused.
    pub currency: Option<Currency>,
    /// Countries it is for.
    pub countries: Vec<Country>,
    /// Only a customer's first order.
    pub first_order_only: bool,
    /// Customer segments it is for; one of them is enough.
    pub segments: Vec<String>,
    /// Least order subtotal.
    pub minimum_purchase_minor: Option<Minor>,
    /// Least number of units on the order.
    pub minimum_quantity: Option<u32>,
}
