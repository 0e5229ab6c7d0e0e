//! The records of a bulk file, whichever format it has.

use super::xlsx::{self, NumberedRow, Unreadable};
use crate::catalog::{Complaint, ComplaintKind, Place};

use std::io::{self, Chain, Cursor, Read};
use std::sync::Arc;

/// How many bytes are read at a time.
const BUFFER_SIZE: usize = 64 << 10;

/// Where rows come from.
#[derive(Debug)]
pub(super) enum Records<R> {
    Csv(Csv<R>),
    Sheet { rows: std::vec::IntoIter<NumberedRow>, size: u64 },
}

/// A CSV file.
#[derive(Debug)]
pub(super) struct Csv<R> {
    reader: csv::Reader<Ended<R>>,
}

/// What was looked at, the rest, and a line break: so that the last line ends like the others.
type Ended<R> = Chain<Chain<Cursor<Vec<u8>>, R>, &'static [u8]>;

impl<R: Read> Records<R> {
    /// Looks at what the file begins with. A workbook is read whole.
    pub fn open(mut input: R, source: &Arc<str>) -> Result<Self, Box<Complaint>> {
        let unreadable =
            |error: io::Error| broken(source, 1, "a file that can be read", error.to_string());
        let mut start = Vec::new();
        let magic_size = u64::try_from(xlsx::MAGIC.len()).unwrap_or(u64::MAX);
        input.by_ref().take(magic_size).read_to_end(&mut start).map_err(unreadable)?;
        if start == xlsx::COMPOUND_MAGIC {
            let got = "an XLS file, or one with a password".to_owned();
            let remedy = "save it as XLSX without a password, or as CSV (UTF-8)";
            return Err(syntax(source, 1, "CSV or XLSX".to_owned(), got, remedy));
        }
        if start != xlsx::MAGIC {
            return Ok(Records::Csv(Csv::new(start, input)));
        }
        input.read_to_end(&mut start).map_err(unreadable)?;
        let rows = xlsx::read(&start).map_err(|unreadable| located(unreadable, source, 1))?;
        let size = u64::try_from(start.len()).unwrap_or(u64::MAX);
        Ok(Records::Sheet { rows: rows.into_iter(), size })
    }

    /// The first record.
    pub fn headers(&mut self, source: &Arc<str>) -> Result<csv::ByteRecord, Box<Complaint>> {
        match self {
            Records::Csv(csv) => csv.headers(source),
            Records::Sheet { rows, .. } => {
                let Some((number, headers)) = rows.next() else { return Ok(Default::default()) };
                headers.map_err(|unreadable| located(unreadable, source, number))
            }
        }
    }

    /// Reads the next record and says on which line it begins; `None` after the last.
    pub fn read(
        &mut self,
        record: &mut csv::ByteRecord,
        source: &Arc<str>,
    ) -> Option<Result<u64, Box<Complaint>>> {
        match self {
            Records::Csv(csv) => csv.read(record, source),
            Records::Sheet { rows, .. } => {
                let (number, values) = rows.next()?;
                let located = |unreadable| located(unreadable, source, number);
                Some(values.map_err(located).map(|values| {
                    *record = values;
                    number
                }))
            }
        }
    }

    /// Bytes of the file read so far.
    pub fn bytes_read(&self) -> u64 {
        match self {
            Records::Csv(csv) => csv.reader.position().byte(),
            Records::Sheet { size, .. } => *size,
        }
    }
}

impl<R: Read> Csv<R> {
    fn new(start: Vec<u8>, rest: R) -> Self {
        // Rows of another length are complained about by us, with their line. Ending a row at the
        // line feed and nowhere else keeps the count of lines exact; a carriage return before it is
        // trimmed.
        let reader = csv::ReaderBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER_SIZE)
            .from_reader(Cursor::new(start).chain(rest).chain(b"\n".as_slice()));
        Csv { reader }
    }

    fn headers(&mut self, source: &Arc<str>) -> Result<csv::ByteRecord, Box<Complaint>> {
        let headers = self.reader.byte_headers().cloned();
        headers.map_err(|error| broken(source, 1, "CSV", error.to_string()))
    }

    fn read(
        &mut self,
        record: &mut csv::ByteRecord,
        source: &Arc<str>,
    ) -> Option<Result<u64, Box<Complaint>>> {
        loop {
            match self.reader.read_byte_record(record) {
                Ok(false) => return None,
                Ok(true) if record.as_slice() == b"\r" => {}
                Ok(true) => break,
                Err(error) => {
                    let line = self.reader.position().line();
                    return Some(Err(broken(source, line, "CSV", error.to_string())));
                }
            }
        }
        // A quoted value may hold line breaks; the row is where it begins.
        let breaks = record.as_slice().iter().filter(|&&byte| byte == b'\n').count();
        let breaks = u64::try_from(breaks).unwrap_or(u64::MAX);
        let line = self.reader.position().line().saturating_sub(breaks).saturating_sub(1);
        if record.position().is_some_and(|earliest| line < earliest.line()) {
            // All line breaks, even the one that follows the file, are in the row: none has ended
            // it.
            let expected = "a double quote to end the value".to_owned();
            let remedy = "close it; a double quote inside a value is written twice";
            let (line, got) = (line.saturating_add(1), "the end of the file".to_owned());
            return Some(Err(syntax(source, line, expected, got, remedy)));
        }
        Some(Ok(line))
    }
}

/// What stands against a workbook, or against a row of it.
fn located(unreadable: Unreadable, source: &Arc<str>, line: u64) -> Box<Complaint> {
    let Unreadable { expected, got, remedy } = unreadable;
    syntax(source, line, expected.to_owned(), got, remedy)
}

/// What no reader can go on from.
fn broken(source: &Arc<str>, line: u64, expected: &str, got: String) -> Box<Complaint> {
    syntax(source, line, expected.to_owned(), got, "check that the file can be read")
}

/// Something wrong with how a file is written.
pub(super) fn syntax(
    source: &Arc<str>,
    line: u64,
    expected: String,
    got: String,
    remedy: &str,
) -> Box<Complaint> {
    let place = Place { source: source.clone(), line, column: None, field: String::new() };
    let (kind, remedy) = (ComplaintKind::Syntax, remedy.to_owned());
    Box::new(Complaint { kind, place, expected, got, remedy })
}
