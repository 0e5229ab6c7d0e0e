//! The characters that a walk through automata writes, so that what it finds can be typed.
//!
//! A symbol stands for many characters, and some of them never reach a pattern: normalisation
//! makes `a` of `ª`, and `é` of `e` and an accent after it (domain 1.2, rule 1). So each symbol is
//! written as a character that stays what it is, and never after one that would take it up.

use std::collections::{BTreeMap, BTreeSet};

use super::Direction;
use super::alphabet::Alphabet;
use super::syntax::may_join;
use crate::code::Nfkc;

/// How the symbols of an alphabet are written.
pub(super) struct Script {
    /// By symbol; none for one of which normalisation leaves no character alone.
    characters: BTreeMap<u8, char>,
    /// Symbols, as they are read one after the other, that normalisation does not leave alone.
    apart: BTreeSet<(u8, u8)>,
    direction: Direction,
    nfkc: Nfkc,
}

/// A place on a walk, the step before it and the symbol that leads from there.
pub(super) struct Step<Place> {
    pub place: Place,
    pub before: Option<usize>,
    pub symbol: u8,
}

impl Script {
    /// The script of walks in one direction.
    pub fn of(alphabet: &Alphabet, direction: Direction, nfkc: Nfkc) -> Script {
        let character = |symbol| Some((symbol, character(alphabet, symbol, nfkc)?));
        let characters: BTreeMap<u8, char> = (0..=u8::MAX).filter_map(character).collect();
        let mut apart = BTreeSet::new();
        for (&second, &joining) in characters.iter().filter(|(_, c)| may_join(**c)) {
            for (&first, before) in &characters {
                if !is_kept(&format!("{before}{joining}"), nfkc) {
                    apart.insert(match direction {
                        Direction::Forward => (first, second),
                        Direction::Reversed => (second, first),
                    });
                }
            }
        }
        Script { characters, apart, direction, nfkc }
    }

    /// All symbols that can be written, those first that look like a code's.
    pub fn symbols(&self) -> impl Iterator<Item = u8> + '_ {
        let plain = (b'A'..=b'Z').chain(b'0'..=b'9').chain(b'a'..=b'z');
        let all = plain.chain((0..=u8::MAX).filter(|symbol| !symbol.is_ascii_alphanumeric()));
        all.filter(|symbol| self.characters.contains_key(symbol))
    }

    /// Whether a symbol can be read after a step.
    pub fn allows<Place>(&self, step: &Step<Place>, symbol: u8) -> bool {
        step.before.is_none() || !self.apart.contains(&(step.symbol, symbol))
    }

    /// What of a symbol matters to those read after it: nothing, as a rule, so that ways which meet
    /// are walked on as one.
    pub fn memory(&self, symbol: u8) -> u8 {
        if self.apart.is_empty() { 0 } else { symbol }
    }

    /// The text of the steps up to this one; `None` when normalisation makes another of it, as it
    /// may of accents in a row.
    pub fn text<Place>(&self, steps: &[Step<Place>], last: usize) -> Option<String> {
        let mut text = Vec::new();
        let mut step = steps.get(last)?;
        while let Some(before) = step.before {
            text.push(self.characters.get(&step.symbol)?);
            step = steps.get(before)?;
        }
        if self.direction == Direction::Forward {
            text.reverse();
        }
        let text: String = text.into_iter().collect();
        is_kept(&text, self.nfkc).then_some(text)
    }
}

/// A character of a symbol that normalisation leaves alone, wherever it stands if there is one.
fn character(alphabet: &Alphabet, symbol: u8, nfkc: Nfkc) -> Option<char> {
    if symbol.is_ascii() {
        return Some(char::from(symbol));
    }
    let kept = |c: &char| is_kept(c.encode_utf8(&mut [0; 4]), nfkc);
    let free = alphabet.characters(symbol).find(|c| !may_join(*c) && kept(c));
    free.or_else(|| alphabet.characters(symbol).find(kept))
}

fn is_kept(text: &str, nfkc: Nfkc) -> bool {
    text.is_ascii() || nfkc(text) == text
}
