//! Telling the merchant's own server what was recorded: the requests of Standard Webhooks 1.0.0
//! (standardwebhooks.com), which receivers check with a library that they have.
//!
//! - [`Event`] is what happened to an order; [`Event::to_json`] is the request's body.
//! - [`Secrets::headers`] are the request's headers: which event, when it was sent, and the proof
//!   that we sent it.
//! - [`next`] says what follows an attempt, [`delay_after`] how long that waits.
//!
//! An event's id is its entry's ([`crate::ledger::place::entry_id`]): the same however often it is
//! sent, so that a receiver knows what it has.

use crate::id::ProgramId;
use crate::time::UnixMillis;
use crate::trace::Basis;
use crate::wire::{
    AdjustedFacts, CreditedGist, Entry, EntryError, EntryKind, Gist, RecordedOrder, ReversedFacts,
    Standing, rfc3339,
};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use std::fmt;

/// The header that names the event.
pub const ID_HEADER: &str = "webhook-id";
/// The header that says when it was sent, in seconds since 1970.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header with a signature by each secret.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

const SECRET_PREFIX: &str = "whsec_";
/// Least bytes of a secret.
const SECRET_SIZE_MIN: usize = 24;
/// Most bytes of a secret: the block of SHA-256.
const SECRET_SIZE_MAX: usize = 64;

/// Names the scheme: HMAC-SHA-256.
const SIGNATURE_PREFIX: &str = "v1,";

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// How long each attempt waits for the one before it: the example of the standard, a little more
/// than three days in all, so that a receiver may fail on a Friday night and be mended on Monday.
const DELAYS_MS: [u64; 10] = [
    0,
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];

/// The secrets that a receiver knows us by: one, or two while it is changed. Each signs, so that a
/// receiver that has either one hears us.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    first: Secret,
    second: Option<Secret>,
}

/// Filled up with zeros, which is what HMAC does with a key that is shorter than a block.
#[derive(Clone, PartialEq, Eq)]
struct Secret([u8; SECRET_SIZE_MAX]);

/// Why a text is not one or two secrets. Never quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretsError {
    /// There is none, or there are more than two.
    Count {
        /// How many there are.
        got: usize,
    },
    /// One does not begin as a secret does.
    Prefix,
    /// What follows is not base64, with its padding.
    Base64,
    /// One is too short to be safe, or longer than the standard allows.
    Size {
        /// How many bytes it has.
        got: usize,
    },
}

impl Secrets {
    /// Reads one secret or two, separated by white space: each `whsec_` and base64 of 24 to 64
    /// bytes, which must be random. The first one's signature stands first.
    ///
    /// # Errors
    ///
    /// [`SecretsError`] says how a secret looks; it never quotes the text.
    pub fn parse(text: &str) -> Result<Self, SecretsError> {
        let secrets: Vec<&str> = text.split_whitespace().collect();
        match *secrets {
            [first] => Ok(Secrets { first: Secret::parse(first)?, second: None }),
            [first, second] => {
                Ok(Secrets { first: Secret::parse(first)?, second: Some(Secret::parse(second)?) })
            }
            _ => Err(SecretsError::Count { got: secrets.len() }),
        }
    }

    /// The value of [`SIGNATURE_HEADER`]: each secret's signature over the id, the time in seconds
    /// since 1970 and the body, separated by a space.
    ///
    /// The id must have no full stop, or what is signed could be read in two ways; an entry's id
    /// has only hexadecimal digits.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        let secrets = std::iter::once(&self.first).chain(&self.second);
        let signatures: Vec<String> =
            secrets.map(|secret| secret.sign(id, timestamp_s, body)).collect();
        signatures.join(" ")
    }

    /// The three headers of a request that is sent at an instant. Another attempt has the same id
    /// and another time: receivers refuse what was signed more than a few minutes ago.
    #[must_use]
    pub fn headers(&self, id: &str, at: UnixMillis, body: &str) -> [(&'static str, String); 3] {
        let timestamp_s = at.0.div_euclid(1_000);
        [
            (ID_HEADER, id.to_owned()),
            (TIMESTAMP_HEADER, timestamp_s.to_string()),
            (SIGNATURE_HEADER, self.sign(id, timestamp_s, body)),
        ]
    }
}

