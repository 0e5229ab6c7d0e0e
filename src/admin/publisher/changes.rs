//! What has changed in the codes since a revision, as a delta.

use super::row::{AS_JSON, CodeRow, RowText};
use crate::admin::failure::Failure;
use crate::admin::store::{Statement, Store};
use crate::code::CodeTerms;
use crate::program::Program;
use crate::snapshot::automaton::compile;
use crate::snapshot::{BuildError, CodeHash, DeltaBuilder, HashKey};

use serde::Deserialize;

use std::collections::BTreeMap;

/// Most codes that are looked at for a delta: more than one can hold.
const CODES_MAX: u32 = 4_096;

/// The changed codes, and all that share a text with a changed one. What a delta says of a text is
/// everything.
const CHANGED: &str = "
    WITH changed AS (
        SELECT folded, match_type, id FROM codes WHERE program = ?1 AND revision > ?2 LIMIT ?3
    )
    SELECT json_group_array(json(row)) AS rows FROM (
        SELECT {row} AS row FROM codes WHERE program = ?1 AND (
            match_type = 'exact'
            AND folded IN (SELECT folded FROM changed WHERE match_type = 'exact')
            OR match_type = 'regex' AND id IN (SELECT id FROM changed WHERE match_type = 'regex')
        )
    )";

#[derive(Debug, Deserialize)]
struct Rows {
    rows: String,
}

#[derive(Debug, Deserialize)]
struct Counted {
    count: u32,
}

/// A delta of everything that changed in the codes after a revision; `None` when that does not fit
/// one.
///
/// # Errors
///
/// What the database says, and what stands against a pattern.
pub async fn delta(
    store: &Store,
    program: &Program,
    key: &HashKey,
    after: u64,
) -> Result<Option<Vec<u8>>, Failure> {
    if count(store, program, after).await? > CODES_MAX {
        return Ok(None);
    }
    let values = [program.id.as_str().into(), (after as f64).into(), CODES_MAX.into()];
    let found: Option<Rows> =
        store.row(Statement::new(&CHANGED.replace("{row}", AS_JSON), values)).await?;
    let rows: Vec<CodeRow> = serde_json::from_str(found.as_ref().map_or("[]", |all| &all.rows))?;
    let mut texts: BTreeMap<CodeHash, Vec<CodeTerms>> = BTreeMap::new();
    let mut builder = DeltaBuilder::new(program.id.clone(), key.clone());
    for row in rows {
        let unreadable = format!("the code {:?} of the database cannot be read", row.id);
        match row.code(program).ok_or(unreadable)? {
            (RowText::Exact(folded), terms) => {
                texts.entry(CodeHash::of(&folded, key)).or_default().push(terms);
            }
            // Said again, should the manifest have it: by its id it is one code all the same.
            (RowText::Regex(pattern), terms) => builder.add_pattern(&pattern, terms),
        }
    }
    texts.into_iter().for_each(|(hash, terms)| builder.text(hash, terms));
    if builder.is_empty() {
        return Ok(Some(Vec::new()));
    }
    match builder.finish(compile) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(BuildError::TooLarge) => Ok(None),
        Err(error) => Err(Failure::Platform(error.to_string().into())),
    }
}

/// How many codes changed after a revision, up to one more than a delta is made of.
async fn count(store: &Store, program: &Program, after: u64) -> Result<u32, Failure> {
    let sql = "SELECT count(*) AS count FROM (
        SELECT 1 FROM codes WHERE program = ?1 AND revision > ?2 LIMIT ?3)";
    let limit = CODES_MAX.saturating_add(1);
    let values = [program.id.as_str().into(), (after as f64).into(), limit.into()];
    let counted: Option<Counted> = store.row(Statement::new(sql, values)).await?;
    Ok(counted.map_or(0, |counted| counted.count))
}
