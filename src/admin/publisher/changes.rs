//! What has changed in the codes since a revision, as a delta.

use super::codes::{Codes, unreadable};
use super::row::{CodeRow, RowText, as_json};
use crate::admin::failure::Failure;
use crate::admin::store::Statement;
use crate::code::CodeTerms;
use crate::snapshot::automaton::compile;
use crate::snapshot::{BuildError, CodeHash, DeltaBuilder};

use serde::Deserialize;

use std::collections::BTreeMap;

/// Most codes that are looked at for a delta: more than one can hold.
const CODES_MAX: u32 = 4_096;

/// The changed codes, and all that share a text with a changed one. What a delta says of a text is
/// everything. Rows, and not one text: patterns alone would pass what the database lets that have.
const CHANGED: &str = "
    WITH changed AS (
        SELECT folded, match_type, id FROM codes WHERE program = ?1 AND revision > ?2 LIMIT ?3
    )
    SELECT {row} AS row FROM codes WHERE program = ?1 AND (
        match_type = 'exact'
        AND folded IN (SELECT folded FROM changed WHERE match_type = 'exact')
        OR match_type = 'regex' AND id IN (SELECT id FROM changed WHERE match_type = 'regex')
    )
    LIMIT ?3";

#[derive(Debug, Deserialize)]
struct Row {
    row: String,
}

/// A delta of everything that changed in the codes after a revision; `None` when that does not fit
/// one. It comes to lie over a manifest with the codes of another revision, or over such deltas.
///
/// # Errors
///
/// What the database says, and what stands against a pattern.
pub async fn delta(
    codes: &Codes<'_>,
    after: u64,
    manifest_revision: u64,
) -> Result<Option<Vec<u8>>, Failure> {
    let Codes { store, program, key } = *codes;
    // Every changed code is among them: should there be more, there is one more than a delta holds.
    let limit = CODES_MAX.saturating_add(1);
    let values = [program.id.as_str().into(), (after as f64).into(), limit.into()];
    let rows: Vec<Row> =
        store.rows(Statement::new(&CHANGED.replace("{row}", &as_json()), values)).await?;
    if u32::try_from(rows.len()).is_ok_and(|count| count == limit) {
        return Ok(None);
    }
    let mut texts: BTreeMap<CodeHash, Vec<CodeTerms>> = BTreeMap::new();
    let mut builder = DeltaBuilder::new(program.id.clone(), key.clone());
    for Row { row } in rows {
        let row: CodeRow = serde_json::from_str(&row)?;
        let is_in_manifest = row.created_revision <= manifest_revision;
        let id = row.id().to_owned();
        match row.code(program).ok_or_else(|| unreadable(&id))? {
            (RowText::Exact(folded), terms) => {
                texts.entry(CodeHash::of(&folded, key)).or_default().push(terms);
            }
            (RowText::Regex(pattern), terms) if is_in_manifest => {
                builder.change_pattern(&pattern, terms);
            }
            // Said again, should a delta have it: by its id it is one code all the same.
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
        Err(error) => Err(Failure::Stopped {
            failed: "making a delta of the edits".to_owned(),
            expected: "codes that a delta can hold".to_owned(),
            got: error.to_string(),
            remedy: "expire the code that was created last, if it is a pattern",
        }),
    }
}
