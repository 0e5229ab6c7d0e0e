//! Compiles regular expressions into the tables of a snapshot.
//!
//! - [`Pattern`] is one that was parsed and found fit, [`Fault`] why another is not, and
//!   [`PatternWarning`] what its author should know.
//! - [`Shape`] is what its codes look like to a reader; [`Form`] is one of those that most have.
//! - [`Extraction`] is one that takes a text out of a code.
//! - [`overlap`] finds a code that two of them match.
//! - [`compile`] puts many into a few tables, which [`Automata`] walks.
//!
//! A pattern matches a code when it matches the whole of it: its syntax tree is anchored at both
//! ends, never its text, which could be broken out of.
//!
//! [`Automata`]: crate::snapshot::pattern::Automata

mod alphabet;
mod dfa;
mod extraction;
mod fault;
mod form;
mod group;
mod overlap;
mod recogniser;
mod script;
pub mod shape;
mod spelling;
mod syntax;
mod table;
mod union;

pub use extraction::Extraction;
pub use fault::{Fault, SyntaxFault};
pub use form::{Form, FormKind};
pub use overlap::{TooLargeToCompare, overlap};

use std::fmt;

use crate::code::Nfkc;
use crate::snapshot::pattern::{CompiledPatterns, PatternError};
use alphabet::Alphabet;
use recogniser::{Recogniser, shortest_code};
use shape::Shape;
use syntax::Expression;
use table::AcceptSets;

/// Longest text that is read as a pattern, in characters: fifteen times a code's, room for dozens
/// of choices, and a bound on the work that a hostile text can cause, which grows faster than the
/// text does.
pub const PATTERN_CHARS_MAX: usize = 1000;

/// Largest table of one pattern, in bytes.
pub const TABLE_SIZE_MAX: usize = 64 << 10;

/// Size in bytes from which a class is worth a warning.
pub const CLASS_SIZE_NOTABLE: usize = 2 << 10;

/// Which way an automaton reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
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
    group::write(&parsed).ok_or_else(|| PatternError {
        pattern: patterns.last().copied().unwrap_or_default().to_owned(),
        reason: "all patterns together are more than the format can number".to_owned(),
        remedy: "remove patterns of codes that have expired".to_owned(),
    })
}

/// A regular expression that can be a code: parsed by itself, small enough, and matched by some
/// code.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    recogniser: Recogniser,
    size: usize,
}

impl Pattern {
    /// Parses and checks a pattern.
    ///
    /// # Errors
    ///
    /// [`PatternError`], with the reason and the remedy.
    pub fn parse(text: &str) -> Result<Pattern, PatternError> {
        Pattern::check(text).map_err(|fault| fault.of(text))
    }

    /// Does the same for those who say in their own words what is wrong.
    ///
    /// # Errors
    ///
    /// [`Fault`], without the pattern.
    pub fn check(text: &str) -> Result<Pattern, Fault> {
        Fault::check_length(text)?;
        let whole = Expression::parse(text)?.whole();
        if Alphabet::of(&whole.classes()).is_none() {
            return Err(Fault::TooManyKinds);
        }
        let both = [Direction::Forward, Direction::Reversed];
        let sized = both.into_iter().filter_map(|direction| sized(&whole, direction));
        let smaller = sized.min_by_key(|(_, size)| *size);
        let (recogniser, size) =
            smaller.filter(|(_, size)| *size <= TABLE_SIZE_MAX).ok_or_else(|| too_large(text))?;
        let pattern = Pattern { text: text.to_owned(), recogniser, size };
        if pattern.shortest_code(str::to_owned).is_none() {
            return Err(Fault::NoCode);
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

    /// What the codes look like that it matches.
    #[must_use]
    pub fn shape(&self) -> Shape {
        syntax::outline(&self.text)
    }

    /// A shortest code that it matches; `None` when there is none, or that is too large to find
    /// out. With `str::to_owned` for `nfkc` it may be one that normalisation makes another of.
    #[must_use]
    pub fn shortest_code(&self, nfkc: Nfkc) -> Option<String> {
        shortest_code(&self.recogniser, &self.recogniser, nfkc, |matched, _| matched)
    }

    /// A shortest code that it does not match; `None` when there is none.
    #[must_use]
    pub fn shortest_other_code(&self, nfkc: Nfkc) -> Option<String> {
        let any = Recogniser::any(self.recogniser.direction)?;
        shortest_code(&self.recogniser, &any, nfkc, |matched, _| !matched)
    }

    /// What its author should know.
    #[must_use]
    pub fn warnings(&self, nfkc: Nfkc) -> Vec<PatternWarning> {
        let mut warnings = Vec::new();
        let Ok(expression) = Expression::parse(&self.text) else { return warnings };
        match shortest_found_only(&expression, nfkc) {
            Some(None) => {}
            Some(code) => warnings.push(PatternWarning::SearchDiffers { code }),
            None => warnings.push(PatternWarning::SearchDiffers { code: None }),
        }
        for class in syntax::written_classes(&self.text) {
            match class_size(class) {
                Some(size) if size >= CLASS_SIZE_NOTABLE => {
                    warnings.push(PatternWarning::LargeClass { class: class.to_owned(), size });
                }
                _ => {}
            }
        }
        warnings
    }
}

/// The shortest code that has a match in it and is not matched as a whole; `None` outside when the
/// automata would be too large to compare.
fn shortest_found_only(expression: &Expression, nfkc: Nfkc) -> Option<Option<String>> {
    let compare = |direction| {
        let whole = Recogniser::of(&expression.whole(), direction)?;
        let searched = Recogniser::of(&expression.searched(), direction)?;
        Some(shortest_code(&whole, &searched, nfkc, |whole, searched| searched && !whole))
    };
    compare(Direction::Forward).or_else(|| compare(Direction::Reversed))
}

fn sized(whole: &Expression, direction: Direction) -> Option<(Recogniser, usize)> {
    let recogniser = Recogniser::of(whole, direction)?;
    let size = table::encode(&recogniser.dfa, &mut AcceptSets::default())?.len();
    Some((recogniser, size))
}

/// Bytes that a class takes by itself: its part of an alphabet and a step.
fn class_size(class: &str) -> Option<usize> {
    let (recogniser, size) = sized(&Expression::parse(class).ok()?.whole(), Direction::Forward)?;
    size.checked_add(recogniser.alphabet.encode().len())
}

fn too_large(text: &str) -> Fault {
    Fault::TooLarge { repetition: syntax::longest_repetition(text).map(str::to_owned) }
}

/// What the author of a good pattern should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternWarning {
    /// Some systems search for a pattern anywhere in a code; here it must match the whole code.
    SearchDiffers {
        /// A shortest code that has a match in it and is not matched; `None` when the search is
        /// too large to compare.
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
