//! HTTP: bodies in, JSON out, failures as problem documents.
//!
//! - [`read_body`] reads a request up to [`BODY_SIZE_MAX`].
//! - [`json`] and [`cacheable`] are answers, [`finish`] is what all of them carry.
//! - [`Failure`] is everything that is no answer; one `match` gives each its status.

use super::auth::Scope;
use super::bindings;
use super::cors::Origins;
use super::ledger::Outcome;
use super::settings::SettingError;
use super::snapshots::Trouble;
use crate::snapshot::{ContentId, SnapshotError};
use crate::wire::{BadRequest, EntryError, Problem, Undecided};

use js_sys::futures::JsFuture;
use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsCast;
use worker::web_sys::{self, ReadableStreamDefaultReader};
use worker::{Env, Request, Response, ResponseBuilder, console_error};

/// Largest request, in bytes: an order of 500 items and 1,000 clicks fits several times.
pub const BODY_SIZE_MAX: usize = 256 << 10;

/// When to ask again after too many requests: the longer of the two periods that the platform
/// counts over.
const RATE_RETRY_AFTER_S: u32 = 60;

/// When to ask again while there is no snapshot: a publication takes about that long.
const SNAPSHOT_RETRY_AFTER_S: u32 = 5;

/// When to ask the ledger again: an object that was moved or restarted is back within that.
const LEDGER_RETRY_AFTER_S: u32 = 1;

/// Of a response that sets a cookie: nobody keeps it for anybody else.
pub const NOT_SHARED: &str = "private, no-store";

/// Everything that is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The request cannot be understood.
    BadRequest(BadRequest),
    /// The body was cut off on its way.
    BodyCutOff,
    /// There is an `Authorization` header, but not with a token of this program.
    Unauthenticated,
    /// The token is not for this.
    OutOfScope {
        /// The scope that is asked for.
        needed: Scope,
    },
    /// No program is configured for this host.
    UnknownHost,
    /// Nothing is called by this path.
    UnknownPath,
    /// The path exists, for other methods.
    MethodNotAllowed {
        /// The methods, as the `Allow` header lists them.
        allow: &'static str,
    },
    /// The body is larger than [`BODY_SIZE_MAX`].
    TooLarge,
    /// This address has asked too often.
    TooMany,
    /// No snapshot can be used, and none was before.
    NoSnapshot(Trouble),
    /// An order of this name is recorded otherwise.
    OrderExists(Outcome),
    /// No order of this name is recorded.
    UnknownOrder,
    /// An order is not adjusted: it has been reversed, or would be worth more than it is.
    NotAdjusted {
        /// The stable name of what stands against it.
        outcome: String,
        /// The amount that is too large.
        field: Option<String>,
    },
    /// The ledger does not answer. Whether it heard is not known; it can be asked again.
    LedgerUnavailable(worker::Error),
    /// The shop behind the Worker does not answer.
    ShopUnreachable(worker::Error),
    /// The Worker is not set up.
    Misconfigured(SettingError),
    /// The platform failed.
    Platform(worker::Error),
}

impl Failure {
    /// The document that tells the caller; what no caller can mend is logged. `instance` is what
    /// was asked.
    #[must_use]
    pub fn problem(self, instance: &str) -> Problem {
        if let Some(said) = self.report() {
            console_error!("{instance}: {said}");
        }
        Problem { instance: Some(instance.to_owned()), ..self.document() }
    }

    fn document(self) -> Problem {
        let (status, name, title, detail) = match self {
            Failure::BadRequest(bad) => return bad.problem(),
            Failure::BodyCutOff => {
                (400, "body-cut-off", "The body did not arrive whole", "send it again".to_owned())
            }
            Failure::Unauthenticated => (
                401,
                "unauthenticated",
                "The token is not known",
                "expected a bearer token of this program, or no header where shoppers may ask"
                    .to_owned(),
            ),
            Failure::OutOfScope { needed } => (
                403,
                "out-of-scope",
                "The token is not for this",
                format!("expected a token with the scope {}", needed.name()),
            ),
            Failure::UnknownHost => (
                404,
                "unknown-host",
                "No program answers at this host",
                "the Worker's setting PROGRAMS says which hosts there are".to_owned(),
            ),
            Failure::UnknownPath => (
                404,
                "unknown-path",
                "Nothing is called by this path",
                "/openapi.json says what there is".to_owned(),
            ),
            Failure::MethodNotAllowed { allow } => (
                405,
                "method-not-allowed",
                "This path is for other methods",
                format!("expected {allow}"),
            ),
            Failure::TooLarge => (
                413,
                "too-large",
                "The body is too large",
                format!("expected at most {BODY_SIZE_MAX} bytes"),
            ),
            Failure::TooMany => (
                429,
                "too-many-requests",
                "This address asks too often",
                format!("ask again in {RATE_RETRY_AFTER_S} seconds"),
            ),
            Failure::NoSnapshot(trouble) => {
                (503, "no-snapshot", "There is no snapshot to answer from", trouble.to_string())
            }
            Failure::ShopUnreachable(_) => (
                502,
                "shop-unreachable",
                "The shop does not answer",
                "nothing is known of what became of the request".to_owned(),
            ),
            Failure::OrderExists(outcome) => return order_exists(outcome),
            Failure::UnknownOrder => (
                404,
                "unknown-order",
                "No such order is recorded",
                "record it by POST /v1/credit first, and name it with its event type".to_owned(),
            ),
            Failure::NotAdjusted { outcome, field } => return not_adjusted(&outcome, field),
            Failure::LedgerUnavailable(_) => (
                503,
                "ledger-unavailable",
                "The ledger does not answer",
                "send the same again: what was recorded is not recorded twice".to_owned(),
            ),
            Failure::Misconfigured(error) => {
                (500, "misconfigured", "The Worker is not set up", error.to_string())
            }
            Failure::Platform(error) => (500, "platform", "The platform failed", error.to_string()),
        };
        Problem::new(status, name, title, detail)
    }

