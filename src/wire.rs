//! The shapes of requests and answers, shared by the Worker, the validator and the command line:
//! JSON in, JSON out, every bound checked here once.
//!
//! - [`ValidateRequest`] asks whether a code may be used; [`ValidateAnswer`] says so.
//! - [`Order`] asks who is credited; [`DecisionAnswer`] says so, and why. [`Verdict`] is that, and
//!   what whoever records the order needs besides.
//! - [`Checkout`] is which of a shop's requests asks so in passing; [`CheckoutAnswer`] is what the
//!   shop is told.
//! - [`CallOptions`] is what another Worker says beside its request.
//! - [`Health`] is what operators are told, [`EntriesPage`] and its like are what they read the
//!   ledger by.
//! - [`ReceiptClaims`] is what a signed decision says.
//! - [`Caller`] decides which fields may be sent and which are answered.
//! - [`BadRequest`] is why a request cannot be understood, [`Problem`] the document that says so.

#[cfg(any(feature = "admin", feature = "cli"))]
pub mod admin;
mod answer;
mod change;
mod checkout;
#[cfg(any(feature = "cli", feature = "edge"))]
mod claim;
mod decision;
#[cfg(any(feature = "cli", feature = "edge"))]
mod entry;
mod health;
mod options;
mod order;
mod problem;
mod read;
mod receipt;
#[cfg(any(feature = "cli", feature = "edge"))]
mod recorded;
mod request;
#[cfg(any(feature = "cli", feature = "edge"))]
mod upkeep;
mod verdict;

#[cfg(feature = "cli")]
pub mod openapi;
#[cfg(feature = "cli")]
pub mod sentences;

pub use answer::{
    DealFacts, QuoteFacts, RefusedAnswer, SnapshotFacts, TrustedFacts, ValidAnswer, ValidateAnswer,
};
pub use change::{
    AdjustRequest, REASON_SIZE_MAX, ReleaseAnswer, ReservationAnswer, ReservationRequest,
    ReverseRequest, TTL_S,
};
pub use checkout::{Checkout, CheckoutAnswer, CheckoutError, CheckoutFacts, DECISION_SIZE_MAX};
pub use decision::{
    CodeFacts, CreditedFacts, DecisionAnswer, PayoutFacts, ReasonFacts, SnapshotName, StepFacts,
    Undecided, rfc3339,
};
#[cfg(any(feature = "cli", feature = "edge"))]
pub use entry::{
    AdjustedFacts, EarnedFacts, Entry, EntryError, EntryKind, HoldFacts, OrderName, RecordedFacts,
    ReversedFacts, recorded,
};
pub use health::{Health, SnapshotHealth};
pub use options::CallOptions;
pub use order::{CART_ID_SIZE_MAX, ClickFacts, Order};
pub use problem::{BadRequest, Problem};
#[cfg(any(feature = "admin", feature = "cli"))]
pub(crate) use read::instant;
pub use receipt::{
    CreditAnswer, CreditedGist, Gist, OrderClaims, RECEIPT_TYPE, ReceiptClaims, Receipted,
};
#[cfg(any(feature = "cli", feature = "edge"))]
pub use recorded::{OrderAnswer, RecordedOrder, Standing};
pub use request::{
    CUSTOMER_ID_SIZE_MAX, CartFacts, ItemFacts, QUANTITY_MAX, Signals, ValidateRequest,
};
#[cfg(any(feature = "cli", feature = "edge"))]
pub use upkeep::{
    EntriesPage, EraseAnswer, EraseRequest, KeptEntry, LedgerObjects, Miscount, ReportRow,
    ReportsPage, ResendAnswer, ResendRequest, Resendable, UseFacts, UsesPage, WaitingFacts,
};
pub use verdict::{Redeemed, Verdict};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A shopper's browser: it is told the public reason and can claim nothing about itself.
    Shopper,
    /// The merchant's own server, authenticated.
    Trusted,
}
