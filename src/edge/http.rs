//! HTTP: bodies in, JSON out.
//!
//! - [`read_body`] reads a request up to [`BODY_SIZE_MAX`].
//! - [`json`] and [`cacheable`] are answers, [`finish`] is what all of them carry.

use super::cors::Origins;
use super::failure::Failure;
use crate::platform::http::{self, DATA_POLICY, Unread, respond};
use crate::snapshot::ContentId;
use crate::wire::BadRequest;

use js_sys::Promise;
use js_sys::futures::JsFuture;
use serde::Serialize;
use wasm_bindgen::JsCast;
use worker::web_sys;
use worker::{Request, Response, ResponseBuilder};

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
    http::read_body(request, BODY_SIZE_MAX).await.map_err(|unread| match unread {
        Unread::TooLarge => Failure::TooLarge,
        Unread::CutOff => Failure::BodyCutOff,
        Unread::Platform(error) => Failure::Platform(error),
    })
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

/// What somebody else answers, as it comes, with headers that can be added to.
///
/// # Errors
///
/// When there is no answer.
pub async fn handed_on(answering: Promise) -> Result<Response, Failure> {
    let answer = JsFuture::from(answering).await;
    let answer: web_sys::Response = answer.map_err(worker::Error::from)?.unchecked_into();
    let response = Response::from(answer);
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
    headers.set("content-security-policy", DATA_POLICY)?;
    origins.map_or(Ok(()), |origins| origins.admit(origin, headers))
}
