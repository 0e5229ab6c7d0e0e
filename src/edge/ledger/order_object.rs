//! The object that settles orders: one of several that a program's orders are spread over. What is
//! recorded, reversed and adjusted is `ledger`'s to say; here it is kept, each change in one
//! transaction with what has to go elsewhere.

use super::MOVED;
use super::message::{
    Adjust, Destination, EntryName, HeldForOrder, Outcome, OutcomeKind, Outgoing, Parcel, Record,
    Reverse, Settled, SpreadOver, Telling, is_consumed,
};
use super::object::Address;
use super::{outbox, upkeep};
use crate::edge::bindings::now;
use crate::ledger::place::{ShardCount, Spread};
use crate::ledger::{
    self, Adjustment, Amounts, Claim, Recorded, Recording, Reversal, Settlement, place,
};
use crate::money::Minor;
use crate::platform::objects::{UNKNOWN, answer, object_name, read, reply};
use crate::platform::storage::{Row, Store, number};
use crate::webhook::Event;
use crate::wire::{
    AdjustedFacts, Entry, EntryKind, HoldFacts, OrderName, RecordedFacts, ReversedFacts, recorded,
};

use serde::Serialize;
use serde_json::value::RawValue;
use worker::{
    DurableObject, Env, Request, Response, SqlStorageValue, State, console_error, durable_object,
};

use std::cell::{Cell, OnceCell};

