//! What may be asked, and how JSON is read: every bound is checked here once.

use super::read;
use super::{BadRequest, Caller};
use crate::code::Nfkc;
use crate::id::EventTypeId;
use crate::money::{Currency, Minor};
use crate::order::{self, Cart, Country, ITEMS_MAX};
use crate::program::Program;
use crate::time::UnixMillis;
use crate::validation::Question;

use serde::{Deserialize, Serialize};

/// Most units of one line.
pub const QUANTITY_MAX: u32 = 1_000_000;

/// Longest customer id, in bytes.
pub const CUSTOMER_ID_SIZE_MAX: usize = 128;

/// May this code be used on this order?
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ValidateRequest {
    /// The code as the shopper typed it.
    pub code: String,
    /// What is known about the order. Conditions that ask for more are named in `unchecked`.
    #[serde(default, deserialize_with = "read::object")]
    pub cart: Option<CartFacts>,
    /// What the page noticed of how codes come into its field: `distinct_codes`, how many of them
    /// of late, and `untrusted_inputs`, how many that no key, paste or autofill put there. Counted,
    /// never trusted; changes no answer. Anything else in it is passed over.
    #[serde(default, deserialize_with = "read::signals")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<std::collections::BTreeMap<String, serde_json::Value>>")
    )]
    pub signals: Signals,
    /// Trusted callers only: the merchant's name for the customer. Left out for a guest.
    #[serde(default, deserialize_with = "read::customer_id")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = CUSTOMER_ID_SIZE_MAX)))]
    pub customer_id: Option<String>,
    /// Trusted callers only: the segments that the customer belongs to.
    #[serde(default)]
    pub segments: Option<Vec<String>>,
    /// Trusted callers only: whether it is the customer's first order.
    #[serde(default)]
    pub first_order: Option<bool>,
    /// Trusted callers only: the instant to judge at. Left out: now.
    #[serde(default, deserialize_with = "read::instant")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub placed_at: Option<UnixMillis>,
}

/// What a page noticed of how codes come into its field: a script tries many, and types none. A
/// page can say anything here, so that it is worth a count and no decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Signals {
    /// How many different codes one field was asked about within seconds, where that is many.
    pub distinct_codes: u32,
    /// How many of one field's questions were about a text that no shopper's key, paste or autofill
    /// put there.
    pub untrusted_inputs: u32,
}

impl Signals {
    /// Whether the page noticed nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Signals::default()
    }
}

/// The facts about an order, each of which may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CartFacts {
    /// ISO 4217 code of the amounts.
    #[serde(deserialize_with = "read::currency")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<String>", extend("pattern" = "^[A-Z]{3}$"))
    )]
    pub currency: Option<Currency>,
    /// Sum of the lines before any discount, without tax and shipping, in the currency's minor
    /// unit.
    #[serde(deserialize_with = "read::amount")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<u64>", range(max = Minor::MAX.get()))
    )]
    pub subtotal_minor: Option<Minor>,
    /// ISO 3166-1 code of where the order goes.
    #[serde(deserialize_with = "read::country")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<String>", extend("pattern" = "^[A-Z]{2}$"))
    )]
    pub country: Option<Country>,
    /// What kind of event the order will be, such as `SALE`. Left out: the program's only one.
    #[serde(deserialize_with = "read::event_type")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>"))]
    pub event_type: Option<EventTypeId>,
    /// The lines.
    #[serde(deserialize_with = "read::objects")]
    #[cfg_attr(feature = "cli", schemars(length(max = ITEMS_MAX)))]
    pub items: Option<Vec<ItemFacts>>,
}

/// One line of an order.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ItemFacts {
    /// The merchant's name for the article.
    pub sku: String,
    /// The article's category.
    #[serde(default)]
    pub category: Option<String>,
    /// How many units.
    #[serde(deserialize_with = "read::quantity")]
    #[cfg_attr(feature = "cli", schemars(range(min = 1, max = QUANTITY_MAX)))]
    pub quantity: u32,
    /// Price of one unit, in the currency's minor unit.
    #[serde(deserialize_with = "read::price")]
    #[cfg_attr(feature = "cli", schemars(with = "u64", range(max = Minor::MAX.get())))]
    pub unit_price_minor: Minor,
    /// A code that the shop keeps with the line. Stored with orders, never matched.
    #[serde(default)]
    pub promo_code: Option<String>,
}

