//! The face that every shopper's page loads: what a text is.
//!
//! Values cross as plain properties, without serde: it would weigh more than all the rest.

use crate::code::TypedCode;
use crate::platform::{nfkc, object};

use js_sys::Object;
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
