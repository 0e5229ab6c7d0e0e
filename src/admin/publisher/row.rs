//! A code as the database has it, and as a snapshot does.

use crate::code::{
    CodeKind, CodeTerms, CreditPolicy, FoldedCode, MatchType, TypedCode, derive_code_id,
};
use crate::id::{CodeId, DealId, PartnerId};
use crate::platform::nfkc;
use crate::program::Program;
use crate::time::{Schedule, UnixMillis};

use serde::Deserialize;

/// The columns that a [`CodeRow`] is read from: one JSON text for many rows, because the platform
/// hands over texts much faster than rows.
pub const AS_JSON: &str = "json_object('id', id, 'text', text, \
    'match_type', match_type, 'credit_policy', credit_policy, 'owner', owner, 'deal', deal, \
    'start_at', start_at, 'end_at', nullif(ends_at, 9007199254740991), \
    'max_redemptions', max_redemptions, \
    'max_redemptions_per_customer', max_redemptions_per_customer, 'public', public, \
    'created_at', created_at)";

/// A row of `codes`.
#[derive(Debug, Deserialize)]
pub struct CodeRow {
    /// Its id: never another one, whatever else is changed.
    pub id: String,
    /// The code, or the pattern, as authored.
    pub text: String,
    match_type: StoredMatchType,
    credit_policy: Option<StoredPolicy>,
    owner: Option<String>,
    deal: Option<String>,
    start_at: Option<i64>,
    end_at: Option<i64>,
    max_redemptions: Option<u32>,
    max_redemptions_per_customer: Option<u32>,
    public: u8,
    created_at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMatchType {
    Exact,
    Regex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPolicy {
    Always,
    Involved,
    Winner,
}

/// What typed codes are compared with.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack")]
pub enum RowText {
    /// A text, folded.
    Exact(FoldedCode),
    /// A regular expression.
    Regex(String),
}

impl CodeRow {
    /// The code as a snapshot has it; `None` when the row was not written by this Worker.
    #[must_use]
    pub fn code(self, program: &Program) -> Option<(RowText, CodeTerms)> {
        let at = |at: Option<i64>| at.map(UnixMillis);
        let schedule = Schedule { start_at: at(self.start_at), end_at: at(self.end_at) };
        let (text, match_type, compared) = match self.match_type {
            StoredMatchType::Exact => {
                let folded = TypedCode::parse(&self.text, nfkc).ok()?.fold(program.folding);
                let compared = folded.as_str().to_owned();
                (RowText::Exact(folded), MatchType::Exact, compared)
            }
            StoredMatchType::Regex => {
                (RowText::Regex(self.text.clone()), MatchType::Regex, self.text)
            }
        };
        // The id that readers find by themselves need not be stored with every code.
        let derived = derive_code_id(&program.id, match_type, &compared, schedule.start_at);
        let id = (derived != self.id).then(|| CodeId::parse(&self.id)).transpose().ok()?;
        let kind = match (self.owner, self.credit_policy) {
            (Some(owner), Some(policy)) => CodeKind::Tracking {
                owner: PartnerId::parse(&owner).ok()?,
                credit_policy: policy.into(),
            },
            _ => CodeKind::Restricted,
        };
        let terms = CodeTerms {
            created_at: UnixMillis(self.created_at),
            id,
            kind,
            schedule,
            deal: self.deal.map(|deal| DealId::parse(&deal)).transpose().ok()?,
            max_redemptions: self.max_redemptions,
            max_redemptions_per_customer: self.max_redemptions_per_customer,
            public: self.public != 0,
        };
        Some((text, terms))
    }
}

impl From<StoredPolicy> for CreditPolicy {
    fn from(policy: StoredPolicy) -> Self {
        match policy {
            StoredPolicy::Always => CreditPolicy::Always,
            StoredPolicy::Involved => CreditPolicy::Involved,
            StoredPolicy::Winner => CreditPolicy::Winner,
        }
    }
}
