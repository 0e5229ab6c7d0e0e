//! Characters that are taken for one another, and the texts that a typed one may have been meant
//! to be.

use super::{TypedCode, is_separator, lower_case::lower_case};

/// Most texts that [`TypedCode::lookalikes`] names.
pub const LOOKALIKES_MAX: usize = 256;

impl TypedCode {
    /// Texts that look like this one, the nearest first: without its separators, then with one
    /// character taken for another, then two, and so on; at most [`LOOKALIKES_MAX`], in capitals
    /// and with Latin letters as codes are printed.
    ///
    /// ```
    /// use promo_edge::code::TypedCode;
    /// let typed = TypedCode::parse("ab-1", |text| text.to_owned()).unwrap();
    /// let alike: Vec<_> = typed.lookalikes();
    /// let alike: Vec<&str> = alike.iter().map(TypedCode::as_str).collect();
    /// assert_eq!(alike, ["AB-1", "AB1", "AB-I", "AB-L", "ABI", "ABL"]);
    /// ```
    #[must_use]
    pub fn lookalikes(&self) -> Vec<TypedCode> {
        let printed: Vec<char> = self.as_str().chars().map(printed).collect();
        let joined: Vec<char> = printed.iter().copied().filter(|&c| !is_separator(c)).collect();
        let has_separators = joined.len() < printed.len();
        // Each text with where its next character may be exchanged: those before have been.
        let mut texts = vec![(printed, 0)];
        texts.extend(has_separators.then_some((joined, 0)));
        let mut next = 0usize;
        while let Some((text, from)) = texts.get(next).cloned() {
            next = next.saturating_add(1);
            for (at, &c) in text.iter().enumerate().skip(from) {
                for &other in members(c).iter().filter(|&&other| other != c) {
                    let mut other_text = text.clone();
                    other_text.get_mut(at).into_iter().for_each(|c| *c = other);
                    texts.push((other_text, at.saturating_add(1)));
                }
                texts.truncate(LOOKALIKES_MAX);
            }
        }
        let typed = |text: &[char]| TypedCode::from_clean(&String::from_iter(text)).ok();
        texts.iter().filter_map(|(text, _)| typed(text)).collect()
    }
}

/// The digit or Latin letter that a lower-case character stands for when look-alikes are ignored.
///
/// Cyrillic and Greek letters go by the look of their capitals, which is how codes are printed; for
/// the pairs see Unicode Technical Standard 39, confusables.
pub(super) fn lookalike(c: char) -> char {
    match c {
        'o' | 'о' | 'ο' => '0',
        'i' | 'l' | 'ı' | 'і' | 'ι' | 'ӏ' => '1',
        's' | 'ѕ' => '5',
        'z' | 'ζ' => '2',
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'е' | 'ε' => 'e',
        'н' | 'һ' | 'η' => 'h',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'n',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'т' | 'τ' => 't',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'ү' | 'υ' => 'y',
        c => c,
    }
}

/// The capital or digit of this character's look, where it has one of ours.
fn printed(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    let alike = lookalike(lower_case(c));
    let letter = members(alike).first().copied().unwrap_or(alike);
    if letter.is_ascii() { letter.to_ascii_uppercase() } else { c }
}

/// The capitals and the digit that are taken for one another, of which this is one.
fn members(c: char) -> &'static [char] {
    match c {
        'O' | '0' => &['O', '0'],
        'I' | 'L' | '1' => &['I', 'L', '1'],
        'S' | '5' => &['S', '5'],
        'Z' | '2' => &['Z', '2'],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Folding;

    fn alike(text: &str) -> Vec<String> {
        let typed = TypedCode::parse(text, |text| text.to_owned()).unwrap();
        typed.lookalikes().iter().map(|typed| typed.as_str().to_owned()).collect()
    }

    #[test]
    fn what_was_meant_is_among_the_nearest() {
        for (typed, meant) in [
            ("SUMMERl0", "SUMMER10"),
            ("summer1o", "SUMMER10"),
            ("ABC-10", "ABC10"),
            ("Sale 2O", "SALE20"),
            ("SАVE10", "SAVE10"),
            ("SUММЕR1О", "SUMMER1O"),
        ] {
            let place = alike(typed).iter().position(|text| text == meant);
            assert!(place.is_some_and(|place| place < 16), "{typed}: {place:?}");
        }
    }

    #[test]
    fn all_fold_alike_once_and_end() {
        let all = Folding { separators: true, lookalikes: true };
        for typed in ["OIL-SIZ0", "日本-1", "O1O1O1O1O1O1O1O1", "---", "ς"] {
            let typed = TypedCode::parse(typed, |text| text.to_owned()).unwrap();
            let alike = typed.lookalikes();
            assert!((1..=LOOKALIKES_MAX).contains(&alike.len()));
            for (at, one) in alike.iter().enumerate() {
                assert_eq!(one.fold(all), typed.fold(all));
                assert!(!alike[..at].contains(one), "{one:?}");
            }
        }
    }

    #[test]
    fn members_are_those_that_fold_to_one() {
        for c in ('A'..='Z').chain('0'..='9') {
            let folded = lookalike(lower_case(c));
            let same: Vec<char> = ('A'..='Z')
                .chain('0'..='9')
                .filter(|&other| lookalike(lower_case(other)) == folded)
                .collect();
            let of_class = members(c).iter().filter(|other| same.contains(other)).count();
            assert_eq!(if same.len() > 1 { same.len() } else { 0 }, members(c).len());
            assert_eq!(of_class, members(c).len());
        }
    }
}
