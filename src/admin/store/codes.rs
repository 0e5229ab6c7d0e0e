//! Codes in the database.

use super::{Statement, instant};
use crate::catalog::edit::Standing;
use crate::catalog::element::CheckedCode;
use crate::code::CodeKind;
use crate::id::{DealId, ProgramId};
use crate::snapshot::{CodeHash, HashKey};
use crate::time::{Schedule, UnixMillis};
use crate::wire::admin::{CodeFacts, ConflictFacts, state_name};
use crate::wire::rfc3339;

use serde::{Deserialize, Serialize};

/// What of a code is read, and of a deal that it is synchronised with.
pub const SELECT: &str = "SELECT c.id, c.text, c.kind, c.match_type, c.credit_policy, c.owner, \
    c.deal, c.start_at, c.end_at, c.expired_at, c.time_zone, c.max_redemptions, \
    c.max_redemptions_per_customer, c.public, c.comments, c.created_at, c.upload, c.version, \
    c.revision, d.id AS sync_deal, d.start_at AS deal_start_at, d.end_at AS deal_end_at \
    FROM codes AS c LEFT JOIN deals AS d \
    ON d.program = c.program AND d.id = c.deal AND d.sync_codes";

const INSERT: &str = include_str!("insert_codes.sql");
const UPDATE: &str = include_str!("update_codes.sql");
const MEETING: &str = include_str!("meeting_codes.sql");

/// A code as the database has it.
#[derive(Debug, Clone, Deserialize)]
pub struct CodeRow {
    /// Its id.
    pub id: String,
    text: String,
    kind: String,
    match_type: String,
    credit_policy: Option<String>,
    owner: Option<String>,
    deal: Option<String>,
    start_at: Option<i64>,
    end_at: Option<i64>,
    expired_at: Option<i64>,
    time_zone: Option<String>,
    max_redemptions: Option<u32>,
    max_redemptions_per_customer: Option<u32>,
    public: u8,
    comments: Option<String>,
    /// When it was created.
    pub created_at: i64,
    upload: Option<String>,
    /// One more with every change.
    pub version: u64,
    revision: u64,
    sync_deal: Option<String>,
    deal_start_at: Option<i64>,
    deal_end_at: Option<i64>,
}

/// A code as the statement that creates codes reads it.
#[derive(Debug, Serialize)]
pub struct NewRow<'a> {
    id: &'a str,
    text: &'a str,
    folded: &'a str,
    folding: u8,
    hash: Option<String>,
    match_type: &'static str,
    kind: &'static str,
    credit_policy: Option<&'static str>,
    owner: Option<&'a str>,
    created_at: i64,
    #[serde(flatten)]
    standing: StandingRow<'a>,
}

/// What can change about a code, as statements read it.
#[derive(Debug, Serialize)]
struct StandingRow<'a> {
    start_at: Option<i64>,
    end_at: Option<i64>,
    expired_at: Option<i64>,
    time_zone: Option<&'a str>,
    deal: Option<&'a str>,
    max_redemptions: Option<u32>,
    max_redemptions_per_customer: Option<u32>,
    public: bool,
    comments: Option<&'a str>,
}

/// A code as the statement that changes codes reads it.
#[derive(Debug, Serialize)]
struct ChangedRow<'a> {
    id: &'a str,
    version: u64,
    #[serde(flatten)]
    standing: StandingRow<'a>,
}

/// The query for codes by their ids.
///
/// # Errors
///
/// When the ids cannot be written.
pub fn by_ids(program: &ProgramId, ids: &[String]) -> serde_json::Result<Statement> {
    let sql = format!(
        "{SELECT} WHERE c.program = ?1 AND c.id IN (SELECT value FROM json_each(?2)) ORDER BY c.id"
    );
    Ok(Statement::new(&sql, [program.as_str().into(), serde_json::to_string(ids)?.into()]))
}

/// The query for exact codes that share the text of one and some instant with it.
#[must_use]
pub fn meeting(program: &ProgramId, folded: &str, schedule: &Schedule) -> Statement {
    let [start, end] = [schedule.start_at, schedule.end_at].map(instant);
    Statement::new(MEETING, [program.as_str().into(), folded.into(), start, end])
}

/// The statement that creates codes under these ids.
///
/// # Errors
///
/// When they cannot be written.
pub fn insert(
    program: &ProgramId,
    codes: &[(String, CheckedCode)],
    folding: u8,
    key: &HashKey,
) -> serde_json::Result<Statement> {
    let row = |(id, code): &'_ (String, CheckedCode)| -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(new_row(id, code, folding, key))
    };
    let rows = codes.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let values = [program.as_str().into(), serde_json::to_string(&rows)?.into()];
    Ok(Statement::new(INSERT, values))
}

