//! What may be recorded of an order, and what became of it: each order once, each use of a capped
//! code once. No storage: what is recorded comes in, what is to be recorded comes out.
//!
//! - [`record`], [`reverse`] and [`adjust`] are what a merchant asks of an order; each gives a
//!   second asking its first answer.
//! - [`cap`] counts the uses of a capped code: hold, commit, release.
//! - [`settle`] binds the two. An order is recorded with the token of the use that it holds, and
//!   only its record says what becomes of the hold: whoever counts uses asks for it. So a use is
//!   never lost and never given twice, whatever is repeated, lost, late or in another order.
//! - [`place`] is where all of that is kept: in which of several objects.

pub mod cap;
mod claim;
pub mod place;

use crate::money::{BasisPoints, Minor};
use crate::time::UnixMillis;

pub use claim::{Claim, Difference, Field};

/// A use of a capped code that is held for an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hold {
    /// The code.
    pub code_id: String,
    /// Which of its holds: no two of a code have the same.
    pub token: u64,
}

/// What an order is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// Sum of its lines before any discount.
    pub subtotal_minor: Minor,
    /// Money off the whole order.
    pub discount_minor: Minor,
}

impl Amounts {
    /// What is paid for: the lines without the discount.
    #[must_use]
    pub fn net_minor(self) -> Minor {
        self.subtotal_minor.minus(self.discount_minor)
    }
}

/// How a partner's payout came about, so that it can follow a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earned {
    /// What the rule rated.
    pub base_minor: Minor,
    /// Which share of it; `None` when the rule pays a fixed amount.
    pub share: Option<BasisPoints>,
    /// What was paid.
    pub payout_minor: Minor,
}

impl Earned {
    /// What is paid when so much is left of an order that was worth so much (both net).
    ///
    /// The rule stays the one that was applied; the amount that it rates shrinks as the order does,
    /// rounded half-up. A fixed payout stays until nothing is left of the order.
    fn after_refund(self, placed: Minor, left: Minor) -> Minor {
        if left == placed {
            return self.payout_minor;
        }
        match self.share {
            Some(share) => self.base_minor.in_ratio(left, placed).share(share),
            None if left == Minor::ZERO => Minor::ZERO,
            None => self.payout_minor,
        }
    }
}

/// What is recorded of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// What the merchant said of it.
    pub claim: Claim,
    /// The use that it consumes, of a code that is capped.
    pub hold: Option<Hold>,
    /// What it was worth when it was recorded.
    pub placed: Amounts,
    /// What it is worth after refunds.
    pub current: Amounts,
    /// What was earned when it was recorded; `None` when nobody is credited.
    pub earned: Option<Earned>,
    /// Whether it has been reversed.
    pub is_reversed: bool,
}

impl Recorded {
    /// What the partner earns after refunds; `None` when nobody is credited.
    #[must_use]
    pub fn payout_minor(&self) -> Option<Minor> {
        let (placed, left) = (self.placed.net_minor(), self.current.net_minor());
        self.earned.map(|earned| earned.after_refund(placed, left))
    }
}

/// What becomes of an order that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recording {
    /// It was recorded before, just so: its first answer stands.
    AlreadyRecorded,
    /// It was recorded before, otherwise.
    OrderExists(Difference),
    /// The use that it holds was given back meanwhile: one has to be asked for again.
    HoldLost,
    /// It is to be recorded.
    Recorded,
}

/// Records an order, or finds that it is.
///
/// A replay is recognised before anything else is judged: neither a cap that was reached since nor
/// a hold that was lost changes what a settled order is told. `is_hold_void` is whether [`settle`]
/// has said of its hold that it counts no more. Whoever hears [`Recording::HoldLost`] releases that
/// hold before asking for another: until it is released, it is the one that is given again.
#[must_use]
pub fn record(recorded: Option<&Recorded>, is_hold_void: bool, claim: &Claim) -> Recording {
    match recorded.map(|recorded| recorded.claim.first_difference(claim)) {
        Some(None) => Recording::AlreadyRecorded,
        Some(Some(difference)) => Recording::OrderExists(difference),
        None if is_hold_void => Recording::HoldLost,
        None => Recording::Recorded,
    }
}

/// What becomes of an order that is to be reversed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversal {
    /// There is no such order.
    UnknownOrder,
    /// It was reversed before: its first answer stands.
    AlreadyReversed,
    /// It is to be reversed.
    Reversed {
        /// The use that goes back, once.
        give_back: Option<Hold>,
    },
}

