//! Entries arrive in the reports' database: a queue says where there are some, they are fetched,
//! written, and confirmed to the object that has them. Only then does it forget that they are to be
//! sent.

use super::cursor;
use super::message::{Destination, EntryName, Note, Outgoing, Parcel};
use super::webhooks;
use crate::edge::bindings;
use crate::id::ProgramId;
use crate::ledger::place;
use crate::platform::objects::ask;
use crate::wire::{ReportRow, ReportsPage};

use serde::Serialize;
use worker::{Env, MessageBatch, MessageExt, ObjectNamespace, RawMessage, console_error, event};

/// One row for each entry, whoever sends it however often. An older revision that comes late
/// changes nothing. What a row is to say, `audit::rows` says, too: they are to agree.
const UPSERT: &str = include_str!("reports.sql");

/// Rows of a page that is read through.
const PAGE_COUNT: usize = 1_000;

/// A row as the statement reads it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: String,
    program: &'a str,
    object: &'a str,
    #[serde(flatten)]
    outgoing: &'a Outgoing,
}

/// Every message of a queue comes in here, and is settled by itself: those of one object do not
/// wait for another's.
#[event(queue)]
async fn queue(batch: MessageBatch<()>, env: Env, _: worker::Context) -> worker::Result<()> {
    for message in batch.raw_iter() {
        match arrive(&message, &env).await {
            Ok(()) => message.ack(),
            Err(error) => {
                console_error!("queue {}: {error}", batch.queue());
                message.retry();
            }
        }
    }
    Ok(())
}

async fn arrive(message: &RawMessage, env: &Env) -> worker::Result<()> {
    let text = message.body().as_string().ok_or("a message that is no text")?;
    let note: Note = serde_json::from_str(&text)?;
    let orders = bindings::order_objects(env).map_err(|error| error.to_string())?;
    match note.parcel.destination {
        Destination::Webhook => webhooks::tell(note, &orders, env).await,
        Destination::Reports => store(note, &orders, env).await,
        Destination::Cap => Err("uses go back without a queue".into()),
    }
}

async fn store(note: Note, orders: &ObjectNamespace, env: &Env) -> worker::Result<()> {
    let Note { program, object, parcel } = note;
    let taken: Vec<Outgoing> = ask(orders, &object, "/take", &parcel).await?;
    if taken.is_empty() {
        // Another message was faster.
        return Ok(());
    }
    let program = ProgramId::parse(&program).map_err(|error| error.to_string())?;
    write(env, &program, &object, &taken).await?;
    let entries = taken.iter().map(Outgoing::entry_name).collect();
    let parcel = Parcel { destination: parcel.destination, entries };
    ask(orders, &object, "/confirm", &parcel).await
}

async fn write(
    env: &Env,
    program: &ProgramId,
    object: &str,
    taken: &[Outgoing],
) -> worker::Result<()> {
    let row = |outgoing| row(program, object, outgoing);
    let rows = taken.iter().map(row).collect::<worker::Result<Vec<_>>>()?;
    let reports = bindings::reports(env).map_err(|error| error.to_string())?;
    let statement = reports.prepare(UPSERT).bind(&[serde_json::to_string(&rows)?.into()])?;
    statement.run().await.map(|_| ())
}

/// A page of a program's rows, in the order of their ids.
///
/// # Errors
///
/// What D1 says.
pub async fn page(
    env: &Env,
    program: &ProgramId,
    after: Option<&str>,
) -> worker::Result<ReportsPage> {
    let reports = bindings::reports(env).map_err(|error| error.to_string())?;
    let statement = format!(
        "SELECT * FROM entries WHERE program = ? AND id > ? ORDER BY id LIMIT {PAGE_COUNT}"
    );
    let values = [program.as_str().into(), after.unwrap_or_default().into()];
    let rows = reports.prepare(statement).bind(&values)?.all().await?;
    let rows: Vec<ReportRow> = rows.results()?;
    let next = cursor::next(&rows, PAGE_COUNT, |row| row.id.clone())?;
    Ok(ReportsPage { rows, next })
}

fn row<'a>(
    program: &'a ProgramId,
    object: &'a str,
    outgoing: &'a Outgoing,
) -> worker::Result<Row<'a>> {
    let key = outgoing.name.key().map_err(|error| error.to_string())?;
    let id = place::entry_id(program, &key, outgoing.entry.number);
    Ok(Row { id, program: program.as_str(), object, outgoing })
}

impl Outgoing {
    /// Its name, as the outbox knows it.
    fn entry_name(&self) -> EntryName {
        EntryName {
            name: self.name.clone(),
            number: self.entry.number,
            revision: self.entry.revision,
        }
    }
}
