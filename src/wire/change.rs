//! What may be asked of the ledger besides recording an order.

use super::BadRequest;
use super::read;
use crate::money::Minor;

use serde::{Deserialize, Serialize};

/// Longest reason that is kept, in bytes.
pub const REASON_SIZE_MAX: usize = 500;

/// For how long a use may be held for a cart, in seconds.
pub const TTL_S: std::ops::RangeInclusive<u32> = 60..=3_600;

/// Take an order back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReverseRequest {
    /// Why, in the merchant's words; it is kept and shown.
    #[serde(deserialize_with = "read::reason")]
    #[cfg_attr(feature = "cli", schemars(with = "String", length(min = 1, max = REASON_SIZE_MAX)))]
    pub reason: String,
}

/// Refund a part of an order.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct AdjustRequest {
    /// Sum of the lines that are left, before any discount.
    #[serde(deserialize_with = "read::price")]
    #[cfg_attr(feature = "cli", schemars(with = "u64", range(max = Minor::MAX.get())))]
    pub subtotal_minor: Minor,
    /// Money off them. Left out: none.
    #[serde(default, deserialize_with = "read::amount")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<u64>", range(max = Minor::MAX.get())))]
    pub discount_minor: Option<Minor>,
    /// Why, in the merchant's words; it is kept and shown.
    #[serde(deserialize_with = "read::reason")]
    #[cfg_attr(feature = "cli", schemars(with = "String", length(min = 1, max = REASON_SIZE_MAX)))]
    pub reason: String,
}

/// Hold a use of a code for a cart.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReservationRequest {
    /// The code, as it was typed.
    pub code: String,
    /// The shop's name for the cart, which its order will carry.
    #[serde(deserialize_with = "read::required_cart_id")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "String", length(min = 1, max = super::CART_ID_SIZE_MAX))
    )]
    pub cart_id: String,
    /// For how long, in seconds.
    #[serde(deserialize_with = "read::ttl")]
    #[cfg_attr(feature = "cli", schemars(range(min = 60, max = 3600)))]
    pub ttl_s: u32,
    /// The merchant's name for the customer: what a cap per customer needs.
    #[serde(default, deserialize_with = "read::customer_id")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<String>", length(min = 1, max = super::CUSTOMER_ID_SIZE_MAX))
    )]
    pub customer_id: Option<String>,
}

/// Whether a use is held for a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReservationAnswer {
    /// Whether it is.
    pub reserved: bool,
    /// Why not, such as `redemptions_exhausted`; null when it is.
    pub reason: Option<&'static str>,
    /// The shop's name for the cart.
    pub cart_id: String,
    /// The code; null when none matches.
    pub code_id: Option<String>,
    /// Until when it is held; null when nothing needs to be: the code has no cap.
    pub expires_at: Option<String>,
}

/// What a cart gave back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReleaseAnswer {
    /// The shop's name for the cart.
    pub cart_id: String,
    /// How many uses; none when nothing was held, or is no longer.
    pub released: u64,
}

impl ReverseRequest {
    /// Reads a request from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] names the first field that is not as it should be.
    pub fn parse(json: &[u8]) -> Result<Self, BadRequest> {
        read::whole_object(json)
    }
}

impl AdjustRequest {
    /// Reads a request from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] names the first field that is not as it should be.
    pub fn parse(json: &[u8]) -> Result<Self, BadRequest> {
        read::whole_object(json)
    }
}

impl ReservationRequest {
    /// Reads a request from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] names the first field that is not as it should be.
    pub fn parse(json: &[u8]) -> Result<Self, BadRequest> {
        read::whole_object(json)
    }
}
