//! What is written to create or to change one thing. A field that is left out stays as it is; null
//! takes its value away.

use crate::catalog::literal::{CodeKindName, CreditPolicyName, MatchTypeName};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// Longest note to a partner, in characters.
pub const COMMENTS_CHARS_MAX: usize = 2_000;

/// A code to be created.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCode {
    /// 1 to 64 bytes; left out: derived from programme, match type, text and start.
    #[serde(default)]
    pub id: Option<String>,
    /// The text, or the regular expression.
    pub code: String,
    /// A tracking code has an owner and a credit policy, a restricted one has neither.
    #[serde(default)]
    pub kind: CodeKindName,
    /// How typed codes are compared with it.
    pub match_type: MatchTypeName,
    /// When the owner of a tracking code is credited.
    #[serde(default)]
    pub credit_policy: Option<CreditPolicyName>,
    /// Id of the one partner or media source that a tracking code can credit.
    #[serde(default)]
    pub owner: Option<String>,
    /// First instant it is active; null: at once.
    #[serde(default)]
    pub start_at: Option<String>,
    /// First instant it is no longer active, or the last day; null: for ever.
    #[serde(default)]
    pub end_at: Option<String>,
    /// IANA name of the zone of its dates; overrides their offsets. Null: the programme's.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Id of the deal it stands for.
    #[serde(default)]
    pub deal: Option<String>,
    /// How often it may be used in all.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub max_redemptions: Option<u32>,
    /// How often each customer may use it.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub max_redemptions_per_customer: Option<u32>,
    /// Whether shoppers' browsers may know it.
    #[serde(default)]
    pub public: bool,
    /// A note to the partner.
    #[serde(default)]
    #[schemars(length(max = COMMENTS_CHARS_MAX))]
    pub comments: Option<String>,
}

/// What is to be another way about a code.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodePatch {
    /// Of the code that was read: if somebody has changed it since, nothing happens.
    pub version: u64,
    /// A note to the partner.
    #[serde(default, deserialize_with = "given")]
    #[schemars(length(max = COMMENTS_CHARS_MAX))]
    pub comments: Option<Option<String>>,
    /// How often it may be used in all.
    #[serde(default, deserialize_with = "given")]
    #[schemars(range(min = 1))]
    pub max_redemptions: Option<Option<u32>>,
    /// How often each customer may use it.
    #[serde(default, deserialize_with = "given")]
    #[schemars(range(min = 1))]
    pub max_redemptions_per_customer: Option<Option<u32>>,
    /// Whether shoppers' browsers may know it.
    #[serde(default)]
    pub public: Option<bool>,
    /// Id of the deal it stands for.
    #[serde(default, deserialize_with = "given")]
    pub deal: Option<Option<String>>,
    /// First instant it is active; null: at once.
    #[serde(default, deserialize_with = "given")]
    pub start_at: Option<Option<String>>,
    /// First instant it is no longer active, or the last day; null: for ever.
    #[serde(default, deserialize_with = "given")]
    pub end_at: Option<Option<String>>,
    /// IANA name of the zone of its dates; overrides their offsets. Null: the programme's.
    #[serde(default, deserialize_with = "given")]
    pub time_zone: Option<Option<String>>,
}

/// Tells null from nothing.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}
