//! Patterns, from their text to the answer of the walker.

use proptest::prelude::*;
use regex_automata::dfa::{Automaton, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Hir, Look};

use super::*;
use crate::catalog::nfkc;
use crate::code::TypedCode;
use crate::snapshot::SnapshotError;
use crate::snapshot::pattern::{Automata, ENTRY_SIZE};

/// Compiles patterns and checks every byte of the result.
fn compiled(patterns: &[&str]) -> CompiledPatterns {
    let compiled = compile(patterns).unwrap();
    automata(&compiled).verify(patterns.len() as u32).unwrap();
    compiled
}

fn automata(compiled: &CompiledPatterns) -> Automata<'_> {
    Automata::new(&compiled.index, &compiled.tables, &compiled.accepts)
}

fn found(compiled: &CompiledPatterns, text: &str) -> Vec<u32> {
    let mut found = Vec::new();
    automata(compiled).find(text, &mut |pattern| found.push(pattern)).unwrap();
    found.sort_unstable();
    found
}

#[track_caller]
fn check(pattern: &str, matched: &[&str], unmatched: &[&str]) {
    let compiled = compiled(&[pattern]);
    for text in matched {
        assert_eq!(found(&compiled, text), [0], "{pattern} matches {text:?}");
    }
    for text in unmatched {
        assert!(found(&compiled, text).is_empty(), "{pattern} does not match {text:?}");
    }
}

#[track_caller]
fn check_refused(pattern: &str, reason: &str, remedy: &str) {
    let error = Pattern::parse(pattern).unwrap_err();
    assert_eq!(error.pattern, pattern);
    assert!(error.reason.contains(reason), "{pattern}: {}", error.reason);
    assert!(error.remedy.contains(remedy), "{pattern}: {}", error.remedy);
}

#[test]
fn a_pattern_matches_whole_codes_with_their_case() {
    let starts = "^(SUMMER).*";
    check(
        starts,
        &["SUMMER", "SUMMER10", "SUMMER20OFF", "SUMMER25", "SUMMERTIME", "SUMMER10 ", "SUMMERé"],
        &["", "summer25", "20OFFSUMMER", "MYSUMMER10", " SUMMER10", "SUMMER\n", "SUMME"],
    );
    check(
        "^.*(SUMMER)$",
        &["SUMMER", "20OFFSUMMER", "10SUMMER", "25SUMMER", "éSUMMER"],
        &["SUMMER20OFF", "SUMMERTIME", "10summer", "MYSUMMER10", "SUMMER10 ", "SUMMER\n"],
    );
    check(
        "^(?i)(SUMMER).*",
        &["SUMMER", "summer25", "SuMmEr", "\u{17F}UMMER", "SUMMERTIME", "summer10"],
        &["10summer", "MYSUMMER10", " SUMMER10", "SUMME"],
    );
    check("SUMMER|WINTER", &["SUMMER", "WINTER"], &["SUMMERX", "XWINTER", "SUMMERWINTER"]);
    check(
        r"^(\w{3})\d{5}$",
        &["ABC12345", "éß_12345", "XTX85037"],
        &["AB12345", "ABC1234", "A-C12345"],
    );
    check("^(TOOTH|SMILE|SHINE).*", &["SHINE98763", "SMILE987abc", "TOOTH65abc64"], &["SHIN"]);
}

#[test]
fn classes_reach_beyond_ascii() {
    check(r"\d+", &["1", "１２", "٣"], &["", "a", "1a", "é"]);
    check(r"\w+", &["aZ_9", "ñandú", "日本", "Ω"], &["a b", "-", "😀"]);
    check(".{3}", &["abc", "日本語", "a😀b"], &["ab", "a\nb", "abcd"]);
    check("[^A]B", &["éB", "BB", "😀B"], &["AB", "B", "ÀÀB"]);
    check("(?i)straße|k+", &["STRASSE", "KkK"].map(|_| "k"), &["strasse", "kß"]);
    check("(?i)É", &["é", "É"], &["e", "E"]);
    check("[а-я]+|[Α-Ω]", &["привет", "Σ"], &["Привет", "ΣΣ", "σ"]);
    check(
        "a\u{D7FF}|b[\u{E000}-\u{F000}]",
        &["a\u{D7FF}", "b\u{E000}"],
        &["a\u{E000}", "b\u{D7FF}"],
    );
}

