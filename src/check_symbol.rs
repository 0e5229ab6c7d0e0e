//! A last symbol that tells a mistyped code from a good one, before anything is asked of a server.
//!
//! - [`symbol`] computes it, [`holds`] checks a code that ends in it.
//! - [`PLAIN`] is the alphabet of generated codes unless another is given.
//!
//! The scheme is the hybrid system of ISO/IEC 7064, MOD M + 1, M, for an alphabet of M symbols:
//! with [`PLAIN`] it is MOD 27,26. Every single wrong symbol is found, and nearly every exchange of
//! two neighbours.

/// Digits and capitals that nobody takes for one another: without 0 and O, 1, I and L, 2 and Z, 5
/// and S, and without U, which is read as V. Twenty-six, as the standard has it.
pub const PLAIN: &str = "346789ABCDEFGHJKMNPQRTVWXY";

/// The check symbol of a text.
///
/// Characters outside the alphabet, such as dashes, are passed over; a letter counts in either
/// case. `None` when the alphabet has an odd number of symbols or fewer than two: doubling has to
/// be undoable modulo M + 1, which an odd M does not allow.
///
/// ```
/// use promo_edge::check_symbol::{PLAIN, holds, symbol};
/// assert_eq!(symbol(PLAIN, "ABC3"), Some('9'));
/// assert!(holds(PLAIN, "abc3-9"));
/// assert!(!holds(PLAIN, "ABC4-9"));
/// ```
#[must_use]
pub fn symbol(alphabet: &str, text: &str) -> Option<char> {
    let size = size_of(alphabet)?;
    let product = product(alphabet, size, text.chars());
    // What makes product + value equal 1 modulo the size.
    let value = size.checked_add(1)?.checked_sub(product.checked_rem(size)?)?.checked_rem(size)?;
    alphabet.chars().nth(usize::try_from(value).ok()?)
}

/// Whether the last symbol of a text is the check symbol of those before it.
#[must_use]
pub fn holds(alphabet: &str, text: &str) -> bool {
    let mut before = text.chars();
    let last = loop {
        match before.next_back() {
            None => return false,
            Some(character) if value_of(alphabet, character).is_some() => break character,
            Some(_) => {}
        }
    };
    let sum = size_of(alphabet).zip(value_of(alphabet, last)).and_then(|(size, value)| {
        product(alphabet, size, before).checked_add(value)?.checked_rem(size)
    });
    sum == Some(1)
}

/// The recursion of the standard: to the product the symbol's value is added modulo M, where
/// nothing counts as M, and the sum is doubled modulo M + 1.
fn product(alphabet: &str, size: u32, text: impl Iterator<Item = char>) -> u32 {
    let values = text.filter_map(|character| value_of(alphabet, character));
    values.fold(size, |product, value| {
        let sum = match product.saturating_add(value).checked_rem(size) {
            None | Some(0) => size,
            Some(sum) => sum,
        };
        sum.saturating_mul(2).checked_rem(size.saturating_add(1)).unwrap_or(0)
    })
}

fn size_of(alphabet: &str) -> Option<u32> {
    let size = u32::try_from(alphabet.chars().count()).ok()?;
    (size >= 2 && size.is_multiple_of(2)).then_some(size)
}

fn value_of(alphabet: &str, character: char) -> Option<u32> {
    let upper = character.to_ascii_uppercase();
    let is_own = |own: char| own == character || own == upper;
    (0u32..).zip(alphabet.chars()).find(|&(_, own)| is_own(own)).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The alphabet of MOD 37,36.
    const ALL: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    #[test]
    fn known_check_characters_come_out() {
        // The example of the standard for MOD 11,10, and a Global Release Identifier for MOD 37,36.
        assert_eq!(symbol("0123456789", "0794"), Some('5'));
        assert_eq!(symbol(ALL, "A12425GABC1234002"), Some('M'));
    }

    #[test]
    fn every_wrong_symbol_is_found() {
        for alphabet in [PLAIN, ALL] {
            for code in ["AAAAAAAA", "3W4X7-9QRT", "KKY6PQ"] {
                let good = format!("{code}{}", symbol(alphabet, code).unwrap());
                assert!(holds(alphabet, &good));
                for (at, own) in good.char_indices().filter(|(_, own)| alphabet.contains(*own)) {
                    for other in alphabet.chars().filter(|&other| other != own) {
                        let mut wrong = good.clone();
                        wrong.replace_range(at..=at, &other.to_string());
                        assert!(!holds(alphabet, &wrong), "{good} {wrong}");
                    }
                }
            }
        }
    }

    #[test]
    fn hardly_an_exchange_of_neighbours_is_missed() {
        let (mut exchanged, mut missed) = (0, 0);
        for first in PLAIN.chars() {
            for second in PLAIN.chars().filter(|&second| second != first) {
                let [code, other] = [[first, second], [second, first]]
                    .map(|pair| format!("3W{}Q", String::from_iter(pair)));
                let check = symbol(PLAIN, &code).unwrap();
                exchanged += 1;
                missed += usize::from(holds(PLAIN, &format!("{other}{check}")));
            }
        }
        assert!(missed * 50 < exchanged, "{missed} of {exchanged}");
    }

    #[test]
    fn what_is_no_symbol_is_passed_over_and_an_odd_alphabet_has_none() {
        let check = symbol(PLAIN, "SUMMER-34AB").unwrap();
        assert_eq!(symbol(PLAIN, "summer34ab"), Some(check));
        assert!(holds(PLAIN, &format!("SUMMER-34AB-{check}.")));
        assert!(!holds(PLAIN, "---") && !holds(PLAIN, ""));
        assert_eq!(symbol("ABC", "A"), None);
        assert_eq!(symbol("", "A"), None);
    }

    #[test]
    fn no_plain_symbol_is_another_when_look_alikes_are_ignored() {
        use crate::code::{Folding, TypedCode};
        let all = Folding { separators: true, lookalikes: true };
        let fold = |c: char| {
            let typed = TypedCode::parse(&c.to_string(), |text| text.to_owned()).unwrap();
            typed.fold(all).as_str().to_owned()
        };
        let folded: Vec<String> = PLAIN.chars().map(fold).collect();
        for (at, one) in folded.iter().enumerate() {
            assert!(!folded[..at].contains(one), "{one}");
        }
    }
}
