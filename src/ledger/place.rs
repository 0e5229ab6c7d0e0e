//! Where something is kept: in which of several objects, and by which name.
//!
//! - [`order_object`] and [`cap_object`] name the object that has an order, or a code's uses.
//! - [`Spread`] is over how many objects things are spread, and how that grows.
//! - [`entry_id`] names an entry, the same whoever asks.

use crate::id::{EventTypeId, OrderId, ProgramId};
use crate::snapshot::ContentId;
use crate::snapshot::layout::{self, Bytes};

use sha2::{Digest, Sha256};

use std::num::NonZeroU32;

/// How many objects something is spread over.
pub type ShardCount = NonZeroU32;

/// Over how many objects something is spread, and was before.
///
/// Where an order is kept follows from its name and the count. When the count grows, what is kept
/// stays where it is: an object of an earlier count is asked first, and what it does not have it
/// seals, so that it never will. Nothing can then be settled in two places, not even while Workers
/// of both settings are running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    earlier: Vec<ShardCount>,
    current: ShardCount,
}

impl Spread {
    /// Most objects that something is spread over: so many can be asked on one occasion, which some
    /// questions do.
    pub const COUNT_MAX: u32 = 256;

    /// Over so many, and no other number before.
    #[must_use]
    pub fn over(current: ShardCount) -> Self {
        Spread { earlier: Vec::new(), current }
    }

    /// Reads counts, the oldest first, separated by white space: `4 16`. `None` when there is none,
    /// one is out of bounds, or one is not larger than those before.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let counts = text.split_whitespace().map(|count| count.parse().ok());
        let mut earlier: Vec<ShardCount> = counts.collect::<Option<_>>()?;
        let is_rising = earlier.windows(2).all(|pair| pair.first() < pair.last());
        let current = earlier.pop().filter(|count| count.get() <= Spread::COUNT_MAX)?;
        is_rising.then_some(Spread { earlier, current })
    }

    /// Whether what was spread over so many objects can be found: the count is among these.
    #[must_use]
    pub fn knows(&self, count: ShardCount) -> bool {
        self.counts().any(|known| known == count)
    }

    /// Every count, the oldest first.
    pub fn counts(&self) -> impl Iterator<Item = ShardCount> {
        self.earlier.iter().copied().chain([self.current])
    }
}

/// Names an order within its program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderKey {
    /// What kind of event it is.
    pub event_type: EventTypeId,
    /// The shop's name for it, which another event type may have, too.
    pub order_id: OrderId,
}

/// The name of the object that settles an order.
#[must_use]
pub fn order_object(program: &ProgramId, order: &OrderKey, count: ShardCount) -> String {
    let parts = [program.as_str(), order.event_type.as_str(), order.order_id.as_str()];
    object_name(program, shard(&parts, count), count)
}

/// The name of the object that counts the uses of a code. Asked with any other text, such as one
/// that no code has, it is as good as any.
#[must_use]
pub fn cap_object(program: &ProgramId, code_id: &str, count: ShardCount) -> String {
    object_name(program, shard(&[program.as_str(), code_id], count), count)
}

/// The names of all objects of a kind.
pub fn objects(program: &ProgramId, count: ShardCount) -> impl Iterator<Item = String> {
    (0..count.get()).map(move |index| object_name(program, index, count))
}

/// The name of the object that remembers over how many objects a program is spread.
#[must_use]
pub fn counts_object(program: &ProgramId) -> String {
    format!("{program}/counts/0")
}

/// Which of how many is part of the name: those of another count are other objects.
fn object_name(program: &ProgramId, index: u32, count: ShardCount) -> String {
    format!("{program}/{count}/{index}")
}

/// The id of an order's entry: the first is what was recorded, later ones change it.
#[must_use]
pub fn entry_id(program: &ProgramId, order: &OrderKey, number: u32) -> String {
    let number = number.to_string();
    let OrderKey { event_type, order_id } = order;
    let parts = [program.as_str(), event_type.as_str(), order_id.as_str(), &number];
    ContentId(digest(&parts)).to_string()
}

fn shard(parts: &[&str], count: ShardCount) -> u32 {
    layout::u32_at(&digest(parts), 0).unwrap_or_default() % count
}

/// Each part with its size before it, so that no two lists of parts are the same bytes.
fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        let mut framed = Bytes::default();
        framed.size(part.len()).raw(part.as_bytes());
        digest.update(&framed.0);
    }
    digest.finalize().into()
}
