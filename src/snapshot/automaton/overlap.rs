//! What two patterns have in common.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use super::alphabet::Alphabet;
use super::dfa::Dfa;
use super::recogniser::Recogniser;
use super::script::{Script, Step};
use super::{Direction, Pattern};
use crate::code::{CODE_CHARS_MAX, Nfkc};

/// Most places that are looked at: a bound on time and memory. Patterns that people write need a
/// few hundred.
const PLACES_MAX: usize = 1 << 17;

/// Two patterns are too large to say what they have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLargeToCompare;

impl fmt::Display for TooLargeToCompare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the patterns are too large to compare: repeat less often in one of them")
    }
}

impl std::error::Error for TooLargeToCompare {}

/// A shortest code that both patterns match, as normalisation leaves it; `None` when there is none.
///
/// A walk, breadth first, through the product of their automata (Rabin and Scott, 1959). Whether
/// they have something in common asks for one way only, so that an automaton which reads texts the
/// other way is walked against its arrows instead of being made again, which could be exponential.
///
/// # Errors
///
/// [`TooLargeToCompare`] after 131,072 places without an answer.
///
/// ```
/// use promo_edge::snapshot::automaton::{Pattern, overlap};
///
/// let pattern = |text| Pattern::parse(text).unwrap();
/// let (starts, ends) = (pattern("^(SUMMER).*"), pattern("^.*[0-9]{2}$"));
/// assert_eq!(overlap(&starts, &ends, str::to_owned), Ok(Some("SUMMER00".to_owned())));
/// assert_eq!(overlap(&starts, &pattern("WINTER.*"), str::to_owned), Ok(None));
/// ```
pub fn overlap(
    one: &Pattern,
    other: &Pattern,
    nfkc: Nfkc,
) -> Result<Option<String>, TooLargeToCompare> {
    overlap_within(one, other, nfkc, PLACES_MAX)
}

fn overlap_within(
    one: &Pattern,
    other: &Pattern,
    nfkc: Nfkc,
    places_max: usize,
) -> Result<Option<String>, TooLargeToCompare> {
    let (one, other) = (&one.recogniser, &other.recogniser);
    let direction = one.direction;
    let typed = Recogniser::typed(direction).ok_or(TooLargeToCompare)?;
    let alphabets = [&typed.alphabet, &one.alphabet, &other.alphabet];
    let alphabet = Alphabet::joined(alphabets).ok_or(TooLargeToCompare)?;
    let script = Script::of(&alphabet, direction, nfkc);
    let symbols: Vec<Symbols> =
        script.symbols().filter_map(|joined| Symbols::of(joined, &alphabet, alphabets)).collect();
    let second = Walker::of(&other.dfa, other.direction == direction);
    let first_step = |at| Step { place: (0, 0, at), before: None, symbol: 0 };
    let mut steps: Vec<Step<(usize, usize, usize)>> = second.starts().map(first_step).collect();
    let mut seen: BTreeSet<_> = steps.iter().map(|step| (step.place, 0)).collect();
    let mut queue: VecDeque<usize> = (0..steps.len()).collect();
    while let Some(index) = queue.pop_front() {
        let Some(&Step { place: (at_typed, at_first, at_second), .. }) = steps.get(index) else {
            continue;
        };
        let is_whole = typed.dfa.accepts(at_typed) && one.dfa.accepts(at_first);
        if is_whole
            && second.is_end(at_second)
            && let Some(text) = script.text(&steps, index)
        {
            return Ok(Some(text).filter(|text| text.chars().count() <= CODE_CHARS_MAX));
        }
        for symbols in &symbols {
            if !steps.get(index).is_some_and(|step| script.allows(step, symbols.joined)) {
                continue;
            }
            let Some(at_first) = one.dfa.step(at_first, symbols.first) else { continue };
            let Some(at_typed) = typed.dfa.step(at_typed, symbols.typed) else { continue };
            for at_second in second.steps(at_second, symbols.second) {
                let place = (at_typed, at_first, at_second);
                if seen.insert((place, script.memory(symbols.joined))) {
                    queue.push_back(steps.len());
                    steps.push(Step { place, before: Some(index), symbol: symbols.joined });
                }
            }
        }
        if steps.len() > places_max {
            return Err(TooLargeToCompare);
        }
    }
    Ok(None)
}

