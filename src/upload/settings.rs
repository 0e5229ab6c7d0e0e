//! What a row says besides its code.

use super::columns::{Column, Columns};
use crate::catalog::{
    Catalog, Complaint, ComplaintKind, Place, closest, date_remedy, empty_words, narrowed_words,
    override_words,
};
use crate::code::{CodeKind, CodeTerms, CreditPolicy, MatchType};
use crate::id::DealId;
use crate::time::{Schedule, UnixMillis};
use crate::zone::{Boundary, DateReader, Notation, Zone};

use std::sync::Arc;

/// What the rows of a campaign have in common.
#[derive(Debug)]
pub(super) struct Settings {
    pub match_type: MatchType,
    pub terms: CodeTerms,
    /// IANA name of the zone that the row names for its dates.
    pub time_zone: Option<String>,
}

/// Something wrong with a value, in whatever row it stands.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub kind: ComplaintKind,
    pub column: Column,
    pub expected: String,
    pub got: String,
    pub remedy: String,
}

impl Fault {
    pub fn at(&self, columns: &Columns, source: &Arc<str>, line: u64) -> Complaint {
        let Fault { kind, column, expected, got, remedy } = self.clone();
        let field = columns.header(column).to_owned();
        let place = Place { source: source.clone(), line, column: None, field };
        Complaint { kind, place, expected, got, remedy }
    }
}

/// Reads the columns; every fault of a combination is given, not the first.
pub(super) fn read<'r>(
    catalog: &Catalog,
    value: &dyn Fn(Column) -> &'r [u8],
    has_deal_names: bool,
    created_at: UnixMillis,
    warnings: &mut Vec<Fault>,
) -> Result<Settings, Vec<Fault>> {
    let mut reading = Reading { catalog, value, faults: Vec::new(), warnings };
    let match_type = reading.match_type();
    let kind = reading.kind();
    let deal = reading.deal(has_deal_names);
    let schedule = reading.schedule();
    reading.check_program();
    match (match_type, kind, deal, schedule) {
        (Some(match_type), Some(kind), Some(deal), Some(schedule)) if reading.faults.is_empty() => {
            let terms = CodeTerms {
                created_at,
                id: None,
                kind,
                schedule,
                deal,
                max_redemptions: None,
                max_redemptions_per_customer: None,
                public: false,
            };
            reading.check_active(&terms);
            let time_zone = reading.zone().map(|zone| zone.name().to_owned());
            Ok(Settings { match_type, terms, time_zone })
        }
        _ => Err(reading.faults),
    }
}

/// A combination of columns being read. Methods give `None` after a fault.
struct Reading<'a, 'r> {
    catalog: &'a Catalog,
    value: &'a dyn Fn(Column) -> &'r [u8],
    faults: Vec<Fault>,
    warnings: &'a mut Vec<Fault>,
}

