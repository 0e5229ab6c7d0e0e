//! The shards that an isolate holds: JavaScript buffers, outside the memory of the module, which
//! never shrinks. A look-up copies the one block that it reads.
//!
//! - [`Shards`] is the shards that a request's look-ups need, all there.
//! - [`digest`] is how an object from KV is checked against its name.

use super::snapshots::Trouble;
use crate::platform::kv::Namespace;
use crate::snapshot::{self, ContentId, ContentMismatch, OutOfBounds, SnapshotError, Source};

use js_sys::futures::JsFuture;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use std::cell::RefCell;
use std::collections::BTreeMap;

/// How long the edge may answer for an object from its own copy, in seconds. What an object holds
/// never changes, but whether it is there does: KV keeps an absence as long as a value, and a
/// location that asked before the object arrived would go without it. The isolate holds what it
/// has read, so that little is gained by more.
pub const OBJECT_CACHE_TTL_S: u32 = 60;

/// A shard, or any object from KV, where JavaScript keeps it.
#[derive(Debug, Clone)]
pub struct Buffer {
    buffer: ArrayBuffer,
    size: usize,
}

/// The shards that look-ups need, by their index in the manifest.
#[derive(Debug, Clone, Default)]
pub struct Shards(Vec<(usize, Buffer)>);

/// Shards by their content, the least recently used of which make room for others. Shared by all
/// programs.
#[derive(Debug, Default)]
struct Cache {
    shards: BTreeMap<ContentId, Held>,
    size: usize,
    clock: u64,
}

#[derive(Debug)]
struct Held {
    shard: Buffer,
    used_at: u64,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

impl Buffer {
    /// Wraps a buffer.
    #[must_use]
    pub fn new(buffer: ArrayBuffer) -> Self {
        let size = usize::try_from(buffer.byte_length()).unwrap_or(usize::MAX);
        Buffer { buffer, size }
    }

    /// All of its bytes, copied.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        Uint8Array::new(&self.buffer).to_vec()
    }

    /// Checks that the bytes are those that an id names.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::ContentMismatch`] when they are others.
    pub async fn require(&self, object: &'static str, expected: ContentId) -> Result<(), Trouble> {
        let got = digest(&self.buffer).await?;
        ContentMismatch::check(object, expected, got).map_err(Trouble::Unreadable)
    }
}

impl Source for Buffer {
    fn size(&self) -> usize {
        self.size
    }

    fn read<'a>(&'a self, offset: usize, into: &'a mut [u8]) -> Result<&'a [u8], OutOfBounds> {
        let end = offset.checked_add(into.len()).ok_or(OutOfBounds)?;
        if end > self.size {
            return Err(OutOfBounds);
        }
        let at = u32::try_from(offset).map_err(|_| OutOfBounds)?;
        let size = u32::try_from(into.len()).map_err(|_| OutOfBounds)?;
        // A copy, never a view of the module's memory: views go stale when it grows.
        Uint8Array::new_with_byte_offset_and_length(&self.buffer, at, size).copy_to(into);
        Ok(into)
    }
}

impl snapshot::Shards for Shards {
    type Source = Buffer;

    fn get(&self, index: usize) -> Option<&Buffer> {
        self.0.iter().find(|(held, _)| *held == index).map(|(_, shard)| shard)
    }
}

impl Shards {
    /// Gathers the shards that look-ups need, each named once: those held cost nothing, the others
    /// are read from KV together, checked, and held from then on.
    ///
    /// # Errors
    ///
    /// [`Trouble`] when one of them is not there, is not what its name says, or KV does not answer.
    pub async fn load(
        kv: &Namespace,
        indexes: &[usize],
        id_of: impl Fn(usize) -> Result<ContentId, SnapshotError>,
        cache_size_max: usize,
    ) -> Result<Self, Trouble> {
        let mut shards = Shards::default();
        let mut reading = Vec::new();
        for &index in indexes {
            let id = id_of(index)?;
            match CACHE.with_borrow_mut(|cache| cache.get(&id)) {
                Some(shard) => shards.0.push((index, shard)),
                None => reading.push((index, id, kv.get(&key_of(id), OBJECT_CACHE_TTL_S))),
            }
        }
        for (index, id, read) in reading {
            let value = read.await.map_err(Trouble::Platform)?;
            let value = value.ok_or_else(|| Trouble::Absent { key: key_of(id) })?;
            let shard = Buffer::new(value);
            shard.require("shard", id).await?;
            CACHE.with_borrow_mut(|cache| cache.put(id, shard.clone(), cache_size_max));
            shards.0.push((index, shard));
        }
        Ok(shards)
    }
}

impl Cache {
    fn get(&mut self, id: &ContentId) -> Option<Buffer> {
        self.clock = self.clock.wrapping_add(1);
        let held = self.shards.get_mut(id)?;
        held.used_at = self.clock;
        Some(held.shard.clone())
    }

    fn put(&mut self, id: ContentId, shard: Buffer, size_max: usize) {
        self.size = self.size.saturating_add(shard.size);
        let held = Held { shard, used_at: self.clock };
        if let Some(replaced) = self.shards.insert(id, held) {
            self.size = self.size.saturating_sub(replaced.shard.size);
        }
        while self.size > size_max && self.shards.len() > 1 {
            let oldest = self.shards.iter().min_by_key(|(_, held)| held.used_at);
            let Some(id) = oldest.map(|(id, _)| *id) else { return };
            if let Some(dropped) = self.shards.remove(&id) {
                self.size = self.size.saturating_sub(dropped.shard.size);
            }
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = digest)]
    fn subtle_digest(algorithm: &str, bytes: &ArrayBuffer) -> Result<Promise, JsValue>;
}

/// SHA-256 by the platform: at its own speed, where the bytes are.
async fn digest(bytes: &ArrayBuffer) -> Result<ContentId, Trouble> {
    let failed = |_| Trouble::Platform("the platform could not compute a digest".to_owned());
    let digest = JsFuture::from(subtle_digest("SHA-256", bytes).map_err(failed)?).await;
    let mut id = [0; 32];
    let digest = Uint8Array::new(&digest.map_err(failed)?);
    if digest.length() == 32 {
        digest.copy_to(&mut id);
    }
    Ok(ContentId(id))
}

fn key_of(shard: ContentId) -> String {
    format!("s/{shard}")
}
