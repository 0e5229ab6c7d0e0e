//! A snapshot in one piece.

use super::layout::{BUNDLE_MAGIC, Bytes, FORMAT_VERSION, slice_at, usize_at};
use super::source::Shards;
use super::{SnapshotError, check_header};

const FIXED_SIZE: usize = 20;
const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "bundle" };

/// Root, manifest and shards, borrowed from one piece of memory.
///
/// A bundle is how a whole snapshot comes to a server that keeps it in memory, and, without a root,
/// how the public codes come to a browser. It is itself the [`Shards`] that its look-ups read.
#[derive(Debug, Clone, Copy)]
pub struct Bundle<'a> {
    bytes: &'a [u8],
    shards_at: usize,
    shard_count: usize,
}

impl<'a> Bundle<'a> {
    /// Looks at the header, in constant time. A shard that does not lie where it should is found
    /// missing when it is needed.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the bytes are not a bundle of this version, or its parts do not fill
    /// it.
    pub fn open(bytes: &'a [u8]) -> Result<Self, SnapshotError> {
        check_header(bytes, BUNDLE_MAGIC, "bundle")?;
        Bundle::open_parts(bytes).ok_or(CORRUPT)
    }

    fn open_parts(bytes: &'a [u8]) -> Option<Self> {
        let shard_count = usize_at(bytes, 16)?;
        let bundle = Bundle { bytes, shards_at: 0, shard_count };
        let root_at = FIXED_SIZE.checked_add(shard_count.checked_mul(4)?)?;
        let manifest_at = root_at.checked_add(usize_at(bytes, 8)?)?;
        let shards_at = manifest_at.checked_add(usize_at(bytes, 12)?)?;
        let end = shards_at.checked_add(bundle.shard_start(shard_count)?)?;
        (end == bytes.len()).then_some(Bundle { shards_at, ..bundle })
    }

    /// The root; `None` in a public bundle.
    #[must_use]
    pub fn root(&self) -> Option<&'a [u8]> {
        let size = usize_at(self.bytes, 8).filter(|&size| size > 0)?;
        slice_at(self.bytes, self.manifest_at()?.checked_sub(size)?, size)
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> &'a [u8] {
        let range = self.manifest_at().map(|at| at..self.shards_at);
        range.and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    /// Number of shards.
    #[must_use]
    pub fn shard_count(&self) -> usize {
        self.shard_count
    }

    /// Puts the parts together.
    #[must_use]
    pub fn encode<S: AsRef<[u8]>>(root: Option<&[u8]>, manifest: &[u8], shards: &[S]) -> Vec<u8> {
        let root = root.unwrap_or_default();
        let mut bytes = Bytes::default();
        bytes.raw(&BUNDLE_MAGIC).u16(FORMAT_VERSION).u16(0);
        bytes.size(root.len()).size(manifest.len()).size(shards.len());
        let mut end = 0usize;
        for shard in shards {
            end = end.saturating_add(shard.as_ref().len());
            bytes.size(end);
        }
        bytes.raw(root).raw(manifest);
        for shard in shards {
            bytes.raw(shard.as_ref());
        }
        bytes.0
    }

    fn manifest_at(&self) -> Option<usize> {
        self.shards_at.checked_sub(usize_at(self.bytes, 12)?)
    }

    /// Where a shard begins, from the first on: where the one before it ends.
    fn shard_start(&self, index: usize) -> Option<usize> {
        match index.checked_sub(1) {
            None => Some(0),
            Some(before) => usize_at(self.bytes, before.checked_mul(4)?.checked_add(FIXED_SIZE)?),
        }
    }
}

impl Shards for Bundle<'_> {
    type Source = [u8];

    fn get(&self, index: usize) -> Option<&[u8]> {
        let start = self.shard_start(index)?;
        let end = (index < self.shard_count).then(|| self.shard_start(index.checked_add(1)?))??;
        slice_at(self.bytes, self.shards_at.checked_add(start)?, end.checked_sub(start)?)
    }
}
