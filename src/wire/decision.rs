//! What is decided about an order, with everybody's reasons and the trace: the same bytes on every
//! face for the same order and snapshot.

use super::{BadRequest, Order};
use crate::crediting::{Decision, Refused};
use crate::payout::Payout;
use crate::snapshot::{ContentId, SnapshotError};
use crate::time::UnixMillis;
use crate::trace::{Basis, Fact, Step};

use serde::ser::{Serialize, SerializeMap, Serializer};

use std::fmt;

/// Who is credited with an order, and why.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct DecisionAnswer {
    /// The shop's name for the order.
    pub order_id: String,
    /// What kind of event it is.
    pub event_type: String,
    /// The order's code, whoever is credited; null when none matches.
    pub code: Option<CodeFacts>,
    /// Who is credited; null for nobody.
    pub credited: Option<CreditedFacts>,
    /// Who is not credited, and why: the code's owner first.
    pub reasons: Vec<ReasonFacts>,
    /// Every other typed code, as received and in order.
    pub unused_codes: Vec<String>,
    /// What the credited partner earns; null when nobody is credited.
    pub payout: Option<PayoutFacts>,
    /// How it came to this.
    pub trace: Vec<StepFacts>,
    /// What it was read from.
    pub snapshot: SnapshotName,
}

/// The promo code of an order.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CodeFacts {
    /// Its id.
    pub id: String,
    /// The normal form of what was typed.
    pub typed: String,
}

/// The credited partner.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CreditedFacts {
    /// Its id.
    pub partner: String,
    /// What the credit rests on: `promo_code`, `click` or `forced`.
    pub basis: &'static str,
    /// The code it rests on; null when it rests on something else.
    pub code_id: Option<String>,
    /// Whether a code's owner drove the winning click as well.
    pub also_click_winner: bool,
}

/// A partner who is not credited.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReasonFacts {
    /// Its id; null when there is no partner to name.
    pub partner: Option<String>,
    /// Why, such as `OTHER_REF_PRIORITIZED`.
    pub reason: &'static str,
}

/// What the credited partner earns.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct PayoutFacts {
    /// How much, in the currency's minor unit.
    pub amount_minor: u64,
    /// ISO 4217 code: the order's.
    pub currency: String,
    /// By which rule: `restriction:NAME`, `exception_list:ID`, `group:NAME`, `default` or
    /// `no_terms`.
    pub rule: String,
}

/// What a decision was read from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SnapshotName {
    /// The snapshot's id: SHA-256 of its manifest.
    pub id: String,
}

/// One step of the trace: the rule's number, what happened, and what it went by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFacts(Step);

/// Why an order is not decided.
#[derive(Debug)]
pub enum Undecided {
    /// It cannot be understood.
    BadRequest(BadRequest),
    /// The snapshot cannot be read.
    Unreadable(SnapshotError),
}

impl DecisionAnswer {
    pub(super) fn new(
        order: &Order,
        id: ContentId,
        decision: Decision,
        payout: Option<&Payout>,
    ) -> Self {
        let payout = payout.map(|payout| PayoutFacts {
            amount_minor: payout.earned.payout_minor.get(),
            currency: payout.currency.to_string(),
            rule: payout.rule.to_string(),
        });
        let Decided { code, credited, reasons, unused_codes, trace } = Decided::of(decision);
        DecisionAnswer {
            order_id: order.order_id.to_string(),
            event_type: order.event_type.to_string(),
            code,
            credited,
            reasons,
            unused_codes,
            payout,
            trace,
            snapshot: SnapshotName { id: id.to_string() },
        }
    }
}

/// What every answer about a decision says, whether or not there is an order yet.
pub(super) struct Decided {
    pub code: Option<CodeFacts>,
    pub credited: Option<CreditedFacts>,
    pub reasons: Vec<ReasonFacts>,
    pub unused_codes: Vec<String>,
    pub trace: Vec<StepFacts>,
}

impl Decided {
    pub fn of(decision: Decision) -> Self {
        let code = decision.code.map(|code| CodeFacts {
            id: code.found.code_id(),
            typed: code.typed.as_str().to_owned(),
        });
        let code_id = code.as_ref().map(|code| code.id.clone());
        let credited = decision.credited.map(|credited| CreditedFacts {
            partner: credited.partner.to_string(),
            basis: credited.basis.name(),
            code_id: code_id.filter(|_| credited.basis == Basis::PromoCode),
            also_click_winner: credited.also_click_winner,
        });
        Decided {
            code,
            credited,
            reasons: decision.reasons.iter().map(ReasonFacts::of).collect(),
            unused_codes: decision.unused_codes,
            trace: decision.trace.into_iter().map(StepFacts).collect(),
        }
    }
}

impl ReasonFacts {
    fn of(refused: &Refused) -> Self {
        ReasonFacts {
            partner: refused.partner.as_ref().map(ToString::to_string),
            reason: refused.reason.name(),
        }
    }
}

impl Serialize for StepFacts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("step", self.0.rule())?;
        map.serialize_entry("event", self.0.name())?;
        for (name, fact) in self.0.facts() {
            match fact {
                Fact::Text(text) => map.serialize_entry(name, &text)?,
                Fact::Literal(literal) => map.serialize_entry(name, literal)?,
                Fact::Number(number) => map.serialize_entry(name, &number)?,
                Fact::At(at) => map.serialize_entry(name, &rfc3339(at))?,
                Fact::Nothing => map.serialize_entry(name, &None::<()>)?,
            }
        }
        map.end()
    }
}

#[cfg(feature = "cli")]
impl schemars::JsonSchema for StepFacts {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "StepFacts".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "One step: the rule's number, what happened, and what it went by.",
            "type": "object",
            "required": ["step", "event"],
            "properties": {
                "step": { "type": "string", "description": "The rule's number." },
                "event": { "type": "string", "description": "What happened." },
            },
            "additionalProperties": { "type": ["string", "integer", "null"] },
        })
    }
}

/// An instant as it is written; one that no calendar has as its milliseconds.
#[must_use]
pub fn rfc3339(at: UnixMillis) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}

impl From<BadRequest> for Undecided {
    fn from(bad: BadRequest) -> Self {
        Undecided::BadRequest(bad)
    }
}

impl From<SnapshotError> for Undecided {
    fn from(error: SnapshotError) -> Self {
        Undecided::Unreadable(error)
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Undecided::BadRequest(bad) => bad.fmt(f),
            Undecided::Unreadable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Undecided {}
