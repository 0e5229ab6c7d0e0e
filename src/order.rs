//! What is known about an order. Every bound is checked where one is made.
//!
//! - [`Cart`] is what is known while a code is asked about; a condition whose fact is missing
//!   cannot be checked and is reported as such.
//! - [`Case`] is what credit is decided by, [`Sale`] what the credited partner is paid by.

use crate::id::{EventTypeId, PartnerId};
use crate::money::{Currency, Minor};
use crate::time::UnixMillis;

use std::fmt;

/// Most items that an order may have.
pub const ITEMS_MAX: usize = 500;

/// Most promo codes that an order may have.
pub const CODES_MAX: usize = 16;

/// Most clicks that an order may have.
pub const CLICKS_MAX: usize = 1_000;

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

/// What credit is decided by: all of an order that says who was involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What kind of event it is; one of the program's.
    pub event_type: EventTypeId,
    /// When the order was placed: everything is judged at this instant.
    pub placed_at: UnixMillis,
    /// The codes, as received and in the order typed.
    pub promo_codes: Vec<String>,
    /// Clicks in the order they were reported; of equal instants the later position is the later
    /// click.
    pub clicks: Vec<Click>,
    /// What became of the signed click path that came with the order.
    pub click_path: ClickPathUse,
    /// Whether a customer is known: what a cap per customer needs.
    pub customer_known: bool,
    /// The partner to be credited, whatever codes and clicks say. One of the program's.
    pub forced_partner: Option<PartnerId>,
}

/// A partner's click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Click {
    /// Whose.
    pub partner: PartnerId,
    /// When.
    pub at: UnixMillis,
}

/// What became of the signed click path that came with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClickPathUse {
    /// There was none.
    #[default]
    Absent,
    /// Its clicks are among the order's.
    Merged,
    /// It is not one of this program's, or cannot be checked here: its clicks do not count.
    Ignored,
}

/// What the credited partner is paid by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// The currency of its amounts.
    pub currency: Currency,
    /// Sum of its lines before any discount, without tax and shipping.
    pub subtotal_minor: Minor,
    /// Money off the whole order.
    pub discount_minor: Minor,
    /// Its lines, where they are known.
    pub items: Vec<Item>,
    /// Where it goes.
    pub country: Option<Country>,
    /// Whether it is the customer's first.
    pub first_order: Option<bool>,
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
