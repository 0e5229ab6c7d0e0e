//! How often a capped code may be used (domain 1.6), counted to the last use.
//!
//! A holder, which is a cart or an order, has at most one use of a code. It is held first and then
//! committed or released; a hold counts as a use meanwhile.
//!
//! - [`reserve`] holds a use, [`commit`] keeps it for good, [`release`] gives it back.
//! - [`remaining`] is what may be left, for answers that promise nothing.

use crate::code::CodeTerms;
use crate::order::Cart;

/// A code's caps; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Most uses in all.
    pub max_redemptions: Option<u64>,
    /// Most uses by one customer.
    pub max_redemptions_per_customer: Option<u64>,
}

impl Limits {
    /// Nobody counts.
    pub const NONE: Limits = Limits { max_redemptions: None, max_redemptions_per_customer: None };

    /// The caps that a use of a code counts towards on an order: that of each customer only where
    /// the customer is known.
    #[must_use]
    pub fn on(terms: &CodeTerms, cart: &Cart) -> Self {
        let per_customer = terms.max_redemptions_per_customer.filter(|_| cart.customer_known);
        Limits {
            max_redemptions: terms.max_redemptions.map(u64::from),
            max_redemptions_per_customer: per_customer.map(u64::from),
        }
    }

    /// Whether every use is taken.
    #[must_use]
    pub fn is_reached(self, counts: Counts) -> bool {
        self.max_redemptions.is_some_and(|max| counts.taken >= max)
    }

    /// Whether the customer who asks has had as many as one may have.
    #[must_use]
    pub fn is_reached_by_customer(self, counts: Counts) -> bool {
        self.max_redemptions_per_customer.is_some_and(|max| counts.taken_by_customer >= max)
    }
}

/// How many uses of a code are taken: held or committed, by whomever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// In all.
    pub taken: u64,
    /// By the customer who asks, without what the asking order and its cart hold themselves.
    pub taken_by_customer: u64,
}

/// A holder's use of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Use {
    /// Which hold it is, or was: see [`Hold`](super::Hold).
    pub token: u64,
    /// Whether it is held or committed.
    pub state: UseState,
}

/// How far a use has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UseState {
    /// Somebody has it in mind.
    Held,
    /// An order has consumed it.
    Committed,
}

/// What becomes of a use that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reservation {
    /// The order has consumed one before.
    AlreadyCommitted {
        /// Its token.
        token: u64,
    },
    /// The holder holds one already, and goes on holding it. It counts for the customer whom it was
    /// held for: an order of another is not to be recorded with it, but to
    /// [`settle`](super::settle) it and ask again.
    AlreadyHeld {
        /// Its token.
        token: u64,
    },
    /// The order takes over what its cart holds.
    TakenOver {
        /// The token of the cart's hold, which ends.
        token: u64,
    },
    /// Every use is taken.
    RedemptionsExhausted,
    /// This customer has had as many as one may have.
    CustomerRedemptionsExhausted,
    /// A use is to be held.
    Held,
}

/// Holds a use for a holder, or finds that it has one. `own` is the holder's use, `cart` that of
/// the cart that the order was.
///
/// What the holder has comes first: a repeated question takes nothing and is never told that the
/// code is exhausted, which it may be by this very holder.
#[must_use]
pub fn reserve(own: Option<Use>, cart: Option<Use>, counts: Counts, limits: Limits) -> Reservation {
    match own {
        Some(Use { token, state: UseState::Committed }) => {
            return Reservation::AlreadyCommitted { token };
        }
        Some(Use { token, state: UseState::Held }) => return Reservation::AlreadyHeld { token },
        None => {}
    }
    let held = cart.filter(|cart| cart.state == UseState::Held);
    if held.is_none() && limits.is_reached(counts) {
        return Reservation::RedemptionsExhausted;
    }
    if limits.is_reached_by_customer(counts) {
        return Reservation::CustomerRedemptionsExhausted;
    }
    held.map_or(Reservation::Held, |Use { token, .. }| Reservation::TakenOver { token })
}

/// What becomes of a use that is to be kept for good, or given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It is.
    Done,
    /// It was before, or the hold is another's by now: nothing changes.
    Nothing,
}

/// Keeps a held use for good.
#[must_use]
pub fn commit(own: Option<Use>, token: u64) -> Change {
    match own {
        Some(Use { token: held, state: UseState::Held }) if held == token => Change::Done,
        _ => Change::Nothing,
    }
}

/// Gives a use back, held or committed. That is only for a hold that its order cannot be recorded
/// with any more: whoever merely gives up leaves it, as another attempt may have the same one.
///
/// One that was given back before stays so: the token is of one hold, and a later hold of the same
/// holder has another.
#[must_use]
pub fn release(own: Option<Use>, token: u64) -> Change {
    match own {
        Some(Use { token: held, .. }) if held == token => Change::Done,
        _ => Change::Nothing,
    }
}

/// How many uses may be left to the customer who asks: the smaller of both caps; `None` without
/// any.
#[must_use]
pub fn remaining(counts: Counts, limits: Limits) -> Option<u64> {
    let total = limits.max_redemptions.map(|max| max.saturating_sub(counts.taken));
    let customer =
        limits.max_redemptions_per_customer.map(|max| max.saturating_sub(counts.taken_by_customer));
    total.into_iter().chain(customer).min()
}

impl Reservation {
    /// The stable name, as answers and logs have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reservation::AlreadyCommitted { .. } => "already_committed",
            Reservation::AlreadyHeld { .. } => "already_held",
            Reservation::TakenOver { .. } => "taken_over",
            Reservation::RedemptionsExhausted => "redemptions_exhausted",
            Reservation::CustomerRedemptionsExhausted => "customer_redemptions_exhausted",
            Reservation::Held => "held",
        }
    }
}
