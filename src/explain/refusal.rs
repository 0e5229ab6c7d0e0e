//! Why a text is no pattern, and what to write instead.

use super::Lang;
use super::texts::{Phrases, Refusals, Told, fill};
use crate::code::CODE_CHARS_MAX;
use crate::snapshot::automaton::{Fault, PATTERN_CHARS_MAX, SyntaxFault, TABLE_SIZE_MAX};

/// A [`Fault`] in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, and with which character.
    pub reason: String,
    /// What to write instead.
    pub remedy: String,
}

/// Says why a text is no pattern.
///
/// ```
/// use promo_edge::explain::{Lang, refusal};
/// use promo_edge::snapshot::automaton::Pattern;
///
/// let fault = Pattern::check("(SUMMER|WINTER").unwrap_err();
/// let refusal = refusal(&fault, Lang::De);
/// assert_eq!(refusal.reason, "Zeichen 1: Diese `(` wird nie geschlossen.");
/// ```
#[must_use]
pub fn refusal(fault: &Fault, lang: Lang) -> Refusal {
    let refusals = &Phrases::of(lang).refusals;
    let (chars, size) = (CODE_CHARS_MAX.to_string(), TABLE_SIZE_MAX.to_string());
    let length = PATTERN_CHARS_MAX.to_string();
    let (told, repetition) = told(fault, refusals);
    let values = [
        ("n", &*chars),
        ("length", &length),
        ("size", &size),
        ("repetition", repetition),
        ("example", "[0-9]{2,4}"),
    ];
    let (reason, remedy) = (fill(told.reason, &values), fill(told.remedy, &values));
    let reason = match fault {
        Fault::Syntax { at, .. } => {
            fill(refusals.at_character, &[("reason", &reason), ("n", &at.to_string())])
        }
        _ => reason,
    };
    Refusal { reason, remedy }
}

/// What is said of a fault, and the repetition that it is about.
fn told<'a>(fault: &'a Fault, refusals: &'static Refusals) -> (&'static Told, &'a str) {
    let told = match fault {
        Fault::TooLong => &refusals.too_long,
        Fault::Syntax { kind, .. } => told_of_syntax(*kind, refusals),
        Fault::UnicodeWord => &refusals.unicode_word,
        Fault::TooLarge { repetition: Some(repetition) } => {
            return (&refusals.too_large_for, repetition);
        }
        Fault::TooLarge { repetition: None } => &refusals.too_large,
        Fault::TooManyKinds => &refusals.too_many_kinds,
        Fault::NoCode => &refusals.no_code,
    };
    (told, "")
}

fn told_of_syntax(kind: SyntaxFault, refusals: &'static Refusals) -> &'static Told {
    match kind {
        SyntaxFault::LookAround => &refusals.look_around,
        SyntaxFault::BackReference => &refusals.back_reference,
        SyntaxFault::GroupUnopened => &refusals.group_unopened,
        SyntaxFault::GroupUnclosed => &refusals.group_unclosed,
        SyntaxFault::GroupName => &refusals.group_name,
        SyntaxFault::ClassUnclosed => &refusals.class_unclosed,
        SyntaxFault::ClassRange => &refusals.class_range,
        SyntaxFault::ClassUnknown => &refusals.class_unknown,
        SyntaxFault::RepetitionMissing => &refusals.repetition_missing,
        SyntaxFault::RepetitionCount => &refusals.repetition_count,
        SyntaxFault::Escape => &refusals.escape,
        SyntaxFault::Flags => &refusals.flags,
        SyntaxFault::WordEdge => &refusals.word_edge,
        SyntaxFault::Bytes => &refusals.bytes,
        SyntaxFault::TooDeep => &refusals.too_deep,
    }
}
