//! Bulk files, CSV or XLSX, to codes, every complaint located.
//!
//! - [`Rows`] reads a file row by row; CSV in constant memory, however long it is.
//! - [`Row`] is a code that is fit to be built.
//! - [`Checker`] says of every row what it will become, before any of them is.
//! - [`Sheet`] writes such a file.
//!
//! A campaign's rows differ in nothing but their code. What the other columns say is therefore read
//! once for each combination, and a row costs no more than reading its own text.

mod check;
mod columns;
mod records;
mod settings;
mod sheet;
mod xlsx;

pub use check::{CheckedRow, Checker, count_rows};
pub use sheet::{Cells, Sheet};

use crate::catalog::{self, Catalog, Complaint, ComplaintKind, Findings, Place};
use crate::code::{CodeTerms, FoldedCode, MatchType, TypedCode};
use crate::time::UnixMillis;
use columns::{Column, Columns};
use records::Records;
use settings::{Fault, Settings};

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

/// The rows of a bulk file.
#[derive(Debug)]
pub struct Rows<'c, R> {
    catalog: &'c Catalog,
    source: Arc<str>,
    created_at: UnixMillis,
    records: Records<R>,
    record: csv::ByteRecord,
    columns: Columns,
    /// What was read of each combination of columns, and where to find it.
    read: Vec<Result<Settings, Vec<Fault>>>,
    indices: HashMap<Vec<u8>, usize>,
    /// The row before, which mostly says the same.
    last_key: Vec<u8>,
    last_index: usize,
    key: Vec<u8>,
    /// Where the last row begins.
    line: u64,
    warnings: Vec<Complaint>,
}

/// A row that is a code.
#[derive(Debug)]
pub struct Row<'a> {
    /// What typed codes are compared with.
    pub text: RowText<'a>,
    /// Everything else about the code. Rows of one file with equal `settings` have equal terms.
    pub terms: &'a CodeTerms,
    /// IANA name of the zone of its dates, where the row names one.
    pub time_zone: Option<&'a str>,
    /// Number of the combination of columns that the terms were read from, from 0 in order of
    /// appearance.
    pub settings: usize,
    source: &'a Arc<str>,
    line: u64,
}

/// The headers of a bulk file, in the order in which it usually has them.
#[must_use]
pub fn headers() -> [&'static str; 10] {
    Column::ALL.map(Column::header)
}

/// Whether bytes are a workbook by how they begin, and not CSV.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(xlsx::MAGIC)
}

/// What typed codes are compared with.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack")]
pub enum RowText<'a> {
    /// A text, as written and as compared.
    Exact(TypedCode, FoldedCode),
    /// A regular expression.
    Regex(&'a str),
}

impl<'c, R: Read> Rows<'c, R> {
    /// Reads the headers; what the file begins with says whether it is XLSX or CSV. `source` is
    /// what complaints call the file, `created_at` when its codes were created.
    ///
    /// # Errors
    ///
    /// A complaint for each header that is missing, unknown or repeated, or one that the file
    /// cannot be read; none of the file is used then.
    pub fn open(
        catalog: &'c Catalog,
        source: &str,
        input: R,
        created_at: UnixMillis,
    ) -> Result<Self, Vec<Complaint>> {
        let source: Arc<str> = source.into();
        let located = |complaint: Box<Complaint>| vec![*complaint];
        let mut records = Records::open(input, &source).map_err(located)?;
        let headers = records.headers(&source).map_err(located)?;
        let (columns, warnings) = Columns::read(&headers, &source)?;
        Ok(Rows {
            catalog,
            source,
            created_at,
            records,
            record: csv::ByteRecord::new(),
            columns,
            read: Vec::new(),
            indices: HashMap::new(),
            last_key: Vec::new(),
            last_index: usize::MAX,
            key: Vec::new(),
            line: 1,
            warnings,
        })
    }

    /// The next row, or everything that is wrong with it; `None` after the last.
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, Vec<Complaint>>> {
        self.read_row(true)
    }

