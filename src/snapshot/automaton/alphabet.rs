//! The symbols that automata are made of: ASCII characters, and kinds of other characters.
//!
//! Two characters outside ASCII are of one kind when no pattern of an automaton tells them apart.
//! With kinds in place of UTF-8's bytes a class such as `\w` is one step of a few ranges, not
//! kilobytes of table at every place where it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::snapshot::layout::Bytes;
use crate::snapshot::pattern::NO_SYMBOL;

/// Characters outside ASCII that one class has, as ascending ranges with their last ones.
pub(super) type Characters = Vec<(u32, u32)>;

/// Which symbol stands for a character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alphabet {
    /// The first characters of runs of one kind, ascending, and the kind's symbol.
    runs: Vec<(u32, u8)>,
    /// A character of each kind, by symbol.
    examples: BTreeMap<u8, char>,
}

impl Alphabet {
    /// The alphabet that tells apart what any of the classes does; `None` when there are more kinds
    /// than symbols.
    pub fn of(classes: &BTreeSet<Characters>) -> Option<Alphabet> {
        let mut edges = BTreeMap::<u32, Vec<usize>>::new();
        for (class, characters) in classes.iter().enumerate() {
            for &(first, last) in characters {
                edges.entry(first).or_default().push(class);
                edges.entry(after(last)).or_default().push(class);
            }
        }
        let mut alphabet = Alphabet { runs: Vec::new(), examples: BTreeMap::new() };
        let mut symbols = BTreeMap::from([(BTreeSet::new(), NO_SYMBOL)]);
        let mut inside = BTreeSet::new();
        for (first, crossed) in edges {
            for class in crossed {
                if !inside.remove(&class) {
                    inside.insert(class);
                }
            }
            let fresh = symbols.len().checked_add(usize::from(u8::MAX / 2));
            let symbol = match symbols.get(&inside) {
                Some(&symbol) => symbol,
                None => u8::try_from(fresh?).ok().filter(|&fresh| fresh < NO_SYMBOL)?,
            };
            symbols.insert(inside.clone(), symbol);
            alphabet.runs.push((first, symbol));
            if let Some(example) = char::from_u32(first).filter(|_| symbol != NO_SYMBOL) {
                alphabet.examples.entry(symbol).or_insert(example);
            }
        }
        alphabet.runs.dedup_by_key(|run| run.1);
        Some(alphabet)
    }

    /// The alphabet that tells apart what any of these does.
    pub fn joined<'a>(alphabets: impl IntoIterator<Item = &'a Alphabet>) -> Option<Alphabet> {
        let mut classes = BTreeSet::new();
        for alphabet in alphabets {
            let mut kinds = BTreeMap::<u8, Characters>::new();
            for run in alphabet.runs.windows(2) {
                let &[(first, symbol), (above, _)] = run else { continue };
                kinds.entry(symbol).or_default().push((first, before(above)));
            }
            kinds.remove(&NO_SYMBOL);
            classes.extend(kinds.into_values());
        }
        Alphabet::of(&classes)
    }

    /// The symbol of a character; `None` when no class has it.
    pub fn symbol(&self, character: char) -> Option<u8> {
        if character.is_ascii() {
            return u8::try_from(character).ok();
        }
        let above = self.runs.partition_point(|&(first, _)| first <= u32::from(character));
        let (_, symbol) = self.runs.get(above.checked_sub(1)?)?;
        (*symbol != NO_SYMBOL).then_some(*symbol)
    }

    /// The symbols for characters outside ASCII, each with one of its characters.
    pub fn kinds(&self) -> impl Iterator<Item = (u8, char)> {
        self.examples.iter().map(|(&symbol, &example)| (symbol, example))
    }

    /// The characters outside ASCII that a symbol stands for, ascending.
    pub fn characters(&self, symbol: u8) -> impl Iterator<Item = char> + '_ {
        let own = self.runs.windows(2).filter_map(move |run| match *run {
            [(first, kind), (above, _)] if kind == symbol => Some(first..above),
            _ => None,
        });
        own.flatten().filter_map(char::from_u32)
    }

    /// A character that a symbol stands for.
    pub fn example(&self, symbol: u8) -> Option<char> {
        if symbol.is_ascii() {
            Some(char::from(symbol))
        } else {
            self.examples.get(&symbol).copied()
        }
    }

    /// The bytes in a snapshot.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Bytes::default();
        for &(first, symbol) in &self.runs {
            bytes.u24(first).u8(symbol);
        }
        bytes.0
    }
}

/// The character after this one; no character is a surrogate.
fn after(character: u32) -> u32 {
    if character == 0xD7FF { 0xE000 } else { character.saturating_add(1) }
}

/// The character before this one.
fn before(character: u32) -> u32 {
    if character == 0xE000 { 0xD7FF } else { character.saturating_sub(1) }
}
