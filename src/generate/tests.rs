//! Plans and the codes that they make.

use super::*;
use crate::check_symbol::{PLAIN, holds};

use std::collections::HashSet;

fn plan(pattern: &str) -> Plan {
    Plan::new(pattern, PLAIN, false).unwrap()
}

fn codes(plan: &Plan, campaign: &str, serials: std::ops::Range<u128>) -> Vec<String> {
    let words = Words::with("");
    let generator = plan.generator(&[7; 32], campaign, &words);
    serials.filter_map(|serial| generator.code(serial)).collect()
}

#[track_caller]
fn check_refused(pattern: &str, alphabet: &str, has_check_symbol: bool, reason: &str) {
    let error = Plan::new(pattern, alphabet, has_check_symbol).unwrap_err();
    assert!(error.reason.contains(reason), "{error}");
}

#[test]
fn codes_look_like_their_pattern_and_are_never_the_same() {
    let plan = plan("SUMMER-####-####");
    let codes = codes(&plan, "", 0..20_000);
    assert!(codes.len() > 19_000);
    for code in &codes {
        let symbols = code.strip_prefix("SUMMER-").unwrap();
        let (first, second) = symbols.split_once('-').unwrap();
        assert!(first.len() == 4 && second.len() == 4);
        assert!(symbols.chars().all(|c| c == '-' || PLAIN.contains(c)), "{code}");
    }
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
}

#[test]
fn the_same_secret_gives_the_same_codes_and_goes_on_without_repeats() {
    let plan = plan("########");
    let all = codes(&plan, "june", 0..2_000);
    let [first, then] = [0..700, 700..2_000].map(|serials| codes(&plan, "june", serials));
    assert_eq!([first, then].concat(), all);
    let other = codes(&plan, "july", 0..2_000);
    assert!(all.iter().all(|code| !other.contains(code)));
    // Pinned: codes that were given out must come out again.
    assert_eq!(all[..2], ["FVF6C9BQ", "WKWRC63T"]);
}

#[test]
fn a_small_space_is_used_up_to_the_last_code() {
    let plan = Plan::new("A-##", "0123456789", false).unwrap();
    let codes = codes(&plan, "", 0..200);
    assert_eq!(codes.len(), 100);
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 100);
}

#[test]
fn a_check_symbol_is_the_last_place() {
    let plan = Plan::new("VIP ####-###", PLAIN, true).unwrap();
    assert_eq!(plan.space(), 26u128.pow(6));
    for code in codes(&plan, "", 0..500) {
        assert!(holds(PLAIN, &code), "{code}");
    }
}

#[test]
fn no_code_has_a_bad_word_in_it() {
    let plan = Plan::new("###-#", "ACFHKRTUXY", false).unwrap();
    let (codes, words) = (codes(&plan, "", 0..10_000), Words::with(""));
    assert!(codes.len() < 10_000 && codes.len() > 9_000, "{}", codes.len());
    assert!(!codes.iter().any(|code| words.are_in(code)));
}

#[test]
fn what_makes_no_code_is_refused() {
    check_refused("SUMMER", PLAIN, false, "nothing to choose");
    check_refused("SUMMER-#", PLAIN, true, "nothing to choose");
    check_refused(&"#".repeat(65), "01", false, "no code");
    check_refused(&"#".repeat(40), PLAIN, false, "numbered");
    check_refused(" ####", PLAIN, false, "no code");
    check_refused("####\u{200B}", PLAIN, false, "no code");
    check_refused("####", "0O", false, "'O' and '0'");
    check_refused("####", "abcA", false, "'A' and 'a'");
    check_refused("####", "AB-", false, "'-' cannot");
    check_refused("####", "AB#", false, "'#' cannot");
    check_refused("####", "A", false, "fewer than two");
    check_refused("####", "ABC", true, "no check symbol");
}

#[test]
fn odds_say_how_often_a_guess_succeeds_and_what_would_mend_them() {
    let odds = Odds { codes: 1_000_000, space: 26u128.pow(8) };
    assert_eq!(odds.guesses(), 208_827);
    assert_eq!(odds.places_missing(GUESSES_MIN, 26), 0);
    assert_eq!(odds.places_missing(1_000_000, 26), 1);
    assert_eq!(Odds { codes: 1_000, space: 10_000 }.places_missing(GUESSES_MIN, 10), 4);
}
