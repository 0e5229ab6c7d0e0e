//! What is answered, and to whom.

use super::Caller;
use crate::matching::Found;
use crate::quote::{Amount, Quote};
use crate::reason::Rejection;
use crate::validation::Answer;

use serde::Serialize;

/// The answer to a [`ValidateRequest`](super::ValidateRequest).
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum ValidateAnswer {
    /// The code may be used.
    Valid(ValidAnswer),
    /// It may not.
    Refused(RefusedAnswer),
}

/// The code may be used, as far as the facts go that were sent.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ValidAnswer {
    #[cfg_attr(feature = "cli", schemars(extend("const" = true)))]
    valid: bool,
    /// The normal form of what was typed; never a pattern.
    pub code: String,
    /// The offer; null when the code has none in force.
    pub deal: Option<DealFacts>,
    /// What the offer is worth on this order; null when too little of it is known.
    pub quote: Option<QuoteFacts>,
    /// Facts that conditions asked for and that were not sent.
    pub unchecked: Vec<&'static str>,
    /// What only trusted callers are told.
    #[serde(flatten)]
    pub trusted: Option<TrustedFacts>,
    /// What the answer was read from.
    pub snapshot: SnapshotFacts,
}

/// The code may not be used.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct RefusedAnswer {
    #[cfg_attr(feature = "cli", schemars(extend("const" = false)))]
    valid: bool,
    /// Why, as the program's setting `public_reasons` has it.
    pub reason: &'static str,
    /// With `malformed`: in what way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'static str>,
    /// What only trusted callers are told.
    #[serde(flatten)]
    pub trusted: Option<TrustedFacts>,
    /// What the answer was read from.
    pub snapshot: SnapshotFacts,
}

/// What only trusted callers are told.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct TrustedFacts {
    /// Why the code is refused; null when it is not.
    pub exact_reason: Option<&'static str>,
    /// The code that the typed one matches; null when there is none.
    pub code_id: Option<String>,
    /// Whom the code can credit; null for a restricted code.
    pub owner: Option<String>,
    /// How many uses may be left; null when the code has no cap, or nobody has counted.
    pub remaining_estimate: Option<u64>,
}

/// An offer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct DealFacts {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What is offered: `general_sale`, `free_shipping`, `gift_with_purchase`, `rebate` or `bogo`.
    #[serde(rename = "type")]
    pub offer: &'static str,
}

/// What an offer is worth on an order: an amount, or a range of them.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct QuoteFacts {
    /// ISO 4217 code of the amounts.
    pub currency: String,
    /// Money off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<u64>,
    /// Money off, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low_minor: Option<u64>,
    /// Money off, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_minor: Option<u64>,
    /// What else it gives: `free_shipping`, `gift` or `rebate`; null for none.
    pub benefit: Option<&'static str>,
    /// The parts of `amount_minor`, one for each line that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines_minor: Option<Vec<u64>>,
}

/// What an answer was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SnapshotFacts {
    /// The snapshot's id: SHA-256 of its manifest.
    pub id: String,
    /// How old it was when the answer was given, in milliseconds.
    pub age_ms: u64,
}

impl ValidateAnswer {
    /// The answer as this caller may see it.
    #[must_use]
    pub fn new(answer: &Answer, caller: Caller, snapshot: SnapshotFacts) -> Self {
        let trusted = (caller == Caller::Trusted).then(|| TrustedFacts::of(answer));
        match answer {
            Answer::Valid(valid) => ValidateAnswer::Valid(ValidAnswer {
                valid: true,
                code: valid.typed.as_str().to_owned(),
                deal: valid.deal.as_ref().map(|deal| DealFacts {
                    id: deal.id.to_string(),
                    name: deal.name.clone(),
                    offer: deal.offer.name(),
                }),
                quote: valid.quote.as_ref().map(QuoteFacts::of),
                unchecked: valid.unchecked.facts().iter().map(|fact| fact.name()).collect(),
                trusted,
                snapshot,
            }),
            Answer::Refused(refused) => ValidateAnswer::Refused(RefusedAnswer {
                valid: false,
                reason: refused.public.name(),
                detail: match refused.exact {
                    Rejection::Malformed(malformed) => Some(malformed.name()),
                    _ => None,
                },
                trusted,
                snapshot,
            }),
        }
    }
}

impl TrustedFacts {
    fn of(answer: &Answer) -> Self {
        let (exact, found, remaining_estimate) = match answer {
            Answer::Valid(valid) => (None, Some(&valid.found), valid.remaining_estimate),
            Answer::Refused(refused) => {
                (Some(refused.exact), refused.found.as_ref(), refused.remaining_estimate)
            }
        };
        TrustedFacts {
            exact_reason: exact.map(Rejection::name),
            code_id: found.map(Found::code_id),
            owner: found.and_then(|found| found.owner()).map(ToString::to_string),
            remaining_estimate,
        }
    }
}

impl QuoteFacts {
    fn of(quote: &Quote) -> Self {
        let (amount_minor, low_minor, high_minor) = match quote.amount {
            Amount::Exact(exact) => (Some(exact.get()), None, None),
            Amount::Range { low, high } => (None, Some(low.get()), Some(high.get())),
        };
        let lines = quote.lines_minor.iter().map(|line| line.get());
        QuoteFacts {
            currency: quote.currency.to_string(),
            amount_minor,
            low_minor,
            high_minor,
            benefit: quote.benefit.map(|benefit| benefit.name()),
            lines_minor: (!quote.lines_minor.is_empty()).then(|| lines.collect()),
        }
    }
}
