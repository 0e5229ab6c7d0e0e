//! Exports that are CSV.

use super::row::Row;
use crate::catalog::{Complaint, ComplaintKind, Place};

use std::sync::Arc;

/// The rows of a CSV file that has at least one of the named columns.
pub(super) fn rows(
    source: &Arc<str>,
    text: &str,
    one_of: &[&str],
) -> Result<Vec<Row>, Box<Complaint>> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| unreadable(source, &error))?.clone();
    let is_there = |name: &&&str| headers.iter().any(|own| own.trim().eq_ignore_ascii_case(name));
    if one_of.iter().find(is_there).is_none() {
        return Err(Box::new(Complaint {
            kind: ComplaintKind::Header,
            place: Place { source: source.clone(), line: 1, column: None, field: String::new() },
            expected: format!("a column {}", one_of.join(" or ")),
            got: format!("{:?}", headers.iter().collect::<Vec<_>>().join(", ")),
            remedy: "export it anew, and leave its first line as it is".to_owned(),
        }));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(source, &error))?;
        if record.iter().all(|value| value.trim().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let names = headers.iter().map(str::to_owned);
        // A value without a header is reported by its number.
        let nameless = (headers.len().saturating_add(1)..).map(|number| format!("column {number}"));
        let cells = names.chain(nameless).zip(record.iter().map(str::to_owned)).collect();
        rows.push(Row::new(source, line, String::new(), cells));
    }
    Ok(rows)
}

fn unreadable(source: &Arc<str>, error: &csv::Error) -> Box<Complaint> {
    let line = error.position().map_or(1, csv::Position::line);
    Box::new(Complaint {
        kind: ComplaintKind::Syntax,
        place: Place { source: source.clone(), line, column: None, field: String::new() },
        expected: "CSV".to_owned(),
        got: error.to_string(),
        remedy: "save the file as UTF-8, with commas between its values".to_owned(),
    })
}
