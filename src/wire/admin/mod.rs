//! What the people who keep the catalogue send and are told. Codes, deals, partners and lists have
//! the shapes in which they are authored ([`authored`](crate::catalog::authored)); here is what
//! stands around them.

use serde::{Deserialize, Serialize};

/// A programme that a token opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ProgramName {
    /// Its id.
    pub id: String,
    /// What people call it; null: it has no catalogue yet.
    pub name: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct List<T> {
    /// What is on the page.
    pub items: Vec<T>,
    /// Asks for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// How many there are on all pages; null when they were not counted.
    pub total: Option<u64>,
}

impl<T> List<T> {
    /// A list of one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        let total = u64::try_from(items.len()).ok();
        List { items, next_cursor: None, total }
    }
}
