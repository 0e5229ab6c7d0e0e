//! Bytes that may lie elsewhere: the only way a look-up reaches a shard.
//!
//! - [`Source`] is bytes that are handed out a few at a time. A Worker keeps its shards as
//!   JavaScript buffers, outside the memory of the module, which never shrinks.
//! - [`Shards`] is a snapshot's shards, as far as they have been loaded.

use std::fmt;

/// Bytes that are read in pieces.
pub trait Source {
    /// How many there are.
    fn size(&self) -> usize;

    /// The bytes from `offset` on, as many as `into` holds: copied there, or, where they can be
    /// borrowed, not.
    ///
    /// # Errors
    ///
    /// [`OutOfBounds`] when there are not so many; then `into` may hold anything.
    fn read<'a>(&'a self, offset: usize, into: &'a mut [u8]) -> Result<&'a [u8], OutOfBounds>;
}

/// A snapshot's shards by their index in the manifest.
pub trait Shards {
    /// How a shard is read.
    type Source: Source + ?Sized;

    /// The shard, or `None` when it has not been loaded.
    fn get(&self, index: usize) -> Option<&Self::Source>;
}

/// A read past the end of a [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfBounds;

impl Source for [u8] {
    fn size(&self) -> usize {
        self.len()
    }

    fn read<'a>(&'a self, offset: usize, into: &'a mut [u8]) -> Result<&'a [u8], OutOfBounds> {
        let end = offset.checked_add(into.len()).ok_or(OutOfBounds)?;
        self.get(offset..end).ok_or(OutOfBounds)
    }
}

impl<B: AsRef<[u8]>> Shards for [B] {
    type Source = [u8];

    fn get(&self, index: usize) -> Option<&[u8]> {
        <[B]>::get(self, index).map(AsRef::as_ref)
    }
}

impl<B: AsRef<[u8]>> Shards for Vec<B> {
    type Source = [u8];

    fn get(&self, index: usize) -> Option<&[u8]> {
        Shards::get(self.as_slice(), index)
    }
}

impl fmt::Display for OutOfBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected more bytes")
    }
}

impl std::error::Error for OutOfBounds {}
