#![doc = include_str!("FORMAT.md")]
//!
//! # In this module
//!
//! - [`Snapshot`] answers look-ups from a manifest and its shards; [`Shards`] and [`Source`] are
//!   how it reads them.
//! - [`Delta`] is what has changed since the manifest was built; it lies over it as a layer.
//! - [`Root`] says which manifest and which deltas are in force, and is signed.
//! - [`Builder`] compiles a catalogue, [`DeltaBuilder`] changes of it; [`verify()`] reads every
//!   byte of the result.
//! - [`Layout`] is how a snapshot is written one shard at a time, of [`Campaign`]s.
//! - [`Bundle`] is a snapshot in one piece.
//! - [`ProgramKey`], [`ReaderKey`], [`HashKey`] and [`ContentId`] are its keys and names.

mod block;
mod builder;
mod bundle;
mod delta;
mod fold;
mod hash;
mod key;
pub mod layout;
pub mod pattern;
mod reader;
mod record;
mod root;
mod segment;
mod source;
mod tables;
mod universe;
mod verify;

#[cfg(feature = "patterns")]
pub mod automaton;

pub use builder::{
    BuildError, Builder, Built, CompilePatterns, Conflict, DeltaBuilder, TermsHandle,
};
pub use bundle::Bundle;
pub use delta::{Changes, Delta};
pub use fold::{Campaign, Layout, ShardPlan};
pub use hash::CodeHash;
#[cfg(any(feature = "cli", feature = "edge"))]
pub(crate) use key::parse_hex;
pub use key::{ContentId, HashKey, KeyError, ProgramKey, ReaderKey};
pub use layout::{DELTA_SIZE_MAX, DELTAS_MAX, FORMAT_VERSION, INLINE_SIZE_MAX};
pub use reader::{BareSnapshot, SegmentSummary, ShardIndexes, Snapshot};
pub use root::{Root, RootTooLarge};
pub use source::{OutOfBounds, Shards, Source};
pub use universe::Universe;
pub use verify::{Verified, verify};

use std::fmt;

/// Why a snapshot cannot be read. Every variant is a failure for an operator, never an answer for a
/// shopper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotError {
    /// The bytes do not begin like such an object.
    NotA {
        /// What was expected.
        object: &'static str,
    },
    /// Written in a format that this build does not read.
    Version {
        /// The version that it reads.
        expected: u16,
        /// The version that it found.
        got: u16,
    },
    /// The bytes contradict themselves.
    Corrupt {
        /// Where.
        place: &'static str,
    },
    /// The root was signed with another key.
    OtherKey {
        /// Id of the key that it should be signed with.
        expected: [u8; 8],
        /// Id of the key that it names.
        got: [u8; 8],
    },
    /// The codes are hashed under another key, so none would be found.
    OtherHashKey,
    /// The root names the right key, but its signature is not by it.
    Forged,
    /// An object's bytes are not those that it is named by. Boxed, as every look-up hands errors
    /// on: ids in place would make all its results several times as large.
    ContentMismatch(Box<ContentMismatch>),
    /// A look-up needs a shard that was not given.
    MissingShard {
        /// The shard's index in the manifest.
        index: usize,
    },
}

/// An object with another's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentMismatch {
    /// Which object.
    pub object: &'static str,
    /// The id that it is named by.
    pub expected: ContentId,
    /// The id that its bytes have.
    pub got: ContentId,
}

impl ContentMismatch {
    /// That an object has the bytes that it is named by.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::ContentMismatch`] when it has others.
    pub fn check(
        object: &'static str,
        expected: ContentId,
        got: ContentId,
    ) -> Result<(), SnapshotError> {
        if expected == got {
            return Ok(());
        }
        let mismatch = ContentMismatch { object, expected, got };
        Err(SnapshotError::ContentMismatch(Box::new(mismatch)))
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnapshotError::NotA { object } => {
                write!(
                    f,
                    "expected a {object}, got other bytes: build and publish the snapshot again"
                )
            }
            SnapshotError::Version { expected, got } if expected < got => write!(
                f,
                "snapshot version {got} is newer than this build reads ({expected}): \
                 deploy the Worker before publishing"
            ),
            SnapshotError::Version { expected, got } => write!(
                f,
                "snapshot version {got} is older than this build reads ({expected}): \
                 build and publish the snapshot again"
            ),
            SnapshotError::Corrupt { place } => write!(
                f,
                "the {place} contradicts itself: run `promo verify`, then build and publish again"
            ),
            SnapshotError::OtherKey { expected, got } => write!(
                f,
                "the root is signed with key {got:02x?}, expected {expected:02x?}: give the reader \
                 key of the program key that publishes"
            ),
            SnapshotError::OtherHashKey => f.write_str(
                "the codes are hashed under another key: give the key that the snapshot was built \
                 with, or build it again",
            ),
            SnapshotError::Forged => f.write_str(
                "the root's signature is wrong: somebody without the program key wrote it; \
                 publish again and find out who can write to the namespace",
            ),
            SnapshotError::ContentMismatch(mismatch) => {
                let ContentMismatch { object, expected, got } = &**mismatch;
                write!(f, "the {object} named {expected} has the content of {got}: publish again")
            }
            SnapshotError::MissingShard { index } => {
                write!(f, "shard {index} was not loaded before the look-up that needs it")
            }
        }
    }
}

impl std::error::Error for SnapshotError {}

/// Checks the magic and the version that every object begins with.
fn check_header(bytes: &[u8], magic: [u8; 4], object: &'static str) -> Result<(), SnapshotError> {
    if layout::array_at(bytes, 0) != Some(magic) {
        return Err(SnapshotError::NotA { object });
    }
    match layout::u16_at(bytes, 4) {
        Some(FORMAT_VERSION) => Ok(()),
        Some(got) => Err(SnapshotError::Version { expected: FORMAT_VERSION, got }),
        None => Err(SnapshotError::NotA { object }),
    }
}
