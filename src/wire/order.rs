//! An order, as the merchant's server reports it: every bound is checked here once.

use super::BadRequest;
use super::read;
use super::request::{ItemFacts, lines, require_event_type};
use crate::id::{EventTypeId, OrderId, PartnerId};
use crate::money::{Currency, Minor};
use crate::order::{CLICKS_MAX, CODES_MAX, Cart, Case, Click, ClickPathUse, Country, Item, Sale};
use crate::program::Program;
use crate::time::UnixMillis;

use serde::Deserialize;

/// Longest name of a cart, in bytes.
pub const CART_ID_SIZE_MAX: usize = 128;

/// Which partner is this order credited to?
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Order {
    /// The shop's name for the order; unique for one event type.
    #[serde(deserialize_with = "read::id")]
    #[cfg_attr(feature = "cli", schemars(with = "String", length(min = 1, max = 64)))]
    pub order_id: OrderId,
    /// What kind of event it is, such as `SALE`.
    #[serde(deserialize_with = "read::id")]
    #[cfg_attr(feature = "cli", schemars(with = "String", length(min = 1, max = 64)))]
    pub event_type: EventTypeId,
    /// When it was placed: everything is judged at this instant.
    #[serde(deserialize_with = "read::required_instant")]
    #[cfg_attr(feature = "cli", schemars(with = "String", extend("format" = "date-time")))]
    pub placed_at: UnixMillis,
    /// The codes on the order, in the order typed. The first that matches is the order's.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(length(max = CODES_MAX)))]
    pub promo_codes: Option<Vec<String>>,
    /// The merchant's name for the customer. Left out for a guest.
    #[serde(default, deserialize_with = "read::customer_id")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<String>", length(min = 1, max = super::CUSTOMER_ID_SIZE_MAX))
    )]
    pub customer_id: Option<String>,
    /// Whether it is the customer's first order.
    #[serde(default)]
    pub first_order: Option<bool>,
    /// The segments that the customer belongs to.
    #[serde(default)]
    pub segments: Option<Vec<String>>,
    /// ISO 3166-1 code of where the order goes.
    #[serde(default, deserialize_with = "read::country")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<String>", extend("pattern" = "^[A-Z]{2}$"))
    )]
    pub country: Option<Country>,
    /// The cart that became this order, whose reservation it uses up.
    #[serde(default, deserialize_with = "read::cart_id")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<String>", length(min = 1, max = CART_ID_SIZE_MAX))
    )]
    pub cart_id: Option<String>,
    /// The value of the shopper's click-path cookie, as it is. One that is not this program's is
    /// passed over, and the trace says so.
    #[serde(default)]
    pub click_path: Option<String>,
    /// ISO 4217 code of the amounts.
    #[serde(deserialize_with = "read::required_currency")]
    #[cfg_attr(feature = "cli", schemars(with = "String", extend("pattern" = "^[A-Z]{3}$")))]
    pub currency: Currency,
    /// Sum of the lines before any discount, without tax and shipping, in the currency's minor
    /// unit.
    #[serde(deserialize_with = "read::price")]
    #[cfg_attr(feature = "cli", schemars(with = "u64", range(max = Minor::MAX.get())))]
    pub subtotal_minor: Minor,
    /// Money off the whole order.
    #[serde(default, deserialize_with = "read::amount")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<u64>", range(max = Minor::MAX.get())))]
    pub discount_minor: Option<Minor>,
    /// The lines.
    #[serde(default, deserialize_with = "read::objects")]
    #[cfg_attr(feature = "cli", schemars(length(max = crate::order::ITEMS_MAX)))]
    pub items: Option<Vec<ItemFacts>>,
    /// The partners' clicks before the order, oldest first; of equal instants the later one in this
    /// list is the later click.
    #[serde(default, deserialize_with = "read::objects")]
    #[cfg_attr(feature = "cli", schemars(length(max = CLICKS_MAX)))]
    pub clicks: Option<Vec<ClickFacts>>,
    /// The partner to be credited, whatever codes and clicks say. Needs a token with the scope
    /// `force`.
    #[serde(default, deserialize_with = "read::optional_id")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>", length(min = 1, max = 64)))]
    pub forced_partner: Option<PartnerId>,
}