impl Secret {
    fn parse(text: &str) -> Result<Self, SecretsError> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(SecretsError::Prefix)?;
        let bytes = BASE64.decode(encoded).map_err(|_| SecretsError::Base64)?;
        if !(SECRET_SIZE_MIN..=SECRET_SIZE_MAX).contains(&bytes.len()) {
            return Err(SecretsError::Size { got: bytes.len() });
        }
        let mut block = [0; SECRET_SIZE_MAX];
        block.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        Ok(Secret(block))
    }

    fn sign(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        let mac = Hmac::<Sha256>::new(&self.0.into())
            .chain_update(format!("{id}.{timestamp_s}."))
            .chain_update(body);
        format!("{SIGNATURE_PREFIX}{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

/// What follows an attempt to deliver an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the receiver has it.
    Delivered,
    /// Another attempt, after so many milliseconds.
    Again {
        /// How long to wait.
        after_ms: u64,
    },
    /// Nothing, until somebody replays it.
    Parked,
}

/// How long to wait for the next attempt when so many have been made, in milliseconds: none for the
/// first; `None` when enough have been made.
#[must_use]
pub fn delay_after(attempts: u32) -> Option<u64> {
    let index = usize::try_from(attempts).ok()?;
    DELAYS_MS.get(index).copied()
}

/// What follows when so many attempts have been made and the last one was answered with this
/// status; `None` for no answer in time, or no connection.
///
/// Any 2xx is a receipt. 410 says that nobody wants to hear any more. Everything else is tried
/// again, redirects, too: what was meant for one server is not to be told to another.
#[must_use]
pub fn next(attempts: u32, status: Option<u16>) -> Next {
    match status {
        Some(200..=299) => Next::Delivered,
        Some(410) => Next::Parked,
        _ => delay_after(attempts).map_or(Next::Parked, |after_ms| Next::Again { after_ms }),
    }
}

/// Something that happened to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Event {
    /// What happened: see [`EventKind::name`].
    #[serde(rename = "type")]
    #[cfg_attr(feature = "cli", schemars(extend("enum" = EventKind::ALL.map(EventKind::name))))]
    pub kind: &'static str,
    /// When it happened, not when it was sent.
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub timestamp: String,
    /// The order as it is since.
    pub data: EventData,
}

/// What can happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// It was recorded.
    Recorded,
    /// A part of it was refunded.
    Adjusted,
    /// It was reversed.
    Reversed,
}

/// An order as it is after an event, whole: a receiver need not have heard of what came before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct EventData {
    /// The program's id.
    pub program: String,
    /// What kind of event the order is.
    pub event_type: String,
    /// The merchant's name for it.
    pub order_id: String,
    /// The number of the order's entry. Of two events of an order the higher one is the later,
    /// whichever comes first.
    pub entry: u32,
    /// Where the order stands: `pending`, `approved` or `reversed`; null when nobody is credited.
    pub state: Option<&'static str>,
    /// Who is credited; null for nobody.
    pub credited: Option<EventCredit>,
    /// ISO 4217 code of the amounts.
    pub currency: String,
    /// Sum of the lines, in minor units.
    pub subtotal_minor: u64,
    /// Money off the whole order, in minor units.
    pub discount_minor: u64,
    /// What the partner earns, in minor units; null when nobody is credited.
    pub payout_minor: Option<u64>,
    /// Why it was adjusted or reversed, as the merchant said; null when it was recorded.
    pub reason: Option<String>,
}

/// Who is credited with an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct EventCredit {
    /// The partner's id.
    pub partner: String,
    /// Why: `promo_code`, `click` or `forced`.
    pub basis: String,
    /// The code that it rests on; null when it rests on something else.
    pub code_id: Option<String>,
}

impl Event {
    /// What happened to an order at an instant.
    #[must_use]
    pub fn new(kind: EventKind, at: UnixMillis, data: EventData) -> Self {
        Event { kind: kind.name(), timestamp: rfc3339(at), data }
    }

    /// What the last of an order's entries has to say; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`EntryError`] when the entries were not written by this code.
    pub fn of(
        program: &ProgramId,
        entries: &[Entry],
        now: UnixMillis,
    ) -> Result<Option<Self>, EntryError> {
        let (Some(last), Some(order)) = (entries.last(), RecordedOrder::read(entries)?) else {
            return Ok(None);
        };
        let Standing { state, current, .. } = order.standing("", None, now)?;
        let (kind, reason) = match last.kind {
            EntryKind::Recorded => (EventKind::Recorded, None),
            EntryKind::Adjusted => {
                (EventKind::Adjusted, Some(last.facts::<AdjustedFacts>()?.reason))
            }
            EntryKind::Reversed => {
                (EventKind::Reversed, Some(last.facts::<ReversedFacts>()?.reason))
            }
        };
        let data = EventData {
            program: program.to_string(),
            event_type: order.order.event_type.to_string(),
            order_id: order.order.order_id.to_string(),
            entry: last.number,
            state,
            credited: EventCredit::of(order.gist),
            currency: order.order.currency.to_string(),
            subtotal_minor: current.subtotal_minor,
            discount_minor: current.discount_minor,
            payout_minor: current.payout_minor,
            reason,
        };
        Ok(Some(Event::new(kind, UnixMillis(last.at), data)))
    }

