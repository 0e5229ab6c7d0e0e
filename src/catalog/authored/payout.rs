//! Payout terms as people write them (domain 1.9).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Codes that are paid at a rate of their own.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionList {
    /// 1 to 64 bytes.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// A regular expression with one group, whose text is compared with the items.
    #[serde(default)]
    pub match_expression: Option<String>,
    /// Codes, or texts of the expression's group.
    #[serde(default)]
    pub items: Vec<String>,
    /// What is earned, in basis points of the order.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    pub rate_bps: Option<u16>,
    /// What is earned, in the minor unit.
    #[serde(default)]
    pub amount_minor: Option<u64>,
    /// ISO 4217 code of the amount; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// What a contract earns: the first group that applies, else the default.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    /// Read from the top; the first that applies is used.
    #[serde(default)]
    pub groups: Vec<PayoutGroup>,
    /// When no group applies.
    #[serde(default)]
    pub default: Option<Rate>,
    /// Any of them blocks payment.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
}

/// A rate for some orders.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutGroup {
    /// What people call it.
    pub name: String,
    /// All of these must hold.
    pub when: Criteria,
    /// What is earned, in basis points of the order.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    pub rate_bps: Option<u16>,
    /// What is earned, in the minor unit.
    #[serde(default)]
    pub amount_minor: Option<u64>,
    /// ISO 4217 code of the amount; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// What is earned.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// In basis points of the order.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    pub rate_bps: Option<u16>,
    /// In the minor unit.
    #[serde(default)]
    pub amount_minor: Option<u64>,
    /// ISO 4217 code of the amount; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// Orders that are not paid for.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// What people call it.
    pub name: String,
    /// All of these must hold.
    pub when: Criteria,
}

/// Which orders, or lines of one; what is left out is not asked.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// The order's code is one of these.
    #[serde(default)]
    pub code_in: Option<Vec<String>>,
    /// The order's code is on one of these exception lists.
    #[serde(default)]
    pub code_in_lists: Option<Vec<String>>,
    /// The order is worth at least this, in the minor unit.
    #[serde(default)]
    pub minimum_total_minor: Option<u64>,
    /// ISO 4217 code of the total; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
    /// The line is of one of these categories.
    #[serde(default)]
    pub categories: Option<Vec<String>>,
    /// The line has one of these SKUs.
    #[serde(default)]
    pub skus: Option<Vec<String>>,
    /// Whether it is the customer's first order.
    #[serde(default)]
    pub first_order: Option<bool>,
    /// The order goes to one of these countries.
    #[serde(default)]
    pub countries: Option<Vec<String>>,
}
