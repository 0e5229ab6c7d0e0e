//! What is kept of an order: entries, of which the first says what was recorded and the others what
//! changed. The ledger's objects keep them; the reports' database has what reports ask of them.
//!
//! - [`Entry`] is one of them; [`recorded`] is what all of an order's come to.
//! - [`RecordedFacts`], [`AdjustedFacts`] and [`ReversedFacts`] are the bodies of the three kinds.

use super::{BadRequest, Order};
use crate::id::{EventTypeId, IdError, OrderId};
use crate::ledger::place::OrderKey;
use crate::ledger::{Amounts, Earned, Hold, Recorded};
use crate::money::{BasisPoints, Minor};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use std::fmt;

/// Names an order within its program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct OrderName {
    /// What kind of event it is.
    pub event_type: String,
    /// The shop's name for it.
    pub order_id: String,
}

/// One entry of an order. Entries are added and not changed, but for a customer to be forgotten.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Which of the order's entries it is, from 1 on.
    pub number: u32,
    /// What it says.
    pub kind: EntryKind,
    /// When it was made, in milliseconds since 1970.
    pub at: i64,
    /// How often it was written: once, and once more when its customer is forgotten.
    pub revision: u32,
    /// The facts, by kind.
    pub body: Box<RawValue>,
}

/// What an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The order, and what was decided: [`RecordedFacts`].
    Recorded,
    /// What is left of it: [`AdjustedFacts`].
    Adjusted,
    /// That it was taken back: [`ReversedFacts`].
    Reversed,
}

/// An order and what was decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedFacts {
    /// When the order was placed, in milliseconds since 1970.
    pub placed_at: i64,
    /// The order as it is kept, see [`Order::sealed`].
    pub order: Box<RawValue>,
    /// The decision as it was answered.
    pub decision: Box<RawValue>,
    /// The use that it consumes, of a code that is capped.
    pub hold: Option<HoldFacts>,
    /// How the payout came about.
    pub earned: Option<EarnedFacts>,
    /// When it is approved unless it is reversed, in milliseconds since 1970; `None` when nobody is
    /// credited.
    pub approve_at: Option<i64>,
    /// The generation of the snapshot that it was decided by.
    pub generation: u64,
    /// Whether its customer has been forgotten since.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_customer_erased: bool,
}

/// A use that is held for an order: see [`Hold`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HoldFacts {
    /// The code.
    pub code_id: String,
    /// Which of its holds.
    pub token: u64,
}

/// How a payout came about: see [`Earned`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarnedFacts {
    /// What the rule rated.
    pub base_minor: u64,
    /// Which share of it, in basis points; `None` for a fixed amount.
    pub share_bps: Option<u16>,
    /// What was paid.
    pub payout_minor: u64,
}

/// What is left of an order after a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct AdjustedFacts {
    /// Sum of the lines that are left, before any discount.
    pub subtotal_minor: u64,
    /// Money off them.
    pub discount_minor: u64,
    /// What the partner earns since; null when nobody is credited.
    pub payout_minor: Option<u64>,
    /// By how much that changed.
    pub payout_change_minor: Option<i64>,
    /// Why, in the merchant's words.
    pub reason: String,
}

/// That an order was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReversedFacts {
    /// Why, in the merchant's words.
    pub reason: String,
    /// By how much the payout changed: what was paid is taken back.
    pub payout_change_minor: Option<i64>,
    /// The use that goes back.
    pub gives_back: Option<HoldFacts>,
}

/// Why entries cannot be read: they were not written by this code.
#[derive(Debug)]
pub enum EntryError {
    /// A body is not what its kind says.
    Json(serde_json::Error),
    /// The order in it is none.
    Order(BadRequest),
    /// An amount is out of bounds.
    Amount,
}

impl RecordedFacts {
    /// The order, as it was kept.
    ///
    /// # Errors
    ///
    /// [`EntryError`] when it cannot be read.
    pub fn order(&self) -> Result<Order, EntryError> {
        Order::parse_kept(self.order.get().as_bytes()).map_err(EntryError::Order)
    }
}

