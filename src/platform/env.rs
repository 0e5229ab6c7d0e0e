//! What a Worker is bound to, as far as every Worker is bound so: settings, the clock, and time
//! after the answer.
//!
//! - [`text`] and [`binding`] look a name up; [`SettingError`] is why one does not do.
//! - [`now`] is the clock.
//! - [`environment`] is all of it where no request brings it, [`wait_until`] does what no answer
//!   waits for.

use crate::time::UnixMillis;

use js_sys::futures::future_to_promise;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use worker::Env;

use std::fmt;

#[wasm_bindgen(module = "cloudflare:workers")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = env)]
    static ENVIRONMENT: JsValue;

    #[wasm_bindgen(catch, js_name = waitUntil)]
    fn platform_wait_until(promise: &Promise) -> Result<(), JsValue>;
}

/// Why a Worker cannot work as it is set. Never quotes a value: some are secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// Which setting or binding.
    pub name: &'static str,
    /// What it should be.
    pub expected: String,
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

/// The platform's clock. It stands still while the Worker computes.
#[must_use]
pub fn now() -> UnixMillis {
    UnixMillis(js_sys::Date::now() as i64)
}

/// What is bound by a name.
#[must_use]
pub fn binding(env: &Env, name: &str) -> Option<JsValue> {
    let binding = Reflect::get(env, &name.into()).ok()?;
    (!binding.is_undefined()).then_some(binding)
}

/// A setting as it was written; `None` when it is blank.
#[must_use]
pub fn text(env: &Env, name: &str) -> Option<String> {
    binding(env, name)?.as_string().filter(|text| !text.trim().is_empty())
}

/// A setting that is missing or cannot be read.
#[must_use]
pub fn wrong(name: &'static str, expected: String) -> SettingError {
    SettingError { name, expected }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the Worker's setting {}: expected {}", self.name, self.expected)
    }
}

impl std::error::Error for SettingError {}
