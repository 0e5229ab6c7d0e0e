//! Tells a set of characters in the terms of a reader.

use std::sync::OnceLock;

use regex_syntax::hir::{Class as AnyClass, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use crate::snapshot::automaton::shape::{Case, Class, Item, Named, Shape};

/// Named sets, the larger before those that they have in them.
const NAMED: [(Named, &str); 9] = [
    (Named::Word, r"\w"),
    (Named::Letter, r"\p{L}"),
    (Named::Upper, r"\p{Lu}"),
    (Named::Lower, r"\p{Ll}"),
    (Named::Digit, r"\d"),
    (Named::Space, r"\s"),
    (Named::Han, r"\p{Han}"),
    (Named::Hiragana, r"\p{Hiragana}"),
    (Named::Katakana, r"\p{Katakana}"),
];

/// What no code has inside it (domain 1.2, rules 1 and 2).
const UNTYPED: &str = r"[\p{Cc}\p{Default_Ignorable_Code_Point}]";

/// Signs that ignoring case adds to `s`, `k`, `å` and `ω`. No code has them: normalisation makes
/// them these letters (domain 1.2, rule 1).
const SIGNS: &str = r"[\u{17F}\u{212A}\u{212B}\u{2126}]";

/// What normalisation may make one character of with those before it: accents and other marks, and
/// the later parts of Korean and like syllables.
const JOINING: &str = r"[\p{M}\p{gcb=V}\p{gcb=T}]";

/// Letters that may have another case.
const CASED: &str = r"[\p{Lu}\p{Ll}\p{Lt}]";

/// Most characters whose cases are looked up one by one.
const FOLDED_MAX: usize = 4096;

/// Shortest run of letters or digits that is told by its ends.
const RUN_MIN: usize = 4;

/// Longest run of other characters that is told one by one: nobody knows what is between two signs.
const SIGNS_MAX: usize = 8;

/// What sets are compared with, as codes can have it.
struct Known {
    all: ClassUnicode,
    signs: ClassUnicode,
    joining: ClassUnicode,
    cased: ClassUnicode,
    named: Vec<(Named, ClassUnicode)>,
}

/// The shape of one character of a set.
pub(super) fn shape(set: &ClassUnicode) -> Shape {
    let Some(known) = known() else { return Shape::Never };
    let set = known.typed(set);
    let Some(first) = characters(&set).next() else { return Shape::Never };
    let cases = known.typed(&cases(first));
    let text = |case| Shape::Text { text: first.to_string(), case };
    if set == single(first) {
        text(if size(&cases) == 1 { Case::None } else { Case::Exact })
    } else if set == cases {
        text(Case::Any)
    } else {
        Shape::One(class(&set, known))
    }
}

/// The characters that an expression of one character can be.
pub(super) fn set(hir: &Hir) -> Option<ClassUnicode> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let mut text = std::str::from_utf8(&literal.0).ok()?.chars();
            let set = single(text.next()?);
            text.next().is_none().then_some(set)
        }
        HirKind::Class(AnyClass::Unicode(class)) => Some(class.clone()),
        HirKind::Class(AnyClass::Bytes(class)) => class.to_unicode_class(),
        _ => None,
    }
}

/// Whether normalisation may make one character of this and those before it.
pub(in crate::snapshot::automaton) fn may_join(character: char) -> bool {
    let ranges = known().map(|known| known.joining.ranges()).unwrap_or_default();
    let above = ranges.partition_point(|range| range.start() <= character);
    let range = above.checked_sub(1).and_then(|index| ranges.get(index));
    range.is_some_and(|range| character <= range.end())
}

fn known() -> Option<&'static Known> {
    static KNOWN: OnceLock<Option<Known>> = OnceLock::new();
    let known = || {
        let written = |text| set(&regex_syntax::parse(text).ok()?);
        let mut all = super::all_characters();
        all.difference(&written(UNTYPED)?);
        let named = Vec::new();
        let (signs, joining, cased) = (written(SIGNS)?, written(JOINING)?, written(CASED)?);
        let mut known = Known { all, signs, joining, cased, named };
        let named =
            NAMED.into_iter().map(|(name, text)| Some((name, known.typed(&written(text)?))));
        known.named = named.collect::<Option<_>>()?;
        Some(known)
    };
    KNOWN.get_or_init(known).as_ref()
}

