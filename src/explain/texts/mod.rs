//! What is said, one file a language.
//!
//! A phrase has places in braces for what differs. A noun comes with its number in it, because
//! languages differ in where that stands.

mod chinese;
mod english;
mod french;
mod german;
mod japanese;

use super::Lang;

/// All phrases of a language.
#[derive(Debug)]
pub(super) struct Phrases {
    // Writing.
    /// `text`, a part of a code.
    pub quoted: &'static str,
    /// `first` and `last` of a run of characters.
    pub range: &'static str,
    /// Between the items of a list.
    pub comma: &'static str,
    /// Before the last item of a list of which one holds.
    pub or: &'static str,
    /// Before the last item of a list that holds as a whole.
    pub and: &'static str,
    /// The character, as an item of a list.
    pub space: &'static str,
    /// Characters that have a name together (`bare`), as an item of a list.
    pub kind: &'static str,
    /// `n` items of a list that are not named, at least two.
    pub others: &'static str,

    // Counting.
    /// `counted`, a noun with its number, at least two.
    pub exactly: &'static str,
    /// `least` and `most`, in place of a number.
    pub between: &'static str,
    /// `counted`, or more.
    pub at_least: &'static str,
    /// `bare`, a noun in plural: any number or none.
    pub any_number: &'static str,
    /// `n` times, at least two, or a range.
    pub times: &'static str,
    pub once_or_more: &'static str,
    /// Any number of times or never.
    pub any_times: &'static str,
    /// `what`, or not.
    pub optional: &'static str,
    /// `what` so many `times`.
    pub repeated: &'static str,

    // Parts.
    /// Between parts that follow each other.
    pub then: &'static str,
    /// `what`, several parts that belong together.
    pub group: &'static str,
    /// Any text or none.
    pub anything: &'static str,
    /// `what`, a text, in capitals or small letters.
    pub either_case: &'static str,
    pub nouns: Nouns,
    pub places: Places,
    /// Heads a list of parts.
    pub in_order: &'static str,
    /// Heads a list of choices.
    pub one_of_these: &'static str,
    /// Heads a part that may be missing.
    pub optionally_this: &'static str,
    /// Heads a part that stands so many `times`.
    pub this_times: &'static str,

    // Sentences.
    /// The code is `what`: one text, or one of several.
    pub is: &'static str,
    /// The code is `what`, one part.
    pub takes_the_form: &'static str,
    /// The code is `what`, parts that follow each other.
    pub consists_of: &'static str,
    /// The code starts with `what`, and anything may follow.
    pub starts_with: &'static str,
    /// The code ends with `what`.
    pub ends_with: &'static str,
    /// The code contains `what`.
    pub contains: &'static str,
    /// The code starts with `first` and ends with `last`.
    pub starts_and_ends_with: &'static str,
    /// Every code matches.
    pub every_code: &'static str,
    /// Heads the `n` parts of a code, at least two.
    pub has_parts: &'static str,
    /// Heads the `n` forms of a code, at least two.
    pub has_forms: &'static str,
    /// Heads what makes up a code that many `times`.
    pub repeats: &'static str,
    pub case_exact: &'static str,
    pub case_any: &'static str,
    /// Case counts but for parts that say otherwise.
    pub case_mixed: &'static str,
    /// Nothing else may stand before or after.
    pub whole_closed: &'static str,
    /// The whole is compared, and has open ends.
    pub whole_open: &'static str,

    // Notes.
    /// A search also finds the pattern in `code`.
    pub search_finds: &'static str,
    /// A search also finds the pattern in other codes.
    pub search_finds_more: &'static str,
    /// `class` takes `size` bytes.
    pub large_class: &'static str,
    /// Only characters that are replaced in typed codes would match.
    pub never_typed: &'static str,

    pub refusals: Refusals,

    // Headings.
    pub matching: &'static str,
    pub not_matching: &'static str,
    pub notes: &'static str,
}

/// A noun with its number `n`.
#[derive(Debug)]
pub(super) struct Noun {
    /// With the number one.
    pub one: &'static str,
    /// With any other number, or numbers.
    pub other: &'static str,
    /// Many, without a number.
    pub bare: &'static str,
}