    /// What the operator is to be told of: what no caller can mend.
    fn report(&self) -> Option<String> {
        match self {
            Failure::NoSnapshot(trouble) => Some(trouble.to_string()),
            Failure::Misconfigured(error) => Some(error.to_string()),
            Failure::ShopUnreachable(error)
            | Failure::LedgerUnavailable(error)
            | Failure::Platform(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// A header that goes with the status.
    fn header(&self) -> Option<(&'static str, String)> {
        match self {
            Failure::Unauthenticated => Some(("www-authenticate", "Bearer".to_owned())),
            Failure::MethodNotAllowed { allow } => Some(("allow", (*allow).to_owned())),
            Failure::TooMany => Some(("retry-after", RATE_RETRY_AFTER_S.to_string())),
            Failure::NoSnapshot(_) => Some(("retry-after", SNAPSHOT_RETRY_AFTER_S.to_string())),
            Failure::LedgerUnavailable(_) => {
                Some(("retry-after", LEDGER_RETRY_AFTER_S.to_string()))
            }
            _ => None,
        }
    }

    /// The problem document as a response.
    ///
    /// # Errors
    ///
    /// When the platform refuses to make one.
    pub fn respond(self, path: &str) -> worker::Result<Response> {
        let header = self.header();
        let problem = self.problem(path);
        let body = serde_json::to_vec(&problem)?;
        let response = ResponseBuilder::new()
            .with_status(problem.status)
            .with_header("content-type", "application/problem+json")?
            .with_header("cache-control", "no-store")?
            .fixed(body);
        if let Some((name, value)) = header {
            response.headers().set(name, &value)?;
        }
        Ok(response)
    }
}

fn order_exists(Outcome { outcome, field, recorded, claimed, .. }: Outcome) -> Problem {
    let said = |said: Option<String>| said.unwrap_or_else(|| "nothing".to_owned());
    let field = field.unwrap_or_default();
    let detail = format!("{outcome}: an order is recorded once, as it was first sent");
    let remedy = "send the order as it was, or give another order another order_id";
    Problem {
        path: Some(field),
        expected: Some(said(recorded)),
        got: Some(said(claimed)),
        remedy: Some(remedy.to_owned()),
        ..Problem::new(409, "order-exists", "The order is recorded otherwise", detail)
    }
}

fn not_adjusted(outcome: &str, field: Option<String>) -> Problem {
    let (detail, remedy) = match field {
        None => ("it has been reversed: nothing is left to refund", None),
        Some(_) => (
            "it would be worth more than it is: a refund leaves less, and an older one that comes \
             late is not repeated",
            Some("send what is left of the order after all refunds so far"),
        ),
    };
    Problem {
        path: field,
        remedy: remedy.map(str::to_owned),
        ..Problem::new(
            409,
            "not-adjusted",
            "The order is not adjusted",
            format!("{outcome}: {detail}"),
        )
    }
}

impl From<EntryError> for Failure {
    fn from(error: EntryError) -> Self {
        Failure::Platform(error.to_string().into())
    }
}

impl From<BadRequest> for Failure {
    fn from(bad: BadRequest) -> Self {
        Failure::BadRequest(bad)
    }
}

impl From<Undecided> for Failure {
    fn from(undecided: Undecided) -> Self {
        match undecided {
            Undecided::BadRequest(bad) => Failure::BadRequest(bad),
            Undecided::Unreadable(error) => error.into(),
        }
    }
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Failure::Misconfigured(error)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Failure::NoSnapshot(trouble)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::Platform(error.into())
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        Failure::NoSnapshot(Trouble::Unreadable(error))
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Failure::Platform(error)
    }
}

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