/// One character in the alphabets of all automata that walk.
struct Symbols {
    joined: u8,
    typed: u8,
    first: u8,
    second: u8,
}

impl Symbols {
    /// `None` when one of the automata has no way for the character.
    fn of(joined: u8, alphabet: &Alphabet, [typed, first, second]: [&Alphabet; 3]) -> Option<Self> {
        let example = alphabet.example(joined)?;
        let [typed, first, second] = [typed, first, second].map(|own| own.symbol(example));
        Some(Symbols { joined, typed: typed?, first: first?, second: second? })
    }
}

/// Walks an automaton along its arrows or against them.
enum Walker<'a> {
    Along(&'a Dfa),
    Against {
        dfa: &'a Dfa,
        /// For each state, the states and symbols that lead to it.
        arrows: Vec<Vec<(u8, u8, usize)>>,
    },
}

impl<'a> Walker<'a> {
    fn of(dfa: &'a Dfa, reads_alike: bool) -> Self {
        if reads_alike {
            return Walker::Along(dfa);
        }
        let mut arrows = vec![Vec::new(); dfa.states.len()];
        for (source, state) in dfa.states.iter().enumerate() {
            for way in &state.ways {
                if let Some(list) = arrows.get_mut(way.target) {
                    list.push((way.first, way.last, source));
                }
            }
        }
        Walker::Against { dfa, arrows }
    }

    fn starts(&self) -> impl Iterator<Item = usize> + '_ {
        let (dfa, is_along) = match self {
            Walker::Along(dfa) => (dfa, true),
            Walker::Against { dfa, .. } => (dfa, false),
        };
        (0..dfa.states.len())
            .filter(move |&state| if is_along { state == 0 } else { dfa.accepts(state) })
    }

    fn is_end(&self, state: usize) -> bool {
        match self {
            Walker::Along(dfa) => dfa.accepts(state),
            Walker::Against { .. } => state == 0,
        }
    }

    fn steps(&self, state: usize, symbol: u8) -> Vec<usize> {
        match self {
            Walker::Along(dfa) => dfa.step(state, symbol).into_iter().collect(),
            Walker::Against { arrows, .. } => {
                let arrows = arrows.get(state).into_iter().flatten();
                let leads =
                    |&&(first, last, _): &&(u8, u8, usize)| (first..=last).contains(&symbol);
                arrows.filter(leads).map(|&(.., source)| source).collect()
            }
        }
    }
}

