//! One authored thing by itself, checked against what is known besides: what a catalogue's document
//! is for a whole programme, a request's body is for a code, a deal, a partner or a list.
//!
//! - [`Surroundings`] is what is known; its methods read and check one thing.
//! - [`Checked`] is a thing that can be kept, as it is to be kept.
//!
//! Complaints carry the path in the body, and there is one for every fault.

use super::authored::edit::{COMMENTS_CHARS_MAX, CodePatch, NewCode};
use super::authored::request::{CodeRequest, NOTE_CHARS_MAX, SUGGESTION_COUNT_MAX};
use super::authored::{self, EventType};
use super::check::{Check, Known};
use super::complaint::{Complaint, ComplaintKind, Findings, Place};
use super::document::{Document, Origin};
use super::edit::{Change, Dates, Refused, Standing};
use super::payout::Payouts;
use super::{Catalog, CodeText, code, deal, exact, nfkc, payout, preset, program, shape};
use crate::code::{CodeKind, FoldedCode, MatchType, TypedCode, derive_code_id};
use crate::id::{CodeId, ProgramId};
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

/// A code that can be created.
#[derive(Debug, Clone)]
pub struct CheckedCode {
    /// The id that it is given, if it is.
    pub id: Option<CodeId>,
    /// As authored: the code in its normal form, or the pattern.
    pub text: String,
    /// What exact codes are compared by; of a pattern, what it is searched by.
    pub folded: String,
    /// The folded text of an exact code.
    pub exact: Option<FoldedCode>,
    /// How typed codes are compared with it.
    pub match_type: MatchType,
    /// Whose code it is.
    pub kind: CodeKind,
    /// When it was created.
    pub created_at: UnixMillis,
    /// Everything that can change about it.
    pub standing: Standing,
    /// What does not stand against it.
    pub warnings: Vec<Complaint>,
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

