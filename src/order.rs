//! What is known about an order when a code is asked about. Every bound is checked where one is
//! made; a condition whose fact is missing cannot be checked and is reported as such.

use crate::id::{EventTypeId, PartnerId};
use crate::money::{Currency, Minor};
use crate::time::UnixMillis;

use std::fmt;

/// Most items that an order may have.
pub const ITEMS_MAX: usize = 500;

/// An ISO 3166-1 code: two capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads a code of two capital letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Country(letters))
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The facts about an order that conditions ask for, each `None` while it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cart {
    /// What kind of event the order will be.
    pub event_type: Option<EventTypeId>,
    /// The currency of its amounts.
    pub currency: Option<Currency>,
    /// Sum of its lines before any discount.
    pub subtotal_minor: Option<Minor>,
    /// Where it goes.
    pub country: Option<Country>,
    /// Its lines.
    pub items: Option<Vec<Item>>,
    /// Whether a customer is known: what a cap per customer needs.
    pub customer_known: bool,
    /// Whether it is this customer's first.
    pub first_order: Option<bool>,
    /// The customer's segments.
    pub segments: Option<Vec<String>>,
}

/// A partner's click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Click {
    /// Whose.
    pub partner: PartnerId,
    /// When.
    pub at: UnixMillis,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The merchant's name for the article.
    pub sku: String,
    /// The article's category.
    pub category: Option<String>,
    /// How many units.
    pub quantity: u32,
    /// Price of one unit.
    pub unit_price_minor: Minor,
}

impl Item {
    /// Price of all units of the line.
    #[must_use]
    pub fn total_minor(&self) -> Minor {
        self.unit_price_minor.times(u64::from(self.quantity))
    }
}
