//! Codes that nobody can guess, made from a pattern and a secret.
//!
//! - [`Plan`] is what codes look like, checked; [`Plan::generator`] gives it a secret.
//! - [`Generator`] makes the code of a serial number: the same secret and plan always give the same
//!   code, and no two serial numbers share one.
//! - [`Odds`] says how often a guess would succeed.
//!
//! A code is its serial number, enciphered. So nothing needs to be remembered to keep codes apart:
//! whoever goes on later starts at the serial number after the last.

mod permutation;
mod words;

pub use words::Words;

use crate::check_symbol;
use crate::code::{CODE_CHARS_MAX, Folding, TypedCode};
use permutation::Permutation;

use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;

/// Of so many guesses at most one may succeed, unless somebody asks for something else: at one
/// guess a second, the first success takes more than a day.
pub const GUESSES_MIN: u128 = 100_000;

/// What stands in a pattern for a symbol of the alphabet.
const PLACE: char = '#';

/// Most codes that a pattern may stand for: half of its bits have to fit into a number of 64.
const SPACE_MAX: u128 = 1 << 124;

/// Why codes cannot be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError {
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// What codes look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pattern: String,
    alphabet: String,
    symbols: Vec<char>,
    has_check_symbol: bool,
    /// How many places are chosen, without that of the check symbol.
    place_count: u32,
    space: u128,
}

/// How often a guess succeeds of somebody who knows what codes look like and how their check symbol
/// is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Odds {
    /// How many codes there are.
    pub codes: u128,
    /// How many texts look like one.
    pub space: u128,
}

/// Makes codes.
#[derive(Debug)]
pub struct Generator<'a> {
    plan: &'a Plan,
    words: &'a Words,
    permutation: Permutation,
}

impl Plan {
    /// Reads a pattern: every `#` stands for a symbol of the alphabet, everything else for itself.
    /// With a check symbol the last `#` is that of the symbols before it.
    ///
    /// # Errors
    ///
    /// [`PlanError`] when the pattern has no place or makes no code, or when two symbols of the
    /// alphabet could be taken for one another.
    pub fn new(pattern: &str, alphabet: &str, has_check_symbol: bool) -> Result<Plan, PlanError> {
        let symbols = checked(alphabet, has_check_symbol)?;
        let places = pattern.chars().filter(|&c| c == PLACE).count();
        let chosen = places.saturating_sub(usize::from(has_check_symbol));
        let place_count =
            u32::try_from(chosen).ok().filter(|&count| count > 0).ok_or_else(|| {
                error(
                    "it leaves nothing to choose",
                    "write a `#` for each symbol: SUMMER-####-####",
                )
            })?;
        let size = u128::try_from(symbols.len()).unwrap_or(u128::MAX);
        let space = size.checked_pow(place_count).filter(|&space| space <= SPACE_MAX);
        let space = space.ok_or_else(|| {
            error("it stands for more codes than can be numbered", "write fewer `#`")
        })?;
        let (pattern, alphabet) = (pattern.to_owned(), alphabet.to_owned());
        let plan = Plan { pattern, alphabet, symbols, has_check_symbol, place_count, space };
        let example = plan.spell(0);
        match TypedCode::parse(&example, crate::catalog::nfkc) {
            Ok(typed) if typed.as_str() == example => Ok(plan),
            _ => Err(error(
                format!("{example:?} is no code as it would be typed"),
                format!(
                    "use at most {CODE_CHARS_MAX} characters that people can type, and no white \
                     space at the ends"
                ),
            )),
        }
    }

    /// How many serial numbers there are: 0 up to this, without it.
    #[must_use]
    pub fn space(&self) -> u128 {
        self.space
    }

    /// The pattern's own characters, a space for every place.
    #[must_use]
    pub fn literal(&self) -> String {
        self.pattern.replace(PLACE, " ")
    }