    /// The request's body. It is signed as it stands, so it must be sent as it stands.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

impl EventCredit {
    fn of(Gist { code, credited, .. }: Gist) -> Option<Self> {
        let CreditedGist { partner, basis } = credited?;
        let code_id = code.map(|code| code.id).filter(|_| basis == Basis::PromoCode.name());
        Some(EventCredit { partner, basis, code_id })
    }
}

impl EventKind {
    /// Every kind.
    pub const ALL: [EventKind; 3] = [EventKind::Recorded, EventKind::Adjusted, EventKind::Reversed];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Recorded => "order.recorded",
            EventKind::Adjusted => "order.adjusted",
            EventKind::Reversed => "order.reversed",
        }
    }
}

impl fmt::Display for SecretsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes = format_args!("{SECRET_SIZE_MIN} to {SECRET_SIZE_MAX}");
        match self {
            SecretsError::Count { got } => {
                write!(f, "expected one secret, or two separated by a space, got {got}")
            }
            SecretsError::Prefix => {
                write!(f, "expected {SECRET_PREFIX} and base64 of {sizes} random bytes")
            }
            SecretsError::Base64 => write!(
                f,
                "expected base64 after {SECRET_PREFIX}, with + and / and the padding, got another \
                 text: make one with openssl rand -base64 32"
            ),
            SecretsError::Size { got } => {
                write!(f, "expected a secret of {sizes} bytes, got one of {got}")
            }
        }
    }
}

impl std::error::Error for SecretsError {}

