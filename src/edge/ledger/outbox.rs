//! What has yet to go elsewhere: a row for each entry and destination, written with the entry and
//! taken away when the destination has confirmed it. Until then the alarm sends it again: a queue
//! may forget, a Worker may die, the outbox does not.

use super::message::{Destination, EntryName, Holder, Note, Parcel, PutOff, Release};
use super::object::{Address, cap_homes, home};
use super::order_object::{OrderObject, columns, entries_of};
use crate::edge::bindings::{self, now};
use crate::edge::settings::{DEFAULT_OUTBOX_RESEND_MS, Settings};
use crate::platform::objects::{ask, object_name};
use crate::platform::storage::{Row, Store};
use crate::time::UnixMillis;
use crate::webhook::delay_after;
use crate::wire::{OrderName, ReversedFacts};

use worker::{Env, SqlStorageValue, State, console_error};

use std::collections::BTreeMap;

/// Most bytes of entries that go at once: D1 takes 2 MB in one value, and an entry has at most a
/// quarter of that.
pub const PARCEL_SIZE_MAX: usize = 1 << 20;

/// How long entries wait for others to go with them, in milliseconds.
const GATHER_MS: i64 = 500;

/// Most rows that one alarm sends; it comes again at once while there are more.
const ROWS_MAX: i64 = 1_000;

/// Most entries of one parcel.
const PARCEL_COUNT_MAX: usize = 100;

/// Most webhooks of one message: it takes as long as all of them.
const WEBHOOK_COUNT_MAX: usize = 10;

/// How long the webhooks of one message may take, in milliseconds, with room for the queue.
const ATTEMPT_MS: u64 = 180_000;

/// The longest until what is not confirmed is sent again, in milliseconds: it doubles each time.
const RESEND_AFTER_MAX_MS: i64 = 3_600_000;

/// An instant that does not come, the last that JavaScript has: of rows that wait for somebody to
/// have them sent again.
pub const NEVER: i64 = (1 << 53) - 1;

/// Where entries of an object's program go.
///
/// # Errors
///
/// When the Worker is not set up.
pub fn destinations(
    state: &State,
    env: &Env,
) -> worker::Result<impl Iterator<Item = Destination> + use<>> {
    let settings = Settings::of(env).map_err(|error| error.to_string())?;
    let has_webhook = settings.has_webhook(&Address::of(state)?.program);
    let webhook = has_webhook.then_some(Destination::Webhook);
    Ok([Destination::Reports].into_iter().chain(webhook))
}

/// Adds a row, and sees to it that it goes.
///
/// # Errors
///
/// What SQLite says.
pub fn add(
    store: &Store,
    destination: Destination,
    name: &OrderName,
    number: u32,
    at: UnixMillis,
) -> worker::Result<()> {
    let due_at = at.plus_ms(GATHER_MS);
    let statement = "INSERT INTO outbox
        (destination, event_type, order_id, number, due_at, attempts) VALUES (?, ?, ?, ?, ?, 0)
        ON CONFLICT DO UPDATE SET due_at = excluded.due_at, attempts = 0";
    let [event_type, order_id] = columns(name);
    let (number, due) = (i64::from(number).into(), due_at.0.into());
    store.run(statement, [destination.name().into(), event_type, order_id, number, due])?;
    store.alarm_by(due_at)
}

/// How often an entry was sent; `None` when it has arrived.
///
/// # Errors
///
/// What SQLite says.
pub fn attempts(
    store: &Store,
    destination: Destination,
    name: &OrderName,
    number: u32,
) -> worker::Result<Option<u32>> {
    let statement = "SELECT attempts FROM outbox
        WHERE destination = ? AND event_type = ? AND order_id = ? AND number = ?";
    let found = store.row(statement, key(destination, name, number))?;
    Ok(found.map(|row| u32::try_from(row.count(0)).unwrap_or(u32::MAX)))
}