    /// The next row, which was read before: its pattern is not compiled again.
    fn read_again(&mut self) -> Option<Result<Row<'_>, Vec<Complaint>>> {
        self.read_row(false)
    }

    fn read_row(&mut self, is_new: bool) -> Option<Result<Row<'_>, Vec<Complaint>>> {
        let line = match self.records.read(&mut self.record, &self.source)? {
            Ok(line) => line,
            Err(complaint) => {
                self.record.clear();
                self.line = complaint.place.line;
                return Some(Err(vec![*complaint]));
            }
        };
        self.line = line;
        if self.record.len() != self.columns.count() {
            return Some(Err(vec![self.wrong_length(line)]));
        }
        let index = self.settings_index(line);
        Some(self.row(index, line, is_new))
    }

    /// Warnings since they were last taken.
    pub fn take_warnings(&mut self) -> Vec<Complaint> {
        std::mem::take(&mut self.warnings)
    }

    /// Bytes of the file read so far.
    pub fn bytes_read(&self) -> u64 {
        self.records.bytes_read()
    }

    fn row(&mut self, index: usize, line: u64, is_new: bool) -> Result<Row<'_>, Vec<Complaint>> {
        let (read, source) = (self.read.get(index), &self.source);
        let code = self.columns.value(&self.record, Column::PromoCode);
        let header = self.columns.header(Column::PromoCode);
        let place =
            || Place { source: source.clone(), line, column: None, field: header.to_owned() };
        // How to read the text follows from the match mode; without that, as an exact one.
        let match_type = match read {
            Some(Ok(settings)) => settings.match_type,
            _ => MatchType::Exact,
        };
        let folding = self.catalog.program.folding;
        let text = match std::str::from_utf8(code) {
            Err(_) => Err(vec![Complaint {
                kind: ComplaintKind::Syntax,
                place: place(),
                expected: "UTF-8".to_owned(),
                got: format!("{:?}", String::from_utf8_lossy(code)),
                remedy: "save the file as UTF-8".to_owned(),
            }]),
            Ok(code) if match_type == MatchType::Exact => match catalog::exact(code, folding) {
                Ok(typed) => {
                    let folded = typed.fold(folding);
                    Ok(RowText::Exact(typed, folded))
                }
                Err((expected, remedy)) => {
                    let kind = ComplaintKind::CodeText;
                    let (expected, got) = (expected.to_owned(), format!("{code:?}"));
                    let remedy = remedy.to_owned();
                    Err(vec![Complaint { kind, place: place(), expected, got, remedy }])
                }
            },
            Ok(code) => {
                let mut findings = Findings::default();
                let is_pattern = !is_new || catalog::pattern(code, &place(), &mut findings);
                self.warnings.append(&mut findings.warnings);
                if is_pattern { Ok(RowText::Regex(code)) } else { Err(findings.complaints) }
            }
        };
        match (text, read) {
            (Ok(text), Some(Ok(settings))) => {
                let Settings { terms, time_zone, .. } = settings;
                let time_zone = time_zone.as_deref();
                Ok(Row { text, terms, time_zone, settings: index, source, line })
            }
            (text, read) => {
                let mut complaints = text.err().unwrap_or_default();
                let faults = read.and_then(|read| read.as_ref().err()).into_iter().flatten();
                complaints.extend(faults.map(|fault| fault.at(&self.columns, source, line)));
                Err(complaints)
            }
        }
    }

    /// Reads the columns other than the code, unless a row said the same before.
    fn settings_index(&mut self, line: u64) -> usize {
        self.key.clear();
        for column in Column::SETTINGS {
            // No CSV value holds this byte in practice; one that did would only be read once more.
            self.key.extend_from_slice(self.columns.value(&self.record, column));
            self.key.push(0);
        }
        if self.last_index != usize::MAX && self.key == self.last_key {
            return self.last_index;
        }
        let index = match self.indices.get(&self.key) {
            Some(&index) => index,
            None => self.read_settings(line),
        };
        self.last_index = index;
        self.last_key.clone_from(&self.key);
        index
    }

    fn read_settings(&mut self, line: u64) -> usize {
        let mut warnings = Vec::new();
        let settings = settings::read(
            self.catalog,
            &|column| self.columns.value(&self.record, column),
            self.columns.has_deal_names(),
            self.created_at,
            &mut warnings,
        );
        let located = warnings.iter().map(|fault| fault.at(&self.columns, &self.source, line));
        self.warnings.extend(located);
        let index = self.read.len();
        self.read.push(settings);
        self.indices.insert(self.key.clone(), index);
        index
    }

    fn wrong_length(&self, line: u64) -> Complaint {
        let (expected, got) = (self.columns.count(), self.record.len());
        let remedy = "put a value that holds a comma in double quotes; leave no column out";
        *records::syntax(&self.source, line, format!("{expected} values"), got.to_string(), remedy)
    }
}

impl Row<'_> {
    /// Where the code is written.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            source: self.source.clone(),
            line: self.line,
            column: None,
            field: Column::PromoCode.header().to_owned(),
        }
    }
}