// Secrets stay out of logs.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::ActionState;

    use proptest::prelude::*;
    use serde::Deserialize;

    /// What the standard gives as an example.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(rename = "about")]
        _about: String,
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        name: String,
        secrets: Vec<String>,
        id: String,
        timestamp_s: i64,
        body: String,
        signatures: Vec<String>,
    }

    fn cases() -> Vec<Case> {
        let file = include_str!("../tests/vectors/webhook.json");
        serde_json::from_str::<File>(file).unwrap().cases
    }

    fn secret(size: usize) -> String {
        format!("{SECRET_PREFIX}{}", BASE64.encode(vec![0xff; size]))
    }

    fn recorded() -> EventData {
        EventData {
            program: "1000".to_owned(),
            event_type: "SALE".to_owned(),
            order_id: "A1".to_owned(),
            entry: 1,
            state: Some(ActionState::Pending.name()),
            credited: Some(EventCredit {
                partner: "ana".to_owned(),
                basis: "promo_code".to_owned(),
                code_id: Some("save10".to_owned()),
            }),
            currency: "USD".to_owned(),
            subtotal_minor: 12_900,
            discount_minor: 1_290,
            payout_minor: Some(580),
            reason: None,
        }
    }

    fn reversed() -> EventData {
        EventData {
            order_id: "B\u{2011}7".to_owned(),
            entry: 2,
            state: None,
            credited: None,
            currency: "JPY".to_owned(),
            subtotal_minor: 0,
            discount_minor: 0,
            payout_minor: None,
            reason: Some("Gr\u{f6}\u{df}e \u{1f9e6} \"passt\" nicht".to_owned()),
            ..recorded()
        }
    }

    #[test]
    fn signatures_are_those_of_the_vectors() {
        for case in cases() {
            let secrets = Secrets::parse(&case.secrets.join(" ")).unwrap();
            let signed = secrets.sign(&case.id, case.timestamp_s, &case.body);
            assert_eq!(signed, case.signatures.join(" "), "{}", case.name);
        }
    }

    #[test]
    fn the_standards_example_is_signed_as_it_says() {
        let signed = Secrets::parse(SECRET).unwrap().sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn bodies_are_those_of_the_vectors() {
        let at = UnixMillis(1_781_524_800_250);
        let next_day = UnixMillis(1_781_568_000_000);
        let events = [
            Event::new(EventKind::Recorded, at, recorded()),
            Event::new(EventKind::Reversed, next_day, reversed()),
        ];
        let bodies: Vec<String> = cases().into_iter().map(|case| case.body).collect();
        for event in events {
            let body = event.to_json().unwrap();
            assert!(bodies.contains(&body), "{body}");
        }
    }

    #[test]
    fn what_happened_is_named() {
        let names = EventKind::ALL.map(|kind| Event::new(kind, UnixMillis(0), recorded()).kind);
        assert_eq!(names, ["order.recorded", "order.adjusted", "order.reversed"]);
    }

    #[test]
    fn headers_name_the_event_and_the_whole_second() {
        let secrets = Secrets::parse(SECRET).unwrap();
        let headers = secrets.headers("ab", UnixMillis(1_781_524_800_999), "{}");
        let signature = secrets.sign("ab", 1_781_524_800, "{}");
        let expected = [
            ("webhook-id", "ab".to_owned()),
            ("webhook-timestamp", "1781524800".to_owned()),
            ("webhook-signature", signature),
        ];
        assert_eq!(headers, expected);
    }

    #[test]
    fn the_first_secret_signs_first() {
        let (new, old) = (secret(64), secret(24));
        let sign = |text: &str| Secrets::parse(text).unwrap().sign("id", 7, "body");
        let both = sign(&format!("{new}\n {old} "));
        assert_eq!(both, format!("{} {}", sign(&new), sign(&old)));
    }

    #[test]
    fn secrets_that_are_none_are_refused() {
        use SecretsError::{Base64, Count, Prefix, Size};
        let refused = |text: &str| Secrets::parse(text).unwrap_err();
        let good = secret(32);
        assert_eq!(refused(""), Count { got: 0 });
        assert_eq!(refused(" \n"), Count { got: 0 });
        assert_eq!(refused(&format!("{good} {good} {good}")), Count { got: 3 });
        assert_eq!(refused("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Prefix);
        assert_eq!(refused(&format!("{good} whsk_{}", "A".repeat(44))), Prefix);
        assert_eq!(refused("whsec_***"), Base64);
        assert_eq!(refused(good.trim_end_matches('=')), Base64);
        assert_eq!(refused("whsec_"), Size { got: 0 });
        assert_eq!(refused(&secret(23)), Size { got: 23 });
        assert_eq!(refused(&secret(65)), Size { got: 65 });
        assert!(Secrets::parse(&secret(24)).is_ok() && Secrets::parse(&secret(64)).is_ok());
    }

    #[test]
    fn secrets_are_never_quoted() {
        let secrets = Secrets::parse(SECRET).unwrap();
        assert_eq!(format!("{secrets:?}"), "Secrets");
        for text in ["hunter2hunter2", "whsec_hunter2!", "whsec_aHVudGVyMg==", ""] {
            let error = Secrets::parse(text).unwrap_err();
            for said in [error.to_string(), format!("{error:?}")] {
                assert!(!said.contains("hunter2") && !said.contains("aHVud"), "{said}");
            }
        }
    }

    #[test]
    fn attempts_follow_the_standards_schedule() {
        let delays: Vec<u64> = (0..).map_while(delay_after).collect();
        let (minute, hour) = (60_000, 3_600_000);
        let expected = [
            0,
            5_000,
            5 * minute,
            30 * minute,
            2 * hour,
            5 * hour,
            10 * hour,
            14 * hour,
            20 * hour,
            24 * hour,
        ];
        assert_eq!(delays, expected);
        // The standard's own sum: 75:35:05.
        assert_eq!(delays.iter().sum::<u64>(), 75 * hour + 35 * minute + 5_000);
        assert_eq!(delay_after(u32::MAX), None);
    }

    #[test]
    fn a_status_says_what_follows() {
        let again = |after_ms| Next::Again { after_ms };
        for (attempts, status, expected) in [
            (1, Some(200), Next::Delivered),
            (1, Some(204), Next::Delivered),
            (10, Some(299), Next::Delivered),
            (1, Some(410), Next::Parked),
            (1, None, again(5_000)),
            (1, Some(199), again(5_000)),
            (1, Some(300), again(5_000)),
            (2, Some(302), again(300_000)),
            (2, Some(404), again(300_000)),
            (9, Some(429), again(86_400_000)),
            (10, Some(500), Next::Parked),
            (10, None, Next::Parked),
        ] {
            assert_eq!(next(attempts, status), expected, "{attempts} {status:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_secrets_or_an_error(text in "\\PC*") {
            let _ = Secrets::parse(&text);
        }

        #[test]
        fn any_event_is_signed_by_what_it_is(
            id in "[0-9a-f]{64}", timestamp_s in any::<i64>(), body in "\\PC*",
        ) {
            let secrets = Secrets::parse(SECRET).unwrap();
            let signed = secrets.sign(&id, timestamp_s, &body);
            let longer = format!("{body} ");
            prop_assert_ne!(&signed, &secrets.sign(&id, timestamp_s, &longer));
            prop_assert_ne!(&signed, &secrets.sign(&id, timestamp_s ^ 1, &body));
            prop_assert_eq!(signed, secrets.sign(&id, timestamp_s, &body));
        }
    }
}
