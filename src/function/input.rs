//! What the platform sends: the answer to `plugins/shopify/*.graphql`. Fields that no query asks
//! for are passed over.

use super::{FunctionError, ITEMS_MAX, UnixMillis, day, decimal};
use crate::id::EventTypeId;
use crate::money::Currency;
use crate::order::{Cart, Country, Item};
use crate::snapshot::{HashKey, ReaderKey};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    pub cart: CartLines,
    /// Asked for by the run that discounts deliveries, under this name, and by no other: the cart
    /// says the same.
    delivery: Option<IgnoredAny>,
    pub discount: Discount,
    /// What the shopper typed; there is none where the discount is given without a code.
    #[serde(rename = "triggeringDiscountCode")]
    pub code: Option<String>,
    localization: Option<Localization>,
    pub shop: Shop,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CartLines {
    pub lines: Vec<Line>,
    buyer_identity: Option<BuyerIdentity>,
    delivery_groups: Vec<DeliveryGroup>,
}

#[derive(Deserialize)]
pub struct Line {
    pub id: String,
    quantity: u32,
    cost: Cost,
    merchandise: Merchandise,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    amount_per_quantity: Money,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Money {
    amount: String,
    #[serde(deserialize_with = "currency")]
    currency_code: Currency,
}

/// A product's variant; what is no product has neither.
#[derive(Deserialize)]
struct Merchandise {
    sku: Option<String>,
    product: Option<Product>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    product_type: Option<String>,
}

#[derive(Deserialize)]
struct BuyerIdentity {
    customer: Option<Customer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    number_of_orders: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryGroup {
    id: String,
    delivery_address: Option<Address>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    country_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Discount {
    discount_classes: Vec<DiscountClass>,
    pub metafield: Option<Metafield>,
}

/// What the merchant lets a discount reduce.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiscountClass {
    Order,
    Product,
    Shipping,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metafield {
    pub json_value: Settings,
}

#[derive(Deserialize)]
struct Localization {
    country: Option<LocalizationCountry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LocalizationCountry {
    iso_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shop {
    local_time: LocalTime,
}

#[derive(Deserialize)]
struct LocalTime {
    date: String,
}

/// What the metafield says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A bundle in base64.
    bundle: String,
    /// The programme's reader key, where the bundle is not the public one.
    key: Option<String>,
    /// The shop's standard time, in minutes east of Greenwich. It has no default: at another
    /// offset a schedule begins and ends on another day.
    utc_offset_minutes: i16,
    /// What kind of event an order is, where the programme has several.
    event_type: Option<String>,
}

/// The same, read.
pub struct Configuration {
    pub bundle: Vec<u8>,
    pub key: HashKey,
    /// The beginning of the shop's day.
    pub at: UnixMillis,
    pub event_type: Option<EventTypeId>,
}

impl Settings {
    pub fn read(&self, today: &str) -> Result<Configuration, FunctionError> {
        let bundle = STANDARD.decode(&self.bundle).map_err(|_| FunctionError::Base64)?;
        let key = match &self.key {
            Some(key) => ReaderKey::parse(key).map_err(FunctionError::Key)?.hash_key().clone(),
            None => HashKey::PUBLIC,
        };
        let at = day::begins_at(today, self.utc_offset_minutes).ok_or_else(|| {
            FunctionError::Input(serde_json::Error::custom("shop.localTime.date is no date"))
        })?;
        let event_type = self.event_type.as_deref().map(EventTypeId::parse).transpose();
        let event_type = event_type.map_err(FunctionError::EventType)?;
        Ok(Configuration { bundle, key, at, event_type })
    }
}

impl Shop {
    pub fn today(&self) -> &str {
        &self.local_time.date
    }
}

impl Discount {
    /// Whether the merchant lets the discount reduce this.
    pub fn gives(&self, class: DiscountClass) -> bool {
        self.discount_classes.contains(&class)
    }
}

impl Input {
    /// The deliveries, in a run that discounts these.
    pub fn deliveries(&self) -> Option<impl Iterator<Item = &str>> {
        let groups = self.cart.delivery_groups.iter();
        self.delivery.as_ref().map(|_| groups.map(|group| &*group.id))
    }

    /// What conditions ask about.
    pub fn facts(&self, event_type: Option<EventTypeId>) -> Result<Cart, FunctionError> {
        let lines = &self.cart.lines;
        if lines.len() > ITEMS_MAX {
            return Err(FunctionError::TooManyLines);
        }
        let items = lines.iter().map(Line::item).collect::<Result<Vec<_>, _>>();
        let customer = self.cart.buyer_identity.as_ref().and_then(|buyer| buyer.customer.as_ref());
        Ok(Cart {
            event_type,
            currency: lines.first().map(|line| line.cost.amount_per_quantity.currency_code),
            subtotal_minor: None,
            country: self.country(),
            items: Some(items.map_err(FunctionError::Input)?),
            customer_known: customer.is_some(),
            first_order: customer.map(|customer| customer.number_of_orders == 0),
            segments: None,
        })
    }

    /// Where the order goes; before an address is known, the country that the shop is shown for.
    fn country(&self) -> Option<Country> {
        let groups = self.cart.delivery_groups.iter();
        let mut addresses = groups.filter_map(|group| group.delivery_address.as_ref());
        let address = addresses.find_map(|address| address.country_code.as_deref());
        let shown = || Some(&*self.localization.as_ref()?.country.as_ref()?.iso_code);
        address.or_else(shown).and_then(Country::parse)
    }
}

impl Line {
    fn item(&self) -> Result<Item, serde_json::Error> {
        let Money { amount, currency_code } = &self.cost.amount_per_quantity;
        let product_type = self.merchandise.product.as_ref().and_then(|it| it.product_type.clone());
        Ok(Item {
            sku: self.merchandise.sku.clone().unwrap_or_default(),
            category: product_type.filter(|text| !text.is_empty()),
            quantity: self.quantity,
            unit_price_minor: decimal::read(amount, *currency_code).ok_or_else(|| {
                serde_json::Error::custom(format_args!("{amount:?} is no amount of money"))
            })?,
        })
    }
}

fn currency<'de, D: Deserializer<'de>>(from: D) -> Result<Currency, D::Error> {
    let text = String::deserialize(from)?;
    Currency::parse(&text).ok_or_else(|| D::Error::custom("expected a currency's three letters"))
}
