//! The codes of a catalogue and of its bulk files, by campaign.

use crate::catalog::{Catalog, CodeText, Place};
use crate::code::{CodeKind, CodeTerms, MatchType, derive_code_id};
use crate::snapshot::automaton::Pattern;
use crate::upload::{Row, RowText};

use std::collections::HashMap;
use std::sync::Arc;

/// All codes, with what each campaign of them has in common.
#[derive(Debug, Default)]
pub struct Codes {
    campaign_count: usize,
    /// Campaigns of files, by file and number of the combination of columns.
    by_settings: HashMap<(Arc<str>, usize), Campaign>,
    pub(super) exact: Vec<Code>,
    pub(super) patterns: Vec<PatternCode>,
}

/// What codes have in common. An authored code is a campaign of its own; the rows of a file that
/// differ in nothing but their code are one.
#[derive(Debug, Clone)]
struct Campaign {
    number: usize,
    terms: Arc<CodeTerms>,
}

/// A code.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub text: Box<str>,
    /// Number of its campaign.
    pub campaign: usize,
    /// Everything about it but its text.
    pub terms: Arc<CodeTerms>,
    source: Arc<str>,
    line: u64,
    column: Option<u64>,
    /// Only of authored codes: in a file all stand in one column.
    field: Option<Box<str>>,
}

/// A regex code.
#[derive(Debug, Clone)]
pub(super) struct PatternCode {
    pub code: Code,
    pub pattern: Pattern,
}

impl Codes {
    /// The codes of a catalogue.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Codes {
        let mut codes = Codes::default();
        for authored in &catalog.codes {
            let campaign = codes.campaign(&authored.terms);
            match &authored.text {
                CodeText::Exact(typed) => {
                    codes.exact.push(Code::at(typed.as_str(), &campaign, &authored.place));
                }
                CodeText::Regex(text) => codes.see_pattern(text, &campaign, &authored.place),
            }
        }
        codes
    }

    /// Takes in a row of a file.
    pub fn see(&mut self, row: &Row<'_>) {
        let place = row.place();
        let key = (place.source.clone(), row.settings);
        let campaign = match self.by_settings.get(&key) {
            Some(campaign) => campaign.clone(),
            None => {
                let campaign = self.campaign(row.terms);
                self.by_settings.insert(key, campaign.clone());
                campaign
            }
        };
        match &row.text {
            RowText::Exact(typed, _) => {
                let code = Code { field: None, ..Code::at(typed.as_str(), &campaign, &place) };
                self.exact.push(code);
            }
            RowText::Regex(text) => self.see_pattern(text, &campaign, &place),
        }
    }

    /// A new campaign with these terms.
    fn campaign(&mut self, terms: &CodeTerms) -> Campaign {
        let number = self.campaign_count;
        self.campaign_count = number.saturating_add(1);
        Campaign { number, terms: Arc::new(terms.clone()) }
    }

    fn see_pattern(&mut self, text: &str, campaign: &Campaign, place: &Place) {
        // A text that is no pattern has been complained about where it was read.
        let Ok(pattern) = Pattern::parse(text) else { return };
        self.patterns.push(PatternCode { code: Code::at(text, campaign, place), pattern });
    }
}

impl Code {
    fn at(text: &str, campaign: &Campaign, place: &Place) -> Code {
        Code {
            text: text.into(),
            campaign: campaign.number,
            terms: campaign.terms.clone(),
            source: place.source.clone(),
            line: place.line,
            column: place.column,
            field: Some(place.field.as_str().into()),
        }
    }

    /// Whether it makes a difference to anybody which of the two is used.
    pub fn differs_from(&self, other: &Code) -> bool {
        self.terms.kind != other.terms.kind || self.terms.deal != other.terms.deal
    }

    /// Whether both are active at some time.
    pub fn meets(&self, other: &Code) -> bool {
        self.terms.schedule.overlaps(&other.terms.schedule)
    }

    /// The id that it is told apart from other regex codes by.
    pub fn id(&self, catalog: &Catalog) -> String {
        let terms = &self.terms;
        match &terms.id {
            Some(id) => id.as_str().to_owned(),
            None => {
                let (program, start) = (&catalog.program.id, terms.schedule.start_at);
                derive_code_id(program, MatchType::Regex, &self.text, start)
            }
        }
    }

    /// Where it is written.
    pub fn place(&self) -> Place {
        let field = self.field.as_deref().unwrap_or("Promo Code").to_owned();
        Place { source: self.source.clone(), line: self.line, column: self.column, field }
    }
}

/// Who owns a code, for people.
pub(super) fn owner(terms: &CodeTerms) -> &str {
    match &terms.kind {
        CodeKind::Tracking { owner, .. } => owner.as_str(),
        CodeKind::Restricted => "nobody",
    }
}
