//! A programme whose catalogue is edited, and what a publisher makes of each batch of edits.

use super::fixture;
use promo_edge::code::{
    CodeKind, CodeTerms, CreditPolicy, FoldedCode, Folding, MatchType, TypedCode, derive_code_id,
};
use promo_edge::deal::Deal;
use promo_edge::id::{CodeId, DealId, PartnerId};
use promo_edge::partner::Partner;
use promo_edge::program::Program;
use promo_edge::snapshot::{
    Builder, Built, CodeHash, DeltaBuilder, HashKey, ProgramKey, automaton,
};
use promo_edge::time::{Schedule, UnixMillis};

use proptest::prelude::*;
use std::collections::BTreeSet;

pub const TEXTS: [&str; 6] = ["A1", "a2", "B1", "Save-10", "C3", "ÄÖ"];
pub const PATTERNS: [&str; 4] = ["A[0-9]", "(?i)b.*", "A1|C3", ".+[0-9]"];
const OWNERS: [&str; 3] = ["ana", "ben", "cara"];
const DEALS: [&str; 3] = ["d1", "d2", "d3"];

/// One edit; what its numbers mean depends on its kind.
#[derive(Debug, Clone)]
pub struct Edit {
    kind: u8,
    which: usize,
    schedule: Schedule,
    owner: usize,
    deal: usize,
    flag: bool,
}

/// A code, with the id that it keeps.
#[derive(Debug, Clone)]
pub struct Code {
    text: String,
    match_type: MatchType,
    id: CodeId,
    terms: CodeTerms,
}

/// A catalogue.
#[derive(Debug, Clone)]
pub struct World {
    pub program: Program,
    pub partners: Vec<Partner>,
    pub deals: Vec<Deal>,
    pub codes: Vec<Code>,
    created: i64,
}

/// What a batch of edits touches.
#[derive(Debug, Default)]
pub struct Touched {
    pub texts: BTreeSet<String>,
    added: BTreeSet<CodeId>,
    patterns: BTreeSet<CodeId>,
    pub is_refreshed: bool,
}

pub fn key() -> HashKey {
    ProgramKey::from_bytes([3; 32]).hash_key()
}

pub fn typed(text: &str) -> TypedCode {
    TypedCode::parse(text, |text| text.to_owned()).unwrap()
}

pub fn folded(text: &str) -> FoldedCode {
    typed(text).fold(Folding::default())
}

pub fn hash(text: &str) -> CodeHash {
    CodeHash::of(&folded(text), &key())
}

pub fn batches() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let schedule = (proptest::option::of(0..10i64), proptest::option::of(1..6i64));
    let schedule = schedule.prop_map(|(start, length)| Schedule {
        start_at: start.map(UnixMillis),
        end_at: length.map(|length| UnixMillis(start.unwrap_or(4) + length)),
    });
    let edit = (0..12u8, 0..64usize, schedule, 0..4usize, 0..4usize, any::<bool>());
    let edit = edit.prop_map(|(kind, which, schedule, owner, deal, flag)| Edit {
        kind,
        which,
        schedule,
        owner,
        deal,
        flag,
    });
    proptest::collection::vec(proptest::collection::vec(edit, 1..8), 2..6)
}

impl World {
    pub fn new() -> Self {
        World {
            program: fixture::program(),
            partners: OWNERS.map(fixture::partner).to_vec(),
            deals: DEALS.map(fixture::deal).to_vec(),
            codes: Vec::new(),
            created: 0,
        }
    }

    /// Makes the edits that can be made.
    pub fn apply(&mut self, edits: &[Edit]) -> Touched {
        let mut touched = Touched::default();
        for edit in edits {
            self.edit(edit, &mut touched);
        }
        touched
    }

