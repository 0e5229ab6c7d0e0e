//! An order as plain data.

use super::shop::At;

use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct Order {
    pub order_id: &'static str,
    pub event_type: &'static str,
    pub placed_at: At,
    pub promo_codes: Vec<String>,
    pub customer_id: Option<&'static str>,
    pub first_order: Option<bool>,
    pub country: Option<&'static str>,
    pub currency: &'static str,
    pub subtotal_minor: u64,
    pub discount_minor: Option<u64>,
    pub items: Vec<Item>,
    pub clicks: Vec<Click>,
    pub click_path: Option<&'static str>,
    pub forced_partner: Option<&'static str>,
    /// No field of an order: what a ledger would say of its code.
    #[serde(skip)]
    pub is_exhausted: bool,
    /// No field of an order either: the clicks that its click path holds, if it is genuine.
    #[serde(skip)]
    pub path: Option<Vec<Click>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Item {
    pub sku: &'static str,
    pub category: Option<&'static str>,
    pub quantity: u32,
    pub unit_price_minor: u64,
    pub promo_code: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Click {
    pub partner: &'static str,
    pub at: At,
}

impl Order {
    /// All clicks, in the order in which they count.
    pub fn all_clicks(&self) -> Vec<&Click> {
        self.path.iter().flatten().chain(&self.clicks).collect()
    }
}