/// Puts an entry off after an attempt: until later, or until somebody has it sent again.
///
/// # Errors
///
/// What SQLite says.
pub fn put_off(
    store: &Store,
    PutOff { destination, entry, after_ms }: &PutOff,
) -> worker::Result<()> {
    let due_at = after_ms.map_or(UnixMillis(NEVER), |after_ms| now().plus_ms(after_ms));
    let statement = "UPDATE outbox SET due_at = ?
        WHERE destination = ? AND event_type = ? AND order_id = ? AND number = ?";
    let [destination, event_type, order_id, number] = key(*destination, &entry.name, entry.number);
    store.run(statement, [due_at.0.into(), destination, event_type, order_id, number])?;
    after_ms.map_or(Ok(()), |_| store.alarm_by(due_at))
}

/// Takes rows away whose entries have arrived. Those of which there is a newer revision stay.
///
/// # Errors
///
/// What SQLite says.
pub fn confirm(store: &Store, Parcel { destination, entries }: &Parcel) -> worker::Result<()> {
    let statement = "DELETE FROM outbox
        WHERE destination = ?1 AND (event_type, order_id, number) IN (
            SELECT e.event_type, e.order_id, e.number
            FROM json_each(?2) AS arrived
            CROSS JOIN entries AS e ON e.event_type = arrived.value ->> '$.event_type'
                AND e.order_id = arrived.value ->> '$.order_id'
                AND e.number = arrived.value ->> '$.number'
                AND e.revision = arrived.value ->> '$.revision')";
    store.transaction(|| {
        let arrived = serde_json::to_string(entries)?.into();
        store.run(statement, [destination.name().into(), arrived])?;
        // Nobody has to wake up for nothing.
        let waiting = "SELECT 1 FROM outbox WHERE due_at < ? LIMIT 1";
        if store.row(waiting, [NEVER.into()])?.is_none() { store.no_alarm() } else { Ok(()) }
    })
}

/// When the next row is due; `None` when none ever is.
fn next_due(store: &Store) -> worker::Result<Option<UnixMillis>> {
    let statement = "SELECT MIN(due_at) FROM outbox WHERE due_at < ?";
    let next = store.row(statement, [NEVER.into()])?.and_then(|row| row.number(0));
    Ok(next.map(UnixMillis))
}

/// Sets the alarm for whatever may go wrong until the next one is known.
///
/// # Errors
///
/// When the object has no storage; the platform then has the alarm go off again.
pub fn guard(object: &OrderObject) -> worker::Result<()> {
    let store = object.store()?;
    store.alarm_is_over();
    store.alarm_at(now().plus_ms(resend_ms(&object.env)))
}

/// Sends what is due, and sets the alarm for what is left.
///
/// # Errors
///
/// What went wrong; then [`guard`] has set the alarm.
pub async fn deliver(object: &OrderObject) -> worker::Result<()> {
    let store = object.store()?;
    let resend_ms = resend_ms(&object.env);
    for (destination, rows) in by_destination(due(store, resend_ms)?) {
        let sent = match destination {
            Destination::Reports | Destination::Webhook => send(object, destination, rows).await,
            Destination::Cap => give_back(object, rows).await,
        };
        if let Err(error) = sent {
            console_error!("orders {}: {error}", object_name(&object.state));
        }
    }
    next_due(store)?.map_or_else(|| store.no_alarm(), |next| store.alarm_at(next))
}

/// Also where the settings cannot be read: what waits must not be forgotten for that.
fn resend_ms(env: &Env) -> i64 {
    Settings::of(env).map_or(DEFAULT_OUTBOX_RESEND_MS, |settings| settings.outbox_resend_ms)
}

/// The rows that are due, each put off already, should nobody confirm it. Whoever dies before they
/// are sent has sent nothing, and they are sent later.
fn due(store: &Store, resend_ms: i64) -> worker::Result<Vec<Waiting>> {
    // Twice as long each time, but for webhooks, which are told by their own schedule below.
    let statement = "UPDATE outbox
        SET attempts = attempts + 1, due_at = ?1 + MIN(?2 << MIN(attempts, 16), ?3)
        WHERE (destination, event_type, order_id, number) IN (
            SELECT destination, event_type, order_id, number FROM outbox
            WHERE due_at <= ?1 LIMIT ?4)
        RETURNING destination, event_type, order_id, number, attempts";
    let longest = RESEND_AFTER_MAX_MS.max(resend_ms);
    let values = [now().0.into(), resend_ms.into(), longest.into(), ROWS_MAX.into()];
    store.transaction(|| {
        let due = store.rows(statement, values.clone())?;
        let due: Vec<Waiting> = due.iter().filter_map(waiting).collect();
        let mut webhooks = due.iter().filter(|row| row.destination == Destination::Webhook);
        webhooks.try_for_each(|row| put_webhook_off(store, row, resend_ms))?;
        Ok(due)
    })
}

