//! What the platform is told: operations of its discounts API.

use super::{Deal, Quote, decimal};
use crate::money::{Currency, Minor};

use serde::Serialize;

#[derive(Serialize)]
pub struct Output<'a> {
    pub operations: Vec<Operation<'a>>,
}

#[derive(Serialize)]
pub enum Operation<'a> {
    #[serde(rename = "orderDiscountsAdd")]
    Order(Discounts<'a>),
    #[serde(rename = "productDiscountsAdd")]
    Product(Discounts<'a>),
    #[serde(rename = "deliveryDiscountsAdd")]
    Delivery(Discounts<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Discounts<'a> {
    candidates: Vec<Candidate<'a>>,
    selection_strategy: Strategy,
}

/// Which of the candidates the platform takes.
#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Strategy {
    All,
    First,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate<'a> {
    associated_discount_code: Code<'a>,
    message: String,
    targets: Vec<Target<'a>>,
    value: Value,
}

#[derive(Serialize)]
pub struct Code<'a> {
    code: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Target<'a> {
    #[serde(rename_all = "camelCase")]
    OrderSubtotal {
        excluded_cart_line_ids: [&'a str; 0],
    },
    CartLine {
        id: &'a str,
    },
    DeliveryGroup {
        id: &'a str,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Value {
    FixedAmount(FixedAmount),
    Percentage { value: &'static str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixedAmount {
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    applies_to_each_item: Option<bool>,
}

impl<'a> Operation<'a> {
    /// Money off the whole order.
    pub fn off_order(code: &'a str, deal: &Deal, quote: &Quote, amount: Minor) -> Self {
        let target = Target::OrderSubtotal { excluded_cart_line_ids: [] };
        let value = Value::amount(amount, quote.currency, None);
        let candidates = vec![Candidate::new(code, deal, vec![target], value)];
        Operation::Order(Discounts { candidates, selection_strategy: Strategy::First })
    }

    /// Money off lines, each by its own amount.
    pub fn off_lines(candidates: Vec<Candidate<'a>>) -> Self {
        Operation::Product(Discounts { candidates, selection_strategy: Strategy::All })
    }

    /// All deliveries for nothing; `None` before there are any: the platform refuses a candidate
    /// without a target, and all that the run says with it.
    pub fn free_delivery(
        code: &'a str,
        deal: &Deal,
        groups: impl Iterator<Item = &'a str>,
    ) -> Option<Self> {
        let targets: Vec<_> = groups.map(|id| Target::DeliveryGroup { id }).collect();
        if targets.is_empty() {
            return None;
        }
        let candidate = Candidate::new(code, deal, targets, Value::Percentage { value: "100" });
        Some(Operation::Delivery(Discounts {
            candidates: vec![candidate],
            selection_strategy: Strategy::All,
        }))
    }
}

impl<'a> Candidate<'a> {
    /// Money off one line, all its units together.
    pub fn off_line(
        code: &'a str,
        deal: &Deal,
        line: &'a str,
        currency: Currency,
        off: Minor,
    ) -> Self {
        let value = Value::amount(off, currency, Some(false));
        Candidate::new(code, deal, vec![Target::CartLine { id: line }], value)
    }

    fn new(code: &'a str, deal: &Deal, targets: Vec<Target<'a>>, value: Value) -> Self {
        let message = deal.name.clone();
        Candidate { associated_discount_code: Code { code }, message, targets, value }
    }
}

impl Value {
    fn amount(amount: Minor, currency: Currency, applies_to_each_item: Option<bool>) -> Self {
        let amount = decimal::written(amount, currency);
        Value::FixedAmount(FixedAmount { amount, applies_to_each_item })
    }
}
