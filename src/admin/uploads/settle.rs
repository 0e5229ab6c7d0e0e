//! Compares checked rows with the codes that there are.

use super::object::Job;
use crate::admin::failure::Failure;
use crate::admin::store::Statement;
use crate::admin::store::uploads::TAKEN;
use crate::catalog::succession::{Earlier, Newcomer};
use crate::catalog::{equal_pattern_words, met_words};
use crate::code::MatchType;
use crate::platform::env::now;
use crate::time::{Schedule, UnixMillis};
use crate::wire::admin::FaultFacts;
use crate::wire::rfc3339;

use serde::{Deserialize, Serialize};

use std::collections::BTreeSet;

/// Rows that are looked at at a time.
const PART_COUNT: u32 = 1_000;

/// A row whose text is or was a code's.
#[derive(Debug, Deserialize)]
struct TakenRow {
    line: u64,
    text: String,
    folded: String,
    match_type: String,
    start_at: Option<i64>,
    end_at: Option<i64>,
    complaints: String,
    earlier: String,
}

#[derive(Debug, Deserialize)]
struct EarlierRow {
    id: String,
    owner: Option<String>,
    start_at: Option<i64>,
    end_at: Option<i64>,
}

/// What has become of such a row.
#[derive(Debug, Serialize)]
struct SettledRow {
    line: u64,
    id: Option<String>,
    succeeds_at: Option<i64>,
    complaints: Option<Vec<FaultFacts>>,
}

#[derive(Debug, Deserialize)]
struct Nothing {}

const SETTLE: &str = "UPDATE upload_rows SET
        outcome = iif(
            settled.value ->> '$.id' IS NULL, 'bad',
            iif(settled.value ->> '$.complaints' IS NULL, upload_rows.outcome, 'warned')
        ),
        id = coalesce(settled.value ->> '$.id', upload_rows.id),
        succeeds_at = settled.value ->> '$.succeeds_at',
        complaints = coalesce(settled.value -> '$.complaints', upload_rows.complaints)
    FROM json_each(?3) AS settled
    WHERE upload_rows.program = ?1 AND upload_rows.upload = ?2
    AND upload_rows.line = settled.value ->> '$.line'";

const COUNT: &str = "UPDATE uploads SET
        state = iif(?3 = 'accepting' AND counted.bad = 0, state, 'previewed'),
        rows_ok = counted.total - counted.bad,
        rows_warned = counted.warned,
        rows_bad = counted.bad
    FROM (
        SELECT
            count(*) AS total,
            count(*) FILTER (WHERE outcome = 'warned') AS warned,
            count(*) FILTER (WHERE outcome = 'bad') AS bad
        FROM upload_rows WHERE program = ?1 AND upload = ?2
    ) AS counted
    WHERE program = ?1 AND id = ?2 AND state = ?3";

/// Gives every row that can be a code its id and its start, and complains of those that would meet
/// a code. A file that was being checked is previewed then, and one that was accepted is again, if
/// any row is bad.
///
/// # Errors
///
/// What the database says.
pub async fn settle(job: &Job, state: &str) -> Result<(), Failure> {
    let key = || [job.program.as_str().into(), (&*job.id).into()];
    let uploaded_at = job.upload().await?.map(|upload| upload.uploaded_at());
    let mut taken_ids = BTreeSet::new();
    let mut after = 0u64;
    loop {
        let [program, id] = key();
        let values = [program, id, (after as f64).into(), PART_COUNT.into()];
        let rows: Vec<TakenRow> = job.store.rows(Statement::new(TAKEN, values)).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        let settled = rows.iter().map(|row| row.settle(job, uploaded_at, &mut taken_ids));
        let settled = serde_json::to_string(&settled.collect::<Result<Vec<_>, _>>()?)?;
        let [program, id] = key();
        let settle = Statement::new(SETTLE, [program, id, settled.into()]);
        job.store.rows::<Nothing>(settle).await?;
    }
    let [program, id] = key();
    job.store.rows::<Nothing>(Statement::new(COUNT, [program, id, state.into()])).await.map(drop)
}

impl TakenRow {
    fn settle(
        &self,
        job: &Job,
        uploaded_at: Option<UnixMillis>,
        taken_ids: &mut BTreeSet<String>,
    ) -> serde_json::Result<SettledRow> {
        let earlier: Vec<EarlierRow> = serde_json::from_str(&self.earlier)?;
        let earlier: Vec<Earlier> = earlier.into_iter().map(EarlierRow::earlier).collect();
        let is_exact = self.match_type == MatchType::Exact.name();
        let newcomer = Newcomer {
            match_type: if is_exact { MatchType::Exact } else { MatchType::Regex },
            text: if is_exact { &self.folded } else { &self.text },
            schedule: schedule(self.start_at, self.end_at),
            created_at: uploaded_at.unwrap_or(UnixMillis(0)),
        };
        let is_taken = |id: &str| taken_ids.contains(id);
        match newcomer.among(&earlier, &job.program, now(), is_taken) {
            Ok(successor) => {
                taken_ids.insert(successor.id.clone());
                let succeeds_at = successor.start_at.map(|at| at.0);
                let id = Some(successor.id);
                let meets = |other: &&Earlier| other.schedule.overlaps(&newcomer.schedule);
                let equal = earlier.iter().find(|other| !is_exact && meets(other));
                let words = equal_pattern_words();
                let complaints =
                    equal.map(|other| self.said("equal_patterns", words, other)).transpose()?;
                Ok(SettledRow { line: self.line, id, succeeds_at, complaints })
            }
            Err(other) => {
                let complaints = Some(self.said("conflict", met_words(), other)?);
                Ok(SettledRow { line: self.line, id: None, succeeds_at: None, complaints })
            }
        }
    }

    /// Its complaints, the one about another code first.
    fn said(
        &self,
        kind: &'static str,
        words: (String, String),
        other: &Earlier,
    ) -> serde_json::Result<Vec<FaultFacts>> {
        let before: Vec<FaultFacts> = serde_json::from_str(&self.complaints)?;
        let others = before.into_iter().filter(|complaint| complaint.kind != kind);
        Ok(std::iter::once(self.met(kind, words, other)).chain(others).collect())
    }

    fn met(
        &self,
        kind: &'static str,
        (expected, remedy): (String, String),
        other: &Earlier,
    ) -> FaultFacts {
        let date =
            |at: Option<UnixMillis>, never: &str| at.map_or_else(|| never.to_owned(), rfc3339);
        let whose = other.owner.as_ref().map_or(String::new(), |owner| format!(" of {owner:?}"));
        let start = date(other.schedule.start_at, "ever");
        let end = date(other.schedule.end_at, "for ever");
        let text = &self.text;
        let got = format!("{text:?}, which a code{whose} answers to from {start} until {end}");
        let path = "Promo Code".to_owned();
        FaultFacts { kind: kind.into(), path, expected, got, remedy }
    }
}

impl EarlierRow {
    fn earlier(self) -> Earlier {
        Earlier { id: self.id, owner: self.owner, schedule: schedule(self.start_at, self.end_at) }
    }
}

fn schedule(start_at: Option<i64>, end_at: Option<i64>) -> Schedule {
    Schedule { start_at: start_at.map(UnixMillis), end_at: end_at.map(UnixMillis) }
}
