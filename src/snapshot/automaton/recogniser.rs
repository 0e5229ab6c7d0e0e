//! Automata with the alphabet that they are written in, and the texts that they tell apart.

use std::collections::{BTreeSet, VecDeque};
use std::sync::OnceLock;

use super::Direction;
use super::alphabet::Alphabet;
use super::dfa::Dfa;
use super::script::{Script, Step};
use super::syntax::Expression;
use crate::code::{CODE_CHARS_MAX, Nfkc};

/// An automaton, its alphabet and the direction in which it reads.
#[derive(Debug, Clone)]
pub(super) struct Recogniser {
    pub alphabet: Alphabet,
    pub direction: Direction,
    pub dfa: Dfa,
}

impl Recogniser {
    /// The recogniser of what an expression matches, in an alphabet of its own; `None` when it
    /// would be too large.
    pub fn of(expression: &Expression, direction: Direction) -> Option<Recogniser> {
        let alphabet = Alphabet::of(&expression.classes())?;
        let dfa = expression.determinise(&alphabet, direction)?;
        Some(Recogniser { alphabet, direction, dfa })
    }

    /// The recogniser of every text.
    pub fn any(direction: Direction) -> Option<Recogniser> {
        Recogniser::of(&Expression::parse("(?s:.*)").ok()?.whole(), direction)
    }

    /// The automaton in an alphabet that tells apart at least as much.
    pub fn dfa_in(&self, alphabet: &Alphabet) -> Dfa {
        self.dfa.translated(|symbol| self.alphabet.symbol(alphabet.example(symbol)?))
    }

    /// Recognises what can be a typed code, but for its length: no control character, nothing
    /// invisible, no white space at the ends (domain 1.2).
    pub fn typed(direction: Direction) -> Option<&'static Recogniser> {
        static FORWARD: OnceLock<Option<Recogniser>> = OnceLock::new();
        static REVERSED: OnceLock<Option<Recogniser>> = OnceLock::new();
        let typed = match direction {
            Direction::Forward => &FORWARD,
            Direction::Reversed => &REVERSED,
        };
        let inner = r"[^\p{Cc}\p{Default_Ignorable_Code_Point}]";
        let recogniser = || {
            let text = format!(r"[{inner}--\s](?:{inner}*[{inner}--\s])?");
            Recogniser::of(&Expression::parse(&text).ok()?.whole(), direction)
        };
        typed.get_or_init(recogniser).as_ref()
    }
}

/// The shortest typed code that `wanted` wants, given whether `one` and `other`, which read in one
/// direction, accept it.
pub(super) fn shortest_code(
    one: &Recogniser,
    other: &Recogniser,
    nfkc: Nfkc,
    wanted: impl Fn(bool, bool) -> bool,
) -> Option<String> {
    let text = shortest_text(Recogniser::typed(one.direction)?, one, other, nfkc, wanted);
    text.filter(|text| text.chars().count() <= CODE_CHARS_MAX)
}

/// The shortest wanted text of those that `typed` accepts and normalisation leaves alone.
///
/// A walk, breadth first, through all places that they can be in together.
pub(super) fn shortest_text(
    typed: &Recogniser,
    one: &Recogniser,
    other: &Recogniser,
    nfkc: Nfkc,
    wanted: impl Fn(bool, bool) -> bool,
) -> Option<String> {
    let alphabet = Alphabet::joined([&typed.alphabet, &one.alphabet, &other.alphabet])?;
    let script = Script::of(&alphabet, one.direction, nfkc);
    let [typed, first, second] = [typed, one, other].map(|reader| reader.dfa_in(&alphabet));
    let start = (0, Some(0), Some(0));
    let mut steps = vec![Step { place: start, before: None, symbol: 0 }];
    let mut queue = VecDeque::from([0usize]);
    let mut seen = BTreeSet::from([(start, 0)]);
    while let Some(index) = queue.pop_front() {
        let (at_typed, at_first, at_second) = steps.get(index)?.place;
        let accepts = |dfa: &Dfa, state: Option<usize>| state.is_some_and(|at| dfa.accepts(at));
        let is_wanted = wanted(accepts(&first, at_first), accepts(&second, at_second));
        if is_wanted
            && typed.accepts(at_typed)
            && let Some(text) = script.text(&steps, index)
        {
            return Some(text);
        }
        for symbol in script.symbols() {
            if !script.allows(steps.get(index)?, symbol) {
                continue;
            }
            let Some(at_typed) = typed.step(at_typed, symbol) else { continue };
            let at_first = at_first.and_then(|at| first.step(at, symbol));
            let at_second = at_second.and_then(|at| second.step(at, symbol));
            let place = (at_typed, at_first, at_second);
            let is_alive = at_first.is_some() || at_second.is_some();
            if is_alive && seen.insert((place, script.memory(symbol))) {
                queue.push_back(steps.len());
                steps.push(Step { place, before: Some(index), symbol });
            }
        }
    }
    None
}
