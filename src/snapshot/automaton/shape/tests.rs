//! Shapes say what their patterns say.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::snapshot::automaton::recogniser::{Recogniser, shortest_text};
use crate::snapshot::automaton::syntax::Expression;
use crate::snapshot::automaton::{Direction, Pattern, tests};

/// Which of the two tellings of a class is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Telling {
    Items,
    CaselessItems,
}

/// A pattern that matches what a shape does.
fn written(shape: &Shape, telling: Telling) -> String {
    let all = |parts: &[Shape], between: &str| -> String {
        let parts: Vec<String> = parts.iter().map(|part| written(part, telling)).collect();
        format!("(?:{})", parts.join(between))
    };
    match shape {
        Shape::Nothing => "(?:)".to_owned(),
        Shape::Never => "[A&&B]".to_owned(),
        Shape::Text { text, case: Case::Any } => format!("(?i:{})", regex_syntax::escape(text)),
        Shape::Text { text, .. } => format!("(?:{})", regex_syntax::escape(text)),
        Shape::One(class) => written_class(class, telling),
        Shape::Repeat { part, times } => {
            let most = times.most.map(|most| most.to_string()).unwrap_or_default();
            format!("(?:{}){{{},{most}}}", written(part, telling), times.least)
        }
        Shape::Sequence(parts) => all(parts, ""),
        Shape::Either(parts) => all(parts, "|"),
        Shape::Place(place) => match place {
            Place::Start => "^",
            Place::End => "$",
            Place::WordEdge => r"(?-u:\b)",
            Place::NoWordEdge => r"(?-u:\B)",
            Place::WordStart => r"(?-u:\b{start})",
            Place::WordEnd => r"(?-u:\b{end})",
            Place::NotAfterWord => r"(?-u:\b{start-half})",
            Place::NotBeforeWord => r"(?-u:\b{end-half})",
        }
        .to_owned(),
    }
}

fn written_class(class: &Class, telling: Telling) -> String {
    let (items, flags) = match (telling, class.case) {
        (Telling::CaselessItems, Case::Any) => (&class.caseless_items, "(?i:"),
        _ => (&class.items, "(?:"),
    };
    if class.is_any() {
        return "(?s:.)".to_owned();
    }
    let mut text = format!("{flags}[{}", if class.is_lacking { "^" } else { "" });
    for item in items {
        match item {
            Item::Range(first, last) => {
                let _ = write!(text, r"\x{{{:x}}}-\x{{{:x}}}", u32::from(*first), u32::from(*last));
            }
            Item::Named(named) => text.push_str(match named {
                Named::Word => r"\w",
                Named::Letter => r"\p{L}",
                Named::Upper => r"\p{Lu}",
                Named::Lower => r"\p{Ll}",
                Named::Digit => r"\d",
                Named::Space => r"\s",
                Named::Han => r"\p{Han}",
                Named::Hiragana => r"\p{Hiragana}",
                Named::Katakana => r"\p{Katakana}",
            }),
        }
    }
    text + "])"
}

/// A shortest code that one pattern matches and the other does not.
fn difference(one: &str, other: &str) -> Option<String> {
    let recogniser = |text| {
        let expression = Expression::parse(text).unwrap().whole();
        Recogniser::of(&expression, Direction::Forward).unwrap()
    };
    let typed = r"[^\p{Cc}\p{Default_Ignorable_Code_Point}\u{17F}\u{212A}\u{212B}\u{2126}]+";
    let typed = recogniser(typed);
    let differ = |one: bool, other: bool| one != other;
    shortest_text(&typed, &recogniser(one), &recogniser(other), str::to_owned, differ)
}

#[track_caller]
fn check(pattern: &str) {
    let shape = Pattern::parse(pattern).unwrap().shape();
    for telling in [Telling::Items, Telling::CaselessItems] {
        let written = written(&shape, telling);
        assert_eq!(difference(pattern, &written), None, "{pattern} is told as {written}");
    }
}

#[track_caller]
fn shape(pattern: &str) -> Shape {
    check(pattern);
    Pattern::parse(pattern).unwrap().shape()
}

fn text(text: &str, case: Case) -> Shape {
    Shape::Text { text: text.to_owned(), case }
}

