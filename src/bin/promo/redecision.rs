//! What another snapshot makes of orders that are recorded.

use crate::comparison::Outcome;
use crate::failure::Failure;
use crate::orders::Decider;

use promo_edge::crediting::Uses;
use promo_edge::snapshot::ContentId;
use promo_edge::wire::{EntryError, Gist, KeptEntry, RecordedFacts};

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

/// An order that would be decided otherwise.
#[derive(Serialize)]
pub struct Outdated {
    pub event_type: String,
    pub order_id: String,
    /// Which of `code`, `credit` and `payout`.
    pub differs: Vec<&'static str>,
    pub recorded: Outcome,
    /// What it would be; null when it would be no order of the program.
    pub would_be: Option<Outcome>,
    /// Why it would be none.
    pub error: Option<String>,
    /// The snapshot that it was decided by.
    pub snapshot: String,
}

/// Orders that are decided again, each at the instant that it was placed.
pub struct Redecision {
    decider: Decider,
    listed_max: usize,
    count: u64,
    outdated_count: u64,
    outdated: Vec<Outdated>,
}

/// As much of a decision's trace as says whether there was a use left.
#[derive(Deserialize)]
struct Traced {
    trace: Vec<TracedStep>,
}

#[derive(Deserialize)]
struct TracedStep {
    event: String,
    because: Option<serde_json::Value>,
}

impl Redecision {
    /// None so far; so many of those that differ are kept, and all are counted.
    pub fn by(decider: Decider, listed_max: usize) -> Self {
        Redecision { decider, listed_max, count: 0, outdated_count: 0, outdated: Vec::new() }
    }

    /// The snapshot that decides.
    pub fn snapshot(&self) -> ContentId {
        self.decider.snapshot_id()
    }

    /// Another program's snapshot would decide everything otherwise.
    pub fn require_program(&self, program: &str) -> Result<(), Failure> {
        let got = self.decider.program_id();
        if got.as_str() == program {
            return Ok(());
        }
        let what = format_args!("expected a snapshot of program {program}, got one of {got}");
        Err(Failure::new(what).mend("--snapshot names the folder of what is published"))
    }

    /// The most uses of each code that has a most.
    pub fn caps(&self) -> Result<BTreeMap<String, u64>, Failure> {
        self.decider.caps()
    }

    /// Decides an order again, unless this snapshot has decided it.
    pub fn add(&mut self, kept: &[KeptEntry]) -> Result<(), Failure> {
        let Some(first) = kept.first() else { return Ok(()) };
        let (name, entry) = first.clone().into_parts();
        // What cannot be read is said by the comparison of the ledger with itself.
        let Ok(facts) = entry.facts::<RecordedFacts>() else { return Ok(()) };
        let Ok((recorded, gist, uses)) = decided(&facts) else { return Ok(()) };
        let Ok(mut order) = facts.order() else { return Ok(()) };
        if gist.snapshot.id == self.snapshot().to_string() {
            return Ok(());
        }
        if facts.is_customer_erased {
            // Who it was does not decide; that it was somebody does.
            order.customer_id = Some("erased".to_owned());
        }
        self.count += 1;
        let (would_be, error) = match self.decider.decide_with(&order, uses)? {
            Ok(answer) => (Some(Outcome::of(&answer)), None),
            Err(bad) => (None, Some(bad.to_string())),
        };
        let differs = match &would_be {
            Some(would_be) => recorded.differences(would_be),
            None => vec!["order"],
        };
        if differs.is_empty() {
            return Ok(());
        }
        self.outdated_count += 1;
        if self.outdated.len() < self.listed_max {
            let (event_type, order_id) = (name.event_type, name.order_id);
            let snapshot = gist.snapshot.id;
            self.outdated.push(Outdated {
                event_type,
                order_id,
                differs,
                recorded,
                would_be,
                error,
                snapshot,
            });
        }
        Ok(())
    }

    /// How many orders were decided again, how many of them otherwise, and those that are kept.
    pub fn finish(self) -> (u64, u64, Vec<Outdated>) {
        (self.count, self.outdated_count, self.outdated)
    }
}

/// What was decided, and whether a use was left: that is the ledger's to say, not a snapshot's.
fn decided(facts: &RecordedFacts) -> Result<(Outcome, Gist, Uses), EntryError> {
    let decision = facts.decision.get();
    let gist: Gist = serde_json::from_str(decision).map_err(EntryError::Json)?;
    let traced: Traced = serde_json::from_str(decision).map_err(EntryError::Json)?;
    let was_exhausted = |step: &TracedStep| {
        step.event == "no_use_left" && step.because.as_ref().is_some_and(|it| it == "exhausted")
    };
    let is_exhausted = traced.trace.iter().any(was_exhausted);
    let uses = if is_exhausted { Uses::Exhausted } else { Uses::Left };
    let currency = facts.order()?.currency.to_string();
    Ok((Outcome::recorded(&gist, &currency), gist, uses))
}