/// `entries` are never changed but for a customer to be forgotten, which makes another revision.
/// `voids` are holds that an order must not be recorded with any more, `seals` orders that are
/// settled elsewhere. `spreads` is the largest number of objects that a setting has had, in the one
/// object that is asked for it.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS entries (
        event_type TEXT NOT NULL, order_id TEXT NOT NULL, number INTEGER NOT NULL,
        kind TEXT NOT NULL, at INTEGER NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (event_type, order_id, number)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS voids (
        event_type TEXT NOT NULL, order_id TEXT NOT NULL,
        code_id TEXT NOT NULL, token INTEGER NOT NULL,
        PRIMARY KEY (event_type, order_id, code_id, token)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS seals (
        event_type TEXT NOT NULL, order_id TEXT NOT NULL, PRIMARY KEY (event_type, order_id)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS spreads (
        setting TEXT PRIMARY KEY, count INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS outbox (
        destination TEXT NOT NULL,
        event_type TEXT NOT NULL, order_id TEXT NOT NULL, number INTEGER NOT NULL,
        due_at INTEGER NOT NULL, attempts INTEGER NOT NULL,
        PRIMARY KEY (destination, event_type, order_id, number)
    ) WITHOUT ROWID;";

/// Settles orders.
#[durable_object(alarm)]
#[derive(Debug)]
pub struct OrderObject {
    pub(super) state: State,
    pub(super) env: Env,
    store: OnceCell<Store>,
    has_seals: Cell<Option<bool>>,
}

impl DurableObject for OrderObject {
    fn new(state: State, env: Env) -> Self {
        OrderObject { state, env, store: OnceCell::new(), has_seals: Cell::new(None) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        answer(request, |path, question| match path {
            "/record" => reply(&self.record(&read(question)?)?),
            "/find" => reply(&self.entries(self.store()?, &read(question)?)?),
            "/reverse" => reply(&self.reverse(&read(question)?)?),
            "/adjust" => reply(&self.adjust(&read(question)?)?),
            "/seal" => reply(&self.seal(&read(question)?)?),
            "/settle" => reply(&self.settle(&read::<Vec<HeldForOrder>>(question)?)?),
            "/take" => reply(&self.take(&read(question)?)?),
            "/confirm" => reply(&outbox::confirm(self.store()?, &read(question)?)?),
            "/spreads" => reply(&self.spreads(&read::<Vec<SpreadOver>>(question)?)?),
            "/tell" => reply(&self.tell(&read(question)?)?),
            "/put-off" => reply(&outbox::put_off(self.store()?, &read(question)?)?),
            "/page" => {
                reply(&upkeep::entries(self.store()?, read::<Option<_>>(question)?.as_ref())?)
            }
            "/erase" => reply(&upkeep::erase(self.store()?, &read(question)?)?),
            "/resend" => reply(&upkeep::resend(self.store()?, &read(question)?)?),
            _ => Err(UNKNOWN.into()),
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        // An alarm that fails too often is given up by the platform: so what can fail comes after
        // the next one is set, and what cannot be set is tried again.
        outbox::guard(self)?;
        if let Err(error) = outbox::deliver(self).await {
            console_error!("orders {}: {error}", object_name(&self.state));
        }
        Response::empty()
    }
}

impl OrderObject {
    pub(super) fn store(&self) -> worker::Result<&Store> {
        Store::once(&self.store, &self.state, TABLES)
    }

    fn record(&self, Record { name, at, hold, facts }: &Record) -> worker::Result<Outcome> {
        let store = self.store()?;
        store.transaction(|| {
            let (entries, found) = self.find(store, name)?;
            // Nobody has to read an order that is new.
            let claim = found.as_ref().map(|_| claim_of(facts)).transpose()?;
            let is_void = hold.as_ref().map(|hold| is_void(store, name, hold)).transpose()?;
            let again = found.as_ref().zip(claim.as_ref());
            let recording = ledger::record(again, is_void.unwrap_or(false));
            if recording == Recording::Recorded {
                self.add(store, name, (1, EntryKind::Recorded, *at), facts)?;
            }
            Ok(Outcome { entries, ..Outcome::of(recording) })
        })
    }

    /// Whether an order is recorded here. If it is not, it never will be.
    fn seal(&self, name: &OrderName) -> worker::Result<bool> {
        let store = self.store()?;
        store.transaction(|| {
            if !entries_of(store, name)?.is_empty() {
                return Ok(true);
            }
            store.run("INSERT OR IGNORE INTO seals VALUES (?, ?)", columns(name))?;
            self.has_seals.set(Some(true));
            Ok(false)
        })
    }

    fn reverse(&self, Reverse { name, at, reason }: &Reverse) -> worker::Result<Outcome> {
        let store = self.store()?;
        store.transaction(|| {
            let (entries, found) = self.find(store, name)?;
            let reversal = ledger::reverse(found.as_ref());
            let Reversal::Reversed { give_back } = &reversal else {
                return Ok(Outcome::settled(reversal.name(), entries));
            };
            let paid = found.as_ref().and_then(Recorded::payout_minor);
            let facts = ReversedFacts {
                reason: reason.clone(),
                payout_change_minor: change(paid, Some(Minor::ZERO)),
                gives_back: give_back.clone().map(HoldFacts::from),
            };
            let next = next_number(&entries);
            self.add(store, name, (next, EntryKind::Reversed, *at), &facts)?;
            if give_back.is_some() {
                outbox::add(store, Destination::Cap, name, next, now())?;
            }
            Ok(Outcome::settled(reversal.name(), entries_of(store, name)?))
        })
    }

    fn adjust(&self, asked: &Adjust) -> worker::Result<Outcome> {
        let Adjust { name, at, subtotal_minor, discount_minor, reason } = asked;
        let store = self.store()?;
        let minor = |value| Minor::new(value).ok_or("an amount is out of bounds");
        let left = Amounts {
            subtotal_minor: minor(*subtotal_minor)?,
            discount_minor: minor(*discount_minor)?,
        };
        store.transaction(|| {
            let (entries, found) = self.find(store, name)?;
            let adjustment = ledger::adjust(found.as_ref(), left);
            let Adjustment::Adjusted { payout_minor } = adjustment else {
                let (kind, field) = match adjustment {
                    Adjustment::WouldRaise(field) => (OutcomeKind::Refused, Some(field.name())),
                    Adjustment::OrderReversed => (OutcomeKind::Refused, None),
                    _ => (OutcomeKind::Settled, None),
                };
                let field = field.map(str::to_owned);
                let plain = Outcome::plain(kind, adjustment.name());
                return Ok(Outcome { field, entries, ..plain });
            };
            let paid = found.as_ref().and_then(Recorded::payout_minor);
            let facts = AdjustedFacts {
                subtotal_minor: *subtotal_minor,
                discount_minor: *discount_minor,
                payout_minor: payout_minor.map(Minor::get),
                payout_change_minor: change(paid, payout_minor),
                reason: reason.clone(),
            };
            self.add(store, name, (next_number(&entries), EntryKind::Adjusted, *at), &facts)?;
            Ok(Outcome::settled(adjustment.name(), entries_of(store, name)?))
        })
    }

    /// Of each setting the number of objects that it has left out.
    fn spreads(&self, asked: &[SpreadOver]) -> worker::Result<Vec<Option<u64>>> {
        asked.iter().map(|asked| self.spread(asked)).collect()
    }

    /// The number of objects that a setting has left out, though things are kept in them; `None`
    /// when it has left out none. A larger number is remembered.
    fn spread(&self, SpreadOver { setting, counts }: &SpreadOver) -> worker::Result<Option<u64>> {
        let store = self.store()?;
        let spread = Spread::parse(counts).ok_or("numbers of objects were expected")?;
        let kept = "SELECT count FROM spreads WHERE setting = ?";
        let kept = store.row(kept, [setting.as_str().into()])?.map(|row| row.count(0));
        let known = kept.and_then(|count| u32::try_from(count).ok()).and_then(ShardCount::new);
        if known.is_some_and(|known| !spread.knows(known)) {
            return Ok(kept);
        }
        let largest = spread.counts().last();
        if known != largest {
            let largest = largest.map_or(0, ShardCount::get).into();
            let statement = "INSERT OR REPLACE INTO spreads (setting, count) VALUES (?, ?)";
            store.run(statement, [setting.as_str().into(), number(largest)])?;
        }
        Ok(None)
    }

    /// Says what becomes of holds, and remembers those that no order may be recorded with. An order
    /// that cannot be looked at keeps nobody from the others.
    fn settle(&self, asked: &[HeldForOrder]) -> worker::Result<Settled> {
        let store = self.store()?;
        store.transaction(|| {
            let settled = asked.iter().map(|HeldForOrder { name, hold }| {
                let found = match self.find(store, name) {
                    Ok((_, found)) => found,
                    Err(error) => {
                        console_error!("orders {}: {error}", object_name(&self.state));
                        return Ok(None);
                    }
                };
                let settlement = ledger::settle(found.as_ref(), &hold.clone().into());
                if settlement == Settlement::ReleaseAndVoid {
                    let statement = "INSERT OR IGNORE INTO voids VALUES (?, ?, ?, ?)";
                    let [event_type, order_id] = columns(name);
                    let code_id = hold.code_id.as_str().into();
                    store.run(statement, [event_type, order_id, code_id, number(hold.token)])?;
                }
                Ok(Some(is_consumed(settlement)))
            });
            settled.collect()
        })
    }

    /// Those of some entries that have yet to arrive where they go.
    fn take(&self, Parcel { destination, entries }: &Parcel) -> worker::Result<Vec<Outgoing>> {
        // In this order of tables: SQLite would rather go through the whole outbox.
        let statement =
            "SELECT e.number, e.kind, e.at, e.revision, e.body, e.event_type, e.order_id
            FROM json_each(?2) AS wanted
            CROSS JOIN outbox AS o ON o.destination = ?1
                AND o.event_type = wanted.value ->> '$.event_type'
                AND o.order_id = wanted.value ->> '$.order_id'
                AND o.number = wanted.value ->> '$.number'
            CROSS JOIN entries AS e USING (event_type, order_id, number)";
        let wanted = serde_json::to_string(entries)?.into();
        let rows = self.store()?.rows(statement, [destination.name().into(), wanted])?;
        let mut taken = Vec::new();
        let mut size = 0usize;
        for row in &rows {
            size = size.saturating_add(row.text(4).len());
            if size > outbox::PARCEL_SIZE_MAX && !taken.is_empty() {
                // The rest is sent again.
                break;
            }
            taken.push(outgoing(row)?);
        }
        Ok(taken)
    }

    /// What the merchant is to hear of an entry; nothing when it has heard.
    fn tell(&self, entry: &EntryName) -> worker::Result<Option<Telling>> {
        let store = self.store()?;
        let attempts = outbox::attempts(store, Destination::Webhook, &entry.name, entry.number)?;
        let Some(attempts) = attempts else { return Ok(None) };
        let program = Address::of(&self.state)?.program;
        let mut entries = entries_of(store, &entry.name)?;
        entries.retain(|it| it.number <= entry.number);
        let revision = entries.last().map_or(0, |it| it.revision);
        let key = entry.name.key().map_err(|error| error.to_string())?;
        let id = place::entry_id(&program, &key, entry.number);
        let event = Event::of(&program, &entries, now()).map_err(|error| error.to_string())?;
        let body = event.map(|event| event.to_json()).transpose()?;
        let entry = EntryName { revision, ..entry.clone() };
        Ok(body.map(|body| Telling { id, entry, body, attempts }))
    }

    /// What is kept of an order, and what it comes to.
    fn find(
        &self,
        store: &Store,
        name: &OrderName,
    ) -> worker::Result<(Vec<Entry>, Option<Recorded>)> {
        let entries = self.entries(store, name)?;
        let found = recorded(&entries).map_err(|error| error.to_string())?;
        Ok((entries, found))
    }

    /// What is kept of an order that is settled here.
    fn entries(&self, store: &Store, name: &OrderName) -> worker::Result<Vec<Entry>> {
        let entries = entries_of(store, name)?;
        if entries.is_empty() && self.is_sealed(store, name)? {
            // Said to Workers and objects of an earlier setting, while a deployment is under way.
            return Err(MOVED.into());
        }
        Ok(entries)
    }

    /// Whether an order is settled elsewhere. As long as nothing has grown, nothing is, and nobody
    /// has to look for it.
    fn is_sealed(&self, store: &Store, name: &OrderName) -> worker::Result<bool> {
        if self.has_seals.get().is_none() {
            self.has_seals.set(Some(store.row("SELECT 1 FROM seals LIMIT 1", [])?.is_some()));
        }
        if self.has_seals.get() == Some(false) {
            return Ok(false);
        }
        let statement = "SELECT 1 FROM seals WHERE event_type = ? AND order_id = ?";
        Ok(store.row(statement, columns(name))?.is_some())
    }

    /// Adds an entry and has it sent.
    fn add<T: Serialize>(
        &self,
        store: &Store,
        name: &OrderName,
        (entry_number, kind, at): (u32, EntryKind, i64),
        facts: &T,
    ) -> worker::Result<()> {
        let statement = "INSERT INTO entries
            (event_type, order_id, number, kind, at, revision, body) VALUES (?, ?, ?, ?, ?, 1, ?)";
        let [event_type, order_id] = columns(name);
        let body = serde_json::to_string(facts)?;
        let (kind, count) = (kind.name().into(), i64::from(entry_number).into());
        store.run(statement, [event_type, order_id, count, kind, at.into(), body.into()])?;
        for destination in outbox::destinations(&self.state, &self.env)? {
            outbox::add(store, destination, name, entry_number, now())?;
        }
        Ok(())
    }
}

/// The entries of an order, oldest first.
pub(super) fn entries_of(store: &Store, name: &OrderName) -> worker::Result<Vec<Entry>> {
    let statement = "SELECT number, kind, at, revision, body FROM entries
        WHERE event_type = ? AND order_id = ? ORDER BY number";
    store.rows(statement, columns(name))?.iter().map(entry).collect()
}

fn claim_of(facts: &RawValue) -> worker::Result<Claim> {
    let facts: RecordedFacts = serde_json::from_str(facts.get())?;
    Ok(facts.order().map_err(|error| error.to_string())?.claim())
}

/// The entry in the first five columns, and the name of its order in the next two.
pub(super) fn outgoing(row: &Row) -> worker::Result<Outgoing> {
    let (event_type, order_id) = (row.text(5).to_owned(), row.text(6).to_owned());
    Ok(Outgoing { name: OrderName { event_type, order_id }, entry: entry(row)? })
}

/// The entry in the first five columns.
pub(super) fn entry(row: &Row) -> worker::Result<Entry> {
    Ok(Entry {
        number: u32::try_from(row.count(0)).unwrap_or(u32::MAX),
        kind: EntryKind::parse(row.text(1)).ok_or("an entry of no kind")?,
        at: row.number(2).unwrap_or_default(),
        revision: u32::try_from(row.count(3)).unwrap_or(u32::MAX),
        body: serde_json::from_str(row.text(4))?,
    })
}

fn is_void(store: &Store, name: &OrderName, hold: &HoldFacts) -> worker::Result<bool> {
    let statement = "SELECT 1 FROM voids
        WHERE event_type = ? AND order_id = ? AND code_id = ? AND token = ?";
    let [event_type, order_id] = columns(name);
    let values = [event_type, order_id, hold.code_id.as_str().into(), number(hold.token)];
    Ok(store.row(statement, values)?.is_some())
}

/// The columns that name an order.
pub(super) fn columns(name: &OrderName) -> [SqlStorageValue; 2] {
    [name.event_type.as_str().into(), name.order_id.as_str().into()]
}

fn next_number(entries: &[Entry]) -> u32 {
    entries.last().map_or(1, |last| last.number.saturating_add(1))
}

/// By how much a payout changes; `None` when nobody is paid.
fn change(before: Option<Minor>, after: Option<Minor>) -> Option<i64> {
    let signed = |minor: Minor| i64::try_from(minor.get()).unwrap_or(i64::MAX);
    Some(signed(after?).saturating_sub(signed(before?)))
}
