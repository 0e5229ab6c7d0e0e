//! The face that every shopper's page loads: what a text is.
//!
//! Values cross as plain properties, without serde: it would weigh more than all the rest.

use crate::code::TypedCode;

use js_sys::{JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

/// What a text is: `{code}`, in its normal form, or `{malformed}` with the rule that it breaks.
#[wasm_bindgen(js_name = checkCode)]
#[must_use]
pub fn check_code(text: &str) -> Object {
    match TypedCode::parse(text, nfkc) {
        Ok(typed) => object([("code", typed.as_str().into())]),
        Err(malformed) => object([("malformed", malformed.name().into())]),
    }
}

/// Unicode normalisation as the platform does it.
pub(crate) fn nfkc(text: &str) -> String {
    JsString::from(text).normalize("NFKC").into()
}

/// A plain object with these properties.
pub(crate) fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in &fields {
        set(&object, name, value);
    }
    object
}

/// Sets a property of a plain object.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    let is_set = Reflect::set(object, &name.into(), value);
    debug_assert!(is_set.is_ok(), "a plain object takes every property");
}
