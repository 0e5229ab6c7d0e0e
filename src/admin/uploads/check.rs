//! Reads a file and writes down what each row will become.

use super::object::Job;
use super::settle::settle;
use crate::admin::failure::Failure;
use crate::admin::publisher::catalog;
use crate::admin::store::Statement;
use crate::admin::store::uploads::{self as stored, STAGE, UploadRow};
use crate::catalog::element::folding_number;
use crate::catalog::{Catalog, Complaint, ComplaintKind, Place};
use crate::platform::env::now;
use crate::snapshot::HashKey;
use crate::upload::{CheckedRow, Checker, count_rows};
use crate::wire::admin::Outcome;

use serde::Deserialize;
use worker::Delay;

use std::time::Duration;

/// Most rows that are written at a time.
const PART_COUNT: usize = 4_000;

/// Most of their bytes: a parameter may have two megabytes.
const PART_SIZE: usize = 1 << 20;

/// Most patterns among them: each is compiled.
const PART_PATTERN_COUNT: usize = 200;

/// More rows than so many bytes of CSV can hold that have all columns: nobody reads that much of
/// what is wrong with them.
const ROWS_MAX: u64 = 250_000;

/// How long the work goes on in one go, in milliseconds.
const WORK_MS: i64 = 10_000;

/// How long others have between two parts.
const BREATH: Duration = Duration::from_millis(1);

/// Rows that have been checked, and how many of them became what.
#[derive(Debug, Default)]
struct Part {
    rows: Vec<String>,
    size: usize,
    pattern_count: usize,
    warned_count: usize,
    bad_count: usize,
}

#[derive(Debug, Deserialize)]
struct Noted {
    id: String,
}

/// Checks rows for as long as one go may take; after the last one the file is previewed. A file
/// that cannot be read is refused.
///
/// # Errors
///
/// What the database says. What was written until then stays.
pub async fn check(job: &Job, upload: &UploadRow, file: &[u8]) -> Result<(), Failure> {
    let catalog = catalog(&job.store, &job.program).await?;
    let total = match total(upload, &catalog, file) {
        Ok(total) => total,
        Err(complaints) => return refuse(job, &complaints).await,
    };
    let mut checker = match Checker::open(&catalog, "upload", file, upload.uploaded_at()) {
        Ok(checker) => checker,
        Err(complaints) => return refuse(job, &complaints).await,
    };
    let folding = folding_number(catalog.program.folding);
    note_start(job, total, folding, &checker.take_warnings()).await?;
    for _ in 0..upload.rows_done {
        checker.skip();
    }
    let key = job.settings.key_of(&job.program)?.hash_key();
    let until = now().plus_ms(WORK_MS);
    let mut done_count = upload.rows_done;
    loop {
        let part = Part::read(&mut checker, job, folding, &key)?;
        let count = u64::try_from(part.rows.len()).unwrap_or(u64::MAX);
        if count == 0 {
            return settle(job, "checking").await;
        }
        if !write(job, part, done_count).await? || now() > until {
            return Ok(());
        }
        done_count = done_count.saturating_add(count);
        // Whoever asks how far it is comes in between.
        Delay::from(BREATH).await;
    }
}

/// How many rows there are.
fn total(upload: &UploadRow, catalog: &Catalog, file: &[u8]) -> Result<u64, Vec<Complaint>> {
    if let Some(total) = upload.rows_total {
        return Ok(total);
    }
    if file.is_empty() {
        return Err(wrong_file("the file that was sent", "none", "upload it again"));
    }
    match count_rows(catalog, file)? {
        0 => Err(wrong_file("a row below the headers", "none", "add the codes, one to a row")),
        count @ 1..=ROWS_MAX => Ok(count),
        count => {
            let (expected, got) = ("rows with every column", format!("{count} shorter ones"));
            Err(wrong_file(expected, &got, "begin with the template, one code to a row"))
        }
    }
}