/// Reverses an order, or finds that it is.
#[must_use]
pub fn reverse(recorded: Option<&Recorded>) -> Reversal {
    match recorded {
        None => Reversal::UnknownOrder,
        Some(recorded) if recorded.is_reversed => Reversal::AlreadyReversed,
        Some(recorded) => Reversal::Reversed { give_back: recorded.hold.clone() },
    }
}

/// What becomes of an order of which a part is refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// There is no such order.
    UnknownOrder,
    /// It is worth that already: what was answered stands.
    AlreadyAdjusted,
    /// It has been reversed: nothing is left to refund.
    OrderReversed,
    /// It would be worth more than it is, which is no refund: or an older one that comes late.
    WouldRaise(Field),
    /// It is to be adjusted.
    Adjusted {
        /// What the partner earns now; `None` when nobody is credited.
        payout_minor: Option<Minor>,
    },
}

/// Adjusts an order to what is left of it. The partner stays, the payout follows.
#[must_use]
pub fn adjust(recorded: Option<&Recorded>, left: Amounts) -> Adjustment {
    let Some(recorded) = recorded else { return Adjustment::UnknownOrder };
    let current = recorded.current;
    if recorded.is_reversed {
        return Adjustment::OrderReversed;
    }
    if left == current {
        return Adjustment::AlreadyAdjusted;
    }
    if left.subtotal_minor > current.subtotal_minor {
        return Adjustment::WouldRaise(Field::SubtotalMinor);
    }
    // Discounts larger than what they are taken from leave nothing, however large they are: of
    // those, too, an older one that comes late is to be told from a new one.
    let is_older = left.subtotal_minor == current.subtotal_minor
        && left.discount_minor < current.discount_minor;
    if is_older || left.net_minor() > current.net_minor() {
        return Adjustment::WouldRaise(Field::DiscountMinor);
    }
    let paid = |earned: Earned| earned.after_refund(recorded.placed.net_minor(), left.net_minor());
    Adjustment::Adjusted { payout_minor: recorded.earned.map(paid) }
}

/// What becomes of a held use, as the order's record has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Settlement {
    /// The order consumes it.
    Commit,
    /// The order is recorded without it, or reversed.
    Release,
    /// The order is not recorded. The hold is to be remembered as void, in one transaction with
    /// this question: an order that comes late must not be recorded with it.
    ReleaseAndVoid,
}

/// Says what becomes of a use that is held for an order and that nothing was heard of, or that
/// is held for another customer than the order is said to be of now.
#[must_use]
pub fn settle(recorded: Option<&Recorded>, hold: &Hold) -> Settlement {
    match recorded {
        None => Settlement::ReleaseAndVoid,
        Some(recorded) if !recorded.is_reversed && recorded.hold.as_ref() == Some(hold) => {
            Settlement::Commit
        }
        Some(_) => Settlement::Release,
    }
}

/// Where a credited order stands, as the reports show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActionState {
    /// Credited; it may yet come back.
    Pending,
    /// Credited for good, unless it is reversed all the same.
    Approved,
    /// Taken back.
    Reversed,
}

impl ActionState {
    /// The state at an instant. `approve_at` is when it is approved by itself.
    #[must_use]
    pub fn at(now: UnixMillis, approve_at: UnixMillis, is_reversed: bool) -> Self {
        match (is_reversed, now < approve_at) {
            (true, _) => ActionState::Reversed,
            (false, true) => ActionState::Pending,
            (false, false) => ActionState::Approved,
        }
    }

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ActionState::Pending => "pending",
            ActionState::Approved => "approved",
            ActionState::Reversed => "reversed",
        }
    }
}

impl Recording {
    /// The stable name, as answers and logs have it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Recording::AlreadyRecorded => "already_recorded".to_owned(),
            Recording::OrderExists(difference) => difference.to_string(),
            Recording::HoldLost => "hold_lost".to_owned(),
            Recording::Recorded => "recorded".to_owned(),
        }
    }
}

impl Reversal {
    /// The stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Reversal::UnknownOrder => "unknown_order",
            Reversal::AlreadyReversed => "already_reversed",
            Reversal::Reversed { .. } => "reversed",
        }
    }
}

impl Adjustment {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Adjustment::UnknownOrder => "unknown_order",
            Adjustment::AlreadyAdjusted => "already_adjusted",
            Adjustment::OrderReversed => "order_reversed",
            Adjustment::WouldRaise(_) => "would_raise",
            Adjustment::Adjusted { .. } => "adjusted",
        }
    }
}
