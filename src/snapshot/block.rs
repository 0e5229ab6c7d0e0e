//! Blocks of a HASH segment: 64 buckets of fingerprints, the high and the low part of an Elias-Fano sequence.
//!
//! - [`Block`] reads one.
//! - [`read`] reads one from its shard.

use super::SnapshotError;
use super::hash::Segment;
use super::layout::{
    BLOCK_BUCKETS, BLOCK_SIZE_MAX, BLOCK_SIZE_MIN, SHARD_HEADER_SIZE, bits_at, usize_at,
};
use super::source::Source;

/// A block's bytes, and how wide its entries are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    bytes: &'a [u8],
    count: usize,
    fingerprint_bits: u32,
    terms_bits: u32,
}

/// Bytes of a block that need no allocation: above the size of nearly every block.
const STACK_SIZE: usize = 512;

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "shard" };

/// Reads a block from its shard and hands it to `look`.
pub(super) fn read<S: Source + ?Sized, T>(
    shard: &S,
    block_index: usize,
    segment: &Segment,
    look: impl FnOnce(Block<'_>) -> T,
) -> Result<T, SnapshotError> {
    let at = block_index.checked_mul(4).and_then(|at| at.checked_add(SHARD_HEADER_SIZE));
    let mut bounds = [0; 8];
    let bounds = shard.read(at.ok_or(CORRUPT)?, &mut bounds).map_err(|_| CORRUPT)?;
    let start = usize_at(bounds, 0).ok_or(CORRUPT)?;
    let size = usize_at(bounds, 4).and_then(|end| end.checked_sub(start)).ok_or(CORRUPT)?;
    if !(BLOCK_SIZE_MIN..=BLOCK_SIZE_MAX).contains(&size) {
        return Err(CORRUPT);
    }
    let mut stack = [0; STACK_SIZE];
    let mut heap = Vec::new();
    let into = match stack.get_mut(..size) {
        Some(into) => into,
        None => {
            heap.resize(size, 0);
            heap.as_mut_slice()
        }
    };
    let bytes = shard.read(start, into).map_err(|_| CORRUPT)?;
    Ok(look(Block::new(bytes, segment.fingerprint_bits, segment.terms_bits)))
}

impl<'a> Block<'a> {
    /// A block of these bytes. How many codes it has follows from its size.
    pub fn new(bytes: &'a [u8], fingerprint_bits: u32, terms_bits: u32) -> Self {
        let code_bits = usize::try_from(entry_bits(fingerprint_bits, terms_bits)).unwrap_or(1);
        let bits = bytes.len().saturating_mul(8).saturating_sub(SEPARATORS);
        let count = bits.checked_div(code_bits).unwrap_or(0);
        Block { bytes, count, fingerprint_bits, terms_bits }
    }

    /// Calls `found` with the terms index of every code of the bucket with this fingerprint; without terms
    /// bits, with 0.
    pub fn find(&self, bucket: u32, fingerprint: u64, mut found: impl FnMut(u32)) {
        let (first, end) = self.bucket_entries(bucket);
        for entry in first..end {
            if self.fingerprint(entry) == fingerprint {
                found(self.terms(entry));
            }
        }
    }

    /// Number of codes.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The terms index of an entry.
    pub fn terms(&self, entry: usize) -> u32 {
        let at = self.terms_at().saturating_add(entry.saturating_mul(width(self.terms_bits)));
        u32::try_from(bits_at(self.bytes, at, self.terms_bits)).unwrap_or(0)
    }

    /// Whether the bytes are those that a builder writes: as many separators as buckets, ascending entries,
    /// zeros at the end.
    pub fn is_sound(&self) -> bool {
        let separators = SEPARATORS.saturating_add(self.count);
        let ones: u64 = (0..separators).map(|at| bits_at(self.bytes, at, 1)).sum();
        let end = self.terms_at().saturating_add(self.count.saturating_mul(width(self.terms_bits)));
        let size = end.div_ceil(8);
        let last_is_zero =
            separators.checked_sub(1).is_some_and(|last| bits_at(self.bytes, last, 1) == 0);
        ones == u64::try_from(self.count).unwrap_or(u64::MAX)
            && last_is_zero
            && self.bytes.len() == size
            && bits_at(self.bytes, end, 8) == 0
            && (0..64).all(|bucket| self.bucket_is_sorted(bucket))
    }

    fn bucket_is_sorted(&self, bucket: u32) -> bool {
        let (first, end) = self.bucket_entries(bucket);
        (first..end).map(|entry| (self.fingerprint(entry), self.terms(entry))).is_sorted()
    }

    /// The entries of a bucket: each bucket's are as many ones before its zero, so the zero of the bucket
    /// before says where they begin.
    fn bucket_entries(&self, bucket: u32) -> (usize, usize) {
        let separators = SEPARATORS.saturating_add(self.count);
        let start = match bucket.checked_sub(1) {
            None => 0,
            Some(before) => self.position_of_zero(before).saturating_add(1),
        };
        let mut end = start;
        while end < separators && bits_at(self.bytes, end, 1) == 1 {
            end = end.saturating_add(1);
        }
        let zeros = width(bucket);
        let entry = |at: usize| at.saturating_sub(zeros).min(self.count);
        (entry(start), entry(end))
    }

    /// Position of the zero with this index among the separators.
    fn position_of_zero(&self, index: u32) -> usize {
        let mut left = index;
        let mut at = 0;
        let separators = SEPARATORS.saturating_add(self.count);
        while at < separators {
            let zeros = !bits_at(self.bytes, at, WORD) & WORD_MASK;
            let count = zeros.count_ones();
            if left < count {
                return at.saturating_add(width(position_of_one(zeros, left)));
            }
            left = left.saturating_sub(count);
            at = at.saturating_add(width(WORD));
        }
        separators
    }

    fn fingerprint(&self, entry: usize) -> u64 {
        let before = SEPARATORS.saturating_add(self.count);
        let at = before.saturating_add(entry.saturating_mul(width(self.fingerprint_bits)));
        bits_at(self.bytes, at, self.fingerprint_bits)
    }

    fn terms_at(&self) -> usize {
        let per_code = width(self.fingerprint_bits).saturating_add(1);
        SEPARATORS.saturating_add(self.count.saturating_mul(per_code))
    }
}

/// Bits that one code takes: its one among the separators, its fingerprint, its terms.
pub(super) fn entry_bits(fingerprint_bits: u32, terms_bits: u32) -> u32 {
    fingerprint_bits.saturating_add(terms_bits).saturating_add(1)
}

/// Zeros among the separators: one a bucket.
const SEPARATORS: usize = 64;
const _: () = assert!(BLOCK_BUCKETS == 64);

/// Bits looked at in one go.
const WORD: u32 = 56;
const WORD_MASK: u64 = (1 << WORD) - 1;

/// Position of the one with this index, without a loop over the word: the ones up to and with each byte are
/// counted side by side (Vigna, Broadword Implementation of Rank/Select Queries, 2008).
fn position_of_one(word: u64, index: u32) -> u32 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = LOW << 7;
    let pairs = word.wrapping_sub((word >> 1) & 0x5555_5555_5555_5555);
    let nibbles =
        (pairs & 0x3333_3333_3333_3333).wrapping_add((pairs >> 2) & 0x3333_3333_3333_3333);
    let bytes = nibbles.wrapping_add(nibbles >> 4) & 0x0F0F_0F0F_0F0F_0F0F;
    let sums = bytes.wrapping_mul(LOW);
    let passed = (u64::from(index).wrapping_mul(LOW) | HIGH).wrapping_sub(sums) & HIGH;
    let shift = ((passed >> 7).wrapping_mul(LOW) >> 56).wrapping_mul(8);
    let shift = u32::try_from(shift).unwrap_or(0);
    let before = (sums << 8).wrapping_shr(shift) & 0xFF;
    let mut rest = word.wrapping_shr(shift);
    for _ in before..u64::from(index) {
        rest &= rest.wrapping_sub(1);
    }
    shift.saturating_add(rest.trailing_zeros())
}

fn width(bits: u32) -> usize {
    usize::try_from(bits).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_are_found_by_their_index() {
        for word in [1, 0x80, 0xFFFF_FFFF_FFFF, 0x0080_0000_0000_0001, 0x00AA_5500_FF00_0180_u64] {
            let ones = (0..64).filter(|at| word >> at & 1 == 1);
            for (index, at) in (0..).zip(ones) {
                assert_eq!(position_of_one(word, index), at, "{word:x} {index}");
            }
        }
    }
}
