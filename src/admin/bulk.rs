//! Codes: many edited at once. What becomes of each is decided one by one; they are written in
//! parts, each of which is an edit of its own. An edit that is cut off can be sent again: what is
//! done already is not done twice.

use super::codes::{ATTEMPT_COUNT_MAX, busy};
use super::failure::Failure;
use super::store::codes::{self, CodeRow};
use super::store::list::{Cursor, SortedRow};
use super::store::{Clash, Statement};
use super::{Call, http};
use crate::catalog::edit::{Change, Dates, Standing};
use crate::catalog::element::Surroundings;
use crate::catalog::shape;
use crate::wire::admin::{
    BulkAnswer, BulkEdit, CodeFilter, IDS_COUNT_MAX, SortName, StateName, Unchanged,
};
use crate::zone::Zone;

use serde::Deserialize;
use std::collections::BTreeSet;
use worker::{Request, Response};

/// How many codes are written at once.
const PART_COUNT: u32 = 1_000;

/// Most bytes of what is written at a time: a parameter may have two megabytes.
const PART_SIZE: usize = 1 << 20;

/// Most codes of which it is said why they stay as they are.
const UNCHANGED_COUNT_MAX: usize = 1_000;

#[derive(Deserialize)]
struct Revision {
    revision: u64,
}

impl Call {
    /// `POST /codes/expire`, `reactivate`, `dates` and `deal`.
    pub async fn edit_codes(&self, request: &mut Request, verb: &str) -> Result<Response, Failure> {
        let asked: BulkEdit = shape::read(&self.body(request).await?)?;
        let surroundings = self.surroundings().await?;
        let change = self.wanted(&asked, verb).await?;
        let mut answer = BulkAnswer { changed: 0, unchanged: Vec::new(), revision: 0 };
        let edit = Edit { verb, change, zone: surroundings.zone() };
        match (&asked.ids, &asked.filter) {
            (Some(ids), None) if (1..=IDS_COUNT_MAX).contains(&ids.len()) => {
                self.edit_part(ids, &edit, &mut answer).await?;
            }
            (None, Some(filter)) => {
                let mut filter = filter.clone();
                if verb == "reactivate" {
                    filter.state.get_or_insert(StateName::Expired);
                }
                self.edit_all(&filter, &surroundings, &edit, &mut answer).await?;
            }
            _ => {
                let expected = "1 to 1000 ids, or a filter, and not both";
                return Err(http::fault("$", expected, "neither, or both", "send one of the two"));
            }
        }
        answer.revision = self.revision().await?;
        self.json(200, &answer)
    }

    /// What is wanted, and nothing besides.
    async fn wanted(&self, asked: &BulkEdit, verb: &str) -> Result<Change, Failure> {
        let BulkEdit { end_at, start_at, time_zone, deal, .. } = asked;
        let given = [
            ("end_at", end_at.is_some(), matches!(verb, "dates" | "reactivate")),
            ("start_at", start_at.is_some(), verb == "dates"),
            ("time_zone", time_zone.is_some(), verb == "dates"),
            ("deal", deal.is_some(), verb == "deal"),
        ];
        if let Some((field, ..)) =
            given.iter().find(|(_, is_given, is_taken)| *is_given && !is_taken)
        {
            let expected = format!("no such field for {verb}");
            return Err(http::fault(field, &expected, "a value", "leave it out"));
        }
        match verb {
            "expire" => Ok(Change::Expire),
            "reactivate" => Ok(Change::Reactivate { end_at: end_at.clone() }),
            "deal" => match deal {
                Some(Some(deal)) => Ok(Change::Deal(Some(self.require_deal(deal).await?))),
                Some(None) => Ok(Change::Deal(None)),
                None => Err(http::fault("deal", "a deal's id, or null", "none", "add the field")),
            },
            _ => {
                if let Some(Some(zone)) = time_zone
                    && Zone::parse(zone).is_none()
                {
                    let expected = "an IANA zone name such as America/New_York";
                    return Err(http::fault("time_zone", expected, zone, "correct the name"));
                }
                let (start_at, end_at) = (start_at.clone(), end_at.clone());
                Ok(Change::Dates(Dates { start_at, end_at, time_zone: time_zone.clone() }))
            }
        }
    }

    async fn edit_all(
        &self,
        filter: &CodeFilter,
        surroundings: &Surroundings,
        edit: &Edit<'_>,
        answer: &mut BulkAnswer,
    ) -> Result<(), Failure> {
        let listing = self.listing(filter, surroundings);
        let mut after: Option<Cursor> = None;
        loop {
            let page = listing.page(SortName::Created, false, after.as_ref(), PART_COUNT);
            let rows: Vec<SortedRow> = self.store.rows(page).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(Cursor::after(last, SortName::Created, false));
            let ids: Vec<String> = rows.into_iter().map(|row| row.code.id).collect();
            self.edit_part(&ids, edit, answer).await?;
        }
    }

