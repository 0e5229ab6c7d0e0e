//! The shape of a request's body: every fault of it, where serde stops at the first; and patches of
//! documents (RFC 7396, JSON Merge Patch).
//!
//! A field that is wrong is noted, taken out, and the rest read again; one that is missing is noted
//! and stood in for. So there are as many readings as faults.

use super::authored::{EventType, Program};
use super::complaint::{Complaint, ComplaintKind, Place};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Most faults that are looked for in one body.
const FAULT_COUNT_MAX: usize = 64;

/// Most of a wrong value that is said back, in characters.
const GOT_CHARS_MAX: usize = 120;

/// A patch of something that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// The version that was read.
    pub version: u64,
    /// What is to be another way.
    pub fields: Map<String, Value>,
}

/// Reads a body that is one object.
///
/// # Errors
///
/// A complaint for every field that is unknown, missing, or no such value.
pub fn read<T: DeserializeOwned>(body: &str) -> Result<T, Vec<Complaint>> {
    read_fields(fields(body)?)
}

/// Reads a programme's settings with its event types beside them.
///
/// # Errors
///
/// As [`read`].
pub(super) fn settings(body: &str) -> Result<(Program, Vec<EventType>), Vec<Complaint>> {
    let mut fields = fields(body)?;
    let event_types = fields.remove("event_types").unwrap_or_else(|| Value::Array(Vec::new()));
    let event_types = read_value("event_types", event_types);
    match (read_fields(fields), event_types) {
        (Ok(program), Ok(event_types)) => Ok((program, event_types)),
        (Err(mut complaints), Err(more)) => {
            complaints.extend(more);
            Err(complaints)
        }
        (Err(complaints), _) | (_, Err(complaints)) => Err(complaints),
    }
}

impl Patch {
    /// Reads a patch: fields of the document, and beside them the `version` that was read.
    ///
    /// # Errors
    ///
    /// A complaint about a body that is no object, or has no version.
    pub fn read(body: &str) -> Result<Self, Vec<Complaint>> {
        let mut fields = fields(body)?;
        let version = fields.remove("version");
        match version.as_ref().map(Value::as_u64) {
            Some(Some(version)) => Ok(Patch { version, fields }),
            _ => {
                let got =
                    version.map_or_else(|| "none".to_owned(), |value| cut(&value.to_string()));
                let expected = "the version that was read, a whole number";
                let remedy = "read it again, and send the version that it has then";
                Err(vec![complaint(ComplaintKind::Shape, "version", expected, got, remedy)])
            }
        }
    }

    /// The document as it is patched. What it is called cannot be.
    ///
    /// # Errors
    ///
    /// A complaint about another id.
    pub fn apply(self, document: &str) -> Result<String, Vec<Complaint>> {
        let mut patched = fields(document)?;
        let id = patched.get("id").cloned();
        merge(&mut patched, self.fields);
        if patched.get("id") == id.as_ref() {
            return Ok(Value::Object(patched).to_string());
        }
        let got = patched.get("id").map_or_else(|| "null".to_owned(), |id| cut(&id.to_string()));
        let expected = format!("{}, as it is", id.unwrap_or_default());
        let remedy = "ids never change: leave it out";
        Err(vec![complaint(ComplaintKind::Id, "id", expected, got, remedy)])
    }
}

/// RFC 7396, section 2: objects are merged, null removes, all else replaces.
fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match (target.get_mut(&name), value) {
            (_, Value::Null) => {
                target.remove(&name);
            }
            (Some(Value::Object(inner)), Value::Object(patch)) => merge(inner, patch),
            (_, value) => {
                target.insert(name, value);
            }
        }
    }
}

fn fields(body: &str) -> Result<Map<String, Value>, Vec<Complaint>> {
    match serde_json::from_str(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => {
            let remedy = "send one object";
            let got = cut(&other.to_string());
            Err(vec![complaint(ComplaintKind::Shape, "$", "an object", got, remedy)])
        }
        Err(error) => {
            let remedy = "send JSON in UTF-8";
            let got = cut(&error.to_string());
            Err(vec![complaint(ComplaintKind::Syntax, "$", "JSON", got, remedy)])
        }
    }
}

