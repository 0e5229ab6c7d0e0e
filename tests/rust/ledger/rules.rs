//! Who decides what: the ledger's own functions, and the little that its shells decide beside them.
//! A test breaks one and expects to be told.

use super::world::Token;

use promo_edge::ledger::cap::{self, Change, Counts, Limits, Reservation, Use};
use promo_edge::ledger::{self, Claim, Hold, Recorded, Recording, Reversal, Settlement};

/// Every decision of the protocol.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub record: fn(Option<&Recorded>, bool, &Claim) -> Recording,
    pub reverse: fn(Option<&Recorded>) -> Reversal,
    pub settle: fn(Option<&Recorded>, &Hold) -> Settlement,
    pub reserve: fn(Option<Use>, Option<Use>, Counts, Limits) -> Reservation,
    pub commit: fn(Option<Use>, u64) -> Change,
    pub release: fn(Option<Use>, u64) -> Change,
    /// The cap's object: which token the next hold gets, when so many are known.
    pub next_token: fn(u8) -> u8,
    /// The edge: whether a customer's order may be recorded with a hold that is this customer's.
    pub is_fit: fn(u8, Option<u8>) -> bool,
    /// The edge: which hold it sends back when its attempt ends so.
    pub let_go: fn(End) -> Option<Token>,
    /// The order's object: what its outbox keeps of a use once it has been sent back and nothing
    /// was heard yet.
    pub unconfirmed: fn(Token) -> Option<Token>,
}

/// How an attempt of the edge ends, with the hold that it has.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// It has no time left, or is ended.
    GaveUp(Option<Token>),
    /// Its hold is void.
    HoldLost(Option<Token>),
    /// The order is recorded already.
    Recorded { mine: Option<Token>, recorded: Option<Token> },
}

/// As it is to be.
pub const RULES: Rules = Rules {
    record: ledger::record,
    reverse: ledger::reverse,
    settle: ledger::settle,
    reserve: cap::reserve,
    commit: cap::commit,
    release: cap::release,
    next_token: |known| known + 1,
    is_fit: |customer, of_hold| of_hold == Some(customer),
    let_go,
    unconfirmed: Some,
};

/// As it is to be, by an edge that sends nothing back: the holds expire.
pub const QUIET_EDGE: Rules = Rules { let_go: |_| None, ..RULES };

/// A hold goes back only when its order cannot be recorded with it any more. An edge that gives up
/// keeps still: another attempt for the same order has the same hold and may be recorded with it.
fn let_go(end: End) -> Option<Token> {
    match end {
        End::GaveUp(_) => None,
        End::HoldLost(mine) => mine,
        End::Recorded { mine, recorded } => mine.filter(|_| mine != recorded),
    }
}
