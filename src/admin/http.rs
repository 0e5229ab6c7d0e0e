//! HTTP: JSON out, and what every answer carries.

use super::failure::Failure;
use super::store::Store;
use crate::platform::http::{DATA_POLICY, respond};

use serde::Serialize;
use worker::Response;

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
