//! Ways to write an exact code, put to a pattern.

use std::collections::BTreeMap;

use super::{Direction, Pattern};
use crate::code::{Spellings, TypedCode};

impl Pattern {
    /// A way to write an exact code that the pattern matches as well.
    ///
    /// All ways are walked side by side, so that their number does not matter: of those that lead to
    /// one state only the first is kept.
    ///
    /// ```
    /// use promo_edge::code::{Folding, TypedCode};
    /// use promo_edge::snapshot::automaton::Pattern;
    ///
    /// let code = TypedCode::parse("summer25", |text| text.to_owned()).unwrap();
    /// let spellings = Folding::default().spellings();
    /// let pattern = Pattern::parse("^(SUMMER).*")?;
    /// assert_eq!(pattern.spelling(&code, &spellings).as_deref(), Some("SUMMER25"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn spelling(&self, code: &TypedCode, spellings: &Spellings) -> Option<String> {
        let folded = code.fold(spellings.folding());
        let places = folded.as_str().chars().map(|c| spellings.of(c));
        let places: Vec<Vec<char>> = match self.recogniser.direction {
            Direction::Forward => places.collect(),
            Direction::Reversed => places.rev().collect(),
        };
        let mut reached = BTreeMap::from([(0usize, String::new())]);
        self.pass(spellings.separators(), &mut reached);
        for place in places {
            let mut further = BTreeMap::new();
            for (&state, text) in &reached {
                for &character in &place {
                    if let Some(next) = self.step(state, character) {
                        further.entry(next).or_insert_with(|| format!("{text}{character}"));
                    }
                }
            }
            reached = further;
            self.pass(spellings.separators(), &mut reached);
        }
        let found = reached.into_iter().find(|&(state, _)| self.recogniser.dfa.accepts(state));
        found.map(|(_, text)| match self.recogniser.direction {
            Direction::Forward => text,
            Direction::Reversed => text.chars().rev().collect(),
        })
    }

    fn step(&self, state: usize, character: char) -> Option<usize> {
        self.recogniser.dfa.step(state, self.recogniser.alphabet.symbol(character)?)
    }

    /// Adds what can be reached by characters that are ignored.
    fn pass(&self, ignored: &[char], reached: &mut BTreeMap<usize, String>) {
        let mut pending: Vec<(usize, String)> =
            reached.iter().map(|(&state, text)| (state, text.clone())).collect();
        while let Some((state, text)) = pending.pop() {
            for &character in ignored {
                let Some(next) = self.step(state, character) else { continue };
                if !reached.contains_key(&next) {
                    let text = format!("{text}{character}");
                    reached.insert(next, text.clone());
                    pending.push((next, text));
                }
            }
        }
    }
}
