//! What operators ask of all of a program's objects, one after another: to be read through, to
//! forget a customer, to send again what has not arrived.

use super::cursor;
use super::message::{Destination, EntryName, Holder, Resend};
use super::order_object::{columns, entry};
use super::outbox;
use crate::edge::bindings::now;
use crate::platform::storage::{Row, Store};
use crate::wire::{EntriesPage, KeptEntry, Miscount, OrderName, UseFacts, UsesPage, WaitingFacts};

use serde::{Deserialize, Serialize};
use worker::SqlStorageValue;

/// Most entries of a page, which ends before that when they are large.
const ENTRIES_COUNT: usize = 200;

/// Entries that one question to forget or to send again looks through: all of an object's may be
/// gigabytes, and nobody else is answered in the meantime.
const BATCH_COUNT: usize = 2_000;

/// Uses of a page.
const USES_COUNT: usize = 1_000;

/// The place of a use in the order that they are read in: holder and code.
pub type UseName = (String, String);

/// A question about an object's entries, some of them at a time.
#[derive(Debug, Serialize, Deserialize)]
pub struct Batch<Q> {
    /// What is asked of all of them.
    pub asked: Q,
    /// The last that was looked through; from the first on without one.
    pub after: Option<EntryName>,
}

/// What one batch came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Batched {
    /// How many entries it is about.
    pub count: u64,
    /// What the next batch comes after; `None` when there is none.
    pub next: Option<EntryName>,
}

/// The entries after one, in the order of their names; from the first on without one.
///
/// # Errors
///
/// What SQLite says.
pub fn entries(store: &Store, after: Option<&EntryName>) -> worker::Result<EntriesPage> {
    let statement = "SELECT number, kind, at, revision, body, event_type, order_id,
            (SELECT group_concat(destination) FROM outbox
             WHERE destination IN ('reports', 'webhook', 'cap')
               AND outbox.event_type = entries.event_type
               AND outbox.order_id = entries.order_id AND outbox.number = entries.number)
        FROM entries WHERE (event_type, order_id, number) > (?, ?, ?)
        ORDER BY event_type, order_id, number LIMIT ?";
    let [event_type, order_id, number] = place(after);
    let count = fitting(store, after)?;
    let rows = store.rows(statement, [event_type, order_id, number, limit(count)])?;
    let kept = |row: &Row| {
        let on_its_way = row.text(7).split(',').filter(|it| !it.is_empty()).map(str::to_owned);
        Ok(KeptEntry::new(name(row, 5), entry(row)?, on_its_way.collect()))
    };
    let entries: Vec<KeptEntry> = rows.iter().map(kept).collect::<worker::Result<_>>()?;
    let next = cursor::next(&entries, count, |last| {
        let (name, entry) = last.clone().into_parts();
        EntryName { name, number: entry.number, revision: entry.revision }
    })?;
    let waiting = if after.is_none() { waiting(store)? } else { Vec::new() };
    Ok(EntriesPage { entries, waiting, next })
}

/// How many entries go into a page: no more than go into one answer, and one at least.
fn fitting(store: &Store, after: Option<&EntryName>) -> worker::Result<usize> {
    let statement = "SELECT length(CAST(body AS BLOB)) FROM entries
        WHERE (event_type, order_id, number) > (?, ?, ?)
        ORDER BY event_type, order_id, number LIMIT ?";
    let [event_type, order_id, number] = place(after);
    let sizes = store.rows(statement, [event_type, order_id, number, limit(ENTRIES_COUNT)])?;
    let mut size = 0usize;
    let is_in = |row: &&Row| {
        size = size.saturating_add(usize::try_from(row.count(0)).unwrap_or(usize::MAX));
        size <= outbox::PARCEL_SIZE_MAX
    };
    let count = sizes.iter().take_while(is_in).count();
    Ok(if count < sizes.len() { count.max(1) } else { ENTRIES_COUNT })
}

