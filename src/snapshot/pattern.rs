//! Regex codes as automata (being filled in).
use super::SnapshotError;

/// Bytes of an entry of the automata section.
pub const ENTRY_SIZE: usize = 16;

/// The automata of a manifest.
#[derive(Debug, Clone, Copy)]
pub struct Automata<'a> {
    index: &'a [u8],
    tables: &'a [u8],
    accepts: &'a [u8],
}

impl<'a> Automata<'a> {
    /// The automata in these sections.
    #[must_use]
    pub fn new(index: &'a [u8], tables: &'a [u8], accepts: &'a [u8]) -> Self {
        Automata { index, tables, accepts }
    }

    /// Calls `matched` with every pattern that matches the whole text.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`].
    pub fn find(&self, _text: &str, _matched: &mut impl FnMut(u32)) -> Result<(), SnapshotError> {
        let _ = (self.index, self.tables, self.accepts);
        Ok(())
    }

    /// Walks the whole table.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`].
    pub fn verify(&self, _pattern_count: u32) -> Result<(), SnapshotError> {
        Ok(())
    }
}

/// The sections that patterns compile to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompiledPatterns {
    /// Entries of the automata section.
    pub index: Vec<u8>,
    /// The tables section.
    pub tables: Vec<u8>,
    /// The accepts section.
    pub accepts: Vec<u8>,
}

/// Why a text is not a pattern that codes can be matched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it, and where.
    pub reason: String,
    /// How to mend it.
    pub remedy: String,
}

impl std::fmt::Display for PatternError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "pattern {}: {}: {}", self.pattern, self.reason, self.remedy)
    }
}

impl std::error::Error for PatternError {}
