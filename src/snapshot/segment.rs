//! Writes HASH segments: which codes share one, and their blocks and shards.

use super::hash::{CodeHash, Segment, entry_bits};
use super::layout::{
    BLOCK_BUCKETS, BLOCK_SIZE_MAX, Bits, Bytes, CODES_MAX, FINGERPRINT_BITS_MAX,
    FINGERPRINT_BITS_MIN, FORMAT_VERSION, SEGMENT_HASH, SEGMENTS_MAX, SHARD_HEADER_SIZE,
    SHARD_MAGIC,
};

use std::num::NonZeroU32;

/// An exact code: its hash, and the index of its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub hash: CodeHash,
    pub terms: u32,
}

/// How many codes share some terms, and how many texts they could spell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Campaign {
    pub code_count: u64,
    pub universe: u128,
}

/// A segment and its shards.
#[derive(Debug)]
pub(super) struct Written {
    pub segment: Segment,
    pub shards: Vec<Vec<u8>>,
}

/// A text that stands too often for one block: hundreds of codes of one text with disjoint
/// schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockFull;

/// Fewest codes of a campaign that gets a segment of its own: a shard's worth.
const OWN_SEGMENT_CODES_MIN: u64 = 65_536;

/// Size that shards are cut to: one is read from KV at a time, and thirty-two megabytes of them are
/// kept.
const SHARD_SIZE: u32 = 256 * 1024;

/// Below so many codes a segment is small enough to spend more bits on.
const FEW_CODES: u64 = 1_000_000;
const FEW_CODES_FINGERPRINT_BITS: u32 = 40;

/// Writes all segments of entries sorted by hash; `campaigns` by terms index.
pub(super) fn write_all(
    entries: &[Entry],
    campaigns: &[Campaign],
) -> Result<Vec<Written>, BlockFull> {
    let own = own_segments(campaigns);
    let is_own = |entry: &&Entry| own.contains(&entry.terms);
    let mut written = Vec::new();
    for &terms in &own {
        let codes = entries.iter().filter(|entry| entry.terms == terms);
        let campaign = campaigns.get(index_of(terms)).copied().unwrap_or_default();
        written.push(write(codes.copied().collect(), campaign, Some(terms))?);
    }
    let mixed: Vec<Entry> = entries.iter().filter(|entry| !is_own(entry)).copied().collect();
    let Some(first) = mixed.first() else { return Ok(written) };
    let only_terms = mixed.iter().all(|entry| entry.terms == first.terms).then_some(first.terms);
    let rest = campaigns
        .iter()
        .enumerate()
        .filter(|(index, _)| !own.iter().any(|&o| index_of(o) == *index));
    let campaign = rest.fold(Campaign::default(), |sum, (_, campaign)| Campaign {
        code_count: sum.code_count.saturating_add(campaign.code_count),
        universe: sum.universe.saturating_add(campaign.universe),
    });
    written.push(write(mixed, campaign, only_terms)?);
    Ok(written)
}

/// The terms of the largest campaigns, largest first.
fn own_segments(campaigns: &[Campaign]) -> Vec<u32> {
    let sized = campaigns.iter().zip(0u32..).map(|(campaign, terms)| (campaign.code_count, terms));
    let mut large: Vec<(u64, u32)> =
        sized.filter(|&(count, _)| count >= OWN_SEGMENT_CODES_MIN).collect();
    large.sort_by_key(|&(count, terms)| (std::cmp::Reverse(count), terms));
    large.truncate(SEGMENTS_MAX.saturating_sub(1));
    large.into_iter().map(|(_, terms)| terms).collect()
}

fn write(
    entries: Vec<Entry>,
    campaign: Campaign,
    only_terms: Option<u32>,
) -> Result<Written, BlockFull> {
    let code_count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let fingerprint_bits = fingerprint_bits(code_count, campaign.universe);
    let highest_terms = entries.iter().map(|entry| entry.terms).max().unwrap_or(0);
    let terms_bits = if only_terms.is_some() {
        0
    } else {
        u32::BITS.saturating_sub(highest_terms.leading_zeros()).max(1)
    };
    let block_bits = entry_bits(fingerprint_bits, terms_bits)
        .get()
        .saturating_mul(BLOCK_BUCKETS)
        .saturating_add(BLOCK_BUCKETS)
        .saturating_add(32);
    let blocks_per_shard = SHARD_SIZE.saturating_mul(8).checked_div(block_bits).unwrap_or(1);
    let mut segment = Segment {
        fingerprint_bits,
        terms_bits,
        terms_index: only_terms.unwrap_or(0),
        code_count,
        bucket_count: u32::try_from(code_count)
            .unwrap_or(CODES_MAX)
            .next_multiple_of(BLOCK_BUCKETS),
        first_shard: 0,
        shard_count: 0,
        blocks_per_shard: NonZeroU32::new(blocks_per_shard).unwrap_or(NonZeroU32::MIN),
    };
    let shards = write_shards(&segment, &sort_by_place(entries, &segment))?;
    segment.shard_count = shards.len();
    Ok(Written { segment, shards })
}

/// An entry as a block stores it: bucket, fingerprint, terms.
type Placed = (u32, u64, u32);

fn sort_by_place(entries: Vec<Entry>, segment: &Segment) -> Vec<Placed> {
    let place = |entry: Entry| {
        let bucket = entry.hash.bucket(segment.bucket_count);
        (bucket, entry.hash.fingerprint(segment.fingerprint_bits), entry.terms)
    };
    let mut placed: Vec<Placed> = entries.into_iter().map(place).collect();
    // Nearly sorted already: by hash, which is by bucket. A stable sort takes the runs as they are.
    placed.sort();
    placed
}

fn write_shards(segment: &Segment, placed: &[Placed]) -> Result<Vec<Vec<u8>>, BlockFull> {
    let block_count = segment.block_count();
    let mut shards = Vec::new();
    let mut rest = placed;
    let mut block = 0;
    while block < block_count {
        let end = block.saturating_add(segment.blocks_per_shard.get()).min(block_count);
        let blocks = (block..end)
            .map(|block| {
                let next_bucket = block.saturating_add(1).saturating_mul(BLOCK_BUCKETS);
                let size = rest.partition_point(|&(bucket, ..)| bucket < next_bucket);
                let (here, after) = rest.split_at_checked(size).unwrap_or((rest, &[]));
                rest = after;
                write_block(segment, block.saturating_mul(BLOCK_BUCKETS), here)
            })
            .collect::<Result<Vec<_>, _>>()?;
        shards.push(write_shard(&blocks));
        block = end;
    }
    Ok(shards)
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
    let fewest =
        if code_count < FEW_CODES { FEW_CODES_FINGERPRINT_BITS } else { FINGERPRINT_BITS_MIN };
    odds.ilog2().saturating_add(8).clamp(fewest, FINGERPRINT_BITS_MAX)
}

impl Segment {
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

fn index_of(terms: u32) -> usize {
    usize::try_from(terms).unwrap_or(usize::MAX)
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
        assert_eq!(fingerprint_bits(1_000_000, u128::MAX), 56);
    }
}
