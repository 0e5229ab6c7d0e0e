//! Bulk files: given, checked, looked over, and taken as a whole or not at all.
//!
//! ```text
//! POST /uploads --> object: file --> rows in D1 --> somebody decides --> one batch: codes
//! ```
//!
//! - [`UploadObject`] has the file and does the work, piece by piece, so that an isolate's end
//!   costs a piece. What it has done it reads from the database.
//! - [`check`] says of every row what it will become, [`settle`] compares rows with the codes that
//!   there are, [`accept`] makes codes of them.

mod accept;
mod check;
mod object;
mod settle;

use super::failure::Failure;
use super::store::uploads::{self as stored, StagedRow, UploadRow};
use super::store::{Statement, instant};
use super::{Call, http};
use crate::platform::http::{self as body, Unread};
use crate::snapshot::ContentId;
use crate::upload::is_workbook;
use crate::wire::admin::{
    FaultFacts, List, RowFilter, RowsQuery, UploadFacts, UploadQuery, UploadsQuery,
};
use crate::wire::admin::{RowFacts, UploadState, error_header, error_line};

use futures_util::future::ready;
use futures_util::stream::{self, StreamExt};
use object::Object;
use serde::Deserialize;
use worker::{Request, Response};

use std::rc::Rc;

/// Largest CSV, in bytes.
const CSV_SIZE_MAX: usize = 5_000_000;

/// Largest workbook, in bytes.
const WORKBOOK_SIZE_MAX: usize = 1_000_000;

/// Longest name of a file, in characters.
const NAME_CHARS_MAX: usize = 200;

/// How long a file waits for somebody to decide, in milliseconds: a week.
const KEPT_MS: i64 = 7 * 24 * 3_600_000;

/// Rows of an error report that are read at a time.
const REPORT_COUNT: u32 = 1_000;

const INSERT: &str = "INSERT INTO uploads \
    (program, id, name, size, uploaded_by, uploaded_at, kept_until) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";

#[derive(Debug, Deserialize)]
struct Decided {
    id: String,
}

/// What stands against the rows of a bulk file, after a line.
#[derive(Debug)]
struct Report {
    call: Rc<Call>,
    id: String,
    after: u64,
}

impl Call {
    /// `POST /uploads`.
    pub async fn upload(&self, request: &mut Request) -> Result<Response, Failure> {
        let UploadQuery { name } = http::query(&self.url)?;
        let length = name.chars().count();
        if !(1..=NAME_CHARS_MAX).contains(&length) {
            let expected = format!("a file's name of 1 to {NAME_CHARS_MAX} characters");
            return Err(http::fault("?name", &expected, &name, "shorten it"));
        }
        self.program_row().await?;
        let file = self.file(request).await?;
        let (now, content) = (self.now.0.to_string(), ContentId::of(&file).to_string());
        let id = http::digest(&[self.program.as_str(), &self.holder.name, &name, &now, &content]);
        let object = Object::of(&self.env, &self.program, &id)?;
        object.keep(&file).await?;
        let values = [
            self.program.as_str().into(),
            (&*id).into(),
            (&*name).into(),
            (file.len() as f64).into(),
            (&*self.holder.name).into(),
            instant(Some(self.now)),
            instant(Some(self.now.plus_ms(KEPT_MS))),
        ];
        self.store.rows::<UploadRow>(Statement::new(INSERT, values)).await?;
        // It is kept; should this be lost, the object looks for itself.
        let _ = object.wake().await;
        self.json(202, &self.upload_row(&id).await?.facts()?)
    }

    /// `GET /uploads`.
    pub async fn list_uploads(&self) -> Result<Response, Failure> {
        let query: UploadsQuery = http::query(&self.url)?;
        let page = query.page();
        let after: Option<(i64, String)> = http::end_before(page.cursor)?;
        self.program_row().await?;
        let found = stored::latest(&self.program, after.as_ref(), page.limit_and_one());
        let mut rows: Vec<UploadRow> = self.store.rows(found).await?;
        let next_cursor = http::cut(&mut rows, page, UploadRow::end)?;
        let items = rows.into_iter().map(UploadRow::facts).collect::<Result<Vec<_>, _>>()?;
        let is_whole = page.cursor.is_none() && next_cursor.is_none();
        let total = if is_whole { u64::try_from(items.len()).ok() } else { None };
        self.json(200, &List::<UploadFacts> { items, next_cursor, total })
    }

    /// `GET /uploads/{id}`.
    pub async fn show_upload(&self, id: &str) -> Result<Response, Failure> {
        self.json(200, &self.upload_row(id).await?.facts()?)
    }

    /// `GET /uploads/{id}/rows`.
    pub async fn upload_rows(&self, id: &str) -> Result<Response, Failure> {
        let query: RowsQuery = http::query(&self.url)?;
        let page = query.page();
        let after = http::end_before(page.cursor)?.unwrap_or(0);
        self.upload_row(id).await?;
        let found = stored::rows(&self.program, id, query.outcome, after, page.limit_and_one());
        let mut rows: Vec<StagedRow> = self.store.rows(found).await?;
        let next_cursor = http::cut(&mut rows, page, |row| row.line)?;
        let items = rows.into_iter().map(StagedRow::facts).collect::<Result<Vec<_>, _>>()?;
        self.json(200, &List::<RowFacts> { items, next_cursor, total: None })
    }