#[test]
fn assertions_within_a_pattern_hold() {
    check(r"SAVE(?-u:\b).*", &["SAVE", "SAVE-10", "SAVEé"], &["SAVE10", "SAVES"]);
    check("(?:^|X)A$", &["A", "XA"], &["BA", "XXA"]);
    check("A|^$|B$", &["A", "B", ""], &["AB"]);
    check("(?m)A$\n^B|A$|C", &["A\nB", "A", "C"], &["AB", "A\n"]);
}

#[test]
fn every_pattern_that_matches_is_named() {
    let compiled = compiled(&["^(SUMMER).*", "^(SUMMER).*", "WINTER", ".*25", "SUMMER2[0-9]"]);
    assert_eq!(found(&compiled, "SUMMER25"), [0, 1, 3, 4]);
    assert_eq!(found(&compiled, "SUMMER"), [0, 1]);
    assert_eq!(found(&compiled, "WINTER"), [2]);
    assert!(found(&compiled, "WINTER2").is_empty());
}

#[test]
fn more_letters_than_symbols_take_more_automata() {
    let letters: Vec<char> = ('一'..).take(300).collect();
    let patterns: Vec<String> = letters.iter().map(|letter| format!("A{letter}.*")).collect();
    let compiled = compiled(&patterns.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(compiled.index.len() / ENTRY_SIZE < 8, "{}", compiled.index.len() / ENTRY_SIZE);
    for (index, letter) in (0..).zip(letters) {
        assert_eq!(found(&compiled, &format!("A{letter}1")), [index]);
    }
}

#[test]
fn no_pattern_matches_nothing() {
    let none = compiled(&[]);
    assert_eq!(none, CompiledPatterns::default());
    assert!(found(&none, "SUMMER").is_empty());
}

#[test]
fn what_is_no_expression_is_refused_with_a_remedy() {
    check_refused("^(?=SUMMER).*", "look-around, including look-ahead", "`SUMMER.*`");
    check_refused("(?<!X)SUMMER", "look-around", "look");
    check_refused(r"(SUM)\1", "backreferences are not supported, at character 6", "write");
    check_refused("SUMMER)|(?:WINTER", "unopened group, at character 7", r"`\(`");
    check_refused("A)|(?:B", "unopened group, at character 2", r"`\)`");
    check_refused("été(", "unclosed group, at character 4", r"`\)`");
    check_refused("*SALE", "repetition operator missing expression, at character 1", r"`\*`");
    check_refused("[A-", "unclosed character class", r"`\[`");
    check_refused(r"(?-u:\xFF)", "can match invalid UTF-8", "write characters");
    check_refused(r"\p{Klingon}", "Unicode property", "Unicode class");
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let longest = "é|".repeat(PATTERN_CHARS_MAX / 2);
    assert!(Pattern::parse(&longest.replacen('|', "X", 1)).is_ok());
    let longer = format!("{longest}X");
    let endless = "A".repeat(100_000);
    for pattern in [&longer, &endless, &"(".repeat(PATTERN_CHARS_MAX + 1)] {
        check_refused(pattern, "more than 1000 characters", "several patterns");
        assert_eq!(Pattern::check(pattern).unwrap_err(), Fault::TooLong);
        assert_eq!(compile(&["SUMMER", pattern]).unwrap_err().pattern, **pattern);
        assert!(Extraction::parse(pattern).unwrap_err().reason.contains("1000"));
    }
}

#[test]
fn unicode_word_boundaries_are_refused() {
    for pattern in [r"\bSUMMER\b", r"SUMMER\B.*", r"\b{start}SUMMER", r"SUMMER\b{end-half}"] {
        check_refused(pattern, r"`\b`", r"`(?-u:\b)`");
    }
}

#[test]
fn what_no_code_can_be_is_refused() {
    let whites = [" +", r"\n", " SUMMER", "SUMMER ", "A\nB", "\u{200B}", r"\p{Cc}+"];
    let nothing = ["", "^$", "(?:)*", "[A&&B]", "A^B", "A{65}", "(?:AB){40,}"];
    for pattern in whites.into_iter().chain(nothing) {
        check_refused(pattern, "1 to 64 characters", "SUMMER[0-9]*");
    }
    for pattern in ["A{64}", "A?", "é{64}", "A B"] {
        assert!(Pattern::parse(pattern).is_ok(), "{pattern}");
    }
}

#[test]
fn what_multiplies_is_refused_and_named() {
    check_refused("[ab]*a[ab]{16}b[ab]*", "`[ab]{16}` multiplies it", "repeat less");
    check_refused(".*A.{2,9}B.{14}A.*", "`.{14}` multiplies it", "repeat less");
    let letters: String = ('一'..).take(140).map(|c| format!("{c}X|")).collect();
    check_refused(&format!("{letters}A"), "127 kinds", "several patterns");
    // Exponential in one direction only: read in the other.
    let suffix = Pattern::parse("[ab]*a[ab]{20}").unwrap();
    assert!(suffix.table_size() < 100, "{}", suffix.table_size());
    let (a, b) = ("a".repeat(21), "b".repeat(20));
    check("[ab]*a[ab]{20}", &[&a, &format!("ba{b}")], &[&b, &format!("ab{b}")]);
}

#[track_caller]
fn warnings(pattern: &str) -> Vec<PatternWarning> {
    Pattern::parse(pattern).unwrap().warnings(nfkc)
}

#[test]
fn a_search_that_differs_is_warned_of_with_an_example() {
    let example = |pattern| match warnings(pattern).first() {
        Some(PatternWarning::SearchDiffers { code }) => code.clone(),
        _ => None,
    };
    for pattern in ["^(SUMMER).*", "^.*(SUMMER)$", "^(?i)(SUMMER).*", "^A$", ".*A.*", "^(?:A|B)$"] {
        assert_eq!(example(pattern), None, "{pattern}");
    }
    assert_eq!(example("SUMMER").as_deref(), Some("ASUMMER"));
    assert_eq!(example("^SUMMER").as_deref(), Some("SUMMERA"));
    assert_eq!(example("^SUMMER|WINTER$").as_deref(), Some("AWINTER"));
    assert_eq!(example(r"\w+").as_deref(), Some("A!"));
    assert_eq!(example("[A-Z0-9]+").as_deref(), Some("Aa"));
    assert_eq!(warnings("A{64}"), []);
}

#[test]
fn a_large_class_is_warned_of_with_its_size() {
    let classes = |pattern| -> Vec<(String, usize)> {
        let large = |warning| match warning {
            PatternWarning::LargeClass { class, size } => Some((class, size)),
            PatternWarning::SearchDiffers { .. } => None,
        };
        warnings(pattern).into_iter().filter_map(large).collect()
    };
    let found = classes(r"^\w{3}\W\d[\pL-]\w.[A-Z]$");
    let names: Vec<&str> = found.iter().map(|(class, _)| class.as_str()).collect();
    assert_eq!(names, [r"[\pL-]", r"\W", r"\w"]);
    for (class, size) in found {
        assert!((4_000..8_000).contains(&size), "{class}: {size}");
    }
    assert!(classes("^(?i)SUMMER[^A]*.\\d$").is_empty());
}

#[test]
fn what_normalisation_joins_is_known() {
    use unicode_normalization::{IsNormalized, is_nfkc_quick};
    for c in ('\0'..=char::MAX).filter(|c| !syntax::may_join(*c)) {
        assert_ne!(is_nfkc_quick([c].into_iter()), IsNormalized::Maybe, "U+{:04X}", u32::from(c));
    }
}

/// A steady stream of numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn word(&mut self) -> String {
        let season = ["SUMMER", "WINTER", "SPRING", "VIP", "WELCOME", "SAVE", "GIFT", "CREW"];
        let letters = (0..2 + self.below(4)).map(|_| char::from(b'A' + self.below(26) as u8));
        let letters: String = letters.collect();
        format!("{}{letters}", season[self.below(season.len())])
    }

    /// A pattern as merchants write them; of a hundred, `suffixes` end with something and
    /// `containing` contain something.
    fn pattern(&mut self, suffixes: usize, containing: usize) -> String {
        let word = self.word();
        match (self.below(100), self.below(6)) {
            (kind, _) if kind < suffixes => format!("^.*({word})$"),
            (kind, _) if kind < suffixes + containing => format!(".*{word}.*"),
            (_, 0 | 1) => format!("^({word}).*"),
            (_, 2) => format!("^(?i)({word}).*"),
            (_, 3) => format!(r"{word}-?\d{{2,4}}"),
            (_, 4) => format!("{word}[A-Z0-9]{{4,8}}"),
            _ => format!("(?:{word}|{})[0-9]+", self.word()),
        }
    }
}

