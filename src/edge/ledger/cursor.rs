//! Where a page ends and the next begins, as a text that whoever reads page after page hands back
//! as it is.

use crate::wire::BadRequest;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What to ask for after a page of up to so many rows; `None` after the last.
///
/// # Errors
///
/// When the name of a row cannot be written.
pub fn next<R, N: Serialize>(
    page: &[R],
    count_max: usize,
    name: impl Fn(&R) -> N,
) -> worker::Result<Option<String>> {
    let last = page.last().filter(|_| page.len() >= count_max);
    let cursor = |last| Ok(BASE64.encode(serde_json::to_vec(&name(last))?));
    last.map(cursor).transpose()
}

/// The name of the row that a page comes after; `None` for the first page.
///
/// # Errors
///
/// [`BadRequest`] when the text is none of ours.
pub fn parse<N: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<N>, BadRequest> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = BASE64.decode(cursor).ok();
    let name = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    name.map(Some).ok_or_else(|| BadRequest {
        path: "after".to_owned(),
        expected: "`next` of the page before".to_owned(),
        got: cursor.to_owned(),
        remedy: Some("leave it out for the first page"),
    })
}