/// The statement that changes codes to what they are now, if nobody else has since they were read.
///
/// # Errors
///
/// When they cannot be written.
pub fn update(
    program: &ProgramId,
    changed: &[(&CodeRow, Standing)],
) -> serde_json::Result<Statement> {
    let row = |(code, standing): &'_ (&CodeRow, Standing)| {
        let standing = StandingRow::of(standing);
        serde_json::to_value(ChangedRow { id: &code.id, version: code.version, standing })
    };
    let rows = changed.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let values = [program.as_str().into(), serde_json::to_string(&rows)?.into()];
    Ok(Statement::new(UPDATE, values))
}

impl CodeRow {
    /// What can change about it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            start_at: self.start_at.map(UnixMillis),
            end_at: self.end_at.map(UnixMillis),
            expired_at: self.expired_at.map(UnixMillis),
            time_zone: self.time_zone.clone(),
            deal: self.deal.as_deref().and_then(|deal| DealId::parse(deal).ok()),
            max_redemptions: self.max_redemptions,
            max_redemptions_per_customer: self.max_redemptions_per_customer,
            public: self.public == 1,
            comments: self.comments.clone(),
        }
    }

    /// The code's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The schedule of a deal that it is synchronised with.
    fn deal_schedule(&self) -> Option<Schedule> {
        self.sync_deal.as_ref().map(|_| Schedule {
            start_at: self.deal_start_at.map(UnixMillis),
            end_at: self.deal_end_at.map(UnixMillis),
        })
    }

    /// What people are told of it at this instant.
    #[must_use]
    pub fn facts(self, now: UnixMillis) -> CodeFacts {
        let instant = |at: Option<i64>| at.map(|at| rfc3339(UnixMillis(at)));
        let state = self.standing().state_at(now, self.deal_schedule().as_ref());
        CodeFacts {
            code: self.text,
            start_at: instant(self.start_at),
            end_at: instant(self.end_at),
            expired_at: instant(self.expired_at),
            created_at: rfc3339(UnixMillis(self.created_at)),
            state: state_name(state),
            public: self.public == 1,
            id: self.id,
            kind: self.kind,
            match_type: self.match_type,
            credit_policy: self.credit_policy,
            owner: self.owner,
            time_zone: self.time_zone,
            deal: self.deal,
            max_redemptions: self.max_redemptions,
            max_redemptions_per_customer: self.max_redemptions_per_customer,
            upload: self.upload,
            comments: self.comments,
            version: self.version,
            revision: self.revision,
        }
    }

    /// What is said of it to whoever it stands in the way of.
    #[must_use]
    pub fn conflict(self) -> ConflictFacts {
        let schedule = self.standing().schedule();
        ConflictFacts {
            id: self.id,
            code: self.text,
            owner: self.owner,
            start_at: schedule.start_at.map(rfc3339),
            end_at: schedule.end_at.map(rfc3339),
        }
    }
}

impl<'a> StandingRow<'a> {
    fn of(standing: &'a Standing) -> Self {
        StandingRow {
            start_at: standing.start_at.map(|at| at.0),
            end_at: standing.end_at.map(|at| at.0),
            expired_at: standing.expired_at.map(|at| at.0),
            time_zone: standing.time_zone.as_deref(),
            deal: standing.deal.as_ref().map(DealId::as_str),
            max_redemptions: standing.max_redemptions,
            max_redemptions_per_customer: standing.max_redemptions_per_customer,
            public: standing.public,
            comments: standing.comments.as_deref(),
        }
    }
}

/// A code under an id, as statements read it.
#[must_use]
pub fn new_row<'a>(id: &'a str, code: &'a CheckedCode, folding: u8, key: &HashKey) -> NewRow<'a> {
    let (kind, owner, credit_policy) = match &code.kind {
        CodeKind::Tracking { owner, credit_policy } => {
            ("tracking", Some(owner.as_str()), Some(credit_policy.name()))
        }
        CodeKind::Restricted => ("restricted", None, None),
    };
    NewRow {
        id,
        text: &code.text,
        folded: &code.folded,
        folding,
        hash: code.exact.as_ref().map(|exact| CodeHash::of(exact, key).to_hex()),
        match_type: code.match_type.name(),
        kind,
        credit_policy,
        owner,
        created_at: code.created_at.0,
        standing: StandingRow::of(&code.standing),
    }
}
