//! What two snapshots make of the same orders.

use crate::orders::BadLine;
use crate::output::grouped;

use promo_edge::wire::{DecisionAnswer, Gist};

use serde::Serialize;

use std::collections::BTreeMap;

/// What outcomes may differ in.
const CODE: &str = "code";
const CREDIT: &str = "credit";
const PAYOUT: &str = "payout";

/// What changes between an old and a new snapshot.
#[derive(Default, Serialize)]
pub struct Comparison {
    pub orders: u64,
    pub changed: Changed,
    pub money: Vec<Money>,
    pub changes: Vec<Change>,
    pub bad_lines: Vec<BadLine>,
    /// How many lines could not be compared, kept or not.
    #[serde(skip)]
    pub bad_count: u64,
    #[serde(skip)]
    sums: Sums,
    /// Most changes and bad lines that are kept; all are counted.
    #[serde(skip)]
    listed_max: usize,
}

/// How many orders change, and in what.
#[derive(Default, Serialize)]
pub struct Changed {
    pub orders: u64,
    pub code: u64,
    pub credited: u64,
    pub payout: u64,
}

/// What a partner earns on all orders of one currency, in its minor unit.
#[derive(Serialize)]
pub struct Money {
    pub partner: String,
    pub currency: String,
    pub orders_old: u64,
    pub orders_new: u64,
    pub payout_old_minor: u64,
    pub payout_new_minor: u64,
}

#[derive(Serialize)]
pub struct Change {
    pub line: u64,
    pub order_id: String,
    pub event_type: String,
    pub old: Outcome,
    pub new: Outcome,
}

/// What of a decision is compared.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    code_id: Option<String>,
    partner: Option<String>,
    basis: Option<String>,
    payout_minor: Option<u64>,
    currency: Option<String>,
}

/// By partner and currency: orders and payout, old and new.
type Sums = BTreeMap<(String, String), [(u64, u64); 2]>;

impl Comparison {
    /// A comparison of no orders yet, which keeps so many changes and so many bad lines.
    pub fn listing(listed_max: usize) -> Self {
        Comparison { listed_max, ..Comparison::default() }
    }

    /// Takes in what the two decide about the order of a line.
    pub fn add(&mut self, line: u64, old: &DecisionAnswer, new: &DecisionAnswer) {
        let (was, is) = (Outcome::of(old), Outcome::of(new));
        self.orders += 1;
        was.add_to(&mut self.sums, 0);
        is.add_to(&mut self.sums, 1);
        let differences = was.differences(&is);
        if differences.is_empty() {
            return;
        }
        let changes_in = |what| u64::from(differences.contains(&what));
        self.changed.orders += 1;
        self.changed.code += changes_in(CODE);
        self.changed.credited += changes_in(CREDIT);
        self.changed.payout += changes_in(PAYOUT);
        if self.changes.len() < self.listed_max {
            self.changes.push(Change {
                line,
                order_id: old.order_id.clone(),
                event_type: old.event_type.clone(),
                old: was,
                new: is,
            });
        }
    }

    /// Takes in a line that cannot be compared.
    pub fn pass_over(&mut self, bad_line: BadLine) {
        self.bad_count += 1;
        if self.bad_lines.len() < self.listed_max {
            self.bad_lines.push(bad_line);
        }
    }

    /// Adds up what each partner earns.
    pub fn finish(&mut self) {
        self.money = std::mem::take(&mut self.sums).into_iter().map(money).collect();
    }
}

impl Outcome {
    /// What a decision comes to.
    pub fn of(decision: &DecisionAnswer) -> Self {
        let (credited, payout) = (decision.credited.as_ref(), decision.payout.as_ref());
        Outcome {
            code_id: decision.code.as_ref().map(|code| code.id.clone()),
            partner: credited.map(|credited| credited.partner.clone()),
            basis: credited.map(|credited| credited.basis.to_owned()),
            payout_minor: payout.map(|payout| payout.amount_minor),
            currency: payout.map(|payout| payout.currency.clone()),
        }
    }

    /// What a decision came to that is recorded; payouts are in the order's currency.
    pub fn recorded(gist: &Gist, currency: &str) -> Self {
        let credited = gist.credited.as_ref();
        Outcome {
            code_id: gist.code.as_ref().map(|code| code.id.clone()),
            partner: credited.map(|credited| credited.partner.clone()),
            basis: credited.map(|credited| credited.basis.clone()),
            payout_minor: gist.payout.as_ref().map(|payout| payout.amount_minor),
            currency: gist.payout.as_ref().map(|_| currency.to_owned()),
        }
    }

    /// What another outcome differs in: code, credit, payout.
    pub fn differences(&self, other: &Outcome) -> Vec<&'static str> {
        let credit = |it: &Outcome| (it.partner.clone(), it.basis.clone());
        let payout = |it: &Outcome| (it.payout_minor, it.currency.clone());
        let differences = [
            (CODE, self.code_id != other.code_id),
            (CREDIT, credit(self) != credit(other)),
            (PAYOUT, payout(self) != payout(other)),
        ];
        differences.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
    }

    fn add_to(&self, sums: &mut Sums, side: usize) {
        if let (Some(partner), Some(currency)) = (&self.partner, &self.currency) {
            let sum = &mut sums.entry((partner.clone(), currency.clone())).or_default()[side];
            sum.0 += 1;
            sum.1 = sum.1.saturating_add(self.payout_minor.unwrap_or_default());
        }
    }

    /// The outcome in a few words.
    pub fn words(&self) -> String {
        let code = self.code_id.as_deref().unwrap_or("no code");
        let Some(partner) = &self.partner else { return format!("{code}: nobody") };
        let (basis, payout) =
            (self.basis.as_deref().unwrap_or_default(), self.payout_minor.unwrap_or(0));
        let currency = self.currency.as_deref().unwrap_or_default();
        format!("{code}: {partner}, {basis}, {} {currency} minor", grouped(payout))
    }
}

fn money(((partner, currency), [old, new]): ((String, String), [(u64, u64); 2])) -> Money {
    Money {
        partner,
        currency,
        orders_old: old.0,
        orders_new: new.0,
        payout_old_minor: old.1,
        payout_new_minor: new.1,
    }
}
