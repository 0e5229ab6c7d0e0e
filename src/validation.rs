//! May this code be used on this order? The public question, composed of the others. Read-only: it
//! counts nothing and reserves nothing.
//!
//! - [`validate`] answers a [`Question`] from a snapshot.
//! - [`ask`] and [`judge`] are its two halves, for whoever can ask in between how many uses of the
//!   code are taken.
//! - [`Answer`] is the yes, with the deal and its worth, or the no, with the reason.

use crate::code::{CodeTerms, Nfkc, TypedCode};
use crate::deal::Deal;
use crate::eligibility::{self, Fact, Unchecked};
use crate::ledger::cap::{self, Counts, Limits};
use crate::matching::{self, Found, Match};
use crate::order::Cart;
use crate::program::Program;
use crate::quote::{self, Quote};
use crate::reason::{Malformed, Refusal, Rejection};
use crate::snapshot::{Delta, Shards, Snapshot, SnapshotError};
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
    /// How many uses may be left; `None` without a cap, or when nobody has counted.
    pub remaining_estimate: Option<u64>,
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
    /// How many uses may be left of a code that is active; `None` without a cap, or when nobody has
    /// counted.
    pub remaining_estimate: Option<u64>,
}

/// A question with what a snapshot knows of its code.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    question: &'a Question,
    at: UnixMillis,
    program: Program,
    tracking: Tracking,
    typed: Result<TypedCode, Malformed>,
    matched: Match,
}

/// Answers a question as of an instant, where nobody can be asked how many uses are taken.
///
/// # Errors
///
/// As [`ask`].
pub fn validate<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B, L>,
    shards: &S,
    question: &Question,
    at: UnixMillis,
) -> Result<Answer, SnapshotError> {
    judge(snapshot, ask(snapshot, shards, question, at)?, None)
}

/// Looks a question's code up.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read, or a shard that the code needs is not there.
pub fn ask<'a, B: AsRef<[u8]>, L: AsRef<[Delta<B>]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B, L>,
    shards: &S,
    question: &'a Question,
    at: UnixMillis,
) -> Result<Asked<'a>, SnapshotError> {
    let program = snapshot.program()?;
    let tracking = tracking(&program, &question.cart);
    let typed = TypedCode::parse(&question.typed, question.nfkc);
    let matched = match &typed {
        Ok(typed) if tracking != Tracking::Off => {
            matching::find(snapshot, shards, &program, typed, at)?
        }
        Ok(_) | Err(_) => Match::Unknown,
    };
    Ok(Asked { question, at, program, tracking, typed, matched })
}

impl Asked<'_> {
    /// By what to ask how many uses are taken: an active capped code's id, and for every other code
    /// the folded text, whose counts are nothing to [`judge`]. So a code that does not exist costs
    /// as much (domain 1.8, same work). `None` for a text that cannot be a code.
    #[must_use]
    pub fn cap_key(&self) -> Option<String> {
        let typed = self.typed.as_ref().ok()?;
        Some(match &self.matched {
            Match::Active(found) if found.terms.is_capped() => found.code_id(),
            _ => typed.fold(self.program.folding).as_str().to_owned(),
        })
    }
}

/// Answers a question that has been looked up. Reasons are judged in the order of
/// [`Rejection::ALL`].
///
/// `counts` is how many uses are taken of what [`Asked::cap_key`] names: an estimate, as others may
/// take one meanwhile. `None` when nobody has counted, or not in time: then the code counts as not
/// used up.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read.
pub fn judge<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>>(
    snapshot: &Snapshot<B, L>,
    asked: Asked<'_>,
    counts: Option<Counts>,
) -> Result<Answer, SnapshotError> {
    let Asked { question: Question { cart, .. }, at, program, tracking, typed, matched } = asked;
    let refused = |exact: Rejection, found: Option<Found>, remaining_estimate| {
        let public = exact.refusal(program.public_reasons);
        Ok(Answer::Refused(Box::new(Refused { exact, public, found, remaining_estimate })))
    };
    let typed = match typed {
        Ok(typed) => typed,
        Err(malformed) => return refused(Rejection::Malformed(malformed), None, None),
    };
    if tracking == Tracking::Off {
        return refused(Rejection::TrackingDisabled, None, None);
    }
    let found = match matched {
        Match::Active(found) => found,
        Match::NotStarted(found) => return refused(Rejection::NotStarted, Some(found), None),
        Match::Expired(found) => return refused(Rejection::Expired, Some(found), None),
        Match::Unknown => return refused(Rejection::UnknownCode, None, None),
    };
    let limits = Limits::on(&found.terms, cart);
    let remaining_estimate = counts.and_then(|counts| cap::remaining(counts, limits));
    if let Err(rejection) = check_uses(&found.terms, limits, cart, counts) {
        return refused(rejection, Some(found), remaining_estimate);
    }
    let deal = found.deal_in_force(snapshot, at)?;
    let checked = deal.as_ref().map_or_else(
        || Ok(Unchecked::default()),
        |deal| eligibility::check(deal, program.currency, cart),
    );
    let mut unchecked = match checked {
        Ok(unchecked) => unchecked,
        Err(rejection) => return refused(rejection, Some(found), remaining_estimate),
    };
    if tracking == Tracking::EventTypeMissing {
        unchecked.note(Fact::EventType);
    }
    let quote = deal.as_ref().and_then(|deal| quote::quote(deal, program.currency, cart));
    let valid = Valid { typed, found, deal, quote, unchecked, remaining_estimate };
    Ok(Answer::Valid(Box::new(valid)))
}

/// Whether a use may be left, as far as anybody has counted.
fn check_uses(
    terms: &CodeTerms,
    limits: Limits,
    cart: &Cart,
    counts: Option<Counts>,
) -> Result<(), Rejection> {
    if counts.is_some_and(|counts| limits.is_reached(counts)) {
        return Err(Rejection::RedemptionsExhausted);
    }
    if terms.max_redemptions_per_customer.is_some() && !cart.customer_known {
        return Err(Rejection::CustomerRequired);
    }
    if counts.is_some_and(|counts| limits.is_reached_by_customer(counts)) {
        return Err(Rejection::CustomerRedemptionsExhausted);
    }
    Ok(())
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