/// What of all entries has yet to arrive.
fn waiting(store: &Store) -> worker::Result<Vec<WaitingFacts>> {
    let statement = "SELECT destination, COUNT(*), COUNT(*) FILTER (WHERE due_at >= ?1),
            MIN(due_at) FILTER (WHERE due_at < ?1)
        FROM outbox GROUP BY destination";
    let rows = store.rows(statement, [outbox::NEVER.into()])?;
    let facts = |row: &Row| WaitingFacts {
        destination: row.text(0).to_owned(),
        count: row.count(1),
        parked: row.count(2),
        oldest_due_at: row.number(3),
    };
    Ok(rows.iter().map(facts).collect())
}

/// The uses after one; from the first on without one.
///
/// # Errors
///
/// What SQLite says.
pub fn uses(store: &Store, after: Option<&UseName>) -> worker::Result<UsesPage> {
    let statement = "SELECT holder, code_id, token, expires_at FROM uses
        WHERE (holder, code_id) > (?, ?) ORDER BY holder, code_id LIMIT ?";
    let (holder, code_id) = after.map_or(("", ""), |(holder, code_id)| (holder, code_id));
    let rows = store.rows(statement, [holder.into(), code_id.into(), limit(USES_COUNT)])?;
    let next =
        cursor::next(&rows, USES_COUNT, |row| (row.text(0).to_owned(), row.text(1).to_owned()))?;
    let uses = rows.iter().map(use_facts).collect::<worker::Result<_>>()?;
    let miscounted = if after.is_none() { miscounted(store)? } else { Vec::new() };
    Ok(UsesPage { uses, miscounted, next })
}

fn use_facts(row: &Row) -> worker::Result<UseFacts> {
    let (order, cart_id) = match Holder::parse(row.text(0)).ok_or("a use of no holder")? {
        Holder::Order(order) => (Some(order), None),
        Holder::Cart(cart_id) => (None, Some(cart_id)),
    };
    let (code_id, token) = (row.text(1).to_owned(), row.count(2));
    Ok(UseFacts { order, cart_id, code_id, token, expires_at: row.number(3) })
}

/// Counts all uses again. In one statement: between two of them some would come and go.
fn miscounted(store: &Store) -> worker::Result<Vec<Miscount>> {
    let statement = "WITH counted AS (SELECT code_id, COUNT(*) AS uses FROM uses GROUP BY code_id)
        SELECT code_id, coalesce(taken, 0) AS taken, coalesce(uses, 0) AS uses
        FROM codes FULL JOIN counted USING (code_id)
        WHERE coalesce(taken, 0) <> coalesce(uses, 0)";
    let miscount = |row: &Row| Miscount {
        code_id: row.text(0).to_owned(),
        taken: row.count(1),
        uses: row.count(2),
    };
    Ok(store.rows(statement, [])?.iter().map(miscount).collect())
}

/// Forgets a customer in the orders of a batch: the hash goes from each, and from the reports after
/// it. Asked again it finds what is left, so that nothing has to be undone when it ends half-way.
///
/// # Errors
///
/// What SQLite says; then nothing of the batch is forgotten.
pub fn erase(
    store: &Store,
    Batch { asked: customer, after }: &Batch<String>,
) -> worker::Result<Batched> {
    // No index on customers: it would be one more row written for every order.
    let statement = "SELECT event_type, order_id, number,
            kind = 'recorded' AND body ->> '$.order.customer_id' = ?
        FROM entries WHERE (event_type, order_id, number) > (?, ?, ?)
        ORDER BY event_type, order_id, number LIMIT ?";
    let [event_type, order_id, number] = place(after.as_ref());
    let values = [customer.as_str().into(), event_type, order_id, number, limit(BATCH_COUNT)];
    of_batch(store, statement, &values, |entry| erase_one(store, entry))
}

fn erase_one(store: &Store, EntryName { name, number, .. }: &EntryName) -> worker::Result<()> {
    let statement = "UPDATE entries SET revision = revision + 1, body = json_set(
            json_remove(body, '$.order.customer_id'), '$.is_customer_erased', json('true'))
        WHERE event_type = ? AND order_id = ? AND number = ?";
    let [event_type, order_id] = columns(name);
    store.run(statement, [event_type, order_id, i64::from(*number).into()])?;
    outbox::add(store, Destination::Reports, name, *number, now())
}