    /// Reads a code to be created, at this instant.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn code(&self, body: &str, at: UnixMillis) -> Result<CheckedCode, Findings> {
        let new: NewCode = read(body)?;
        let mut code = self.checked_code(body, &authored_code(&new), new.comments.as_deref())?;
        code.id = code.id.filter(|_| new.id.is_some());
        code.created_at = at;
        code.standing.comments = new.comments;
        Ok(code)
    }

    /// Reads a code as a catalogue has it.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn authored_code(&self, body: &str) -> Result<CheckedCode, Findings> {
        self.checked_code(body, &read(body)?, None)
    }

    fn checked_code(
        &self,
        body: &str,
        authored: &authored::Code,
        comments: Option<&str>,
    ) -> Result<CheckedCode, Findings> {
        let ((code, own), warnings) = self.check(body, |check, catalog| {
            check_length(check, comments, "comments", COMMENTS_CHARS_MAX);
            let code = code::code(check, authored, catalog)?;
            Some((code, own_schedule(authored, catalog)?))
        })?;
        let (match_type, text, exact) = match code.text {
            CodeText::Exact(typed) => {
                let folded = typed.fold(self.catalog.program.folding);
                (MatchType::Exact, typed.as_str().to_owned(), Some(folded))
            }
            CodeText::Regex(pattern) => (MatchType::Regex, pattern, None),
        };
        let folded =
            exact.as_ref().map_or_else(|| text.to_lowercase(), |it| it.as_str().to_owned());
        let terms = code.terms;
        Ok(CheckedCode {
            id: terms.id,
            text,
            folded,
            exact,
            match_type,
            kind: terms.kind,
            created_at: terms.created_at,
            standing: Standing {
                start_at: own.start_at,
                end_at: own.end_at,
                expired_at: None,
                time_zone: zone_name(authored.time_zone.as_deref()),
                deal: terms.deal,
                max_redemptions: terms.max_redemptions,
                max_redemptions_per_customer: terms.max_redemptions_per_customer,
                public: terms.public,
                comments: None,
            },
            warnings,
        })
    }

    /// What a code is searched by: its text as codes are compared.
    #[must_use]
    pub fn searched(&self, text: &str) -> String {
        let typed = TypedCode::parse(text, nfkc);
        let fold = |typed: TypedCode| typed.fold(self.catalog.program.folding).as_str().to_owned();
        typed.map_or_else(|_| text.to_lowercase(), fold)
    }

    /// Which differences between codes the programme ignores, as one number: 1 for separators, 2
    /// for look-alikes.
    #[must_use]
    pub fn folding(&self) -> u8 {
        let folding = self.catalog.program.folding;
        u8::from(folding.separators) | u8::from(folding.lookalikes) << 1
    }

    /// What a code is after a patch at this instant, and what there is to be said about it.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with the patch; what the code as it stands
    /// refuses ([`Refused`]) is among it.
    pub fn patch(
        &self,
        body: &str,
        standing: &Standing,
        at: UnixMillis,
    ) -> Result<(Standing, Vec<Complaint>), Findings> {
        let patch: CodePatch = read(body)?;
        self.check(body, |check, _| self.patched(check, &patch, standing, at))
    }

    fn patched(
        &self,
        check: &mut Check<'_>,
        patch: &CodePatch,
        standing: &Standing,
        at: UnixMillis,
    ) -> Option<Standing> {
        let comments = patch.comments.clone().flatten();
        check_length(check, comments.as_deref(), "comments", COMMENTS_CHARS_MAX);
        let mut patched = standing.clone();
        if let Some(max) = patch.max_redemptions {
            patched.max_redemptions = max.and_then(|max| check.count(max, "max_redemptions"));
        }
        if let Some(max) = patch.max_redemptions_per_customer {
            let path = "max_redemptions_per_customer";
            patched.max_redemptions_per_customer = max.and_then(|max| check.count(max, path));
        }
        if let Some(deal) = &patch.deal {
            patched.deal = deal.as_ref().and_then(|deal| check.deal(deal, "deal"));
        }
        if let Some(Some(zone)) = &patch.time_zone {
            check.zone(zone, "time_zone")?;
        }
        patched.public = patch.public.unwrap_or(patched.public);
        patched.comments = patch.comments.clone().unwrap_or(patched.comments);
        let dates = Dates {
            start_at: patch.start_at.clone(),
            end_at: patch.end_at.clone(),
            time_zone: patch.time_zone.as_ref().map(|zone| zone_name(zone.as_deref())),
        };
        match patched.changed(&Change::Dates(dates), at, &self.catalog.zone) {
            Ok(moved) => Some(moved),
            Err(Refused::Same) => Some(patched),
            Err(refused) => {
                let path = if patch.end_at.is_some() { "end_at" } else { "start_at" };
                let got = format!("a change that is refused: {}", refused.name());
                let expected = "dates that the code can have";
                check.complain(ComplaintKind::Schedule, path, expected, got, refused.remedy());
                None
            }
        }
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

impl CheckedCode {
    /// Lets a code without a start begin now where its text has been another code's before
    /// (`earlier`, by their ids): what was ordered until now stays that one's (rule 11).
    pub fn succeed(&mut self, earlier: &[String], now: UnixMillis) {
        if !earlier.is_empty() && self.match_type == MatchType::Exact {
            self.standing.start_at = self.standing.start_at.or(Some(now));
        }
    }

    /// The id that it is given, else the one that follows from what the code is; where an earlier
    /// code of its text has that, the one that follows from when it was created.
    #[must_use]
    pub fn own_id(&self, program: &ProgramId, earlier: &[String]) -> String {
        let text = match self.match_type {
            MatchType::Exact => &self.folded,
            MatchType::Regex => &self.text,
        };
        let derived = |start| derive_code_id(program, self.match_type, text, start);
        let given = self.id.as_ref().map(|id| id.as_str().to_owned());
        given.unwrap_or_else(|| match derived(self.standing.start_at) {
            taken if earlier.contains(&taken) => derived(Some(self.created_at)),
            own => own,
        })
    }
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

fn authored_code(new: &NewCode) -> authored::Code {
    let new = new.clone();
    authored::Code {
        // Any id will do: one that is left out follows from the code.
        id: new.id.unwrap_or_else(|| "new".to_owned()),
        code: new.code,
        kind: new.kind,
        match_type: new.match_type,
        credit_policy: new.credit_policy,
        owner: new.owner,
        start_at: new.start_at,
        end_at: new.end_at,
        time_zone: new.time_zone,
        deal: new.deal,
        max_redemptions: new.max_redemptions,
        max_redemptions_per_customer: new.max_redemptions_per_customer,
        public: new.public,
        created_at: None,
    }
}

/// The code's own dates, whatever its deal makes of them.
fn own_schedule(authored: &authored::Code, catalog: &Catalog) -> Option<Schedule> {
    let (start_at, end_at) = (authored.start_at.as_deref(), authored.end_at.as_deref());
    let own = authored.time_zone.as_deref().and_then(Zone::parse);
    let raw = RawValue::from_string("{}".to_owned()).ok()?;
    let document = Document::new(BODY, "");
    let origin = document.origin(&raw, String::new());
    // What there is to be said about them has been said.
    let (findings, known) = (&mut Findings::default(), &Known::default());
    Check { origin: &origin, findings, known }.schedule(
        start_at,
        end_at,
        "",
        (own.as_ref(), &catalog.zone),
    )
}

fn zone_name(text: Option<&str>) -> Option<String> {
    text.and_then(Zone::parse).map(|zone| zone.name().to_owned())
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
