//! What the contests in workerd are between: look-ups in a snapshot, and a peer compiled to the
//! same wasm.

mod decide;

use promo_edge::code::{Folding, TypedCode};
use promo_edge::snapshot::{Bundle, HashKey, OutOfBounds, Shards, Snapshot, SnapshotError, Source};

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;

use std::collections::HashMap;

/// What a look-up that finds nothing returns.
const NONE: i32 = -1;

/// A snapshot whose shards lie in the module's memory, as the validator module has them.
#[wasm_bindgen]
pub struct Inside {
    snapshot: Snapshot<Vec<u8>>,
    shards: Vec<Vec<u8>>,
}

/// A snapshot whose shards lie in JavaScript buffers, as the Worker has them.
#[wasm_bindgen]
pub struct Outside {
    snapshot: Snapshot<Vec<u8>>,
    shards: Buffers,
}

/// The usual way in Rust: JSON into a hash map.
#[wasm_bindgen]
pub struct JsonMap(HashMap<String, String>);

#[wasm_bindgen]
impl Inside {
    /// Opens a snapshot that comes in one piece.
    pub fn open(bundle: &[u8]) -> Result<Inside, JsError> {
        let bundle = Bundle::open(bundle)?;
        let shards = shards(&bundle).map(<[u8]>::to_vec).collect();
        Ok(Inside { snapshot: open(bundle.manifest())?, shards })
    }

    /// The terms of an exact code, by index.
    pub fn find(&self, text: &str) -> i32 {
        find_exact(&self.snapshot, &self.shards, text)
    }

    /// The terms of the first pattern that matches, by index.
    pub fn find_pattern(&self, text: &str) -> i32 {
        let Some(code) = typed(text) else { return NONE };
        let found = self.snapshot.find_patterns(&code).unwrap_throw();
        found.first().map_or(NONE, |&terms| terms as i32)
    }

    /// Every pattern that matches, counted from 0 in the order in which they were created.
    pub fn find_patterns(&self, text: &str) -> Vec<u32> {
        let Some(code) = typed(text) else { return Vec::new() };
        let found = self.snapshot.find_patterns(&code).unwrap_throw();
        let created = |terms| self.snapshot.terms(terms).unwrap_throw().created_at.0;
        found.into_iter().map(|terms| created(terms) as u32 - 1).collect()
    }
}

#[wasm_bindgen]
impl Outside {
    /// Opens a snapshot that comes in one piece.
    pub fn open(bundle: &[u8]) -> Result<Outside, JsError> {
        let bundle = Bundle::open(bundle)?;
        let buffers = shards(&bundle).map(|shard| Buffer(Uint8Array::from(shard).buffer()));
        Ok(Outside { snapshot: open(bundle.manifest())?, shards: Buffers(buffers.collect()) })
    }

    /// The terms of an exact code, by index.
    pub fn find(&self, text: &str) -> i32 {
        find_exact(&self.snapshot, &self.shards, text)
    }
}

#[wasm_bindgen]
impl JsonMap {
    /// Reads an object of strings.
    pub fn open(json: &str) -> Result<JsonMap, JsError> {
        Ok(JsonMap(serde_json::from_str(json)?))
    }

    /// Whether the map has the text, as 0 or -1.
    pub fn find(&self, text: &str) -> i32 {
        if self.0.contains_key(text) { 0 } else { NONE }
    }
}

/// Opens a manifest and says how many shards it has.
#[wasm_bindgen]
pub fn open_manifest(manifest: &[u8]) -> Result<usize, JsError> {
    Ok(Snapshot::open(manifest, HashKey::PUBLIC)?.shard_count())
}

/// The manifest of a snapshot that comes in one piece.
#[wasm_bindgen]
pub fn manifest_of(bundle: &[u8]) -> Result<Vec<u8>, JsError> {
    Ok(Bundle::open(bundle)?.manifest().to_vec())
}

fn open(manifest: &[u8]) -> Result<Snapshot<Vec<u8>>, SnapshotError> {
    Snapshot::open(manifest.to_vec(), HashKey::PUBLIC)
}

fn shards<'a>(bundle: &'a Bundle<'_>) -> impl Iterator<Item = &'a [u8]> {
    (0..bundle.shard_count()).filter_map(|index| bundle.get(index))
}

fn typed(text: &str) -> Option<TypedCode> {
    TypedCode::parse(text, str::to_owned).ok()
}

fn find_exact<S: Shards>(snapshot: &Snapshot<Vec<u8>>, shards: &S, text: &str) -> i32 {
    let Some(code) = typed(text) else { return NONE };
    let mut first = NONE;
    let folded = code.fold(Folding::default());
    snapshot.find_exact(&folded, shards, |terms| first = terms as i32).unwrap_throw();
    first
}

struct Buffers(Vec<Buffer>);

struct Buffer(ArrayBuffer);

impl Shards for Buffers {
    type Source = Buffer;

    fn get(&self, index: usize) -> Option<&Buffer> {
        self.0.get(index)
    }
}

impl Source for Buffer {
    fn size(&self) -> usize {
        self.0.byte_length() as usize
    }

    fn read<'a>(&'a self, offset: usize, into: &'a mut [u8]) -> Result<&'a [u8], OutOfBounds> {
        let (at, size) = (offset as u32, into.len() as u32);
        Uint8Array::new_with_byte_offset_and_length(&self.0, at, size).copy_to(into);
        Ok(into)
    }
}
