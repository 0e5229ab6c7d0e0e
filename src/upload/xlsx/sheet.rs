//! The cells of a worksheet.

use super::part::{Node, attribute, walk};
use super::serial::{self, DateSystem};
use super::styles::Styles;

use quick_xml::events::BytesStart;

/// What cells refer to.
#[derive(Debug)]
pub(super) struct Book<'a> {
    pub texts: &'a [String],
    pub styles: &'a Styles,
    pub dates: DateSystem,
}

/// Most columns of a row that are read: more than a bulk file has, so that one too many is still
/// complained about.
const COLUMNS_MAX: usize = 64;

/// The last row of a sheet.
const ROW_MAX: u64 = 1_048_576;

/// Digits that a spreadsheet keeps of a number.
const DIGITS_MAX: usize = 15;

/// A row's number, from 1, and its values up to the last cell; or a number of which the sheet has
/// not kept all digits.
pub(super) type Row = (u64, Result<Vec<String>, LostDigits>);

/// A number, as it is stored, that is not what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LostDigits(pub String);

/// Every row that holds anything; `None` when it is no XML.
pub(super) fn rows(xml: &str, book: &Book<'_>) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    let mut reading = Reading { book, number: 0, values: Vec::new(), lost: None, cell: None };
    walk(xml, |node| match node {
        Node::Start(start) => reading.start(start),
        Node::Text(text) => reading.text(text),
        Node::End("row") => rows.extend(reading.row()),
        Node::End(name) => reading.end(name),
    })?;
    Some(rows)
}

struct Reading<'a> {
    book: &'a Book<'a>,
    number: u64,
    values: Vec<String>,
    lost: Option<LostDigits>,
    cell: Option<Cell>,
}

/// A cell as far as it has been read.
#[derive(Default)]
struct Cell {
    column: usize,
    kind: String,
    style: usize,
    /// The content of `v`, or of the `t`s of `is`.
    content: String,
    collects: bool,
    is_reading: bool,
}

impl Reading<'_> {
    fn start(&mut self, start: &BytesStart<'_>) {
        match (start.local_name().as_ref(), &mut self.cell) {
            ("row", _) => {
                // Rows rise; what does not is as good as no number.
                let number = attribute(start, "r").and_then(|number| number.parse().ok());
                let rises = |number: &u64| *number > self.number && *number <= ROW_MAX;
                let next = self.number.saturating_add(1);
                self.number = number.filter(rises).unwrap_or(next);
            }
            ("c", _) => {
                let place = attribute(start, "r");
                let column = place.as_deref().and_then(column_of).unwrap_or(self.values.len());
                let style = attribute(start, "s").and_then(|style| style.parse().ok());
                self.cell = Some(Cell {
                    column,
                    kind: attribute(start, "t").unwrap_or_default(),
                    style: style.unwrap_or(0),
                    ..Cell::default()
                });
            }
            ("v" | "t", Some(cell)) => cell.collects = !cell.is_reading,
            ("rPh", Some(cell)) => cell.is_reading = true,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| cell.collects) {
            cell.content.push_str(text);
        }
    }

    fn end(&mut self, name: &str) {
        match (name, &mut self.cell) {
            ("v" | "t", Some(cell)) => cell.collects = false,
            ("rPh", Some(cell)) => cell.is_reading = false,
            ("c", cell) => {
                if let Some(cell) = cell.take() {
                    self.put(&cell);
                }
            }
            _ => {}
        }
    }

    fn row(&mut self) -> Option<Row> {
        let values = std::mem::take(&mut self.values);
        match self.lost.take() {
            Some(lost) => Some((self.number, Err(lost))),
            None if values.iter().all(String::is_empty) => None,
            None => Some((self.number, Ok(values))),
        }
    }

    fn put(&mut self, cell: &Cell) {
        if cell.column >= COLUMNS_MAX {
            return;
        }
        let value = self.value(cell);
        if matches!(cell.kind.as_str(), "" | "n") && value == cell.content && !is_exact(&value) {
            self.lost.get_or_insert(LostDigits(value.clone()));
        }
        if self.values.len() <= cell.column {
            self.values.resize(cell.column.saturating_add(1), String::new());
        }
        if let Some(place) = self.values.get_mut(cell.column) {
            *place = value;
        }
    }

    /// What a person sees in the cell, as a bulk file writes it.
    fn value(&self, cell: &Cell) -> String {
        let Cell { content, kind, style, .. } = cell;
        match kind.as_str() {
            "s" => {
                let text = content.parse().ok().and_then(|index: usize| self.book.texts.get(index));
                text.cloned().unwrap_or_default()
            }
            "b" => if content == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "" | "n" if self.book.styles.is_date(*style) => {
                serial::to_iso(content, self.book.dates).unwrap_or_else(|| content.clone())
            }
            // Texts of their own, dates in ISO 8601, numbers as they are stored, errors by name.
            _ => content.clone(),
        }
    }
}

/// Whether a number is what was typed, for all that a spreadsheet keeps.
fn is_exact(number: &str) -> bool {
    let digits = number.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit);
    digits.count() <= DIGITS_MAX && !number.contains(['e', 'E'])
}

/// The column of a cell's name, from 0: `C7` is in column 2.
fn column_of(name: &str) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase);
    let place = |sum: usize, letter: u8| {
        let digit = usize::from(letter.checked_sub(b'A')?).checked_add(1)?;
        sum.checked_mul(26)?.checked_add(digit)
    };
    letters.take(4).try_fold(0, place)?.checked_sub(1)
}
