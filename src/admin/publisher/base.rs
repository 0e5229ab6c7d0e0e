//! Manifests, and whole snapshots, built from the database.

use super::row::{AS_JSON, CodeRow, RowText};
use crate::admin::failure::Failure;
use crate::admin::store::{Statement, Store};
use crate::catalog::{self, Catalog};
use crate::id::ProgramId;
use crate::program::Program;
use crate::snapshot::automaton::compile;
use crate::snapshot::{BuildError, Builder, Built, HashKey, Snapshot};

use serde::Deserialize;

/// Rows that are read at a time: their text stays well below the two megabytes that D1 hands over.
const PAGE_COUNT: u32 = 4_000;

/// Everything but the codes, as the one document that `promo build` reads.
const DOCUMENT: &str = "
    SELECT json_object(
        'program', json(document),
        'event_types', json(event_types_document),
        'partners', (SELECT json_group_array(json(document)) FROM partners WHERE program = ?1),
        'deals', (SELECT json_group_array(json(document)) FROM deals WHERE program = ?1),
        'exception_lists',
            (SELECT json_group_array(json(document)) FROM exception_lists WHERE program = ?1)
    ) AS rows FROM programs WHERE id = ?1";

const CODES: &str = "
    SELECT json_group_array(json(row)) AS rows FROM (
        SELECT {row} AS row FROM codes WHERE program = ?1 AND id > ?2 AND {which}
        ORDER BY id LIMIT ?3
    )";

#[derive(Debug, Deserialize)]
struct Rows {
    rows: String,
}

/// The program, its partners, deals and lists, without the codes.
///
/// # Errors
///
/// What the database says, or what is wrong with what it holds.
pub async fn catalog(store: &Store, program: &ProgramId) -> Result<Catalog, Failure> {
    let found: Option<Rows> =
        store.row(Statement::new(DOCUMENT, [program.as_str().into()])).await?;
    let Rows { rows } =
        found.ok_or_else(|| worker::Error::from("a programme that is not there"))?;
    match catalog::parse("catalogue", &rows) {
        Ok((catalog, _)) => Ok(catalog),
        Err(findings) => {
            let first = findings.complaints.first().map(ToString::to_string);
            Err(Failure::Platform(first.unwrap_or_default().into()))
        }
    }
}

/// Builds a snapshot of a catalogue and all codes of the database.
///
/// # Errors
///
/// What the database says, or the builder.
pub async fn build(store: &Store, catalog: &Catalog, key: HashKey) -> Result<Built, Failure> {
    let mut builder = Builder::new(catalog.program.clone(), key);
    catalog.load(&mut builder);
    load_codes(store, &catalog.program, &mut builder, Which::All).await?;
    builder.finish(compile).map_err(|error| error.to_string().into())
}

/// Builds a manifest of a catalogue over the codes of another one; `None` when those would have to
/// be built again.
///
/// # Errors
///
/// What the database says, or the builder.
pub async fn refresh(
    store: &Store,
    catalog: &Catalog,
    key: HashKey,
    base: &[u8],
) -> Result<Option<Vec<u8>>, Failure> {
    let base = Snapshot::open(base, key.clone()).map_err(|error| error.to_string())?;
    let mut builder = Builder::new(catalog.program.clone(), key);
    catalog.load(&mut builder);
    load_codes(store, &catalog.program, &mut builder, Which::Public).await?;
    match builder.refresh(&base, compile) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(BuildError::OtherCodes) => Ok(None),
        Err(error) => Err(error.to_string().into()),
    }
}

/// Gives a builder the codes of the database.
async fn load_codes(
    store: &Store,
    program: &Program,
    builder: &mut Builder,
    which: Which,
) -> Result<(), Failure> {
    let sql = CODES.replace("{row}", AS_JSON).replace("{which}", which.condition());
    let mut last = String::new();
    loop {
        let values = [program.id.as_str().into(), last.as_str().into(), PAGE_COUNT.into()];
        let found: Option<Rows> = store.row(Statement::new(&sql, values)).await?;
        let rows: Vec<CodeRow> =
            serde_json::from_str(found.as_ref().map_or("[]", |page| &page.rows))?;
        let Some(end) = rows.last() else { return Ok(()) };
        last.clone_from(&end.id);
        for row in rows {
            let unreadable = format!("the code {:?} of the database cannot be read", row.id);
            match row.code(program).ok_or(unreadable)? {
                (RowText::Exact(folded), terms) => {
                    let terms = builder.terms(terms);
                    builder.exact(&folded, terms);
                }
                (RowText::Regex(pattern), terms) => builder.pattern(&pattern, terms),
            }
        }
    }
}

/// Which codes a builder is given.
#[derive(Debug, Clone, Copy)]
enum Which {
    All,
    Public,
}

impl Which {
    fn condition(self) -> &'static str {
        match self {
            Which::All => "1",
            Which::Public => "public = 1",
        }
    }
}
