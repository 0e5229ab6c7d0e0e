//! Requests for codes, as they are listed.

use serde::{Deserialize, Serialize};

/// What has become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequestStateName {
    /// Nobody has decided.
    New,
    /// There is a code, which has yet to begin.
    Approved,
    /// There is a code.
    Completed,
    /// There is none.
    Declined,
}

impl RequestStateName {
    /// The literal.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RequestStateName::New => "new",
            RequestStateName::Approved => "approved",
            RequestStateName::Completed => "completed",
            RequestStateName::Declined => "declined",
        }
    }
}

/// What a partner has asked for, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct RequestFacts {
    /// Its id.
    pub id: String,
    /// Id of the partner.
    pub partner: String,
    /// Id of the deal that the code is to stand for.
    pub deal: Option<String>,
    /// Suggested texts, the first most wanted.
    pub codes: Vec<String>,
    /// When it is needed.
    pub needed_by: Option<String>,
    /// Instructions.
    pub note: Option<String>,
    /// When it was asked.
    pub requested_at: String,
    /// What has become of it.
    pub state: RequestStateName,
    /// Id of the code that was made for it.
    pub code: Option<String>,
    /// What the partner is told.
    pub answer: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// One more with every change.
    pub version: u64,
    /// The programme's revision of its last change.
    pub revision: u64,
}
