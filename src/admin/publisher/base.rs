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

/// Everything but the codes, row by row: all of it as one value may be more than the database hands
/// over.
const DOCUMENTS: &str = "
    SELECT 'program' AS section, document FROM programs WHERE id = ?1
    UNION ALL SELECT 'event_types', event_types_document FROM programs WHERE id = ?1
    UNION ALL SELECT 'partners', document FROM partners WHERE program = ?1
    UNION ALL SELECT 'deals', document FROM deals WHERE program = ?1
    UNION ALL SELECT 'exception_lists', document FROM exception_lists WHERE program = ?1";

/// The sections of the document that `promo build` reads: whether they are lists of documents.
const SECTIONS: [(&str, bool); 5] = [
    ("program", false),
    ("event_types", false),
    ("partners", true),
    ("deals", true),
    ("exception_lists", true),
];

#[derive(Debug, Deserialize)]
struct Document {
    section: String,
    document: String,
}

/// The program, its partners, deals and lists, without the codes.
///
/// # Errors
///
/// What the database says, or what is wrong with what it holds.
pub async fn catalog(store: &Store, program: &ProgramId) -> Result<Catalog, Failure> {
    let found: Vec<Document> =
        store.rows(Statement::new(DOCUMENTS, [program.as_str().into()])).await?;
    if found.is_empty() {
        return Err("a programme that is not there".into());
    }
    catalog::parse("catalogue", &whole(&found)).map(|(catalog, _)| catalog).map_err(|findings| {
        let first = findings.complaints.first().map(ToString::to_string);
        Failure::Stopped {
            failed: "reading the settings, partners, deals and lists".to_owned(),
            expected: "what the interface writes".to_owned(),
            got: first.unwrap_or_default(),
            remedy: "put right in the database what was written past the interface",
        }
    })
}

/// One document of all.
fn whole(found: &[Document]) -> String {
    let section = |(name, is_list): (&str, bool)| {
        let documents = found.iter().filter(|found| found.section == name);
        let texts: Vec<&str> = documents.map(|found| found.document.as_str()).collect();
        let text = texts.join(",");
        if is_list { format!("\"{name}\":[{text}]") } else { format!("\"{name}\":{text}") }
    };
    format!("{{{}}}", SECTIONS.map(section).join(","))
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
