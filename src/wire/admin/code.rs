//! Codes, as they are listed, found and edited in numbers.

use crate::catalog::authored::edit::given;
use crate::catalog::literal::{CodeKindName, CreditPolicyName, MatchTypeName};

use serde::{Deserialize, Serialize};

/// Most codes that one request names to be edited.
pub const IDS_COUNT_MAX: usize = 1_000;

/// A code, in its authored shape, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CodeFacts {
    /// 1 to 64 bytes.
    pub id: String,
    /// The text, or the regular expression.
    pub code: String,
    /// `tracking` or `restricted`.
    pub kind: String,
    /// `exact` or `regex`.
    pub match_type: String,
    /// When the owner of a tracking code is credited.
    pub credit_policy: Option<String>,
    /// Id of the one partner or media source that a tracking code can credit.
    pub owner: Option<String>,
    /// First instant it is active; null: at once.
    pub start_at: Option<String>,
    /// First instant it is no longer active, as authored; null: for ever.
    pub end_at: Option<String>,
    /// IANA name of the zone of its dates; null: the programme's.
    pub time_zone: Option<String>,
    /// Id of the deal it stands for.
    pub deal: Option<String>,
    /// How often it may be used in all.
    pub max_redemptions: Option<u32>,
    /// How often each customer may use it.
    pub max_redemptions_per_customer: Option<u32>,
    /// Whether shoppers' browsers may know it.
    pub public: bool,
    /// When it was created.
    pub created_at: String,
    /// `pending`, `active` or `expired`, inside the schedule of a deal that it is synchronised
    /// with.
    pub state: &'static str,
    /// When somebody ended it.
    pub expired_at: Option<String>,
    /// Id of the bulk file that it came in.
    pub upload: Option<String>,
    /// A note to the partner.
    pub comments: Option<String>,
    /// One more with every change.
    pub version: u64,
    /// The programme's revision of its last change.
    pub revision: u64,
}

/// Whether a code is to come, in force, or over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum StateName {
    Pending,
    #[default]
    Active,
    Expired,
    All,
}

/// What codes are listed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum SortName {
    #[default]
    Created,
    Code,
    Start,
    End,
}

/// Which codes: all of what is given holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CodeFilter {
    /// What the text holds, as codes are compared; after `^`, what it begins with.
    #[serde(default)]
    pub text: Option<String>,
    /// Id of the owner.
    #[serde(default)]
    pub owner: Option<String>,
    /// Left out: the active ones.
    #[serde(default)]
    pub state: Option<StateName>,
    /// Id of the deal.
    #[serde(default)]
    pub deal: Option<String>,
    /// Tracking or restricted.
    #[serde(default)]
    pub kind: Option<CodeKindName>,
    /// When the owner is credited.
    #[serde(default)]
    pub credit_policy: Option<CreditPolicyName>,
    /// Exact or regex.
    #[serde(default)]
    pub match_type: Option<MatchTypeName>,
    /// Id of the bulk file that they came in.
    #[serde(default)]
    pub upload: Option<String>,
}

/// Which codes an edit is about: these, or all that a filter finds.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkEdit {
    /// Their ids.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(length(min = 1, max = IDS_COUNT_MAX)))]
    pub ids: Option<Vec<String>>,
    /// What they have in common.
    #[serde(default)]
    pub filter: Option<CodeFilter>,
    /// Of `dates`, and of `reactivate` where the authored end is past: the new end, or null for
    /// none.
    #[serde(default, deserialize_with = "given")]
    pub end_at: Option<Option<String>>,
    /// Of `dates`: the new start, or null for none.
    #[serde(default, deserialize_with = "given")]
    pub start_at: Option<Option<String>>,
    /// Of `dates`: the zone that dates are read in, or null for the programme's.
    #[serde(default, deserialize_with = "given")]
    pub time_zone: Option<Option<String>>,
    /// Of `deal`: id of the deal, or null for none.
    #[serde(default, deserialize_with = "given")]
    pub deal: Option<Option<String>>,
}

/// What became of an edit of many codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct BulkAnswer {
    /// How many codes are another way now.
    pub changed: u64,
    /// Those that stay as they are, the first thousand of them.
    pub unchanged: Vec<Unchanged>,
    /// The programme's revision after it.
    pub revision: u64,
}

/// A code that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Unchanged {
    /// Its id.
    pub id: String,
    /// The stable name of why.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// A code that stands in another's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ConflictFacts {
    /// Its id.
    pub id: String,
    /// Its text.
    pub code: String,
    /// Its owner; null: it is restricted.
    pub owner: Option<String>,
    /// First instant it is active.
    pub start_at: Option<String>,
    /// First instant it is no longer active.
    pub end_at: Option<String>,
}
