//! The keyed hash of a folded code, and where it lies in a segment.
//!
//! - [`CodeHash`] is SipHash-2-4 with 128 bits of a folded text.
//! - [`Segment`] is a segment's entry in the manifest.
//! - [`Place`] is where in a segment a hash would lie.

use super::SnapshotError;
use super::key::HashKey;
use super::layout::{
    BLOCK_BUCKETS, Bytes, FINGERPRINT_BITS_MAX, FINGERPRINT_BITS_MIN, SEGMENT_HASH, TERMS_BITS_MAX,
    array_at, low_mask, sorting_u64_at, u8_at, u32_at, u64_at, usize_at,
};
use crate::code::FoldedCode;

use siphasher::sip128::SipHasher24;

use std::num::NonZeroU32;

/// The keyed hash of a folded text. Without the key it says nothing about the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeHash {
    /// The eight bytes that choose the bucket.
    pub(super) first: u64,
    /// The eight bytes that the fingerprint is taken from.
    pub(super) last: u64,
}

impl CodeHash {
    /// Before every other hash.
    pub const LEAST: CodeHash = CodeHash { first: 0, last: 0 };
    /// Behind every other hash.
    pub const GREATEST: CodeHash = CodeHash { first: u64::MAX, last: u64::MAX };

    /// Hashes a folded code.
    #[must_use]
    pub fn of(code: &FoldedCode, key: &HashKey) -> Self {
        let hash = SipHasher24::new_with_key(key.as_bytes()).hash(code.as_str().as_bytes());
        CodeHash { first: hash.h1, last: hash.h2 }
    }

    /// The sixteen bytes, so that they sort as the hashes do: what a database can keep and find
    /// ranges of.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = Bytes::default();
        bytes.sorting_u64(self.first).sorting_u64(self.last);
        array_at(&bytes.0, 0).unwrap_or_default()
    }

    /// The hash that [`CodeHash::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let half = |at| sorting_u64_at(&bytes, at).unwrap_or_default();
        CodeHash { first: half(0), last: half(8) }
    }

    /// The hash as 32 hexadecimal digits, which sort as hashes do.
    #[must_use]
    pub fn to_hex(self) -> String {
        format!("{:016x}{:016x}", self.first, self.last)
    }

    /// The hash that [`CodeHash::to_hex`] wrote, in digits of either case; `None` when it is none.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let (first, last) = hex.split_at_checked(16).filter(|(_, last)| last.len() == 16)?;
        let half = |digits| u64::from_str_radix(digits, 16).ok();
        Some(CodeHash { first: half(first)?, last: half(last)? })
    }

    /// What tells one key from another, without telling the key.
    pub(super) fn key_check(key: &HashKey) -> u64 {
        SipHasher24::new_with_key(key.as_bytes()).hash(KEY_CHECK_TEXT).h1
    }

    /// The bucket among so many: `(first * buckets) >> 64`. Multiplied half by half: wasm has no
    /// 128-bit multiplication, and so few buckets leave room for the carry.
    #[inline]
    pub(super) fn bucket(self, bucket_count: u32) -> u32 {
        let buckets = u64::from(bucket_count);
        let low = (self.first & u64::from(u32::MAX)).wrapping_mul(buckets) >> 32;
        let scaled = (self.first >> 32).wrapping_mul(buckets).wrapping_add(low) >> 32;
        u32::try_from(scaled).unwrap_or(0)
    }

    /// The lowest bits of the second half.
    pub(super) fn fingerprint(self, bits: u32) -> u64 {
        self.last & low_mask(bits)
    }
}

/// What a key check is the hash of. Upper case, so that it is no folded code.
const KEY_CHECK_TEXT: &[u8] = b"PROMO-EDGE KEY CHECK";

/// A HASH segment: which codes it holds is in its shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    pub fingerprint_bits: u32,
    pub terms_bits: u32,
    pub terms_index: u32,
    pub code_count: u64,
    pub bucket_count: u32,
    pub first_shard: usize,
    pub shard_count: usize,
    pub blocks_per_shard: NonZeroU32,
}

/// Where a hash would lie in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub shard: usize,
    pub block: usize,
    pub bucket: u32,
}

impl Segment {
    /// Reads an entry of the segments section.
    pub fn decode(entry: &[u8]) -> Result<Segment, SnapshotError> {
        let segment = Segment::decode_fields(entry).ok_or(CORRUPT)?;
        let known_bits = (FINGERPRINT_BITS_MIN..=FINGERPRINT_BITS_MAX)
            .contains(&segment.fingerprint_bits)
            && segment.terms_bits <= TERMS_BITS_MAX;
        let whole_blocks =
            segment.bucket_count.is_multiple_of(BLOCK_BUCKETS) && segment.bucket_count > 0;
        if known_bits && whole_blocks { Ok(segment) } else { Err(CORRUPT) }
    }

    fn decode_fields(entry: &[u8]) -> Option<Segment> {
        if u8_at(entry, 0)? != SEGMENT_HASH {
            return None;
        }
        Some(Segment {
            fingerprint_bits: u32::from(u8_at(entry, 1)?),
            terms_bits: u32::from(u8_at(entry, 2)?),
            terms_index: u32_at(entry, 4)?,
            code_count: u64_at(entry, 8)?,
            bucket_count: u32::try_from(u64_at(entry, 16)?).ok()?,
            first_shard: usize_at(entry, 24)?,
            shard_count: usize_at(entry, 28)?,
            blocks_per_shard: NonZeroU32::new(u32_at(entry, 32)?)?,
        })
    }

    /// Where a hash would lie.
    #[inline]
    pub fn place(&self, hash: CodeHash) -> Result<Place, SnapshotError> {
        let bucket = hash.bucket(self.bucket_count);
        let block = bucket / BLOCK_BUCKETS;
        let shard = usize::try_from(block / self.blocks_per_shard).map_err(|_| CORRUPT)?;
        if shard >= self.shard_count {
            return Err(CORRUPT);
        }
        Ok(Place {
            shard: self.first_shard.checked_add(shard).ok_or(CORRUPT)?,
            block: usize::try_from(block % self.blocks_per_shard).map_err(|_| CORRUPT)?,
            bucket: bucket % BLOCK_BUCKETS,
        })
    }

    /// Number of blocks in all shards.
    pub fn block_count(&self) -> u32 {
        self.bucket_count / BLOCK_BUCKETS
    }
}

/// Bits that one code takes: its one among the separators, its fingerprint, its terms.
#[inline]
pub(super) fn entry_bits(fingerprint_bits: u32, terms_bits: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(fingerprint_bits.wrapping_add(terms_bits))
}

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "segment table" };
