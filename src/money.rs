//! Money: integers in a currency's minor unit, and percentages in basis points. No floats, no
//! conversions.
//!
//! - [`Currency`] is an ISO 4217 code.
//! - [`Minor`] is an amount, from 0 up to what a JavaScript number holds exactly.
//! - [`BasisPoints`] is a percentage: 1,000 are ten per cent.

use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};

/// An ISO 4217 code: three capital letters. How many decimals it has is a matter of display alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code of three capital letters; whether such a currency exists is the catalogue's
    /// question.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Currency(letters))
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amount in a currency's minor unit, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Minor(u64);

impl Minor {
    /// The largest amount: 2^53 - 1, the largest integer that every JSON reader keeps exact.
    pub const MAX: Minor = Minor((1 << 53) - 1);
    /// Nothing.
    pub const ZERO: Minor = Minor(0);

    /// An amount of `value` minor units; `None` above [`Minor::MAX`].
    #[must_use]
    pub fn new(value: u64) -> Option<Self> {
        (value <= Minor::MAX.0).then_some(Minor(value))
    }

    /// How many minor units.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// The sum; stays at [`Minor::MAX`] when it would pass it.
    #[must_use]
    pub fn plus(self, other: Minor) -> Minor {
        Minor(self.0.saturating_add(other.0)).min(Minor::MAX)
    }

    /// The difference; stays at 0 when it would fall below.
    #[must_use]
    pub fn minus(self, other: Minor) -> Minor {
        Minor(self.0.saturating_sub(other.0))
    }

    /// This amount `count` times; stays at [`Minor::MAX`] when it would pass it.
    #[must_use]
    pub fn times(self, count: u64) -> Minor {
        Minor(self.0.saturating_mul(count)).min(Minor::MAX)
    }

    /// This share of the amount, rounded half-up to the minor unit.
    ///
    /// ```
    /// use promo_edge::money::{BasisPoints, Minor};
    /// let ten = BasisPoints::new(1000).unwrap();
    /// assert_eq!(Minor::new(125).unwrap().share(ten), Minor::new(13).unwrap());
    /// ```
    #[must_use]
    pub fn share(self, share: BasisPoints) -> Minor {
        const WHOLE: u64 = BasisPoints::WHOLE.0 as u64;
        let share = u64::from(share.get());
        // In two parts, of which neither leaves 64 bits: only the second has a fraction.
        let of_wholes = (self.0 / WHOLE).saturating_mul(share);
        let of_rest = (self.0 % WHOLE).saturating_mul(share).saturating_add(WHOLE / 2) / WHOLE;
        Minor(of_wholes.saturating_add(of_rest)).min(Minor::MAX)
    }

    /// This amount times `numerator` by `denominator`, rounded half-up; unchanged when the
    /// denominator is 0.
    #[must_use]
    pub fn in_ratio(self, numerator: Minor, denominator: Minor) -> Minor {
        let Some(divisor) = NonZeroU128::new(u128::from(denominator.0)) else { return self };
        let exact = u128::from(self.0).saturating_mul(u128::from(numerator.0));
        let rounded = exact.saturating_add(divisor.get() / 2) / divisor;
        Minor(u64::try_from(rounded).unwrap_or(Minor::MAX.0)).min(Minor::MAX)
    }

