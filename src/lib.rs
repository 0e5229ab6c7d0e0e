//! Promo-code validation for the edge.
//!
//! A shopper types a code; [`validation::validate`] says whether it may be used on this order, what
//! its deal is worth there, and, if not, why. It reads an immutable [`snapshot::Snapshot`] and asks
//! for nothing else: no clock, no network, no randomness. The same functions run natively, in a
//! Worker and in a browser.
//!
//! ```
//! use promo_edge::code::{CodeKind, CodeTerms, Folding, TypedCode};
//! use promo_edge::id::ProgramId;
//! use promo_edge::money::Currency;
//! use promo_edge::order::Cart;
//! use promo_edge::program::{Attribution, ClickModel, OwnerBasis, Precedence, Program};
//! use promo_edge::reason::PublicReasons;
//! use promo_edge::snapshot::pattern::CompiledPatterns;
//! use promo_edge::snapshot::{Builder, ProgramKey, Snapshot};
//! use promo_edge::time::{Schedule, UnixMillis};
//! use promo_edge::validation::{Answer, Question, validate};
//!
//! let program = Program {
//!     id: ProgramId::parse("1000")?,
//!     name: "Acme".to_owned(),
//!     currency: Currency::parse("USD").ok_or("not a currency")?,
//!     time_zone: "America/New_York".to_owned(),
//!     tracking: true,
//!     attribution: Attribution {
//!         click_model: ClickModel::LastClick,
//!         precedence: Precedence::CodeFirst,
//!         fallback_to_click: false,
//!         referral_window_days: 30,
//!         owner_also_click_winner: OwnerBasis::PromoCode,
//!     },
//!     folding: Folding::default(),
//!     public_reasons: PublicReasons::Detailed,
//!     approval_days: 30,
//!     event_types: Vec::new(),
//! };
//! let key = ProgramKey::from_bytes([7; 32]); // thirty-two random bytes, kept secret
//! let nfkc = |text: &str| text.to_owned(); // or the platform's, for texts that are not ASCII
//!
//! // Once: compile the codes.
//! let mut builder = Builder::new(program, key.hash_key());
//! let july = builder.terms(CodeTerms {
//!     id: None,
//!     kind: CodeKind::Restricted,
//!     schedule: Schedule { start_at: Some(UnixMillis(1_782_864_000_000)), end_at: None },
//!     deal: None,
//!     max_redemptions: None,
//!     max_redemptions_per_customer: None,
//!     public: false,
//!     created_at: UnixMillis(0),
//! });
//! let code = TypedCode::parse("JULY5", nfkc).map_err(|malformed| malformed.name())?;
//! builder.exact(&code.fold(Folding::default()), july);
//! let built = builder.finish(|_| Ok(CompiledPatterns::default()))?;
//!
//! // Ever after: answer.
//! let snapshot = Snapshot::open(&built.manifest, key.hash_key())?;
//! let question = Question { typed: " july5 ".to_owned(), nfkc, cart: Cart::default() };
//! let june = validate(&snapshot, &built.shards, &question, UnixMillis(1_781_524_800_000))?;
//! assert!(matches!(june, Answer::Refused(refused) if refused.exact.name() == "not_started"));
//! let july = validate(&snapshot, &built.shards, &question, UnixMillis(1_783_000_000_000))?;
//! assert!(matches!(july, Answer::Valid(valid) if valid.typed.as_str() == "july5"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The module list is the table of contents: nouns first, then the bytes they are read from, then
//! the questions about them, then the rim where JSON and CSV come in, and last the adapters.

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

pub mod check_symbol;
pub mod code;
pub mod deal;
pub mod id;
pub mod money;
pub mod order;
pub mod partner;
pub mod program;
pub mod rate;
pub mod reason;
pub mod time;
pub mod trace;

pub mod snapshot;

pub mod crediting;
pub mod eligibility;
#[cfg(feature = "patterns")]
pub mod explain;
pub mod ledger;
pub mod matching;
pub mod payout;
pub mod quote;
pub mod redemption;
pub mod validation;

#[cfg(feature = "cli")]
pub mod audit;
#[cfg(feature = "catalog")]
pub mod catalog;
#[cfg(any(feature = "cli", feature = "edge"))]
pub mod click_path;
#[cfg(any(feature = "cli", feature = "edge"))]
pub mod customer;
#[cfg(feature = "function")]
pub mod function;
#[cfg(feature = "cli")]
pub mod generate;
#[cfg(feature = "cli")]
pub mod import;
#[cfg(any(feature = "cli", feature = "edge"))]
pub mod keyed;
#[cfg(feature = "cli")]
pub mod lint;
#[cfg(any(feature = "admin", feature = "cli", feature = "edge"))]
pub mod token;
#[cfg(feature = "catalog")]
pub mod upload;
#[cfg(any(feature = "cli", feature = "edge"))]
pub mod webhook;
#[cfg(feature = "wire")]
pub mod wire;
#[cfg(feature = "zones")]
pub mod zone;

#[cfg(any(feature = "admin", feature = "browser", feature = "edge"))]
pub mod platform;

/// A page asks for little memory and hardly ever: what counts is what the allocator weighs.
#[cfg(all(target_family = "wasm", feature = "browser"))]
#[cfg(not(any(feature = "desk", feature = "validator")))]
#[global_allocator]
static MEMORY: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

#[cfg(feature = "admin")]
pub mod admin;
#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "desk")]
pub mod desk;
#[cfg(feature = "edge")]
pub mod edge;
#[cfg(feature = "public-codes")]
pub mod public_codes;
#[cfg(feature = "validator")]
pub mod validator;