impl Part {
    /// Checks the next rows; none after the last.
    fn read(
        checker: &mut Checker<'_, &[u8]>,
        job: &Job,
        folding: u8,
        key: &HashKey,
    ) -> Result<Self, Failure> {
        let mut part = Part::default();
        while part.rows.len() < PART_COUNT
            && part.size < PART_SIZE
            && part.pattern_count < PART_PATTERN_COUNT
            && let Some(row) = checker.next_row()
        {
            part.add(&row, stored::staged(&job.program, &row, folding, key)?);
        }
        Ok(part)
    }

    fn add(&mut self, row: &CheckedRow, (outcome, staged): (Outcome, String)) {
        let count = |is: bool| usize::from(is);
        let is_pattern = row.code.as_ref().is_none_or(|code| code.exact.is_none());
        self.pattern_count = self.pattern_count.saturating_add(count(is_pattern));
        self.warned_count = self.warned_count.saturating_add(count(outcome == Outcome::Warned));
        self.bad_count = self.bad_count.saturating_add(count(outcome == Outcome::Bad));
        self.size = self.size.saturating_add(staged.len());
        self.rows.push(staged);
    }
}

/// Writes checked rows down, if nobody else has, and says whether it did.
async fn write(job: &Job, part: Part, done_count: u64) -> Result<bool, Failure> {
    let key = || [job.program.as_str().into(), (&*job.id).into(), (done_count as f64).into()];
    let [program, id, done] = key();
    let rows = format!("[{}]", part.rows.join(","));
    let stage = Statement::new(STAGE, [program, id, rows.into(), done]);
    let sql = "UPDATE uploads SET rows_done = rows_done + ?4, rows_warned = rows_warned + ?5, \
               rows_bad = rows_bad + ?6, rows_ok = rows_ok + ?4 - ?6 \
               WHERE program = ?1 AND id = ?2 AND state = 'checking' AND rows_done = ?3 \
               RETURNING id";
    let mut note = Statement::new(sql, key());
    for count in [part.rows.len(), part.warned_count, part.bad_count] {
        note.bind((count as f64).into());
    }
    let noted = job.store.edit::<Noted>(vec![stage, note]).await?;
    Ok(noted.is_ok_and(|noted| noted.iter().any(|noted| noted.id == job.id)))
}

/// Writes down how many rows there are, how they are folded, and what is to be said of the headers.
async fn note_start(
    job: &Job,
    total: u64,
    folding: u8,
    notices: &[Complaint],
) -> Result<(), Failure> {
    let sql = "UPDATE uploads SET rows_total = ?3, folding = ?4, notices = ?5 \
               WHERE program = ?1 AND id = ?2 AND state = 'checking' AND rows_total IS NULL";
    let values = [
        job.program.as_str().into(),
        (&*job.id).into(),
        (total as f64).into(),
        folding.into(),
        serde_json::to_string(&stored::facts(notices))?.into(),
    ];
    job.store.rows::<Noted>(Statement::new(sql, values)).await.map(drop)
}

/// Refuses a file that was being checked, as a whole.
///
/// # Errors
///
/// What the database says.
pub async fn refuse(job: &Job, complaints: &[Complaint]) -> Result<(), Failure> {
    let sql = "UPDATE uploads SET state = 'refused', problems = ?3 \
               WHERE program = ?1 AND id = ?2 AND state = 'checking'";
    let problems = serde_json::to_string(&stored::facts(complaints))?;
    let values = [job.program.as_str().into(), (&*job.id).into(), problems.into()];
    job.store.rows::<Noted>(Statement::new(sql, values)).await.map(drop)
}

/// Something wrong with the file as a whole.
pub fn wrong_file(expected: &str, got: &str, remedy: &str) -> Vec<Complaint> {
    let place = Place { source: "upload".into(), line: 1, column: None, field: String::new() };
    let (expected, got, remedy) = (expected.to_owned(), got.to_owned(), remedy.to_owned());
    vec![Complaint { kind: ComplaintKind::Syntax, place, expected, got, remedy }]
}
