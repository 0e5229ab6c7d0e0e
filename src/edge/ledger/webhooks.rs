//! The merchant is told of entries: each is posted by itself, signed, until the merchant's server
//! says that it has it. How often that is tried, the outbox of the object says.

use super::message::{Destination, Note, Parcel, PutOff, Telling};
use crate::edge::bindings::now;
use crate::edge::patience::within;
use crate::edge::settings::Settings;
use crate::id::ProgramId;
use crate::platform::objects::ask;
use crate::webhook::{Next, Secrets, next};

use worker::wasm_bindgen::JsValue;
use worker::{Env, Fetch, Headers, Method, ObjectNamespace, Request, RequestInit, RequestRedirect};
use worker::{console_error, console_log};

use std::time::Duration;

/// How long the merchant's server may take: what the standard advises at least.
const PATIENCE: Duration = Duration::from_secs(15);

/// Posts the entries that a note is about.
///
/// # Errors
///
/// When the object that has them does not answer, or the Worker is not set up.
pub async fn tell(note: Note, orders: &ObjectNamespace, env: &Env) -> worker::Result<()> {
    let Note { program, object, parcel } = note;
    let program = ProgramId::parse(&program).map_err(|error| error.to_string())?;
    let settings = Settings::of(env).map_err(|error| error.to_string())?;
    let webhook = settings.webhook(&program).map_err(|error| error.to_string())?;
    let Some((url, secrets)) = webhook else { return Ok(()) };
    for entry in parcel.entries {
        // Asked for right before it is posted: another attempt may have been faster.
        let telling: Option<Telling> = ask(orders, &object, "/tell", &entry).await?;
        let Some(telling) = telling else { continue };
        let status = post(url, secrets, &telling).await;
        let Telling { id, entry, attempts, .. } = telling;
        let destination = Destination::Webhook;
        let after_ms = match next(attempts, status) {
            Next::Delivered => {
                let parcel = Parcel { destination, entries: vec![entry] };
                let () = ask(orders, &object, "/confirm", &parcel).await?;
                continue;
            }
            Next::Parked => None,
            Next::Again { after_ms } => Some(i64::try_from(after_ms).unwrap_or(i64::MAX)),
        };
        console_log!("webhook {id}: attempt {attempts} was answered with {status:?}");
        let () = ask(orders, &object, "/put-off", &PutOff { destination, entry, after_ms }).await?;
    }
    Ok(())
}

/// The status that the merchant's server answered with; `None` when it did not.
async fn post(url: &str, secrets: &Secrets, Telling { id, body, .. }: &Telling) -> Option<u16> {
    let request = request(url, secrets, id, body);
    let request = request.map_err(|error| console_error!("webhook {id}: {error}")).ok()?;
    let answered = within(PATIENCE, Fetch::Request(request).send()).await?;
    answered.map(|response| response.status_code()).ok()
}

fn request(url: &str, secrets: &Secrets, id: &str, body: &str) -> worker::Result<Request> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    headers.set("user-agent", concat!("promo-edge/", env!("CARGO_PKG_VERSION")))?;
    for (name, value) in secrets.headers(id, now(), body) {
        headers.set(name, &value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from(body)));
    // What is meant for one server is not told to another.
    init.with_redirect(RequestRedirect::Manual);
    Request::new_with_init(url, &init)
}