    /// Splits this amount over lines in proportion to their weights, so that the parts sum to it
    /// exactly. There may be 2,048 lines.
    ///
    /// What rounding down leaves goes, a unit each, to the largest fractions, and among equal ones
    /// to the first lines: the method of largest remainders. All weights zero: every part is
    /// zero.
    #[must_use]
    pub fn split(self, weights: &[Minor]) -> Vec<Minor> {
        let sum = weights.iter().fold(0, |sum: u64, weight| sum.saturating_add(weight.0));
        let Some(sum) = NonZeroU64::new(sum) else {
            return vec![Minor::ZERO; weights.len()];
        };
        let mut parts = Vec::with_capacity(weights.len());
        let mut fractions = Vec::with_capacity(weights.len());
        let mut left = self.0;
        for (line, weight) in weights.iter().enumerate() {
            let (whole, rest) = mul_div(self.0, weight.0, sum);
            left = left.saturating_sub(whole);
            parts.push(Minor(whole));
            fractions.push((u64::MAX.wrapping_sub(rest), line));
        }
        fractions.sort_unstable();
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        for (_, line) in fractions.into_iter().take(left) {
            if let Some(part) = parts.get_mut(line) {
                part.0 = part.0.saturating_add(1);
            }
        }
        parts
    }
}

/// `amount * weight / sum`, and what is left over; a weight is at most their sum. Digit by digit
/// where the product is too large for 64 bits: wasm would bring a division of 128 for it.
fn mul_div(amount: u64, weight: u64, sum: NonZeroU64) -> (u64, u64) {
    if let Some(product) = amount.checked_mul(weight) {
        return (product / sum, product % sum);
    }
    let (mut whole, mut rest) = (0u64, 0u128);
    for digit in (0..u64::BITS).rev() {
        whole = whole.wrapping_shl(1);
        rest = rest.wrapping_shl(1);
        if amount.wrapping_shr(digit) & 1 == 1 {
            rest = rest.wrapping_add(weight.into());
        }
        while let Some(less) = rest.checked_sub(sum.get().into()) {
            (whole, rest) = (whole.wrapping_add(1), less);
        }
    }
    (whole, u64::try_from(rest).unwrap_or(u64::MAX))
}

/// A percentage in hundredths of a per cent, from 0 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BasisPoints(u16);

impl BasisPoints {
    /// All of it: 100 %.
    pub const WHOLE: BasisPoints = BasisPoints(10_000);

    /// A percentage; `None` above 100 %.
    #[must_use]
    pub fn new(value: u16) -> Option<Self> {
        (value <= BasisPoints::WHOLE.0).then_some(BasisPoints(value))
    }

    /// The number of basis points.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(value: u64) -> Minor {
        Minor::new(value).unwrap()
    }

    #[track_caller]
    fn check_split(total: u64, weights: &[u64], expected: &[u64]) {
        let weights: Vec<Minor> = weights.iter().copied().map(minor).collect();
        let parts: Vec<u64> = minor(total).split(&weights).into_iter().map(Minor::get).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn split_sums_exactly() {
        check_split(100, &[1, 1, 1], &[34, 33, 33]);
        check_split(5, &[999, 1], &[5, 0]);
        check_split(2, &[1, 2, 2], &[0, 1, 1]);
        check_split(7, &[0, 0], &[0, 0]);
        check_split(0, &[3, 4], &[0, 0]);
        check_split(1, &[], &[]);
    }

    #[test]
    fn large_products_are_divided_as_small_ones() {
        let max = Minor::MAX.get();
        for (amount, weight, sum) in
            [(max, max, max), (max, 3, 7), (max - 1, max / 3, max), (5, 2, 3)]
        {
            let exact = u128::from(amount) * u128::from(weight);
            let sum_wide = u128::from(sum);
            let (whole, rest) = mul_div(amount, weight, NonZeroU64::new(sum).unwrap());
            assert_eq!(u128::from(whole) * sum_wide + u128::from(rest), exact);
            assert!(rest < sum);
        }
        check_split(
            max,
            &[max, max, max - 1],
            &[3_002_399_751_580_331, 3_002_399_751_580_330, 3_002_399_751_580_330],
        );
    }

    #[test]
    fn share_rounds_half_up() {
        let bps = |value| BasisPoints::new(value).unwrap();
        assert_eq!(minor(5).share(bps(1000)), minor(1));
        assert_eq!(minor(4).share(bps(1000)), minor(0));
        assert_eq!(Minor::MAX.share(BasisPoints::WHOLE), Minor::MAX);
    }
}
