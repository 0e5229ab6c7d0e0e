//! Why a verb could not do its work: what, where, and how to mend it.

use promo_edge::snapshot::{RootTooLarge, SnapshotError};

use std::fmt;
use std::path::Path;

/// What a person is told on standard error before exit code 2.
#[derive(Debug)]
pub struct Failure {
    what: String,
    place: Option<String>,
    remedy: Option<String>,
}

impl Failure {
    /// Something is wrong.
    pub fn new(what: impl fmt::Display) -> Self {
        Failure { what: what.to_string(), place: None, remedy: None }
    }

    /// A file could not be read or written.
    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        Failure::new(error).at(path.display())
    }

    /// Says where.
    pub fn at(self, place: impl fmt::Display) -> Self {
        Failure { place: Some(place.to_string()), ..self }
    }

    /// Says how to mend it.
    pub fn mend(self, remedy: impl fmt::Display) -> Self {
        Failure { remedy: Some(remedy.to_string()), ..self }
    }

    /// What is wrong and where, in one line.
    pub fn finding(&self) -> String {
        match &self.place {
            Some(place) => format!("{place}: {}", self.what),
            None => self.what.clone(),
        }
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        Failure::new(error)
    }
}

impl From<RootTooLarge> for Failure {
    fn from(error: RootTooLarge) -> Self {
        Failure::new(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if let Some(place) = &self.place {
            write!(f, "\n   at: {place}")?;
        }
        if let Some(remedy) = &self.remedy {
            write!(f, "\n mend: {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
