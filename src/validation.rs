//! May this code be used on this order? The public question, composed of the others. Read-only: it
//! counts nothing and reserves nothing.
//!
//! - [`validate`] answers a [`Question`] from a snapshot.
//! - [`Answer`] is the yes, with the deal and its worth, or the no, with the reason.

use crate::code::{Nfkc, TypedCode};
use crate::deal::Deal;
use crate::eligibility::{self, Fact, Unchecked};
use crate::matching::{self, Found, Match};
use crate::order::Cart;
use crate::program::Program;
use crate::quote::{self, Quote};
use crate::reason::{Refusal, Rejection};
use crate::snapshot::{Shards, Snapshot, SnapshotError};
use crate::time::UnixMillis;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The code, as it was received.
    pub typed: String,
    /// Unicode normalisation, as the platform offers it.
    pub nfkc: Nfkc,
    /// What is known about the order.
    pub cart: Cart,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The code may be used.
    Valid(Box<Valid>),
    /// It may not.
    Refused(Box<Refused>),
}

/// A code that may be used, as far as the facts go that are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    /// The typed code's normal form: never a pattern.
    pub typed: TypedCode,
    /// The code that it matches.
    pub found: Found,
    /// The code's deal, while that is in force.
    pub deal: Option<Deal>,
    /// What the deal is worth; `None` without a deal, or when too little of the order is known.
    pub quote: Option<Quote>,
    /// Facts that conditions asked for and that are missing.
    pub unchecked: Unchecked,
}

/// A code that may not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why, for logs and trusted callers.
    pub exact: Rejection,
    /// Why, for shoppers.
    pub public: Refusal,
    /// The code it matches all the same.
    pub found: Option<Found>,
}

/// Answers a question as of an instant. Reasons are judged in the order of [`Rejection::ALL`].
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read, or a shard that the code needs is not there.
pub fn validate<B: AsRef<[u8]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B>,
    shards: &S,
    question: &Question,
    at: UnixMillis,
) -> Result<Answer, SnapshotError> {
    let program = snapshot.program()?;
    let refused = |exact: Rejection, found: Option<Found>| {
        let public = exact.refusal(program.public_reasons);
        Ok(Answer::Refused(Box::new(Refused { exact, public, found })))
    };
    let typed = match TypedCode::parse(&question.typed, question.nfkc) {
        Ok(typed) => typed,
        Err(malformed) => return refused(Rejection::Malformed(malformed), None),
    };
    let tracking = tracking(&program, &question.cart);
    if tracking == Tracking::Off {
        return refused(Rejection::TrackingDisabled, None);
    }
    let found = match matching::find(snapshot, shards, &program, &typed, at)? {
        Match::Active(found) => found,
        Match::NotStarted(found) => return refused(Rejection::NotStarted, Some(found)),
        Match::Expired(found) => return refused(Rejection::Expired, Some(found)),
        Match::Unknown => return refused(Rejection::UnknownCode, None),
    };
    if found.terms.max_redemptions_per_customer.is_some() && !question.cart.customer_known {
        return refused(Rejection::CustomerRequired, Some(found));
    }
    let deal = found.deal_in_force(snapshot, at)?;
    let checked = deal.as_ref().map_or_else(
        || Ok(Unchecked::default()),
        |deal| eligibility::check(deal, program.currency, &question.cart),
    );
    let mut unchecked = match checked {
        Ok(unchecked) => unchecked,
        Err(rejection) => return refused(rejection, Some(found)),
    };
    if tracking == Tracking::EventTypeMissing {
        unchecked.note(Fact::EventType);
    }
    let quote = deal.as_ref().and_then(|deal| quote::quote(deal, program.currency, &question.cart));
    Ok(Answer::Valid(Box::new(Valid { typed, found, deal, quote, unchecked })))
}

/// Whether promo codes are used at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tracking {
    On,
    Off,
    /// It depends on the event type, which is not known.
    EventTypeMissing,
}

/// A program with one event type can only mean that one; one without any has nothing to switch off.
fn tracking(program: &Program, cart: &Cart) -> Tracking {
    let mut switches = program
        .event_types
        .iter()
        .filter(|known| cart.event_type.as_ref().is_none_or(|id| *id == known.id))
        .map(|known| known.promo_codes);
    let named = cart.event_type.is_some();
    match (switches.next(), switches.next()) {
        _ if !program.tracking => Tracking::Off,
        (Some(true), None) => Tracking::On,
        (Some(false), None) => Tracking::Off,
        (None, _) => {
            if named {
                Tracking::Off
            } else {
                Tracking::On
            }
        }
        (Some(first), Some(second)) => {
            let any = first || second || switches.any(|on| on);
            if any { Tracking::EventTypeMissing } else { Tracking::Off }
        }
    }
}
