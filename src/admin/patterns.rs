//! Patterns: which codes of the catalogue match what a pattern matches.
//!
//! Both kinds are looked at up to a number, so that one question costs no more in a catalogue of
//! millions: the answer says when there was more.

use super::failure::Failure;
use super::store::{Statement, instant};
use super::{Call, http};
use crate::catalog::{Place, read_pattern, shape};
use crate::code::Spellings;
use crate::platform::nfkc;
use crate::snapshot::automaton::{Pattern, overlap};
use crate::wire::admin::{ExactOverlap, LIMIT_MAX, Overlaps, OverlapsRequest, PatternOverlap};

use serde::Deserialize;
use worker::{Request, Response};

/// Most patterns that one is compared with.
const PATTERN_COUNT_MAX: usize = 500;

/// Most exact codes that are put to a pattern.
const EXACT_COUNT_MAX: usize = 20_000;

/// How many of them are read at a time. They come as one text, which the database lets have 2 MB;
/// a code takes up to 700 bytes of it.
const PART_COUNT: usize = 2_500;

/// With an index named: the planner would take the one by end, and pass over every exact code.
const PATTERNS: &str = "SELECT id, text, owner FROM codes INDEXED BY regex_codes \
    WHERE program = ?1 AND match_type = 'regex' AND ends_at > ?2 ORDER BY id LIMIT ?3";

const EXACT: &str = "SELECT json_group_array(json_array(id, text, folded, owner, is_over)) AS part \
    FROM (SELECT id, text, folded, owner, ends_at <= ?2 AS is_over FROM codes \
    WHERE program = ?1 AND match_type = 'exact' AND (folded, id) > (?3, ?4) \
    ORDER BY folded, id LIMIT ?5)";

#[derive(Deserialize)]
struct PatternRow {
    id: String,
    text: String,
    owner: Option<String>,
}

#[derive(Deserialize)]
struct Part {
    part: String,
}

/// Id, text, folded text, owner, and whether it is over.
#[derive(Deserialize)]
struct ExactRow(String, String, String, Option<String>, u8);

/// What was found, and whether that is all there is.
struct Found<T> {
    items: Vec<T>,
    is_all: bool,
}

impl Call {
    /// `POST /patterns/overlaps`.
    pub async fn overlaps(&self, request: &mut Request) -> Result<Response, Failure> {
        let asked: OverlapsRequest = shape::read(&self.body(request).await?)?;
        if !(1..=LIMIT_MAX).contains(&asked.limit) {
            let (expected, got) = (format!("1 to {LIMIT_MAX}"), asked.limit.to_string());
            return Err(http::fault("limit", &expected, &got, "ask for as many"));
        }
        let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
        let field = "pattern".to_owned();
        let place = Place { source: "body".into(), line: 1, column: None, field };
        let pattern = read_pattern(&asked.pattern, &place)?;
        let spellings = self.surroundings().await?.spellings();
        let patterns = self.overlapping(&pattern, limit).await?;
        let codes = self.matched(&pattern, &spellings, limit).await?;
        let is_complete = patterns.is_all && codes.is_all;
        let answer = Overlaps { patterns: patterns.items, codes: codes.items, is_complete };
        self.json(200, &answer)
    }

    async fn overlapping(
        &self,
        pattern: &Pattern,
        limit: usize,
    ) -> Result<Found<PatternOverlap>, Failure> {
        let more = u32::try_from(PATTERN_COUNT_MAX.saturating_add(1)).unwrap_or(u32::MAX);
        let values = [self.program.as_str().into(), instant(Some(self.now)), more.into()];
        let rows: Vec<PatternRow> = self.store.rows(Statement::new(PATTERNS, values)).await?;
        let is_all = rows.len() <= PATTERN_COUNT_MAX;
        let mut found = Found { items: Vec::new(), is_all };
        for row in rows.into_iter().take(PATTERN_COUNT_MAX) {
            // What is kept was a pattern when it came in.
            let Ok(other) = Pattern::parse(&row.text) else { continue };
            let example = match overlap(pattern, &other, nfkc) {
                Ok(None) => continue,
                Ok(example) => example,
                Err(_) => None,
            };
            if found.items.len() >= limit {
                return Ok(Found { is_all: false, ..found });
            }
            let PatternRow { id, text, owner } = row;
            found.items.push(PatternOverlap { id, code: text, owner, example });
        }
        Ok(found)
    }

    async fn matched(
        &self,
        pattern: &Pattern,
        spellings: &Spellings,
        limit: usize,
    ) -> Result<Found<ExactOverlap>, Failure> {
        let mut items = Vec::new();
        let (mut folded, mut id) = (String::new(), String::new());
        for _ in 0..EXACT_COUNT_MAX.div_ceil(PART_COUNT) {
            let rows = self.exact_part(&folded, &id).await?;
            let Some(last) = rows.last() else { return Ok(Found { items, is_all: true }) };
            (folded, id) = (last.2.clone(), last.0.clone());
            let is_last = rows.len() < PART_COUNT;
            for ExactRow(id, code, folded, owner, is_over) in rows {
                if is_over == 1 || pattern.spelling(&folded, spellings).is_none() {
                    continue;
                }
                if items.len() >= limit {
                    return Ok(Found { items, is_all: false });
                }
                items.push(ExactOverlap { id, code, owner });
            }
            if is_last {
                return Ok(Found { items, is_all: true });
            }
        }
        Ok(Found { items, is_all: false })
    }

    /// Exact codes after one, in the order of their folded texts.
    async fn exact_part(&self, folded: &str, id: &str) -> Result<Vec<ExactRow>, Failure> {
        let values = [
            self.program.as_str().into(),
            instant(Some(self.now)),
            folded.into(),
            id.into(),
            u32::try_from(PART_COUNT).unwrap_or(u32::MAX).into(),
        ];
        let part: Option<Part> = self.store.row(Statement::new(EXACT, values)).await?;
        Ok(part.map(|part| serde_json::from_str(&part.part)).transpose()?.unwrap_or_default())
    }
}
