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
    #[wasm_bindgen(method, catch)]
    fn delete(this: &KvNamespace, key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn list(this: &KvNamespace, options: &Object) -> Result<Promise, JsValue>;

    type Listed;
    #[wasm_bindgen(method, getter)]
    fn keys(this: &Listed) -> Vec<ListedKey>;
    /// None on the last page.
    #[wasm_bindgen(method, getter)]
    fn cursor(this: &Listed) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = list_complete)]
    fn is_last(this: &Listed) -> bool;

    type ListedKey;
    #[wasm_bindgen(method, getter)]
    fn name(this: &ListedKey) -> String;
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

    /// Deletes a value, if there is one. Readers elsewhere may have it for a minute or so.
    ///
    /// # Errors
    ///
    /// What the platform said went wrong.
    pub async fn delete(&self, key: &str) -> Result<(), String> {
        let deleting = self.kv.delete(key).map(JsFuture::from);
        async { deleting?.await }.await.map(drop).map_err(|error| describe(&error))
    }

    /// All keys that begin so.
    ///
    /// # Errors
    ///
    /// What the platform said went wrong.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, String> {
        let mut names = Vec::new();
        let mut cursor = JsValue::NULL;
        loop {
            let options = object([("prefix", prefix.into()), ("cursor", cursor)]);
            let listing = self.kv.list(&options).map(JsFuture::from);
            let listed = async { listing?.await }.await.map_err(|error| describe(&error))?;
            let listed: Listed = listed.unchecked_into();
            names.extend(listed.keys().iter().map(ListedKey::name));
            match listed.cursor().filter(|_| !listed.is_last()) {
                Some(next) => cursor = next.into(),
                None => return Ok(names),
            }
        }
    }

    /// How many reads this request has begun.
    #[must_use]
    pub fn read_count(&self) -> u32 {
        self.read_count.get()
    }
}