fn read_fields<T: DeserializeOwned>(mut fields: Map<String, Value>) -> Result<T, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let (mut stood_in, mut taken_out) = (BTreeSet::new(), BTreeSet::new());
    while complaints.len() < FAULT_COUNT_MAX {
        let error = match serde_path_to_error::deserialize(Value::Object(fields.clone())) {
            Ok(read) if complaints.is_empty() => return Ok(read),
            Ok(_) => break,
            Err(error) => error,
        };
        let path = error.path().to_string();
        let sentence = error.into_inner().to_string();
        let missing = sentence.strip_prefix("missing field `").and_then(|it| it.strip_suffix('`'));
        let path = path.trim_end_matches('?').trim_end_matches('.');
        let top = path.split(['.', '[']).next().unwrap_or_default();
        match (missing, top) {
            // It was there, and has been complained about.
            (Some(name), "") if taken_out.contains(name) => break,
            (Some(name), "") => {
                stood_in.insert(name.to_owned());
                fields.insert(name.to_owned(), Value::String(String::new()));
            }
            // What stood in is no such value, and nothing more can be read.
            (_, top) if stood_in.contains(top) || fields.remove(top).is_none() => break,
            (_, top) => {
                taken_out.insert(top.to_owned());
            }
        }
        complaints.push(fault(path, missing, &sentence));
    }
    Err(complaints)
}

/// Reads a part of a body, whose paths begin with its name.
fn read_value<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, Vec<Complaint>> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = match error.path().to_string() {
            path if path == "." => name.to_owned(),
            path => format!("{name}{path}"),
        };
        vec![fault(path.trim_end_matches('.'), None, &error.inner().to_string())]
    })
}

/// serde's sentence as a complaint: ``unknown field `colour`, expected one of ...``.
fn fault(path: &str, missing: Option<&str>, sentence: &str) -> Complaint {
    let kind = ComplaintKind::Shape;
    if let Some(name) = missing {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        return complaint(kind, &path, "it to be sent", "none".to_owned(), "add the field");
    }
    let (got, expected) = sentence.split_once(", expected ").unwrap_or((sentence, "what it takes"));
    let remedy = match got.starts_with("unknown field") {
        true => "correct its spelling, or leave it out",
        false => "/openapi.json says what may stand here",
    };
    let got = got.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ");
    complaint(kind, path, expected, cut(got), remedy)
}

fn complaint(
    kind: ComplaintKind,
    path: &str,
    expected: impl Into<String>,
    got: String,
    remedy: &str,
) -> Complaint {
    let field = if path.is_empty() { "$".to_owned() } else { path.to_owned() };
    let place = Place { source: "body".into(), line: 1, column: None, field };
    Complaint { kind, place, expected: expected.into(), got, remedy: remedy.to_owned() }
}

fn cut(text: &str) -> String {
    text.chars().take(GOT_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::super::authored::edit::NewCode;
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let complaints = read::<NewCode>(body).unwrap_err();
        let said: Vec<String> = complaints
            .iter()
            .map(|it| format!("{}: expected {}, got {}", it.place.field, it.expected, it.got))
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        check("{", &["$: expected JSON, got EOF while parsing an object at line 1 column 1"]);
        check("[]", &["$: expected an object, got []"]);
        check(
            "{}",
            &[
                "code: expected it to be sent, got none",
                "match_type: expected it to be sent, got none",
            ],
        );
        check(
            r#"{"code":1,"match_type":"exact","max_redemptions":-1,"public":"yes"}"#,
            &[
                "code: expected a string, got integer `1`",
                "max_redemptions: expected u32, got integer `-1`",
                "public: expected a boolean, got string \"yes\"",
            ],
        );
    }

    #[test]
    fn a_patch_merges_objects_and_replaces_lists() {
        let patch = r#"{"version":3,"a":{"x":null,"y":2},"list":[1],"gone":null}"#;
        let patch = Patch::read(patch).unwrap();
        assert_eq!(patch.version, 3);
        let document = r#"{"a":{"x":1,"z":3},"gone":5,"id":"d","list":[2,3]}"#;
        assert_eq!(patch.apply(document).unwrap(), r#"{"a":{"y":2,"z":3},"id":"d","list":[1]}"#);
    }

    #[test]
    fn a_patch_names_a_version_and_no_other_id() {
        assert!(Patch::read("{}").is_err());
        assert!(Patch::read(r#"{"version":"3"}"#).is_err());
        let other = Patch::read(r#"{"version":1,"id":"e"}"#).unwrap();
        assert!(other.apply(r#"{"id":"d"}"#).is_err());
    }
}
