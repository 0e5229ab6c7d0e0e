//! What is kept as one document with one version: programmes, partners, deals, exception lists.

use crate::catalog::element::Checked;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A document as the database has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// In its authored shape.
    pub document: String,
    /// One more with every change.
    pub version: u64,
    /// The programme's revision of its last change.
    pub revision: u64,
}

impl Row {
    /// What people are told of it.
    ///
    /// # Errors
    ///
    /// When the document cannot be read.
    pub fn facts(&self) -> serde_json::Result<Map<String, Value>> {
        let mut facts: Map<String, Value> = serde_json::from_str(&self.document)?;
        facts.insert("version".to_owned(), self.version.into());
        facts.insert("revision".to_owned(), self.revision.into());
        Ok(facts)
    }

    /// Whether it says the same.
    #[must_use]
    pub fn is(&self, checked: &Checked) -> bool {
        self.document == checked.document
    }
}
