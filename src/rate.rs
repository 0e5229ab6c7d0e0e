//! What a contract earns: the terms that a payout is read from (domain 1.9).
//!
//! - [`PayoutTerms`] is a contract's groups, restrictions and default.
//! - [`Criteria`] is which orders, or which lines of one, a group or a restriction is about.
//! - [`ExceptionList`] is codes that are paid at a rate of their own.
//!
//! Which codes are on a list is kept by the snapshot, under a keyed hash; here a list is its index.

use crate::id::ExceptionListId;
use crate::money::{BasisPoints, Currency, Minor};
use crate::order::Country;

/// How much is earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// A share of what the order is worth after its discount.
    Share(BasisPoints),
    /// An amount, once an order.
    Fixed(Amount),
}

/// A sum of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// In which currency.
    pub currency: Currency,
    /// How much.
    pub minor: Minor,
}

/// What a contract earns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PayoutTerms {
    /// Any of them takes an order, or lines of it, out of payment.
    pub restrictions: Vec<Restriction>,
    /// Read from the top; the first that applies is used.
    pub groups: Vec<PayoutGroup>,
    /// When no group applies.
    pub default: Option<Rate>,
}

/// A rate for some orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutGroup {
    /// What people call it.
    pub name: String,
    /// All of these must hold.
    pub when: Criteria,
    /// What is earned.
    pub rate: Rate,
}

/// Orders, or lines of them, that are not paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// What people call it.
    pub name: String,
    /// All of these must hold.
    pub when: Criteria,
}

/// Which orders, or which lines of one. What is `None` is not asked; a fact that is asked for and
/// is not known does not hold. A snapshot's lists are ascending: orders have hundreds of lines,
/// and a list may have thousands of SKUs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Criteria {
    /// The order's code is on this list, which is the criterion's own.
    pub code_in: Option<CodeListIndex>,
    /// The order's code is on one of these exception lists.
    pub code_in_lists: Option<Vec<CodeListIndex>>,
    /// The order is worth at least this after its discount.
    pub minimum_total: Option<Amount>,
    /// Whether it is the customer's first order.
    pub first_order: Option<bool>,
    /// The order goes to one of these countries.
    pub countries: Option<Vec<Country>>,
    /// The line is of one of these categories.
    pub categories: Option<Vec<String>>,
    /// The line has one of these SKUs.
    pub skus: Option<Vec<String>>,
}

impl Criteria {
    /// Whether lines are asked about, and not the order alone.
    #[must_use]
    pub fn are_on_items(&self) -> bool {
        self.categories.is_some() || self.skus.is_some()
    }
}

/// A list of codes, by its place in the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeListIndex(pub u32);

/// Codes that are paid at a rate of their own, whoever is credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionList {
    /// The list's id.
    pub id: ExceptionListId,
    /// What people call it.
    pub name: String,
    /// Which codes are on it.
    pub codes: CodeListIndex,
    /// What is earned; `None`: the list only serves criteria.
    pub rate: Option<Rate>,
}
