//! Codes that somebody finds by trying.

use super::codes::{Code, owner};
use super::{Desk, Finding, Rule, and_others, by_campaign};
use crate::catalog::nfkc;
use crate::code::{CodeKind, CreditPolicy, Folding, TypedCode};
use crate::generate::{GUESSES_MIN, Odds};

use std::collections::{BTreeMap, BTreeSet};

/// So many texts can all be tried: as many as there are of four letters and digits.
const TRIED: u64 = 36 * 36 * 36 * 36;

/// From so many numbers in a row on, codes are numbered and not merely alike.
const RUN_MIN: usize = 5;

/// From so many codes on, their form can be told from them.
const GROUP_MIN: usize = 20;

/// Words that everybody tries, with a short number or without.
const COMMON_WORDS: &str = "autumn bienvenue birthday blackfriday bonus cashback \
    christmas code coupon cyber deal discount extra fall first flash free freeship \
    freeshipping friend friends gift hello hi love new newyear off promo rabatt sale \
    save soldes sommer spring student summer take thanks vip welcome willkommen winter \
    xmas";

/// Longest number that is tried after a word.
const NUMBER_DIGITS: usize = 2;

pub(super) fn look(desk: &Desk<'_>) -> Vec<Finding> {
    let mut findings = single(desk);
    let mut campaigns = BTreeMap::<usize, Vec<Candidate<'_>>>::new();
    for code in secrets(desk) {
        campaigns.entry(code.campaign).or_default().push(Candidate::of(code));
    }
    for candidates in campaigns.values().filter(|candidates| candidates.len() >= RUN_MIN) {
        let numbered = sequential(candidates);
        findings.extend(if numbered.is_empty() { dense(candidates) } else { numbered });
    }
    findings
}

/// The exact codes that not everybody is told.
fn secrets<'a>(desk: &Desk<'a>) -> impl Iterator<Item = &'a Code> {
    desk.exact().filter(|code| !code.terms.public)
}

/// What is wrong with a code by itself; of a campaign one is named.
fn single(desk: &Desk<'_>) -> Vec<Finding> {
    let short_patterns = desk.patterns().filter(|pattern| {
        let shortest = pattern.pattern.shortest_code(nfkc);
        !pattern.code.terms.public && shortest.is_some_and(|code| is_short(&code))
    });
    let short = secrets(desk).filter(|code| is_short(&code.text));
    let short = by_campaign(short.chain(short_patterns.map(|pattern| &pattern.code)));
    let common =
        by_campaign(secrets(desk).filter(|code| {
            !is_short(&code.text) && is_common(&code.text) && is_always_uncapped(code)
        }));
    let short = short.into_iter().map(|(count, code)| Finding {
        rule: Rule::ShortCode,
        place: code.place(),
        got: format!("{}, as short as {TRIED} other texts or fewer", and_others(&code.text, count)),
        remedy: "all of them can be tried: lengthen it, or make it public".to_owned(),
    });
    let common = common.into_iter().map(|(count, code)| Finding {
        rule: Rule::CommonWord,
        place: code.place(),
        got: format!(
            "{}, which people try without having been told, and which credits {} whenever it is \
             used",
            and_others(&code.text, count),
            owner(&code.terms)
        ),
        remedy: "choose a word of the partner's own, or ask for a click: credit_policy involved"
            .to_owned(),
    });
    short.chain(common).collect()
}

fn is_always_uncapped(code: &Code) -> bool {
    let terms = &code.terms;
    let is_always =
        matches!(terms.kind, CodeKind::Tracking { credit_policy: CreditPolicy::Always, .. });
    is_always && !terms.is_capped()
}

/// Whether there are so few texts as short as this that all can be tried. How many a character may
/// be depends on its script: a word of two ideographs is not short.
fn is_short(text: &str) -> bool {
    let choices = |c: char| match c {
        c if c.is_ascii() => 36,
        '\u{3041}'..='\u{30FF}' => 80,
        '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => 2_000,
        _ => 40,
    };
    bare(text).chars().map(choices).fold(1u64, u64::saturating_mul) <= TRIED
}

/// A code without its separators, in lower case.
fn bare(text: &str) -> String {
    let separators = Folding { separators: true, lookalikes: false };
    let folded = TypedCode::parse(text, nfkc).map(|typed| typed.fold(separators));
    folded.map(|folded| folded.as_str().to_owned()).unwrap_or_default()
}