impl<'r> Reading<'_, 'r> {
    fn fault(
        &mut self,
        kind: ComplaintKind,
        column: Column,
        expected: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let got = match String::from_utf8_lossy((self.value)(column)) {
            value if value.is_empty() => "nothing".to_owned(),
            value => format!("{value:?}"),
        };
        let (expected, remedy) = (expected.into(), remedy.into());
        self.faults.push(Fault { kind, column, expected, got, remedy });
    }

    /// A value; bytes that are no text are a fault.
    fn text(&mut self, column: Column) -> Option<&'r str> {
        match std::str::from_utf8((self.value)(column)) {
            Ok(text) => Some(text),
            Err(_) => {
                self.fault(ComplaintKind::Syntax, column, "UTF-8", "save the file as UTF-8");
                None
            }
        }
    }

    fn check_program(&mut self) {
        let Some(program) = self.text(Column::ProgramId) else { return };
        let own = self.catalog.program.id.as_str();
        if program != own {
            let expected = format!("{own:?}, the catalogue's programme");
            let remedy = "build each programme from files of its own";
            self.fault(ComplaintKind::OtherProgram, Column::ProgramId, expected, remedy);
        }
    }

    fn match_type(&mut self) -> Option<MatchType> {
        match self.text(Column::MatchMode)? {
            "LI" => Some(MatchType::Exact),
            "RE" => Some(MatchType::Regex),
            _ => {
                let remedy = "LI compares the text, RE is a regular expression";
                self.fault(ComplaintKind::Literal, Column::MatchMode, "LI or RE", remedy);
                None
            }
        }
    }

    fn kind(&mut self) -> Option<CodeKind> {
        match self.text(Column::Type)? {
            "TRACKING" => self.tracking(),
            "RESTRICTED" => {
                for column in [Column::MediaId, Column::CreditRule] {
                    if !(self.value)(column).is_empty() {
                        let expected = "nothing for a RESTRICTED code";
                        let remedy = "a restricted code credits nobody: empty it, or use TRACKING";
                        self.fault(ComplaintKind::Combination, column, expected, remedy);
                    }
                }
                Some(CodeKind::Restricted)
            }
            _ => {
                let expected = "TRACKING or RESTRICTED";
                let remedy = "a TRACKING code has a partner, a RESTRICTED one has none";
                self.fault(ComplaintKind::Literal, Column::Type, expected, remedy);
                None
            }
        }
    }

    fn tracking(&mut self) -> Option<CodeKind> {
        let catalog = self.catalog;
        let owner = self.text(Column::MediaId).and_then(|media| {
            let partner = catalog.partners.iter().find(|partner| partner.id.as_str() == media);
            if partner.is_none() {
                let ids = catalog.partners.iter().map(|partner| partner.id.as_str());
                let expected = "the id of a partner of the catalogue";
                let remedy = slip(media, ids, "add the partner, or correct the id");
                self.fault(ComplaintKind::UnknownReference, Column::MediaId, expected, remedy);
            }
            partner.map(|partner| partner.id.clone())
        });
        let credit_policy = match self.text(Column::CreditRule)? {
            "ALWAYS" => Some(CreditPolicy::Always),
            "INVOLVED" => Some(CreditPolicy::Involved),
            "WINNER" => Some(CreditPolicy::Winner),
            "" if catalog.default_credit_policy.is_some() => catalog.default_credit_policy,
            _ => {
                let expected = "ALWAYS, INVOLVED or WINNER";
                let remedy = "say when the partner is credited";
                self.fault(ComplaintKind::Literal, Column::CreditRule, expected, remedy);
                None
            }
        };
        Some(CodeKind::Tracking { owner: owner?, credit_policy: credit_policy? })
    }

    fn deal(&mut self, has_deal_names: bool) -> Option<Option<DealId>> {
        let text = self.text(Column::DealId)?;
        if text.is_empty() {
            return Some(None);
        }
        let deals = &self.catalog.deals;
        if let Some(deal) = deals.iter().find(|deal| deal.id.as_str() == text) {
            return Some(Some(deal.id.clone()));
        }
        let mut named = deals.iter().filter(|deal| has_deal_names && deal.name == text);
        if let (Some(deal), None) = (named.next(), named.next()) {
            return Some(Some(deal.id.clone()));
        }
        let expected = "the id of a deal of the catalogue";
        let ids = deals.iter().map(|deal| deal.id.as_str());
        let remedy = slip(text, ids, "add the deal, or correct the id");
        self.fault(ComplaintKind::UnknownReference, Column::DealId, expected, remedy);
        None
    }

    fn schedule(&mut self) -> Option<Schedule> {
        let own = self.zone();
        if own.is_none() && !self.text(Column::Timezone)?.is_empty() {
            let expected = "an IANA zone name such as America/New_York";
            let remedy = "abbreviations and offsets do not say when clocks change";
            self.fault(ComplaintKind::TimeZone, Column::Timezone, expected, remedy);
        }
        let start_at = self.date(Column::ActiveStartDate, Boundary::Start, own.as_ref());
        let end_at = self.date(Column::ActiveEndDate, Boundary::End, own.as_ref());
        let schedule = Schedule { start_at: start_at?, end_at: end_at? };
        if schedule.is_empty() {
            let start = self.text(Column::ActiveStartDate)?;
            let (expected, remedy) = empty_words(Column::ActiveStartDate.header(), start);
            self.fault(ComplaintKind::Schedule, Column::ActiveEndDate, expected, remedy);
            return None;
        }
        Some(schedule)
    }

    /// The zone that the row names, if it is one.
    fn zone(&self) -> Option<Zone> {
        std::str::from_utf8((self.value)(Column::Timezone)).ok().and_then(Zone::parse)
    }

    /// Warns when the deal leaves nothing of the code's own schedule.
    fn check_active(&mut self, terms: &CodeTerms) {
        if let (true, Some(deal)) = (self.catalog.active(terms).is_empty(), &terms.deal) {
            let (expected, remedy) = narrowed_words();
            self.warnings.push(Fault {
                kind: ComplaintKind::NeverActive,
                column: Column::DealId,
                expected: expected.to_owned(),
                got: format!("{:?}", deal.as_str()),
                remedy: remedy.to_owned(),
            });
        }
    }

    fn date(
        &mut self,
        column: Column,
        boundary: Boundary,
        own: Option<&Zone>,
    ) -> Option<Option<UnixMillis>> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Some(None);
        }
        let dates = DateReader { own, program: &self.catalog.zone, notation: Notation::Sheet };
        match dates.read(text, boundary) {
            Ok(read) => {
                if let (Some(_), Some(zone)) = (read.overridden, own) {
                    let (expected, remedy) = override_words(zone);
                    let (kind, got) = (ComplaintKind::ZoneOverride, format!("{text:?}"));
                    self.warnings.push(Fault { kind, column, expected, got, remedy });
                }
                Some(Some(read.at))
            }
            Err(error) => {
                let expected = error.to_string();
                self.fault(ComplaintKind::Date, column, expected, date_remedy(&error));
                None
            }
        }
    }
}

/// The remedy for an id that nothing has.
fn slip<'a>(text: &str, ids: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    match closest(text, ids.iter()) {
        Some(close) => format!("did you mean {close:?}?"),
        None => otherwise.to_owned(),
    }
}
