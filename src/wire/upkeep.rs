//! What operators ask of the ledger: to read all of it, to forget a customer, to send again what
//! has not arrived. The Worker writes the answers, the command line reads them.

use super::entry::{Entry, EntryKind, OrderName};
use super::{BadRequest, read};
use crate::time::UnixMillis;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The objects that a program's ledger is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct LedgerObjects {
    /// The program.
    pub program: String,
    /// Those that settle orders, of every count that there was.
    pub orders: Vec<String>,
    /// Those that count the uses of capped codes, of every count that there was.
    pub caps: Vec<String>,
}

/// Some of an object's entries, in the order of their names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct EntriesPage {
    /// The entries.
    pub entries: Vec<KeptEntry>,
    /// What of the object has yet to arrive elsewhere, by destination; on the first page only.
    pub waiting: Vec<WaitingFacts>,
    /// What to ask for next; null at the end.
    pub next: Option<String>,
}

/// An entry as its object has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct KeptEntry {
    /// What kind of event its order is.
    pub event_type: String,
    /// The shop's name for its order.
    pub order_id: String,
    /// Which of the order's entries it is, from 1 on.
    pub number: u32,
    /// `recorded`, `adjusted` or `reversed`.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    pub kind: EntryKind,
    /// When it was made, in milliseconds since 1970.
    pub at: i64,
    /// How often it was written: once, and once more when its customer is forgotten.
    pub revision: u32,
    /// What it says, by kind.
    #[cfg_attr(feature = "cli", schemars(with = "serde_json::Map<String, serde_json::Value>"))]
    pub body: Box<RawValue>,
    /// Where it has yet to arrive: `reports`, `webhook`, `cap`.
    pub on_its_way: Vec<String>,
}

/// What waits for a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct WaitingFacts {
    /// `reports`, `webhook` or `cap`.
    pub destination: String,
    /// How many entries.
    pub count: u64,
    /// How many of them are sent no more until somebody has them sent again.
    pub parked: u64,
    /// When the first of the others is due, in milliseconds since 1970; null when there is none.
    pub oldest_due_at: Option<i64>,
}

/// Some of the uses that an object counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct UsesPage {
    /// The uses.
    pub uses: Vec<UseFacts>,
    /// Codes whose counter is not the number of their uses, all counted at one moment; on the first
    /// page only.
    pub miscounted: Vec<Miscount>,
    /// What to ask for next; null at the end.
    pub next: Option<String>,
}

/// A use of a capped code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct UseFacts {
    /// The order that holds it; null when a cart does.
    pub order: Option<OrderName>,
    /// The cart that holds it; null when an order does.
    pub cart_id: Option<String>,
    /// The code.
    pub code_id: String,
    /// Which of the code's holds it is.
    pub token: u64,
    /// When a hold is looked at again, in milliseconds since 1970; null once it is committed.
    pub expires_at: Option<i64>,
}

/// A code whose counter is not the number of its uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Miscount {
    /// The code.
    pub code_id: String,
    /// What the counter says.
    pub taken: u64,
    /// How many uses there are.
    pub uses: u64,
}

/// Some rows of the reports' database, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReportsPage {
    /// The rows.
    pub rows: Vec<ReportRow>,
    /// What to ask for next; null at the end.
    pub next: Option<String>,
}

/// The copy of an entry in the reports' database, as it is there: a column that is null there, and
/// every one that entries of its kind do not have, is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReportRow {
    /// The entry's id: 64 hexadecimal digits.
    pub id: String,
    /// The object that has the entry.
    pub object: String,
    /// What kind of event its order is.
    pub event_type: String,
    /// The shop's name for its order.
    pub order_id: String,
    /// Which of the order's entries it is.
    pub number: i64,
    /// `recorded`, `adjusted` or `reversed`.
    pub kind: String,
    /// When it was made, in milliseconds since 1970.
    pub at: i64,
    /// Which revision of it arrived.
    pub revision: i64,
    /// When the order was placed, in milliseconds since 1970.
    pub placed_at: Option<i64>,
    /// When it is approved unless it is reversed, in milliseconds since 1970.
    pub approve_at: Option<i64>,
    /// The code.
    pub code_id: Option<String>,
    /// As it was typed.
    pub typed_code: Option<String>,
    /// Who is credited.
    pub partner: Option<String>,
    /// What for.
    pub basis: Option<String>,
    /// The rule that the payout is by.
    pub payout_rule: Option<String>,
    /// The customer, hashed.
    pub customer: Option<String>,
    /// The order's country.
    pub country: Option<String>,
    /// The order's currency.
    pub currency: Option<String>,
    /// Sum of its lines after this entry.
    pub subtotal_minor: Option<i64>,
    /// Money off them.
    pub discount_minor: Option<i64>,
    /// What the partner earns after this entry.
    pub payout_minor: Option<i64>,
    /// By how much this entry changed that.
    pub payout_change_minor: Option<i64>,
    /// Of a refund or a reversal, in the merchant's words.
    pub reason: Option<String>,
    /// The snapshot that it was decided by.
    pub snapshot_id: Option<String>,
    /// The snapshot's generation.
    pub generation: Option<i64>,
}

/// Forget a customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct EraseRequest {
    /// The merchant's name for the customer.
    #[serde(deserialize_with = "read::required_customer_id")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "String", length(min = 1, max = super::CUSTOMER_ID_SIZE_MAX))
    )]
    pub customer_id: String,
}

/// What was forgotten of a customer. The reports follow within seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct EraseAnswer {
    /// In how many orders.
    pub orders: u64,
    /// In how many uses of capped codes.
    pub uses: u64,
}

/// Send again what has not arrived.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ResendRequest {
    /// Where to.
    pub destination: Resendable,
    /// Also what has arrived, of entries made since this instant. Left out: only what has not.
    #[serde(default, deserialize_with = "read::instant")]
    #[cfg_attr(
        feature = "cli",
        schemars(with = "Option<String>", extend("format" = "date-time"))
    )]
    pub since: Option<UnixMillis>,
}

/// Where entries can be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Resendable {
    /// The reports' database.
    Reports,
    /// The merchant's own server.
    Webhook,
}

/// What is sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ResendAnswer {
    /// How many entries.
    pub entries: u64,
}

impl KeptEntry {
    /// An order's entry, as its object has it.
    #[must_use]
    pub fn new(name: OrderName, entry: Entry, on_its_way: Vec<String>) -> Self {
        let OrderName { event_type, order_id } = name;
        let Entry { number, kind, at, revision, body } = entry;
        KeptEntry { event_type, order_id, number, kind, at, revision, body, on_its_way }
    }

    /// The order's name and its entry.
    #[must_use]
    pub fn into_parts(self) -> (OrderName, Entry) {
        let KeptEntry { event_type, order_id, number, kind, at, revision, body, .. } = self;
        (OrderName { event_type, order_id }, Entry { number, kind, at, revision, body })
    }

    /// Whether it has yet to arrive there.
    #[must_use]
    pub fn is_on_its_way(&self, destination: &str) -> bool {
        self.on_its_way.iter().any(|waiting| waiting == destination)
    }
}

impl EraseRequest {
    /// Reads a request from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] names the first field that is not as it should be.
    pub fn parse(json: &[u8]) -> Result<Self, BadRequest> {
        read::whole_object(json)
    }
}

impl ResendRequest {
    /// Reads a request from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] names the first field that is not as it should be.
    pub fn parse(json: &[u8]) -> Result<Self, BadRequest> {
        read::whole_object(json)
    }
}
