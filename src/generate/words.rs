//! Words that no code may have in it.

use crate::code::{Folding, TypedCode};

use std::collections::BTreeMap;

/// Words that people in some language do not want to read on a voucher.
///
/// A small list on purpose: short enough to be read by whoever has to answer for it. A shop adds
/// its own, such as the names of competitors.
const BUILT_IN: &str = include_str!("bad_words.txt");

/// Words that no code may have in it, however it spells them.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// By first character: a million codes are looked through in a second or two.
    folded: BTreeMap<char, Vec<String>>,
}

impl Words {
    /// The built-in words and those of a list with one a line; lines that begin with `#` are
    /// comments.
    #[must_use]
    pub fn with(list: &str) -> Words {
        let lines = BUILT_IN.lines().chain(list.lines()).map(str::trim);
        let words = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut folded = BTreeMap::<char, Vec<String>>::new();
        for word in words.map(bare) {
            let Some(first) = word.chars().next() else { continue };
            let known = folded.entry(first).or_default();
            if !known.contains(&word) {
                known.push(word);
            }
        }
        Words { folded }
    }

    /// Leaves out the words that every code of a pattern has, given its own characters, and says
    /// which they are.
    pub fn allow_in(&mut self, literal: &str) -> Vec<String> {
        let parts: Vec<String> = literal.split(' ').map(bare).collect();
        let is_there = |word: &String| parts.iter().any(|part| part.contains(word.as_str()));
        let mut allowed = Vec::new();
        for words in self.folded.values_mut() {
            allowed.extend(words.iter().filter(|word| is_there(word)).cloned());
            words.retain(|word| !is_there(word));
        }
        allowed
    }

    /// Whether a text has one of them in it, when what separates its characters is left out and
    /// look-alikes are taken for one another.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        let text = bare(text);
        let begins_one = |(at, first): (usize, char)| {
            let rest = text.get(at..).unwrap_or_default();
            let words = self.folded.get(&first).into_iter().flatten();
            words.into_iter().any(|word| rest.starts_with(word.as_str()))
        };
        text.char_indices().any(begins_one)
    }
}

/// A text as it is compared: folded as a program may fold codes, and then with the digits that are
/// read as letters.
fn bare(text: &str) -> String {
    let everything = Folding { separators: true, lookalikes: true };
    let folded = TypedCode::parse(text, crate::catalog::nfkc).map(|typed| typed.fold(everything));
    let read = |c: char| match c {
        '4' | '@' => 'a',
        '3' => 'e',
        '6' | '9' => 'g',
        '7' => 't',
        '8' => 'b',
        '$' => '5',
        'v' => 'u',
        c => c,
    };
    folded.map(|folded| folded.as_str().chars().map(read).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_however_it_is_spelt() {
        let words = Words::with("# ours\nRIVALMART\n\n");
        for code in ["SH1T-9", "5h-i-t", "X-F-V-C-K", "KVRW4", "Ф-RIVALMART", "r1va1-mart"] {
            assert!(words.are_in(code), "{code}");
        }
        for code in ["SUMMER-34AB", "SHIRT", "RIVAL-4-MARTA", ""] {
            assert!(!words.are_in(code), "{code}");
        }
        assert!(!Words::with("").are_in("RIVALMART"));
    }

    #[test]
    fn what_every_code_says_is_allowed_and_named() {
        let mut words = Words::with("");
        assert_eq!(words.allow_in("ARSENAL-    "), [bare("arse")]);
        assert!(!words.are_in("ARSENAL-3344") && words.are_in("SHIT-3344"));
    }

    #[test]
    fn every_built_in_word_can_be_in_a_code() {
        let words = Words::with("");
        let folded: Vec<&String> = words.folded.values().flatten().collect();
        assert!(folded.len() > 50);
        assert!(folded.iter().all(|word| word.chars().count() >= 3), "{folded:?}");
        let texts = BUILT_IN.lines().filter(|line| !line.starts_with('#'));
        assert!(texts.into_iter().all(|word| words.are_in(&format!("AB-{word}-34"))));
    }
}