#[test]
fn letters_in_both_cases_are_one_text() {
    assert_eq!(shape("SUMMER25"), text("SUMMER25", Case::Exact));
    assert_eq!(shape("(?i)summer-25"), text("summer-25", Case::Any));
    assert_eq!(shape("[Aa](?i:b)[cC]"), text("Abc", Case::Any));
    assert_eq!(shape("[1][-]25"), text("1-25", Case::None));
    assert_eq!(shape("A(?i)B"), {
        Shape::Sequence(vec![text("A", Case::Exact), text("B", Case::Any)])
    });
    assert_eq!(shape("(?i:A|(?-i)B)C"), {
        let first = Shape::Either(vec![text("A", Case::Any), text("B", Case::Exact)]);
        Shape::Sequence(vec![first, text("C", Case::Exact)])
    });
}

#[test]
fn what_the_whole_code_decides_is_gone() {
    assert_eq!(shape("^(?:^|X)A$"), Shape::either(["A", "XA"].map(|it| text(it, Case::Exact))));
    assert_eq!(shape("A|^$|B$|C^D"), Shape::either(["A", "B"].map(|it| text(it, Case::Exact))));
    assert_eq!(shape(r"(?-u:\b)A-(?-u:\b)B(?-u:\b)"), text("A-B", Case::Exact));
    assert_eq!(shape(r"A(?-u:\b)[-](?-u:\B|\b)B"), text("A-B", Case::Exact));
    assert_eq!(shape("A?"), text("A", Case::Exact));
    assert_eq!(shape(r"A(?-u:\b).*").parts()[1], Shape::Place(Place::NotBeforeWord));
    assert_eq!(shape(r".*(?-u:\b)A").parts()[1], Shape::Place(Place::NotAfterWord));
    assert_eq!(shape(r"-(?-u:\b).*").parts()[1], Shape::Place(Place::WordStart));
    assert_eq!(shape(r".*(?-u:\b)-").parts()[1], Shape::Place(Place::WordEnd));
    assert_eq!(shape(r".*(?-u:\b).*").parts()[1], Shape::Place(Place::WordEdge));
    for pattern in [
        r"[A-Z](?-u:\b)[0-9.]*(?-u:\b{start})B",
        "(?:A?^B|C)+",
        r"A?(?-u:\b{end-half}).*",
        r"(?:A(?-u:\b{start-half})|-)+B",
        r"(?:(?-u:\b)A|(?-u:\B)-)*",
    ] {
        check(pattern);
    }
}

#[test]
fn neighbours_of_one_kind_are_counted_together() {
    let digits = |least, most| Shape::Repeat {
        part: Box::new(shape("[0-9]")),
        times: Times { least, most },
    };
    assert_eq!(shape("[0-9][0-9]"), digits(2, Some(2)));
    assert_eq!(shape("[0-9][0-9]{2,3}[0-9]?"), digits(3, Some(5)));
    assert_eq!(shape("(?:[0-9]{2}){3}"), digits(6, Some(6)));
    assert_eq!(shape("(?:[0-9]{1,3})?[0-9]"), digits(1, Some(4)));
    assert_eq!(shape("(?:[0-9]+)*[0-9]"), digits(1, None));
    assert!(shape("(?:[0-9]{2})+").parts()[0].parts().len() == 1);
    assert!(shape("(?:[0-9]{3,4}){1,2}").parts()[0].parts().len() == 1);
    assert_eq!(shape("(?:[0-9]{2,3}){2,3}"), digits(4, Some(9)));
}

#[test]
fn few_texts_are_spelled_out() {
    let texts = |texts: &[&str]| Shape::either(texts.iter().map(|it| text(it, Case::Exact)));
    assert_eq!(shape("SB-?"), texts(&["SB", "SB-"]));
    assert_eq!(shape("WALK(?:ER|ING)?"), texts(&["WALK", "WALKER", "WALKING"]));
    assert_eq!(shape("(?:AB){2}C"), texts(&["ABABC"]));
    let many = shape("(A|B)(C|D)(E|F)(G|H)");
    assert_eq!(many.parts().len(), 4);
    let some = shape("X(A|B)-(C|D|E|F|G)Z");
    assert_eq!(some.parts()[0], texts(&["XA-", "XB-"]));
    assert_eq!(some.parts().len(), 2);
}

