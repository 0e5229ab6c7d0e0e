//! Lists of codes: a filter and a sort as one query that reads little more than the page.
//!
//! Pages follow each other by the last row's key, not by a count, so that none is seen twice or
//! left out while others are inserted. Conditions that an index other than the sort's would serve
//! are written so that it is not taken (`+`): sorting a hundred thousand rows costs more than
//! passing over some.

use super::Statement;
use super::codes::{CodeRow, SELECT};
use super::conditions::Conditions;
use crate::id::ProgramId;
use crate::time::UnixMillis;
use crate::wire::admin::{CodeFilter, SortName, StateName};

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// Up to how many codes are counted: the count of more costs more than it tells.
pub const TOTAL_MAX: u64 = 10_000;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort of the list.
    pub sort: SortName,
    /// Whether it goes down.
    pub desc: bool,
    /// The last row's value of it.
    key: Key,
    id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Key {
    Instant(i64),
    Text(String),
}

/// Codes that have something in common.
#[derive(Debug)]
pub struct Listing<'a> {
    /// Whose they are.
    pub program: &'a ProgramId,
    /// What they have in common.
    pub filter: &'a CodeFilter,
    /// The filter's text as codes are compared.
    pub searched: Option<String>,
    /// When.
    pub now: UnixMillis,
}

/// A row, and what it is sorted by.
#[derive(Debug, Deserialize)]
pub struct SortedRow {
    #[serde(rename = "sort_key")]
    key: Key,
    /// The row.
    #[serde(flatten)]
    pub code: CodeRow,
}

impl Listing<'_> {
    /// The query for a page of so many rows.
    #[must_use]
    pub fn page(
        &self,
        sort: SortName,
        desc: bool,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Statement {
        let column = match sort {
            SortName::Created => "c.created_at",
            SortName::Code => "c.folded",
            SortName::Start => "c.starts_at",
            SortName::End => "c.ends_at",
        };
        let mut conditions = self.conditions();
        if let Some(bound) = self.bound(sort) {
            let now = conditions.bind(JsValue::from_f64(self.now.0 as f64));
            conditions.and(&format!("{bound} {now}"));
        }
        let (way, compare) = if desc { ("DESC", "<") } else { ("ASC", ">") };
        if let Some(Cursor { key, id, .. }) = after {
            let key = match key {
                Key::Instant(at) => JsValue::from_f64(*at as f64),
                Key::Text(text) => text.as_str().into(),
            };
            let (key, id) = (conditions.bind(key), conditions.bind(id.as_str().into()));
            conditions.and(&format!("({column}, c.id) {compare} ({key}, {id})"));
        }
        let select = SELECT.replacen("SELECT", &format!("SELECT {column} AS sort_key,"), 1);
        let sql = format!(
            "{select} WHERE {} ORDER BY {column} {way}, c.id {way} LIMIT {limit}",
            conditions.sql
        );
        Statement { sql, values: conditions.values }
    }

    /// The query that counts them, up to one more than [`TOTAL_MAX`].
    #[must_use]
    pub fn count(&self) -> Statement {
        let Conditions { sql, values } = self.conditions();
        let limit = TOTAL_MAX.saturating_add(1);
        let sql = format!(
            "SELECT count(*) AS count FROM (SELECT 1 FROM codes AS c LEFT JOIN deals AS d \
             ON d.program = c.program AND d.id = c.deal AND d.sync_codes WHERE {sql} LIMIT {limit})"
        );
        Statement { sql, values }
    }

    /// What follows from the state for the column of the sort: it lets the index begin where the
    /// state does, and not pass over all that lies before.
    fn bound(&self, sort: SortName) -> Option<&'static str> {
        match (sort, self.filter.state.unwrap_or_default()) {
            (SortName::End, StateName::Active | StateName::Pending) => Some("c.ends_at >"),
            (SortName::Start, StateName::Active) => Some("c.starts_at <="),
            _ => None,
        }
    }

    fn conditions(&self) -> Conditions {
        let mut all = Conditions::of("c.program", self.program);
        let filter = self.filter;
        if let Some(text) = &self.searched {
            let is_prefix = filter.text.as_deref().is_some_and(|text| text.starts_with('^'));
            let text = all.bind(text.as_str().into());
            all.and(&match is_prefix {
                // The last character there is sorts after all that the prefix may be followed by.
                true => format!("c.folded >= {text} AND c.folded < {text} || char(1114111)"),
                false => format!("instr(c.folded, {text}) > 0"),
            });
        }
        let words = [
            ("c.owner", filter.owner.clone()),
            ("c.deal", filter.deal.clone()),
            ("c.upload", filter.upload.clone()),
            ("+c.kind", filter.kind.and_then(word)),
            ("+c.credit_policy", filter.credit_policy.and_then(word)),
            ("+c.match_type", filter.match_type.and_then(word)),
        ];
        for (column, value) in words {
            if let Some(value) = value {
                let value = all.bind(value.into());
                all.and(&format!("{column} = {value}"));
            }
        }
        self.in_state(&mut all);
        all
    }

    /// As [`Standing::state_at`](crate::catalog::edit::Standing::state_at) has it.
    fn in_state(&self, all: &mut Conditions) {
        const START: &str = "max(+c.starts_at, coalesce(d.start_at, c.starts_at))";
        const END: &str = "min(+c.ends_at, coalesce(d.end_at, c.ends_at))";
        let now = JsValue::from_f64(self.now.0 as f64);
        match self.filter.state.unwrap_or_default() {
            StateName::All => {}
            StateName::Expired => {
                let now = all.bind(now);
                all.and(&format!("{END} <= {now}"));
            }
            StateName::Active => {
                let now = all.bind(now);
                all.and(&format!("{END} > {now} AND {START} <= {now}"));
            }
            StateName::Pending => {
                let now = all.bind(now);
                all.and(&format!("{END} > {now} AND {START} > {now}"));
            }
        }
    }
}

impl Cursor {
    /// The cursor that asks for what follows a row.
    #[must_use]
    pub fn after(row: &SortedRow, sort: SortName, desc: bool) -> Self {
        Cursor { sort, desc, key: row.key.clone(), id: row.code.id.clone() }
    }
}

/// A literal as it is written.
fn word<T: Serialize>(literal: T) -> Option<String> {
    serde_json::to_value(literal).ok()?.as_str().map(str::to_owned)
}