#[test]
fn five_hundred_patterns_are_small() {
    // Of a hundred: how many end with something, how many contain something; bytes and automata.
    let rows = [(0, 0, 26_000, 1), (10, 0, 25_000, 2), (10, 2, 28_000, 25)];
    for (suffixes, containing, size_max, automata_max) in rows {
        let mut numbers = Numbers(7);
        let texts: Vec<String> = (0..500).map(|_| numbers.pattern(suffixes, containing)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let compiled = compiled(&texts);
        let CompiledPatterns { index, tables, accepts } = &compiled;
        let size = index.len() + tables.len() + accepts.len();
        let count = index.len() / ENTRY_SIZE;
        println!(
            "{suffixes} % suffixes, {containing} % containing: {size} bytes, {count} automata"
        );
        assert!(size <= size_max && count <= automata_max);
    }
}

/// What the regular-expression crate itself makes of a pattern and a text, over UTF-8.
struct Oracle(dense::DFA<Vec<u32>>);

impl Oracle {
    fn of(pattern: &str) -> Oracle {
        let hir = regex_syntax::parse(pattern).unwrap();
        let whole = Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
        let nfa = thompson::Compiler::new().build_from_hir(&whole).unwrap();
        let config = dense::Config::new().match_kind(MatchKind::All);
        Oracle(dense::Builder::new().configure(config).build_from_nfa(&nfa).unwrap())
    }

    fn matches(&self, text: &str) -> bool {
        let start = start::Config::new().anchored(Anchored::Yes);
        let start = self.0.start_state(&start).unwrap();
        let last = text.bytes().fold(start, |state, byte| self.0.next_state(state, byte));
        self.0.is_match_state(self.0.next_eoi_state(last))
    }
}

/// Patterns of few letters, so that texts of the same letters often match.
pub(super) fn pattern() -> impl Strategy<Value = String> {
    let leaves = [
        "a",
        "b",
        "é",
        "日",
        "k",
        "1",
        ".",
        "[ab]",
        "[^a]",
        "[a-é]",
        r"\d",
        r"\w",
        r"\W",
        r"\p{Lu}",
        "^",
        "$",
        r"(?-u:\b)",
        "(?i:k)",
        "(?i:É)",
        "(?s:.)",
        "ab",
        "-",
    ];
    let leaf = prop::sample::select(leaves.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| { format!("(?:{})", parts.join("|")) }),
            (inner, prop::sample::select(vec!["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"]))
                .prop_map(|(inner, times)| format!("(?:{inner}){times}")),
        ]
    })
}

