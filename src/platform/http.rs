//! HTTP as every Worker speaks it: bodies in, bytes and problem documents out.
//!
//! - [`method`] is what is wanted, [`read_body`] reads a request up to a size; [`Unread`] is why
//!   not.
//! - [`respond`] and [`problem`] are answers.

use js_sys::futures::JsFuture;
use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsCast;
use worker::web_sys::ReadableStreamDefaultReader;
use worker::{Method, Request, Response, ResponseBuilder};

/// What a response carries that holds nothing but data: no page may run or frame it.
pub const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Why a body was not read.
#[derive(Debug)]
pub enum Unread {
    /// It is larger than it may be.
    TooLarge,
    /// It was cut off on its way.
    CutOff,
    /// The platform failed.
    Platform(worker::Error),
}

/// The method of a request. The library takes those that it does not know, such as `QUERY`, for
/// GET; here they are TRACE, which no path takes.
#[must_use]
pub fn method(request: &Request) -> Method {
    match request.method() {
        Method::Get if !request.inner().method().eq_ignore_ascii_case("GET") => Method::Trace,
        known => known,
    }
}

/// The body of a request, of `size_max` bytes at most.
///
/// # Errors
///
/// [`Unread::TooLarge`] beyond that, without reading the rest; [`Unread::CutOff`].
pub async fn read_body(request: &mut Request, size_max: usize) -> Result<Vec<u8>, Unread> {
    let announced = request.headers().get("content-length").map_err(Unread::Platform)?;
    match announced.and_then(|size| size.parse::<usize>().ok()) {
        Some(size) if size > size_max => Err(Unread::TooLarge),
        // The platform reads no more than was announced.
        Some(_) => request.bytes().await.map_err(|_| Unread::CutOff),
        None => read_chunks(request, size_max).await,
    }
}

async fn read_chunks(request: &Request, size_max: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    let Some(stream) = request.inner().body() else { return Ok(body) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| Unread::CutOff)?;
        let value = Reflect::get(&chunk, &"value".into()).map_err(|_| Unread::CutOff)?;
        let Ok(bytes) = value.dyn_into::<Uint8Array>() else { return Ok(body) };
        let size = usize::try_from(bytes.length()).unwrap_or(usize::MAX);
        if body.len().saturating_add(size) > size_max {
            // The answer is on its way; nobody waits for the stream to end.
            let _ = reader.cancel();
            return Err(Unread::TooLarge);
        }
        body.extend(bytes.to_vec());
    }
}

/// Bytes of a media type, and who may keep them.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub fn respond(status: u16, kind: &str, cache: &str, body: Vec<u8>) -> worker::Result<Response> {
    let response = ResponseBuilder::new().with_status(status);
    Ok(response.with_header("content-type", kind)?.with_header("cache-control", cache)?.fixed(body))
}

/// A problem document, with the header that goes with its status.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub fn problem<T: Serialize>(
    status: u16,
    problem: &T,
    header: Option<(&'static str, String)>,
) -> worker::Result<Response> {
    let body = serde_json::to_vec(problem)?;
    let response = respond(status, "application/problem+json", "no-store", body)?;
    if let Some((name, value)) = header {
        response.headers().set(name, &value)?;
    }
    Ok(response)
}
