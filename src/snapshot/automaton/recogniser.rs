//! Automata with the alphabet that they are written in, and the texts that they tell apart.

use std::collections::{BTreeSet, VecDeque};
use std::sync::OnceLock;

use super::Direction;
use super::alphabet::Alphabet;
use super::dfa::Dfa;
use super::syntax::Expression;

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

/// The shortest typed text that `wanted` wants, given whether `one` and `other`, which read in one
/// direction, accept it.
pub(super) fn shortest_text(
    one: &Recogniser,
    other: &Recogniser,
    wanted: impl Fn(bool, bool) -> bool,
) -> Option<String> {
    shortest_text_of(Recogniser::typed(one.direction)?, one, other, wanted)
}

/// The shortest wanted text of those that `typed` accepts.
///
/// A walk, breadth first, through all places that they can be in together.
pub(super) fn shortest_text_of(
    typed: &Recogniser,
    one: &Recogniser,
    other: &Recogniser,
    wanted: impl Fn(bool, bool) -> bool,
) -> Option<String> {
    let alphabet = Alphabet::joined([&typed.alphabet, &one.alphabet, &other.alphabet])?;
    let [typed, first, second] = [typed, one, other].map(|reader| reader.dfa_in(&alphabet));
    let start = (0, Some(0), Some(0));
    let mut steps = vec![Step { place: start, before: None, symbol: 0 }];
    let mut queue = VecDeque::from([0usize]);
    let mut seen = BTreeSet::from([start]);
    while let Some(index) = queue.pop_front() {
        let (at_typed, at_first, at_second) = steps.get(index)?.place;
        let accepts = |dfa: &Dfa, state: Option<usize>| state.is_some_and(|at| dfa.accepts(at));
        if typed.accepts(at_typed) && wanted(accepts(&first, at_first), accepts(&second, at_second))
        {
            return text_of(&steps, index, &alphabet, one.direction);
        }
        for symbol in symbols_by_looks() {
            let Some(at_typed) = typed.step(at_typed, symbol) else { continue };
            let at_first = at_first.and_then(|at| first.step(at, symbol));
            let at_second = at_second.and_then(|at| second.step(at, symbol));
            let place = (at_typed, at_first, at_second);
            if (at_first.is_some() || at_second.is_some()) && seen.insert(place) {
                queue.push_back(steps.len());
                steps.push(Step { place, before: Some(index), symbol });
            }
        }
    }
    None
}

/// A place on the walk, the step before it and the symbol that leads from there.
pub(super) struct Step<Place> {
    pub place: Place,
    pub before: Option<usize>,
    pub symbol: u8,
}

/// The text of the steps up to this one.
pub(super) fn text_of<Place>(
    steps: &[Step<Place>],
    last: usize,
    alphabet: &Alphabet,
    direction: Direction,
) -> Option<String> {
    let mut text = Vec::new();
    let mut step = steps.get(last)?;
    while let Some(before) = step.before {
        text.push(alphabet.example(step.symbol)?);
        step = steps.get(before)?;
    }
    if direction == Direction::Forward {
        text.reverse();
    }
    Some(text.into_iter().collect())
}

/// All symbols, those first that look like a code's.
pub(super) fn symbols_by_looks() -> impl Iterator<Item = u8> {
    let plain = (b'A'..=b'Z').chain(b'0'..=b'9').chain(b'a'..=b'z');
    plain.chain((0..=u8::MAX).filter(|symbol| !symbol.is_ascii_alphanumeric()))
}
