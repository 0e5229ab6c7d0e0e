//! What the rows of a file will become, said before anything is created.

use super::columns::Column;
use super::{Row, RowText, Rows};
use crate::catalog::edit::Standing;
use crate::catalog::element::CheckedCode;
use crate::catalog::{Catalog, Complaint, ComplaintKind, ExactCodes, Place, RegexCodes, met_words};
use crate::code::MatchType;
use crate::time::UnixMillis;

use std::io::Read;

/// Checks the rows of a file, each by itself and against those before it.
#[derive(Debug)]
pub struct Checker<'c, R> {
    rows: Rows<'c, R>,
    catalog: &'c Catalog,
    exact: ExactCodes<u64>,
    patterns: RegexCodes,
}

/// A row, and what it will become.
#[derive(Debug, Clone)]
pub struct CheckedRow {
    /// The line where it begins, or its number in the sheet.
    pub line: u64,
    /// The columns' headers, and what the row says in each.
    pub cells: Vec<(&'static str, String)>,
    /// The code, if it can be one.
    pub code: Option<CheckedCode>,
    /// What stands against it; of a row that can be a code, what does not.
    pub complaints: Vec<Complaint>,
}

/// How many rows a file has, whatever is wrong with them.
///
/// # Errors
///
/// As [`Rows::open`].
pub fn count_rows<R: Read>(catalog: &Catalog, input: R) -> Result<u64, Vec<Complaint>> {
    let mut rows = Rows::open(catalog, "upload", input, UnixMillis(0))?;
    let mut count = 0u64;
    while rows.records.read(&mut rows.record, &rows.source).is_some() {
        count = count.saturating_add(1);
    }
    Ok(count)
}

impl<'c, R: Read> Checker<'c, R> {
    /// Begins with a file: see [`Rows::open`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn open(
        catalog: &'c Catalog,
        source: &str,
        input: R,
        created_at: UnixMillis,
    ) -> Result<Self, Vec<Complaint>> {
        let rows = Rows::open(catalog, source, input, created_at)?;
        let patterns = RegexCodes::default();
        Ok(Checker { rows, catalog, exact: ExactCodes::default(), patterns })
    }

    /// What is to be said about the headers, and no row.
    pub fn take_warnings(&mut self) -> Vec<Complaint> {
        self.rows.take_warnings()
    }

    /// Passes over a row that was checked before; later ones are still compared with it.
    pub fn skip(&mut self) {
        if let Some(Ok(row)) = self.rows.read_again() {
            let (code, place) = (row.code(), row.place());
            meet(self.catalog, (&mut self.exact, &mut self.patterns), &code, place);
            self.rows.take_warnings();
        }
    }

    /// The next row; `None` after the last.
    pub fn next_row(&mut self) -> Option<CheckedRow> {
        let (mut code, mut complaints) = match self.rows.next_row()? {
            Err(complaints) => (None, complaints),
            Ok(row) => {
                let (code, place) = (row.code(), row.place());
                let known = (&mut self.exact, &mut self.patterns);
                let met = meet(self.catalog, known, &code, place);
                let is_refused = met.iter().any(|met| met.kind != ComplaintKind::EqualPatterns);
                ((!is_refused).then_some(code), met.into_iter().collect())
            }
        };
        complaints.extend(self.rows.take_warnings());
        if let Some(code) = &mut code {
            code.warnings.clone_from(&complaints);
        }
        Some(CheckedRow { line: self.rows.line, cells: self.rows.cells(), code, complaints })
    }
}

impl<R: Read> Rows<'_, R> {
    /// What the last row says in each column.
    fn cells(&self) -> Vec<(&'static str, String)> {
        let text = |column| String::from_utf8_lossy(self.columns.value(&self.record, column));
        let cell = |column| (self.columns.header(column), text(column).into_owned());
        Column::ALL.into_iter().map(cell).collect()
    }
}

impl Row<'_> {
    /// The code that the row will become.
    fn code(&self) -> CheckedCode {
        let (text, folded, exact, match_type) = match &self.text {
            RowText::Exact(typed, folded) => {
                let searched = folded.as_str().to_owned();
                (typed.as_str(), searched, Some(folded.clone()), MatchType::Exact)
            }
            RowText::Regex(pattern) => (*pattern, pattern.to_lowercase(), None, MatchType::Regex),
        };
        let terms = self.terms;
        CheckedCode {
            id: None,
            text: text.to_owned(),
            folded,
            exact,
            match_type,
            kind: terms.kind.clone(),
            created_at: terms.created_at,
            standing: Standing {
                start_at: terms.schedule.start_at,
                end_at: terms.schedule.end_at,
                time_zone: self.time_zone.map(str::to_owned),
                deal: terms.deal.clone(),
                ..Standing::default()
            },
            warnings: Vec::new(),
        }
    }
}

/// What there is to be said of a code because of one before it.
fn meet(
    catalog: &Catalog,
    (exact, patterns): (&mut ExactCodes<u64>, &mut RegexCodes),
    code: &CheckedCode,
    place: Place,
) -> Option<Complaint> {
    match code.match_type {
        MatchType::Exact => {
            let other = exact.see(&code.folded, code.standing.schedule(), place.line)?;
            let (expected, remedy) = met_words();
            let got = format!("{:?}, as on line {other}", code.text);
            Some(Complaint { kind: ComplaintKind::Conflict, place, expected, got, remedy })
        }
        MatchType::Regex => {
            let terms = code.terms();
            patterns.see(&code.text, (&terms, catalog.active(&terms)), &place)
        }
    }
}