    /// Edits some codes in one edit; what somebody else has changed meanwhile is read again.
    async fn edit_part(
        &self,
        ids: &[String],
        edit: &Edit<'_>,
        answer: &mut BulkAnswer,
    ) -> Result<(), Failure> {
        let mut done = BTreeSet::new();
        for _ in 0..ATTEMPT_COUNT_MAX {
            let rows: Vec<CodeRow> = self.store.rows(codes::by_ids(&self.program, ids)?).await?;
            let mut unchanged = Vec::new();
            let mut changed: Vec<(&CodeRow, Standing)> = Vec::new();
            for row in rows.iter().filter(|row| !done.contains(&row.id)) {
                match row.standing().changed(&edit.change, self.now, edit.zone) {
                    Ok(standing) => changed.push((row, standing)),
                    Err(refused) => unchanged.push(Unchanged {
                        id: row.id.clone(),
                        reason: refused.name().to_owned(),
                        remedy: refused.remedy(),
                    }),
                }
            }
            let is_there = |id: &&String| rows.iter().any(|row| row.id == **id);
            unchanged.extend(ids.iter().filter(|id| !is_there(id)).map(|id| unknown(id)));
            match self.write_part(changed, edit, &mut unchanged, &mut done).await? {
                Ok(()) => {
                    let count = u64::try_from(done.len()).unwrap_or(0);
                    answer.changed = answer.changed.saturating_add(count);
                    let room = UNCHANGED_COUNT_MAX.saturating_sub(answer.unchanged.len());
                    answer.unchanged.extend(unchanged.into_iter().take(room));
                    return Ok(());
                }
                Err(Clash::Version) => {}
                Err(_) => return Err(busy()),
            }
        }
        Err(busy())
    }

    /// Writes what is changed; where one code would meet another, the rest of them.
    async fn write_part(
        &self,
        changed: Vec<(&CodeRow, Standing)>,
        edit: &Edit<'_>,
        unchanged: &mut Vec<Unchanged>,
        done: &mut BTreeSet<String>,
    ) -> Result<Result<(), Clash>, Failure> {
        let mut parts = vec![changed];
        // A part that is refused for one code's sake is halved until that one is alone.
        while let Some(mut part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            if part.len() > 1 && part.iter().map(size).sum::<usize>() > PART_SIZE {
                let rest = part.split_off(part.len() / 2);
                parts.extend([rest, part]);
                continue;
            }
            let update = codes::update(&self.program, &part)?;
            match self.edit::<Revision>(edit.verb, [update], self.revision_query()).await? {
                Ok(_) => done.extend(part.iter().map(|(row, _)| row.id.clone())),
                Err(Clash::Code) if part.len() == 1 => {
                    unchanged.extend(part.iter().map(|(row, _)| meets(row)));
                }
                Err(Clash::Code) => {
                    let rest = part.split_off(part.len() / 2);
                    parts.extend([rest, part]);
                }
                Err(clash) => return Ok(Err(clash)),
            }
        }
        Ok(Ok(()))
    }

    fn revision_query(&self) -> Statement {
        let sql = "SELECT revision FROM programs WHERE id = ?1";
        Statement::new(sql, [self.program.as_str().into()])
    }

    async fn revision(&self) -> Result<u64, Failure> {
        let row: Option<Revision> = self.store.row(self.revision_query()).await?;
        Ok(row.map(|row| row.revision).unwrap_or_default())
    }
}

/// What is done to each code.
struct Edit<'a> {
    verb: &'a str,
    change: Change,
    zone: &'a Zone,
}

/// About how many bytes a changed code is in a statement's parameter.
fn size((row, standing): &(&CodeRow, Standing)) -> usize {
    const FIELDS_SIZE: usize = 600;
    let comments = standing.comments.as_ref().map_or(0, String::len);
    FIELDS_SIZE.saturating_add(row.id.len()).saturating_add(comments)
}

fn unknown(id: &str) -> Unchanged {
    let remedy = "correct the id: no code of this program has it".to_owned();
    Unchanged { id: id.to_owned(), reason: "unknown".to_owned(), remedy }
}

fn meets(row: &CodeRow) -> Unchanged {
    let remedy = "another code has the text at that time: end that one first".to_owned();
    Unchanged { id: row.id.clone(), reason: "conflict".to_owned(), remedy }
}
