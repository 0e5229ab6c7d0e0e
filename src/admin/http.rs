//! HTTP: queries and cursors in, JSON out, and what every answer carries.

use super::failure::Failure;
use super::store::Store;
use crate::catalog::{Complaint, ComplaintKind, Place, shape};
use crate::platform::http::{DATA_POLICY, respond};
use crate::platform::url::Url;
use crate::snapshot::ContentId;
use crate::wire::admin::Page;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::stream::TryStream;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use worker::{Response, ResponseBuilder};

/// An answer as JSON, never stored on its way. `Server-Timing` says how many rows it cost.
///
/// # Errors
///
/// When it cannot be written.
pub fn json<T: Serialize>(status: u16, answer: &T, store: &Store) -> Result<Response, Failure> {
    let body = serde_json::to_vec(answer)?;
    let response = respond(status, "application/json", "no-store", body)?;
    let rows = format!("d1-rows;desc=\"{}\"", store.rows_read());
    response.headers().set("server-timing", &rows)?;
    Ok(response)
}

/// An answer that is sent as it is made, never stored on its way.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub fn streamed<S>(kind: &str, parts: S) -> Result<Response, Failure>
where
    S: TryStream<Ok = Vec<u8>, Error = worker::Error> + 'static,
{
    let response = ResponseBuilder::new().with_header("content-type", kind)?;
    Ok(response.with_header("cache-control", "no-store")?.from_stream(parts)?)
}

/// A file of CSV, to be kept under a name.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub fn csv<S>(lines: S, name: &str) -> Result<Response, Failure>
where
    S: TryStream<Ok = Vec<u8>, Error = worker::Error> + 'static,
{
    let response = streamed("text/csv; charset=utf-8", lines)?;
    let name: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c)).collect();
    let disposition = format!("attachment; filename=\"{name}\"");
    response.headers().set("content-disposition", &disposition)?;
    Ok(response)
}

/// Adds what every response carries: that it is nothing but data.
///
/// # Errors
///
/// When the platform refuses a header.
pub fn finish(response: &Response) -> worker::Result<()> {
    let headers = response.headers();
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("content-security-policy", DATA_POLICY)
}

/// A part of a path, decoded; `None` when it is no text.
#[must_use]
pub fn decoded(part: &str) -> Option<String> {
    js_sys::decode_uri_component(part).ok().map(String::from)
}

/// A page's end as it is handed out: nobody need know what is in it.
///
/// # Errors
///
/// When it cannot be written.
pub fn encode_cursor<T: Serialize>(end: &T) -> serde_json::Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(end)?))
}

/// A page's end as it was handed out.
#[must_use]
pub fn decode_cursor<T: DeserializeOwned>(cursor: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

/// Where the page before ended; `None` on the first.
///
/// # Errors
///
/// A complaint about a cursor that was not handed out.
pub fn end_before<T: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<T>, Failure> {
    let decoded = |cursor| {
        let expected = "the next_cursor of the page before";
        let wrong = || fault("?cursor", expected, cursor, "leave it out for the first page");
        decode_cursor(cursor).ok_or_else(wrong)
    };
    cursor.map(decoded).transpose()
}

/// Leaves of the rows that were found, one more than the page holds, those of the page, and says
/// by which cursor it goes on, if it does.
///
/// # Errors
///
/// When the cursor cannot be written.
pub fn cut<R, E: Serialize>(
    rows: &mut Vec<R>,
    page: Page<'_>,
    end: impl FnOnce(&R) -> E,
) -> serde_json::Result<Option<String>> {
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| has_more).map(|last| encode_cursor(&end(last))).transpose()
}

/// The query of a URL as one object, so that it is read as bodies are.
///
/// # Errors
///
/// A complaint about a parameter that stands there twice, and whatever
/// [`shape::read`] complains of.
pub fn query<T: DeserializeOwned>(url: &Url) -> Result<T, Failure> {
    let mut fields = Map::new();
    for (name, value) in url.parameters() {
        if fields.insert(name.clone(), Value::String(value.clone())).is_some() {
            return Err(fault(&format!("?{name}"), "it once", &value, "leave the second one out"));
        }
    }
    Ok(shape::read(&Value::Object(fields).to_string())?)
}

/// What names something by what it is made of: 32 hexadecimal digits.
#[must_use]
pub fn digest(parts: &[&str]) -> String {
    ContentId::of(parts.join("\0").as_bytes()).to_string().chars().take(32).collect()
}

/// One fault of a request.
#[must_use]
pub fn fault(path: &str, expected: &str, got: &str, remedy: &str) -> Failure {
    let place = Place { source: "request".into(), line: 1, column: None, field: path.to_owned() };
    let (expected, got, remedy) = (expected.to_owned(), got.to_owned(), remedy.to_owned());
    Failure::Faults(vec![Complaint { kind: ComplaintKind::Shape, place, expected, got, remedy }])
}
