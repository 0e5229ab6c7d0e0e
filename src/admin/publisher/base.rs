//! Manifests: what there is besides the codes, over the codes of another one.

use super::codes::Codes;
use super::row::RowText;
use crate::admin::failure::Failure;
use crate::admin::store::{Statement, Store};
use crate::catalog::{self, Catalog};
use crate::id::ProgramId;
use crate::snapshot::automaton::compile;
use crate::snapshot::{BuildError, Builder, Snapshot};

use serde::Deserialize;

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
    let Rows { rows } = found.ok_or("a programme that is not there")?;
    catalog::parse("catalogue", &rows).map(|(catalog, _)| catalog).map_err(|findings| {
        let first = findings.complaints.first().map(ToString::to_string);
        Failure::Stopped {
            failed: "reading the settings, partners, deals and lists".to_owned(),
            expected: "what the interface writes".to_owned(),
            got: first.unwrap_or_default(),
            remedy: "put right in the database what was written past the interface",
        }
    })
}

/// Makes the manifest of a catalogue over the codes of another manifest, with the public codes as
/// they are now; `None` when those codes would have to be hashed again.
///
/// # Errors
///
/// What the database says, or the builder.
pub async fn refresh(
    codes: &Codes<'_>,
    catalog: &Catalog,
    base: &[u8],
) -> Result<Option<Vec<u8>>, Failure> {
    let refused = |error: &dyn ToString| Failure::Stopped {
        failed: "making a manifest".to_owned(),
        expected: "a catalogue that a snapshot can hold".to_owned(),
        got: error.to_string(),
        remedy: "then it is made by itself",
    };
    let base = Snapshot::open(base, codes.key.clone()).map_err(|error| refused(&error))?;
    let mut builder = Builder::new(catalog.program.clone(), codes.key.clone());
    catalog.load(&mut builder);
    for (text, terms) in codes.public().await? {
        match text {
            RowText::Exact(folded) => {
                let terms = builder.terms(terms);
                builder.exact(&folded, terms);
            }
            RowText::Regex(pattern) => builder.pattern(&pattern, terms),
        }
    }
    match builder.refresh(&base, compile) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(BuildError::OtherCodes) => Ok(None),
        Err(error) => Err(refused(&error)),
    }
}
