//! Authored JSON to a checked catalogue.
//!
//! - [`parse`] reads one and complains about everything that is wrong with it, each time with the place.
//! - [`Catalog`] is the result in nouns of the domain; [`schema`] says what may be written.
//! - [`Complaint`] and [`Place`] are shared with the bulk [`upload`](crate::upload), and so are the time rules in
//!   [`zone`].
//! - [`Culprits`] names the codes behind the conflicts that a snapshot's builder finds.

pub mod authored;
mod check;
mod code;
mod complaint;
mod conflict;
mod deal;
mod document;
pub mod literal;
pub mod payout;
mod preset;
mod program;
pub mod zone;

pub use complaint::{Complaint, ComplaintKind, Findings, Place};
pub use conflict::{Culprits, RegexCodes, regex_overlaps};

pub(crate) use check::{closest, date_remedy, override_words};
pub(crate) use code::{exact, pattern};

use crate::code::{CodeTerms, CreditPolicy, Folding, TypedCode};
use crate::deal::Deal;
use crate::id::{DealId, ProgramId};
use crate::money::Currency;
use crate::partner::Partner;
use crate::program::Program;
use crate::reason::PublicReasons;
use crate::snapshot::Builder;
use crate::time::Schedule;
use check::{Check, Known};
use document::{Document, Origin, Sections};
use zone::Zone;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::{BTreeSet, HashMap};
use unicode_normalization::UnicodeNormalization;

/// A catalogue whose every value has been checked.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The program.
    pub program: Program,
    /// Its partners and media sources.
    pub partners: Vec<Partner>,
    /// Its deals.
    pub deals: Vec<Deal>,
    /// Its authored codes, in the order written.
    pub codes: Vec<PromoCode>,
    /// The zone that dates without an offset are read in.
    pub zone: Zone,
    /// The credit policy of tracking codes that name none.
    pub default_credit_policy: Option<CreditPolicy>,
    synchronised: BTreeSet<DealId>,
}

/// A promo code with its text.
#[derive(Debug, Clone)]
pub struct PromoCode {
    /// What typed codes are compared with.
    pub text: CodeText,
    /// Everything else about it.
    pub terms: CodeTerms,
    /// Where it is written.
    pub place: Place,
}

/// What typed codes are compared with.
#[derive(Debug, Clone)]
pub enum CodeText {
    /// A text.
    Exact(Box<TypedCode>),
    /// A regular expression.
    Regex(String),
}

/// Reads a catalogue; `source` is what complaints call it.
///
/// # Errors
///
/// [`Findings`] with every complaint, and the warnings there would have been besides.
pub fn parse(source: &str, text: &str) -> Result<(Catalog, Vec<Complaint>), Findings> {
    let document = Document::new(source, text);
    let refused =
        |complaint: Box<Complaint>| Findings { complaints: vec![*complaint], warnings: Vec::new() };
    let sections = document.sections().map_err(refused)?;
    let mut reading = Reading { document: &document, findings: Findings::default() };
    let catalog = reading.catalog(&sections);
    let mut findings = reading.findings;
    findings.complaints.sort_by_key(|complaint| (complaint.place.line, complaint.place.column));
    match catalog {
        Some(catalog) if findings.complaints.is_empty() => Ok((catalog, findings.warnings)),
        _ => Err(findings),
    }
}

/// The JSON Schema of what [`parse`] reads.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(authored::Catalog).to_value()
}

/// Unicode normalisation form KC.
#[must_use]
pub fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

impl Catalog {
    /// What is left of a code's own schedule inside its deal's, when the two are synchronised.
    #[must_use]
    pub fn narrowed(&self, own: Schedule, deal: Option<&DealId>) -> Schedule {
        let is_synchronised = |deal: &&DealId| self.synchronised.contains(*deal);
        let deal = deal.filter(is_synchronised).and_then(|id| self.deal(id));
        deal.map_or(own, |deal| own.narrowed_to(&deal.schedule))
    }

    /// Gives a snapshot's builder the partners, the deals and the authored codes.
    pub fn load(&self, builder: &mut Builder) {
        self.partners.iter().cloned().for_each(|partner| builder.partner(partner));
        self.deals.iter().cloned().for_each(|deal| builder.deal(deal));
        for code in &self.codes {
            match &code.text {
                CodeText::Exact(typed) => {
                    let terms = builder.terms(code.terms.clone());
                    builder.exact(&typed.fold(self.program.folding), terms);
                }
                CodeText::Regex(pattern) => builder.pattern(pattern, code.terms.clone()),
            }
        }
    }

