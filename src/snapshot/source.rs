//! Bytes that may lie elsewhere: the only way a look-up reaches a shard.
//!
//! - [`Source`] is bytes that are copied out a few at a time. A Worker keeps its shards as JavaScript buffers,
//!   outside the memory of the module, which never shrinks.
//! - [`Shards`] is a snapshot's shards, as far as they have been loaded.

use std::fmt;

/// Bytes that are read in pieces.
pub trait Source {
    /// How many there are.
    fn size(&self) -> usize;

    /// Copies the bytes from `offset` on; as many as `into` holds.
    ///
    /// # Errors
    ///
    /// [`OutOfBounds`] when there are not so many; then `into` may hold anything.
    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), OutOfBounds>;
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

    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), OutOfBounds> {
        let end = offset.checked_add(into.len()).ok_or(OutOfBounds)?;
        into.copy_from_slice(self.get(offset..end).ok_or(OutOfBounds)?);
        Ok(())
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
