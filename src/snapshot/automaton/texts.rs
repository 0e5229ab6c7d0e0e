//! The shortest code that two automata judge differently, or that one accepts.

use std::collections::{BTreeSet, VecDeque};

use super::Direction;
use super::alphabet::Alphabet;
use super::dfa::Dfa;

/// States of three automata that read one text.
type Place = (usize, Option<usize>, Option<usize>);

/// A place, the step before it and the symbol that leads from there.
struct Step {
    place: Place,
    before: Option<usize>,
    symbol: u8,
}

/// Automata in one alphabet that read in one direction.
pub(super) struct Readers<'a> {
    pub alphabet: &'a Alphabet,
    pub direction: Direction,
    pub typed: &'a Dfa,
    pub one: &'a Dfa,
    pub other: &'a Dfa,
}

impl Readers<'_> {
    /// The shortest text that `typed` accepts and that `wanted` wants, given whether `one` and `other` accept
    /// it. A walk, breadth first, through all places that the three can be in together.
    pub fn shortest(&self, wanted: impl Fn(bool, bool) -> bool) -> Option<String> {
        let start = (0, Some(0), Some(0));
        let mut steps = vec![Step { place: start, before: None, symbol: 0 }];
        let mut queue = VecDeque::from([0usize]);
        let mut seen = BTreeSet::from([start]);
        while let Some(index) = queue.pop_front() {
            let (typed, one, other) = steps.get(index)?.place;
            let accepts = |dfa: &Dfa, state: Option<usize>| state.is_some_and(|at| dfa.accepts(at));
            if self.typed.accepts(typed)
                && wanted(accepts(self.one, one), accepts(self.other, other))
            {
                return self.text_of(&steps, index);
            }
            for symbol in symbols_by_looks() {
                let Some(typed) = self.typed.step(typed, symbol) else { continue };
                let one = one.and_then(|at| self.one.step(at, symbol));
                let other = other.and_then(|at| self.other.step(at, symbol));
                let place = (typed, one, other);
                if (one.is_some() || other.is_some()) && seen.insert(place) {
                    queue.push_back(steps.len());
                    steps.push(Step { place, before: Some(index), symbol });
                }
            }
        }
        None
    }

    fn text_of(&self, steps: &[Step], last: usize) -> Option<String> {
        let mut text = Vec::new();
        let mut step = steps.get(last)?;
        while let Some(before) = step.before {
            text.push(self.alphabet.example(step.symbol)?);
            step = steps.get(before)?;
        }
        if self.direction == Direction::Forward {
            text.reverse();
        }
        Some(text.into_iter().collect())
    }
}

/// All symbols, those first that look like a code's.
fn symbols_by_looks() -> impl Iterator<Item = u8> {
    let plain = (b'A'..=b'Z').chain(b'0'..=b'9').chain(b'a'..=b'z');
    plain.chain((0..=u8::MAX).filter(|symbol| !symbol.is_ascii_alphanumeric()))
}
