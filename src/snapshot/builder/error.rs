//! Why a snapshot cannot be built.

use crate::code::CodeTerms;
use crate::id::{DealId, PartnerId};
use crate::snapshot::SnapshotError;
use crate::snapshot::hash::CodeHash;
use crate::snapshot::pattern::PatternError;

use std::fmt;

/// Two codes of one folded text that are active at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The keyed hash of their text. The builder does not keep texts; whoever has them finds it by
    /// this.
    pub hash: CodeHash,
    /// The terms of the two.
    pub terms: [CodeTerms; 2],
}

/// Why a snapshot cannot be built.
#[derive(Debug)]
pub enum BuildError {
    /// Codes that would answer to one text at one time; all of them.
    Conflicts(Vec<Conflict>),
    /// A pattern that the automata cannot hold.
    Pattern(PatternError),
    /// Terms that name an owner the builder was not given.
    UnknownOwner(PartnerId),
    /// Terms that name a deal the builder was not given.
    UnknownDeal(DealId),
    /// One text stands for hundreds of codes with disjoint schedules.
    TextTooOften,
    /// More codes or terms, or a larger manifest or delta, than the format can hold.
    TooLarge,
    /// The layout was made of other terms, or for another number of shards, than it is used with.
    OtherLayout,
    /// The codes of a manifest cannot be kept: another key or program hashes them, or another way
    /// of folding.
    OtherCodes,
    /// A manifest whose codes are to be kept cannot be read.
    Base(SnapshotError),
}

impl From<SnapshotError> for BuildError {
    fn from(error: SnapshotError) -> Self {
        BuildError::Base(error)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Conflicts(conflicts) => {
                write!(f, "{} pairs of codes answer to one text at one time", conflicts.len())
            }
            BuildError::Pattern(error) => error.fmt(f),
            BuildError::UnknownOwner(id) => write!(f, "a code's owner {id} is not a partner"),
            BuildError::UnknownDeal(id) => write!(f, "a code's deal {id} is not a deal"),
            BuildError::TextTooOften => f.write_str(
                "one text stands for more codes than a block holds: remove codes that expired",
            ),
            BuildError::TooLarge => f.write_str(
                "more codes, distinct terms or bytes than a snapshot or a delta can hold: give \
                 codes of one campaign the same settings, or split the programme",
            ),
            BuildError::OtherLayout => f.write_str(
                "the layout is not that of these codes: count the codes and their terms again",
            ),
            BuildError::OtherCodes => f.write_str(
                "the manifest's codes are hashed otherwise than this programme's: build it whole",
            ),
            BuildError::Base(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BuildError {}
