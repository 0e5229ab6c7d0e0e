//! What may be said beside a request by whoever calls without HTTP.

use super::BadRequest;
use super::read;
use crate::time::UnixMillis;

use serde::Deserialize;

/// What another Worker says beside its request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallOptions {
    /// What the clock is to say, for the question and for a receipt. Left out: what it says.
    #[serde(default, deserialize_with = "read::instant")]
    pub at: Option<UnixMillis>,
    /// The program that is asked. May be left out when there is only one.
    #[serde(default)]
    pub program: Option<String>,
    /// Decide, and record nothing. For orders.
    #[serde(default)]
    pub dry_run: bool,
}

impl CallOptions {
    /// Reads options from JSON.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when it is no JSON, has a field that is not known, or a value is out of
    /// bounds; its path begins with `options`.
    pub fn parse(json: &[u8]) -> Result<Self, BadRequest> {
        read::whole_object(json).map_err(|bad: BadRequest| {
            let path = match bad.path.as_str() {
                "$" => "options".to_owned(),
                field => format!("options.{field}"),
            };
            BadRequest { path, ..bad }
        })
    }
}
