//! The ledger, as the Worker has it: objects that settle orders and count uses, and the way that
//! their entries take to the reports and to the merchant.
//!
//! ```text
//! POST /v1/credit --> credit.rs -- find, record --> order_object.rs --> outbox.rs --> queue
//!                       |                            ^          |                       |
//!                       | reserve, release           | settle   | release               v
//!                       v                            |          v             reports.rs -> D1
//!                     cap_object.rs -----------------+   cap_object.rs   webhooks.rs -> merchant
//! ```
//!
//! What may be recorded is `crate::ledger`'s to say. Here it is asked, kept and sent.

mod cap_object;
mod credit;
mod cursor;
mod message;
mod object;
mod order_object;
mod outbox;
mod reports;
mod reservations;
mod survey;
mod upkeep;
mod webhooks;

use super::Call;
use super::bindings::{self, now};
use super::failure::Failure;
use crate::id::{IdError, ProgramId};
use crate::ledger::place::{self, Spread};
use crate::platform::objects;
use crate::wire::{
    AdjustRequest, BadRequest, Entry, OrderName, Receipted, RecordedOrder, ReverseRequest,
};

use message::{Adjust, OutcomeKind, Reverse, SpreadOver};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use worker::ObjectNamespace;

use std::cell::RefCell;
use std::collections::BTreeSet;

pub use credit::credit;
pub use message::{Destination, Outcome};
pub use reservations::{counts, release, reserve};
pub use survey::{entries, erase, objects, reported, resend, uses};

/// What became of something that is kept elsewhere by now.
const MOVED: &str = "moved";

/// An answer of the ledger's.
#[derive(Debug)]
pub struct Answered {
    /// Its HTTP status.
    pub status: u16,
    /// What it says, as JSON.
    pub body: Box<RawValue>,
    /// How old the snapshot was that was read for it, in milliseconds.
    pub age_ms: Option<u64>,
}

/// The object that has an order.
struct Orders {
    objects: ObjectNamespace,
    object: String,
}

thread_local! {
    /// Programs whose numbers of objects this isolate has had looked at.
    static LOOKED_AT: RefCell<BTreeSet<ProgramId>> = const { RefCell::new(BTreeSet::new()) };
}

/// Refuses numbers of objects among which those are missing that things are kept in: everything
/// would be settled once more.
async fn require_spreads(call: &Call<'_>) -> Result<(), Failure> {
    if LOOKED_AT.with_borrow(|programs| programs.contains(&call.program)) {
        return Ok(());
    }
    let objects = bindings::order_objects(call.env)?;
    let object = place::counts_object(&call.program);
    let spreads = call.settings.spreads().map(|(setting, spread)| {
        let counts: Vec<String> = spread.counts().map(|count| count.to_string()).collect();
        SpreadOver { setting: setting.to_owned(), counts: counts.join(" ") }
    });
    let asking = objects::ask(&objects, &object, "/spreads", &spreads);
    let missing: Vec<Option<u64>> = asking.await.map_err(Failure::LedgerUnavailable)?;
    for (SpreadOver { setting, counts }, missing) in spreads.iter().zip(missing) {
        if let Some(missing) = missing {
            let said = format!("{setting}: expected {missing} among its numbers, got {counts}");
            return Err(Failure::LedgerUnavailable(said.into()));
        }
    }
    LOOKED_AT.with_borrow_mut(|programs| programs.insert(call.program.clone()));
    Ok(())
}

impl Orders {
    async fn with(call: &Call<'_>, name: &OrderName) -> Result<Self, Failure> {
        require_spreads(call).await?;
        let homes = object::order_homes(&call.program, name, &call.settings);
        let homes = homes.map_err(|error| bad_name(name, error))?;
        let objects = bindings::order_objects(call.env)?;
        let found = object::home(&objects, homes, name).await;
        Ok(Orders { object: found.map_err(Failure::LedgerUnavailable)?, objects })
    }

    async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<A, Failure> {
        let asking = objects::ask(&self.objects, &self.object, path, question);
        asking.await.map_err(Failure::LedgerUnavailable)
    }
}

/// The objects that count uses.
struct Caps<'a> {
    call: &'a Call<'a>,
    objects: ObjectNamespace,
}

impl<'a> Caps<'a> {
    fn of(call: &'a Call<'a>) -> Result<Self, Failure> {
        Ok(Caps { call, objects: bindings::cap_objects(call.env)? })
    }

