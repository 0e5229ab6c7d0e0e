//! What operators are told.

use super::SnapshotFacts;
use crate::time::UnixMillis;

use serde::Serialize;

/// Whether a Worker can answer, and from what.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Health {
    /// `ok`, or `unavailable` when there is no snapshot to answer from.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["ok", "unavailable"])))]
    pub status: &'static str,
    /// The Worker's version.
    pub version: &'static str,
    /// The program that answers at this host.
    pub program: String,
    /// The snapshot that answers; null when there is none.
    pub snapshot: Option<SnapshotHealth>,
    /// Why the last look for a newer snapshot changed nothing; null when nothing was wrong.
    pub trouble: Option<String>,
    /// Whether shoppers' requests are limited: `on`, or `off` when no limit is configured.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["on", "off"])))]
    pub rate_limit: &'static str,
    /// Whether decisions come with a signed receipt: `on`, or `off` when no key signs.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["on", "off"])))]
    pub receipts: &'static str,
    /// Whether clicks are recorded: `on`, or `off` when no key to sign them is configured.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["on", "off"])))]
    pub clicks: &'static str,
    /// Whether orders can be recorded: `on`, or `off` when the ledger's objects are not bound.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["on", "off"])))]
    pub ledger: &'static str,
    /// Whether the merchant's server hears of orders: `on`, or `off` when no address is set, or no
    /// secret for it.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["on", "off"])))]
    pub webhooks: &'static str,
}

/// A snapshot, for operators.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SnapshotHealth {
    /// What every answer says of it.
    #[serde(flatten)]
    pub facts: SnapshotFacts,
    /// Grows with every publication.
    pub generation: u64,
    /// When it was built, as RFC 3339 has it.
    #[cfg_attr(feature = "cli", schemars(extend("format" = "date-time")))]
    pub built_at: String,
}

impl SnapshotHealth {
    /// Describes a snapshot.
    #[must_use]
    pub fn new(facts: SnapshotFacts, generation: u64, built_at: UnixMillis) -> Self {
        let built_at = jiff::Timestamp::from_millisecond(built_at.0).unwrap_or_default();
        SnapshotHealth { facts, generation, built_at: built_at.to_string() }
    }
}
