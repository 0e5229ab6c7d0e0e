//! The face that answers from a whole snapshot in Node or on a merchant's page. It holds every
//! code, so it is never for a shopper's page.

use crate::browser::nfkc;
use crate::snapshot::{Bundle, ContentId, ReaderKey, Root, Snapshot, SnapshotError};
use crate::time::UnixMillis;
use crate::validation;
use crate::wire::{Caller, SnapshotFacts, ValidateAnswer, ValidateRequest};

use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// A whole snapshot, as `promo build` bundles it.
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
    /// else at `at`, else now.
    ///
    /// # Errors
    ///
    /// An `Error` that names the field when the request cannot be understood.
    pub fn validate(
        &self,
        request: &JsValue,
        at: Option<js_sys::Date>,
    ) -> Result<JsValue, JsError> {
        let request = ValidateRequest::parse(json(request)?.as_bytes(), Caller::Trusted)?;
        let now = millis(at.map_or_else(js_sys::Date::now, |at| at.get_time()));
        let at = request.at(now);
        let bundle = Bundle::open(&self.bundle)?;
        let snapshot = Snapshot::open(bundle.manifest(), self.key.hash_key().clone())?;
        let question = request.question(&snapshot.program()?, nfkc)?;
        let answer = validation::validate(&snapshot, &bundle, &question, at)?;
        let facts = SnapshotFacts {
            id: self.root.manifest.to_string(),
            age_ms: age_ms(self.root.built_at, now),
        };
        let answer = ValidateAnswer::new(&answer, Caller::Trusted, facts);
        Ok(answer.serialize(&Serializer::json_compatible())?)
    }
}

fn read_root(bundle: &Bundle<'_>, key: &ReaderKey) -> Result<Root, SnapshotError> {
    let root = Root::decode(bundle.root().ok_or(SnapshotError::NotA { object: "root" })?, key)?;
    let (expected, got) = (root.manifest, ContentId::of(bundle.manifest()));
    if expected == got {
        Ok(root)
    } else {
        Err(SnapshotError::ContentMismatch { object: "manifest", expected, got })
    }
}

/// serde-wasm-bindgen passes over unknown fields; JSON goes through the one reader that every face
/// has.
fn json(request: &JsValue) -> Result<String, JsError> {
    let text = js_sys::JSON::stringify(request).ok().and_then(|text| text.as_string());
    text.ok_or_else(|| JsError::new("expected a request as an object, got no JSON"))
}

fn millis(date: f64) -> UnixMillis {
    UnixMillis(date as i64)
}

fn age_ms(built_at: UnixMillis, now: UnixMillis) -> u64 {
    u64::try_from(now.0.saturating_sub(built_at.0)).unwrap_or(0)
}