/// A partner's click.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ClickFacts {
    /// Whose. Those of partners that the program does not know do not count.
    #[serde(deserialize_with = "read::id")]
    #[cfg_attr(feature = "cli", schemars(with = "String", length(min = 1, max = 64)))]
    pub partner: PartnerId,
    /// When.
    #[serde(deserialize_with = "read::required_instant")]
    #[cfg_attr(feature = "cli", schemars(with = "String", extend("format" = "date-time")))]
    pub at: UnixMillis,
}

impl Order {
    /// Reads an order from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] names the first field that is not as it should be.
    pub fn parse(json: &[u8]) -> Result<Self, BadRequest> {
        let order: Order = read::whole_object(json)?;
        let counts = [
            ("promo_codes", order.codes().len(), CODES_MAX),
            ("clicks", order.clicks.as_ref().map_or(0, Vec::len), CLICKS_MAX),
        ];
        match counts.into_iter().find(|(_, count, most)| count > most) {
            None => Ok(order),
            Some((path, count, most)) => Err(BadRequest {
                path: path.to_owned(),
                expected: format!("at most {most}"),
                got: count.to_string(),
                remedy: Some("send those that matter: the first codes, the last clicks"),
            }),
        }
    }

    /// Reads an order that was kept: with the clicks of its path it may have more than are taken.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] names the first field that is not as it should be.
    pub fn parse_kept(json: &[u8]) -> Result<Self, BadRequest> {
        read::whole_object(json)
    }

    /// The codes on the order, in the order typed.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        self.promo_codes.as_deref().unwrap_or_default()
    }

    /// What credit is decided by. `path` is the clicks of the order's click path, where it could be
    /// verified: they come before those that the order lists.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when the event type is none of the program's.
    pub fn case(&self, program: &Program, path: Option<Vec<Click>>) -> Result<Case, BadRequest> {
        require_event_type(program, &self.event_type, "event_type")?;
        let click_path = match (&self.click_path, &path) {
            (None, _) => ClickPathUse::Absent,
            (Some(_), None) => ClickPathUse::Ignored,
            (Some(_), Some(_)) => ClickPathUse::Merged,
        };
        let click = |click: &ClickFacts| Click { partner: click.partner.clone(), at: click.at };
        let listed = self.clicks.iter().flatten().map(click);
        Ok(Case {
            event_type: self.event_type.clone(),
            placed_at: self.placed_at,
            promo_codes: self.codes().to_vec(),
            clicks: path.into_iter().flatten().chain(listed).collect(),
            click_path,
            customer_known: self.customer_id.is_some(),
            forced_partner: self.forced_partner.clone(),
        })
    }

    /// What decides whether a code may be used on the order.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when the event type is none of the program's, or as [`Order::sale`].
    pub fn cart(&self, program: &Program) -> Result<Cart, BadRequest> {
        require_event_type(program, &self.event_type, "event_type")?;
        Ok(Cart {
            event_type: Some(self.event_type.clone()),
            currency: Some(self.currency),
            subtotal_minor: Some(self.subtotal_minor),
            country: self.country,
            items: self.items()?,
            customer_known: self.customer_id.is_some(),
            first_order: self.first_order,
            segments: self.segments.clone(),
        })
    }

    /// What the credited partner is paid by.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when there are more lines than an order may have, or they are worth more than
    /// an amount can be.
    pub fn sale(&self) -> Result<Sale, BadRequest> {
        Ok(Sale {
            currency: self.currency,
            subtotal_minor: self.subtotal_minor,
            discount_minor: self.discount_minor.unwrap_or_default(),
            items: self.items()?.unwrap_or_default(),
            country: self.country,
            first_order: self.first_order,
        })
    }

    fn items(&self) -> Result<Option<Vec<Item>>, BadRequest> {
        self.items.clone().map(|items| lines(items, "items")).transpose()
    }
}
