//! Blocks of a HASH segment: 64 buckets of fingerprints, the high and the low part of an Elias-Fano
//! sequence.
//!
//! - [`Block`] reads one.
//! - [`read`] reads one from its shard.

use super::SnapshotError;
use super::hash::{CodeHash, Segment, entry_bits};
use super::layout::{
    BITS_MAX, BLOCK_BUCKETS, BLOCK_SIZE_MAX, BLOCK_SIZE_MIN, SHARD_HEADER_SIZE, bits_at, usize_at,
    word_at,
};
use super::source::Source;

use std::ops::Range;

/// A block's bytes, and how wide its entries are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    bytes: &'a [u8],
    count: u32,
    segment: &'a Segment,
}

/// Bytes of a block that need no allocation: above the size of nearly every block.
const STACK_SIZE: usize = 512;

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "shard" };

/// Reads a block from its shard and hands it to `look`.
#[inline]
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
    let mut heap;
    let into = match stack.get_mut(..size) {
        Some(into) => into,
        None => {
            heap = vec![0; size];
            heap.as_mut_slice()
        }
    };
    let bytes = shard.read(start, into).map_err(|_| CORRUPT)?;
    Ok(look(Block::new(bytes, segment)))
}

// Arithmetic below wraps: no block passes `BLOCK_SIZE_MAX`, and whatever position comes out of a
// block that lies, the bits past its end are zeros.
impl<'a> Block<'a> {
    /// A block of these bytes. How many codes it has follows from its size.
    #[inline]
    pub fn new(bytes: &'a [u8], segment: &'a Segment) -> Self {
        let bits = u32::try_from(bytes.len()).unwrap_or(0).wrapping_mul(8);
        let entry_bits = entry_bits(segment.fingerprint_bits, segment.terms_bits);
        Block { bytes, count: bits.saturating_sub(BLOCK_BUCKETS) / entry_bits, segment }
    }

    /// Calls `found` with the terms index of every code of the bucket with this hash's fingerprint.
    #[inline]
    pub fn find(&self, bucket: u32, hash: CodeHash, mut found: impl FnMut(u32)) {
        let fingerprint = hash.fingerprint(self.segment.fingerprint_bits);
        for entry in bucket_entries(self.bytes, bucket) {
            if self.fingerprint(entry) == fingerprint {
                found(self.terms(entry));
            }
        }
    }

    /// Number of codes.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The terms index of an entry.
    #[inline]
    pub fn terms(&self, entry: u32) -> u32 {
        if self.segment.terms_bits == 0 {
            return self.segment.terms_index;
        }
        let at = self.terms_at().wrapping_add(entry.wrapping_mul(self.segment.terms_bits));
        u32::try_from(bits_at(self.bytes, at, self.segment.terms_bits)).unwrap_or(0)
    }

    /// Whether the bytes are those that a builder writes: as many separators as buckets, ascending
    /// entries, zeros at the end.
    pub fn is_sound(&self) -> bool {
        let separators = self.fingerprints_at();
        let ones: u64 = (0..separators).map(|at| bits_at(self.bytes, at, 1)).sum();
        let end = self.terms_at().wrapping_add(self.count.wrapping_mul(self.segment.terms_bits));
        let last_is_zero =
            separators.checked_sub(1).is_some_and(|last| bits_at(self.bytes, last, 1) == 0);
        ones == u64::from(self.count)
            && last_is_zero
            && u32::try_from(self.bytes.len()) == Ok(end.div_ceil(8))
            && bits_at(self.bytes, end, 8) == 0
            && (0..BLOCK_BUCKETS).all(|bucket| self.bucket_is_sorted(bucket))
    }

    fn bucket_is_sorted(&self, bucket: u32) -> bool {
        let entries = bucket_entries(self.bytes, bucket);
        entries.map(|entry| (self.fingerprint(entry), self.terms(entry))).is_sorted()
    }

    #[inline]
    fn fingerprint(&self, entry: u32) -> u64 {
        let at =
            self.fingerprints_at().wrapping_add(entry.wrapping_mul(self.segment.fingerprint_bits));
        bits_at(self.bytes, at, self.segment.fingerprint_bits)
    }

