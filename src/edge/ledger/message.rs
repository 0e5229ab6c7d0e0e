//! What the Worker and the ledger's objects say to each other: JSON, both ends of one version of
//! this code, except for the minutes of a deployment.

use crate::ledger::cap::{Counts, Limits};
use crate::ledger::{Difference, Recording, Settlement};
use crate::wire::{Entry, HoldFacts, OrderName};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Record an order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// Which.
    pub name: OrderName,
    /// When it is.
    pub at: i64,
    /// The use that it is to consume.
    pub hold: Option<HoldFacts>,
    /// What to record: [`RecordedFacts`](crate::wire::RecordedFacts), kept as they come.
    pub facts: Box<RawValue>,
}

/// Reverse an order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reverse {
    /// Which.
    #[serde(flatten)]
    pub name: OrderName,
    /// When it is.
    pub at: i64,
    /// Why.
    pub reason: String,
}

/// Adjust an order to what is left of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Adjust {
    /// Which.
    #[serde(flatten)]
    pub name: OrderName,
    /// When it is.
    pub at: i64,
    /// Sum of the lines that are left.
    pub subtotal_minor: u64,
    /// Money off them.
    pub discount_minor: u64,
    /// Why.
    pub reason: String,
}

/// What became of an order, and all of its entries.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What kind of outcome it is.
    pub kind: OutcomeKind,
    /// The stable name of what became of it.
    pub outcome: String,
    /// The field that differs, or that is out of bounds.
    pub field: Option<String>,
    /// What is recorded in it.
    pub recorded: Option<String>,
    /// What is claimed now.
    pub claimed: Option<String>,
    /// Oldest first; none of an order that was recorded just now, since who asked has it.
    pub entries: Vec<Entry>,
}

/// What kind of outcome it is, for whoever goes on from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// It was recorded just now.
    Recorded,
    /// It is as it was asked to be, if there is such an order.
    Settled,
    /// It is recorded otherwise.
    Exists,
    /// It cannot be adjusted so.
    Refused,
    /// The use that it was to consume is no longer held.
    HoldLost,
}

impl Outcome {
    /// What became of it, without more.
    #[must_use]
    pub fn plain(kind: OutcomeKind, outcome: &str) -> Self {
        Outcome {
            kind,
            outcome: outcome.to_owned(),
            field: None,
            recorded: None,
            claimed: None,
            entries: Vec::new(),
        }
    }

    /// An order is as it was asked to be; these are its entries.
    #[must_use]
    pub fn settled(outcome: &str, entries: Vec<Entry>) -> Self {
        Outcome { entries, ..Outcome::plain(OutcomeKind::Settled, outcome) }
    }

    /// What became of an order that was to be recorded.
    #[must_use]
    pub fn of(recording: Recording) -> Self {
        let kind = match recording {
            Recording::AlreadyRecorded => OutcomeKind::Settled,
            Recording::OrderExists(_) => OutcomeKind::Exists,
            Recording::HoldLost => OutcomeKind::HoldLost,
            Recording::Recorded => OutcomeKind::Recorded,
        };
        let plain = Outcome::plain(kind, &recording.name());
        match recording {
            Recording::OrderExists(Difference { field, recorded, claimed }) => {
                Outcome { field: Some(field.name().to_owned()), recorded, claimed, ..plain }
            }
            _ => plain,
        }
    }
}

/// A use that is held for an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HeldForOrder {
    /// Which.
    #[serde(flatten)]
    pub name: OrderName,
    /// Which use.
    pub hold: HoldFacts,
}

/// What becomes of held uses, in the order in which they were asked about: whether each is
/// consumed; `None` where that cannot be said yet.
pub type Settled = Vec<Option<bool>>;

/// Entries that go elsewhere: which, and where to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Parcel {
    /// Where they go.
    pub destination: Destination,
    /// Which.
    pub entries: Vec<EntryName>,
}

/// Names an entry as it was at a time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EntryName {
    /// The order.
    #[serde(flatten)]
    pub name: OrderName,
    /// Which of its entries.
    pub number: u32,
    /// Which of its revisions.
    pub revision: u32,
}

/// Where an entry goes from the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The reports' database.
    Reports,
    /// The merchant's URL.
    Webhook,
    /// The cap whose use goes back.
    Cap,
}

/// An entry on its way, with the order that it is of.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outgoing {
    /// The order.
    #[serde(flatten)]
    pub name: OrderName,
    /// The entry.
    pub entry: Entry,
}

/// An event that the merchant is to hear of.
#[derive(Debug, Serialize, Deserialize)]
pub struct Telling {
    /// Its id: the entry's.
    pub id: String,
    /// Which entry it is about.
    pub entry: EntryName,
    /// What the merchant hears.
    pub body: String,
    /// How often it was sent.
    pub attempts: u32,
}

