//! One authored thing by itself, checked against what is known besides: what a catalogue's document
//! is for a whole programme, a request's body is for a code, a deal, a partner or a list.
//!
//! - [`Surroundings`] is what is known; its methods read and check one thing.
//! - [`Checked`] is a thing that can be kept, as it is to be kept; [`CheckedCode`] a code.
//!
//! Complaints carry the path in the body, and there is one for every fault.

mod code;

pub use code::{CheckedCode, folding_number};

use super::authored::request::{CodeRequest, NOTE_CHARS_MAX, SUGGESTION_COUNT_MAX};
use super::authored::{self, EventType};
use super::check::{Check, Known};
use super::complaint::{Complaint, ComplaintKind, Findings, Place};
use super::document::{Document, Origin};
use super::payout::Payouts;
use super::{Catalog, deal, exact, payout, preset, program, shape};
use crate::id::ProgramId;
use crate::time::{Schedule, ScheduleState, UnixMillis};
use crate::wire::rfc3339;
use crate::zone::{Boundary, DateReader, Notation, Zone};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::{BTreeSet, HashMap};

/// What one thing is checked against.
#[derive(Debug)]
pub struct Surroundings {
    catalog: Catalog,
    known: Known,
}

/// What is kept as one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementKind {
    /// Who can own codes.
    Partner,
    /// What codes stand for.
    Deal,
    /// Codes that are paid at a rate of their own.
    ExceptionList,
}

/// A thing that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its id.
    pub id: String,
    /// As it is authored, every default filled in and every date an instant in UTC.
    pub document: String,
    /// When it is in force, where that is said of the whole of it.
    pub schedule: Schedule,
    /// What does not stand against it.
    pub warnings: Vec<Complaint>,
}

/// A programme's settings that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedProgram {
    /// The programme.
    pub id: ProgramId,
    /// Its settings as they are authored, every default filled in.
    pub document: String,
    /// Its event types as they are authored.
    pub event_types: String,
}

/// A request for a code that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRequest {
    /// Id of the deal that the code is to stand for.
    pub deal: Option<String>,
    /// Suggested texts.
    pub codes: Vec<String>,
    /// When it is needed.
    pub needed_by: Option<UnixMillis>,
    /// Instructions.
    pub note: Option<String>,
}

impl Surroundings {
    /// Begins with a programme as it is kept.
    ///
    /// # Errors
    ///
    /// [`Findings`] when it could not be one: it was not kept by us.
    pub fn new(document: &str, event_types: &str) -> Result<Self, Findings> {
        let mut surroundings =
            Surroundings { catalog: settings(document)?, known: Known::default() };
        let event_types: Vec<EventType> =
            serde_json::from_str(event_types).map_err(|_| Findings::default())?;
        let ids = event_types.into_iter().map(|event| event.id);
        surroundings.known.event_types = places(ids);
        Ok(surroundings)
    }

    /// Adds partners that may be referred to.
    pub fn know_partners(&mut self, ids: impl IntoIterator<Item = String>) {
        self.known.partners.extend(places(ids));
    }

    /// Adds exception lists that may be referred to.
    pub fn know_lists(&mut self, ids: impl IntoIterator<Item = String>) {
        self.known.lists.extend(places(ids));
    }

    /// Adds a deal that may be referred to, as it is kept.
    ///
    /// # Errors
    ///
    /// [`Findings`] when it could not be one.
    pub fn know_deal(&mut self, document: &str) -> Result<(), Findings> {
        let authored: authored::Deal = read(document)?;
        let checked = self.check(document, |check, catalog| {
            deal::deal(check, &authored, (&catalog.program, &catalog.zone))
        })?;
        self.known.deals.extend(places([authored.id]));
        self.catalog.deals.push(checked.0);
        Ok(())
    }

    /// Adds a thing that may be referred to.
    ///
    /// # Errors
    ///
    /// [`Findings`] when it could not be one.
    pub fn know(&mut self, kind: ElementKind, checked: &Checked) -> Result<(), Findings> {
        match kind {
            ElementKind::Partner => self.know_partners([checked.id.clone()]),
            ElementKind::ExceptionList => self.know_lists([checked.id.clone()]),
            ElementKind::Deal => self.know_deal(&checked.document)?,
        }
        Ok(())
    }