    fn edit(&mut self, edit: &Edit, touched: &mut Touched) {
        let count = self.codes.len().max(1);
        let Edit { kind, which, schedule, owner, deal, flag } = edit.clone();
        let (deal_index, partner_index) = (deal % DEALS.len(), owner % OWNERS.len());
        match kind {
            0..=2 => self.create(edit, MatchType::Exact, touched),
            3 => self.create(edit, MatchType::Regex, touched),
            4 => self.change(which % count, touched, |terms| {
                let expired_at = schedule.start_at.unwrap_or(UnixMillis(5));
                let own_end = terms.schedule.end_at.unwrap_or(expired_at);
                terms.schedule.end_at = Some(own_end.min(expired_at));
            }),
            5 => self.change(which % count, touched, |terms| terms.schedule.end_at = None),
            6 => self.change(which % count, touched, |terms| terms.schedule = schedule),
            7 => self.change(which % count, touched, |terms| {
                terms.deal = DEALS.get(deal).map(|id| DealId::parse(id).unwrap());
            }),
            8 => {
                self.deals[deal_index].schedule = schedule;
                self.deals[deal_index].sync_codes = flag;
                touched.is_refreshed = true;
            }
            9 => {
                self.partners[partner_index].contracts[0].schedule = schedule;
                self.partners[partner_index].active = flag;
                touched.is_refreshed = true;
            }
            10 => {
                self.program.tracking = flag;
                touched.is_refreshed = true;
            }
            _ if self.codes.is_empty() => {}
            _ => {
                let gone = self.codes.remove(which % count);
                touched.note(&gone);
            }
        }
    }

    fn create(&mut self, edit: &Edit, match_type: MatchType, touched: &mut Touched) {
        let texts: &[&str] = if match_type == MatchType::Exact { &TEXTS } else { &PATTERNS };
        let text = texts[edit.which % texts.len()].to_owned();
        let compared = compared(match_type, &text);
        let start = edit.schedule.start_at;
        let id = derive_code_id(&self.program.id, match_type, &compared, start);
        let id = CodeId::parse(&id).unwrap();
        self.created += 1;
        let kind = match OWNERS.get(edit.owner) {
            None => CodeKind::Restricted,
            Some(owner) => {
                let owner = PartnerId::parse(owner).unwrap();
                CodeKind::Tracking { owner, credit_policy: CreditPolicy::Always }
            }
        };
        let terms = CodeTerms {
            created_at: UnixMillis(self.created / 3),
            id: None,
            kind,
            schedule: edit.schedule,
            deal: DEALS.get(edit.deal).map(|id| DealId::parse(id).unwrap()),
            max_redemptions: edit.flag.then_some(3),
            max_redemptions_per_customer: None,
            public: edit.which.is_multiple_of(5),
        };
        let code = Code { text, match_type, id, terms };
        let is_known = self.codes.iter().any(|other| other.id == code.id);
        if !is_known && self.has_room_for(&code, None) {
            touched.note(&code);
            touched.added.insert(code.id.clone());
            self.codes.push(code);
        }
    }

    fn change(&mut self, which: usize, touched: &mut Touched, change: impl Fn(&mut CodeTerms)) {
        let Some(mut code) = self.codes.get(which).cloned() else { return };
        change(&mut code.terms);
        if self.has_room_for(&code, Some(which)) {
            touched.note(&code);
            self.codes[which] = code;
        }
    }

    /// Whether no other exact code of the text is active when this is by its own schedule.
    fn has_room_for(&self, code: &Code, except: Option<usize>) -> bool {
        let others = self.codes.iter().enumerate().filter(|(index, _)| Some(*index) != except);
        code.match_type == MatchType::Regex
            || others.filter(|(_, other)| other.compared() == code.compared()).all(|(_, other)| {
                other.match_type == MatchType::Regex
                    || !other.terms.schedule.overlaps(&code.terms.schedule)
            })
    }

    /// The catalogue, compiled whole.
    pub fn build(&self) -> Built {
        let mut builder = self.frame();
        for code in &self.codes {
            self.give(&mut builder, code);
        }
        builder.finish(automaton::compile).unwrap()
    }

    /// A builder that has everything but the codes.
    pub fn frame(&self) -> Builder {
        let mut builder = Builder::new(self.program.clone(), key());
        self.partners.iter().cloned().for_each(|partner| builder.partner(partner));
        self.deals.iter().cloned().for_each(|deal| builder.deal(deal));
        let list = builder.code_list(&[folded("A1"), folded("B1")], ["C.*".to_owned()]);
        builder.exception_list(fixture::exception_list(list));
        let ana = fixture::partner("ana");
        builder.payout(&ana.id, &ana.contracts[0].id, fixture::payout_terms(list));
        builder
    }