impl ValidateRequest {
    /// Reads a request from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when it is no JSON, has a field that is not known or not this caller's to
    /// send, lacks one, or a value is out of bounds.
    pub fn parse(json: &[u8], caller: Caller) -> Result<Self, BadRequest> {
        let request: ValidateRequest = read::whole_object(json)?;
        if caller == Caller::Shopper {
            request.refuse_trusted_fields()?;
        }
        Ok(request)
    }

    /// The instant to judge at.
    #[must_use]
    pub fn at(&self, now: UnixMillis) -> UnixMillis {
        self.placed_at.unwrap_or(now)
    }

    /// The question that is asked of a program.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when the event type is none of the program's, or there are more lines than an
    /// order may have, or they are worth more than an amount can be.
    pub fn question(self, program: &Program, nfkc: Nfkc) -> Result<Question, BadRequest> {
        let facts = self.cart.unwrap_or_default();
        if let Some(id) = &facts.event_type {
            require_event_type(program, id, "cart.event_type")?;
        }
        let cart = Cart {
            event_type: facts.event_type,
            currency: facts.currency,
            subtotal_minor: facts.subtotal_minor,
            country: facts.country,
            items: facts.items.map(|items| lines(items, "cart.items")).transpose()?,
            customer_known: self.customer_id.is_some(),
            first_order: self.first_order,
            segments: self.segments,
        };
        Ok(Question { typed: self.code, nfkc, cart })
    }

    fn refuse_trusted_fields(&self) -> Result<(), BadRequest> {
        let sent = [
            ("customer_id", self.customer_id.is_some()),
            ("segments", self.segments.is_some()),
            ("first_order", self.first_order.is_some()),
            ("placed_at", self.placed_at.is_some()),
        ];
        match sent.into_iter().find(|(_, is_sent)| *is_sent) {
            None => Ok(()),
            Some((field, _)) => Err(BadRequest {
                path: field.to_owned(),
                expected: "no such field from a shopper".to_owned(),
                got: "a value".to_owned(),
                remedy: Some("leave it out, or send it from a server with a bearer token"),
            }),
        }
    }
}

/// Refuses an event type that is none of the program's.
pub(super) fn require_event_type(
    program: &Program,
    id: &EventTypeId,
    path: &str,
) -> Result<(), BadRequest> {
    if program.event_types.iter().any(|known| known.id == *id) {
        return Ok(());
    }
    let known: Vec<&str> = program.event_types.iter().map(|known| known.id.as_str()).collect();
    Err(BadRequest {
        path: path.to_owned(),
        expected: format!("one of {}", known.join(", ")),
        got: id.to_string(),
        remedy: None,
    })
}

/// The lines of an order, which stand at this path.
pub(super) fn lines(items: Vec<ItemFacts>, path: &str) -> Result<Vec<order::Item>, BadRequest> {
    let refused = |expected: String, got: String, remedy| {
        Err(BadRequest { path: path.to_owned(), expected, got, remedy: Some(remedy) })
    };
    if items.len() > ITEMS_MAX {
        let expected = format!("at most {ITEMS_MAX} lines");
        return refused(expected, format!("{} lines", items.len()), "merge lines of one article");
    }
    let total: u128 = items
        .iter()
        .map(|item| u128::from(item.unit_price_minor.get()).saturating_mul(item.quantity.into()))
        .sum();
    if total > u128::from(Minor::MAX.get()) {
        let expected = format!("lines worth at most {} in all", Minor::MAX.get());
        return refused(expected, format!("{total}"), "send amounts in the minor unit");
    }
    let line = |item: ItemFacts| order::Item {
        sku: item.sku,
        category: item.category,
        quantity: item.quantity,
        unit_price_minor: item.unit_price_minor,
    };
    Ok(items.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(signals: &str, distinct_codes: u32, untrusted_inputs: u32) {
        let json = format!(r#"{{"code":"X","signals":{signals}}}"#);
        let request = ValidateRequest::parse(json.as_bytes(), Caller::Shopper).unwrap();
        assert_eq!(request.signals, Signals { distinct_codes, untrusted_inputs }, "{signals}");
    }

    #[test]
    fn signals_are_two_counts_whatever_else_they_say() {
        check(r#"{"distinct_codes":7,"window_s":10,"untrusted_inputs":2}"#, 7, 2);
        check("null", 0, 0);
        check("{}", 0, 0);
        check(r#"{"distinct_codes":-1,"untrusted_inputs":"9"}"#, 0, 0);
        check(r#"{"distinct_codes":1.5,"untrusted_inputs":[1]}"#, 0, 0);
        check(r#"{"distinct_codes":99999999999,"other":{"deep":[{}]}}"#, u32::MAX, 0);
    }
}
