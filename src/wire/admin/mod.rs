//! What the people who keep the catalogue send and are told. Codes, deals, partners and lists have
//! the shapes in which they are authored ([`authored`](crate::catalog::authored)); here is what
//! stands around them.

mod code;
mod csv;
mod pattern;
mod query;
mod request;
mod snapshots;
mod upload;

use super::Problem;
use crate::catalog::Complaint;
use crate::time::{Schedule, ScheduleState, UnixMillis};

pub use code::{
    BulkAnswer, BulkEdit, CodeFacts, CodeFilter, ConflictFacts, IDS_COUNT_MAX, SortName, StateName,
    Unchanged,
};
pub use csv::{code_line, csv_header, error_header, error_line};
pub use pattern::{ExactOverlap, Overlaps, OverlapsRequest, PatternOverlap};
pub use query::{AuditFacts, AuditQuery, CodesQuery, EntityQuery, LIMIT_MAX, Page, RequestQuery};
pub use request::{RequestFacts, RequestStateName};
use serde::{Deserialize, Serialize};
use serde_json::Value;
pub use snapshots::{
    FoldingFacts, HeldFacts, PublicationFacts, PublicationState, Publications, PublicationsQuery,
    RollbackRequest,
};
use std::borrow::Cow;
pub use upload::{
    Outcome, RowFacts, RowFilter, RowsQuery, UploadFacts, UploadQuery, UploadState, UploadsQuery,
};

/// A programme that a token opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ProgramName {
    /// Its id.
    pub id: String,
    /// What people call it; null: it has no catalogue yet.
    pub name: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct List<T> {
    /// What is on the page.
    pub items: Vec<T>,
    /// Asks for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// How many there are on all pages; null when they were not counted.
    pub total: Option<u64>,
}

impl<T> List<T> {
    /// A list of one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        let total = u64::try_from(items.len()).ok();
        List { items, next_cursor: None, total }
    }
}

/// Something wrong with a request, or worth knowing about a good one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct FaultFacts {
    /// The stable name of what kind of thing.
    pub kind: Cow<'static, str>,
    /// Path in the body, such as `contracts[0].end_at`; `$` is the whole of it.
    pub path: String,
    /// What may stand there.
    pub expected: String,
    /// What does.
    pub got: String,
    /// What to do about it.
    pub remedy: String,
}

impl From<&Complaint> for FaultFacts {
    fn from(complaint: &Complaint) -> Self {
        let Complaint { kind, place, expected, got, remedy } = complaint.clone();
        let path = if place.field.is_empty() { "$".to_owned() } else { place.field };
        FaultFacts { kind: kind.name().into(), path, expected, got, remedy }
    }
}

/// What was written, as it is now, and what there is to be said about it.
#[derive(Debug, Clone, Serialize)]
pub struct Written<T> {
    /// The thing.
    #[serde(flatten)]
    pub item: T,
    /// What does not stand against it.
    pub warnings: Vec<FaultFacts>,
}

/// A problem document with everything that is wrong, not the first of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// The document.
    #[serde(flatten)]
    pub problem: Problem,
    /// Every fault of the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FaultFacts>,
    /// The codes that stand in its way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<ConflictFacts>,
    /// What has been edited since it was read, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Refusal { problem, errors: Vec::new(), conflicts: Vec::new(), current: None }
    }
}

/// `pending`, `active` or `expired`, by a document's own dates.
#[must_use]
pub fn state_of(document: &serde_json::Map<String, Value>, now: UnixMillis) -> &'static str {
    let date = |name| {
        let text = document.get(name).and_then(Value::as_str)?;
        text.parse().ok().map(|at: jiff::Timestamp| UnixMillis(at.as_millisecond()))
    };
    state_name(Schedule { start_at: date("start_at"), end_at: date("end_at") }.state_at(now))
}

/// The stable name of a state.
#[must_use]
pub fn state_name(state: ScheduleState) -> &'static str {
    match state {
        ScheduleState::Pending => "pending",
        ScheduleState::Active => "active",
        ScheduleState::Expired => "expired",
    }
}
