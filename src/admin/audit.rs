//! The history: what was done, by whom, and how it was before and after.

use super::failure::Failure;
use super::store::history;
use super::{Call, http};
use crate::time::UnixMillis;
use crate::wire::admin::{AuditFacts, AuditQuery, List};
use crate::wire::rfc3339;

use serde::Deserialize;
use worker::Response;

#[derive(Deserialize)]
struct Row {
    id: u64,
    revision: u64,
    at: i64,
    who: String,
    action: String,
    entity: String,
    entity_id: String,
    before: Option<String>,
    after: String,
}

impl Call {
    /// `GET /audit`, the latest first.
    pub async fn audit(&self) -> Result<Response, Failure> {
        let query: AuditQuery = http::query(&self.url)?;
        let page = query.page();
        let end = match page.cursor {
            None => None,
            Some(cursor) => Some(http::decode_cursor::<(i64, u64)>(cursor).ok_or_else(|| {
                let expected = "the next_cursor of the page before";
                http::fault("?cursor", expected, cursor, "leave it out at first")
            })?),
        };
        let more = page.limit.saturating_add(1);
        let entries = history::page(&self.program, &query, end, more);
        let mut rows: Vec<Row> = self.store.rows(entries).await?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let end = rows.last().filter(|_| has_more);
        let next_cursor = end.map(|row| http::encode_cursor(&(row.at, row.id))).transpose()?;
        let items = rows.into_iter().map(Row::facts).collect::<Result<_, _>>()?;
        self.json(200, &List { items, next_cursor, total: None })
    }
}

impl Row {
    fn facts(self) -> serde_json::Result<AuditFacts> {
        Ok(AuditFacts {
            id: self.id,
            at: rfc3339(UnixMillis(self.at)),
            who: self.who,
            action: self.action,
            entity: self.entity,
            entity_id: self.entity_id,
            before: self.before.as_deref().map(serde_json::from_str).transpose()?,
            after: serde_json::from_str(&self.after)?,
            revision: self.revision,
        })
    }
}
