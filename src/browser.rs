//! The face that every shopper's page loads: what a text is.
//!
//! Values cross as plain properties, without serde: it would weigh more than all the rest.

use crate::check_symbol;
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

/// Whether a text ends in the check symbol of generated codes. False for a text that cannot be a
/// code; true of one code in 26 that has none, so it says nothing about those of other makes.
#[wasm_bindgen(js_name = checkSymbolHolds)]
#[must_use]
pub fn check_symbol_holds(text: &str) -> bool {
    let typed = TypedCode::parse(text, nfkc);
    typed.is_ok_and(|typed| check_symbol::holds(check_symbol::PLAIN, typed.as_str()))
}