/// A row of the outbox.
#[derive(Debug)]
struct Waiting {
    destination: Destination,
    entry: EntryName,
    /// With the one that is now.
    attempts: u32,
}

fn waiting(row: &Row) -> Option<Waiting> {
    let (event_type, order_id) = (row.text(1).to_owned(), row.text(2).to_owned());
    let number = u32::try_from(row.count(3)).ok()?;
    Some(Waiting {
        destination: Destination::parse(row.text(0))?,
        entry: EntryName { name: OrderName { event_type, order_id }, number, revision: 0 },
        attempts: u32::try_from(row.count(4)).unwrap_or(u32::MAX),
    })
}

/// The attempt itself says when the next one is; this is for one that comes to no end.
fn put_webhook_off(store: &Store, row: &Waiting, resend_ms: i64) -> worker::Result<()> {
    let Waiting { destination, entry, attempts } = row;
    let after_ms = delay_after(*attempts).map(|ms| ms.max(ATTEMPT_MS));
    let after_ms = after_ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX).max(resend_ms));
    let (destination, entry) = (*destination, entry.clone());
    put_off(store, &PutOff { destination, entry, after_ms })
}

fn by_destination(due: Vec<Waiting>) -> BTreeMap<Destination, Vec<EntryName>> {
    due.into_iter().fold(BTreeMap::new(), |mut all, Waiting { destination, entry, .. }| {
        all.entry(destination).or_default().push(entry);
        all
    })
}

/// Tells a queue where entries are to be fetched.
async fn send(
    object: &OrderObject,
    destination: Destination,
    rows: Vec<EntryName>,
) -> worker::Result<()> {
    let program = Address::of(&object.state)?.program.to_string();
    let most = match destination {
        Destination::Webhook => WEBHOOK_COUNT_MAX,
        Destination::Reports | Destination::Cap => PARCEL_COUNT_MAX,
    };
    for entries in rows.chunks(most) {
        let parcel = Parcel { destination, entries: entries.to_vec() };
        let note = Note { program: program.clone(), object: object_name(&object.state), parcel };
        bindings::send(&object.env, destination, &serde_json::to_string(&note)?).await?;
    }
    Ok(())
}

/// Gives uses back to their caps. One that does not answer keeps none from the others.
async fn give_back(object: &OrderObject, rows: Vec<EntryName>) -> worker::Result<()> {
    let mut given = Ok(());
    for entry in rows {
        given = given.and(give_back_one(object, entry).await);
    }
    given
}

async fn give_back_one(object: &OrderObject, entry: EntryName) -> worker::Result<()> {
    let store = object.store()?;
    let entries = entries_of(store, &entry.name)?;
    let reversed = entries.iter().find(|it| it.number == entry.number);
    let facts = reversed.map(|it| it.facts::<ReversedFacts>()).transpose();
    let hold = facts.map_err(|error| error.to_string())?.and_then(|facts| facts.gives_back);
    if let Some(hold) = hold {
        let settings = Settings::of(&object.env).map_err(|error| error.to_string())?;
        let caps = bindings::cap_objects(&object.env).map_err(|error| error.to_string())?;
        let homes = cap_homes(&Address::of(&object.state)?.program, &hold.code_id, &settings);
        let cap = home(&caps, homes, &hold.code_id).await?;
        let release = Release { holder: Holder::Order(entry.name.clone()), hold };
        let _: bool = ask(&caps, &cap, "/release", &release).await?;
    }
    let revision = reversed.map_or(0, |it| it.revision);
    let entries = vec![EntryName { revision, ..entry }];
    confirm(store, &Parcel { destination: Destination::Cap, entries })
}

fn key(destination: Destination, name: &OrderName, number: u32) -> [SqlStorageValue; 4] {
    let [event_type, order_id] = columns(name);
    [destination.name().into(), event_type, order_id, i64::from(number).into()]
}