fn is_common(text: &str) -> bool {
    let bare = bare(text);
    let word = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = bare.len().saturating_sub(word.len());
    COMMON_WORDS.split(' ').any(|common| common == word) && digits <= NUMBER_DIGITS
}

/// A code as it is compared with others of its campaign.
struct Candidate<'a> {
    code: &'a Code,
    characters: Vec<char>,
    /// How many of the characters come before the number at its end, and the number.
    number: Option<(usize, u64)>,
}

impl<'a> Candidate<'a> {
    fn of(code: &'a Code) -> Self {
        let folded = TypedCode::parse(&code.text, nfkc).map(|typed| typed.fold(Folding::default()));
        let text = folded.map(|folded| folded.as_str().to_owned()).unwrap_or_default();
        let word = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = text.get(word.len()..).unwrap_or_default();
        let number = digits.parse().ok().map(|number| (word.chars().count(), number));
        Candidate { code, characters: text.chars().collect(), number }
    }

    fn word(&self) -> &[char] {
        let length = self.number.map_or(self.characters.len(), |(length, _)| length);
        self.characters.get(..length).unwrap_or_default()
    }
}

/// Codes of one word whose numbers follow each other.
fn sequential(candidates: &[Candidate<'_>]) -> Vec<Finding> {
    let mut words = BTreeMap::<&[char], Vec<(u64, &Code)>>::new();
    for candidate in candidates {
        if let Some((_, number)) = candidate.number {
            words.entry(candidate.word()).or_default().push((number, candidate.code));
        }
    }
    let mut findings = Vec::new();
    for numbers in words.values_mut() {
        numbers.sort_by_key(|&(number, _)| number);
        numbers.dedup_by_key(|(number, _)| *number);
        let follows = |a: &(u64, &Code), b: &(u64, &Code)| a.0.checked_add(1) == Some(b.0);
        let runs = numbers.chunk_by(follows);
        let Some(longest) = runs.max_by_key(|run| run.len()) else { continue };
        let (Some((_, first)), Some((_, last))) = (longest.first(), longest.last()) else {
            continue;
        };
        if longest.len() >= RUN_MIN {
            findings.push(Finding {
                rule: Rule::SequentialCodes,
                place: first.place(),
                got: format!(
                    "{} codes in a row from {:?} to {:?}: whoever has one has all",
                    longest.len(),
                    first.text,
                    last.text
                ),
                remedy: "make them with `promo generate`".to_owned(),
            });
        }
    }
    findings
}

/// Codes of one form, of which there are too few others.
///
/// What a guesser may try at a place is what codes of the form have there; codes of one form have
/// as many characters and the same separators.
fn dense(candidates: &[Candidate<'_>]) -> Vec<Finding> {
    let mut forms = BTreeMap::<Vec<Option<char>>, Vec<&Candidate<'_>>>::new();
    for candidate in candidates {
        let form = candidate.characters.iter().map(|&c| (!c.is_alphanumeric()).then_some(c));
        forms.entry(form.collect()).or_default().push(candidate);
    }
    let large = forms.into_iter().filter(|(_, codes)| codes.len() >= GROUP_MIN);
    large.filter_map(|(form, codes)| too_dense(form.len(), &codes)).collect()
}

fn too_dense(length: usize, codes: &[&Candidate<'_>]) -> Option<Finding> {
    let mut space = 1u128;
    for place in 0..length {
        let symbols: BTreeSet<&char> =
            codes.iter().filter_map(|code| code.characters.get(place)).collect();
        space = space.saturating_mul(u128::try_from(symbols.len()).unwrap_or(u128::MAX));
    }
    let odds = Odds { codes: u128::try_from(codes.len()).ok()?, space };
    let first = codes.first()?.code;
    (odds.guesses() < GUESSES_MIN).then(|| Finding {
        rule: Rule::DenseCodes,
        place: first.place(),
        got: format!(
            "{} like {:?}: one guess in {} succeeds",
            codes.len(),
            first.text,
            odds.guesses()
        ),
        remedy: format!(
            "make them with `promo generate`, which keeps to one in {GUESSES_MIN} or less"
        ),
    })
}
