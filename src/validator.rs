//! The face that answers from a whole snapshot in Node or on a merchant's page. It holds every
//! code, so it is never for a shopper's page.

use crate::crediting::Uses;
use crate::platform::{nfkc, set};
use crate::snapshot::{
    Bundle, ContentId, ContentMismatch, ReaderKey, Root, Snapshot, SnapshotError,
};
use crate::time::UnixMillis;
use crate::validation;
use crate::wire::{
    BadRequest, Caller, Order, SnapshotFacts, Undecided, ValidateAnswer, ValidateRequest, Verdict,
};

use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A whole snapshot, as `promo build --bundle` writes it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Validator {
    bundle: Vec<u8>,
    key: ReaderKey,
    root: Root,
}

#[wasm_bindgen]
impl Validator {
    /// Opens a bundle with its program's reader key (`per1_...`). Checks the root's signature and
    /// that the manifest is the one it names, which reads the manifest once.
    ///
    /// # Errors
    ///
    /// An `Error` when the text is no reader key, the bytes are no bundle with a root that this
    /// version reads, or they do not belong together.
    pub fn open(bundle: Vec<u8>, key: &str) -> Result<Validator, JsError> {
        let key = ReaderKey::parse(key)?;
        let root = read_root(&Bundle::open(&bundle)?, &key)?;
        Ok(Validator { bundle, key, root })
    }

    /// Answers a request in the shape of a trusted `POST /v1/validate`, judged at its `placed_at`,
    /// else at `at`, else now. A string is taken as the request's JSON.
    ///
    /// # Errors
    ///
    /// An `Error` when the request cannot be understood; its `problem` is the document that the
    /// Worker sends.
    pub fn validate(
        &self,
        request: &JsValue,
        at: Option<js_sys::Date>,
    ) -> Result<JsValue, JsValue> {
        self.answer(request, at, Caller::Trusted)
    }

    /// What a shopper who asks this is told.
    ///
    /// # Errors
    ///
    /// As [`Validator::validate`], and for fields that are not a shopper's to send.
    #[wasm_bindgen(js_name = validateForShopper)]
    pub fn validate_for_shopper(
        &self,
        request: &JsValue,
        at: Option<js_sys::Date>,
    ) -> Result<JsValue, JsValue> {
        self.answer(request, at, Caller::Shopper)
    }

    /// Decides an order in the shape of `POST /v1/credit`; records nothing. A string is taken as
    /// the order's JSON. Its `click_path` cannot be verified here and is passed over.
    ///
    /// # Errors
    ///
    /// As [`Validator::validate`].
    pub fn credit(&self, order: &JsValue) -> Result<JsValue, JsValue> {
        let order = Order::parse(json(order).as_bytes()).map_err(bad)?;
        let bundle = Bundle::open(&self.bundle).map_err(unreadable)?;
        let snapshot = self.snapshot(&bundle)?;
        let from = (&snapshot, &bundle, self.root.manifest);
        match Verdict::decide(&order, None, from, nfkc, Uses::Left) {
            Ok(verdict) => value(&verdict.answer),
            Err(Undecided::BadRequest(refused)) => Err(bad(refused)),
            Err(Undecided::Unreadable(error)) => Err(unreadable(error)),
        }
    }

    fn snapshot<'a>(&self, bundle: &Bundle<'a>) -> Result<Snapshot<&'a [u8]>, JsValue> {
        Snapshot::open(bundle.manifest(), self.key.hash_key().clone()).map_err(unreadable)
    }

    fn answer(
        &self,
        request: &JsValue,
        at: Option<js_sys::Date>,
        caller: Caller,
    ) -> Result<JsValue, JsValue> {
        let now = millis(at.map_or_else(js_sys::Date::now, |at| at.get_time()));
        let request = ValidateRequest::parse(json(request).as_bytes(), caller).map_err(bad)?;
        let at = request.at(now);
        let bundle = Bundle::open(&self.bundle).map_err(unreadable)?;
        let snapshot = self.snapshot(&bundle)?;
        let program = snapshot.program().map_err(unreadable)?;
        let question = request.question(&program, nfkc).map_err(bad)?;
        let answer = validation::validate(&snapshot, &bundle, &question, at).map_err(unreadable)?;
        let facts = SnapshotFacts {
            id: self.root.manifest.to_string(),
            age_ms: u64::try_from(now.0.saturating_sub(self.root.built_at.0)).unwrap_or(0),
        };
        value(&ValidateAnswer::new(&answer, caller, facts))
    }
}

fn read_root(bundle: &Bundle<'_>, key: &ReaderKey) -> Result<Root, SnapshotError> {
    let root = Root::decode(bundle.root().ok_or(SnapshotError::NotA { object: "root" })?, key)?;
    ContentMismatch::check("manifest", root.manifest, ContentId::of(bundle.manifest()))?;
    Ok(root)
}

/// The request goes through the one reader that every face has, which refuses what it does not
/// know. What cannot be written as JSON is read as nothing, which that reader refuses.
fn json(request: &JsValue) -> String {
    let text = || js_sys::JSON::stringify(request).ok().and_then(|text| text.as_string());
    request.as_string().or_else(text).unwrap_or_default()
}

fn millis(date: f64) -> UnixMillis {
    UnixMillis(date as i64)
}

/// The answer as an object. By way of JSON, which takes less of a module than a serialiser of its
/// own, and gives the bytes that every face gives.
fn value(answer: &impl Serialize) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(answer).map_err(JsError::from)?;
    js_sys::JSON::parse(&text)
}

fn bad(request: BadRequest) -> JsValue {
    let error = js_sys::Error::new(&request.to_string());
    match value(&request.problem()) {
        Ok(problem) => set(&error, "problem", &problem),
        Err(failure) => return failure,
    }
    error.into()
}

fn unreadable(error: SnapshotError) -> JsValue {
    JsError::from(error).into()
}
