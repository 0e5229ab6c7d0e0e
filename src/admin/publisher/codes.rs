//! The codes of a programme as they stood at a revision, a page at a time.
//!
//! Codes are never deleted, and what they were before each change is in the audit: so a fold that
//! takes many alarms reads the codes of one revision, whatever is edited meanwhile.

use super::row::{CodeRow, RowText, as_json, as_json_then};
use crate::admin::failure::Failure;
use crate::admin::store::{Statement, Store};
use crate::code::{CodeTerms, FoldedCode};
use crate::program::Program;
use crate::snapshot::{CodeHash, HashKey, ShardPlan};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// Rows that are read at a time: their text stays below the two megabytes that D1 hands over,
/// however long they are.
const PAGE_COUNT: u32 = 3_000;

/// Patterns that are read at a time: one may be much longer than a code.
const PATTERNS_COUNT: u32 = 200;

/// Most changed texts that it pays to know: more of them lie in every shard there is.
const CHANGED_MAX: u32 = 20_000;

/// Above every row's number: JavaScript can count so far.
const NUMBER_MAX: i64 = (1 << 53) - 1;

const EXACT: &str = "
    SELECT json_group_array(json(row)) AS rows FROM (
        SELECT {row} AS row FROM codes
        WHERE program = ?1 AND (hash, rowid) > (unhex(?3), ?4) AND hash <= unhex(?5)
        AND created_revision <= ?2 AND (?6 IS NULL OR created_at = ?6)
        ORDER BY hash, rowid LIMIT ?7
    )";

const PATTERNS: &str = "
    SELECT json_group_array(json(row)) AS rows FROM (
        SELECT {row} AS row FROM codes
        WHERE program = ?1 AND id > ?3 AND match_type = 'regex' AND created_revision <= ?2
        ORDER BY id LIMIT ?4
    )";

const PUBLIC: &str = "
    SELECT json_group_array(json(row)) AS rows FROM (
        SELECT {row} AS row FROM codes WHERE program = ?1 AND id > ?2 AND public = 1
        ORDER BY id LIMIT ?3
    )";

const CHANGED: &str = "
    SELECT json_group_array(hash) AS rows FROM (
        SELECT hex(hash) AS hash FROM codes
        WHERE program = ?1 AND revision > ?2 AND hash IS NOT NULL LIMIT ?3
    )";

/// Reads the codes of a programme.
#[derive(Debug, Clone, Copy)]
pub struct Codes<'a> {
    /// Where they are.
    pub store: &'a Store,
    /// Whose they are.
    pub program: &'a Program,
    /// What they are hashed under.
    pub key: &'a HashKey,
}

/// Which exact codes are read: those whose hash lies in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first hash.
    pub first: CodeHash,
    /// The last hash.
    pub last: CodeHash,
    /// When all of them were created; `None`: whenever.
    pub created_at: Option<i64>,
}

/// Where a page ended: with this code or, at first, before all codes of this hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    hash: String,
    number: i64,
}

/// An exact code.
#[derive(Debug)]
pub struct ExactCode {
    /// Its text.
    pub folded: FoldedCode,
    /// The hash of that.
    pub hash: CodeHash,
    /// Its terms.
    pub terms: CodeTerms,
}

/// Exact codes in the order of their hashes.
#[derive(Debug)]
pub struct Page {
    /// The codes.
    pub codes: Vec<ExactCode>,
    /// Where the next page goes on; `None` when this is the last.
    pub next: Option<Cursor>,
}

#[derive(Debug, Deserialize)]
struct Rows {
    rows: String,
}

impl Range {
    /// Every code.
    pub const ALL: Range =
        Range { first: CodeHash::LEAST, last: CodeHash::GREATEST, created_at: None };

    /// The codes that can belong to a shard. Those of one campaign were all created at one time:
    /// of a segment that it has for itself the database then hands over little else.
    #[must_use]
    pub fn of(plan: &ShardPlan, terms: Option<&CodeTerms>) -> Self {
        let created_at = terms.map(|terms| terms.created_at.0);
        Range { first: plan.first, last: plan.last, created_at }
    }

    /// Where its first page begins.
    #[must_use]
    pub fn start(&self) -> Cursor {
        Cursor { hash: self.first.to_hex(), number: 0 }
    }
}

impl Cursor {
    /// Behind every code.
    #[must_use]
    pub fn end() -> Self {
        Cursor { hash: CodeHash::GREATEST.to_hex(), number: NUMBER_MAX }
    }

    /// How much of all hashes lies before it, in hundredths.
    #[must_use]
    pub fn hundredths(&self) -> u64 {
        let digits = self.hash.get(..4).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        digits.unwrap_or(0).saturating_mul(100) >> 16
    }
}

