//! Where bytes become integers and integers bytes; the only file that knows their order. The
//! numbers of `FORMAT.md` stand here.

/// Version of the format that this build writes, and the only one it reads.
pub const FORMAT_VERSION: u16 = 1;

/// Index that means none.
pub const NONE: u32 = u32::MAX;
/// Amount that means none.
pub const NO_AMOUNT: u64 = u64::MAX;
/// Instant that means none.
pub const NO_INSTANT: i64 = i64::MIN;

/// First bytes of a root.
pub const ROOT_MAGIC: [u8; 4] = *b"PrmR";
/// First bytes of a manifest.
pub const MANIFEST_MAGIC: [u8; 4] = *b"PrmM";
/// First bytes of a shard.
pub const SHARD_MAGIC: [u8; 4] = *b"PrmS";
/// First bytes of a delta.
pub const DELTA_MAGIC: [u8; 4] = *b"PrmD";
/// First bytes of a bundle.
pub const BUNDLE_MAGIC: [u8; 4] = *b"PrmB";

/// Bytes before a manifest's section table.
pub const MANIFEST_HEADER_SIZE: usize = 8;
/// Bytes of one entry of a manifest's section table.
pub const SECTION_ENTRY_SIZE: usize = 16;
/// Bytes before a shard's block offsets.
pub const SHARD_HEADER_SIZE: usize = 12;
/// Buckets of one block.
pub const BLOCK_BUCKETS: u32 = 64;
/// Most codes of a snapshot, and buckets of a segment: whole blocks, numbered by four bytes.
pub const CODES_MAX: u32 = u32::MAX - (BLOCK_BUCKETS - 1);
/// Bytes of the bits that separate the buckets of a block, at the least.
pub const BLOCK_SIZE_MIN: usize = 8;
/// Most bytes of a block. A block of the widest entries averages 0.7 KB; the rest is room for one
/// text that stands many times, with disjoint schedules.
pub const BLOCK_SIZE_MAX: usize = 4096;
/// Fewest fingerprint bits.
pub const FINGERPRINT_BITS_MIN: u32 = 28;
/// Most fingerprint bits: with its seven bits of misalignment one fits in eight bytes.
pub const FINGERPRINT_BITS_MAX: u32 = 56;
/// Most bits of a terms index in a block.
pub const TERMS_BITS_MAX: u32 = 24;
/// Most segments that exact codes lie in: what one look-up can cost.
pub const SEGMENTS_MAX: usize = 5;

/// Most deltas that a root names.
pub const DELTAS_MAX: usize = 4;
/// Most bytes of a delta that a root names.
pub const DELTA_SIZE_MAX: usize = 64 * 1024;
/// Most bytes of the delta that a root holds itself.
pub const INLINE_SIZE_MAX: usize = 16 * 1024;

/// Kinds of a manifest's sections, and of a delta's.
pub mod section {
    /// Text bytes.
    pub const HEAP: u16 = 1;
    /// Elements of lists of texts.
    pub const TEXTS: u16 = 2;
    /// The program.
    pub const PROGRAM: u16 = 3;
    /// Event types.
    pub const EVENT_TYPES: u16 = 4;
    /// Partners.
    pub const PARTNERS: u16 = 5;
    /// Contracts.
    pub const CONTRACTS: u16 = 6;
    /// Deals.
    pub const DEALS: u16 = 7;
    /// Terms.
    pub const TERMS: u16 = 8;
    /// Segments.
    pub const SEGMENTS: u16 = 9;
    /// Shard ids.
    pub const SHARDS: u16 = 10;
    /// Automata.
    pub const AUTOMATA: u16 = 11;
    /// Automaton tables.
    pub const TABLES: u16 = 12;
    /// Patterns.
    pub const PATTERNS: u16 = 13;
    /// Accept sets.
    pub const ACCEPTS: u16 = 14;
    /// The public bundle.
    pub const PUBLIC: u16 = 15;
    /// The check of the hash key.
    pub const KEY_CHECK: u16 = 16;
    /// Elements of lists of numbers.
    pub const NUMBERS: u16 = 17;
    /// What contracts earn.
    pub const PAYOUTS: u16 = 18;
    /// Restrictions and payout groups.
    pub const PAYOUT_RULES: u16 = 19;
    /// Exception lists.
    pub const EXCEPTION_LISTS: u16 = 20;
    /// Codes on lists.
    pub const LISTED_CODES: u16 = 21;
    /// Patterns of lists.
    pub const LIST_PATTERNS: u16 = 22;
    /// Their automata.
    pub const LIST_AUTOMATA: u16 = 23;
    /// Their automaton tables.
    pub const LIST_TABLES: u16 = 24;
    /// Their accept sets.
    pub const LIST_ACCEPTS: u16 = 25;
    /// Terms that name their owner and their deal by id.
    pub const NAMED_TERMS: u16 = 26;
    /// Texts that a delta says everything of.
    pub const CHANGED_TEXTS: u16 = 27;
    /// Regex codes, by id, that a delta gives other terms.
    pub const CHANGED_PATTERNS: u16 = 28;
}

/// Where a set of patterns lies.
#[derive(Debug, Clone, Copy)]
pub struct PatternSections {
    /// What each pattern stands for.
    pub numbers: u16,
    /// Automata.
    pub automata: u16,
    /// Their tables.
    pub tables: u16,
    /// Their accept sets.
    pub accepts: u16,
}

/// The patterns of regex codes; each stands for its terms.
pub const PATTERN_SECTIONS: PatternSections = PatternSections {
    numbers: section::PATTERNS,
    automata: section::AUTOMATA,
    tables: section::TABLES,
    accepts: section::ACCEPTS,
};

