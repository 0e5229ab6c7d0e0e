//! How many texts a campaign's codes could spell, judged by its codes: what a guesser has to choose
//! from.

use super::layout::{Bytes, u128_at, usize_at};
use crate::code::{CODE_CHARS_MAX, FoldedCode};

use std::collections::BTreeMap;

/// How many texts a campaign's codes could spell: the characters seen at each position, apart for
/// each length. A set of 128 bits: exact for ASCII,
/// and close enough for the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Universe {
    seen: BTreeMap<usize, Vec<u128>>,
}

impl Universe {
    /// Takes in one code.
    pub fn add(&mut self, code: &FoldedCode) {
        let text = code.as_str();
        let length = if text.is_ascii() { text.len() } else { text.chars().count() };
        let positions = self.seen.entry(length).or_insert_with(|| vec![0; length]);
        for (position, c) in positions.iter_mut().zip(text.chars()) {
            *position |= 1u128.wrapping_shl(u32::from(c));
        }
    }

    /// Takes in all that another has seen.
    pub fn merge(&mut self, other: &Universe) {
        for (length, theirs) in &other.seen {
            let ours = self.seen.entry(*length).or_insert_with(|| vec![0; *length]);
            ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| *ours |= theirs);
        }
    }

    /// What it has seen, as bytes: for whoever counts codes a few at a time and may be stopped in
    /// between.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Bytes::default();
        for (length, positions) in &self.seen {
            bytes.size(*length);
            for set in positions {
                bytes.u128(*set);
            }
        }
        bytes.0
    }

    /// What [`Universe::to_bytes`] wrote; `None` when the bytes are something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut universe = Universe::default();
        let mut rest = bytes;
        while !rest.is_empty() {
            let length = usize_at(rest, 0).filter(|&length| length <= CODE_CHARS_MAX)?;
            let (sets, after) = rest.get(4..)?.split_at_checked(length.checked_mul(16)?)?;
            let sets = sets.chunks(16).map(|set| u128_at(set, 0)).collect::<Option<_>>()?;
            universe.seen.insert(length, sets);
            rest = after;
        }
        Some(universe)
    }

    /// The number of texts: the product over the positions, summed over the lengths.
    #[must_use]
    pub fn size(&self) -> u128 {
        self.seen.values().map(|positions| product(positions)).fold(0, u128::saturating_add)
    }
}

fn product(positions: &[u128]) -> u128 {
    let alphabet_sizes = positions.iter().map(|set| u128::from(set.count_ones()));
    alphabet_sizes.fold(1, u128::saturating_mul)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Folding, TypedCode};

    #[test]
    fn what_was_seen_comes_back_and_comes_together() {
        let of = |texts: &[&str]| {
            let mut universe = Universe::default();
            for text in texts {
                let typed = TypedCode::parse(text, str::to_owned).unwrap();
                universe.add(&typed.fold(Folding::default()));
            }
            universe
        };
        let whole = of(&["A1", "B2", "ÄÖ", "LONGER"]);
        assert_eq!(whole.size(), 9 + 1);
        assert_eq!(Universe::from_bytes(&whole.to_bytes()), Some(whole.clone()));
        assert_eq!(Universe::from_bytes(&whole.to_bytes()[1..]), None);
        let mut merged = of(&["A1", "LONGER"]);
        merged.merge(&of(&["ÄÖ", "B2"]));
        assert_eq!(merged, whole);
    }
}