/// Forgets a customer in the uses of codes, which stay taken: the cap per customer no longer knows
/// whose they were. Returns how many uses there were.
///
/// # Errors
///
/// What SQLite says.
pub fn erase_uses(store: &Store, customer: &str) -> worker::Result<u64> {
    store.transaction(|| {
        let statement = "SELECT COUNT(*) FROM uses WHERE customer = ?";
        let counted = store.row(statement, [customer.into()])?;
        store.run("UPDATE uses SET customer = NULL WHERE customer = ?", [customer.into()])?;
        Ok(counted.map_or(0, |row| row.count(0)))
    })
}

/// Sends again what of a batch has not arrived; with `since`, to this destination also what has.
///
/// # Errors
///
/// What SQLite says; then nothing of the batch is sent again.
pub fn resend(
    store: &Store,
    Batch { asked: Resend { destination, since }, after }: &Batch<Resend>,
) -> worker::Result<Batched> {
    let again = |EntryName { name, number, .. }: &EntryName| {
        outbox::add(store, *destination, name, *number, now())
    };
    let [event_type, order_id, number] = place(after.as_ref());
    let (sent_to, limit) = (destination.name().into(), limit(BATCH_COUNT));
    let Some(since) = since else {
        let statement = "SELECT event_type, order_id, number, 1 FROM outbox
            WHERE destination = ? AND (event_type, order_id, number) > (?, ?, ?)
            ORDER BY event_type, order_id, number LIMIT ?";
        let values = [sent_to, event_type, order_id, number, limit];
        return of_batch(store, statement, &values, again);
    };
    let statement = "SELECT event_type, order_id, number, at >= ? OR EXISTS (
            SELECT 1 FROM outbox WHERE destination = ? AND outbox.event_type = entries.event_type
                AND outbox.order_id = entries.order_id AND outbox.number = entries.number)
        FROM entries WHERE (event_type, order_id, number) > (?, ?, ?)
        ORDER BY event_type, order_id, number LIMIT ?";
    let values = [(*since).into(), sent_to, event_type, order_id, number, limit];
    of_batch(store, statement, &values, again)
}

/// Does something with those entries of a batch whose fourth column says so: with all of them or,
/// when anything fails, with none.
fn of_batch<const N: usize>(
    store: &Store,
    statement: &str,
    values: &[SqlStorageValue; N],
    act: impl Fn(&EntryName) -> worker::Result<()>,
) -> worker::Result<Batched> {
    store.transaction(|| {
        let batch = store.rows(statement, values.clone())?;
        let meant: Vec<EntryName> =
            batch.iter().filter(|row| row.count(3) == 1).map(entry_name).collect();
        meant.iter().try_for_each(&act)?;
        let next = batch.last().filter(|_| batch.len() >= BATCH_COUNT).map(entry_name);
        Ok(Batched { count: u64::try_from(meant.len()).unwrap_or(u64::MAX), next })
    })
}

/// The entry that the first three columns name.
fn entry_name(row: &Row) -> EntryName {
    let number = u32::try_from(row.count(2)).unwrap_or(u32::MAX);
    EntryName { name: name(row, 0), number, revision: 0 }
}

/// The columns of an entry's name; without one they are those that come before every name.
fn place(after: Option<&EntryName>) -> [SqlStorageValue; 3] {
    let first = OrderName { event_type: String::new(), order_id: String::new() };
    let [event_type, order_id] = columns(after.map_or(&first, |after| &after.name));
    [event_type, order_id, after.map_or(0, |after| i64::from(after.number)).into()]
}

fn limit(count: usize) -> SqlStorageValue {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

fn name(row: &Row, column: usize) -> OrderName {
    let text = |column| row.text(column).to_owned();
    OrderName { event_type: text(column), order_id: text(column.saturating_add(1)) }
}
