//! How many texts a campaign's codes could spell, judged by its codes: what a guesser has to choose
//! from.

use crate::code::FoldedCode;

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
