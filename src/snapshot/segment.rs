//! Writes HASH segments: how wide their entries are, and their shards and blocks.

use super::hash::{CodeHash, Segment, entry_bits};
use super::layout::{
    BLOCK_BUCKETS, BLOCK_SIZE_MAX, Bits, Bytes, CODES_MAX, FINGERPRINT_BITS_MAX,
    FINGERPRINT_BITS_MIN, FORMAT_VERSION, SEGMENT_HASH, SHARD_HEADER_SIZE, SHARD_MAGIC,
};

use std::num::NonZeroU32;
use std::ops::Range;

/// A text that stands too often for one block: hundreds of codes of one text with disjoint
/// schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockFull;

/// Fewest codes of a campaign that gets a segment of its own: a shard's worth.
pub(super) const OWN_SEGMENT_CODES_MIN: u64 = 65_536;

/// Size that shards are cut to: one is read from KV at a time, and thirty-two megabytes of them are
/// kept.
const SHARD_SIZE: u32 = 256 * 1024;

/// Below so many buckets a segment is small enough to spend more bits on. Buckets, because their
/// number does not change with every code.
const FEW_BUCKETS: u64 = 1_000_000;
const FEW_CODES_FINGERPRINT_BITS: u32 = 40;

/// An entry as a block stores it: bucket, fingerprint, terms.
type Placed = (u32, u64, u32);

/// Writes a shard of a segment; codes of other shards are passed over.
pub(super) fn encode_shard(
    segment: &Segment,
    shard: usize,
    codes: impl Iterator<Item = (CodeHash, u32)>,
) -> Result<Vec<u8>, BlockFull> {
    let buckets = segment.shard_buckets(shard);
    let placed = place(segment, &buckets, codes);
    let mut rest = placed.as_slice();
    let step = usize::try_from(BLOCK_BUCKETS).unwrap_or(usize::MAX);
    let blocks = buckets.clone().step_by(step).map(|first_bucket| {
        let next_bucket = first_bucket.saturating_add(BLOCK_BUCKETS);
        let size = rest.partition_point(|&(bucket, ..)| bucket < next_bucket);
        let (here, after) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        rest = after;
        write_block(segment, first_bucket, here)
    });
    Ok(write_shard(&blocks.collect::<Result<Vec<_>, _>>()?))
}

/// Codes whose buckets are these, in the order in which blocks store them.
fn place(
    segment: &Segment,
    buckets: &Range<u32>,
    codes: impl Iterator<Item = (CodeHash, u32)>,
) -> Vec<Placed> {
    let place = |(hash, terms): (CodeHash, u32)| {
        let bucket = hash.bucket(segment.bucket_count);
        (bucket, hash.fingerprint(segment.fingerprint_bits), terms)
    };
    let mut placed: Vec<Placed> =
        codes.map(place).filter(|(bucket, ..)| buckets.contains(bucket)).collect();
    // Often sorted already: by hash, which is by bucket. A stable sort takes the runs as they are.
    placed.sort();
    placed
}

fn write_shard(blocks: &[Vec<u8>]) -> Vec<u8> {
    let table_size = blocks.len().saturating_add(1).saturating_mul(4);
    let mut offset = SHARD_HEADER_SIZE.saturating_add(table_size);
    let mut bytes = Bytes::default();
    bytes.raw(&SHARD_MAGIC).u16(FORMAT_VERSION).u16(0).size(blocks.len()).size(offset);
    for block in blocks {
        offset = offset.saturating_add(block.len());
        bytes.size(offset);
    }
    blocks.iter().for_each(|block| {
        bytes.raw(block);
    });
    bytes.0
}

fn write_block(
    segment: &Segment,
    first_bucket: u32,
    placed: &[Placed],
) -> Result<Vec<u8>, BlockFull> {
    let mut bits = Bits::default();
    let mut bucket = first_bucket;
    for &(of_entry, ..) in placed {
        while bucket < of_entry {
            bits.push(0, 1);
            bucket = bucket.saturating_add(1);
        }
        bits.push(1, 1);
    }
    let end = first_bucket.saturating_add(BLOCK_BUCKETS);
    (bucket..end).for_each(|_| bits.push(0, 1));
    placed.iter().for_each(|&(_, fingerprint, _)| bits.push(fingerprint, segment.fingerprint_bits));
    placed.iter().for_each(|&(.., terms)| bits.push(u64::from(terms), segment.terms_bits));
    let bytes = bits.finish();
    if bytes.len() <= BLOCK_SIZE_MAX { Ok(bytes) } else { Err(BlockFull) }
}

