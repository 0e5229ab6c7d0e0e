//! The columns of a bulk file. Their headers are promises.

use crate::catalog::{Complaint, ComplaintKind, Place, closest};

use std::sync::Arc;

/// A column by what it holds, in the order in which a file usually has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    PromoCode,
    ProgramId,
    MediaId,
    Type,
    CreditRule,
    MatchMode,
    DealId,
    ActiveStartDate,
    ActiveEndDate,
    Timezone,
}

/// Where each column stands in a file.
#[derive(Debug)]
pub(super) struct Columns {
    /// By column, in the order of [`Column::ALL`]: the position in the file and the header used
    /// there.
    places: Vec<(usize, &'static str)>,
}

impl Column {
    /// Every column, in order.
    pub const ALL: [Column; 10] = [
        Column::PromoCode,
        Column::ProgramId,
        Column::MediaId,
        Column::Type,
        Column::CreditRule,
        Column::MatchMode,
        Column::DealId,
        Column::ActiveStartDate,
        Column::ActiveEndDate,
        Column::Timezone,
    ];

    /// All but the code itself: what the rows of a campaign have in common.
    pub const SETTINGS: [Column; 9] = [
        Column::ProgramId,
        Column::MediaId,
        Column::Type,
        Column::CreditRule,
        Column::MatchMode,
        Column::DealId,
        Column::ActiveStartDate,
        Column::ActiveEndDate,
        Column::Timezone,
    ];

    pub fn header(self) -> &'static str {
        match self {
            Column::PromoCode => "Promo Code",
            Column::ProgramId => "Program Id",
            Column::MediaId => "Media Id",
            Column::Type => "Type",
            Column::CreditRule => "Credit Rule",
            Column::MatchMode => "Match Mode",
            Column::DealId => "Deal Id",
            Column::ActiveStartDate => "Active Start Date",
            Column::ActiveEndDate => "Active End Date",
            Column::Timezone => "Timezone",
        }
    }

    /// The header that older files have.
    fn legacy_header(self) -> Option<&'static str> {
        match self {
            Column::ProgramId => Some(LEGACY_PROGRAM),
            Column::DealId => Some(LEGACY_DEAL),
            _ => None,
        }
    }
}

const LEGACY_PROGRAM: &str = "Campaign Id";
const LEGACY_DEAL: &str = "Deal Name";

impl Columns {
    /// Finds every column once. The warnings name legacy headers.
    pub fn read(
        headers: &csv::ByteRecord,
        source: &Arc<str>,
    ) -> Result<(Columns, Vec<Complaint>), Vec<Complaint>> {
        let headers: Vec<String> = headers
            .iter()
            .map(without_return)
            .map(|header| String::from_utf8_lossy(header).into_owned())
            .collect();
        let mut header_faults = Vec::new();
        let mut warnings = Vec::new();
        let mut places = Vec::new();
        for column in Column::ALL {
            let is_named =
                |name: &str| name == column.header() || Some(name) == column.legacy_header();
            let mut positions = (0..).zip(&headers).filter(|(_, name)| is_named(name));
            match (positions.next(), positions.next()) {
                (None, _) => header_faults.push(missing(column, &headers)),
                (Some((_, name)), Some(_)) => header_faults.push(Header {
                    name: name.clone(),
                    expected: "each header once".to_owned(),
                    got: "it twice".to_owned(),
                    remedy: "remove one of the two columns".to_owned(),
                }),
                (Some((position, name)), None) if name == column.header() => {
                    places.push((position, column.header()));
                }
                (Some((position, name)), None) => {
                    places.push((position, column.legacy_header().unwrap_or_default()));
                    warnings.push(legacy(column, name));
                }
            }
        }
        let is_known = |name: &str| {
            Column::ALL
                .iter()
                .any(|column| name == column.header() || Some(name) == column.legacy_header())
        };
        header_faults.extend(headers.iter().filter(|name| !is_known(name)).map(unknown));
        let at = |kind| move |fault: Header| fault.at(kind, source);
        if header_faults.is_empty() {
            let kind = ComplaintKind::LegacyHeader;
            Ok((Columns { places }, warnings.into_iter().map(at(kind)).collect()))
        } else {
            Err(header_faults.into_iter().map(at(ComplaintKind::Header)).collect())
        }
    }

    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// The header that the file has for a column.
    pub fn header(&self, column: Column) -> &'static str {
        self.place(column).1
    }

    /// Whether the file names deals, as older ones do.
    pub fn has_deal_names(&self) -> bool {
        self.header(Column::DealId) == LEGACY_DEAL
    }

    /// A row's value without white space at its ends. A code is trimmed by its own rule, and a
    /// pattern's white space means something.
    pub fn value<'r>(&self, record: &'r csv::ByteRecord, column: Column) -> &'r [u8] {
        let value = without_return(record.get(self.place(column).0).unwrap_or_default());
        if column == Column::PromoCode { value } else { value.trim_ascii() }
    }

    fn place(&self, column: Column) -> (usize, &'static str) {
        // The order of the declaration is that of `ALL`.
        self.places.get(column as usize).copied().unwrap_or((0, ""))
    }
}

/// A value without the carriage return that ends a row on Windows.
fn without_return(value: &[u8]) -> &[u8] {
    value.strip_suffix(b"\r").unwrap_or(value)
}

/// What is to be said about a header.
struct Header {
    name: String,
    expected: String,
    got: String,
    remedy: String,
}

impl Header {
    fn at(self, kind: ComplaintKind, source: &Arc<str>) -> Complaint {
        let Header { name, expected, got, remedy } = self;
        let place = Place { source: source.clone(), line: 1, column: None, field: name };
        Complaint { kind, place, expected, got, remedy }
    }
}

fn missing(column: Column, headers: &[String]) -> Header {
    let joined = headers.join(",");
    let remedy = if headers.len() == 1 && (joined.contains(';') || joined.contains('\t')) {
        "separate columns by commas".to_owned()
    } else if let Some(close) = closest(column.header(), headers.iter()) {
        format!("did you mean it by {close:?}? Headers are compared to the letter")
    } else {
        "add the column; its values may be empty where a row needs none".to_owned()
    };
    Header {
        name: column.header().to_owned(),
        expected: "a column of this header".to_owned(),
        got: "none".to_owned(),
        remedy,
    }
}

fn unknown(name: &String) -> Header {
    let known = Column::ALL.map(Column::header).join(", ");
    Header {
        name: name.clone(),
        expected: format!("only the headers {known}"),
        got: format!("{name:?}"),
        remedy: "rename or remove the column".to_owned(),
    }
}

fn legacy(column: Column, name: &str) -> Header {
    Header {
        name: name.to_owned(),
        expected: column.header().to_owned(),
        got: format!("{name:?}"),
        remedy: "it is read all the same; rename the column".to_owned(),
    }
}