    /// A builder that has everything but the exact codes that are not public.
    pub fn frame_with_patterns(&self) -> Builder {
        let mut builder = self.frame();
        let is_given = |code: &&Code| code.match_type == MatchType::Regex || code.terms.public;
        self.codes.iter().filter(is_given).for_each(|code| self.give(&mut builder, code));
        builder
    }

    /// A builder that has everything but the codes that are not public.
    pub fn frame_with_public(&self) -> Builder {
        let mut builder = self.frame();
        let public = self.codes.iter().filter(|code| code.terms.public);
        public.for_each(|code| self.give(&mut builder, code));
        builder
    }

    fn give(&self, builder: &mut Builder, code: &Code) {
        let terms = code.terms(&self.program);
        match code.match_type {
            MatchType::Regex => builder.pattern(&code.text, terms),
            MatchType::Exact => {
                let terms = builder.terms(terms);
                builder.exact(&folded(&code.text), terms);
            }
        }
    }

    /// The delta of what a batch touched, its parts in this or the opposite order.
    pub fn delta(&self, touched: &Touched, is_reversed: bool) -> Vec<u8> {
        let mut delta = DeltaBuilder::new(self.program.id.clone(), key());
        let mut texts: Vec<&String> = touched.texts.iter().collect();
        let mut patterns: Vec<&CodeId> = touched.patterns.iter().collect();
        if is_reversed {
            texts.reverse();
            patterns.reverse();
        }
        for text in texts {
            let codes = self
                .codes
                .iter()
                .filter(|code| code.match_type == MatchType::Exact && code.compared() == **text);
            let mut terms: Vec<CodeTerms> = codes.map(|code| code.terms(&self.program)).collect();
            if is_reversed {
                terms.reverse();
            }
            delta.text(hash(text), terms);
        }
        for id in patterns {
            match self.codes.iter().find(|code| code.id == *id) {
                None => delta.remove_pattern(id.clone()),
                Some(code) if touched.added.contains(id) => {
                    delta.add_pattern(&code.text, code.terms(&self.program));
                }
                Some(code) => delta.change_pattern(&code.text, code.terms(&self.program)),
            }
        }
        delta.finish(automaton::compile).unwrap()
    }

    /// All exact codes, by hash and terms, and all terms.
    pub fn exact_codes(&self) -> Vec<(FoldedCode, CodeTerms)> {
        let exact = self.codes.iter().filter(|code| code.match_type == MatchType::Exact);
        exact.map(|code| (folded(&code.text), code.terms(&self.program))).collect()
    }

    /// The terms of all regex codes.
    pub fn pattern_terms(&self) -> Vec<CodeTerms> {
        let regex = self.codes.iter().filter(|code| code.match_type == MatchType::Regex);
        regex.map(|code| code.terms(&self.program)).collect()
    }
}

impl Touched {
    fn note(&mut self, code: &Code) {
        match code.match_type {
            MatchType::Exact => drop(self.texts.insert(code.compared())),
            MatchType::Regex => drop(self.patterns.insert(code.id.clone())),
        }
    }
}

impl Code {
    fn compared(&self) -> String {
        compared(self.match_type, &self.text)
    }

    /// Its terms as they are stored: with its id unless that follows from its text and its start.
    fn terms(&self, program: &Program) -> CodeTerms {
        let start = self.terms.schedule.start_at;
        let derived = derive_code_id(&program.id, self.match_type, &self.compared(), start);
        let is_derived = derived == self.id.as_str() && self.match_type == MatchType::Exact;
        CodeTerms { id: (!is_derived).then(|| self.id.clone()), ..self.terms.clone() }
    }
}

fn compared(match_type: MatchType, text: &str) -> String {
    match match_type {
        MatchType::Exact => folded(text).as_str().to_owned(),
        MatchType::Regex => text.to_owned(),
    }
}