    /// What makes its codes from a secret of 32 random bytes. Another campaign's name makes others.
    #[must_use]
    pub fn generator<'a>(
        &'a self,
        secret: &[u8; 32],
        campaign: &str,
        words: &'a Words,
    ) -> Generator<'a> {
        let check = if self.has_check_symbol { "check" } else { "" };
        let mut purpose = b"promo-edge codes 1".to_vec();
        for part in [campaign, &self.pattern, &self.alphabet, check] {
            purpose.extend_from_slice(format!(":{}:{part}", part.len()).as_bytes());
        }
        let mut key = [0; 16];
        // It fails for keys of more than 8,160 bytes only.
        let is_made = Hkdf::<Sha256>::new(None, secret).expand(&purpose, &mut key);
        debug_assert!(is_made.is_ok(), "a key of 16 bytes can be derived");
        let size = u64::try_from(self.symbols.len()).unwrap_or(u64::MAX);
        let permutation = Permutation::new(key, size, self.place_count);
        Generator { plan: self, words, permutation }
    }

    /// The code whose chosen symbols are the digits of a number, highest first.
    fn spell(&self, number: u128) -> String {
        let size = u128::try_from(self.symbols.len()).unwrap_or(u128::MAX);
        let mut digits = Vec::new();
        let mut rest = number;
        for _ in 0..self.place_count {
            digits.push(rest.checked_rem(size).and_then(|digit| usize::try_from(digit).ok()));
            rest = rest.checked_div(size).unwrap_or(0);
        }
        let mut code = String::with_capacity(self.pattern.len());
        for character in self.pattern.chars() {
            if character != PLACE {
                code.push(character);
            } else if let Some(digit) = digits.pop() {
                code.extend(digit.and_then(|digit| self.symbols.get(digit)));
            } else {
                code.extend(check_symbol::symbol(&self.alphabet, &code));
            }
        }
        code
    }
}

impl Generator<'_> {
    /// The codes from a serial number on, each with its own, as far as there are any.
    pub fn codes(&self, from: u128) -> impl Iterator<Item = (u128, String)> + '_ {
        let serials = from..self.plan.space;
        serials.filter_map(|serial| Some((serial, self.code(serial)?)))
    }

    /// The code of a serial number; `None` when it has a word in it that no code may have, or when
    /// there is no such number.
    #[must_use]
    pub fn code(&self, serial: u128) -> Option<String> {
        if serial >= self.plan.space {
            return None;
        }
        let code = self.plan.spell(self.permutation.apply(serial));
        (!self.words.are_in(&code)).then_some(code)
    }
}

impl Odds {
    /// How many guesses it takes on average until one succeeds; rounded down.
    #[must_use]
    pub fn guesses(self) -> u128 {
        self.space.checked_div(self.codes).unwrap_or(self.space)
    }

    /// How many more places the pattern needs so that it takes at least so many guesses.
    #[must_use]
    pub fn places_missing(self, guesses_min: u128, alphabet_size: usize) -> u32 {
        let size = u128::try_from(alphabet_size).unwrap_or(u128::MAX).max(2);
        let mut space = self.space;
        let mut places = 0u32;
        while space.checked_div(self.codes).unwrap_or(u128::MAX) < guesses_min {
            space = space.saturating_mul(size);
            places = places.saturating_add(1);
        }
        places
    }
}

impl fmt::Display for Odds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "of {} texts that look like a code, {} are one", self.space, self.codes)
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.remedy)
    }
}

impl std::error::Error for PlanError {}

/// An alphabet whose symbols stay apart whatever a program ignores.
fn checked(alphabet: &str, has_check_symbol: bool) -> Result<Vec<char>, PlanError> {
    let everything = Folding { separators: true, lookalikes: true };
    let mut folded: Vec<String> = Vec::new();
    for symbol in alphabet.chars() {
        let text = symbol.to_string();
        let typed = TypedCode::parse(&text, crate::catalog::nfkc).ok();
        let typed = typed.filter(|typed| typed.as_str() == text && symbol != PLACE);
        let own = typed.map(|typed| typed.fold(everything).as_str().to_owned());
        let own = own.filter(|own| !own.is_empty()).ok_or_else(|| {
            error(format!("{symbol:?} cannot be a symbol"), "use letters and digits")
        })?;
        if let Some(at) = folded.iter().position(|other| *other == own) {
            let other = alphabet.chars().nth(at).unwrap_or_default();
            return Err(error(
                format!("{symbol:?} and {other:?} can be taken for one another"),
                format!("leave one of them out, as {} does", check_symbol::PLAIN),
            ));
        }
        folded.push(own);
    }
    if folded.len() < 2 {
        return Err(error("the alphabet has fewer than two symbols", "give it more"));
    }
    if has_check_symbol && !folded.len().is_multiple_of(2) {
        let reason = format!("an alphabet of {} symbols has no check symbol", folded.len());
        return Err(error(reason, "leave out or add one symbol: their number has to be even"));
    }
    Ok(alphabet.chars().collect())
}

fn error(reason: impl Into<String>, remedy: impl Into<String>) -> PlanError {
    PlanError { reason: reason.into(), remedy: remedy.into() }
}

#[cfg(test)]
mod tests;
