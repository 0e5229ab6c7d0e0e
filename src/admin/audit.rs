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
        let end: Option<(i64, u64)> = http::end_before(page.cursor)?;
        let entries = history::page(&self.program, &query, end, page.limit_and_one());
        let mut rows: Vec<Row> = self.store.rows(entries).await?;
        let next_cursor = http::cut(&mut rows, page, |row| (row.at, row.id))?;
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
