//! What the JavaScript platform does for every face that runs on it.
//!
//! `env`, `http`, `kv`, `objects`, `per_program`, `storage` and `url` are what Workers have in
//! common.

#[cfg(any(feature = "admin", feature = "edge"))]
pub mod env;
#[cfg(any(feature = "admin", feature = "edge"))]
pub mod http;
#[cfg(any(feature = "admin", feature = "edge"))]
pub mod kv;
#[cfg(any(feature = "admin", feature = "edge"))]
pub mod objects;
#[cfg(any(feature = "admin", feature = "edge"))]
pub mod per_program;
#[cfg(any(feature = "admin", feature = "edge"))]
pub mod storage;
#[cfg(any(feature = "admin", feature = "edge"))]
pub mod url;
#[cfg(feature = "admin")]
pub mod watch;

use js_sys::{JsString, Object, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue};

/// Unicode normalisation as the platform does it.
pub fn nfkc(text: &str) -> String {
    JsString::from(text).normalize("NFKC").into()
}

/// A plain object with these properties.
pub fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, &value);
    }
    object
}

/// Sets a property of a plain object.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let is_set = Reflect::set(object, &name.into(), value);
    debug_assert!(is_set.is_ok(), "a plain object takes every property");
}

/// What an error of the platform's says.
#[must_use]
pub fn describe(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| error.message().into());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "an error without a message".to_owned())
}