    /// `GET /uploads/{id}/errors.csv`.
    pub async fn upload_errors(self: &Rc<Self>, id: &str) -> Result<Response, Failure> {
        let id = self.upload_row(id).await?.id;
        let name = format!("errors-{id}.csv");
        let report = Report { call: Rc::clone(self), id, after: 0 };
        let head = stream::once(ready(Ok(error_header().into_bytes())));
        let lines = stream::try_unfold(report, async |mut report| {
            let part = report.next().await.map_err(|failure| format!("{failure:?}"))?;
            Ok(part.map(|lines| (lines.into_bytes(), report)))
        });
        http::csv(head.chain(lines), &name)
    }

    /// `POST /uploads/{id}/accept`.
    pub async fn accept_upload(&self, id: &str) -> Result<Response, Failure> {
        let row = self.upload_row(id).await?;
        match row.state {
            UploadState::Accepted => return self.json(200, &row.facts()?),
            UploadState::Accepting => {}
            UploadState::Previewed if row.rows_bad > 0 => return Err(unsound(&row)),
            UploadState::Previewed => {}
            state => return Err(undecidable(state)),
        }
        self.decide_upload(id, UploadState::Accepting, "state = 'previewed' AND rows_bad = 0").await
    }

    /// `POST /uploads/{id}/discard`.
    pub async fn discard_upload(&self, id: &str) -> Result<Response, Failure> {
        let row = self.upload_row(id).await?;
        match row.state {
            UploadState::Discarded | UploadState::Refused => self.json(200, &row.facts()?),
            UploadState::Accepting | UploadState::Accepted => Err(undecidable(row.state)),
            UploadState::Checking | UploadState::Previewed => {
                let condition = "state IN ('checking', 'previewed')";
                self.decide_upload(id, UploadState::Discarded, condition).await
            }
        }
    }

    /// Writes what somebody has decided, where nobody else has; the object does the rest.
    async fn decide_upload(
        &self,
        id: &str,
        state: UploadState,
        condition: &str,
    ) -> Result<Response, Failure> {
        let object = Object::of(&self.env, &self.program, id)?;
        object.expect().await?;
        let sql = format!(
            "UPDATE uploads SET state = ?3, decided_by = ?4, decided_at = ?5, notices = '[]' \
             WHERE program = ?1 AND id = ?2 AND {condition} RETURNING id"
        );
        let values = [
            self.program.as_str().into(),
            id.into(),
            state.name().into(),
            (&*self.holder.name).into(),
            instant(Some(self.now)),
        ];
        let decided: Vec<Decided> = self.store.rows(Statement::new(&sql, values)).await?;
        let _ = object.wake().await;
        let row = self.upload_row(id).await?;
        // Somebody else was faster, with another decision.
        let is_decided = decided.iter().any(|decided| decided.id == id);
        if !is_decided && row.state != state {
            return Err(undecidable(row.state));
        }
        self.json(202, &row.facts()?)
    }

    /// The file in a body, up to the size that its format may have.
    async fn file(&self, request: &mut Request) -> Result<Vec<u8>, Failure> {
        let too_large = |size_max| Failure::TooLarge { size_max };
        let file = body::read_body(request, CSV_SIZE_MAX).await.map_err(|unread| match unread {
            Unread::TooLarge => too_large(CSV_SIZE_MAX),
            Unread::CutOff => Failure::BodyCutOff,
            Unread::Platform(error) => Failure::Platform(error),
        })?;
        if is_workbook(&file) && file.len() > WORKBOOK_SIZE_MAX {
            return Err(too_large(WORKBOOK_SIZE_MAX));
        }
        if file.is_empty() {
            let remedy = "send the file as the body; /admin/template.csv is one to begin with";
            return Err(http::fault("$", "a file of CSV or XLSX", "nothing", remedy));
        }
        Ok(file)
    }

    async fn upload_row(&self, id: &str) -> Result<UploadRow, Failure> {
        let row: Option<UploadRow> = self.store.row(stored::by_id(&self.program, id)).await?;
        row.ok_or_else(|| Failure::Unknown { entity: "upload", id: id.to_owned() })
    }
}

impl Report {
    /// The lines of the next rows; `None` after the last.
    async fn next(&mut self) -> Result<Option<String>, Failure> {
        let Report { call, id, after } = self;
        let part = stored::rows(&call.program, id, RowFilter::Bad, *after, REPORT_COUNT);
        let rows: Vec<StagedRow> = call.store.rows(part).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        *after = last.line;
        let mut lines = String::new();
        for row in rows {
            let code = row.code()?;
            let complaints: Vec<FaultFacts> = serde_json::from_str(&row.complaints)?;
            lines.extend(complaints.iter().map(|one| error_line(row.line, &code, one)));
        }
        Ok(Some(lines))
    }
}

fn unsound(row: &UploadRow) -> Failure {
    Failure::Conflict {
        name: "upload-unsound",
        detail: format!(
            "{} rows can be no code: all of a file is accepted, or nothing",
            row.rows_bad
        ),
        remedy: "correct the rows that errors.csv names, and upload the file again".to_owned(),
    }
}

fn undecidable(state: UploadState) -> Failure {
    let (detail, remedy) = match state {
        UploadState::Checking => ("its rows are being checked", "wait until it is previewed"),
        UploadState::Accepting | UploadState::Accepted => {
            ("it was accepted", "expire its codes: the filter `upload` finds them")
        }
        _ => ("it was refused or discarded", "upload the file again"),
    };
    Failure::Conflict {
        name: "upload-decided",
        detail: detail.to_owned(),
        remedy: remedy.to_owned(),
    }
}
