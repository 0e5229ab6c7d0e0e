//! What partners ask for, and what a manager answers.

use crate::catalog::literal::{CreditPolicyName, MatchTypeName};

use schemars::JsonSchema;
use serde::Deserialize;

/// Most codes that one request suggests.
pub const SUGGESTION_COUNT_MAX: usize = 20;

/// Longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 2_000;

/// What a partner asks for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    /// Id of the deal that the code is to stand for.
    #[serde(default)]
    pub deal: Option<String>,
    /// Suggested texts, the first most wanted.
    #[schemars(length(min = 1, max = SUGGESTION_COUNT_MAX))]
    pub codes: Vec<String>,
    /// When it is needed.
    #[serde(default)]
    pub needed_by: Option<String>,
    /// Instructions.
    #[serde(default)]
    #[schemars(length(max = NOTE_CHARS_MAX))]
    pub note: Option<String>,
}

/// The code that a partner is to have.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Of the request that was read.
    pub version: u64,
    /// The text, or the regular expression.
    pub code: String,
    /// When the partner is credited.
    #[serde(default)]
    pub credit_policy: Option<CreditPolicyName>,
    /// How typed codes are compared with it.
    pub match_type: MatchTypeName,
    /// Id of the deal it stands for; left out: the one that was asked for.
    #[serde(default, deserialize_with = "super::edit::given")]
    pub deal: Option<Option<String>>,
    /// First instant it is active; null: at once.
    #[serde(default)]
    pub start_at: Option<String>,
    /// First instant it is no longer active, or the last day; null: for ever.
    #[serde(default)]
    pub end_at: Option<String>,
    /// IANA name of the zone of its dates.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// What the partner is told.
    #[serde(default)]
    #[schemars(length(max = NOTE_CHARS_MAX))]
    pub note: Option<String>,
}

/// Why a partner is to have none.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decline {
    /// Of the request that was read.
    pub version: u64,
    /// What the partner is told.
    #[serde(default)]
    #[schemars(length(max = NOTE_CHARS_MAX))]
    pub note: Option<String>,
}

impl Approval {
    /// The code's body, as one that is created: the partner's, and of the deal that was asked for
    /// where none is named.
    #[must_use]
    pub fn code(&self, partner: &str, asked_deal: Option<&str>) -> String {
        let deal = self.deal.clone().unwrap_or_else(|| asked_deal.map(str::to_owned));
        serde_json::json!({
            "code": self.code,
            "match_type": self.match_type,
            "credit_policy": self.credit_policy,
            "owner": partner,
            "deal": deal,
            "start_at": self.start_at,
            "end_at": self.end_at,
            "time_zone": self.time_zone,
        })
        .to_string()
    }
}
