//! Every language says everything.

use super::*;

/// Every phrase, in the order of the struct: `Debug` writes all fields, so that none is forgotten.
fn phrases(lang: Lang) -> Vec<(String, String)> {
    let written = format!("{:#?}", Phrases::of(lang)).replace(r"\u{a0}", "\u{a0}");
    let field = |line: &str| {
        let (name, phrase) = line.trim().split_once(": \"")?;
        Some((name.to_owned(), phrase.strip_suffix("\",")?.to_owned()))
    };
    written.lines().filter_map(field).collect()
}

fn places(phrase: &str) -> Vec<&str> {
    let mut places: Vec<&str> =
        phrase.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    places.sort_unstable();
    places
}

#[test]
fn every_phrase_asks_for_the_same_in_every_language() {
    let english = phrases(Lang::En);
    assert!(english.len() > 100, "{}", english.len());
    for lang in Lang::ALL {
        let own = phrases(lang);
        assert_eq!(own.len(), english.len(), "{lang:?}");
        for ((name, phrase), (english_name, english)) in own.iter().zip(&english) {
            assert_eq!(name, english_name);
            assert_eq!(places(phrase), places(english), "{lang:?} {name}: {phrase:?}");
        }
    }
}

#[test]
fn every_phrase_is_translated() {
    for (name, english) in phrases(Lang::En) {
        let letters = fill_with_nothing(&english).chars().filter(|c| c.is_alphabetic()).count();
        for lang in Lang::ALL.into_iter().filter(|lang| *lang != Lang::En && letters > 0) {
            let same = phrases(lang).iter().any(|(own, text)| *own == name && *text == english);
            assert!(!same, "{lang:?} {name}: {english:?}");
        }
    }
}

fn fill_with_nothing(phrase: &str) -> String {
    let values: Vec<(&str, &str)> = places(phrase).into_iter().map(|place| (place, "")).collect();
    fill(phrase, &values)
}

#[test]
fn punctuation_is_that_of_the_language() {
    for lang in Lang::ALL {
        for (name, phrase) in phrases(lang) {
            let is_wide = matches!(lang, Lang::Ja | Lang::Zh);
            let foreign = if is_wide { ",.;:()" } else { "、。；：（）" };
            // What stands between backquotes is a pattern in any language.
            let phrase: String = phrase.split('`').step_by(2).collect();
            let found = phrase.contains(|c| foreign.contains(c));
            assert!(!found, "{lang:?} {name}: {phrase:?}");
            let is_open = |(at, _): (usize, &str)| !phrase[..at].ends_with('\u{a0}');
            let narrow = phrase.match_indices([':', ';']);
            assert!(lang != Lang::Fr || !narrow.clone().any(is_open), "{name}: {phrase:?}");
        }
    }
}

#[test]
fn what_is_filled_in_is_not_filled_again() {
    assert_eq!(fill("{a}-{b}", &[("a", "{b}"), ("b", "{a}{")]), "{b}-{a}{");
}