impl Known {
    /// What codes can have of a set. Signs by themselves are told, although no code has them: their
    /// author did not know.
    fn typed(&self, set: &ClassUnicode) -> ClassUnicode {
        let mut typed = set.clone();
        typed.intersect(&self.all);
        if !is_within(&typed, &self.signs) {
            typed.difference(&self.signs);
        }
        typed
    }
}

fn class(set: &ClassUnicode, known: &Known) -> Class {
    let mut others = known.all.clone();
    others.difference(set);
    others.difference(&known.signs);
    let is_lacking = size(set) > size(&others);
    let mut rest = if is_lacking { others } else { set.clone() };
    let mut named = Vec::new();
    for (name, characters) in &known.named {
        if is_within(characters, &rest) {
            rest.difference(characters);
            named.push(Item::Named(*name));
        }
    }
    let case = case(set, known);
    let is_folded = case == Case::Any && size(&rest) <= FOLDED_MAX;
    let is_first = |c: &char| !is_folded || characters(&cases(*c)).next() == Some(*c);
    let items = |ranges| named.iter().copied().chain(ranges).collect();
    Class {
        ranges: set.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        is_lacking,
        caseless_items: items(ranges(characters(&rest).filter(is_first))),
        items: items(ranges(characters(&rest))),
        case,
    }
}

fn case(set: &ClassUnicode, known: &Known) -> Case {
    let mut cased = set.clone();
    cased.intersect(&known.cased);
    let mut folded = set.clone();
    let is_folded = folded.try_case_fold_simple().is_ok();
    if cased.ranges().is_empty() {
        Case::None
    } else if is_folded && known.typed(&folded) == *set {
        Case::Any
    } else {
        Case::Exact
    }
}

/// Characters as runs of one kind, letters before digits before others.
fn ranges(characters: impl Iterator<Item = char>) -> Vec<Item> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    for character in characters {
        match runs.last_mut() {
            Some(run) if continues(run, character) => run.push(character),
            _ => runs.push(vec![character]),
        }
    }
    runs.sort_by_key(|run| run.first().map(|&first| kind(first)));
    let items = |run: Vec<char>| match (run.first(), run.last()) {
        (Some(&first), Some(&last)) if is_told_by_ends(&run) => vec![Item::Range(first, last)],
        _ => run.into_iter().map(|character| Item::Range(character, character)).collect(),
    };
    runs.into_iter().flat_map(items).collect()
}

fn continues(run: &[char], character: char) -> bool {
    let before = u32::from(character).checked_sub(1).and_then(char::from_u32);
    run.last().is_some_and(|&last| Some(last) == before && kind(last) == kind(character))
}

fn is_told_by_ends(run: &[char]) -> bool {
    let is_other = run.first().is_some_and(|&first| kind(first) == Kind::Other);
    run.len() >= if is_other { SIGNS_MAX.saturating_add(1) } else { RUN_MIN }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Letter,
    Digit,
    Other,
}

fn kind(character: char) -> Kind {
    if character.is_alphabetic() {
        Kind::Letter
    } else if character.is_numeric() {
        Kind::Digit
    } else {
        Kind::Other
    }
}

/// A character in all its cases.
fn cases(character: char) -> ClassUnicode {
    let mut cases = single(character);
    // Without tables of cases there would be no `(?i)` either.
    let _ = cases.try_case_fold_simple();
    cases
}

fn single(character: char) -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new(character, character)])
}

fn is_within(part: &ClassUnicode, whole: &ClassUnicode) -> bool {
    let mut common = part.clone();
    common.intersect(whole);
    common == *part
}

fn characters(set: &ClassUnicode) -> impl Iterator<Item = char> {
    set.ranges().iter().flat_map(|range| range.start()..=range.end())
}

fn size(set: &ClassUnicode) -> usize {
    set.ranges().iter().map(ClassUnicodeRange::len).fold(0, usize::saturating_add)
}