#[test]
fn classes_are_told_by_names_and_runs() {
    let items = |pattern: &str| match shape(pattern) {
        Shape::One(class) => (class.is_lacking, class.items, class.caseless_items, class.case),
        shape => panic!("{shape:?}"),
    };
    let range = Item::Range;
    let hex = vec![range('A', 'F'), range('0', '9')];
    assert_eq!(items("[0-9A-F]"), (false, hex.clone(), hex.clone(), Case::Exact));
    let both = vec![range('A', 'F'), range('a', 'f'), range('0', '9')];
    assert_eq!(items("(?i)[0-9A-F]"), (false, both, hex, Case::Any));
    let word = vec![Item::Named(Named::Word)];
    assert_eq!(items(r"\w"), (false, word.clone(), word.clone(), Case::Any));
    assert_eq!(items(r"\W"), (true, word.clone(), word, Case::None));
    assert_eq!(items("."), (true, vec![], vec![], Case::Any));
    let singles = |text: &str| text.chars().map(|c| range(c, c)).collect::<Vec<_>>();
    assert_eq!(items("[-._A]").1, singles("-._A"));
    assert_eq!(items("[-.A-C_]").1, singles("ABC-._"));
    assert_eq!(items("(?i)[春XA冬-]").2, singles("春XA冬-"));
    let umlauts = ["[a-zäöüß]", r"[\d\p{Hiragana}_]", r"[^\d-]", r"[^\W_]", r"\p{Greek}", "[!-~]"];
    umlauts.into_iter().for_each(check);
}

#[test]
fn signs_that_normalisation_replaces_are_no_case() {
    let class = Pattern::parse("(?i)[a-z]").unwrap().shape();
    let Shape::One(class) = class else { panic!("{class:?}") };
    assert_eq!(class.items, [Item::Range('A', 'Z'), Item::Range('a', 'z')]);
    assert_eq!(class.caseless_items, [Item::Range('A', 'Z')]);
    assert_eq!(Pattern::parse("[Ss][Kk]").unwrap().shape(), text("SK", Case::Any));
    let kelvin = Pattern::parse("\u{212A}").unwrap().shape();
    assert_eq!(kelvin, text("\u{212A}", Case::Exact));
    let signs = Pattern::parse("[\u{212A}\u{17F}]").unwrap().shape();
    assert!(matches!(signs, Shape::One(class) if class.items.len() == 2));
    assert_eq!(shape("A|\n|[\0-\x08]"), text("A", Case::Exact));
}

/// Patterns that put together what the general ones seldom do.
fn merchant_pattern() -> impl Strategy<Value = String> {
    let parts = [
        "AB",
        "-",
        "[A-Z]",
        "[0-9]",
        "[0-9]{2}",
        "[A-HJ-NP-Z2-9]",
        ".*",
        "(?:AB|CD)",
        "-?",
        "^",
        "(?i:ab)",
        "(?i:[a-jé])",
        "[Ab]",
        "[Aa]",
        r"\d",
        r"\w+",
        "(?:X|YY)?",
        "(?:[A-C]-){1,3}",
        r"\p{Han}",
        "[ぁ-ん]",
        "$",
        r"(?-u:\b)",
        "(?:A|BB){2}",
        "[^-]",
        "(?i)",
        "(?-i)",
        "é",
        "日",
    ];
    let part = prop::sample::select(parts.to_vec());
    let branch = prop::collection::vec(part, 1..6).prop_map(|parts| parts.concat());
    prop::collection::vec(branch, 1..3).prop_map(|branches| branches.join("|"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..<_>::default() })]

    #[test]
    fn a_shape_matches_what_its_pattern_does(
        pattern in prop_oneof![tests::pattern(), merchant_pattern()]
    ) {
        let Ok(parsed) = Pattern::parse(&pattern) else { return Ok(()) };
        for telling in [Telling::Items, Telling::CaselessItems] {
            let written = written(&parsed.shape(), telling);
            prop_assert_eq!(difference(&pattern, &written), None, "{} as {}", pattern, written);
        }
    }
}
