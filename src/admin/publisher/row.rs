//! A code as the database has it or had it at some revision, and as a snapshot does.

use crate::code::{CodeKind, CodeTerms, CreditPolicy, FoldedCode, TypedCode};
use crate::id::{CodeId, DealId, PartnerId};
use crate::platform::nfkc;
use crate::program::Program;
use crate::time::{Schedule, UnixMillis};

use serde::{Deserialize, Serialize};

/// What stays as it was when the code was created, and what does not.
const ROW: &str = "json_array(codes.rowid, hex(codes.hash), codes.text, codes.match_type, \
    codes.created_revision, json_array(codes.created_at, codes.id, codes.credit_policy, \
    codes.owner, {standing}))";

const STANDING: &str = "codes.deal, codes.start_at, \
    nullif(codes.ends_at, 9007199254740991), codes.max_redemptions, \
    codes.max_redemptions_per_customer, codes.public";

const STANDING_BEFORE: &str = "before ->> '$.deal', before ->> '$.start_at', nullif(min( \
    coalesce(before ->> '$.end_at', 9007199254740991), \
    coalesce(before ->> '$.expired_at', 9007199254740991)), 9007199254740991), \
    before ->> '$.max_redemptions', before ->> '$.max_redemptions_per_customer', \
    before ->> '$.public'";

/// The expression that a [`CodeRow`] is read from: one JSON text for many rows, because the
/// platform hands over texts much faster than rows.
#[must_use]
pub fn as_json() -> String {
    ROW.replace("{standing}", STANDING)
}

/// The same as it was at the revision `?2`, for codes that were there. Of one that has changed
/// since, the first entry of the audit from then on says what it had been.
#[must_use]
pub fn as_json_then() -> String {
    let (now, before) = (as_json(), ROW.replace("{standing}", STANDING_BEFORE));
    format!(
        "iif(codes.revision <= ?2, {now}, (SELECT {before} FROM audit \
         WHERE audit.program = codes.program AND audit.entity = 'code' \
         AND audit.entity_id = codes.id AND audit.revision > ?2 ORDER BY audit.id LIMIT 1))"
    )
}

/// A row of `codes`.
#[derive(Debug, Deserialize)]
pub struct CodeRow {
    /// What SQLite knows the row by.
    pub number: i64,
    /// The hash of an exact code's folded text, in hexadecimal digits.
    pub hash: String,
    text: String,
    match_type: StoredMatchType,
    /// The programme's revision that created it.
    pub created_revision: u64,
    /// The rest; its id is always there.
    terms: StoredTerms,
}

/// Terms as JSON: what is kept of codes that have been counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredTerms {
    created_at: i64,
    id: Option<String>,
    credit_policy: Option<StoredPolicy>,
    owner: Option<String>,
    deal: Option<String>,
    start_at: Option<i64>,
    end_at: Option<i64>,
    max_redemptions: Option<u32>,
    max_redemptions_per_customer: Option<u32>,
    public: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMatchType {
    Exact,
    Regex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The code's id: never another one, whatever else is changed.
    #[must_use]
    pub fn id(&self) -> &str {
        self.terms.id.as_deref().unwrap_or_default()
    }

    /// The code as a snapshot has it; `None` when the row was not written by this Worker.
    #[must_use]
    pub fn code(self, program: &Program) -> Option<(RowText, CodeTerms)> {
        let terms = self.terms.terms()?;
        match self.match_type {
            StoredMatchType::Exact => {
                let folded = TypedCode::parse(&self.text, nfkc).ok()?.fold(program.folding);
                let terms = terms.without_derived_id(&program.id, &folded);
                Some((RowText::Exact(folded), terms))
            }
            StoredMatchType::Regex => Some((RowText::Regex(self.text), terms)),
        }
    }
}

impl StoredTerms {
    /// The terms; `None` when they were not written by this Worker.
    #[must_use]
    pub fn terms(&self) -> Option<CodeTerms> {
        let at = |at: Option<i64>| at.map(UnixMillis);
        let kind = match (&self.owner, self.credit_policy) {
            (Some(owner), Some(policy)) => CodeKind::Tracking {
                owner: PartnerId::parse(owner).ok()?,
                credit_policy: policy.into(),
            },
            _ => CodeKind::Restricted,
        };
        Some(CodeTerms {
            created_at: UnixMillis(self.created_at),
            id: self.id.as_deref().map(CodeId::parse).transpose().ok()?,
            kind,
            schedule: Schedule { start_at: at(self.start_at), end_at: at(self.end_at) },
            deal: self.deal.as_deref().map(DealId::parse).transpose().ok()?,
            max_redemptions: self.max_redemptions,
            max_redemptions_per_customer: self.max_redemptions_per_customer,
            public: self.public != 0,
        })
    }
}

impl From<&CodeTerms> for StoredTerms {
    fn from(terms: &CodeTerms) -> Self {
        let (owner, credit_policy) = match &terms.kind {
            CodeKind::Tracking { owner, credit_policy } => {
                (Some(owner.to_string()), Some((*credit_policy).into()))
            }
            CodeKind::Restricted => (None, None),
        };
        StoredTerms {
            created_at: terms.created_at.0,
            id: terms.id.as_ref().map(ToString::to_string),
            credit_policy,
            owner,
            deal: terms.deal.as_ref().map(ToString::to_string),
            start_at: terms.schedule.start_at.map(|at| at.0),
            end_at: terms.schedule.end_at.map(|at| at.0),
            max_redemptions: terms.max_redemptions,
            max_redemptions_per_customer: terms.max_redemptions_per_customer,
            public: terms.public.into(),
        }
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

impl From<CreditPolicy> for StoredPolicy {
    fn from(policy: CreditPolicy) -> Self {
        match policy {
            CreditPolicy::Always => StoredPolicy::Always,
            CreditPolicy::Involved => StoredPolicy::Involved,
            CreditPolicy::Winner => StoredPolicy::Winner,
        }
    }
}