/// Put an entry off after an attempt.
#[derive(Debug, Serialize, Deserialize)]
pub struct PutOff {
    /// Where it goes.
    pub destination: Destination,
    /// Which.
    pub entry: EntryName,
    /// For how long; `None` until somebody has it sent again.
    pub after_ms: Option<i64>,
}

/// Over how many objects something is spread, as a Worker is set.
#[derive(Debug, Serialize, Deserialize)]
pub struct SpreadOver {
    /// What: the name of the setting.
    pub setting: String,
    /// The numbers, the oldest first, in the spelling of
    /// [`Spread::parse`](crate::ledger::place::Spread::parse).
    pub counts: String,
}

/// Send again what has not arrived at a destination.
#[derive(Debug, Serialize, Deserialize)]
pub struct Resend {
    /// Where to.
    pub destination: Destination,
    /// And what has, of entries made since this instant, in milliseconds since 1970.
    pub since: Option<i64>,
}

/// What a queue carries: whose entries are to be fetched.
#[derive(Debug, Serialize, Deserialize)]
pub struct Note {
    /// The program.
    pub program: String,
    /// The object that has them.
    pub object: String,
    /// Which.
    pub parcel: Parcel,
}

/// Hold a use of a code.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reserve {
    /// The code.
    pub code_id: String,
    /// Who is to hold it.
    pub holder: Holder,
    /// The cart that the order was, whose hold it takes over.
    pub cart_id: Option<String>,
    /// The customer, hashed.
    pub customer: Option<String>,
    /// The code's caps.
    pub limits: LimitFacts,
    /// For how long, in milliseconds.
    pub ttl_ms: i64,
}

/// Who holds a use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// An order; only its record says what becomes of the hold.
    Order(OrderName),
    /// A cart; its hold ends by itself.
    Cart(String),
}

/// A code's caps.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct LimitFacts {
    /// Most uses in all.
    pub max_redemptions: Option<u64>,
    /// Most uses by one customer.
    pub max_redemptions_per_customer: Option<u64>,
}

/// What became of a use that was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reserved {
    /// The cap that no use is left of; `None` when there is one.
    pub exhausted: Option<Exhausted>,
    /// Which hold it is; `None` when there is none.
    pub token: Option<u64>,
    /// Whether it was held before, by the same order for another customer.
    pub is_for_another: bool,
    /// When it ends by itself, in milliseconds since 1970; `None` when it does not.
    pub expires_at: Option<i64>,
}

/// A cap that no use is left of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exhausted {
    /// The code's.
    Redemptions,
    /// The customer's.
    CustomerRedemptions,
}

/// Give a use back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Release {
    /// Who holds it.
    pub holder: Holder,
    /// Which.
    pub hold: HoldFacts,
}

/// Count the uses of a code.
#[derive(Debug, Serialize, Deserialize)]
pub struct Count {
    /// The code.
    pub code_id: String,
    /// The customer who asks, hashed.
    pub customer: Option<String>,
}

/// How many uses are taken.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Counted {
    /// In all.
    pub taken: u64,
    /// By the customer who asks.
    pub taken_by_customer: u64,
}

impl Destination {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Destination::Reports => "reports",
            Destination::Webhook => "webhook",
            Destination::Cap => "cap",
        }
    }

    /// The destination of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Destination::Reports, Destination::Webhook, Destination::Cap];
        all.into_iter().find(|destination| destination.name() == name)
    }
}

impl Holder {
    /// One text for each holder. Ids hold no control characters.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Holder::Order(OrderName { event_type, order_id }) => {
                format!("order\u{1f}{event_type}\u{1f}{order_id}")
            }
            Holder::Cart(cart_id) => format!("cart\u{1f}{cart_id}"),
        }
    }

    /// The holder of that text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('\u{1f}')?;
        match kind {
            "order" => {
                let (event_type, order_id) = rest.split_once('\u{1f}')?;
                let (event_type, order_id) = (event_type.to_owned(), order_id.to_owned());
                Some(Holder::Order(OrderName { event_type, order_id }))
            }
            "cart" => Some(Holder::Cart(rest.to_owned())),
            _ => None,
        }
    }
}

impl From<Limits> for LimitFacts {
    fn from(limits: Limits) -> Self {
        let Limits { max_redemptions, max_redemptions_per_customer } = limits;
        LimitFacts { max_redemptions, max_redemptions_per_customer }
    }
}

impl From<LimitFacts> for Limits {
    fn from(facts: LimitFacts) -> Self {
        let LimitFacts { max_redemptions, max_redemptions_per_customer } = facts;
        Limits { max_redemptions, max_redemptions_per_customer }
    }
}

impl From<Counted> for Counts {
    fn from(Counted { taken, taken_by_customer }: Counted) -> Self {
        Counts { taken, taken_by_customer }
    }
}

/// Whether an order consumes the use.
#[must_use]
pub fn is_consumed(settlement: Settlement) -> bool {
    settlement == Settlement::Commit
}