    fn fingerprints_at(&self) -> u32 {
        BLOCK_BUCKETS.wrapping_add(self.count)
    }

    fn terms_at(&self) -> u32 {
        self.fingerprints_at().wrapping_add(self.count.wrapping_mul(self.segment.fingerprint_bits))
    }
}

/// The entries of a bucket: each bucket's are as many ones before its zero, so the zero of the
/// bucket before says where they begin. Inlined by force, like the next: the calls would be a tenth
/// of a look-up.
#[inline(always)]
fn bucket_entries(bytes: &[u8], bucket: u32) -> Range<u32> {
    let start = match bucket.checked_sub(1) {
        None => 0,
        Some(before) => position_of_zero(bytes, before).wrapping_add(1),
    };
    let first = start.wrapping_sub(bucket);
    first..first.wrapping_add(ones_from(bytes, start))
}

/// Position of the zero with this index. There is one: bits past the end are zeros.
#[inline(always)]
fn position_of_zero(bytes: &[u8], index: u32) -> u32 {
    let mut left = index;
    let mut at = 0u32;
    loop {
        let zeros = !word_at(bytes, at);
        let ranks = byte_ranks(zeros);
        let count = highest_byte(ranks);
        if left < count {
            return at.wrapping_add(select(zeros, ranks, left));
        }
        left = left.wrapping_sub(count);
        at = at.wrapping_add(u64::BITS);
    }
}

/// Number of ones in a row from a position on.
#[inline]
fn ones_from(bytes: &[u8], start: u32) -> u32 {
    let mut ones = 0u32;
    loop {
        let run = bits_at(bytes, start.wrapping_add(ones), BITS_MAX).trailing_ones();
        ones = ones.wrapping_add(run);
        if run < BITS_MAX {
            return ones;
        }
    }
}

/// For each byte of a word the number of ones up to and with it (Vigna, Broadword Implementation of
/// Rank/Select Queries, 2008; so are the next two).
fn byte_ranks(word: u64) -> u64 {
    let pairs = word.wrapping_sub((word >> 1) & 0x5555_5555_5555_5555);
    let nibbles =
        (pairs & 0x3333_3333_3333_3333).wrapping_add((pairs >> 2) & 0x3333_3333_3333_3333);
    let bytes = nibbles.wrapping_add(nibbles >> 4) & 0x0F0F_0F0F_0F0F_0F0F;
    bytes.wrapping_mul(LOW_BITS)
}

/// Position of the one with this index, of which there must be so many: first its byte, then, with
/// the bits of that byte spread over the bytes of a word, the bit.
fn select(word: u64, ranks: u64, index: u32) -> u32 {
    let shift = bytes_passed(ranks, index).wrapping_mul(8);
    let before = u32::try_from((ranks << 8).wrapping_shr(shift) & 0xFF).unwrap_or(0);
    let byte = word.wrapping_shr(shift) & 0xFF;
    let spread = byte.wrapping_mul(LOW_BITS) & 0x8040_2010_0804_0201;
    let bits = (spread.wrapping_add(!HIGH_BITS) >> 7) & LOW_BITS;
    let bit = bytes_passed(bits.wrapping_mul(LOW_BITS), index.wrapping_sub(before));
    shift.wrapping_add(bit)
}

/// Number of bytes whose rank does not pass the index.
fn bytes_passed(ranks: u64, index: u32) -> u32 {
    let indexes = u64::from(index).wrapping_mul(LOW_BITS);
    let passed = (indexes | HIGH_BITS).wrapping_sub(ranks) & HIGH_BITS;
    highest_byte((passed >> 7).wrapping_mul(LOW_BITS))
}

fn highest_byte(word: u64) -> u32 {
    u32::try_from(word >> 56).unwrap_or(0)
}

/// The lowest and the highest bit of each byte of a word.
const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = LOW_BITS << 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_are_found_by_their_index() {
        for word in [1, 0x80, u64::MAX, 1 << 63, 0x8080_0000_0000_0001, 0xAA55_00FF_0001_80F0] {
            let ones = (0..64).filter(|at| word >> at & 1 == 1);
            for (index, at) in (0..).zip(ones) {
                assert_eq!(select(word, byte_ranks(word), index), at, "{word:x} {index}");
            }
        }
    }
}
