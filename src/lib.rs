//! Promo-code validation and crediting for the edge.
//!
//! A shopper types a code; [`validation::validate`] says whether it may be used on this order, what
//! its deal is worth there, and, if not, why. It reads an immutable [`snapshot::Snapshot`] and asks
//! for nothing else: no clock, no network, no randomness. The same functions run natively, in a
//! Worker and in a browser.
//!
//! The module list is the table of contents: nouns first, then the questions about them, then the
//! bytes they are read from, then the rim where JSON and CSV come in, and last the adapters.

// A panic kills the isolate for every request that it serves: any bytes, any input, an answer or an
// error.
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects, clippy::float_arithmetic))]

pub mod code;
pub mod deal;
pub mod id;
pub mod money;
pub mod order;
pub mod partner;
pub mod program;
pub mod reason;
pub mod time;

pub mod snapshot;

pub mod eligibility;
pub mod matching;
pub mod quote;
pub mod validation;

#[cfg(feature = "cli")]
pub mod catalog;
#[cfg(feature = "cli")]
pub mod upload;
#[cfg(feature = "wire")]
pub mod wire;

#[cfg(any(feature = "browser", feature = "edge"))]
pub mod platform;

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "edge")]
pub mod edge;
#[cfg(feature = "public-codes")]
pub mod public_codes;
#[cfg(feature = "validator")]
pub mod validator;
