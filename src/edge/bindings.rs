//! What the Worker is bound to. The only file that spells a binding's name.
//!
//! - [`snapshots`], [`limit_rate`], [`asset`], [`order_objects`], [`cap_objects`], [`reports`] and
//!   [`send`] are the bindings, [`now`] is the clock.
//! - [`environment`] is all of it where no request brings it, [`wait_until`] does what no answer
//!   waits for.

use super::failure::Failure;
use super::kv::Namespace;
use super::ledger::Destination;
use super::settings::{SettingError, wrong};
use crate::platform::object;
use crate::time::UnixMillis;

use js_sys::futures::{JsFuture, future_to_promise};
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use worker::web_sys::Request;
use worker::{D1Database, Env, ObjectNamespace};

/// KV namespace with roots, manifests and shards.
const SNAPSHOTS: &str = "SNAPSHOTS";
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

#[wasm_bindgen(module = "cloudflare:workers")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = env)]
    static ENVIRONMENT: JsValue;

    #[wasm_bindgen(catch, js_name = waitUntil)]
    fn platform_wait_until(promise: &Promise) -> Result<(), JsValue>;
}

/// What the Worker is bound to, for calls that do not bring it.
#[must_use]
pub fn environment() -> Env {
    ENVIRONMENT.with(|environment| environment.clone().unchecked_into())
}

/// Keeps the isolate for something that the answer does not wait for.
pub fn wait_until(future: impl Future<Output = ()> + 'static) {
    let promise = future_to_promise(async {
        future.await;
        Ok(JsValue::UNDEFINED)
    });
    // Outside of a request it is refused; then the future has as long as the isolate lives.
    let _ = platform_wait_until(&promise);
}

#[wasm_bindgen]
extern "C" {
    type Assets;
    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Assets, request: &Request) -> Result<Promise, JsValue>;

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
    let binding = binding(env, ASSETS).ok_or(Failure::UnknownPath)?;
    let assets: Assets = binding.unchecked_into();
    assets.fetch(request).map_err(|error| Failure::Platform(error.into()))
}

/// The platform's clock. It stands still while the Worker computes.
#[must_use]
pub fn now() -> UnixMillis {
    UnixMillis(js_sys::Date::now() as i64)
}

fn binding(env: &Env, name: &str) -> Option<JsValue> {
    let binding = Reflect::get(env, &name.into()).ok()?;
    (!binding.is_undefined()).then_some(binding)
}

/// A setting as it was written; `None` when it is blank.
pub fn text(env: &Env, name: &str) -> Option<String> {
    binding(env, name)?.as_string().filter(|text| !text.trim().is_empty())
}