impl Codes<'_> {
    /// A page of exact codes as they stood at a revision.
    ///
    /// # Errors
    ///
    /// What the database says; and when a code is not hashed under the programme's key.
    pub async fn exact(
        &self,
        revision: u64,
        range: &Range,
        from: &Cursor,
    ) -> Result<Page, Failure> {
        let values = [
            self.program.id.as_str().into(),
            (revision as f64).into(),
            from.hash.as_str().into(),
            (from.number as f64).into(),
            range.last.to_hex().into(),
            range.created_at.map_or(JsValue::NULL, |at| (at as f64).into()),
            PAGE_COUNT.into(),
        ];
        let rows = self.rows(&EXACT.replace("{row}", &as_json_then()), values).await?;
        let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == PAGE_COUNT);
        let last = rows.last().filter(|_| is_full);
        let next = last.map(|last| Cursor { hash: last.hash.clone(), number: last.number });
        let codes = rows.into_iter().map(|row| self.exact_code(row)).collect::<Result<_, _>>()?;
        Ok(Page { codes, next })
    }

    /// All regex codes as they stood at a revision, with their patterns.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn patterns(&self, revision: u64) -> Result<Vec<(String, CodeTerms)>, Failure> {
        let sql = PATTERNS.replace("{row}", &as_json_then());
        let mut patterns = Vec::new();
        let mut last = String::new();
        loop {
            let values = [
                self.program.id.as_str().into(),
                (revision as f64).into(),
                last.as_str().into(),
                PATTERNS_COUNT.into(),
            ];
            let rows = self.rows(&sql, values).await?;
            let Some(end) = rows.last() else { return Ok(patterns) };
            last = end.id().to_owned();
            for row in rows {
                if let (RowText::Regex(pattern), terms) = self.code(row)? {
                    patterns.push((pattern, terms));
                }
            }
        }
    }

    /// All codes that shoppers' browsers may know, as they are now.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn public(&self) -> Result<Vec<(RowText, CodeTerms)>, Failure> {
        let sql = PUBLIC.replace("{row}", &as_json());
        let mut codes = Vec::new();
        let mut last = String::new();
        loop {
            let program = self.program.id.as_str().into();
            let rows = self.rows(&sql, [program, last.as_str().into(), PATTERNS_COUNT.into()]);
            let rows = rows.await?;
            let Some(end) = rows.last() else { return Ok(codes) };
            last = end.id().to_owned();
            for row in rows {
                codes.push(self.code(row)?);
            }
        }
    }

    /// The hashes of all texts of which a code has changed since a revision; `None` when it is not
    /// worth while to know them.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn changed_since(&self, revision: u64) -> Result<Option<Vec<CodeHash>>, Failure> {
        let limit = CHANGED_MAX.saturating_add(1);
        let values = [self.program.id.as_str().into(), (revision as f64).into(), limit.into()];
        let found: Option<Rows> = self.store.row(Statement::new(CHANGED, values)).await?;
        let hashes: Vec<String> = parse(found.as_ref())?;
        if u32::try_from(hashes.len()).is_ok_and(|count| count == limit) {
            return Ok(None);
        }
        let hash = |hex: &String| CodeHash::from_hex(hex).ok_or("a code without a hash".into());
        hashes.iter().map(hash).collect::<Result<_, _>>().map(Some)
    }

    fn exact_code(&self, row: CodeRow) -> Result<ExactCode, Failure> {
        let stored = CodeHash::from_hex(&row.hash);
        let id = row.id().to_owned();
        let (RowText::Exact(folded), terms) = self.code(row)? else {
            return Err(unreadable(&id));
        };
        let hash = CodeHash::of(&folded, self.key);
        if stored != Some(hash) {
            return Err(Failure::Stopped {
                failed: format!("reading the code {id:?} of the catalogue"),
                expected: "codes that were hashed with the PROGRAM_KEY of this Worker".to_owned(),
                got: "another hash".to_owned(),
                remedy: "give the Worker the key that it had when the codes were created",
            });
        }
        Ok(ExactCode { folded, hash, terms })
    }

    fn code(&self, row: CodeRow) -> Result<(RowText, CodeTerms), Failure> {
        let id = row.id().to_owned();
        row.code(self.program).ok_or_else(|| unreadable(&id))
    }

    async fn rows<const N: usize>(
        &self,
        sql: &str,
        values: [JsValue; N],
    ) -> Result<Vec<CodeRow>, Failure> {
        let found: Option<Rows> = self.store.row(Statement::new(sql, values)).await?;
        parse(found.as_ref())
    }
}

fn parse<T: DeserializeOwned>(found: Option<&Rows>) -> Result<Vec<T>, Failure> {
    Ok(serde_json::from_str(found.map_or("[]", |all| &all.rows))?)
}

/// A row that this Worker did not write.
pub fn unreadable(id: &str) -> Failure {
    Failure::Stopped {
        failed: format!("reading the code {id:?} of the catalogue"),
        expected: "a code as the interface writes it".to_owned(),
        got: "something else".to_owned(),
        remedy: "put right in the database what was written past the interface",
    }
}
