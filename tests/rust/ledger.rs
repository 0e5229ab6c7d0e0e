//! The ledger: that each order is credited once and each use of a capped code is counted once.
//!
//! - `orders`, `uses` and `places` are tables of what its functions answer, a row a case, each asked
//!   twice.

#[path = "ledger/orders.rs"]
mod orders;
#[path = "ledger/places.rs"]
mod places;
#[path = "ledger/uses.rs"]
mod uses;
