//! What operators ask of a whole ledger, through the Worker: to be read page by page, to forget a
//! customer everywhere, to send again what has not arrived.

use super::message::{Destination, EntryName, Resend};
use super::upkeep::{Batch, Batched, UseName};
use super::{Caps, cursor, reports};
use crate::edge::Call;
use crate::edge::bindings;
use crate::edge::failure::Failure;
use crate::platform::objects;
use crate::wire::{
    BadRequest, EraseAnswer, EraseRequest, LedgerObjects, ReportsPage, ResendAnswer, ResendRequest,
    Resendable,
};

use serde::Serialize;
use serde_json::value::RawValue;
use worker::ObjectNamespace;

/// The objects that the program's ledger is in.
#[must_use]
pub fn objects(call: &Call<'_>) -> LedgerObjects {
    let program = call.program.to_string();
    LedgerObjects { program, orders: call.order_names(), caps: call.cap_names() }
}

/// A page of an object's entries: [`EntriesPage`](crate::wire::EntriesPage), as the object wrote
/// it.
///
/// # Errors
///
/// [`Failure`] when the object is none of the program's, the cursor none of ours, or the object
/// does not answer.
pub async fn entries(
    call: &Call<'_>,
    name: Option<String>,
    after: Option<&str>,
) -> Result<Box<RawValue>, Failure> {
    let name = known(name, &call.order_names())?;
    let after: Option<EntryName> = cursor::parse(after)?;
    let objects = bindings::order_objects(call.env)?;
    objects::ask(&objects, &name, "/page", &after).await.map_err(Failure::LedgerUnavailable)
}

/// A page of the uses that an object counts: [`UsesPage`](crate::wire::UsesPage), as the object
/// wrote it.
///
/// # Errors
///
/// As [`entries`].
pub async fn uses(
    call: &Call<'_>,
    name: Option<String>,
    after: Option<&str>,
) -> Result<Box<RawValue>, Failure> {
    let name = known(name, &call.cap_names())?;
    let after: Option<UseName> = cursor::parse(after)?;
    let objects = bindings::cap_objects(call.env)?;
    objects::ask(&objects, &name, "/page", &after).await.map_err(Failure::LedgerUnavailable)
}

/// A page of the program's rows in the reports' database.
///
/// # Errors
///
/// [`Failure`] when the cursor is none of ours, or the database does not answer.
pub async fn reported(call: &Call<'_>, after: Option<&str>) -> Result<ReportsPage, Failure> {
    let after: Option<String> = cursor::parse(after)?;
    let page = reports::page(call.env, &call.program, after.as_deref());
    page.await.map_err(Failure::LedgerUnavailable)
}

/// Forgets a customer in every object; the reports follow. Asked again, it finds what is left.
///
/// # Errors
///
/// [`Failure`] when customers are not hashed here, or an object does not answer.
pub async fn erase(
    call: &Call<'_>,
    EraseRequest { customer_id }: EraseRequest,
) -> Result<EraseAnswer, Failure> {
    let customer = call.settings.hash_customer(&call.program, &customer_id)?;
    let objects = bindings::order_objects(call.env)?;
    let orders = in_batches(&objects, call.order_names(), "/erase", &customer).await?;
    let uses: Vec<u64> = Caps::of(call)?.ask_all("/erase", &customer).await?;
    Ok(EraseAnswer { orders, uses: uses.into_iter().fold(0, u64::saturating_add) })
}

/// Sends again what has not arrived at a destination, and with an instant also what has.
///
/// # Errors
///
/// [`Failure`] when the program has no such destination, or an object does not answer.
pub async fn resend(
    call: &Call<'_>,
    ResendRequest { destination, since }: ResendRequest,
) -> Result<ResendAnswer, Failure> {
    let destination = match destination {
        Resendable::Reports => Destination::Reports,
        Resendable::Webhook if call.settings.webhook(&call.program)?.is_none() => {
            return Err(no_webhook().into());
        }
        Resendable::Webhook => Destination::Webhook,
    };
    let asked = Resend { destination, since: since.map(|since| since.0) };
    let objects = bindings::order_objects(call.env)?;
    let entries = in_batches(&objects, call.order_names(), "/resend", &asked).await?;
    Ok(ResendAnswer { entries })
}

/// Asks objects of these names about all of their entries, batch after batch, and adds up what they
/// count.
async fn in_batches<Q: Serialize>(
    objects: &ObjectNamespace,
    names: Vec<String>,
    path: &str,
    asked: &Q,
) -> Result<u64, Failure> {
    let mut all = 0u64;
    for name in names {
        let mut after = None;
        loop {
            let question = Batch { asked, after };
            let asking = objects::ask(objects, &name, path, &question);
            let Batched { count, next } = asking.await.map_err(Failure::LedgerUnavailable)?;
            all = all.saturating_add(count);
            if next.is_none() {
                break;
            }
            after = next;
        }
    }
    Ok(all)
}

/// One of the program's own objects: another program's are asked by nobody.
fn known(name: Option<String>, names: &[String]) -> Result<String, BadRequest> {
    let name = name.unwrap_or_default();
    if names.contains(&name) {
        return Ok(name);
    }
    Err(BadRequest {
        path: "object".to_owned(),
        expected: "one of the program's objects".to_owned(),
        got: name,
        remedy: Some("GET /v1/ledger/objects names them"),
    })
}

fn no_webhook() -> BadRequest {
    BadRequest {
        path: "destination".to_owned(),
        expected: "a destination that the program has".to_owned(),
        got: "webhook".to_owned(),
        remedy: Some("set WEBHOOK_URL and WEBHOOK_SECRETS first"),
    }
}
