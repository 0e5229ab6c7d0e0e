//! Compiles regular expressions into the tables of a snapshot.
//!
//! - [`Pattern`] is one that was parsed and found fit; [`PatternWarning`] is what its author should
//!   know.
//! - [`compile`] puts many into a few tables, which [`Automata`] walks.
//!
//! A pattern matches a code when it matches the whole of it: its syntax tree is anchored at both
//! ends, never its text, which could be broken out of.
//!
//! [`Automata`]: crate::snapshot::pattern::Automata

mod alphabet;
mod dfa;
mod group;
mod syntax;
mod table;
mod texts;
mod union;

use std::fmt;

use crate::code::CODE_CHARS_MAX;
use alphabet::Alphabet;
use dfa::Dfa;
use syntax::Expression;
use table::AcceptSets;
use texts::Readers;

use crate::snapshot::pattern::{CompiledPatterns, PatternError};

/// Largest table of one pattern, in bytes.
pub const TABLE_SIZE_MAX: usize = 64 << 10;

/// Size in bytes from which a class is worth a warning.
pub const CLASS_SIZE_NOTABLE: usize = 2 << 10;

/// Which way an automaton reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Reversed,
}

/// Compiles patterns; each has its position as its index.
///
/// # Errors
///
/// [`PatternError`] of the first pattern that is refused.
pub fn compile(patterns: &[&str]) -> Result<CompiledPatterns, PatternError> {
    let parsed: Vec<Pattern> =
        patterns.iter().map(|text| Pattern::parse(text)).collect::<Result<_, _>>()?;
    group::write(&parsed).ok_or_else(|| {
        let last = patterns.last().copied().unwrap_or_default();
        Fault::new("the format cannot number so many patterns", "expire some").of(last)
    })
}

/// A regular expression that can be a code: parsed by itself, small enough, and matched by some code.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    whole: Expression,
    alphabet: Alphabet,
    direction: Direction,
    dfa: Dfa,
    size: usize,
}

impl Pattern {
    /// Parses and checks a pattern.
    ///
    /// # Errors
    ///
    /// [`PatternError`], with the reason and the remedy.
    pub fn parse(text: &str) -> Result<Pattern, PatternError> {
        let whole = Expression::parse(text).map_err(|fault| fault.of(text))?.whole();
        let alphabet = syntax::alphabet(&[&whole]).ok_or_else(|| too_many_kinds().of(text))?;
        let forward = sized(&whole, &alphabet, Direction::Forward);
        let reversed = sized(&whole, &alphabet, Direction::Reversed);
        let smaller = [forward, reversed].into_iter().flatten().min_by_key(|(_, _, size)| *size);
        let (direction, dfa, size) = smaller
            .filter(|(_, _, size)| *size <= TABLE_SIZE_MAX)
            .ok_or_else(|| too_large(text).of(text))?;
        let pattern = Pattern { text: text.to_owned(), whole, alphabet, direction, dfa, size };
        if pattern.shortest_code().is_none_or(|code| code.chars().count() > CODE_CHARS_MAX) {
            return Err(matches_no_code().of(text));
        }
        Ok(pattern)
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Bytes of its table when it has one of its own.
    #[must_use]
    pub fn table_size(&self) -> usize {
        self.size
    }

    /// What its author should know.
    #[must_use]
    pub fn warnings(&self) -> Vec<PatternWarning> {
        let mut warnings = Vec::new();
        if let Some(code) = self.shortest_found_only() {
            warnings.push(PatternWarning::SearchDiffers { code });
        }
        for class in syntax::classes(&self.text) {
            match class_size(class) {
                Some(size) if size >= CLASS_SIZE_NOTABLE => {
                    warnings.push(PatternWarning::LargeClass { class: class.to_owned(), size });
                }
                _ => {}
            }
        }
        warnings
    }

    fn shortest_code(&self) -> Option<String> {
        let both = |direction| shortest(&self.whole, &self.whole, direction, |matched, _| matched);
        both(self.direction)?
    }

    /// A shortest code that has a match in it and is not matched as a whole; `Some(None)` when the search is too
    /// large to compare.
    fn shortest_found_only(&self) -> Option<Option<String>> {
        let searched = Expression::parse(&self.text).ok()?.searched();
        let search = |direction| {
            shortest(&self.whole, &searched, direction, |whole, searched| searched && !whole)
        };
        let either = search(Direction::Forward).or_else(|| search(Direction::Reversed));
        match either {
            Some(None) => None,
            Some(code) => Some(code),
            None => Some(None),
        }
    }
}

/// The shortest code that `wanted` wants, given whether each expression matches it; `None` outside when the
/// automata would be too large.
fn shortest(
    one: &Expression,
    other: &Expression,
    direction: Direction,
    wanted: impl Fn(bool, bool) -> bool,
) -> Option<Option<String>> {
    let typed = syntax::typed();
    let alphabet = syntax::alphabet(&[typed, one, other])?;
    let dfa = |expression| syntax::determinise(&[expression], &alphabet, direction);
    let (typed, one, other) = (dfa(typed)?, dfa(one)?, dfa(other)?);
    let readers =
        Readers { alphabet: &alphabet, direction, typed: &typed, one: &one, other: &other };
    Some(readers.shortest(wanted))
}

fn sized(
    whole: &Expression,
    alphabet: &Alphabet,
    direction: Direction,
) -> Option<(Direction, Dfa, usize)> {
    let dfa = syntax::determinise(&[whole], alphabet, direction)?;
    let size = table::encode(&dfa, &mut AcceptSets::default())?.len();
    Some((direction, dfa, size))
}

/// Bytes that a class takes by itself: its part of an alphabet and a step.
fn class_size(class: &str) -> Option<usize> {
    let whole = Expression::parse(class).ok()?.whole();
    let alphabet = syntax::alphabet(&[&whole])?;
    let (_, _, size) = sized(&whole, &alphabet, Direction::Forward)?;
    size.checked_add(alphabet.encode().len())
}

/// What is wrong with a pattern, and what to write instead.
#[derive(Debug, Clone)]
struct Fault {
    reason: String,
    remedy: &'static str,
}

impl Fault {
    fn new(reason: impl Into<String>, remedy: &'static str) -> Fault {
        Fault { reason: reason.into(), remedy }
    }

