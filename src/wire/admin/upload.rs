//! Bulk files: what becomes of them, row by row.

#[cfg(feature = "cli")]
use super::FaultFacts;
use super::query::{Page, limit, limit_default};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A bulk file, and how far it is.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct UploadFacts {
    /// Its id.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How far it is.
    pub state: UploadState,
    /// How many rows it has; null: not counted yet.
    pub rows_total: Option<u64>,
    /// How many rows are checked.
    pub rows_done: u64,
    /// How many can become codes.
    pub rows_ok: u64,
    /// How many of those are worth a look.
    pub warnings: u64,
    /// How many cannot.
    pub rows_bad: u64,
    /// Who gave it.
    pub by: String,
    /// When. Its codes are created as of then.
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub at: String,
    /// Until when it can be accepted; null once it is decided.
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub kept_until: Option<String>,
    /// Who accepted or discarded it.
    pub decided_by: Option<String>,
    /// When it was accepted.
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub accepted_at: Option<String>,
    /// Why the file as a whole was refused.
    #[cfg_attr(feature = "cli", schemars(with = "Vec<FaultFacts>"))]
    pub problems: Box<RawValue>,
    /// What is worth knowing about the file as a whole.
    #[cfg_attr(feature = "cli", schemars(with = "Vec<FaultFacts>"))]
    pub notices: Box<RawValue>,
}

/// How far a bulk file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Its rows are being checked.
    Checking,
    /// All rows are checked, and somebody has to decide.
    Previewed,
    /// Somebody has accepted it.
    Accepting,
    /// All its rows are codes.
    Accepted,
    /// The file as a whole cannot be read.
    Refused,
    /// None of its rows is a code, or will be.
    Discarded,
}

impl UploadState {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            UploadState::Checking => "checking",
            UploadState::Previewed => "previewed",
            UploadState::Accepting => "accepting",
            UploadState::Accepted => "accepted",
            UploadState::Refused => "refused",
            UploadState::Discarded => "discarded",
        }
    }
}

/// A row of a bulk file.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct RowFacts {
    /// The line where it begins, or its number in the sheet.
    pub line: u64,
    /// What it says as its code.
    pub code: String,
    /// What it will become.
    pub outcome: Outcome,
    /// What stands against it, or is worth knowing; `path` is the header of the column.
    #[cfg_attr(feature = "cli", schemars(with = "Vec<FaultFacts>"))]
    pub complaints: Box<RawValue>,
    /// What it says in each column.
    #[cfg_attr(feature = "cli", schemars(with = "Vec<(String, String)>"))]
    pub cells: Box<RawValue>,
}

/// What a row will become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A code.
    Ok,
    /// A code, of which something is worth knowing.
    Warned,
    /// None.
    Bad,
}

/// How a bulk file is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// The file's name.
    pub name: String,
}

/// What bulk files are listed with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadsQuery {
    #[serde(default = "limit_default", deserialize_with = "limit")]
    limit: u32,
    #[serde(default)]
    cursor: Option<String>,
}

/// What the rows of a bulk file are listed with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsQuery {
    /// Which rows.
    #[serde(default)]
    pub outcome: RowFilter,
    #[serde(default = "limit_default", deserialize_with = "limit")]
    limit: u32,
    #[serde(default)]
    cursor: Option<String>,
}

/// Which rows of a bulk file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowFilter {
    /// All.
    #[default]
    All,
    /// Those that can become codes and have nothing to be said about them.
    Ok,
    /// Those that are worth a look.
    Warned,
    /// Those that cannot.
    Bad,
}

impl UploadsQuery {
    /// Which page.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { limit: self.limit, cursor: self.cursor.as_deref() }
    }
}

impl RowsQuery {
    /// Which page.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { limit: self.limit, cursor: self.cursor.as_deref() }
    }
}
