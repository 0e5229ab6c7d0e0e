//! What is answered about an order that the ledger has: the first answer, as it was given, and what
//! became of it since.

use super::decision::rfc3339;
use super::entry::{AdjustedFacts, Entry, EntryError, EntryKind, RecordedFacts, ReversedFacts};
use super::{DecisionAnswer, Gist, Order, ReceiptClaims, recorded};
use crate::ledger::ActionState;
use crate::money::Minor;
use crate::time::UnixMillis;

use serde::Serialize;
use serde_json::value::RawValue;

/// An order's first answer, and where the order stands.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct OrderAnswer {
    /// What was decided when it was recorded.
    #[serde(flatten)]
    pub decision: DecisionAnswer,
    /// Where it stands.
    #[serde(flatten)]
    pub standing: Standing,
}

/// Where a recorded order stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Standing {
    /// What the decision says, signed: a compact JWS; null when no key signs.
    pub receipt: Option<String>,
    /// What became of what was asked: `recorded`, `already_recorded`, `found`, `reversed`,
    /// `already_reversed`, `adjusted` or `already_adjusted`.
    pub outcome: String,
    /// `pending`, `approved` or `reversed`; null when nobody is credited.
    pub state: Option<&'static str>,
    /// When it was recorded.
    pub recorded_at: String,
    /// When it is approved unless it is reversed before; null when nobody is credited.
    pub approve_at: Option<String>,
    /// What is left of it after refunds.
    pub current: CurrentFacts,
    /// The refunds, oldest first.
    pub adjustments: Vec<AdjustmentFacts>,
    /// That it was reversed; null when it was not.
    pub reversed: Option<ReversalFacts>,
}

/// What is left of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CurrentFacts {
    /// Sum of its lines before any discount.
    pub subtotal_minor: u64,
    /// Money off.
    pub discount_minor: u64,
    /// What the partner earns; 0 once it is reversed, null when nobody is credited.
    pub payout_minor: Option<u64>,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct AdjustmentFacts {
    /// When it was entered.
    pub at: String,
    /// What was left.
    #[serde(flatten)]
    pub left: AdjustedFacts,
}

/// A reversal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReversalFacts {
    /// When it was entered.
    pub at: String,
    /// Why, in the merchant's words.
    pub reason: String,
}

/// An order that the ledger has, as it is answered about.
#[derive(Debug)]
pub struct RecordedOrder {
    /// The order, as it is kept.
    pub order: Order,
    /// What was decided.
    pub gist: Gist,
    /// When it was recorded.
    pub recorded_at: UnixMillis,
    decision: Box<RawValue>,
    approve_at: Option<UnixMillis>,
    current: CurrentFacts,
    adjustments: Vec<AdjustmentFacts>,
    reversed: Option<ReversalFacts>,
}

impl RecordedOrder {
    /// An order that is recorded just now, by this decision.
    #[must_use]
    pub fn new(
        order: Order,
        decision: &DecisionAnswer,
        facts: RecordedFacts,
        recorded_at: UnixMillis,
    ) -> Self {
        let current = CurrentFacts {
            subtotal_minor: order.subtotal_minor.get(),
            discount_minor: order.discount_minor.unwrap_or_default().get(),
            payout_minor: facts.earned.map(|earned| earned.payout_minor),
        };
        RecordedOrder {
            order,
            gist: decision.into(),
            recorded_at,
            decision: facts.decision,
            approve_at: facts.approve_at.map(UnixMillis),
            current,
            adjustments: Vec::new(),
            reversed: None,
        }
    }

    /// Reads an order's entries, oldest first; `None` when there are none.
    ///
    /// # Errors
    ///
    /// [`EntryError`] when they were not written by this code.
    pub fn read(entries: &[Entry]) -> Result<Option<Self>, EntryError> {
        let Some(first) = entries.first() else { return Ok(None) };
        let facts: RecordedFacts = first.facts()?;
        let reversed = reversed(entries)?;
        Ok(Some(RecordedOrder {
            order: facts.order()?,
            gist: serde_json::from_str(facts.decision.get()).map_err(EntryError::Json)?,
            recorded_at: UnixMillis(first.at),
            decision: facts.decision,
            approve_at: facts.approve_at.map(UnixMillis),
            current: current(entries, reversed.is_some())?,
            adjustments: adjustments(entries)?,
            reversed,
        }))
    }

    /// When its receipt is signed: when it was recorded, as long as that is good for something, and
    /// now after that. `None` for an order that was reversed meanwhile: nothing new is proven.
    #[must_use]
    pub fn signed_at(&self, now: UnixMillis) -> Option<UnixMillis> {
        let at = ReceiptClaims::signed_at(self.recorded_at, now);
        (at == self.recorded_at || self.reversed.is_none()).then_some(at)
    }

    /// The answer about it: [`OrderAnswer`] as JSON, with the decision's bytes as they were first
    /// given.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn answer(
        self,
        outcome: &str,
        receipt: Option<String>,
        now: UnixMillis,
    ) -> serde_json::Result<String> {
        let decision = self.decision.get().trim_end().to_owned();
        let standing = serde_json::to_string(&self.standing(outcome, receipt, now))?;
        // Both are objects: the fields of one go on where those of the other end.
        let decision = decision.strip_suffix('}').unwrap_or(&decision);
        Ok(format!("{decision},{}", standing.strip_prefix('{').unwrap_or(&standing)))
    }

    /// Where it stands.
    #[must_use]
    pub fn standing(self, outcome: &str, receipt: Option<String>, now: UnixMillis) -> Standing {
        let is_reversed = self.reversed.is_some();
        let state = |at| ActionState::at(now, at, is_reversed).name();
        Standing {
            receipt,
            outcome: outcome.to_owned(),
            state: self.approve_at.map(state),
            recorded_at: rfc3339(self.recorded_at),
            approve_at: self.approve_at.map(rfc3339),
            current: self.current,
            adjustments: self.adjustments,
            reversed: self.reversed,
        }
    }
}

fn current(entries: &[Entry], is_reversed: bool) -> Result<CurrentFacts, EntryError> {
    let recorded = recorded(entries)?;
    let current = recorded.as_ref().map(|recorded| recorded.current);
    let paid = recorded.and_then(|recorded| recorded.payout_minor());
    let paid = paid.map(|paid| if is_reversed { Minor::ZERO } else { paid });
    Ok(CurrentFacts {
        subtotal_minor: current.map_or(0, |it| it.subtotal_minor.get()),
        discount_minor: current.map_or(0, |it| it.discount_minor.get()),
        payout_minor: paid.map(Minor::get),
    })
}

fn adjustments(entries: &[Entry]) -> Result<Vec<AdjustmentFacts>, EntryError> {
    let adjusted = entries.iter().filter(|entry| entry.kind == EntryKind::Adjusted);
    let adjustment = |entry: &Entry| {
        Ok(AdjustmentFacts { at: rfc3339(UnixMillis(entry.at)), left: entry.facts()? })
    };
    adjusted.map(adjustment).collect()
}

fn reversed(entries: &[Entry]) -> Result<Option<ReversalFacts>, EntryError> {
    let reversed = entries.iter().find(|entry| entry.kind == EntryKind::Reversed);
    let reversal = |entry: &Entry| {
        let ReversedFacts { reason, .. } = entry.facts()?;
        Ok(ReversalFacts { at: rfc3339(UnixMillis(entry.at)), reason })
    };
    reversed.map(reversal).transpose()
}
