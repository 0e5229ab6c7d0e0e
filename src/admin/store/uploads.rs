//! Bulk files in the database.

use super::{Statement, codes, instant};
use crate::id::ProgramId;
use crate::snapshot::HashKey;
use crate::time::UnixMillis;
use crate::upload::CheckedRow;
use crate::wire::admin::{FaultFacts, Outcome, RowFacts, RowFilter, UploadFacts, UploadState};
use crate::wire::rfc3339;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wasm_bindgen::JsValue;

/// How much of a text is kept for somebody to read, in characters.
const SHOWN_CHARS_MAX: usize = 500;

const SELECT: &str = "SELECT id, name, size, state, rows_total, rows_done, rows_ok, \
    rows_warned, rows_bad, problems, notices, uploaded_by, uploaded_at, kept_until, decided_by, \
    decided_at FROM uploads WHERE program = ?1";

/// The statement that takes checked rows in, if nobody else has.
pub const STAGE: &str = include_str!("stage_rows.sql");
/// The statement that makes codes of all rows.
pub const ACCEPT: &str = include_str!("accept_rows.sql");
/// The query for rows whose text is or was a code's.
pub const TAKEN: &str = include_str!("taken_rows.sql");

/// A bulk file as the database has it.
#[derive(Debug, Clone, Deserialize)]
pub struct UploadRow {
    /// Its id.
    pub id: String,
    name: String,
    size: u64,
    /// How far it is.
    pub state: UploadState,
    /// How many rows it has, once they are counted.
    pub rows_total: Option<u64>,
    /// How many of them are checked.
    pub rows_done: u64,
    rows_ok: u64,
    rows_warned: u64,
    /// How many of them can be no code.
    pub rows_bad: u64,
    problems: String,
    notices: String,
    uploaded_by: String,
    uploaded_at: i64,
    kept_until: i64,
    /// Who decided.
    pub decided_by: Option<String>,
    decided_at: Option<i64>,
}

/// A row of a bulk file, as it is read again.
#[derive(Debug, Deserialize)]
pub struct StagedRow {
    /// The line where it begins.
    pub line: u64,
    outcome: Outcome,
    /// Its complaints as JSON.
    pub complaints: String,
    cells: String,
}

/// A checked row as the statement that takes it in reads it.
#[derive(Debug, Serialize)]
struct NewRow<'a> {
    line: u64,
    outcome: Outcome,
    cells: Vec<(&'static str, String)>,
    complaints: Vec<FaultFacts>,
    code: Option<codes::NewRow<'a>>,
}

/// The query for one bulk file.
#[must_use]
pub fn by_id(program: &ProgramId, id: &str) -> Statement {
    Statement::new(&format!("{SELECT} AND id = ?2"), [program.as_str().into(), id.into()])
}

/// The query for the latest bulk files, after one of them.
#[must_use]
pub fn latest(program: &ProgramId, after: Option<&(i64, String)>, limit: u32) -> Statement {
    let sql = format!(
        "{SELECT} AND (?2 IS NULL OR (uploaded_at, id) < (?2, ?3)) \
         ORDER BY uploaded_at DESC, id DESC LIMIT ?4"
    );
    let (at, id) = after.map_or((JsValue::NULL, JsValue::NULL), |(at, id)| {
        (instant(Some(UnixMillis(*at))), id.as_str().into())
    });
    Statement::new(&sql, [program.as_str().into(), at, id, limit.into()])
}

/// The query for rows of a bulk file after a line.
#[must_use]
pub fn rows(
    program: &ProgramId,
    id: &str,
    outcome: RowFilter,
    after: u64,
    limit: u32,
) -> Statement {
    let condition = match outcome {
        RowFilter::All => "",
        RowFilter::Ok => "AND outcome = 'ok'",
        RowFilter::Warned => "AND outcome = 'warned' AND outcome <> 'ok'",
        RowFilter::Bad => "AND outcome = 'bad' AND outcome <> 'ok'",
    };
    let sql = format!(
        "SELECT line, outcome, complaints, cells FROM upload_rows \
         WHERE program = ?1 AND upload = ?2 {condition} AND line > ?3 ORDER BY line LIMIT ?4"
    );
    let after = JsValue::from_f64(after as f64);
    Statement::new(&sql, [program.as_str().into(), id.into(), after, limit.into()])
}

