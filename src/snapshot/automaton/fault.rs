//! Why a text is no pattern, so that it can be said in any language.

use super::{PATTERN_CHARS_MAX, TABLE_SIZE_MAX};
use crate::code::CODE_CHARS_MAX;
use crate::snapshot::pattern::PatternError;

/// Why a text is no pattern of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It has too many characters to be looked at.
    TooLong,
    /// It cannot be read.
    Syntax {
        /// What is wrong.
        kind: SyntaxFault,
        /// With which of its characters, counted from one.
        at: usize,
        /// The same in the words of the regular-expression library.
        detail: String,
    },
    /// What a word is would depend on all of Unicode.
    UnicodeWord,
    /// Its table would be too large.
    TooLarge {
        /// The repetition that makes it so, as it is written.
        repetition: Option<String>,
    },
    /// It tells apart too many kinds of characters outside ASCII.
    TooManyKinds,
    /// No code matches it.
    NoCode,
}

/// What is wrong with a text that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyntaxFault {
    /// Asks what stands before or after a place.
    LookAround,
    /// Asks for a text that was matched before.
    BackReference,
    /// A closing parenthesis without an opening one.
    GroupUnopened,
    /// An opening parenthesis without a closing one.
    GroupUnclosed,
    /// A group with a name that is none.
    GroupName,
    /// An opening bracket without a closing one.
    ClassUnclosed,
    /// A range of characters with ends that cannot be.
    ClassRange,
    /// A class of characters that there is not.
    ClassUnknown,
    /// A repetition of nothing.
    RepetitionMissing,
    /// A repetition with numbers that cannot be.
    RepetitionCount,
    /// A backslash before something that it does not go with.
    Escape,
    /// Flags that there are not.
    Flags,
    /// A condition on the edge of a word that there is not.
    WordEdge,
    /// Something that matches bytes and no characters.
    Bytes,
    /// Groups in groups, too many.
    TooDeep,
}

impl SyntaxFault {
    /// Every variant, in order.
    pub const ALL: [SyntaxFault; 15] = [
        SyntaxFault::LookAround,
        SyntaxFault::BackReference,
        SyntaxFault::GroupUnopened,
        SyntaxFault::GroupUnclosed,
        SyntaxFault::GroupName,
        SyntaxFault::ClassUnclosed,
        SyntaxFault::ClassRange,
        SyntaxFault::ClassUnknown,
        SyntaxFault::RepetitionMissing,
        SyntaxFault::RepetitionCount,
        SyntaxFault::Escape,
        SyntaxFault::Flags,
        SyntaxFault::WordEdge,
        SyntaxFault::Bytes,
        SyntaxFault::TooDeep,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SyntaxFault::LookAround => "look_around",
            SyntaxFault::BackReference => "back_reference",
            SyntaxFault::GroupUnopened => "group_unopened",
            SyntaxFault::GroupUnclosed => "group_unclosed",
            SyntaxFault::GroupName => "group_name",
            SyntaxFault::ClassUnclosed => "class_unclosed",
            SyntaxFault::ClassRange => "class_range",
            SyntaxFault::ClassUnknown => "class_unknown",
            SyntaxFault::RepetitionMissing => "repetition_missing",
            SyntaxFault::RepetitionCount => "repetition_count",
            SyntaxFault::Escape => "escape",
            SyntaxFault::Flags => "flags",
            SyntaxFault::WordEdge => "word_edge",
            SyntaxFault::Bytes => "bytes",
            SyntaxFault::TooDeep => "too_deep",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            SyntaxFault::LookAround => {
                "say what the whole code looks like instead: `SUMMER.*` for what begins with SUMMER"
            }
            SyntaxFault::BackReference => "write the repeated text out",
            SyntaxFault::GroupUnopened | SyntaxFault::GroupUnclosed => {
                r"close each `(` by a `)`, and write a literal one as `\(` or `\)`"
            }
            SyntaxFault::GroupName => "leave the name out: `(` and `)` are enough",
            SyntaxFault::ClassUnclosed => {
                r"close each `[` by a `]`, and write a literal one as `\[`"
            }
            SyntaxFault::ClassRange => "write the smaller character first, as in `[A-Z]`",
            SyntaxFault::ClassUnknown => {
                "name the characters, such as `[A-Z0-9]`, and a Unicode class by its name"
            }
            SyntaxFault::RepetitionMissing => {
                r"write a literal `*`, `+` or `?` as `\*`, `\+` or `\?`"
            }
            SyntaxFault::RepetitionCount => "write one number, or the smaller one first: `{2,4}`",
            SyntaxFault::Escape => r"write a literal backslash as `\\`",
            SyntaxFault::Flags => "to ignore case, write `(?i)` at the start",
            SyntaxFault::WordEdge => r"write `(?-u:\b)`, which goes by ASCII words",
            SyntaxFault::Bytes => "write characters, not bytes",
            SyntaxFault::TooDeep => "take some of the parentheses away",
        }
    }
}

impl Fault {
    /// Refuses a text that is too long, before anything else looks at it.
    pub(super) fn check_length(text: &str) -> Result<(), Fault> {
        let is_long = text.len() > PATTERN_CHARS_MAX;
        if is_long && text.chars().nth(PATTERN_CHARS_MAX).is_some() {
            return Err(Fault::TooLong);
        }
        Ok(())
    }

    /// The stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Fault::TooLong => "too_long",
            Fault::Syntax { kind, .. } => kind.name(),
            Fault::UnicodeWord => "unicode_word",
            Fault::TooLarge { .. } => "too_large",
            Fault::TooManyKinds => "too_many_kinds",
            Fault::NoCode => "no_code",
        }
    }

    /// The error for whoever asked about this pattern.
    pub(super) fn of(self, pattern: &str) -> PatternError {
        let (pattern, remedy) = (pattern.to_owned(), self.remedy().to_owned());
        PatternError { pattern, reason: self.reason(), remedy }
    }

    fn reason(self) -> String {
        match self {
            Fault::TooLong => format!("it has more than {PATTERN_CHARS_MAX} characters"),
            Fault::Syntax { at, detail, .. } => format!("{detail}, at character {at}"),
            Fault::UnicodeWord => {
                "what a word is depends on all of Unicode in `\\b` and its kin".to_owned()
            }
            Fault::TooLarge { repetition } => {
                let cause = repetition
                    .map(|repetition| format!("; `{repetition}` multiplies it"))
                    .unwrap_or_default();
                format!("its table would pass {TABLE_SIZE_MAX} bytes{cause}")
            }
            Fault::TooManyKinds => {
                "it tells apart more than 127 kinds of characters outside ASCII".to_owned()
            }
            Fault::NoCode => format!(
                "no code matches it: a code has 1 to {CODE_CHARS_MAX} characters, no control \
                 characters, nothing invisible and no white space at its ends"
            ),
        }
    }

    fn remedy(&self) -> &'static str {
        match self {
            Fault::TooLong => "shorten it, or make several patterns of it",
            Fault::Syntax { kind, .. } => kind.remedy(),
            Fault::UnicodeWord => SyntaxFault::WordEdge.remedy(),
            Fault::TooLarge { .. } => "repeat less often, or make several patterns of it",
            Fault::TooManyKinds => "make several patterns of it",
            Fault::NoCode => "name the characters that the code has, such as `SUMMER[0-9]*`",
        }
    }
}
