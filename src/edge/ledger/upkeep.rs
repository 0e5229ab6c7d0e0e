//! What operators ask of all of a program's objects, one after another: to be read through, to
//! forget a customer, to send again what has not arrived.

use super::cursor;
use super::message::{Destination, EntryName, Holder, Resend};
use super::order_object::{columns, entry};
use super::outbox;
use super::storage::{Row, Store};
use crate::edge::bindings::now;
use crate::wire::{EntriesPage, KeptEntry, Miscount, OrderName, UseFacts, UsesPage, WaitingFacts};

use worker::SqlStorageValue;

/// Entries of a page. Together with the largest order, an answer stays far below what an isolate
/// can hold.
const ENTRIES_COUNT: usize = 200;

/// Uses of a page.
const USES_COUNT: usize = 1_000;

/// The place of a use in the order that they are read in: holder and code.
pub type UseName = (String, String);

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
    let first = OrderName { event_type: String::new(), order_id: String::new() };
    let [event_type, order_id] = columns(after.map_or(&first, |after| &after.name));
    let number = after.map_or(0, |after| i64::from(after.number)).into();
    let rows = store.rows(statement, [event_type, order_id, number, limit(ENTRIES_COUNT)])?;
    let kept = |row: &Row| {
        let on_its_way = row.text(7).split(',').filter(|it| !it.is_empty()).map(str::to_owned);
        Ok(KeptEntry::new(name(row, 5), entry(row)?, on_its_way.collect()))
    };
    let entries: Vec<KeptEntry> = rows.iter().map(kept).collect::<worker::Result<_>>()?;
    let next = cursor::next(&entries, ENTRIES_COUNT, |last| {
        let (name, entry) = last.clone().into_parts();
        EntryName { name, number: entry.number, revision: entry.revision }
    })?;
    let waiting = if after.is_none() { waiting(store)? } else { Vec::new() };
    Ok(EntriesPage { entries, waiting, next })
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

/// Forgets a customer: the hash goes from every order, and from the reports after it. Returns how
/// many orders there were.
///
/// # Errors
///
/// What SQLite says; then nothing is forgotten.
pub fn erase(store: &Store, customer: &str) -> worker::Result<u64> {
    let statement = "UPDATE entries SET revision = revision + 1, body = json_set(
            json_remove(body, '$.order.customer_id'), '$.is_customer_erased', json('true'))
        WHERE kind = 'recorded' AND body ->> '$.order.customer_id' = ?
        RETURNING event_type, order_id, number";
    store.transaction(|| {
        let erased = store.rows(statement, [customer.into()])?;
        for row in &erased {
            let number = u32::try_from(row.count(2)).unwrap_or(u32::MAX);
            outbox::add(store, Destination::Reports, &name(row, 0), number, now())?;
        }
        Ok(u64::try_from(erased.len()).unwrap_or(u64::MAX))
    })
}

/// Forgets a customer in the uses of codes, which stay taken: the cap per customer no longer knows
/// whose they were. Returns how many uses there were.
///
/// # Errors
///
/// What SQLite says.
pub fn erase_uses(store: &Store, customer: &str) -> worker::Result<u64> {
    let statement = "UPDATE uses SET customer = NULL WHERE customer = ? RETURNING 1";
    let erased = store.rows(statement, [customer.into()])?;
    Ok(u64::try_from(erased.len()).unwrap_or(u64::MAX))
}

/// Sends again what has not arrived, now; with `since`, to this destination also what has. Returns
/// how many entries that is.
///
/// # Errors
///
/// What SQLite says.
pub fn resend(store: &Store, Resend { destination, since }: &Resend) -> worker::Result<u64> {
    store.transaction(|| {
        if let Some(since) = since {
            let statement = "INSERT INTO outbox
                (destination, event_type, order_id, number, due_at, attempts)
                SELECT ?, event_type, order_id, number, ?, 0 FROM entries WHERE at >= ?
                ON CONFLICT DO NOTHING";
            store.run(statement, [destination.name().into(), now().0.into(), (*since).into()])?;
        }
        let statement = "UPDATE outbox SET due_at = ?, attempts = 0 WHERE destination = ?
            RETURNING 1";
        let due = store.rows(statement, [now().0.into(), destination.name().into()])?;
        if !due.is_empty() {
            store.alarm_at(now())?;
        }
        Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
    })
}

fn limit(count: usize) -> SqlStorageValue {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

fn name(row: &Row, column: usize) -> OrderName {
    let text = |column| row.text(column).to_owned();
    OrderName { event_type: text(column), order_id: text(column.saturating_add(1)) }
}