    /// Reads a thing of a kind.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn element(&self, kind: ElementKind, body: &str) -> Result<Checked, Findings> {
        match kind {
            ElementKind::Partner => self.partner(body),
            ElementKind::Deal => self.deal(body),
            ElementKind::ExceptionList => self.exception_list(body),
        }
    }

    /// The zone that dates without an offset are read in.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.catalog.zone
    }

    /// The programme's id.
    #[must_use]
    pub fn program(&self) -> &ProgramId {
        &self.catalog.program.id
    }

    /// Reads a deal.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn deal(&self, body: &str) -> Result<Checked, Findings> {
        let mut authored: authored::Deal = read(body)?;
        let (checked, warnings) = self.check(body, |check, catalog| {
            deal::deal(check, &authored, (&catalog.program, &catalog.zone))
        })?;
        let Schedule { start_at, end_at } = checked.schedule;
        (authored.start_at, authored.end_at) = (start_at.map(rfc3339), end_at.map(rfc3339));
        kept(authored.id.clone(), &authored, checked.schedule, warnings)
    }

    /// Reads a partner with its contracts.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn partner(&self, body: &str) -> Result<Checked, Findings> {
        let mut authored: authored::Partner = read(body)?;
        let (checked, warnings) = self.check(body, |check, catalog| {
            let context = (&catalog.program, &catalog.zone);
            program::partner(check, &authored, context, &mut Payouts::default())
        })?;
        for contract in &mut authored.contracts {
            let checked = checked.contracts.iter().find(|one| one.id.as_str() == contract.id);
            let schedule = checked.map(|one| one.schedule).unwrap_or_default();
            contract.start_at = schedule.start_at.map(rfc3339);
            contract.end_at = schedule.end_at.map(rfc3339);
        }
        kept(authored.id.clone(), &authored, Schedule::ALWAYS, warnings)
    }

    /// Reads an exception list.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn exception_list(&self, body: &str) -> Result<Checked, Findings> {
        let authored: authored::ExceptionList = read(body)?;
        let ((), warnings) = self.check(body, |check, catalog| {
            let (program, payouts) = (&catalog.program, &mut Payouts::default());
            payout::Reading { check, program, payouts }.exception_list(&authored)
        })?;
        kept(authored.id.clone(), &authored, Schedule::ALWAYS, warnings)
    }

    /// Reads what a partner asks for.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn code_request(&self, body: &str) -> Result<CheckedRequest, Findings> {
        let asked: CodeRequest = read(body)?;
        let (needed_by, _) = self.check(body, |check, catalog| {
            if !(1..=SUGGESTION_COUNT_MAX).contains(&asked.codes.len()) {
                let expected = format!("1 to {SUGGESTION_COUNT_MAX} codes");
                let got = asked.codes.len().to_string();
                check.complain(ComplaintKind::Range, "codes", expected, got, "suggest fewer");
            }
            for (index, text) in asked.codes.iter().enumerate() {
                if let Err((expected, remedy)) = exact(text, catalog.program.folding) {
                    let (kind, got) = (ComplaintKind::CodeText, format!("{text:?}"));
                    check.complain(kind, &format!("codes[{index}]"), expected, got, remedy);
                }
            }
            if let Some(deal) = &asked.deal {
                check.deal::<()>(deal, "deal");
            }
            check_length(check, asked.note.as_deref(), "note", NOTE_CHARS_MAX);
            let dates = DateReader { own: None, program: &catalog.zone, notation: Notation::Json };
            let date = |text| check.date(text, &dates, Boundary::End, "needed_by");
            Some(asked.needed_by.as_deref().map(date).unwrap_or_default())
        })?;
        Ok(CheckedRequest { deal: asked.deal, codes: asked.codes, needed_by, note: asked.note })
    }

    /// Checks values in a body; `None` is refused with what was complained of.
    fn check<T>(
        &self,
        body: &str,
        convert: impl FnOnce(&mut Check<'_>, &Catalog) -> Option<T>,
    ) -> Result<(T, Vec<Complaint>), Findings> {
        check_with(body, &self.known, |check| convert(check, &self.catalog))
    }
}

