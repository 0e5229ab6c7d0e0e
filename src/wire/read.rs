//! Single values: what may stand in a field, said in the words of the error.

use super::{
    BadRequest, CART_ID_SIZE_MAX, CUSTOMER_ID_SIZE_MAX, QUANTITY_MAX, REASON_SIZE_MAX, Signals,
    TTL_S,
};
use crate::id::{EventTypeId, Id};
use crate::money::{Currency, Minor};
use crate::order::Country;
use crate::time::UnixMillis;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Unexpected, Visitor};

use std::fmt;
use std::marker::PhantomData;

/// A struct read from an object and nothing else: serde's derive would take a list of the fields'
/// values too, and a list has no names to check.
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Fields(PhantomData))
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
    }
}

pub fn signals<'de, D: Deserializer<'de>>(from: D) -> Result<Signals, D::Error> {
    let signals = Option::<Object<Lenient>>::deserialize(from)?;
    Ok(signals.map_or(Signals::default(), |Object(Lenient(signals))| signals))
}

/// Signals as a page sends them: what cannot be read is none.
struct Lenient(Signals);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = serde_json::Map::deserialize(from)?;
        let count = |name| {
            let count = said.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let (distinct_codes, untrusted_inputs) =
            (count("distinct_codes"), count("untrusted_inputs"));
        Ok(Lenient(Signals { distinct_codes, untrusted_inputs }))
    }
}

pub fn object<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Object<T>>::deserialize(from)?.map(|Object(fields)| fields))
}

pub fn objects<'de, D, T>(from: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let objects = Option::<Vec<Object<T>>>::deserialize(from)?;
    Ok(objects.map(|objects| objects.into_iter().map(|Object(fields)| fields).collect()))
}

/// Reads a whole text as one object.
pub fn whole_object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, BadRequest> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let Object(value): Object<T> = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| BadRequest::from_json(&error.path().to_string(), error.inner()))?;
    reader.end().map_err(|error| BadRequest::from_json("$", &error))?;
    Ok(value)
}

pub fn customer_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    const _: () = assert!(CUSTOMER_ID_SIZE_MAX == 128, "the words below say so");
    optional(from, up_to(CUSTOMER_ID_SIZE_MAX), "1 to 128 bytes; a guest has no customer_id")
}

#[cfg(any(feature = "cli", feature = "edge"))]
pub fn required_customer_id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    required(from, up_to(CUSTOMER_ID_SIZE_MAX), "1 to 128 bytes")
}

pub fn cart_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    const _: () = assert!(CART_ID_SIZE_MAX == 128, "the words below say so");
    optional(from, up_to(CART_ID_SIZE_MAX), "1 to 128 bytes")
}

pub fn required_cart_id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    required(from, up_to(CART_ID_SIZE_MAX), "1 to 128 bytes")
}

pub fn reason<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    const _: () = assert!(REASON_SIZE_MAX == 500, "the words below say so");
    required(from, up_to(REASON_SIZE_MAX), "1 to 500 bytes: why, in your own words")
}

fn up_to(most: usize) -> impl Fn(&str) -> Option<String> {
    move |text| (1..=most).contains(&text.len()).then(|| text.to_owned())
}

pub fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMillis>, D::Error> {
    optional(from, parse_instant, INSTANT)
}

pub fn required_instant<'de, D: Deserializer<'de>>(from: D) -> Result<UnixMillis, D::Error> {
    required(from, parse_instant, INSTANT)
}

const INSTANT: &str = "an instant of RFC 3339, such as 2026-06-15T12:00:00Z";

fn parse_instant(text: &str) -> Option<UnixMillis> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    let millis = instant.as_nanosecond().div_euclid(1_000_000);
    i64::try_from(millis).ok().map(UnixMillis)
}

pub fn currency<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Currency>, D::Error> {
    optional(from, Currency::parse, CURRENCY)
}

pub fn required_currency<'de, D: Deserializer<'de>>(from: D) -> Result<Currency, D::Error> {
    required(from, Currency::parse, CURRENCY)
}

const CURRENCY: &str = "an ISO 4217 code, such as USD";

pub fn country<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Country>, D::Error> {
    optional(from, Country::parse, "an ISO 3166-1 code of two letters, such as US")
}

pub fn event_type<'de, D: Deserializer<'de>>(from: D) -> Result<Option<EventTypeId>, D::Error> {
    optional(from, |text| EventTypeId::parse(text).ok(), "an event type's id, such as SALE")
}

pub fn id<'de, D: Deserializer<'de>, Of>(from: D) -> Result<Id<Of>, D::Error> {
    required(from, |text| Id::parse(text).ok(), ID)
}

pub fn optional_id<'de, D: Deserializer<'de>, Of>(from: D) -> Result<Option<Id<Of>>, D::Error> {
    optional(from, |text| Id::parse(text).ok(), ID)
}

const ID: &str = "1 to 64 bytes without control characters or white space at the ends";

pub fn amount<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Minor>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(from)?;
    number.map(|number| whole(&number, Minor::new, AMOUNT)).transpose()
}

pub fn price<'de, D: Deserializer<'de>>(from: D) -> Result<Minor, D::Error> {
    whole(&serde_json::Number::deserialize(from)?, Minor::new, AMOUNT)
}

pub fn quantity<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let parse = |number| {
        u32::try_from(number).ok().filter(|quantity| (1..=QUANTITY_MAX).contains(quantity))
    };
    let number = serde_json::Number::deserialize(from)?;
    whole(&number, parse, "a whole number from 1 to 1000000")
}

pub fn ttl<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    const _: () = assert!(*TTL_S.start() == 60 && *TTL_S.end() == 3_600, "the words below say so");
    let parse = |number| u32::try_from(number).ok().filter(|ttl| TTL_S.contains(ttl));
    let number = serde_json::Number::deserialize(from)?;
    whole(&number, parse, "a whole number of seconds from 60 to 3600")
}

const AMOUNT: &str = "a whole number of minor units from 0 to 9007199254740991";

fn optional<'de, D: Deserializer<'de>, T>(
    from: D,
    parse: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| word(&text, parse, expected)).transpose()
}

fn required<'de, D: Deserializer<'de>, T>(
    from: D,
    parse: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Result<T, D::Error> {
    word(&String::deserialize(from)?, parse, expected)
}

fn word<T, E: serde::de::Error>(
    text: &str,
    parse: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Result<T, E> {
    parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &expected))
}

fn whole<T, E: serde::de::Error>(
    number: &serde_json::Number,
    parse: impl Fn(u64) -> Option<T>,
    expected: &str,
) -> Result<T, E> {
    let wrong = || E::invalid_value(Unexpected::Other(&number.to_string()), &expected);
    number.as_u64().and_then(parse).ok_or_else(wrong)
}
