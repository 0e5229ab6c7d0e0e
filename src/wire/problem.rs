//! What is wrong with a request, and the document that says so.

use serde::Serialize;

use std::fmt;

/// Why a request cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRequest {
    /// Where, such as `cart.items[3].quantity`; `$` is the whole body.
    pub path: String,
    /// What may stand there.
    pub expected: String,
    /// What does.
    pub got: String,
    /// What to do about it, where that is not the same as sending what is expected.
    pub remedy: Option<&'static str>,
}

/// An error as RFC 9457 has it, with the fields that say what to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Names the kind of problem; stable.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// The request it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Where in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What may stand there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Problem {
    /// A document without fields of its own. `name` is the kind's, below `/problems/`.
    #[must_use]
    pub fn new(status: u16, name: &str, title: &str, detail: String) -> Self {
        Problem {
            kind: format!("/problems/{name}"),
            title: title.to_owned(),
            status,
            detail,
            instance: None,
            path: None,
            expected: None,
            got: None,
            remedy: None,
        }
    }
}

impl BadRequest {
    /// The document that tells the caller.
    #[must_use]
    pub fn problem(self) -> Problem {
        let title = "The request cannot be understood";
        let general = Problem::new(400, "bad-request", title, self.to_string());
        Problem {
            path: Some(self.path),
            expected: Some(self.expected),
            got: Some(self.got),
            remedy: self.remedy.map(str::to_owned),
            ..general
        }
    }

    /// Takes serde's sentence apart: ``invalid value: integer `0`, expected 1 to 9 at
    /// line 1 column 5``.
    pub(super) fn from_json(path: &str, error: &serde_json::Error) -> Self {
        // `.` is the body itself; `?` is a field whose name could not be read.
        let path = path.trim_end_matches('?').trim_end_matches('.');
        let place = format!(" at line {} column {}", error.line(), error.column());
        let sentence = error.to_string();
        let said = sentence.strip_suffix(&place).unwrap_or(&sentence);
        let (got, expected) = match said.split_once(", expected ") {
            Some((got, expected)) => (got, plain(expected)),
            None if said.starts_with("missing field") => (said, "it to be sent"),
            None if said.starts_with("duplicate field") => (said, "it once"),
            None => (sentence.as_str(), "JSON"),
        };
        let unknown = got.starts_with("unknown field");
        BadRequest {
            path: if path.is_empty() { "$".to_owned() } else { path.to_owned() },
            expected: expected.to_owned(),
            got: got
                .trim_start_matches("invalid type: ")
                .trim_start_matches("invalid value: ")
                .chars()
                .take(GOT_CHARS_MAX)
                .collect(),
            remedy: unknown.then_some("correct its spelling, or leave it out"),
        }
    }
}

impl fmt::Display for BadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.path, self.expected, self.got)?;
        self.remedy.map_or(Ok(()), |remedy| write!(f, ": {remedy}"))
    }
}

impl std::error::Error for BadRequest {}

/// Most of a wrong value that is said back, in characters.
const GOT_CHARS_MAX: usize = 120;

/// serde's word for a kind of value, in JSON's words.
fn plain(expected: &str) -> &str {
    match expected {
        "a sequence" => "an array",
        "a map" => "an object",
        "a JSON number" => "a number",
        structure if structure.starts_with("struct ") => "an object",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Caller, ValidateRequest};

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let refused = ValidateRequest::parse(body.as_bytes(), Caller::Shopper).unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }

    #[test]
    fn a_sentence_says_where_and_how_to_mend_it() {
        check(
            r#"{"code":"A","cart":{"items":[{"sku":"A","quantity":0,"unit_price_minor":1}]}}"#,
            "cart.items[0].quantity: expected a whole number from 1 to 1000000, got 0",
        );
        check(
            r#"{"code":"A","subtotal":1}"#,
            "subtotal: expected one of `code`, `cart`, `signals`, `customer_id`, `segments`, \
             `first_order`, `placed_at`, got unknown field `subtotal`: correct its spelling, or \
             leave it out",
        );
        check(
            r#"{"code":"A","segments":["vip"]}"#,
            "segments: expected no such field from a shopper, got a value: leave it out, or send \
             it from a server with a bearer token",
        );
        check("{}", "$: expected it to be sent, got missing field `code`");
        check("{", "$: expected JSON, got EOF while parsing an object at line 1 column 1");
    }

    #[test]
    fn a_long_value_is_cut() {
        let body = format!(r#"{{"code":{{"{}":1}}}}"#, "x".repeat(1_000));
        let refused = ValidateRequest::parse(body.as_bytes(), Caller::Shopper).unwrap_err();
        assert!(refused.got.chars().count() <= GOT_CHARS_MAX);
    }
}
