//! Patterns in plain words: what is said of them (`tests/vectors/explain.json`), that every example
//! is true, and the command that prints both.

use promo_edge::catalog::nfkc;
use promo_edge::code::{Folding, TypedCode};
use promo_edge::explain::{Explanation, Lang, Refusal, explain, refusal};
use promo_edge::snapshot::automaton::shape::Times;
use promo_edge::snapshot::automaton::{
    Fault, Form, FormKind, Pattern, SyntaxFault, compile, overlap,
};
use promo_edge::snapshot::pattern::Automata;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    cases: Vec<Case>,
    refused: Vec<Refused>,
    forms: Vec<FormCase>,
    overlaps: Vec<OverlapCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    pattern: String,
    fault: String,
    at: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormCase {
    pattern: String,
    form: Option<Fields>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    kind: String,
    texts: Vec<String>,
    any_case: bool,
    digits: Option<Digits>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Digits {
    least: u32,
    most: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlapCase {
    pattern: String,
    match_type: String,
    code: String,
    example: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    pattern: String,
    sentences: BTreeMap<String, Vec<String>>,
    matching: Vec<String>,
    not_matching: Vec<String>,
    #[serde(default)]
    warnings: BTreeMap<String, Vec<String>>,
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn explained(pattern: &str, lang: Lang) -> Explanation {
    explain(&Pattern::parse(pattern).unwrap(), lang, nfkc)
}

fn vectors() -> File {
    serde_json::from_str(&read("tests/vectors/explain.json")).unwrap()
}

#[test]
fn every_fault_is_told_in_every_language() {
    let refused = vectors().refused;
    for case in &refused {
        let fault = Pattern::check(&case.pattern).unwrap_err();
        let at = match fault {
            Fault::Syntax { at, .. } => Some(at),
            _ => None,
        };
        assert_eq!((fault.name(), at), (case.fault.as_str(), case.at), "{}", case.pattern);
        let told = Lang::ALL.map(|lang| refusal(&fault, lang));
        for Refusal { reason, remedy } in &told {
            assert!(at.is_none_or(|at| reason.contains(&at.to_string())), "{reason}");
            for left in ["{reason}", "{n}", "{length}", "{size}", "{repetition}", "{example}"] {
                assert!(!reason.contains(left) && !remedy.contains(left), "{reason} {remedy}");
            }
        }
        let different: BTreeSet<_> = told.iter().map(|told| (&told.reason, &told.remedy)).collect();
        assert_eq!(different.len(), Lang::ALL.len(), "{}", case.pattern);
    }
    let tried: BTreeSet<&str> = refused.iter().map(|case| case.fault.as_str()).collect();
    let others = ["too_long", "unicode_word", "too_large", "too_many_kinds", "no_code"];
    let all = SyntaxFault::ALL.map(SyntaxFault::name).into_iter().chain(others).collect();
    assert_eq!(tried, all);
}

#[test]
fn forms_are_built_and_told_again() {
    for FormCase { pattern, form } in vectors().forms {
        let form = form.map(|fields| Form {
            kind: FormKind::parse(&fields.kind).unwrap(),
            texts: fields.texts,
            any_case: fields.any_case,
            digits: fields.digits.map(|Digits { least, most }| Times { least, most }),
        });
        assert_eq!(Pattern::parse(&pattern).unwrap().form(), form, "{pattern}");
        if let Some(form) = form {
            assert_eq!(form.pattern(), pattern);
        }
    }
}

#[test]
fn codes_that_match_the_same_are_found() {
    let spellings = Folding::default().spellings();
    for OverlapCase { pattern, match_type, code, example } in vectors().overlaps {
        let parsed = Pattern::parse(&pattern).unwrap();
        let found = if match_type == "regex" {
            overlap(&parsed, &Pattern::parse(&code).unwrap(), nfkc).unwrap()
        } else {
            let folded = TypedCode::parse(&code, nfkc).unwrap().fold(Folding::default());
            parsed.spelling(folded.as_str(), &spellings)
        };
        assert_eq!(found, example, "{pattern} {code}");
    }
}

#[test]
fn patterns_are_explained_in_every_language() {
    let file = vectors();
    assert!(file.cases.len() > 25, "{}", file.cases.len());
    for case in &file.cases {
        assert_eq!(case.sentences.len(), Lang::ALL.len(), "{}", case.pattern);
        for lang in Lang::ALL {
            let explained = explained(&case.pattern, lang);
            let warnings = case.warnings.get(lang.name()).cloned().unwrap_or_default();
            assert_eq!(explained.sentences, case.sentences[lang.name()], "{}", case.pattern);
            assert_eq!(explained.warnings, warnings, "{}", case.pattern);
            assert_eq!(explained.matching, case.matching, "{}", case.pattern);
            assert_eq!(explained.not_matching, case.not_matching, "{}", case.pattern);
        }
    }
}

/// Fails unless all examples are codes of which the tables of a snapshot say what is said of them.
#[track_caller]
fn check_examples(explained: &Explanation) {
    let compiled = compile(&[&explained.pattern]).unwrap();
    let automata = Automata::new(&compiled.index, &compiled.tables, &compiled.accepts);
    let lists = [(&explained.matching, true), (&explained.not_matching, false)];
    for (list, expected) in lists {
        for example in list {
            let typed = TypedCode::parse(example, nfkc).unwrap();
            assert_eq!(typed.as_str(), example, "{}", explained.pattern);
            let mut is_found = false;
            automata.find(typed.as_str(), &mut |_| is_found = true).unwrap();
            assert_eq!(is_found, expected, "{} and {example:?}", explained.pattern);
            assert_eq!(list.iter().filter(|other| *other == example).count(), 1);
        }
    }
}

/// Fails when a sentence has anything that only a regular expression has, outside quotation marks.
#[track_caller]
fn check_words(explained: &Explanation) {
    for sentence in &explained.sentences {
        let mut words = sentence.clone();
        for (open, close) in [('“', '”'), ('«', '»'), ('„', '“'), ('「', '」')] {
            while let Some(at) = words.find(open)
                && let Some(length) = words[at + open.len_utf8()..].find(close)
            {
                words.replace_range(at..at + open.len_utf8() + length + close.len_utf8(), "");
            }
        }
        let has_syntax = words.contains(['\\', '[', ']', '*', '?', '+', '|', '^', '$', '{', '}']);
        assert!(!has_syntax, "{}: {sentence}", explained.pattern);
    }
}

#[test]
fn the_sample_catalogue_is_explained() {
    let catalog: Value = serde_json::from_str(&read("examples/sample/catalog.json")).unwrap();
    let codes = catalog["codes"].as_array().unwrap();
    let patterns: Vec<&str> = codes
        .iter()
        .filter(|code| code["match_type"] == "regex")
        .map(|code| code["code"].as_str().unwrap())
        .collect();
    assert_eq!(patterns.len(), 40);
    for pattern in patterns {
        for lang in Lang::ALL {
            let explained = explained(pattern, lang);
            assert!(explained.matching.len() > 2 && explained.not_matching.len() > 2, "{pattern}");
            check_examples(&explained);
            check_words(&explained);
        }
    }
}

/// Patterns as merchants write them, and as nobody does.
fn pattern() -> impl Strategy<Value = String> {
    let leaves = [
        "SUMMER",
        "-",
        "é",
        "日本",
        "(?i:vip)",
        "[A-Z]",
        "[0-9]",
        r"\d",
        r"\w",
        "[^-]",
        ".",
        "[A-HJ-NP-Z2-9]",
        "[abc]",
        "[a-zäöü]",
        "[春夏秋冬]",
        r"\p{Sc}",
        r"\PL",
        "^",
        "$",
        r"(?-u:\b)",
        r"\.",
        " ",
    ];
    let leaf = prop::sample::select(leaves.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let times = vec!["*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,2}", "*?"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("(?:{})", parts.join("|"))),
            (inner, prop::sample::select(times))
                .prop_map(|(inner, times)| format!("(?:{inner}){times}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..<_>::default() })]

    #[test]
    fn every_example_is_true(pattern in pattern()) {
        let Ok(parsed) = Pattern::parse(&pattern) else { return Ok(()) };
        for lang in Lang::ALL {
            let explained = explain(&parsed, lang, nfkc);
            check_examples(&explained);
            check_words(&explained);
            prop_assert!(!explained.matching.is_empty(), "{}", pattern);
            prop_assert!(explained.sentences.len() > 1, "{}", pattern);
        }
    }
}

#[test]
fn examples_are_what_can_be_typed() {
    for (pattern, matching) in [
        // Only letters beyond ASCII match, and of the first, `ª`, normalisation makes `a`.
        (r"\w(?-u:\b)SUMMER", &["ÀSUMMER"][..]),
        ("[AB]\u{301}", &["B\u{301}"]),
        ("A\u{301}", &[]),
        ("ﬁ", &[]),
    ] {
        let explained = explained(pattern, Lang::En);
        assert_eq!(explained.matching, matching, "{pattern}");
        assert!(!explained.not_matching.is_empty(), "{pattern}");
        check_examples(&explained);
    }
}

/// Runs the command where the environment asks for a language.
fn promo(locale: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promo"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", locale);
    command.arg("explain").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_command_prints_all_of_it() {
    let ran = promo("C", &["SUMMER|WINTER", "--json"]);
    assert_eq!(ran.status.code(), Some(0));
    let answer: Value = serde_json::from_str(&text(&ran.stdout)).unwrap();
    let explained = explained("SUMMER|WINTER", Lang::En);
    let Explanation { sentences, matching, not_matching, warnings, .. } = explained.clone();
    let expected = json!({
        "pattern": "SUMMER|WINTER", "lang": "en", "sentences": sentences, "matching": matching,
        "not_matching": not_matching, "warnings": warnings,
    });
    assert_eq!(answer, expected);
    let ran = promo("C", &["SUMMER|WINTER"]);
    assert_eq!(text(&ran.stdout), format!("{explained}\n"));
    let lines = ["SUMMER|WINTER", "Matches", "  WINTER", "Does not match", "  summer", "Notes"];
    for line in lines {
        assert!(text(&ran.stdout).lines().any(|printed| printed == line), "{line}");
    }
    assert_eq!(text(&ran.stderr), "");
}

#[test]
fn the_language_is_the_one_asked_for_or_the_environments() {
    let rows = [
        ("C.UTF-8", &["^A.*"][..], "Capitals"),
        ("", &["^A.*"], "Capitals"),
        ("pt_BR.UTF-8", &["^A.*"], "Capitals"),
        ("de_AT.UTF-8", &["^A.*"], "Groß- und Klein"),
        ("ja_JP.UTF-8", &["^A.*"], "大文字"),
        ("de_AT.UTF-8", &["^A.*", "--lang", "zh"], "区分"),
        ("zh_CN.UTF-8", &["--lang", "fr", "^A.*"], "Les majuscules"),
    ];
    for (locale, arguments, expected) in rows {
        let ran = promo(locale, arguments);
        assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
        let printed = text(&ran.stdout);
        assert!(printed.lines().any(|line| line.starts_with(expected)), "{locale}: {printed}");
    }
    assert_eq!(promo("C", &["^A.*", "--lang", "pt"]).status.code(), Some(2));
}

#[test]
fn what_is_no_pattern_is_refused_with_reason_and_remedy() {
    for (pattern, reason, remedy) in [
        ("^(?=SUMMER).*", "`(?<!…)`", "`SUMMER.*`"),
        ("SUMMER)|(?:WINTER", "Caractère 7\u{a0}: Cette `)` ne ferme rien.", r"`\)`"),
        (r"\bSUMMER", r"`\b`", r"`(?-u:\b)`"),
        ("", "Aucun code ne convient", "SUMMER[0-9]*"),
    ] {
        let ran = promo("fr_FR.UTF-8", &[pattern]);
        assert_eq!((ran.status.code(), text(&ran.stdout).as_str()), (Some(2), ""), "{pattern}");
        let told = text(&ran.stderr);
        assert!(told.contains(reason) && told.contains(" mend: "), "{told}");
        assert!(told.contains(remedy), "{told}");
    }
}
