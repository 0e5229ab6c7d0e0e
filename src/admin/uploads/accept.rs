//! Makes codes of all rows of a file, in one batch.

use super::check::wrong_file;
use super::object::Job;
use super::settle::settle;
use crate::admin::failure::Failure;
use crate::admin::keep;
use crate::admin::store::uploads::{ACCEPT, UploadRow};
use crate::admin::store::{Clash, Statement, begin};
use crate::platform::env::now;
use crate::wire::admin::UploadState;

use serde::Deserialize;

/// How often rows are compared again with codes that came meanwhile, before a pause.
const ATTEMPT_COUNT_MAX: u32 = 10;

#[derive(Debug, Deserialize)]
struct Nothing {}

/// Accepts a file, or finds which of its rows have come to meet other codes since they were looked
/// over: then somebody has to look again.
///
/// # Errors
///
/// What the database says. Nothing is accepted then.
pub async fn accept(job: &Job, upload: &UploadRow) -> Result<(), Failure> {
    for _ in 0..ATTEMPT_COUNT_MAX {
        settle(job, "accepting").await?;
        if job.upload().await?.is_none_or(|upload| upload.state != UploadState::Accepting) {
            return Ok(());
        }
        match keep::<Nothing>(&job.store, &job.publisher, batch(job, upload)).await? {
            Ok(_) => return Ok(()),
            // A code came between. The rows are compared with it, too.
            Err(Clash::Code | Clash::Id) => {}
            // It is accepted, or no longer to be.
            Err(Clash::Version | Clash::Reference) => return Ok(()),
            Err(Clash::Patterns) => {
                let expected = "at most 2,000 patterns in a programme, with those that are over";
                let remedy = "write patterns that stand for several, or upload exact codes";
                return job.hand_back(&wrong_file(expected, "more", remedy)).await;
            }
            Err(Clash::Folding) => {
                let expected = "the programme to compare codes as when they were checked";
                let complaints = wrong_file(expected, "another way", "upload the file again");
                return job.hand_back(&complaints).await;
            }
        }
    }
    Err("codes of the same texts are being created all the time".into())
}

fn batch(job: &Job, upload: &UploadRow) -> Vec<Statement> {
    let key = || [job.program.as_str().into(), (&*job.id).into()];
    let who = upload.decided_by.as_deref().unwrap_or_default();
    let sql = "UPDATE uploads SET state = 'accepted' WHERE program = ?1 AND id = ?2";
    vec![
        begin(&job.program, who, now(), "accept"),
        Statement::new(sql, key()),
        Statement::new(ACCEPT, key()),
    ]
}
