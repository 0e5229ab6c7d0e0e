//! English.

use super::{Noun, Nouns, Phrases, Places, Refusals, Told};

pub(super) const PHRASES: Phrases = Phrases {
    quoted: "“{text}”",
    range: "{first}–{last}",
    comma: ", ",
    or: " or ",
    and: " and ",
    space: "a space",
    kind: "{bare}",
    others: "{n} others",

    exactly: "exactly {counted}",
    between: "{least} to {most}",
    at_least: "at least {counted}",
    any_number: "any number of {bare} (or none)",
    times: "{n} times",
    once_or_more: "at least once",
    any_times: "any number of times (or never)",
    optional: "optionally {what}",
    repeated: "{what} {times}",

    then: ", then ",
    group: "({what})",
    anything: "anything or nothing",
    either_case: "{what} (in capitals or small letters)",
    nouns: Nouns {
        characters: Noun {
            one: "{n} character of any kind",
            other: "{n} characters of any kind",
            bare: "characters of any kind",
        },
        characters_of: Noun {
            one: "{n} character out of {list}",
            other: "{n} characters out of {list}",
            bare: "characters out of {list}",
        },
        characters_but: Noun {
            one: "{n} character other than {list}",
            other: "{n} characters other than {list}",
            bare: "characters other than {list}",
        },
        digits: Noun { one: "{n} digit", other: "{n} digits", bare: "digits" },
        digits_from: Noun {
            one: "{n} digit from {first} to {last}",
            other: "{n} digits from {first} to {last}",
            bare: "digits from {first} to {last}",
        },
        capitals: Noun {
            one: "{n} capital letter {first}–{last}",
            other: "{n} capital letters {first}–{last}",
            bare: "capital letters {first}–{last}",
        },
        small_letters: Noun {
            one: "{n} small letter {first}–{last}",
            other: "{n} small letters {first}–{last}",
            bare: "small letters {first}–{last}",
        },
        letters: Noun {
            one: "{n} letter {first}–{last}",
            other: "{n} letters {first}–{last}",
            bare: "letters {first}–{last}",
        },
        letters_of_either_case: Noun {
            one: "{n} letter {first}–{last} (capital or small)",
            other: "{n} letters {first}–{last} (capital or small)",
            bare: "letters {first}–{last} (capital or small)",
        },
        any_words: Noun {
            one: "{n} letter, digit or underscore of any script",
            other: "{n} letters, digits or underscores of any script",
            bare: "letters, digits or underscores of any script",
        },
        any_letters: Noun {
            one: "{n} letter of any script",
            other: "{n} letters of any script",
            bare: "letters of any script",
        },
        any_capitals: Noun {
            one: "{n} capital letter of any script",
            other: "{n} capital letters of any script",
            bare: "capital letters of any script",
        },
        any_small_letters: Noun {
            one: "{n} small letter of any script",
            other: "{n} small letters of any script",
            bare: "small letters of any script",
        },
        any_digits: Noun {
            one: "{n} digit of any script",
            other: "{n} digits of any script",
            bare: "digits of any script",
        },
        spaces: Noun { one: "{n} space", other: "{n} spaces", bare: "spaces" },
        han: Noun {
            one: "{n} Chinese character",
            other: "{n} Chinese characters",
            bare: "Chinese characters",
        },
        hiragana: Noun {
            one: "{n} hiragana character",
            other: "{n} hiragana characters",
            bare: "hiragana characters",
        },
        katakana: Noun {
            one: "{n} katakana character",
            other: "{n} katakana characters",
            bare: "katakana characters",
        },
    },
    places: Places {
        start: "the start of the code",
        end: "the end of the code",
        word_edge: "the start or end of a word (A–Z, a–z, 0–9 and “_” make words)",
        no_word_edge: "a place that is no start or end of a word (A–Z, a–z, 0–9 and “_” make words)",
        word_start: "the start of a word (A–Z, a–z, 0–9 and “_” make words)",
        word_end: "the end of a word (A–Z, a–z, 0–9 and “_” make words)",
        not_after_word: "a place with no A–Z, a–z, 0–9 or “_” right before it",
        not_before_word: "a place with no A–Z, a–z, 0–9 or “_” right after it",
    },
    in_order: "in this order:",
    one_of_these: "one of these:",
    optionally_this: "optionally, this:",
    this_times: "{times}, this:",

    is: "The code is {what}.",
    takes_the_form: "The code is {what}.",
    consists_of: "The code is {what}.",
    starts_with: "The code starts with {what}; anything or nothing may follow.",
    ends_with: "The code ends with {what}; anything or nothing may come before.",
    contains: "The code contains {what}; anything or nothing may come before and after.",
    starts_and_ends_with: "The code starts with {first} and ends with {last}; anything or nothing may stand in between.",
    every_code: "Every code matches.",
    has_parts: "The code is made of these {n} parts, in this order:",
    has_forms: "The code has one of these {n} forms:",
    repeats: "The code repeats this, {times}:",
    case_exact: "Capitals and small letters must be as written.",
    case_any: "Capitals and small letters make no difference.",
    case_mixed: "Capitals and small letters must be as written, except where both are allowed.",
    whole_closed: "The whole code must fit: nothing else may stand before or after.",
    whole_open: "The whole code is compared: other text may stand only where this says so.",

    search_finds: "A system that looks for the pattern anywhere in a code would also accept {code}; here the whole code must match. Add `.*` where more may stand.",
    search_finds_more: "A system that looks for the pattern anywhere in a code would accept more codes; here the whole code must match. Add `.*` where more may stand.",
    large_class: "`{class}` covers so many characters that it makes the snapshot {size} bytes larger, once. Name those that you mean, such as `[A-Z0-9]`.",
    never_typed: "No code that can be typed was found to match: typed codes are cleaned first, so that ① is read as 1 and Ａ as A. Write the pattern with the cleaned characters.",

    refusals: Refusals {
        at_character: "Character {n}: {reason}",
        too_long: Told {
            reason: "The pattern is too long: it has more than {length} characters.",
            remedy: "Shorten it, or make several patterns of it: a code has at most {n} characters.",
        },
        look_around: Told {
            reason: "A pattern cannot look ahead or back here, as `(?=…)` and `(?<!…)` do.",
            remedy: "Say what the whole code looks like instead, such as `SUMMER.*` for codes that start with SUMMER.",
        },
        back_reference: Told {
            reason: "A pattern cannot ask for an earlier text again, as `\\1` does.",
            remedy: "Write the repeated text out.",
        },
        group_unopened: Told {
            reason: "This `)` closes nothing.",
            remedy: "Put a `(` before it, or write `\\)` for the character itself.",
        },
        group_unclosed: Told {
            reason: "This `(` is never closed.",
            remedy: "Close it with `)`, or write `\\(` for the character itself.",
        },
        group_name: Told {
            reason: "The name of this group cannot be read.",
            remedy: "Leave the name out: `(` and `)` are enough.",
        },
        class_unclosed: Told {
            reason: "This `[` is never closed.",
            remedy: "Close it with `]`, or write `\\[` for the character itself.",
        },
        class_range: Told {
            reason: "This range has ends that cannot be ends, or that stand the wrong way round.",
            remedy: "Write two single characters, the smaller one first, as in `[A-Z]` or `[0-9]`.",
        },
        class_unknown: Told {
            reason: "There is no class of characters of this name.",
            remedy: "Name the characters instead, such as `[A-Z0-9]`.",
        },
        repetition_missing: Told {
            reason: "There is nothing before this sign that could be repeated.",
            remedy: "Put it after what it repeats, or write `\\*`, `\\+` or `\\?` for the character itself.",
        },
        repetition_count: Told {
            reason: "The numbers of this repetition cannot be read, or stand the wrong way round.",
            remedy: "Write one number or two, the smaller one first, such as `{example}`.",
        },
        escape: Told {
            reason: "This backslash stands before something that it does not go with.",
            remedy: "Write `\\\\` for a backslash itself, and leave it out before letters.",
        },
        flags: Told {
            reason: "These flags cannot be read.",
            remedy: "To ignore case, write `(?i)` at the start.",
        },
        word_edge: Told {
            reason: "This condition on the edge of a word cannot be read.",
            remedy: "Write `(?-u:\\b)`.",
        },
        bytes: Told {
            reason: "This matches bytes that are no characters.",
            remedy: "Write the characters themselves, without `(?-u)`.",
        },
        too_deep: Told {
            reason: "Too many parentheses stand inside each other.",
            remedy: "Take some of them away.",
        },
        unicode_word: Told {
            reason: "`\\b` would have to know the words of every language.",
            remedy: "Write `(?-u:\\b)`, which knows words of A–Z, a–z, 0–9 and “_”.",
        },
        too_large: Told {
            reason: "The pattern is too large: its table would take more than {size} bytes.",
            remedy: "Repeat less often, or make several patterns of it.",
        },
        too_large_for: Told {
            reason: "The pattern is too large: its table would take more than {size} bytes, and `{repetition}` multiplies it.",
            remedy: "Repeat less often, or make several patterns of it.",
        },
        too_many_kinds: Told {
            reason: "The pattern tells too many characters outside A–Z apart.",
            remedy: "Make several patterns of it.",
        },
        no_code: Told {
            reason: "No code matches: a code has 1 to {n} characters, none of them invisible or a control character, and no space at its ends.",
            remedy: "Name the characters that the code has, such as `SUMMER[0-9]*`.",
        },
    },

    matching: "Matches",
    not_matching: "Does not match",
    notes: "Notes",
};
