//! Workers KV, read without copying into the module's memory, and written.

use crate::platform::{describe, object};

use js_sys::futures::JsFuture;
use js_sys::{ArrayBuffer, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

use std::cell::Cell;

#[wasm_bindgen]
extern "C" {
    #[derive(Debug, Clone)]
    type KvNamespace;
    #[wasm_bindgen(method, catch)]
    fn get(this: &KvNamespace, key: &str, options: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(this: &KvNamespace, key: &str, value: &Uint8Array) -> Result<Promise, JsValue>;
}

/// A KV namespace, as one request reads it.
#[derive(Debug)]
pub struct Namespace {
    kv: KvNamespace,
    read_count: Cell<u32>,
}

impl Namespace {
    /// The namespace that is bound so.
    #[must_use]
    pub fn new(binding: JsValue) -> Self {
        Namespace { kv: binding.unchecked_into(), read_count: Cell::new(0) }
    }

    /// Begins to read a value; `None` when there is none by this key. The edge may answer from its
    /// own copy for `cache_ttl_s` seconds.
    ///
    /// The read is on its way when this returns: several can be, before the first is awaited.
    ///
    /// # Errors
    ///
    /// What the platform said went wrong.
    pub fn get(
        &self,
        key: &str,
        cache_ttl_s: u32,
    ) -> impl Future<Output = Result<Option<ArrayBuffer>, String>> + 'static {
        self.read_count.set(self.read_count.get().saturating_add(1));
        let options = object([("type", "arrayBuffer".into()), ("cacheTtl", cache_ttl_s.into())]);
        let reading = self.kv.get(key, &options).map(JsFuture::from);
        async move {
            let value = async { reading?.await }.await.map_err(|error| describe(&error))?;
            Ok(value.dyn_into::<ArrayBuffer>().ok())
        }
    }

    /// Writes a value. Readers elsewhere may have the one before for a minute or so.
    ///
    /// # Errors
    ///
    /// What the platform said went wrong.
    pub async fn put(&self, key: &str, value: &[u8]) -> Result<(), String> {
        // A copy, never a view of the module's memory: views go stale when it grows.
        let writing = self.kv.put(key, &Uint8Array::from(value)).map(JsFuture::from);
        async { writing?.await }.await.map(drop).map_err(|error| describe(&error))
    }

    /// How many reads this request has begun.
    #[must_use]
    pub fn read_count(&self) -> u32 {
        self.read_count.get()
    }
}
