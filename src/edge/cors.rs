//! Whose pages may ask, other than our own, and read the answer (CORS, as in
//! the Fetch standard).

use super::failure::Failure;

use worker::{Headers, Response, ResponseBuilder};

/// For how long a browser need not ask before it asks, in seconds; browsers take less.
const PREFLIGHT_MAX_AGE_S: &str = "86400";

/// Origins whose pages may ask.
#[derive(Debug, PartialEq, Eq)]
pub enum Origins {
    /// Every one.
    All,
    /// These.
    Listed(Vec<String>),
}

impl Origins {
    /// Reads origins separated by commas or white space; `*` is every one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let origins: Vec<String> = text
            .split(|c: char| c == ',' || c.is_whitespace())
            .map(|origin| origin.trim_end_matches('/').to_owned())
            .filter(|origin| !origin.is_empty())
            .collect();
        if origins.iter().any(|origin| origin == "*") {
            Origins::All
        } else {
            Origins::Listed(origins)
        }
    }

    /// Lets a page of an allowed origin read the response that these headers go with.
    ///
    /// # Errors
    ///
    /// When the platform refuses a header.
    pub fn admit(&self, origin: Option<&str>, headers: &Headers) -> worker::Result<()> {
        let allowed = |origin: &&str| match self {
            Origins::All => true,
            Origins::Listed(origins) => origins.iter().any(|listed| listed == origin),
        };
        if *self != Origins::Listed(Vec::new()) {
            headers.append("vary", "Origin")?;
        }
        if let Some(origin) = origin.filter(allowed) {
            headers.set("access-control-allow-origin", origin)?;
            headers.set("access-control-expose-headers", "retry-after, server-timing")?;
        }
        Ok(())
    }
}

/// The answer to a preflight: what a page may send. Tokens are not among it: they belong on
/// servers.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub fn preflight(methods: &str) -> Result<Response, Failure> {
    Ok(ResponseBuilder::new()
        .with_status(204)
        .with_header("access-control-allow-methods", methods)?
        .with_header("access-control-allow-headers", "content-type")?
        .with_header("access-control-max-age", PREFLIGHT_MAX_AGE_S)?
        .empty())
}
