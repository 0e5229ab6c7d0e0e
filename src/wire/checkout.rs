//! A shop's checkout on its way through: which of its requests that is, which codes are on it, and
//! what the shop is told. Neither the order nor its amounts are known here.

use super::BadRequest;
use super::decision::{
    CodeFacts, CreditedFacts, Decided, ReasonFacts, SnapshotName, StepFacts, Undecided,
};
use super::request::require_event_type;
use crate::code::Nfkc;
use crate::crediting::{self, Uses};
use crate::id::EventTypeId;
use crate::order::{CODES_MAX, Case, Click, ClickPathUse};
use crate::snapshot::{ContentId, Shards, Snapshot};
use crate::time::UnixMillis;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use std::fmt::Write;

/// What kind of event a checkout is, where nothing else is set.
const EVENT_TYPE: &str = "SALE";

/// Most bytes of a decision in a header. Servers refuse requests with larger headers, some from
/// eight kilobytes for all of them on; a decision about one code has less than one.
pub const DECISION_SIZE_MAX: usize = 4096;

/// Which of a shop's requests is a checkout, and where its code stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    path: String,
    method: String,
    field: String,
    event_type: EventTypeId,
}

/// Why a text describes no checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckoutError {
    /// What was expected.
    pub expected: &'static str,
}

/// What is known about a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutFacts {
    /// The codes, see [`Checkout::codes`].
    pub codes: Vec<String>,
    /// The clicks of the shopper's click path.
    pub clicks: Vec<Click>,
    /// What became of that path.
    pub click_path: ClickPathUse,
    /// When the shopper checks out.
    pub at: UnixMillis,
}

/// Who would be credited with what is checked out, and why.
#[derive(Debug, Clone, Serialize)]
pub struct CheckoutAnswer {
    /// What kind of event it is.
    pub event_type: String,
    /// The order's code, whoever is credited; null when none matches.
    pub code: Option<CodeFacts>,
    /// Who is credited; null for nobody.
    pub credited: Option<CreditedFacts>,
    /// Who is not credited, and why: the code's owner first.
    pub reasons: Vec<ReasonFacts>,
    /// Every other typed code, as received and in order.
    pub unused_codes: Vec<String>,
    /// How it came to this.
    pub trace: Vec<StepFacts>,
    /// What it was read from.
    pub snapshot: SnapshotName,
}

impl Checkout {
    /// Reads `{"path":"/checkout","method":"POST","code":"promo_code","event_type":"SALE"}`; the
    /// last may be left out.
    ///
    /// # Errors
    ///
    /// [`CheckoutError`] when it is anything else.
    pub fn parse(json: &str) -> Result<Self, CheckoutError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Configured {
            path: String,
            method: String,
            code: String,
            event_type: Option<String>,
        }
        const REFUSED: CheckoutError = CheckoutError {
            expected: r#"{"path":"/checkout","method":"POST","code":"promo_code"}"#,
        };
        let Configured { path, method, code, event_type } =
            serde_json::from_str(json).map_err(|_| REFUSED)?;
        let event_type = EventTypeId::parse(event_type.as_deref().unwrap_or(EVENT_TYPE));
        if !path.starts_with('/') || method.is_empty() || code.is_empty() {
            return Err(REFUSED);
        }
        Ok(Checkout {
            path,
            method: method.to_ascii_uppercase(),
            field: code,
            event_type: event_type.map_err(|_| REFUSED)?,
        })
    }

    /// Whether a request is one.
    #[must_use]
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }

    /// The field of a form, or the member of an object, that holds the code.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The codes that the field's values are, as received and in order. A field that is left empty
    /// holds none.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when they are more than an order may have.
    pub fn codes(&self, values: Vec<String>) -> Result<Vec<String>, BadRequest> {
        let codes: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
        if codes.len() <= CODES_MAX {
            return Ok(codes);
        }
        Err(BadRequest {
            path: self.field.clone(),
            expected: format!("at most {CODES_MAX} codes"),
            got: codes.len().to_string(),
            remedy: None,
        })
    }

    /// The field's values in a body of JSON: a text, a list of texts, or none; `None` when it is
    /// anything else.
    #[must_use]
    pub fn values_in_json(&self, body: &[u8]) -> Option<Vec<String>> {
        let Value::Object(mut members) = serde_json::from_slice(body).ok()? else { return None };
        match members.remove(&self.field) {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(Value::String(code)) => Some(vec![code]),
            Some(list) => serde_json::from_value(list).ok(),
        }
    }
}