/// What there can be several of in a code.
#[derive(Debug)]
pub(super) struct Nouns {
    /// Of any kind.
    pub characters: Noun,
    /// Out of a `list`.
    pub characters_of: Noun,
    /// Not on a `list`.
    pub characters_but: Noun,
    /// 0 to 9.
    pub digits: Noun,
    /// From `first` to `last`.
    pub digits_from: Noun,
    /// Capitals from `first` to `last`.
    pub capitals: Noun,
    /// Small letters from `first` to `last`.
    pub small_letters: Noun,
    /// Letters from `first` to `last`, where case makes no difference.
    pub letters: Noun,
    /// The same where it does elsewhere.
    pub letters_of_either_case: Noun,
    // Of any script:
    pub any_words: Noun,
    pub any_letters: Noun,
    pub any_capitals: Noun,
    pub any_small_letters: Noun,
    pub any_digits: Noun,
    pub spaces: Noun,
    // Of one script:
    pub han: Noun,
    pub hiragana: Noun,
    pub katakana: Noun,
}

/// Conditions on a place, said as if they were parts.
#[derive(Debug)]
pub(super) struct Places {
    pub start: &'static str,
    pub end: &'static str,
    pub word_edge: &'static str,
    pub no_word_edge: &'static str,
    pub word_start: &'static str,
    pub word_end: &'static str,
    pub not_after_word: &'static str,
    pub not_before_word: &'static str,
}

/// What is wrong with a text that is no pattern.
#[derive(Debug)]
pub(super) struct Refusals {
    /// A `reason`, and the character `n` that is its place.
    pub at_character: &'static str,
    /// More than `length` characters; codes have up to `n`.
    pub too_long: Told,
    pub look_around: Told,
    pub back_reference: Told,
    pub group_unopened: Told,
    pub group_unclosed: Told,
    pub group_name: Told,
    pub class_unclosed: Told,
    pub class_range: Told,
    pub class_unknown: Told,
    pub repetition_missing: Told,
    /// With an `example` of how it is written.
    pub repetition_count: Told,
    pub escape: Told,
    pub flags: Told,
    pub word_edge: Told,
    pub bytes: Told,
    pub too_deep: Told,
    pub unicode_word: Told,
    /// A table of more than `size` bytes.
    pub too_large: Told,
    /// With the `repetition` that multiplies it.
    pub too_large_for: Told,
    pub too_many_kinds: Told,
    /// Codes have up to `n` characters.
    pub no_code: Told,
}

/// What is wrong, and what to write instead.
#[derive(Debug)]
pub(super) struct Told {
    pub reason: &'static str,
    pub remedy: &'static str,
}

impl Phrases {
    /// Those of a language.
    pub fn of(lang: Lang) -> &'static Phrases {
        match lang {
            Lang::En => &english::PHRASES,
            Lang::Fr => &french::PHRASES,
            Lang::De => &german::PHRASES,
            Lang::Ja => &japanese::PHRASES,
            Lang::Zh => &chinese::PHRASES,
        }
    }
}

impl Noun {
    /// A noun of a language whose nouns do not change with their number.
    const fn unchanging(counted: &'static str, bare: &'static str) -> Noun {
        Noun { one: counted, other: counted, bare }
    }
}

/// Puts values in their places. What stands in a value is never taken for a place.
pub(super) fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    fill_places(phrase, |name| {
        let value = values.iter().find(|(place, _)| *place == name);
        debug_assert!(value.is_some(), "{phrase:?} asks for {name}, which there is not");
        value.map(|(_, value)| *value)
    })
}

/// Puts in each place of a phrase, such as `{owner}`, what it asks for. A place without anything to
/// put there stays, and what is put there is never taken for a place.
pub(crate) fn fill_places<'a>(phrase: &str, value_of: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::with_capacity(phrase.len());
    let mut rest = phrase;
    while let Some((before, place)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = place.split_once('}') else {
            filled.push('{');
            rest = place;
            continue;
        };
        match value_of(name) {
            Some(value) => filled.push_str(value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests;