pub(super) fn text() -> impl Strategy<Value = String> {
    let letters =
        prop::sample::select("aabbéÉ日kK\u{212A}11-A \n😀ａ١".chars().collect::<Vec<_>>());
    prop_oneof![
        8 => prop::collection::vec(letters, 0..9).prop_map(|letters| letters.into_iter().collect()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..<_>::default() })]

    #[test]
    fn answers_are_those_of_the_crate(
        patterns in prop::collection::vec(pattern(), 1..7),
        texts in prop::collection::vec(text(), 30),
    ) {
        let good = |pattern: &&String| Pattern::parse(pattern).is_ok();
        let patterns: Vec<&str> = patterns.iter().filter(good).map(String::as_str).collect();
        let compiled = compiled(&patterns);
        let oracles: Vec<Oracle> = patterns.iter().map(|pattern| Oracle::of(pattern)).collect();
        for text in &texts {
            let matched = (0u32..).zip(&oracles).filter(|(_, oracle)| oracle.matches(text));
            let expected: Vec<u32> = matched.map(|(index, _)| index).collect();
            prop_assert_eq!(found(&compiled, text), &*expected, "{:?} {:?}", &patterns, text);
            let alone = (0u32..).zip(&patterns).filter(|(_, pattern)| {
                Pattern::parse(pattern).unwrap().matches(text)
            });
            let alone: Vec<u32> = alone.map(|(index, _)| index).collect();
            prop_assert_eq!(alone, expected, "{:?} {:?}", &patterns, text);
        }
    }

    #[test]
    fn a_refusal_for_want_of_codes_is_true(
        pattern in pattern(),
        texts in prop::collection::vec(text(), 30),
    ) {
        let Err(error) = Pattern::parse(&pattern) else { return Ok(()) };
        prop_assert!(error.reason.contains("no code matches"), "{}", error);
        let oracle = Oracle::of(&pattern);
        for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            let is_code = text.chars().all(|c| !c.is_control() && c != '\u{AD}' && c != '\u{200B}');
            prop_assert!(!is_code || !oracle.matches(text), "{} {:?}", pattern, text);
        }
    }

    #[test]
    fn examples_of_a_warning_are_true(pattern in pattern()) {
        let Ok(parsed) = Pattern::parse(&pattern) else { return Ok(()) };
        for warning in parsed.warnings(nfkc) {
            if let PatternWarning::SearchDiffers { code: Some(code) } = warning {
                let searched = Oracle::of(&format!("(?s:.*)(?:{pattern})(?s:.*)"));
                prop_assert!(searched.matches(&code) && !Oracle::of(&pattern).matches(&code));
                let typed = TypedCode::parse(&code, nfkc).unwrap();
                prop_assert_eq!(typed.as_str(), &code);
            }
        }
    }

    #[test]
    fn the_same_patterns_have_the_same_bytes(patterns in prop::collection::vec(pattern(), 1..7)) {
        let good = |pattern: &&String| Pattern::parse(pattern).is_ok();
        let patterns: Vec<&str> = patterns.iter().filter(good).map(String::as_str).collect();
        prop_assert_eq!(compiled(&patterns), compiled(&patterns));
    }

    #[test]
    fn any_bytes_answer_or_fail(
        index in prop::collection::vec(any::<u8>(), 0..60),
        tables in prop::collection::vec(any::<u8>(), 0..200),
        accepts in prop::collection::vec(any::<u8>(), 0..40),
        text in text(),
    ) {
        let corrupt = SnapshotError::Corrupt { place: "automata" };
        let hostile = Automata::new(&index, &tables, &accepts);
        if let Err(error) = hostile.find(&text, &mut |_| ()) {
            prop_assert_eq!(error, corrupt.clone());
        }
        if let Err(error) = hostile.verify(9) {
            prop_assert_eq!(error, corrupt);
        }
    }

    #[test]
    fn a_flipped_bit_answers_or_fails(
        flips in prop::collection::vec((0usize..3, any::<prop::sample::Index>(), 0u8..8), 1..4),
        texts in prop::collection::vec(text(), 10),
    ) {
        let mut compiled = compiled(&[r"a\w*k", "[ab]+é", "^.*(ba)$", r"\d{2,3}", "(?i)kk.*"]);
        for (section, at, bit) in flips {
            let CompiledPatterns { index, tables, accepts } = &mut compiled;
            let bytes = [index, tables, accepts].into_iter().nth(section).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        let sound = automata(&compiled).verify(5).is_ok();
        for text in &texts {
            let mut named = Vec::new();
            let answer = automata(&compiled).find(text, &mut |pattern| named.push(pattern));
            if sound {
                prop_assert!(answer.is_ok() && named.iter().all(|&pattern| pattern < 5));
            }
        }
    }
}
