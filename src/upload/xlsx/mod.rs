//! XLSX to rows: the first visible sheet of a workbook (ECMA-376, part 1, chapter 18).
//!
//! - [`read`] gives every row that holds anything, with its number.
//! - [`Unreadable`] is why a file gives none.
//!
//! Reading the package and its XML is what `zip` and `quick-xml` are for; the parts of a workbook
//! that a bulk file uses are few enough to be read here. A library for whole spreadsheets is three
//! times as large in wasm.

mod part;
mod serial;
mod sheet;
mod styles;

use part::Package;
use sheet::{LostDigits, Row};

/// How a zip archive, and so an XLSX file, begins.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// How the older XLS format, and an XLSX file with a password, begin.
pub(super) const COMPOUND_MAGIC: &[u8] = b"\xD0\xCF\x11\xE0";

/// A row's number, from 1, and its values, or why they are not what was typed.
pub(super) type NumberedRow = (u64, Result<csv::ByteRecord, Unreadable>);

/// Why a workbook cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub expected: &'static str,
    pub got: String,
    pub remedy: &'static str,
}

/// Every row of the first visible sheet that holds anything. A row that ends early has empty values
/// up to the width of the first.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<NumberedRow>, Unreadable> {
    let mut package = Package::open(bytes)?;
    let workbook = package.workbook()?;
    let texts = package.texts(&workbook)?;
    let styles = package.styles(&workbook)?;
    let book = sheet::Book { texts: &texts, styles: &styles, dates: workbook.dates };
    let xml = package.part(&workbook.sheet)?;
    let rows = sheet::rows(&xml, &book).ok_or_else(|| damaged(&workbook.sheet))?;
    Ok(padded(rows))
}

/// Values are left out at the end of a row where they are empty.
fn padded(rows: Vec<Row>) -> Vec<NumberedRow> {
    let first = rows.first().and_then(|(_, values)| values.as_ref().ok());
    let width = first.map_or(0, Vec::len);
    let pad = |mut values: Vec<String>| {
        while values.len() > width && values.last().is_some_and(String::is_empty) {
            values.pop();
        }
        values.resize(values.len().max(width), String::new());
        csv::ByteRecord::from(values)
    };
    let numbered = |(number, values): Row| (number, values.map(pad).map_err(lost));
    rows.into_iter().map(numbered).collect()
}

fn lost(LostDigits(stored): LostDigits) -> Unreadable {
    Unreadable {
        expected: "a number of at most 15 digits",
        got: format!("{stored}, of which the sheet has lost digits"),
        remedy: "format the column as text and enter the value again",
    }
}

fn damaged(part: &str) -> Unreadable {
    Unreadable {
        expected: "an XLSX workbook",
        got: format!("one whose {part} cannot be read"),
        remedy: "save it again, or save it as CSV (UTF-8)",
    }
}
