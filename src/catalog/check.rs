//! Turns an element's values into nouns of the domain and complains, at their place, about those
//! that cannot be.

use super::complaint::{Complaint, ComplaintKind, Findings, Place};
use super::country::country;
use super::document::Origin;
use crate::id::Id;
use crate::money::{BasisPoints, Currency, Minor};
use crate::order::Country;
use crate::time::{Schedule, UnixMillis};
use crate::zone::{Boundary, DateError, DateReader, Notation, Zone};

use std::collections::HashMap;

/// What elements may refer to: ids, each with the place of the element that has it.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub event_types: HashMap<String, Place>,
    pub partners: HashMap<String, Place>,
    pub deals: HashMap<String, Place>,
    pub lists: HashMap<String, Place>,
}

/// Checks the values of one element. Methods give `None` after a complaint.
pub(super) struct Check<'a> {
    pub origin: &'a Origin<'a>,
    pub findings: &'a mut Findings,
    pub known: &'a Known,
}

impl Check<'_> {
    pub fn complain(
        &mut self,
        kind: ComplaintKind,
        path: &str,
        expected: impl Into<String>,
        got: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let place = self.origin.place(path);
        let (expected, got, remedy) = (expected.into(), got.into(), remedy.into());
        self.findings.complaints.push(Complaint { kind, place, expected, got, remedy });
    }

    pub fn warn(
        &mut self,
        kind: ComplaintKind,
        path: &str,
        expected: impl Into<String>,
        got: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let place = self.origin.place(path);
        let (expected, got, remedy) = (expected.into(), got.into(), remedy.into());
        self.findings.warnings.push(Complaint { kind, place, expected, got, remedy });
    }

    pub fn id<Of>(&mut self, text: &str, path: &str) -> Option<Id<Of>> {
        match Id::parse(text) {
            Ok(id) => Some(id),
            Err(error) => {
                let expected =
                    "1 to 64 bytes without control characters or white space at the ends";
                let remedy = "choose another id; ids never change once published";
                let got = format!("{text:?} ({error})");
                self.complain(ComplaintKind::Id, path, expected, got, remedy);
                None
            }
        }
    }

    /// An id that another element must have.
    fn reference<Of>(
        &mut self,
        text: &str,
        path: &str,
        known: fn(&Known) -> &HashMap<String, Place>,
        noun: &str,
    ) -> Option<Id<Of>> {
        if known(self.known).contains_key(text) {
            return Id::parse(text).ok();
        }
        let expected = format!("the id of {noun} of this catalogue");
        let remedy = match closest(text, known(self.known).keys()) {
            Some(close) => format!("did you mean {close:?}?"),
            None => "add it, or correct the id".to_owned(),
        };
        self.complain(ComplaintKind::UnknownReference, path, expected, format!("{text:?}"), remedy);
        None
    }

    pub fn event_type<Of>(&mut self, text: &str, path: &str) -> Option<Id<Of>> {
        self.reference(text, path, |known| &known.event_types, "an event type")
    }

    pub fn owner<Of>(&mut self, text: &str, path: &str) -> Option<Id<Of>> {
        self.reference(text, path, |known| &known.partners, "a partner")
    }

    pub fn deal<Of>(&mut self, text: &str, path: &str) -> Option<Id<Of>> {
        self.reference(text, path, |known| &known.deals, "a deal")
    }

    pub fn list(&mut self, text: &str, path: &str) {
        self.reference::<()>(text, path, |known| &known.lists, "an exception list");
    }

    pub fn currency(&mut self, text: &str, path: &str) -> Option<Currency> {
        let exists = iso_currency::Currency::from_code(text).is_some();
        let currency = Currency::parse(text).filter(|_| exists);
        if currency.is_none() {
            let expected = "an ISO 4217 code such as USD";
            let remedy = "three capital letters of a currency that exists";
            self.complain(ComplaintKind::Currency, path, expected, format!("{text:?}"), remedy);
        }
        currency
    }

    pub fn country(&mut self, text: &str, path: &str) -> Option<Country> {
        match country(text) {
            Ok(country) => Some(country),
            Err(remedy) => {
                let expected = "an ISO 3166-1 code such as US";
                self.complain(ComplaintKind::Country, path, expected, format!("{text:?}"), remedy);
                None
            }
        }
    }

    pub fn zone(&mut self, text: &str, path: &str) -> Option<Zone> {
        let zone = Zone::parse(text);
        if zone.is_none() {
            let expected = "an IANA zone name such as America/New_York";
            let remedy =
                "abbreviations and offsets are not zones: they do not say when clocks change";
            self.complain(ComplaintKind::TimeZone, path, expected, format!("{text:?}"), remedy);
        }
        zone
    }

    pub fn minor(&mut self, amount: u64, least: u64, path: &str) -> Option<Minor> {
        let minor = Minor::new(amount).filter(|_| amount >= least);
        if minor.is_none() {
            let expected = format!("{least} to {} minor units", Minor::MAX.get());
            self.complain(ComplaintKind::Range, path, expected, amount.to_string(), REMEDY_MINOR);
        }
        minor
    }

    pub fn basis_points(&mut self, bps: u16, least: u16, path: &str) -> Option<BasisPoints> {
        let share = BasisPoints::new(bps).filter(|_| bps >= least);
        if share.is_none() {
            let expected = format!("{least} to 10000 basis points");
            let remedy = "100 basis points are one per cent";
            self.complain(ComplaintKind::Range, path, expected, bps.to_string(), remedy);
        }
        share
    }

    /// A count of at least 1. The largest u32 stands for none in a snapshot.
    pub fn count(&mut self, count: u32, path: &str) -> Option<u32> {
        if (1..u32::MAX).contains(&count) {
            return Some(count);
        }
        let expected = format!("1 to {}", u32::MAX.saturating_sub(1));
        let remedy = "leave it out, or give null, for no limit";
        self.complain(ComplaintKind::Range, path, expected, count.to_string(), remedy);
        None
    }

    /// The schedule of an element with fields `start_at` and `end_at`; `parent` is their path up to
    /// the dot.
    pub fn schedule(
        &mut self,
        start_at: Option<&str>,
        end_at: Option<&str>,
        parent: &str,
        (own, program): (Option<&Zone>, &Zone),
    ) -> Option<Schedule> {
        let dates = DateReader { own, program, notation: Notation::Json };
        let mut read = |text: Option<&str>, boundary, name| match text {
            None => Some(None),
            Some(text) => self.date(text, &dates, boundary, &format!("{parent}{name}")).map(Some),
        };
        let start = read(start_at, Boundary::Start, "start_at");
        let end = read(end_at, Boundary::End, "end_at");
        let schedule = Schedule { start_at: start?, end_at: end? };
        if schedule.is_empty() {
            let (expected, remedy) = empty_words("start_at", start_at.unwrap_or_default());
            let (kind, got) =
                (ComplaintKind::Schedule, format!("{:?}", end_at.unwrap_or_default()));
            self.complain(kind, &format!("{parent}end_at"), expected, got, remedy);
            return None;
        }
        Some(schedule)
    }

    pub fn date(
        &mut self,
        text: &str,
        dates: &DateReader<'_>,
        boundary: Boundary,
        path: &str,
    ) -> Option<UnixMillis> {
        match dates.read(text, boundary) {
            Ok(read) => {
                if let (Some(_), Some(zone)) = (read.overridden, dates.own) {
                    let (expected, remedy) = override_words(zone);
                    self.warn(
                        ComplaintKind::ZoneOverride,
                        path,
                        expected,
                        format!("{text:?}"),
                        remedy,
                    );
                }
                Some(read.at)
            }
            Err(error) => {
                let remedy = date_remedy(&error);
                let expected = error.to_string();
                self.complain(ComplaintKind::Date, path, expected, format!("{text:?}"), remedy);
                None
            }
        }
    }
}