    /// Asks the object that counts the uses of a code.
    async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        code_id: &str,
        path: &str,
        question: &Q,
    ) -> Result<A, Failure> {
        require_spreads(self.call).await?;
        let homes = object::cap_homes(&self.call.program, code_id, &self.call.settings);
        let asking = async {
            let home = object::home(&self.objects, homes, &code_id).await?;
            objects::ask(&self.objects, &home, path, question).await
        };
        asking.await.map_err(Failure::LedgerUnavailable)
    }

    /// Asks every object, one after another.
    async fn ask_all<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<Vec<A>, Failure> {
        let names = self.call.cap_names();
        ask_each(&self.objects, names, path, question).await
    }
}

/// Asks objects of these names, one after another.
async fn ask_each<Q: Serialize, A: DeserializeOwned>(
    objects: &ObjectNamespace,
    names: Vec<String>,
    path: &str,
    question: &Q,
) -> Result<Vec<A>, Failure> {
    let mut answers = Vec::with_capacity(names.len());
    for name in names {
        let asking = objects::ask(objects, &name, path, question);
        answers.push(asking.await.map_err(Failure::LedgerUnavailable)?);
    }
    Ok(answers)
}

/// What was decided about an order, and where it stands.
///
/// # Errors
///
/// [`Failure::UnknownOrder`] when it is not recorded.
pub async fn find(call: &Call<'_>, name: &OrderName) -> Result<Answered, Failure> {
    let entries: Vec<Entry> = Orders::with(call, name).await?.ask("/find", name).await?;
    call.answer_order(&entries, Outcome::settled("found", Vec::new()))
}

/// Takes an order back.
///
/// # Errors
///
/// [`Failure::UnknownOrder`] when it is not recorded.
pub async fn reverse(
    call: &Call<'_>,
    name: OrderName,
    ReverseRequest { reason }: ReverseRequest,
) -> Result<Answered, Failure> {
    let orders = Orders::with(call, &name).await?;
    let asked = Reverse { name, at: now().0, reason };
    let mut outcome: Outcome = orders.ask("/reverse", &asked).await?;
    call.answer_order(&std::mem::take(&mut outcome.entries), outcome)
}

/// Refunds a part of an order.
///
/// # Errors
///
/// [`Failure::UnknownOrder`] when it is not recorded, [`Failure::NotAdjusted`] when it has been
/// reversed or would be worth more than it is.
pub async fn adjust(
    call: &Call<'_>,
    name: OrderName,
    AdjustRequest { subtotal_minor, discount_minor, reason }: AdjustRequest,
) -> Result<Answered, Failure> {
    let orders = Orders::with(call, &name).await?;
    let (subtotal_minor, discount_minor) =
        (subtotal_minor.get(), discount_minor.unwrap_or_default().get());
    let asked = Adjust { name, at: now().0, subtotal_minor, discount_minor, reason };
    let mut outcome: Outcome = orders.ask("/adjust", &asked).await?;
    call.answer_order(&std::mem::take(&mut outcome.entries), outcome)
}

impl Call<'_> {
    /// The objects that settle the program's orders.
    fn order_names(&self) -> Vec<String> {
        self.names(&self.settings.order_shards)
    }

    /// The objects that count the uses of the program's capped codes.
    fn cap_names(&self) -> Vec<String> {
        self.names(&self.settings.cap_shards)
    }

    fn names(&self, spread: &Spread) -> Vec<String> {
        spread.counts().flat_map(|count| place::objects(&self.program, count)).collect()
    }

    /// The answer about an order of which these are the entries.
    fn answer_order(&self, entries: &[Entry], outcome: Outcome) -> Result<Answered, Failure> {
        match outcome.kind {
            OutcomeKind::Exists => return Err(Failure::OrderExists(Box::new(outcome))),
            OutcomeKind::Refused => {
                let Outcome { outcome, field, .. } = outcome;
                return Err(Failure::NotAdjusted { outcome, field });
            }
            OutcomeKind::Recorded | OutcomeKind::Settled | OutcomeKind::HoldLost => {}
        }
        let order = RecordedOrder::read(entries)?.ok_or(Failure::UnknownOrder)?;
        self.answer_recorded(200, order, &outcome.outcome)
    }

    fn answer_recorded(
        &self,
        status: u16,
        order: RecordedOrder,
        outcome: &str,
    ) -> Result<Answered, Failure> {
        let now = now();
        let receipted = Receipted::Recorded(&order.order, &order.gist);
        let receipt = match order.signed_at(now) {
            Some(at) => self.receipt(at, receipted)?,
            None => None,
        };
        let body = RawValue::from_string(order.answer(outcome, receipt, now)?)?;
        Ok(Answered { status, body, age_ms: None })
    }
}

fn bad_name(name: &OrderName, error: IdError) -> BadRequest {
    BadRequest {
        path: "order".to_owned(),
        expected: error.to_string(),
        got: format!("{}/{}", name.event_type, name.order_id),
        remedy: Some("name the order as /v1/orders/{event_type}/{order_id}, percent-encoded"),
    }
}