/// What an order's entries come to, oldest first; `None` when there are none.
///
/// # Errors
///
/// [`EntryError`] when they were not written by this code.
pub fn recorded(entries: &[Entry]) -> Result<Option<Recorded>, EntryError> {
    let Some((first, changes)) = entries.split_first() else { return Ok(None) };
    let facts: RecordedFacts = first.facts()?;
    let order = facts.order()?;
    let claim = order.claim();
    let placed = Amounts {
        subtotal_minor: order.subtotal_minor,
        discount_minor: order.discount_minor.unwrap_or_default(),
    };
    let mut recorded = Recorded {
        claim: if facts.is_customer_erased { claim.with_customer_erased() } else { claim },
        hold: facts.hold.map(Hold::from),
        placed,
        current: placed,
        earned: facts.earned.map(Earned::try_from).transpose()?,
        is_reversed: false,
    };
    for change in changes {
        match change.kind {
            EntryKind::Recorded => {}
            EntryKind::Adjusted => recorded.current = change.facts::<AdjustedFacts>()?.left()?,
            EntryKind::Reversed => recorded.is_reversed = true,
        }
    }
    Ok(Some(recorded))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(value: &bool) -> bool {
    !value
}

impl OrderName {
    /// The name in the vocabulary of the core.
    ///
    /// # Errors
    ///
    /// [`IdError`] when either half is no id.
    pub fn key(&self) -> Result<OrderKey, IdError> {
        Ok(OrderKey {
            event_type: EventTypeId::parse(&self.event_type)?,
            order_id: OrderId::parse(&self.order_id)?,
        })
    }
}

impl Entry {
    /// The body, as its kind has it.
    ///
    /// # Errors
    ///
    /// [`EntryError::Json`] when it is another kind's.
    pub fn facts<'a, T: Deserialize<'a>>(&'a self) -> Result<T, EntryError> {
        serde_json::from_str(self.body.get()).map_err(EntryError::Json)
    }
}

impl AdjustedFacts {
    fn left(&self) -> Result<Amounts, EntryError> {
        Ok(Amounts {
            subtotal_minor: Minor::new(self.subtotal_minor).ok_or(EntryError::Amount)?,
            discount_minor: Minor::new(self.discount_minor).ok_or(EntryError::Amount)?,
        })
    }
}

impl EntryKind {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EntryKind::Recorded => "recorded",
            EntryKind::Adjusted => "adjusted",
            EntryKind::Reversed => "reversed",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let kinds = [EntryKind::Recorded, EntryKind::Adjusted, EntryKind::Reversed];
        kinds.into_iter().find(|kind| kind.name() == name)
    }
}

impl From<HoldFacts> for Hold {
    fn from(HoldFacts { code_id, token }: HoldFacts) -> Self {
        Hold { code_id, token }
    }
}

impl From<Hold> for HoldFacts {
    fn from(Hold { code_id, token }: Hold) -> Self {
        HoldFacts { code_id, token }
    }
}

impl From<Earned> for EarnedFacts {
    fn from(earned: Earned) -> Self {
        EarnedFacts {
            base_minor: earned.base_minor.get(),
            share_bps: earned.share.map(BasisPoints::get),
            payout_minor: earned.payout_minor.get(),
        }
    }
}

impl TryFrom<EarnedFacts> for Earned {
    type Error = EntryError;

    fn try_from(facts: EarnedFacts) -> Result<Self, EntryError> {
        let share = facts.share_bps.map(|bps| BasisPoints::new(bps).ok_or(EntryError::Amount));
        Ok(Earned {
            base_minor: Minor::new(facts.base_minor).ok_or(EntryError::Amount)?,
            share: share.transpose()?,
            payout_minor: Minor::new(facts.payout_minor).ok_or(EntryError::Amount)?,
        })
    }
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EntryError::Json(error) => write!(f, "an entry's body: {error}"),
            EntryError::Order(bad) => write!(f, "an entry's order: {bad}"),
            EntryError::Amount => f.write_str("an entry's amount is out of bounds"),
        }
    }
}

impl std::error::Error for EntryError {}