/// Reads a programme's settings, with its event types as the field `event_types`. Those in
/// `covered` are what contracts cover: they have to stay.
///
/// # Errors
///
/// [`Findings`] with everything that is wrong with them.
pub fn program(body: &str, covered: &BTreeSet<String>) -> Result<CheckedProgram, Findings> {
    let refused = |complaints| Findings { complaints, warnings: Vec::new() };
    let (authored, event_types) = shape::settings(body).map_err(refused)?;
    let known = Known::default();
    let preset = preset::preset(authored.attribution.preset);
    let ((checked, _), _) = check_with(body, &known, |check| {
        let mut ids = BTreeSet::new();
        for (index, event) in event_types.iter().enumerate() {
            let path = format!("event_types[{index}].id");
            check.id::<()>(&event.id, &path);
            if !ids.insert(&event.id) {
                let (kind, got) = (ComplaintKind::DuplicateId, format!("{:?}", event.id));
                check.complain(kind, &path, "an id of its own", got, "remove one of the two");
            }
        }
        for gone in covered.iter().filter(|id| !ids.contains(id)) {
            let expected = format!("the event type {gone:?}, which contracts cover");
            let remedy = "take it out of the contracts first";
            let kind = ComplaintKind::UnknownReference;
            check.complain(kind, "event_types", expected, "none", remedy);
        }
        program::program(check, &authored, &preset)
    })?;
    Ok(CheckedProgram {
        id: checked.id,
        document: written(&authored)?,
        event_types: written(&event_types)?,
    })
}

/// A deal as it is once it is ended at this instant; one that has ended stays as it is.
///
/// # Errors
///
/// [`Findings`] when it has not begun: then its dates are to be changed.
pub fn end_of_deal(
    document: &str,
    known: &Surroundings,
    at: UnixMillis,
) -> Result<String, Findings> {
    let mut authored: authored::Deal = read(document)?;
    let ended = known.deal(document)?.schedule.state_at(at) == ScheduleState::Expired;
    if !ended {
        authored.end_at = Some(rfc3339(at));
    }
    written(&authored)
}

/// The settings of a programme as they are kept, with nothing in it yet.
fn settings(document: &str) -> Result<Catalog, Findings> {
    let authored: authored::Program = read(document)?;
    let preset = preset::preset(authored.attribution.preset);
    let ((program, zone), _) = check_with(document, &Known::default(), |check| {
        program::program(check, &authored, &preset)
    })?;
    let default_credit_policy = preset.credit_policy(&authored.attribution);
    Ok(Catalog { default_credit_policy, ..Catalog::empty(program, zone) })
}

fn check_with<T>(
    body: &str,
    known: &Known,
    convert: impl FnOnce(&mut Check<'_>) -> Option<T>,
) -> Result<(T, Vec<Complaint>), Findings> {
    let document = Document::new(BODY, body);
    let raw: &RawValue = serde_json::from_str(body).map_err(|_| Findings::default())?;
    let origin: Origin<'_> = document.origin(raw, String::new());
    let mut findings = Findings::default();
    let value = convert(&mut Check { origin: &origin, findings: &mut findings, known });
    match value {
        Some(value) if findings.complaints.is_empty() => Ok((value, findings.warnings)),
        _ => Err(findings),
    }
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, Findings> {
    shape::read(body).map_err(|complaints| Findings { complaints, warnings: Vec::new() })
}

/// What complaints call a request's body.
const BODY: &str = "body";

fn check_length(check: &mut Check<'_>, text: Option<&str>, path: &str, most: usize) {
    if let Some(count) = text.map(|text| text.chars().count())
        && count > most
    {
        let (expected, got) = (format!("at most {most} characters"), count.to_string());
        check.complain(ComplaintKind::Range, path, expected, got, "shorten the note");
    }
}

fn kept<T: Serialize>(
    id: String,
    authored: &T,
    schedule: Schedule,
    warnings: Vec<Complaint>,
) -> Result<Checked, Findings> {
    Ok(Checked { id, document: written(authored)?, schedule, warnings })
}

fn written<T: Serialize>(authored: &T) -> Result<String, Findings> {
    serde_json::to_string(authored).map_err(|_| Findings::default())
}

fn places(ids: impl IntoIterator<Item = String>) -> HashMap<String, Place> {
    let place = Place { source: BODY.into(), line: 1, column: None, field: String::new() };
    ids.into_iter().map(|id| (id, place.clone())).collect()
}