    fn of(self, pattern: &str) -> PatternError {
        let Fault { reason, remedy } = self;
        PatternError { pattern: pattern.to_owned(), reason, remedy: remedy.to_owned() }
    }
}

fn too_large(text: &str) -> Fault {
    let cause = syntax::longest_repetition(text)
        .map(|repetition| format!("; `{repetition}` multiplies it"))
        .unwrap_or_default();
    let reason = format!("its table would pass {TABLE_SIZE_MAX} bytes{cause}");
    Fault::new(reason, "repeat less often, or make several patterns of it")
}

fn too_many_kinds() -> Fault {
    let reason = "it tells apart more than 128 kinds of characters outside ASCII";
    Fault::new(reason, "make several patterns of it")
}

fn matches_no_code() -> Fault {
    let reason = format!(
        "no code matches it: a code has 1 to {CODE_CHARS_MAX} characters, no control characters, \
         nothing invisible and no white space at its ends"
    );
    Fault::new(reason, "name the characters that the code has, such as `SUMMER[0-9]*`")
}

/// What the author of a good pattern should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternWarning {
    /// Some systems search for a pattern anywhere in a code; here it must match the whole code.
    SearchDiffers {
        /// A shortest code that has a match in it and is not matched; `None` when the search is too large to
        /// compare.
        code: Option<String>,
    },
    /// A class has so many characters that it makes the snapshot larger.
    LargeClass {
        /// The class as it is written.
        class: String,
        /// Bytes that it takes, once in a snapshot or a few times.
        size: usize,
    },
}

impl fmt::Display for PatternWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternWarning::SearchDiffers { code: Some(code) } => write!(
                f,
                "the pattern must match the whole code: `{code}` only contains a match; add `.*` \
                 where more may stand"
            ),
            PatternWarning::SearchDiffers { code: None } => {
                f.write_str("the pattern must match the whole code: add `.*` where more may stand")
            }
            PatternWarning::LargeClass { class, size } => write!(
                f,
                "`{class}` makes the snapshot {size} bytes larger, once: name the characters, such \
                 as `[A-Z0-9]`"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
