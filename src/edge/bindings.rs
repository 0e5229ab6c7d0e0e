//! What the Worker is bound to. The only file that spells a binding's name.
//!
//! - [`snapshots`], [`limit_rate`], [`asset`], [`admin`], [`order_objects`], [`cap_objects`],
//!   [`reports`] and [`send`] are the bindings.
//! - [`now`], [`environment`] and [`wait_until`] are what the platform itself lends.

use super::failure::Failure;
use super::ledger::Destination;
use super::settings::{SettingError, wrong};
use crate::platform::env::binding;
use crate::platform::kv::Namespace;
use crate::platform::object;

pub use crate::platform::env::{environment, now, wait_until};

use js_sys::futures::JsFuture;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use worker::web_sys::Request;
use worker::{D1Database, Env, ObjectNamespace};

/// KV namespace with roots, manifests and shards.
const SNAPSHOTS: &str = "SNAPSHOTS";
/// The Worker that keeps the catalogue.
const ADMIN: &str = "ADMIN";
/// Static assets: the pages, the browser's modules, the description of this interface.
const ASSETS: &str = "ASSETS";
/// Rate limit on what shoppers ask; without it there is none.
const RATE_LIMIT: &str = "RATE_LIMIT";
/// Objects that settle orders.
const ORDERS: &str = "ORDERS";
/// Objects that count the uses of capped codes.
const CAPS: &str = "CAPS";
/// D1 database of the reports: what they ask of the ledger's entries.
const REPORTS: &str = "REPORTS";
/// Queue of entries on their way to the reports.
const REPORTS_QUEUE: &str = "REPORTS_QUEUE";
/// Queue of entries on their way to the merchant's URL.
const WEBHOOK_QUEUE: &str = "WEBHOOK_QUEUE";

#[wasm_bindgen]
extern "C" {
    /// Another Worker, or the static assets.
    type Service;
    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Service, request: &Request) -> Result<Promise, JsValue>;

    type RateLimit;
    #[wasm_bindgen(method, catch)]
    fn limit(this: &RateLimit, options: &Object) -> Result<Promise, JsValue>;

    type Queue;
    #[wasm_bindgen(method, catch)]
    fn send(this: &Queue, message: &str, options: &Object) -> Result<Promise, JsValue>;
}

/// The objects that settle orders.
///
/// # Errors
///
/// [`SettingError`] when none are bound.
pub fn order_objects(env: &Env) -> Result<ObjectNamespace, SettingError> {
    env.durable_object(ORDERS).map_err(|_| wrong(ORDERS, OBJECTS.to_owned()))
}

/// The objects that count the uses of capped codes.
///
/// # Errors
///
/// [`SettingError`] when none are bound.
pub fn cap_objects(env: &Env) -> Result<ObjectNamespace, SettingError> {
    env.durable_object(CAPS).map_err(|_| wrong(CAPS, OBJECTS.to_owned()))
}

const OBJECTS: &str = "a namespace of Durable Objects to be bound, as wrangler.toml has it";

/// Whether orders can be recorded.
#[must_use]
pub fn has_ledger(env: &Env) -> bool {
    binding(env, ORDERS).is_some() && binding(env, CAPS).is_some()
}

/// The reports' database.
///
/// # Errors
///
/// [`SettingError`] when none is bound.
pub fn reports(env: &Env) -> Result<D1Database, SettingError> {
    env.d1(REPORTS).map_err(|_| wrong(REPORTS, "a D1 database to be bound".to_owned()))
}

/// Sends a message to the queue of a destination.
///
/// # Errors
///
/// When no queue is bound for it, or the queue does not take it.
pub async fn send(env: &Env, destination: Destination, message: &str) -> worker::Result<()> {
    let name = match destination {
        Destination::Reports => REPORTS_QUEUE,
        Destination::Webhook => WEBHOOK_QUEUE,
        Destination::Cap => return Err("uses go back without a queue".into()),
    };
    let bound = binding(env, name);
    let queue: Queue = bound.ok_or(format!("no queue is bound as {name}"))?.unchecked_into();
    let sending = queue.send(message, &object([("contentType", "text".into())]))?;
    JsFuture::from(sending).await.map(|_| ()).map_err(worker::Error::from)
}

/// The KV namespace of snapshots.
///
/// # Errors
///
/// [`SettingError`] when none is bound.
pub fn snapshots(env: &Env) -> Result<Namespace, SettingError> {
    let expected = || wrong(SNAPSHOTS, "a KV namespace to be bound".to_owned());
    binding(env, SNAPSHOTS).map(Namespace::new).ok_or_else(expected)
}

/// Whether this key may go on, or has asked too often. Without the binding, or when it fails, it
/// may: checkouts do not stop for a counter.
pub async fn limit_rate(env: &Env, key: &str) -> bool {
    let Some(binding) = binding(env, RATE_LIMIT) else { return true };
    let limiter: RateLimit = binding.unchecked_into();
    let Ok(asking) = limiter.limit(&object([("key", key.into())])) else { return true };
    let Ok(outcome) = JsFuture::from(asking).await else { return true };
    Reflect::get(&outcome, &"success".into()).map_or(true, |success| success.is_truthy())
}

/// Whether there is a rate limit.
#[must_use]
pub fn has_rate_limit(env: &Env) -> bool {
    binding(env, RATE_LIMIT).is_some()
}

/// The static asset that a request names; it is on its way when this returns.
///
/// # Errors
///
/// [`Failure::UnknownPath`] when no assets are bound.
pub fn asset(env: &Env, request: &Request) -> Result<Promise, Failure> {
    ask(env, ASSETS, request)
}

/// The answer of the Worker that keeps the catalogue; it is on its way when this returns.
///
/// # Errors
///
/// [`Failure::UnknownPath`] when none is bound.
pub fn admin(env: &Env, request: &Request) -> Result<Promise, Failure> {
    ask(env, ADMIN, request)
}

fn ask(env: &Env, name: &str, request: &Request) -> Result<Promise, Failure> {
    let service: Service = binding(env, name).ok_or(Failure::UnknownPath)?.unchecked_into();
    service.fetch(request).map_err(|error| Failure::Platform(error.into()))
}
