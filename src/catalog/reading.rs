//! Reads a document section by section, and every element whatever became of the others.

use super::authored;
use super::check::{Check, Known};
use super::complaint::{Complaint, ComplaintKind, Findings, Place};
use super::conflict::RegexCodes;
use super::document::{Document, Origin, Sections};
use super::payout::Payouts;
use super::{Catalog, Places, code, deal, payout, preset, program};
use crate::code::{CreditPolicy, Folding};
use crate::id::ProgramId;
use crate::money::Currency;
use crate::program::Program;
use crate::reason::PublicReasons;
use crate::zone::Zone;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// A document being read, and what was found in it so far.
pub(super) struct Reading<'a> {
    pub document: &'a Document<'a>,
    pub findings: Findings,
}

impl<'a> Reading<'a> {
    /// Reads the sections in the order in which they refer to each other.
    pub fn catalog(&mut self, sections: &Sections<'a>) -> Option<Catalog> {
        let known = Known {
            event_types: self.known("event_types", &sections.event_types),
            partners: self.known("partners", &sections.partners),
            deals: self.known("deals", &sections.deals),
            lists: self.known("exception_lists", &sections.exception_lists),
        };
        self.known("codes", &sections.codes);
        let event_types =
            self.each("event_types", &sections.event_types, &known, |check, event| {
                program::event_type(check, &event)
            });
        let mut catalog = self.program(sections.program, &known).or_else(stand_in)?;
        catalog.program.event_types = event_types;
        let context = (&catalog.program, &catalog.zone);
        let mut payouts = Payouts::default();
        let program = &catalog.program;
        self.each("exception_lists", &sections.exception_lists, &known, |check, list| {
            payout::Reading { check, program, payouts: &mut payouts }.exception_list(&list)
        });
        let partners = self.each("partners", &sections.partners, &known, |check, partner| {
            program::partner(check, &partner, context, &mut payouts)
        });
        let deals = self.each("deals", &sections.deals, &known, |check, authored| {
            deal::deal(check, &authored, context)
        });
        catalog = Catalog { partners, deals, payouts, ..catalog };
        catalog.codes = self.each("codes", &sections.codes, &known, |check, authored| {
            code::code(check, &authored, &catalog)
        });
        self.findings.warnings.extend(RegexCodes::default().warnings(&catalog));
        let program = self.document.origin(sections.program, "program".to_owned()).place("");
        let places = Places { program, partners: known.partners, deals: known.deals };
        Some(Catalog { places, ..catalog })
    }

    /// The program with nothing in it yet.
    fn program(&mut self, raw: &'a RawValue, known: &Known) -> Option<Catalog> {
        let origin = self.document.origin(raw, "program".to_owned());
        let authored: authored::Program = self.read(&origin)?;
        let preset = preset::preset(authored.attribution.preset);
        let check = &mut Check { origin: &origin, findings: &mut self.findings, known };
        let (program, zone) = program::program(check, &authored, &preset)?;
        Some(Catalog {
            default_credit_policy: preset.credit_policy(&authored.attribution),
            ..Catalog::empty(program, zone)
        })
    }

    /// Reads and checks every element of a section that can be read.
    fn each<T: DeserializeOwned, Checked>(
        &mut self,
        section: &str,
        elements: &[&'a RawValue],
        known: &Known,
        mut convert: impl FnMut(&mut Check<'_>, T) -> Option<Checked>,
    ) -> Vec<Checked> {
        let mut checked = Vec::with_capacity(elements.len());
        for (index, raw) in elements.iter().enumerate() {
            let origin = self.document.origin(raw, format!("{section}[{index}]"));
            let Some(authored) = self.read(&origin) else { continue };
            let mut check = Check { origin: &origin, findings: &mut self.findings, known };
            checked.extend(convert(&mut check, authored));
        }
        checked
    }

    fn read<T: DeserializeOwned>(&mut self, origin: &Origin<'a>) -> Option<T> {
        origin.read().map_err(|complaint| self.findings.complaints.push(*complaint)).ok()
    }

    /// The ids of a section; complains about those that stand twice.
    fn known(&mut self, section: &str, elements: &[&'a RawValue]) -> HashMap<String, Place> {
        let mut known: HashMap<String, Place> = HashMap::with_capacity(elements.len());
        for (index, raw) in elements.iter().enumerate() {
            let origin = self.document.origin(raw, format!("{section}[{index}]"));
            let Some(id) = origin.id() else { continue };
            let place = origin.place("id");
            if let Some(first) = known.get(&id) {
                let got = format!("{id:?}, as at {first}");
                self.findings.complaints.push(Complaint {
                    kind: ComplaintKind::DuplicateId,
                    place,
                    expected: "an id of its own".to_owned(),
                    got,
                    remedy: "rename one of the two".to_owned(),
                });
            } else {
                known.insert(id, place);
            }
        }
        known
    }
}

/// A program to check the other sections against when their own cannot be read: it adds no
/// complaints.
fn stand_in() -> Option<Catalog> {
    let zone = Zone::parse("UTC")?;
    let program = Program {
        id: ProgramId::parse("unread").ok()?,
        name: String::new(),
        currency: Currency::parse("XXX")?,
        time_zone: zone.name().to_owned(),
        tracking: false,
        attribution: preset::preset(Default::default()).fill(&Default::default()),
        folding: Folding::default(),
        public_reasons: PublicReasons::default(),
        approval_days: 0,
        event_types: Vec::new(),
    };
    Some(Catalog {
        default_credit_policy: Some(CreditPolicy::Always),
        ..Catalog::empty(program, zone)
    })
}
