//! One discount of an export: what its columns say, and which of that has been carried over.

use crate::catalog::{Complaint, ComplaintKind, Place};

use std::collections::BTreeMap;
use std::sync::Arc;

/// What an export says of one code.
#[derive(Debug)]
pub(super) struct Row {
    source: Arc<str>,
    line: u64,
    /// The path of a JSON element, before its fields' names; empty in CSV.
    path: String,
    cells: Vec<Cell>,
    faults: Vec<Fault>,
}

#[derive(Debug)]
struct Cell {
    column: String,
    value: String,
    is_taken: bool,
}

/// A value that cannot be carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub column: String,
    pub value: String,
    pub expected: String,
    pub remedy: String,
}

impl Row {
    pub fn new(source: &Arc<str>, line: u64, path: String, cells: Vec<(String, String)>) -> Row {
        let cell = |(column, value): (String, String)| {
            let value = value.trim().to_owned();
            Cell { column, value, is_taken: false }
        };
        let cells = cells.into_iter().map(cell).collect();
        Row { source: source.clone(), line, path, cells, faults: Vec::new() }
    }

    /// What a column says, which is then carried over; `None` when it says nothing. Headers are
    /// compared without case, and their spaces are underscores.
    pub fn take(&mut self, column: &str) -> Option<String> {
        let cell = self.cells.iter_mut().find(|cell| is_same(&cell.column, column))?;
        cell.is_taken = true;
        Some(cell.value.clone()).filter(|value| !value.is_empty())
    }

    /// What the first of several columns says that says anything: exports differ in their headers.
    pub fn take_any(&mut self, columns: &[&str]) -> Option<(String, String)> {
        let said: Vec<_> = columns
            .iter()
            .filter_map(|column| Some(((*column).to_owned(), self.take(column)?)))
            .collect();
        said.into_iter().next()
    }

    /// Whether a column says yes; it is carried over then.
    pub fn take_yes(&mut self, column: &str) -> bool {
        self.take(column).is_some_and(|value| !says_nothing(&value))
    }

    /// Leaves a column to be reported after all.
    pub fn put_back(&mut self, column: &str) {
        let cells = self.cells.iter_mut().filter(|cell| is_same(&cell.column, column));
        cells.for_each(|cell| cell.is_taken = false);
    }

    /// Notes what the code comes without.
    pub fn note(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub fn take_faults(&mut self, kind: ComplaintKind) -> Vec<Complaint> {
        let faults = std::mem::take(&mut self.faults);
        faults.into_iter().map(|fault| fault.at(self, kind)).collect()
    }

    /// Where a column of it stands.
    pub fn place(&self, column: &str) -> Place {
        let field = match (self.path.as_str(), column) {
            ("", column) => column.to_owned(),
            (path, "") => path.to_owned(),
            (path, column) => format!("{path}.{column}"),
        };
        Place { source: self.source.clone(), line: self.line, column: None, field }
    }
}

impl Fault {
    pub fn new(
        column: &str,
        value: &str,
        expected: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Fault {
        let (expected, remedy) = (expected.into(), remedy.into());
        Fault { column: column.to_owned(), value: value.to_owned(), expected, remedy }
    }

    pub fn at(self, row: &Row, kind: ComplaintKind) -> Complaint {
        let got = match &*self.value {
            "" => "nothing".to_owned(),
            value => format!("{value:?}"),
        };
        let place = row.place(&self.column);
        Complaint { kind, place, expected: self.expected, got, remedy: self.remedy }
    }
}

/// Columns that say something and that nothing of ours says: each once, with its first value.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    columns: BTreeMap<String, Leftover>,
}

#[derive(Debug)]
struct Leftover {
    line: u64,
    value: String,
    count: u64,
}

impl Leftovers {
    /// Takes in a row whose code is carried over.
    pub fn see(&mut self, row: &Row) {
        let left = |cell: &&Cell| !cell.is_taken && !says_nothing(&cell.value);
        for cell in row.cells.iter().filter(left) {
            let first = || Leftover { line: row.line, value: cell.value.clone(), count: 0 };
            let seen = self.columns.entry(cell.column.clone()).or_insert_with(first);
            seen.count = seen.count.saturating_add(1);
        }
    }

    pub fn complaints(self, source: &Arc<str>) -> Vec<Complaint> {
        let complaint = |(column, left): (String, Leftover)| Complaint {
            kind: ComplaintKind::NotCarriedOver,
            place: Place { source: source.clone(), line: left.line, column: None, field: column },
            expected: "a column that a catalogue has a place for".to_owned(),
            got: match left.count {
                1 => format!("{:?}", left.value),
                count => {
                    format!("{:?}, and values in {} rows more", left.value, count.saturating_sub(1))
                }
            },
            remedy: "it is not carried over: see to it in the shop, or in the catalogue".to_owned(),
        };
        self.columns.into_iter().map(complaint).collect()
    }
}

/// What people and programs write for no.
fn says_nothing(value: &str) -> bool {
    let is_zero = value.starts_with('0') && value.chars().all(|c| matches!(c, '0' | '.'));
    is_zero || ["", "no", "false", "null", "[]", "{}", "none"].contains(&&*value.to_lowercase())
}

fn is_same(one: &str, other: &str) -> bool {
    let plain = |c: char| if c == ' ' { '_' } else { c.to_ascii_lowercase() };
    one.trim().chars().map(plain).eq(other.chars().map(plain))
}