impl Pattern {
    /// Whether it matches a code, given as [`TypedCode`](crate::code::TypedCode) has it.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let Recogniser { alphabet, direction, dfa } = &self.recogniser;
        let step = |state, character| dfa.step(state, alphabet.symbol(character)?);
        let last = match direction {
            Direction::Forward => text.chars().try_fold(0, step),
            Direction::Reversed => text.chars().rev().try_fold(0, step),
        };
        last.is_some_and(|state| dfa.accepts(state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::nfkc;
    use crate::code::TypedCode;
    use crate::snapshot::automaton::tests::{pattern, text};

    use proptest::prelude::*;

    fn config() -> ProptestConfig {
        ProptestConfig { cases: 300, failure_persistence: None, ..<_>::default() }
    }

    #[track_caller]
    fn check(one: &str, other: &str, expected: Option<&str>) {
        let [one, other] = [one, other].map(|text| Pattern::parse(text).unwrap());
        for (one, other) in [(&one, &other), (&other, &one)] {
            let found = overlap(one, other, nfkc).unwrap();
            let lengths = [found.as_deref(), expected].map(|code| code.map(|c| c.chars().count()));
            assert_eq!(lengths[0], lengths[1], "{one:?} {other:?}: {found:?}");
            assert!(found.is_none_or(|code| {
                let typed = TypedCode::parse(&code, nfkc);
                assert!(typed.is_ok_and(|typed| typed.as_str() == code), "{code:?}");
                one.matches(&code) && other.matches(&code)
            }));
        }
    }

    #[test]
    fn a_shortest_common_code_is_found() {
        check("^(SUMMER).*", "^.*(ER)$", Some("SUMMER"));
        check("^(SUMMER).*", "^.*(25)$", Some("SUMMER25"));
        check("^(SUMMER).*", "^(?i)(summer)[0-9]{3}$", Some("SUMMER000"));
        check("^(SUMMER).*", "^(SUN).*", None);
        check("[A-Z]{4}", "[0-9]{4}", None);
        check("[^A]+", r"\w", Some("B"));
        check("é+", "[à-ü]{2}", Some("éé"));
        check("A{40}B{24}", "A*B*", Some(&format!("{}{}", "A".repeat(40), "B".repeat(24))));
        // Each matches codes, but only texts of 80 characters are common.
        check("A(?:B{40})+", "A(?:B{80})?", None);
    }

    #[test]
    fn what_is_found_can_be_typed() {
        // The first characters beyond ASCII of `\w` are signs that normalisation makes letters of.
        check(r"\w(?-u:\b)SUMMER", ".*SUMMER", Some("ÀSUMMER"));
        check("[ª-À]", r"\w", Some("À"));
        check("ﬁ.*", ".*", None);
        check("[ﬁﬂ]|FIVE", ".*", Some("FIVE"));
        // There is an Á, but no B with an accent; one that stands first stays alone.
        check("A\u{301}", "A.", None);
        check("[AB]\u{301}", ".*", Some("B\u{301}"));
        check("A*\u{301}+", ".*", Some("\u{301}"));
        check("\u{301}*A", ".{3}", Some("\u{301}\u{301}A"));
        check("[ab]*a[ab]{20}\u{301}", "[ab]*\u{301}", Some(&format!("{}\u{301}", "a".repeat(21))));
        // Of accents in a row the second may be the one that is taken up.
        check("a\u{327}\u{301}", ".*", None);
        check("가|\u{1100}\u{1161}", r"\w{2}", None);
    }

    #[test]
    fn automata_that_read_different_ways_are_compared() {
        // Each is exponential in one direction, so that the two are kept in different ones.
        let [last, first] =
            ["[ab]*a[ab]{20}", "[ab]{20}a[ab]*"].map(|p| Pattern::parse(p).unwrap());
        assert_ne!(last.recogniser.direction, first.recogniser.direction);
        let code = overlap(&last, &first, nfkc).unwrap().unwrap();
        assert_eq!(code.chars().count(), 21);
        assert!(last.matches(&code) && first.matches(&code));
        check("[ab]*a[ab]{20}", "[ab]{20}b[ab]*", Some(&format!("{}b", "a".repeat(20))));
        check("[ab]*a[ab]{20}", "[ab]{20}", None);
    }

    #[test]
    fn what_takes_too_long_is_said() {
        let [one, other] = ["A{30}B", "A*C?B"].map(|text| Pattern::parse(text).unwrap());
        assert_eq!(overlap_within(&one, &other, nfkc, 20), Err(TooLargeToCompare));
        assert_eq!(
            overlap_within(&one, &other, nfkc, 200),
            Ok(Some(format!("{}B", "A".repeat(30))))
        );
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn what_is_found_is_common_and_nothing_common_is_missed(
            one in pattern(),
            other in pattern(),
            texts in prop::collection::vec(text(), 30),
        ) {
            let (Ok(one), Ok(other)) = (Pattern::parse(&one), Pattern::parse(&other)) else {
                return Ok(());
            };
            let found = overlap(&one, &other, nfkc).unwrap();
            let common = |code: &str| one.matches(code) && other.matches(code);
            prop_assert!(found.as_deref().is_none_or(common));
            let codes = texts.iter().filter_map(|t| TypedCode::parse(t, nfkc).ok());
            for code in codes.filter(|code| common(code.as_str())) {
                let length = code.as_str().chars().count();
                let shortest = found.as_ref().map(|found| found.chars().count());
                prop_assert!(shortest.is_some_and(|shortest| shortest <= length), "{:?}", code);
            }
        }
    }
}
