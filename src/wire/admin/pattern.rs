//! What a pattern has in common with the codes of a catalogue.

use serde::{Deserialize, Serialize};

const LIMIT_DEFAULT: u32 = 50;

/// A pattern that is to be compared with the codes of a catalogue.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OverlapsRequest {
    /// A regular expression, as a code has it.
    pub pattern: String,
    /// Most patterns, and most exact codes, that are named.
    #[serde(default = "limit_default")]
    #[cfg_attr(feature = "cli", schemars(range(min = 1, max = super::LIMIT_MAX)))]
    pub limit: u32,
}

/// Codes that match what a pattern matches, of those that are in force or to come.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Overlaps {
    /// Patterns.
    pub patterns: Vec<PatternOverlap>,
    /// Exact codes that it matches, as the programme folds them.
    pub codes: Vec<ExactOverlap>,
    /// Whether these are all. Of a large catalogue only a part is looked at.
    pub is_complete: bool,
}

/// A pattern that matches some of what another matches.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct PatternOverlap {
    /// Id of its code.
    pub id: String,
    /// The pattern.
    pub code: String,
    /// Its owner; null: it is restricted.
    pub owner: Option<String>,
    /// A shortest code that both match; null: comparing the two would take too long.
    pub example: Option<String>,
}

/// An exact code that a pattern matches.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ExactOverlap {
    /// Its id.
    pub id: String,
    /// Its text.
    pub code: String,
    /// Its owner; null: it is restricted.
    pub owner: Option<String>,
}

fn limit_default() -> u32 {
    LIMIT_DEFAULT
}
