//! HTTP: bodies in, JSON out.
//!
//! - [`read_body`] reads a request up to [`BODY_SIZE_MAX`].
//! - [`json`] and [`cacheable`] are answers, [`finish`] is what all of them carry.

use super::bindings;
use super::cors::Origins;
use super::failure::Failure;
use crate::snapshot::ContentId;
use crate::wire::BadRequest;

use js_sys::futures::JsFuture;
use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsCast;
use worker::web_sys::{self, ReadableStreamDefaultReader};
use worker::{Env, Request, Response, ResponseBuilder};

/// Largest request, in bytes: an order of 500 items and 1,000 clicks fits several times.
pub const BODY_SIZE_MAX: usize = 256 << 10;

/// Of a response that sets a cookie: nobody keeps it for anybody else.
pub const NOT_SHARED: &str = "private, no-store";

/// The body of a request.
///
/// # Errors
///
/// [`Failure::TooLarge`] beyond [`BODY_SIZE_MAX`], without reading the rest;
/// [`Failure::BodyCutOff`].
pub async fn read_body(request: &mut Request) -> Result<Vec<u8>, Failure> {
    let announced = request.headers().get("content-length")?;
    match announced.and_then(|size| size.parse::<usize>().ok()) {
        Some(size) if size > BODY_SIZE_MAX => Err(Failure::TooLarge),
        // The platform reads no more than was announced.
        Some(_) => request.bytes().await.map_err(|_| Failure::BodyCutOff),
        None => read_chunks(request).await,
    }
}

/// Whether a request asks to decide and to record nothing: `dry_run=1` in its query.
///
/// # Errors
///
/// [`Failure::BadRequest`] when it says anything else there: an order is not recorded by mistake.
pub fn is_dry_run(request: &Request) -> Result<bool, Failure> {
    let url = request.inner().url();
    let (_, query) = url.split_once('?').unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut said = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let refused = |got: String| {
        let remedy = Some("leave it out to record the order");
        let (path, expected) = ("?dry_run".to_owned(), "1".to_owned());
        Failure::BadRequest(BadRequest { path, expected, got, remedy })
    };
    said.try_fold(false, |_, said| match said {
        ("dry_run", "1") => Ok(true),
        (name, value) => Err(refused(format!("{name}={value}"))),
    })
}

async fn read_chunks(request: &Request) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let Some(stream) = request.inner().body() else { return Ok(body) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| Failure::BodyCutOff)?;
        let value = Reflect::get(&chunk, &"value".into()).map_err(|_| Failure::BodyCutOff)?;
        let Ok(bytes) = value.dyn_into::<Uint8Array>() else { return Ok(body) };
        let size = usize::try_from(bytes.length()).unwrap_or(usize::MAX);
        if body.len().saturating_add(size) > BODY_SIZE_MAX {
            // The answer is on its way; nobody waits for the stream to end.
            let _ = reader.cancel();
            return Err(Failure::TooLarge);
        }
        body.extend(bytes.to_vec());
    }
}

/// An answer as JSON, never stored on its way. `Server-Timing` says how many reads from KV it cost.
///
/// # Errors
///
/// When it cannot be written.
pub fn json<T: Serialize>(
    status: u16,
    answer: &T,
    kv_read_count: u32,
) -> Result<Response, Failure> {
    let body = serde_json::to_vec(answer)?;
    let response = respond(status, "application/json", "no-store", body)?;
    response.headers().set("server-timing", &format!("kv-reads;desc=\"{kv_read_count}\""))?;
    Ok(response)
}

/// Says how old the snapshot was, beside a body that is the same on every face.
///
/// # Errors
///
/// When the platform refuses the header.
pub fn add_snapshot_age(response: &Response, age_ms: u64) -> worker::Result<()> {
    response.headers().append("server-timing", &format!("snapshot-age;dur={age_ms}"))
}

/// Bytes of a media type that change seldom: cached for a minute by whoever likes, then asked for
/// again by their content.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub fn cacheable(
    request: &Request,
    kind: &str,
    bytes: &[u8],
    id: &ContentId,
) -> Result<Response, Failure> {
    const CACHED: &str = "public, max-age=60";
    let etag = format!("\"{id}\"");
    let known = request.headers().get("if-none-match")?.unwrap_or_default();
    // A proxy that compresses makes the tag weak; it still names the same bytes.
    let is_known = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag;
    let response = if known.split(',').map(str::trim).any(is_known) {
        ResponseBuilder::new().with_status(304).with_header("cache-control", CACHED)?.empty()
    } else {
        respond(200, kind, CACHED, bytes.to_vec())?
    };
    response.headers().set("etag", &etag)?;
    Ok(response)
}

fn respond(status: u16, kind: &str, cache: &str, body: Vec<u8>) -> Result<Response, Failure> {
    let response = ResponseBuilder::new().with_status(status);
    Ok(response.with_header("content-type", kind)?.with_header("cache-control", cache)?.fixed(body))
}

/// A response that leads on, never stored on its way: each click is one.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub fn redirect(to: &str, cookie: Option<&str>) -> Result<Response, Failure> {
    let response = ResponseBuilder::new().with_status(302).with_header("location", to)?;
    let response = response.with_header("cache-control", NOT_SHARED)?.empty();
    if let Some(cookie) = cookie {
        response.headers().append("set-cookie", cookie)?;
    }
    Ok(response)
}

/// The static asset that a request names, with headers that can be added to.
///
/// # Errors
///
/// When no assets are bound, or they cannot be read.
pub async fn asset(env: &Env, request: &Request) -> Result<Response, Failure> {
    let asset = JsFuture::from(bindings::asset(env, request.inner())?).await;
    let asset: web_sys::Response = asset.map_err(worker::Error::from)?.unchecked_into();
    let response = Response::from(asset);
    let headers = response.headers().clone();
    Ok(response.with_headers(headers))
}

/// Adds what every response carries: that it is nothing but data, and who may read it.
///
/// # Errors
///
/// When the platform refuses a header.
pub fn finish(
    response: &Response,
    origin: Option<&str>,
    origins: Option<&Origins>,
) -> worker::Result<()> {
    let headers = response.headers();
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'")?;
    origins.map_or(Ok(()), |origins| origins.admit(origin, headers))
}