/// Bits of a fingerprint, so that a text that is no code passes for one 256 times more rarely than
/// a guess hits one: `log2(universe / codes) + 8`, rounded down, within bounds.
fn fingerprint_bits(code_count: u64, universe: u128) -> u32 {
    let odds = universe.checked_div(u128::from(code_count)).unwrap_or(0).max(1);
    let has_few = u64::from(bucket_count(code_count)) < FEW_BUCKETS;
    let fewest = if has_few { FEW_CODES_FINGERPRINT_BITS } else { FINGERPRINT_BITS_MIN };
    odds.ilog2().saturating_add(8).clamp(fewest, FINGERPRINT_BITS_MAX)
}

/// How many buckets so many codes have: as many, rounded up to a power of two that is at most a
/// sixty-fourth of them, so that a little growth moves no code to another bucket.
fn bucket_count(code_count: u64) -> u32 {
    let sixty_fourth = (code_count / 64).max(u64::from(BLOCK_BUCKETS));
    let step = 1u64.wrapping_shl(sixty_fourth.ilog2());
    let count = code_count.max(1).checked_next_multiple_of(step).unwrap_or(u64::MAX);
    u32::try_from(count).unwrap_or(u32::MAX).min(CODES_MAX)
}

impl Segment {
    /// A segment for so many codes of such a universe. Its first shard is not said yet. `terms` are
    /// the bits of a terms index and, when they are 0, the index that all codes have.
    pub fn lay_out(code_count: u64, universe: u128, (terms_bits, terms_index): (u32, u32)) -> Self {
        let fingerprint_bits = fingerprint_bits(code_count, universe);
        let block_bits = entry_bits(fingerprint_bits, terms_bits)
            .get()
            .saturating_mul(BLOCK_BUCKETS)
            .saturating_add(BLOCK_BUCKETS)
            .saturating_add(32);
        let blocks_per_shard = SHARD_SIZE.saturating_mul(8).checked_div(block_bits).unwrap_or(1);
        let blocks_per_shard = NonZeroU32::new(blocks_per_shard).unwrap_or(NonZeroU32::MIN);
        let bucket_count = bucket_count(code_count);
        let block_count = bucket_count / BLOCK_BUCKETS;
        Segment {
            fingerprint_bits,
            terms_bits,
            terms_index,
            code_count,
            bucket_count,
            first_shard: 0,
            shard_count: usize::try_from(block_count.div_ceil(blocks_per_shard.get())).unwrap_or(0),
            blocks_per_shard,
        }
    }

    /// Writes the entry of the segments section.
    pub fn encode(&self) -> Bytes {
        let bits = |count| u8::try_from(count).unwrap_or(u8::MAX);
        let mut entry = Bytes::default();
        entry.u8(SEGMENT_HASH).u8(bits(self.fingerprint_bits)).u8(bits(self.terms_bits)).u8(0);
        entry.u32(self.terms_index).u64(self.code_count).u64(u64::from(self.bucket_count));
        entry.size(self.first_shard).size(self.shard_count);
        entry.u32(self.blocks_per_shard.get()).u32(0);
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_as_long_as_guessing_is_hard() {
        assert_eq!(fingerprint_bits(1_000_000, 1 << 40), 28);
        assert_eq!(fingerprint_bits(10_000_000, 1 << 40), 28);
        assert_eq!(fingerprint_bits(10_000_000, 1 << 60), 44);
        assert_eq!(fingerprint_bits(10_000, 1 << 40), 40);
        assert_eq!(fingerprint_bits(1, 1), 40);
        assert_eq!(fingerprint_bits(999_999, 1 << 40), fingerprint_bits(1_000_000, 1 << 40));
        assert_eq!(fingerprint_bits(1_000_000, u128::MAX), 56);
    }

    #[test]
    fn a_little_growth_leaves_the_buckets_alone() {
        let mut kept = 0u32;
        for code_count in (1..200_000u64).chain((1..1_000).map(|n| n * 4_294_000)) {
            let buckets = bucket_count(code_count);
            assert!(u64::from(buckets) >= code_count && buckets.is_multiple_of(BLOCK_BUCKETS));
            let slack = u64::from(buckets) - code_count;
            assert!(slack < 64 || slack * 64 < code_count, "{code_count}: {buckets}");
            kept += u32::from(bucket_count(code_count + code_count / 1_000) == buckets);
        }
        assert!(kept > 180_000, "{kept}");
        assert_eq!(bucket_count(u64::from(CODES_MAX)), CODES_MAX);
    }
}
