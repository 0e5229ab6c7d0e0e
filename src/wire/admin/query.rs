//! What lists are asked with, and the history.

use super::code::{CodeFilter, SortName, StateName};
use super::request::RequestStateName;
use crate::catalog::literal::{CodeKindName, CreditPolicyName, MatchTypeName};
use crate::time::UnixMillis;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Most things of one page.
pub const LIMIT_MAX: u32 = 500;

const LIMIT_DEFAULT: u32 = 100;

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<'a> {
    /// How many things.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<&'a str>,
}

impl Page<'_> {
    /// As many rows as say whether there is another page.
    #[must_use]
    pub fn limit_and_one(&self) -> u32 {
        self.limit.saturating_add(1)
    }
}

/// What codes are listed with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodesQuery {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    state: Option<StateName>,
    #[serde(default)]
    deal: Option<String>,
    #[serde(default)]
    kind: Option<CodeKindName>,
    #[serde(default)]
    credit_policy: Option<CreditPolicyName>,
    #[serde(default)]
    match_type: Option<MatchTypeName>,
    #[serde(default)]
    upload: Option<String>,
    /// What they are sorted by.
    #[serde(default)]
    pub sort: SortName,
    /// Whether the sort goes down.
    #[serde(default, deserialize_with = "yes_or_no")]
    pub desc: bool,
    #[serde(default = "limit_default", deserialize_with = "limit")]
    limit: u32,
    #[serde(default)]
    cursor: Option<String>,
}

/// What other things are listed with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityQuery {
    /// What the id or the name holds.
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default = "limit_default", deserialize_with = "limit")]
    limit: u32,
    #[serde(default)]
    cursor: Option<String>,
}

/// What requests for codes are listed with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestQuery {
    /// What became of them.
    #[serde(default)]
    pub state: Option<RequestStateName>,
    /// Id of the partner.
    #[serde(default)]
    pub partner: Option<String>,
    #[serde(default = "limit_default", deserialize_with = "limit")]
    limit: u32,
    #[serde(default)]
    cursor: Option<String>,
}

/// What the history is asked with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Kind of thing.
    #[serde(default)]
    pub entity: Option<String>,
    /// Its id.
    #[serde(default)]
    pub id: Option<String>,
    /// Who did it.
    #[serde(default)]
    pub who: Option<String>,
    /// The first instant.
    #[serde(default, deserialize_with = "crate::wire::instant")]
    pub since: Option<UnixMillis>,
    /// The first instant no longer.
    #[serde(default, deserialize_with = "crate::wire::instant")]
    pub until: Option<UnixMillis>,
    #[serde(default = "limit_default", deserialize_with = "limit")]
    limit: u32,
    #[serde(default)]
    cursor: Option<String>,
}

/// Something that was done.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct AuditFacts {
    /// Rises with time.
    pub id: u64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What, such as `expire`.
    pub action: String,
    /// To what kind of thing.
    pub entity: String,
    /// Its id.
    pub entity_id: String,
    /// As it was; null: it was created.
    pub before: Option<Value>,
    /// As it was then. Instants of codes are milliseconds since 1970.
    pub after: Value,
    /// The programme's revision.
    pub revision: u64,
}

impl CodesQuery {
    /// What the codes have in common.
    #[must_use]
    pub fn filter(&self) -> CodeFilter {
        let CodesQuery { text, owner, state, deal, kind, .. } = self.clone();
        let CodesQuery { credit_policy, match_type, upload, .. } = self.clone();
        CodeFilter { text, owner, state, deal, kind, credit_policy, match_type, upload }
    }

    /// Which page.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { limit: self.limit, cursor: self.cursor.as_deref() }
    }
}

impl EntityQuery {
    /// Which page.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { limit: self.limit, cursor: self.cursor.as_deref() }
    }
}

impl RequestQuery {
    /// Which page.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { limit: self.limit, cursor: self.cursor.as_deref() }
    }
}

impl AuditQuery {
    /// Which page.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { limit: self.limit, cursor: self.cursor.as_deref() }
    }
}

pub(super) fn limit_default() -> u32 {
    LIMIT_DEFAULT
}

pub(super) fn limit<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    const _: () = assert!(LIMIT_MAX == 500, "the words below say so");
    let text = String::deserialize(from)?;
    let limit = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
    let expected = "a whole number from 1 to 500";
    limit.ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &expected))
}

fn yes_or_no<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    match String::deserialize(from)?.as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(D::Error::invalid_value(Unexpected::Str(other), &"true or false")),
    }
}
