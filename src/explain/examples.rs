//! Codes that match and codes that nearly do.
//!
//! Candidates are made from the shape and from what matches. What is shown is what the tables of a
//! snapshot, walked as at a checkout, say of the code as it would be typed.

use crate::code::{CODE_CHARS_MAX, Nfkc, TypedCode};
use crate::snapshot::automaton::shape::{Case, Class, Shape, Times};
use crate::snapshot::automaton::{Pattern, compile};
use crate::snapshot::pattern::{Automata, CompiledPatterns};

/// Most examples of each kind.
const EXAMPLES_MAX: usize = 6;

/// How many candidates are made.
const CANDIDATES: usize = 48;

/// What people put where anything may stand.
const FILLERS: [&str; 6] = ["", "25", "20OFF", "10", "-VIP", "MORE"];

/// What stands where a class has it, of the first script that it has any of, in this order: letters
/// that could be taken for digits are left out.
const FAVOURITES: [&str; 6] = [
    "K2T5M0R7B8AHPV3XE9N46ktmrbahpvxen1- ",
    "春夏秋冬東东南西北",
    "はなあきゆみ",
    "アカサタナハ",
    "КМТРВСабвгде",
    "ΑΒΓΔαβγδ",
];

/// How far a repetition goes beyond its least number.
const REPETITIONS_MORE: u32 = 4;

/// Examples that match, and others that nearly do.
pub(super) fn examples(pattern: &Pattern, shape: &Shape, nfkc: Nfkc) -> (Vec<String>, Vec<String>) {
    let Ok(tables) = compile(&[pattern.as_str()]) else { return Default::default() };
    let judge = Judge { tables, nfkc };
    let matching = judge.matching(pattern, shape);
    let not_matching = judge.not_matching(pattern, &matching);
    (matching, not_matching)
}

/// Says of a text whether it is a code that matches.
struct Judge {
    tables: CompiledPatterns,
    nfkc: Nfkc,
}

impl Judge {
    /// Whether a code matches; `None` when the text is no code, or not as it would be typed.
    fn matches(&self, text: &str) -> Option<bool> {
        self.typed(text).filter(|typed| typed == text)?;
        let CompiledPatterns { index, tables, accepts } = &self.tables;
        let mut is_found = false;
        let found = &mut |_| is_found = true;
        Automata::new(index, tables, accepts).find(text, found).ok()?;
        Some(is_found)
    }

    fn matching(&self, pattern: &Pattern, shape: &Shape) -> Vec<String> {
        let made = (0..CANDIDATES).map(|seed| Maker { seed, used: 0 }.make(shape));
        let mut matching = Vec::new();
        for candidate in made.chain(pattern.shortest_code(self.nfkc)) {
            let is_new = matching.len() < EXAMPLES_MAX && !matching.contains(&candidate);
            if is_new && self.matches(&candidate) == Some(true) {
                matching.push(candidate);
            }
        }
        matching
    }

    /// One near miss of each kind, of the first code that has one.
    fn not_matching(&self, pattern: &Pattern, matching: &[String]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for slip in SLIPS {
            let missed = matching.iter().map(|code| slip(code));
            let missed = missed.filter(|code| self.matches(code) == Some(false));
            let fresh = missed.filter(|code| !found.contains(code)).take(1).collect::<Vec<_>>();
            found.extend(fresh);
        }
        found.truncate(EXAMPLES_MAX);
        if found.is_empty() {
            // What normalisation makes of a code that would match, should none match after it.
            let written = pattern.shortest_code(str::to_owned);
            let typed = written.and_then(|code| self.typed(&code));
            let others = typed.into_iter().chain(pattern.shortest_other_code(self.nfkc));
            found.extend(others.filter(|code| self.matches(code) == Some(false)).take(1));
        }
        found
    }

    /// The code that a text is taken for when it is typed.
    fn typed(&self, text: &str) -> Option<String> {
        TypedCode::parse(text, self.nfkc).ok().map(|typed| typed.as_str().to_owned())
    }
}

/// Makes a text of a shape. Another seed makes other choices.
struct Maker {
    seed: usize,
    used: usize,
}

impl Maker {
    fn make(mut self, shape: &Shape) -> String {
        let mut text = String::new();
        self.write(shape, &mut text);
        text
    }

    fn write(&mut self, shape: &Shape, text: &mut String) {
        if text.len() > CODE_CHARS_MAX.saturating_mul(4) {
            return;
        }
        match shape {
            Shape::Nothing | Shape::Never | Shape::Place(_) => {}
            Shape::Text { text: own, case: Case::Any } => text.push_str(&self.cased(own)),
            Shape::Text { text: own, .. } => text.push_str(own),
            Shape::One(class) => text.extend(self.one_of(class)),
            shape if shape.is_anything() => text.push_str(self.filler()),
            Shape::Repeat { part, times } => {
                (0..self.count(*times)).for_each(|_| self.write(part, text));
            }
            Shape::Sequence(parts) => parts.iter().for_each(|part| self.write(part, text)),
            Shape::Either(parts) => {
                let choice = self.seed.checked_rem(parts.len()).and_then(|at| parts.get(at));
                choice.into_iter().for_each(|part| self.write(part, text));
            }
        }
    }

    /// As it is written, or in another case.
    fn cased(&self, text: &str) -> String {
        match self.seed % 3 {
            0 => text.to_owned(),
            1 => text.to_lowercase(),
            _ => {
                let mut characters = text.chars();
                let first = characters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(characters.flat_map(char::to_lowercase)).collect()
            }
        }
    }

    fn filler(&self) -> &'static str {
        FILLERS.iter().cycle().nth(self.seed).copied().unwrap_or_default()
    }

    fn count(&self, Times { least, most }: Times) -> u32 {
        let most = least.saturating_add(REPETITIONS_MORE).min(most.unwrap_or(u32::MAX));
        let choices = most.saturating_sub(least).saturating_add(1);
        let seed = u32::try_from(self.seed).unwrap_or(u32::MAX);
        least.saturating_add(seed.checked_rem(choices).unwrap_or(0))
    }

    /// A character that people type, if the class has one.
    fn one_of(&mut self, class: &Class) -> Option<char> {
        let at = self.seed.saturating_add(self.used);
        self.used = self.used.saturating_add(1);
        let had = |script: &&str| script.chars().filter(|&c| class.has(c)).collect::<Vec<_>>();
        match FAVOURITES.iter().map(had).find(|favourites| !favourites.is_empty()) {
            Some(favourites) => favourites.get(at.checked_rem(favourites.len())?).copied(),
            None => class.characters().nth(at.checked_rem(class.size())?),
        }
    }
}

/// What people get wrong, one function each.
const SLIPS: [fn(&str) -> String; 7] = [
    |code| match code.to_lowercase() {
        lower if lower == code => code.to_uppercase(),
        lower => lower,
    },
    |code| without_last(code).to_owned(),
    |code| format!("{code}{}", if ends_in_digit(code) { '9' } else { 'X' }),
    |code| format!("X{code}"),
    |code| format!("{}{}", without_last(code), if ends_in_digit(code) { 'X' } else { '7' }),
    |code| without_first(code).to_owned(),
    |code| format!("7{}", without_first(code)),
];

fn ends_in_digit(code: &str) -> bool {
    code.ends_with(|last: char| last.is_ascii_digit())
}

fn without_last(code: &str) -> &str {
    let mut characters = code.chars();
    characters.next_back();
    characters.as_str()
}

fn without_first(code: &str) -> &str {
    let mut characters = code.chars();
    characters.next();
    characters.as_str()
}
