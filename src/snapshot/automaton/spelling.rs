//! Ways to write an exact code, put to a pattern.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Direction, Pattern};
use crate::code::Spellings;

impl Pattern {
    /// A way to write an exact code that the pattern matches as well, given the code as the
    /// spellings' folding makes it.
    ///
    /// All ways are walked side by side, so that their number does not matter: of those that lead
    /// to one state only the first is kept.
    ///
    /// ```
    /// use promo_edge::code::Folding;
    /// use promo_edge::snapshot::automaton::Pattern;
    ///
    /// let spellings = Folding::default().spellings();
    /// let pattern = Pattern::parse("^(SUMMER).*")?;
    /// assert_eq!(pattern.spelling("summer25", &spellings).as_deref(), Some("SUMMER25"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn spelling(&self, folded: &str, spellings: &Spellings) -> Option<String> {
        let places = folded.chars().map(|c| spellings.of(c));
        let places: Vec<Vec<char>> = match self.recogniser.direction {
            Direction::Forward => places.collect(),
            Direction::Reversed => places.rev().collect(),
        };
        // Of nothing but separators is no code.
        let last = places.len().checked_sub(1)?;
        let mut reached = BTreeMap::from([(0usize, String::new())]);
        self.pass(spellings.separators_outside(), &mut reached);
        for (index, place) in places.into_iter().enumerate() {
            let mut further = BTreeMap::new();
            for (&state, text) in &reached {
                for &character in &place {
                    if let Some(next) = self.step(state, character) {
                        further.entry(next).or_insert_with(|| format!("{text}{character}"));
                    }
                }
            }
            reached = further;
            let ignored = if index == last {
                spellings.separators_outside()
            } else {
                spellings.separators_inside()
            };
            self.pass(ignored, &mut reached);
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
                if let Entry::Vacant(fresh) = reached.entry(next) {
                    let text = format!("{text}{character}");
                    fresh.insert(text.clone());
                    pending.push((next, text));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::nfkc;
    use crate::code::{Folding, TypedCode};
    use crate::snapshot::automaton::tests::pattern;

    use proptest::prelude::*;

    /// All ways to write a text in capitals and small letters.
    fn cased(text: &str) -> Vec<String> {
        text.chars().fold(vec![String::new()], |begun, c| {
            let cases = [c.to_lowercase().to_string(), c.to_uppercase().to_string()];
            begun.iter().flat_map(|b| cases.iter().map(move |c| format!("{b}{c}"))).collect()
        })
    }

    #[track_caller]
    fn check(pattern: &str, code: &str, folding: Folding, expected: Option<&str>) {
        let folded = TypedCode::parse(code, nfkc).unwrap().fold(folding);
        let pattern = Pattern::parse(pattern).unwrap();
        let found = pattern.spelling(folded.as_str(), &folding.spellings());
        assert_eq!(found.as_deref(), expected, "{} {code}", pattern.as_str());
    }

    #[test]
    fn a_code_is_found_in_any_case() {
        let plain = Folding::default();
        check("^(SUMMER).*", "summer25", plain, Some("SUMMER25"));
        check("^.*(mer)$", "Summer", plain, Some("SUMmer"));
        check("Straße", "STRAßE", plain, Some("Straße"));
        check("ΣΑΣ|σας", "ΣΑΣ", plain, Some("ΣΑΣ"));
        check("SUMMER", "WINTER", plain, None);
        check("^(SUMMER)$", "SUMMER-25", plain, None);
        // Exponential when read from its start, so that it is read from its end.
        check("[ab]*a[ab]{20}", &"A".repeat(21), plain, Some(&"a".repeat(21)));
    }

    #[test]
    fn a_code_is_found_as_its_program_folds_it() {
        let separators = Folding { separators: true, lookalikes: false };
        check("^SAVE-.*", "SAVE10", separators, Some("SAVE-10"));
        check("^SAVE-.*", "SAVE10", Folding::default(), None);
        let lookalikes = Folding { separators: false, lookalikes: true };
        check("S0MMER", "SOMMER", lookalikes, Some("S0MMER"));
        check("[А-Я]+", "BAP", lookalikes, Some("ВАР"));
        check("S0MMER", "SOMMER", Folding::default(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 300, failure_persistence: None, ..<_>::default()
        })]

        #[test]
        fn a_spelling_is_found_whenever_there_is_one(
            pattern in pattern(),
            code in "[abk1é日-]{1,6}",
            separators in any::<bool>(),
        ) {
            let Ok(pattern) = Pattern::parse(&pattern) else { return Ok(()) };
            let typed = TypedCode::parse(&code, nfkc).unwrap();
            let folding = Folding { separators, lookalikes: false };
            let folded = typed.fold(folding);
            let found = pattern.spelling(folded.as_str(), &folding.spellings());
            let is_code = !folded.as_str().is_empty();
            let is_any = is_code && cased(&code).iter().any(|text| pattern.matches(text));
            prop_assert!(separators || found.is_some() == is_any, "{pattern:?} {found:?}");
            prop_assert!(found.is_some() || !is_any, "{pattern:?} {code}");
            if let Some(found) = found {
                let same = TypedCode::parse(&found, nfkc).unwrap();
                prop_assert_eq!(same.as_str(), &found);
                prop_assert_eq!(same.fold(folding), folded);
                prop_assert!(pattern.matches(&found));
            }
        }
    }
}
