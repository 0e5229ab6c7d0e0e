//! Reads every byte of a snapshot and says whether it is what a builder writes.

use super::block::Block;
use super::delta::Delta;
use super::hash::Segment;
use super::layout::{SHARD_HEADER_SIZE, SHARD_MAGIC, slice_at, usize_at};
use super::reader::Snapshot;
use super::{ContentId, ContentMismatch, SnapshotError, check_header};

/// What [`verify`] has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verified {
    /// Exact codes.
    pub code_count: u64,
    /// Regex codes.
    pub pattern_count: usize,
    /// Bytes of all shards.
    pub shards_size: u64,
}

const CORRUPT_MANIFEST: SnapshotError = SnapshotError::Corrupt { place: "manifest" };
const CORRUPT_SHARD: SnapshotError = SnapshotError::Corrupt { place: "shard" };

/// Checks every record, every block, every automaton, every delta over the manifest, and every
/// shard against its id. That the manifest and the deltas are those that a root names is the
/// caller's check.
///
/// `load` hands over a shard by its index and content id; its error is handed on.
///
/// # Errors
///
/// The first thing that is wrong, as `E` made from a [`SnapshotError`].
pub fn verify<B, E>(
    snapshot: &Snapshot<B>,
    mut load: impl FnMut(usize, ContentId) -> Result<Vec<u8>, E>,
) -> Result<Verified, E>
where
    B: AsRef<[u8]>,
    E: From<SnapshotError>,
{
    check_records(snapshot)?;
    let mut verified = Verified { pattern_count: snapshot.pattern_count(), ..Verified::default() };
    let is_known = |terms| index_below(terms, snapshot.terms_count());
    for segment in snapshot.hash_segments() {
        if !is_known(segment.terms_index) {
            return Err(CORRUPT_MANIFEST.into());
        }
        let mut blocks_left = segment.block_count();
        for shard in 0..segment.shard_count {
            let index = segment.first_shard.saturating_add(shard);
            let expected = snapshot.shard_id(index)?;
            let bytes = load(index, expected)?;
            check_content(&bytes, expected)?;
            let block_count = blocks_left.min(segment.blocks_per_shard.get());
            blocks_left = blocks_left.saturating_sub(block_count);
            let code_count = check_shard(snapshot, segment, &bytes, block_count)?;
            verified.code_count = verified.code_count.saturating_add(code_count);
            verified.shards_size = verified.shards_size.saturating_add(size_of_bytes(&bytes));
        }
        if blocks_left != 0 {
            return Err(CORRUPT_MANIFEST.into());
        }
    }
    let code_count: u64 = snapshot.segments().iter().map(|segment| segment.code_count).sum();
    if code_count == verified.code_count { Ok(verified) } else { Err(CORRUPT_MANIFEST.into()) }
}

fn check_content(bytes: &[u8], expected: ContentId) -> Result<(), SnapshotError> {
    ContentMismatch::check("shard", expected, ContentId::of(bytes))
}

fn check_records<B: AsRef<[u8]>>(snapshot: &Snapshot<B>) -> Result<(), SnapshotError> {
    snapshot.program()?;
    (0..snapshot.partner_count()).try_for_each(|index| snapshot.partner_at(index).map(drop))?;
    (0..snapshot.deal_count()).try_for_each(|index| snapshot.deal_at(index).map(drop))?;
    let terms_count = u32::try_from(snapshot.terms_count()).map_err(|_| CORRUPT_MANIFEST)?;
    (0..terms_count).try_for_each(|index| snapshot.terms(index).map(drop))?;
    let pattern_count = u32::try_from(snapshot.pattern_count()).map_err(|_| CORRUPT_MANIFEST)?;
    for pattern in 0..pattern_count {
        if snapshot.pattern_terms(pattern)? >= terms_count {
            return Err(CORRUPT_MANIFEST);
        }
    }
    snapshot.automata().verify(pattern_count)?;
    snapshot.deltas().iter().try_for_each(Delta::verify)?;
    snapshot.all_layer_terms().try_for_each(|terms| terms.map(drop))?;
    snapshot.verify_payouts()
}

/// Checks a shard and counts its codes.
fn check_shard<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    segment: &Segment,
    bytes: &[u8],
    block_count: u32,
) -> Result<u64, SnapshotError> {
    check_header(bytes, SHARD_MAGIC, "shard")?;
    let count = usize_at(bytes, 8).ok_or(CORRUPT_SHARD)?;
    if u32::try_from(count) != Ok(block_count) {
        return Err(CORRUPT_SHARD);
    }
    let offset = |index: usize| {
        let at = index.checked_mul(4)?.checked_add(SHARD_HEADER_SIZE)?;
        usize_at(bytes, at)
    };
    let mut code_count = 0u64;
    for index in 0..count {
        let start = offset(index).ok_or(CORRUPT_SHARD)?;
        let end = index.checked_add(1).and_then(offset).ok_or(CORRUPT_SHARD)?;
        let size = end.checked_sub(start).ok_or(CORRUPT_SHARD)?;
        let block = slice_at(bytes, start, size).ok_or(CORRUPT_SHARD)?;
        let block = Block::new(block, segment);
        let known = |entry| index_below(block.terms(entry), snapshot.terms_count());
        if !block.is_sound() || !(0..block.count()).all(known) {
            return Err(CORRUPT_SHARD);
        }
        code_count = code_count.saturating_add(u64::from(block.count()));
    }
    let whole = offset(count) == Some(bytes.len());
    if whole { Ok(code_count) } else { Err(CORRUPT_SHARD) }
}

fn size_of_bytes(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn index_below(index: u32, count: usize) -> bool {
    usize::try_from(index).is_ok_and(|index| index < count)
}