impl CheckoutAnswer {
    /// Decides a checkout as if it were placed at once; records nothing. `id` is the snapshot's.
    ///
    /// Nobody can be forced here: a shopper could write the request.
    ///
    /// # Errors
    ///
    /// [`Undecided`] when the program does not have the event type, or the snapshot cannot be read.
    pub fn decide<B: AsRef<[u8]>, S: Shards + ?Sized>(
        checkout: &Checkout,
        facts: CheckoutFacts,
        (snapshot, shards, id): (&Snapshot<B>, &S, ContentId),
        nfkc: Nfkc,
    ) -> Result<Self, Undecided> {
        let event_type = &checkout.event_type;
        let program = snapshot.program()?;
        require_event_type(&program, event_type, "event_type")?;
        let case = Case {
            event_type: event_type.clone(),
            placed_at: facts.at,
            promo_codes: facts.codes,
            clicks: facts.clicks,
            click_path: facts.click_path,
            customer_known: false,
            forced_partner: None,
        };
        let decision = crediting::decide(snapshot, shards, &program, &case, nfkc, Uses::Left)?;
        let Decided { code, credited, reasons, unused_codes, trace } = Decided::of(decision);
        Ok(CheckoutAnswer {
            event_type: event_type.to_string(),
            code,
            credited,
            reasons,
            unused_codes,
            trace,
            snapshot: SnapshotName { id: id.to_string() },
        })
    }

    /// The decision as a header can carry it: JSON in ASCII, of at most [`DECISION_SIZE_MAX`]
    /// bytes; `None` when it does not fit.
    #[must_use]
    pub fn to_header(&self) -> Option<String> {
        let ascii = to_ascii(&serde_json::to_string(self).ok()?);
        (ascii.len() <= DECISION_SIZE_MAX).then_some(ascii)
    }
}

/// JSON without any character that a header cannot carry: outside of its texts JSON has none.
fn to_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            ascii.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a text cannot fail.
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: &str = r#"{"path":"/checkout","method":"post","code":"promo_code"}"#;

    #[test]
    fn a_checkout_is_told_by_method_and_path() {
        let checkout = Checkout::parse(SETTING).unwrap();
        assert!(checkout.is("POST", "/checkout"));
        assert!(!checkout.is("GET", "/checkout"));
        assert!(!checkout.is("POST", "/checkout/"));
        assert_eq!(checkout.field(), "promo_code");
        assert_eq!(checkout.event_type.as_str(), "SALE");
    }

    #[test]
    fn a_setting_that_describes_none_is_refused() {
        for bad in [
            "",
            "/checkout",
            "{}",
            r#"{"path":"/checkout","method":"POST"}"#,
            r#"{"path":"checkout","method":"POST","code":"c"}"#,
            r#"{"path":"/checkout","method":"","code":"c"}"#,
            r#"{"path":"/checkout","method":"POST","code":""}"#,
            r#"{"path":"/checkout","method":"POST","code":"c","event_type":""}"#,
            r#"{"path":"/checkout","method":"POST","code":"c","forced_partner":"ana"}"#,
        ] {
            assert!(Checkout::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_empty_field_holds_no_code_and_a_full_one_not_too_many() {
        let checkout = Checkout::parse(SETTING).unwrap();
        let codes =
            |values: &[&str]| checkout.codes(values.iter().map(ToString::to_string).collect());
        assert_eq!(codes(&["", " ", "A", ""]).unwrap(), [" ", "A"]);
        assert_eq!(codes(&["A"; CODES_MAX]).unwrap().len(), CODES_MAX);
        let refused = codes(&["A"; CODES_MAX + 1]).unwrap_err();
        assert_eq!(refused.to_string(), "promo_code: expected at most 16 codes, got 17");
    }

    #[test]
    fn values_are_read_from_json() {
        let checkout = Checkout::parse(SETTING).unwrap();
        let read = |body: &str| checkout.values_in_json(body.as_bytes());
        let codes = |codes: &[&str]| Some(codes.iter().map(ToString::to_string).collect());
        assert_eq!(read(r#"{"promo_code":"A","items":[1]}"#), codes(&["A"]));
        assert_eq!(read(r#"{"promo_code":["A","B"]}"#), codes(&["A", "B"]));
        assert_eq!(read(r#"{"promo_code":null}"#), codes(&[]));
        assert_eq!(read(r#"{"code":"A"}"#), codes(&[]));
        for other in ["", "[]", "\"A\"", "{", r#"{"promo_code":1}"#, r#"{"promo_code":["A",1]}"#] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_header_is_ascii_and_says_the_same() {
        let json = serde_json::to_string("é ようこそ 🏕 \u{7f} \" \\ \n").unwrap();
        let ascii = to_ascii(&json);
        assert!(ascii.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        assert_eq!(
            serde_json::from_str::<String>(&ascii).unwrap(),
            serde_json::from_str::<String>(&json).unwrap()
        );
    }
}
