//! What has been published, as the people who keep the catalogue are told.

use serde::{Deserialize, Serialize};

/// Where a programme stands, and what has been published of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Publications {
    /// Where it stands.
    pub state: PublicationState,
    /// What was published, the latest first.
    pub items: Vec<PublicationFacts>,
    /// Asks for the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// What readers see, against what the catalogue says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct PublicationState {
    /// The revision of the programme.
    pub revision: u64,
    /// The revision that is published; null: nothing is yet. Readers elsewhere have it within a
    /// root's greatest age, half a minute, and what KV takes to spread it.
    pub live_revision: Option<u64>,
    /// The generation of the root in force.
    pub generation: Option<u64>,
    /// The manifest in force.
    pub manifest: Option<String>,
    /// How long ago that was published, in milliseconds.
    pub age_ms: Option<u64>,
    /// Who wanted an earlier publication back: edits are kept back until publishing is resumed.
    pub held: Option<HeldFacts>,
    /// How far everything is folded into a new base, while that is under way.
    pub folding: Option<FoldingFacts>,
    /// Why the last try to publish failed; it is tried again every few seconds.
    pub trouble: Option<String>,
}

/// That edits are kept back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct HeldFacts {
    /// The generation that did it.
    pub generation: u64,
    /// Who wanted it.
    pub by: String,
    /// When.
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub at: String,
}

/// That everything is being folded into a new base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct FoldingFacts {
    /// How much is done,
    pub done: u64,
    /// of how much.
    pub total: u64,
    /// Whether edits wait for it: there are more of them than fit beside what is published.
    pub is_awaited: bool,
}

/// A root that was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct PublicationFacts {
    /// Its generation.
    pub generation: u64,
    /// When.
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub at: String,
    /// Whose edit was the last in it.
    pub by: String,
    /// `delta`: changes over a manifest; `refresh`: a manifest over the same shards; `base`: a
    /// manifest with shards; `rollback`: an earlier root.
    pub kind: &'static str,
    /// The manifest.
    pub manifest: String,
    /// The revision of the programme that it shows.
    pub revision: u64,
    /// How many values were written to KV for it.
    pub put_count: u64,
    /// Their bytes.
    pub size: u64,
    /// Whether it can be rolled back to. What has been out of force for a day is not kept.
    pub is_kept: bool,
}

/// Which publication is wanted back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RollbackRequest {
    /// Its generation.
    pub generation: u64,
}

/// Which page of the publications.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublicationsQuery {
    /// The `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
}
