//! URLs as the platform reads them, which is how a browser reads them (the WHATWG's URL standard):
//! what is judged here is what will be followed.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// A parsed URL. Its parts are normalised: the host in small letters and ASCII, no default
    /// port, no control characters, `\` as `/`.
    #[wasm_bindgen(js_name = URL)]
    #[derive(Debug)]
    pub type Url;

    #[wasm_bindgen(constructor, js_class = "URL", catch)]
    fn new(text: &str, base: Option<&str>) -> Result<Url, JsValue>;

    /// All of it.
    #[wasm_bindgen(method, getter)]
    pub fn href(this: &Url) -> String;

    /// The scheme, with its colon.
    #[wasm_bindgen(method, getter)]
    pub fn protocol(this: &Url) -> String;

    /// Scheme, host and port.
    #[wasm_bindgen(method, getter)]
    pub fn origin(this: &Url) -> String;

    /// Host and port.
    #[wasm_bindgen(method, getter)]
    pub fn host(this: &Url) -> String;

    /// The path.
    #[wasm_bindgen(method, getter)]
    pub fn pathname(this: &Url) -> String;

    /// The query, with its question mark.
    #[wasm_bindgen(method, getter)]
    pub fn search(this: &Url) -> String;

    #[wasm_bindgen(method, getter)]
    fn username(this: &Url) -> String;

    #[wasm_bindgen(method, getter)]
    fn password(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_name = searchParams)]
    fn search_params(this: &Url) -> SearchParams;

    type SearchParams;

    #[wasm_bindgen(method)]
    fn get(this: &SearchParams, name: &str) -> Option<String>;
}

impl Url {
    /// Reads an absolute URL.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Url::new(text, None).ok()
    }

    /// Reads a URL as a link that stands on this page.
    #[must_use]
    pub fn join(&self, text: &str) -> Option<Self> {
        Url::new(text, Some(&self.href())).ok()
    }

    /// Whether it leads to a page, and says nobody's name or password to it.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        matches!(&*self.protocol(), "http:" | "https:")
            && self.username().is_empty()
            && self.password().is_empty()
    }

    /// Every parameter of the query, in order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        let pairs = js_sys::Array::from(&self.search_params());
        let part = |pair: &js_sys::Array, at| pair.get(at).as_string().unwrap_or_default();
        let pair = |pair: JsValue| {
            let pair = js_sys::Array::from(&pair);
            (part(&pair, 0), part(&pair, 1))
        };
        pairs.iter().map(pair).collect()
    }

    /// The first value that the query gives a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.search_params().get(name)
    }
}
