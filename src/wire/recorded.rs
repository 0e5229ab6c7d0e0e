//! What is answered about an order that the ledger has: the first answer, as it was given, and what
//! became of it since.

use super::decision::rfc3339;
use super::entry::{AdjustedFacts, Entry, EntryError, EntryKind, RecordedFacts, ReversedFacts};
use super::{DecisionAnswer, Gist, Order, recorded};
use crate::ledger::ActionState;
use crate::money::Minor;
use crate::time::UnixMillis;

use serde::Serialize;

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

/// An order that the ledger has, read to be answered about.
#[derive(Debug)]
pub struct RecordedOrder<'a> {
    entries: &'a [Entry],
    facts: RecordedFacts,
    /// The order, as it is kept.
    pub order: Order,
    /// What was decided.
    pub gist: Gist,
    /// When it was recorded.
    pub recorded_at: UnixMillis,
}

impl<'a> RecordedOrder<'a> {
    /// Reads an order's entries, oldest first; `None` when there are none.
    ///
    /// # Errors
    ///
    /// [`EntryError`] when they were not written by this code.
    pub fn read(entries: &'a [Entry]) -> Result<Option<Self>, EntryError> {
        let Some(first) = entries.first() else { return Ok(None) };
        let facts: RecordedFacts = first.facts()?;
        let order = facts.order()?;
        let gist = serde_json::from_str(facts.decision.get()).map_err(EntryError::Json)?;
        let recorded_at = UnixMillis(first.at);
        Ok(Some(RecordedOrder { entries, facts, order, gist, recorded_at }))
    }

    /// The answer about it: [`OrderAnswer`] as JSON, with the decision's bytes as they were first
    /// given.
    ///
    /// # Errors
    ///
    /// [`EntryError`] when the entries were not written by this code.
    pub fn answer(
        &self,
        outcome: &str,
        receipt: Option<String>,
        now: UnixMillis,
    ) -> Result<String, EntryError> {
        let standing = self.standing(outcome, receipt, now)?;
        let standing = serde_json::to_string(&standing).map_err(EntryError::Json)?;
        // Both are objects: the fields of one go on where those of the other end.
        let decision = self.facts.decision.get().trim_end();
        let decision = decision.strip_suffix('}').unwrap_or(decision);
        Ok(format!("{decision},{}", standing.strip_prefix('{').unwrap_or(&standing)))
    }

    /// Where it stands.
    ///
    /// # Errors
    ///
    /// [`EntryError`] when the entries were not written by this code.
    pub fn standing(
        &self,
        outcome: &str,
        receipt: Option<String>,
        now: UnixMillis,
    ) -> Result<Standing, EntryError> {
        let reversed = self.reversed()?;
        let approve_at = self.facts.approve_at.map(UnixMillis);
        let state = |at| ActionState::at(now, at, reversed.is_some()).name();
        Ok(Standing {
            receipt,
            outcome: outcome.to_owned(),
            state: approve_at.map(state),
            recorded_at: rfc3339(self.recorded_at),
            approve_at: approve_at.map(rfc3339),
            current: self.current(reversed.is_some())?,
            adjustments: self.adjustments()?,
            reversed,
        })
    }

    fn current(&self, is_reversed: bool) -> Result<CurrentFacts, EntryError> {
        let recorded = recorded(self.entries)?;
        let current = recorded.as_ref().map(|recorded| recorded.current);
        let paid = recorded.and_then(|recorded| recorded.payout_minor());
        let paid = paid.map(|paid| if is_reversed { Minor::ZERO } else { paid });
        Ok(CurrentFacts {
            subtotal_minor: current.map_or(0, |it| it.subtotal_minor.get()),
            discount_minor: current.map_or(0, |it| it.discount_minor.get()),
            payout_minor: paid.map(Minor::get),
        })
    }

    fn adjustments(&self) -> Result<Vec<AdjustmentFacts>, EntryError> {
        let adjusted = self.entries.iter().filter(|entry| entry.kind == EntryKind::Adjusted);
        let adjustment = |entry: &Entry| {
            Ok(AdjustmentFacts { at: rfc3339(UnixMillis(entry.at)), left: entry.facts()? })
        };
        adjusted.map(adjustment).collect()
    }

    fn reversed(&self) -> Result<Option<ReversalFacts>, EntryError> {
        let reversed = self.entries.iter().find(|entry| entry.kind == EntryKind::Reversed);
        let reversal = |entry: &Entry| {
            let ReversedFacts { reason, .. } = entry.facts()?;
            Ok(ReversalFacts { at: rfc3339(UnixMillis(entry.at)), reason })
        };
        reversed.map(reversal).transpose()
    }
}
