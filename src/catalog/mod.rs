//! Authored JSON to a checked catalogue.
//!
//! - [`parse`] reads one and complains about everything that is wrong with it, each time with the
//!   place.
//! - [`element`] reads one thing by itself, [`edit`] says what may be done to a code that is there.
//! - [`Catalog`] is the result in nouns of the domain; [`schema`] says what may be written.
//! - [`Complaint`] and [`Place`] are shared with the bulk [`upload`](crate::upload), and so are the
//!   time rules in [`zone`](crate::zone).
//! - [`Culprits`] names the codes behind the conflicts that a snapshot's builder finds.

pub mod authored;
mod check;
mod code;
mod complaint;
mod conflict;
mod country;
mod deal;
mod document;
pub mod edit;
pub mod element;
pub mod literal;
mod payout;
mod preset;
mod program;
mod reading;
pub mod shape;
pub mod succession;
pub mod whole;

pub use complaint::{Complaint, ComplaintKind, Findings, Place};
pub use conflict::{
    Culprits, ExactCodes, RegexCodes, equal_pattern_words, met_words, regex_overlaps,
};

pub(crate) use check::{closest, date_remedy, empty_words, narrowed_words, override_words};
#[cfg(feature = "admin")]
pub(crate) use code::read_pattern;
pub(crate) use code::{exact, pattern};

use crate::code::{CodeTerms, CreditPolicy, TypedCode};
use crate::deal::Deal;
use crate::id::{DealId, PartnerId};
use crate::partner::Partner;
use crate::program::Program;
use crate::snapshot::Builder;
use crate::time::Schedule;
use crate::zone::Zone;
use document::Document;
use payout::Payouts;
use reading::Reading;

use std::collections::HashMap;
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
    payouts: Payouts,
    places: Places,
}

/// Where what has no place of its own is written.
#[derive(Debug, Clone, Default)]
struct Places {
    program: Place,
    partners: HashMap<String, Place>,
    deals: HashMap<String, Place>,
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
    /// When a code with these terms is active: what its deal, if the two are synchronised, leaves
    /// of its own schedule.
    #[must_use]
    pub fn active(&self, terms: &CodeTerms) -> Schedule {
        let deal = terms.deal.as_ref().and_then(|id| self.deal(id));
        deal.map_or(terms.schedule, |deal| deal.narrow(terms.schedule))
    }

    /// Gives a snapshot's builder the partners, the deals, the payouts and the authored codes.
    pub fn load(&self, builder: &mut Builder) {
        self.partners.iter().cloned().for_each(|partner| builder.partner(partner));
        self.deals.iter().cloned().for_each(|deal| builder.deal(deal));
        self.payouts.load(builder);
        for code in &self.codes {
            match &code.text {
                CodeText::Exact(typed) => {
                    let folded = typed.fold(self.program.folding);
                    let terms = code.terms.clone().without_derived_id(&self.program.id, &folded);
                    let terms = builder.terms(terms);
                    builder.exact(&folded, terms);
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

    /// Where the program is written.
    #[must_use]
    pub fn program_place(&self) -> Place {
        self.places.program.clone()
    }

    /// Where a partner is written; its program's place when it is none of the catalogue's.
    #[must_use]
    pub fn partner_place(&self, id: &PartnerId) -> Place {
        self.places.partners.get(id.as_str()).unwrap_or(&self.places.program).clone()
    }

    /// Where a deal is written; its program's place when it is none of the catalogue's.
    #[must_use]
    pub fn deal_place(&self, id: &DealId) -> Place {
        self.places.deals.get(id.as_str()).unwrap_or(&self.places.program).clone()
    }

    fn empty(program: Program, zone: Zone) -> Self {
        Catalog {
            program,
            partners: Vec::new(),
            deals: Vec::new(),
            codes: Vec::new(),
            zone,
            default_credit_policy: None,
            payouts: Payouts::default(),
            places: Places::default(),
        }
    }
}
