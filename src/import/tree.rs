//! Exports that are JSON.

use super::row::Row;
use crate::catalog::{Complaint, ComplaintKind, Place};

use serde_json::Value;
use serde_json::value::RawValue;

use std::collections::BTreeMap;
use std::sync::Arc;

/// The elements of a list, or of the list that an object has under a name; an element's fields are
/// columns, such as `coupon.percent_off`.
pub(super) fn rows(source: &Arc<str>, text: &str, list: &str) -> Result<Vec<Row>, Box<Complaint>> {
    let text = text.trim_start_matches('\u{FEFF}');
    let (elements, path) =
        elements(text, list).map_err(|error| unreadable(source, list, &error))?;
    let mut rows = Vec::new();
    for (index, element) in elements.into_iter().enumerate() {
        let value: Value = serde_json::from_str(element.get())
            .map_err(|error| unreadable(source, list, &error))?;
        let mut cells = Vec::new();
        flatten(String::new(), &value, &mut cells);
        let at = element.get().as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let breaks = before.iter().filter(|&&byte| byte == b'\n').count();
        let line = u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1);
        rows.push(Row::new(source, line, format!("{path}[{index}]"), cells));
    }
    Ok(rows)
}

fn elements<'a>(text: &'a str, list: &str) -> serde_json::Result<(Vec<&'a RawValue>, String)> {
    if text.trim_start().starts_with('[') {
        return Ok((serde_json::from_str(text)?, String::new()));
    }
    let object: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
    let raw = object.get(list).map_or("null", |raw| raw.get());
    Ok((serde_json::from_str(raw)?, list.to_owned()))
}

/// Every value that is no object, by its path; lists of texts and numbers are one value.
fn flatten(path: String, value: &Value, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(path, value, cells);
            }
        }
        Value::String(text) => cells.push((path, text.clone())),
        Value::Array(values) if values.iter().all(|value| !value.is_object()) => {
            let texts: Vec<String> = values.iter().map(plain).collect();
            cells.push((path, texts.join(",")));
        }
        other => cells.push((path, other.to_string())),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn unreadable(source: &Arc<str>, list: &str, error: &serde_json::Error) -> Box<Complaint> {
    let line = u64::try_from(error.line()).unwrap_or(u64::MAX).max(1);
    Box::new(Complaint {
        kind: ComplaintKind::Syntax,
        place: Place { source: source.clone(), line, column: None, field: String::new() },
        expected: format!("JSON with a list, or with one named {list:?}"),
        got: error.to_string(),
        remedy: "save what the interface answered as it is".to_owned(),
    })
}
