//! A keyed permutation of the numbers below a power of an alphabet's size.
//!
//! The structure is that of FF1 in NIST SP 800-38G: ten rounds of an alternating Feistel network
//! over two halves that need not be equal (Black and Rogaway, 2002), so that every number below the
//! bound stays below it and none has to be tried again. FF1's rounds are AES; here they are
//! SipHash-2-4, a pseudo-random function under a key of 128 bits (Aumasson and Bernstein, 2012).
//! What it protects is a list of codes, not a standard's test.

use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;
use std::num::{NonZeroU64, NonZeroU128};

/// As many as FF1 has.
const ROUNDS: u8 = 10;

/// A permutation of 0 up to `size` to the power of `place_count`.
#[derive(Debug, Clone)]
pub(super) struct Permutation {
    key: [u8; 16],
    /// The sizes of the upper and the lower half.
    upper: NonZeroU64,
    lower: NonZeroU64,
}

impl Permutation {
    /// The permutation of a key. The number of values must be below 2^124.
    pub fn new(key: [u8; 16], size: u64, place_count: u32) -> Self {
        let half = |places: u32| {
            let values = size.checked_pow(places).and_then(NonZeroU64::new);
            debug_assert!(values.is_some(), "half of the places have at most 2^63 values");
            values.unwrap_or(NonZeroU64::MIN)
        };
        let upper_places = place_count / 2;
        let lower_places = place_count.saturating_sub(upper_places);
        Permutation { key, upper: half(upper_places), lower: half(lower_places) }
    }

    /// The number that this one becomes.
    pub fn apply(&self, number: u128) -> u128 {
        let lower_size = u128::from(self.lower.get());
        let low = u64::try_from(number.checked_rem(lower_size).unwrap_or(0)).unwrap_or(0);
        let high = u64::try_from(number.checked_div(lower_size).unwrap_or(0)).unwrap_or(0);
        let (mut high, mut low) = (high, low);
        for round in 0..ROUNDS {
            if round.is_multiple_of(2) {
                high = self.add(high, round, low, self.upper);
            } else {
                low = self.add(low, round, high, self.lower);
            }
        }
        u128::from(high).saturating_mul(lower_size).saturating_add(low.into())
    }

    /// A half, shifted by what the round makes of the other.
    fn add(&self, half: u64, round: u8, other: u64, size: NonZeroU64) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write_u8(round);
        hasher.write_u64(other);
        // Of 128 bits the remainder is even but for less than one part in 2^64.
        let size = NonZeroU128::from(size);
        let shift = hasher.finish128().as_u128() % size;
        let sum = u128::from(half).saturating_add(shift) % size;
        u64::try_from(sum).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_becomes_one_that_no_other_becomes() {
        for (size, places) in [(2, 1), (2, 2), (3, 5), (26, 3), (10, 4), (7, 1)] {
            let permutation = Permutation::new([9; 16], size, places);
            let space = u128::from(size.pow(places));
            let mut seen = vec![false; usize::try_from(space).unwrap()];
            for number in 0..space {
                let at = usize::try_from(permutation.apply(number)).unwrap();
                assert!(!std::mem::replace(&mut seen[at], true), "{size} {places} {number}");
            }
        }
    }

    #[test]
    fn the_largest_space_is_permuted() {
        let permutation = Permutation::new([1; 16], 2, 124);
        let mut seen: Vec<u128> = (0..1_000).map(|number| permutation.apply(number)).collect();
        assert!(seen.iter().all(|&number| number < 1 << 124));
        assert!(seen.iter().any(|&number| number > 1 << 123));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1_000);
    }

    #[test]
    fn one_bit_of_the_key_changes_everything() {
        let [one, other] = [[0; 16], [1; 16]].map(|key| Permutation::new(key, 26, 8));
        let alike = (0..1_000).filter(|&number| one.apply(number) == other.apply(number)).count();
        assert_eq!(alike, 0);
    }
}