/// A checked row, as [`STAGE`] reads it.
///
/// # Errors
///
/// When it cannot be written.
pub fn staged(
    program: &ProgramId,
    row: &CheckedRow,
    folding: u8,
    key: &HashKey,
) -> serde_json::Result<(Outcome, String)> {
    let outcome = match &row.code {
        None => Outcome::Bad,
        Some(_) if row.complaints.is_empty() => Outcome::Ok,
        Some(_) => Outcome::Warned,
    };
    let id = row.code.as_ref().map(|code| code.own_id(program, &[])).unwrap_or_default();
    let code = row.code.as_ref().map(|code| codes::new_row(&id, code, folding, key));
    let cells = row.cells.iter().map(|(header, text)| (*header, shown(text))).collect();
    let complaints = facts(&row.complaints);
    let new = NewRow { line: row.line, outcome, cells, complaints, code };
    Ok((outcome, serde_json::to_string(&new)?))
}

/// Complaints as they are shown: what came may be megabytes long.
#[must_use]
pub fn facts(complaints: &[crate::catalog::Complaint]) -> Vec<FaultFacts> {
    let fact = |complaint| {
        let FaultFacts { kind, path, expected, got, remedy } = FaultFacts::from(complaint);
        let [path, expected, got, remedy] = [path, expected, got, remedy].map(|text| shown(&text));
        FaultFacts { kind, path, expected, got, remedy }
    };
    complaints.iter().map(fact).collect()
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

impl UploadRow {
    /// When it was given.
    #[must_use]
    pub fn uploaded_at(&self) -> UnixMillis {
        UnixMillis(self.uploaded_at)
    }

    /// Until when it can be accepted.
    #[must_use]
    pub fn kept_until(&self) -> UnixMillis {
        UnixMillis(self.kept_until)
    }

    /// Where a list of them goes on after it.
    #[must_use]
    pub fn end(&self) -> (i64, String) {
        (self.uploaded_at, self.id.clone())
    }

    /// What people are told of it.
    ///
    /// # Errors
    ///
    /// When the database holds what was not written by this Worker.
    pub fn facts(self) -> serde_json::Result<UploadFacts> {
        use UploadState::{Accepted, Accepting, Checking, Previewed};
        let is_open = matches!(self.state, Checking | Previewed | Accepting);
        let decided = self.decided_at.filter(|_| self.state == Accepted);
        Ok(UploadFacts {
            kept_until: is_open.then(|| rfc3339(self.kept_until())),
            at: rfc3339(self.uploaded_at()),
            accepted_at: decided.map(|at| rfc3339(UnixMillis(at))),
            problems: RawValue::from_string(self.problems)?,
            notices: RawValue::from_string(self.notices)?,
            id: self.id,
            name: self.name,
            size: self.size,
            state: self.state,
            rows_total: self.rows_total,
            rows_done: self.rows_done,
            rows_ok: self.rows_ok,
            warnings: self.rows_warned,
            rows_bad: self.rows_bad,
            by: self.uploaded_by,
            decided_by: self.decided_by,
        })
    }
}

impl StagedRow {
    /// What the row says as its code.
    ///
    /// # Errors
    ///
    /// As for [`StagedRow::facts`].
    pub fn code(&self) -> serde_json::Result<String> {
        let cells: Vec<(String, String)> = serde_json::from_str(&self.cells)?;
        Ok(cells.into_iter().next().map(|(_, text)| text).unwrap_or_default())
    }

    /// What people are told of it.
    ///
    /// # Errors
    ///
    /// When the database holds what was not written by this Worker.
    pub fn facts(self) -> serde_json::Result<RowFacts> {
        Ok(RowFacts {
            line: self.line,
            code: self.code()?,
            outcome: self.outcome,
            complaints: RawValue::from_string(self.complaints)?,
            cells: RawValue::from_string(self.cells)?,
        })
    }
}