const REMEDY_MINOR: &str = "amounts are integers in the minor unit: 1250 for 12.50 USD";

/// What is said about an offset that a zone's name replaced: expected, remedy.
pub(crate) fn override_words(zone: &Zone) -> (String, String) {
    let name = zone.name();
    (
        format!("no offset, or that of {name}, beside the zone's name"),
        format!("the clock's time was kept and read in {name}; leave out the offset or the zone"),
    )
}

/// What is said about an end that is not after its start: expected, remedy.
pub(crate) fn empty_words(field: &str, start: &str) -> (String, &'static str) {
    let remedy = "choose a later end, or remove what is never to be in force";
    (format!("an end after {field}, which is {start:?}"), remedy)
}

/// What is said about a code whose schedule has no instant in common with its deal's: expected,
/// remedy.
pub(crate) fn narrowed_words() -> (&'static str, &'static str) {
    let remedy = "the code is never active: change one schedule, or the deal's sync_codes";
    ("a deal that is in force at some time when the code is", remedy)
}

/// What mends a date that cannot be read.
pub(crate) fn date_remedy(error: &DateError) -> &'static str {
    match error {
        DateError::Unreadable => "write years first, as in ISO 8601",
        DateError::Nonexistent { .. } => {
            "clocks are put forward past it; choose a time before or after"
        }
        DateError::OutOfRange => "leave the date out for no limit",
    }
}

/// The known id that differs least, if it is close enough to be a slip of the hand.
pub(crate) fn closest<'a>(
    text: &str,
    known: impl Iterator<Item = &'a String>,
) -> Option<&'a String> {
    let distance = |id: &String| edit_distance(&text.to_lowercase(), &id.to_lowercase());
    let near = known.map(|id| (distance(id), id)).min()?;
    (near.0 <= text.chars().count() / 3).then_some(near.1)
}

/// Levenshtein's distance, one row at a time.
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (above_index, left) in a.chars().enumerate() {
        let mut diagonal = above_index;
        let mut before = above_index.saturating_add(1);
        for (cell, right) in row.iter_mut().skip(1).zip(b.chars()) {
            let substituted = diagonal.saturating_add(usize::from(left != right));
            diagonal = *cell;
            before = substituted.min(before.saturating_add(1)).min(cell.saturating_add(1));
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = above_index.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
