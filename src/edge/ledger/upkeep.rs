//! What operators ask of all of a program's objects, one after another: to be read through, to
//! forget a customer, to send again what has not arrived.

use super::message::{Destination, EntryName, Outgoing, Resend};
use super::order_object::{columns, entry};
use super::outbox;
use super::storage::{Row, Store};
use crate::edge::bindings::now;
use crate::wire::OrderName;

/// Entries of a page. Together with the largest order, an answer stays far below what an isolate
/// can hold.
const PAGE_COUNT: i64 = 200;

/// The entries after one, in the order of their names; from the first on without one.
///
/// # Errors
///
/// What SQLite says.
pub fn page(store: &Store, after: Option<&EntryName>) -> worker::Result<Vec<Outgoing>> {
    let statement = "SELECT number, kind, at, revision, body, event_type, order_id FROM entries
        WHERE (event_type, order_id, number) > (?, ?, ?)
        ORDER BY event_type, order_id, number LIMIT ?";
    let first = OrderName { event_type: String::new(), order_id: String::new() };
    let [event_type, order_id] = columns(after.map_or(&first, |after| &after.name));
    let number = after.map_or(0, |after| i64::from(after.number)).into();
    let rows = store.rows(statement, [event_type, order_id, number, PAGE_COUNT.into()])?;
    rows.iter().map(|row| Ok(Outgoing { name: name(row, 5), entry: entry(row)? })).collect()
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

fn name(row: &Row, column: usize) -> OrderName {
    let text = |column| row.text(column).to_owned();
    OrderName { event_type: text(column), order_id: text(column.saturating_add(1)) }
}
