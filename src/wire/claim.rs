//! An order as it is kept: in one spelling, without the customer's name, and what two orders of the
//! same name are compared by.

use super::decision::rfc3339;
use super::{ClickFacts, ItemFacts, Order};
use crate::ledger::{Claim, Field};
use crate::order::Click;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

impl Order {
    /// The order as it may be kept: the customer under a name that says nothing, the clicks of its
    /// path beside the others. What is read from it again decides the same.
    #[must_use]
    pub fn sealed(self, customer: Option<String>, path: Option<Vec<Click>>) -> Self {
        let facts = |Click { partner, at }| ClickFacts { partner, at };
        let listed = self.clicks.into_iter().flatten();
        let clicks = path.into_iter().flatten().map(facts).chain(listed).collect();
        Order { customer_id: customer, clicks: Some(clicks), click_path: None, ..self }
    }

    /// What an order of the same name is compared by. Made of sealed orders: whoever compares does
    /// not know customers by their names.
    #[must_use]
    pub fn claim(&self) -> Claim {
        Claim::new(|field| self.value(field).map(|value| value.to_string()))
    }

    /// What is said in a field; nothing where that is the default.
    fn value(&self, field: Field) -> Option<Value> {
        match field {
            Field::PlacedAt => Some(json!(rfc3339(self.placed_at))),
            Field::PromoCodes => unless_empty(self.codes().iter().map(|code| json!(code))),
            Field::CustomerId => self.customer_id.as_ref().map(|customer| json!(customer)),
            Field::FirstOrder => self.first_order.map(|first| json!(first)),
            Field::Segments => unless_empty(self.sorted_segments().into_iter().map(|it| json!(it))),
            Field::Country => self.country.map(|country| json!(country.as_str())),
            Field::CartId => self.cart_id.as_ref().map(|cart| json!(cart)),
            Field::Currency => Some(json!(self.currency.as_str())),
            Field::SubtotalMinor => Some(json!(self.subtotal_minor.get())),
            Field::DiscountMinor => Some(json!(self.discount_minor.unwrap_or_default().get())),
            Field::Items => unless_empty(self.items.iter().flatten().map(ItemFacts::value)),
            Field::ForcedPartner => {
                self.forced_partner.as_ref().map(|partner| json!(partner.as_str()))
            }
        }
    }

    /// Segments are a set: who sends them again may list them in another order.
    fn sorted_segments(&self) -> Vec<&String> {
        let mut segments: Vec<&String> = self.segments.iter().flatten().collect();
        segments.sort_unstable();
        segments.dedup();
        segments
    }
}

/// An order in its one spelling. Read again, it is the same order.
impl Serialize for Order {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("order_id", self.order_id.as_str())?;
        map.serialize_entry("event_type", self.event_type.as_str())?;
        for field in Field::ALL {
            if let Some(value) = self.value(field) {
                map.serialize_entry(field.name(), &value)?;
            }
        }
        if let Some(path) = &self.click_path {
            map.serialize_entry("click_path", path)?;
        }
        let clicks: Vec<Value> = self.clicks.iter().flatten().map(ClickFacts::value).collect();
        if !clicks.is_empty() {
            map.serialize_entry("clicks", &clicks)?;
        }
        map.end()
    }
}

impl ItemFacts {
    fn value(&self) -> Value {
        json!({
            "sku": self.sku,
            "category": self.category,
            "quantity": self.quantity,
            "unit_price_minor": self.unit_price_minor.get(),
            "promo_code": self.promo_code,
        })
    }
}

impl ClickFacts {
    fn value(&self) -> Value {
        json!({ "partner": self.partner.as_str(), "at": rfc3339(self.at) })
    }
}

fn unless_empty(values: impl Iterator<Item = Value>) -> Option<Value> {
    let values: Vec<Value> = values.collect();
    (!values.is_empty()).then_some(Value::Array(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = r#"{"order_id":"A1","event_type":"SALE",
        "placed_at":"2026-06-15T12:00:00Z","currency":"USD","subtotal_minor":12900}"#;

    fn order(changes: &Value) -> Order {
        let mut order: Value = serde_json::from_str(PLAIN).unwrap();
        let fields = order.as_object_mut().unwrap();
        fields.extend(changes.as_object().unwrap().clone());
        Order::parse(order.to_string().as_bytes()).unwrap()
    }

    #[track_caller]
    fn check(changes: &Value, again: &Value, expected: Option<&str>) {
        let difference = order(changes).claim().first_difference(&order(again).claim());
        assert_eq!(difference.map(|it| it.to_string()).as_deref(), expected);
    }

    #[test]
    fn the_same_said_otherwise_is_no_difference() {
        for (changes, again) in [
            (json!({}), json!({ "discount_minor": 0, "promo_codes": [], "items": null })),
            (json!({}), json!({ "placed_at": "2026-06-15T05:00:00-07:00" })),
            (json!({ "segments": ["a", "b"] }), json!({ "segments": ["b", "a", "b"] })),
            (json!({}), json!({ "clicks": [{ "partner": "ana", "at": "2026-06-01T00:00:00Z" }] })),
            (json!({}), json!({ "click_path": "anything" })),
        ] {
            check(&changes, &again, None);
        }
    }

    #[test]
    fn the_first_difference_is_named() {
        let other = "order_exists_with_different_subtotal_minor";
        check(&json!({}), &json!({ "subtotal_minor": 1, "items": [] }), Some(other));
        let codes = "order_exists_with_different_promo_codes";
        let again = json!({ "promo_codes": ["A "], "subtotal_minor": 1 });
        check(&json!({ "promo_codes": ["A"] }), &again, Some(codes));
    }

    #[test]
    fn a_kept_order_is_read_as_the_same() {
        let item = json!({ "sku": "s", "quantity": 2, "unit_price_minor": 5, "promo_code": "X" });
        let order = order(&json!({
            "promo_codes": ["A", ""], "customer_id": "c", "first_order": true, "segments": ["b"],
            "country": "DE", "cart_id": "k", "discount_minor": 7, "items": [item],
            "forced_partner": "ana", "clicks": [{ "partner": "ana", "at": "2026-06-01T00:00:00Z" }],
        }));
        let text = serde_json::to_string(&order).unwrap();
        let read = Order::parse(text.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(read.claim(), order.claim());
    }
}