/// The patterns of code lists; each stands for its list.
pub const LIST_SECTIONS: PatternSections = PatternSections {
    numbers: section::LIST_PATTERNS,
    automata: section::LIST_AUTOMATA,
    tables: section::LIST_TABLES,
    accepts: section::LIST_ACCEPTS,
};

/// The one segment kind that this version reads.
pub const SEGMENT_HASH: u8 = 1;

/// The byte at an offset.
#[must_use]
pub fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// The two-byte integer at an offset.
#[must_use]
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array_at(bytes, at).map(u16::from_le_bytes)
}

/// The three-byte integer at an offset.
#[must_use]
pub fn u24_at(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = array_at(bytes, at)?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}

/// The four-byte integer at an offset.
#[must_use]
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array_at(bytes, at).map(u32::from_le_bytes)
}

/// The four-byte integer at an offset, as a size or an index of this machine.
#[must_use]
pub fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).and_then(|value| usize::try_from(value).ok())
}

/// The eight-byte integer at an offset.
#[must_use]
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array_at(bytes, at).map(u64::from_le_bytes)
}

/// The sixteen-byte integer at an offset.
#[must_use]
pub fn u128_at(bytes: &[u8], at: usize) -> Option<u128> {
    array_at(bytes, at).map(u128::from_le_bytes)
}

/// The eight-byte signed integer at an offset.
#[must_use]
pub fn i64_at(bytes: &[u8], at: usize) -> Option<i64> {
    array_at(bytes, at).map(i64::from_le_bytes)
}

/// The eight-byte integer at an offset, highest byte first: only where bytes are to sort as the
/// integers do.
#[must_use]
pub fn sorting_u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array_at(bytes, at).map(u64::from_be_bytes)
}

/// The `N` bytes at an offset.
#[must_use]
pub fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The `size` bytes at an offset.
#[must_use]
pub fn slice_at(bytes: &[u8], at: usize, size: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(size)?)
}

/// Most bits that [`bits_at`] reads: with the seven before them they fit in a word.
pub const BITS_MAX: u32 = 56;

/// The `count` bits from bit `at` on, lowest first; up to [`BITS_MAX`] of them.
///
/// Bits past the end are zeros: a block is checked for its size before any of them is read.
#[inline]
#[must_use]
pub fn bits_at(bytes: &[u8], at: u32, count: u32) -> u64 {
    word_at(bytes, at).wrapping_shr(at % 8) & low_mask(count)
}

/// The eight bytes that the byte of bit `at` begins, as an integer; those past the end are zeros.
#[inline]
#[must_use]
pub fn word_at(bytes: &[u8], at: u32) -> u64 {
    let from = usize::try_from(at / 8).unwrap_or(usize::MAX);
    u64_at(bytes, from).unwrap_or_else(|| last_word(bytes.get(from..).unwrap_or_default()))
}

/// A mask of the lowest `count` bits, up to 63 of them.
#[inline]
#[must_use]
pub fn low_mask(count: u32) -> u64 {
    1u64.wrapping_shl(count).wrapping_sub(1)
}

#[cold]
#[inline(never)]
fn last_word(rest: &[u8]) -> u64 {
    rest.iter().rev().fold(0, |word, &byte| word.wrapping_shl(8) | u64::from(byte))
}

/// Appends integers to bytes in the order that the functions above read.
#[derive(Debug, Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Appends a byte.
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    /// Appends a two-byte integer.
    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Appends a three-byte integer: the lowest 24 bits.
    pub fn u24(&mut self, value: u32) -> &mut Self {
        let [a, b, c, _] = value.to_le_bytes();
        self.raw(&[a, b, c])
    }

    /// Appends a four-byte integer.
    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Appends a size or an index; none of a snapshot's own passes four bytes, which the builder
    /// checks.
    pub fn size(&mut self, value: usize) -> &mut Self {
        self.u32(u32::try_from(value).unwrap_or(NONE))
    }

    /// Appends an eight-byte integer.
    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Appends a sixteen-byte integer.
    pub fn u128(&mut self, value: u128) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Appends an eight-byte integer, highest byte first.
    pub fn sorting_u64(&mut self, value: u64) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    /// Appends an eight-byte signed integer.
    pub fn i64(&mut self, value: i64) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Appends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// Appends bits, lowest bit of the first byte first.
#[derive(Debug, Default)]
pub struct Bits {
    bytes: Vec<u8>,
    pending: u64,
    pending_count: u32,
}

impl Bits {
    /// Appends the lowest `count` bits of a value; up to 56 at a time.
    pub fn push(&mut self, value: u64, count: u32) {
        self.pending |= (value & low_mask(count)).wrapping_shl(self.pending_count);
        self.pending_count = self.pending_count.saturating_add(count);
        while self.pending_count >= 8 {
            self.bytes.push(self.pending.to_le_bytes()[0]);
            self.pending >>= 8;
            self.pending_count = self.pending_count.saturating_sub(8);
        }
    }

    /// Fills the last byte with zeros and hands over the bytes.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if self.pending_count > 0 {
            self.bytes.push(self.pending.to_le_bytes()[0]);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_back_as_they_were_put() {
        let values = [(5u64, 3u32), (0, 1), (0xABC_DEF0_1234, 44), (1, 1), (u64::MAX, 56), (0, 7)];
        let mut bits = Bits::default();
        for (value, count) in values {
            bits.push(value, count);
        }
        let bytes = bits.finish();
        let mut at = 0;
        for (value, count) in values {
            assert_eq!(bits_at(&bytes, at, count), value & low_mask(count));
            at += count;
        }
        assert_eq!(bits_at(&bytes, at + 1000, 56), 0);
    }
}
