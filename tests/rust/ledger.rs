//! The ledger: that each order is credited once and each use of a capped code is counted once.
//!
//! - `orders`, `uses` and `places` are tables of what its functions answer, a row a case, each
//!   asked twice.
//! - `refunds` adjusts random orders, again and again.
//! - `protocol` is how those functions are called by parts that fail one by one; every decision in
//!   it is theirs. `explored` goes through all that can come of it in a small `world`, `random`
//!   a long way through a larger one, and `promises` is what has to hold.

#[path = "ledger/answers.rs"]
mod answers;
#[path = "ledger/events.rs"]
mod events;
#[path = "ledger/explored.rs"]
mod explored;
#[path = "ledger/explorer.rs"]
mod explorer;
#[path = "ledger/orders.rs"]
mod orders;
#[path = "ledger/papers.rs"]
mod papers;
#[path = "ledger/places.rs"]
mod places;
#[path = "ledger/promises.rs"]
mod promises;
#[path = "ledger/protocol.rs"]
mod protocol;
#[path = "ledger/random.rs"]
mod random;
#[path = "ledger/refunds.rs"]
mod refunds;
#[path = "ledger/rules.rs"]
mod rules;
#[path = "seed.rs"]
mod seed;
#[path = "ledger/uses.rs"]
mod uses;
#[path = "ledger/world.rs"]
mod world;