    /// The deal with this id.
    #[must_use]
    pub fn deal(&self, id: &DealId) -> Option<&Deal> {
        self.deals.iter().find(|deal| deal.id == *id)
    }

    fn empty(program: Program, zone: Zone) -> Self {
        Catalog {
            program,
            partners: Vec::new(),
            deals: Vec::new(),
            codes: Vec::new(),
            zone,
            default_credit_policy: None,
            synchronised: BTreeSet::new(),
        }
    }
}

/// A program to check the other sections against when their own cannot be read: it adds no complaints.
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
        event_types: Vec::new(),
    };
    Some(Catalog {
        default_credit_policy: Some(CreditPolicy::Always),
        ..Catalog::empty(program, zone)
    })
}

/// A document being read.
struct Reading<'a> {
    document: &'a Document<'a>,
    findings: Findings,
}

impl<'a> Reading<'a> {
    /// Reads the sections in the order in which they refer to each other.
    fn catalog(&mut self, sections: &Sections<'a>) -> Option<Catalog> {
        let known = Known {
            event_types: self.known("event_types", &sections.event_types),
            partners: self.known("partners", &sections.partners),
            deals: self.known("deals", &sections.deals),
            lists: self.known("exception_lists", &sections.exception_lists),
        };
        self.known("codes", &sections.codes);
        self.warn_of_payout(sections);
        self.each("exception_lists", &sections.exception_lists, &known, |check, list| {
            payout::check_list(check, &list);
            Some(())
        });
        let event_types =
            self.each("event_types", &sections.event_types, &known, |check, event| {
                program::event_type(check, &event)
            });
        let mut catalog = self.program(sections.program, &known).or_else(stand_in)?;
        catalog.program.event_types = event_types;
        let context = (&catalog.program, &catalog.zone);
        let partners = self.each("partners", &sections.partners, &known, |check, partner| {
            program::partner(check, &partner, context)
        });
        let mut synchronised = BTreeSet::new();
        let deals = self.each("deals", &sections.deals, &known, |check, authored| {
            let deal = deal::deal(check, &authored, context)?;
            synchronised.extend(authored.sync_codes.then(|| deal.id.clone()));
            Some(deal)
        });
        catalog = Catalog { partners, deals, synchronised, ..catalog };
        let codes = self.each("codes", &sections.codes, &known, |check, authored| {
            code::code(check, &authored, &catalog)
        });
        self.findings.warnings.extend(RegexCodes::default().warnings(&codes));
        Some(Catalog { codes, ..catalog })
    }

    /// The program with nothing in it yet. Without one, dates and codes cannot be judged.
    fn program(&mut self, raw: &'a RawValue, known: &Known) -> Option<Catalog> {
        let origin = self.document.origin(raw, "program".to_owned());
        let authored: authored::Program = self.read(&origin)?;
        let preset = preset::preset(authored.attribution.preset);
        let check = &mut Check { origin: &origin, findings: &mut self.findings, known };
        let (program, zone) = program::program(check, &authored, &preset)?;
        Some(Catalog {
            default_credit_policy: preset.default_credit_policy,
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

    fn warn_of_payout(&mut self, sections: &Sections<'a>) {
        let lists = sections.exception_lists.iter().enumerate();
        let partners = sections.partners.iter().enumerate();
        let mut origins = lists
            .map(|(index, raw)| (raw, format!("exception_lists[{index}]")))
            .chain(partners.map(|(index, raw)| (raw, format!("partners[{index}]"))))
            .filter(|(raw, path)| path.starts_with('e') || raw.get().contains("\"payout\""));
        let Some((raw, path)) = origins.next() else { return };
        self.findings.warnings.push(Complaint {
            kind: ComplaintKind::PayoutNotCompiled,
            place: self.document.origin(raw, path).place(""),
            expected: "no payout terms yet".to_owned(),
            got: "some".to_owned(),
            remedy: "they are checked and not compiled: a snapshot says who is credited, not how \
                     much is paid"
                .to_owned(),
        });
    }
}
