//! Finds the patterns that match a whole text, by walking tables compiled with the snapshot.
//!
//! - [`Automata`] are a snapshot's tables; `FORMAT.md` describes their bytes.
//! - [`CompiledPatterns`] is how they come to the builder, and [`PatternError`] why they do not.
//!
//! No regular expression is parsed or compiled here: a step is one character of text and one look
//! into a table, so a look-up is linear in the text whatever the patterns, and needs none of the
//! compiler's code or memory.

use super::SnapshotError;
use super::layout::{slice_at, u8_at, u24_at, u32_at, usize_at};

use std::fmt;

/// Bytes of an entry of the automata section.
pub const ENTRY_SIZE: usize = 20;
/// Flag of an automaton that reads texts from their last character to their first.
pub(super) const REVERSED: u32 = 1;
/// Bytes of a run of an alphabet: its first character and the symbol.
const RUN_SIZE: usize = 4;
/// In an alphabet, what stands for characters that lead nowhere.
pub(super) const NO_SYMBOL: u8 = 0;
/// From here on a state's first byte is its head; below, it is the one symbol that leads to the
/// state that follows.
pub(super) const HEAD: u8 = 0x80;
/// Flag of a head: a text that ends in this state is matched.
pub(super) const HEAD_ACCEPTS: u8 = 0x40;
/// Flag of a head: all ranges lead to one state, whose offset stands before them.
pub(super) const HEAD_SHARED: u8 = 0x20;
/// Flag of a head: all ranges lead to the state that follows.
pub(super) const HEAD_NEXT: u8 = 0x10;
/// The number of ranges in a head; all bits set means that the number is in the byte that follows.
pub(super) const HEAD_COUNT: u8 = 0x0F;
/// Bytes of a range: its first and last symbol.
pub(super) const RANGE_SIZE: usize = 2;
/// Bytes of a range that has a target of its own.
pub(super) const RANGE_TARGET_SIZE: usize = 5;
/// Flag of the last pattern of an accept set.
pub(super) const LAST_OF_SET: u32 = 1 << 31;

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "automata" };

/// The automata of a snapshot. Together they know every pattern, each pattern in one of them.
#[derive(Debug, Clone, Copy)]
pub struct Automata<'a> {
    index: &'a [u8],
    tables: &'a [u8],
    accepts: &'a [u8],
}

impl<'a> Automata<'a> {
    /// Takes the bytes of the three sections as they are; nothing is read yet.
    #[must_use]
    pub fn new(index: &'a [u8], tables: &'a [u8], accepts: &'a [u8]) -> Self {
        Automata { index, tables, accepts }
    }

    /// Names every pattern that matches the whole text, by index, in no particular order.
    ///
    /// Every automaton reads at most the whole text, a character a step; most give up after a few.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when the walk leaves a table or a set does not end.
    pub fn find(&self, text: &str, matched: &mut impl FnMut(u32)) -> Result<(), SnapshotError> {
        for entry in self.index.chunks_exact(ENTRY_SIZE) {
            let automaton = self.automaton(entry).ok_or(CORRUPT)?;
            if let Some(set) = automaton.read(text).ok_or(CORRUPT)? {
                self.name_set(set, matched).ok_or(CORRUPT)?;
            }
        }
        Ok(())
    }

    /// Reads all tables: every state is whole, every range leads to a state, every set names
    /// patterns.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when anything else is found.
    pub fn verify(&self, pattern_count: u32) -> Result<(), SnapshotError> {
        let set_starts = self.set_starts(pattern_count).ok_or(CORRUPT)?;
        for entry in self.index.chunks(ENTRY_SIZE) {
            let automaton = self.automaton(entry).ok_or(CORRUPT)?;
            automaton.verify(&set_starts).ok_or(CORRUPT)?;
        }
        Ok(())
    }

    fn automaton(&self, entry: &[u8]) -> Option<Automaton<'a>> {
        let table = slice_at(self.tables, usize_at(entry, 0)?, usize_at(entry, 4)?)?;
        let alphabet = slice_at(self.tables, usize_at(entry, 8)?, usize_at(entry, 12)?)?;
        Some(Automaton { table, alphabet, reversed: u32_at(entry, 16)? & REVERSED != 0 })
    }

    fn name_set(&self, first: u32, matched: &mut impl FnMut(u32)) -> Option<()> {
        let at = usize::try_from(first).ok()?.checked_mul(4)?;
        for entry in self.accepts.get(at..)?.chunks(4) {
            let entry = u32_at(entry, 0)?;
            matched(entry & !LAST_OF_SET);
            if entry & LAST_OF_SET != 0 {
                return Some(());
            }
        }
        None
    }

    /// Whether a set starts, for each entry of the accepts.
    fn set_starts(&self, pattern_count: u32) -> Option<Vec<bool>> {
        let mut starts = Vec::new();
        let mut above = None;
        for entry in self.accepts.chunks(4) {
            let entry = u32_at(entry, 0)?;
            let pattern = entry & !LAST_OF_SET;
            (pattern < pattern_count && above.is_none_or(|last| last < pattern)).then_some(())?;
            starts.push(above.is_none());
            above = (entry & LAST_OF_SET == 0).then_some(pattern);
        }
        above.is_none().then_some(starts)
    }
}

/// The sections that patterns are compiled to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompiledPatterns {
    /// Entries of the automata section, of [`ENTRY_SIZE`].
    pub index: Vec<u8>,
    /// Bytes of the tables section.
    pub tables: Vec<u8>,
    /// Entries of the accepts section.
    pub accepts: Vec<u8>,
}

/// Why a text is not a pattern that codes can be matched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it, and where.
    pub reason: String,
    /// What to write instead.
    pub remedy: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pattern {:?}: {}: {}", self.pattern, self.reason, self.remedy)
    }
}

impl std::error::Error for PatternError {}

/// One table, the alphabet that it is written in, and which way it reads.
#[derive(Debug, Clone, Copy)]
struct Automaton<'a> {
    table: &'a [u8],
    alphabet: &'a [u8],
    reversed: bool,
}

impl Automaton<'_> {
    /// The set of patterns that match the text, if any; `None` outside means that the table is
    /// corrupt.
    fn read(&self, text: &str) -> Option<Option<u32>> {
        let characters = text.chars();
        if self.reversed { self.walk(characters.rev()) } else { self.walk(characters) }
    }

    /// Follows the characters from the first state on.
    fn walk(&self, characters: impl Iterator<Item = char>) -> Option<Option<u32>> {
        let mut at = 0;
        for character in characters {
            let symbol = match u8::try_from(character) {
                Ok(ascii) if ascii.is_ascii() => ascii,
                _ => match self.symbol(character)? {
                    NO_SYMBOL => return Some(None),
                    symbol => symbol,
                },
            };
            let next = match State::decode(self.table, at)? {
                State::One { expected, next } => (symbol == expected).then_some(next),
                State::Many(ranges) => match ranges.position(symbol)? {
                    Some(index) => Some(ranges.target(index)?),
                    None => None,
                },
            };
            match next {
                Some(next) => at = next,
                None => return Some(None),
            }
        }
        Some(match State::decode(self.table, at)? {
            State::One { .. } => None,
            State::Many(ranges) => ranges.accepts,
        })
    }

    /// The symbol for a character outside ASCII: that of the last run which begins at or before it.
    fn symbol(&self, character: char) -> Option<u8> {
        let above = first_above(self.alphabet.len() / RUN_SIZE, |run| {
            Some(u24_at(self.alphabet, run.checked_mul(RUN_SIZE)?)? <= u32::from(character))
        })?;
        let Some(run) = above.checked_sub(1) else { return Some(NO_SYMBOL) };
        u8_at(self.alphabet, run.checked_mul(RUN_SIZE)?.checked_add(3)?)
    }

    fn verify(&self, set_starts: &[bool]) -> Option<()> {
        let runs = self.alphabet.chunks(RUN_SIZE).map(|run| u24_at(run, 0).zip(u8_at(run, 3)));
        let runs = runs.collect::<Option<Vec<_>>>()?;
        runs.is_sorted_by(|(below, _), (above, _)| below < above).then_some(())?;
        runs.iter().all(|&(_, symbol)| symbol == NO_SYMBOL || symbol >= HEAD).then_some(())?;
        let starts = self.verify_states(set_starts)?;
        let is_state = |&target: &usize| starts.binary_search(&target).is_ok();
        for &start in &starts {
            match State::decode(self.table, start)? {
                State::One { next, .. } => is_state(&next).then_some(())?,
                State::Many(ranges) => (0..ranges.count)
                    .all(|index| ranges.target(index).as_ref().is_some_and(is_state))
                    .then_some(())?,
            }
        }
        Some(())
    }

    /// Decodes all states, one after another, and says where they start.
    fn verify_states(&self, set_starts: &[bool]) -> Option<Vec<usize>> {
        let mut starts = Vec::new();
        let mut at = 0;
        while at < self.table.len() || starts.is_empty() {
            starts.push(at);
            at = match State::decode(self.table, at)? {
                State::One { next, .. } => next,
                State::Many(ranges) => {
                    ranges.ascend().then_some(())?;
                    if let Some(set) = ranges.accepts {
                        set_starts.get(usize::try_from(set).ok()?).filter(|&&starts| starts)?;
                    }
                    ranges.end
                }
            };
        }
        (at == self.table.len()).then_some(starts)
    }
}

/// A state, decoded.
enum State<'a> {
    /// One ASCII character leads on, to the state that follows; no text ends here.
    One { expected: u8, next: usize },
    /// Ranges of symbols lead on.
    Many(Ranges<'a>),
}

/// The ranges of a state, ascending.
struct Ranges<'a> {
    accepts: Option<u32>,
    bytes: &'a [u8],
    count: usize,
    size: usize,
    target: Target,
    end: usize,
}

/// Where the ranges of a state lead.
#[derive(Clone, Copy)]
enum Target {
    Own,
    Shared(usize),
}

impl<'a> State<'a> {
    #[inline]
    fn decode(table: &'a [u8], at: usize) -> Option<Self> {
        let head = u8_at(table, at)?;
        let mut at = at.checked_add(1)?;
        if head < HEAD {
            return Some(State::One { expected: head, next: at });
        }
        let mut count = usize::from(head & HEAD_COUNT);
        if head & HEAD_COUNT == HEAD_COUNT {
            count = usize::from(u8_at(table, at)?);
            at = at.checked_add(1)?;
        }
        let mut accepts = None;
        if head & HEAD_ACCEPTS != 0 {
            accepts = Some(u24_at(table, at)?);
            at = at.checked_add(3)?;
        }
        let mut target = Target::Own;
        if head & HEAD_SHARED != 0 {
            target = Target::Shared(usize::try_from(u24_at(table, at)?).ok()?);
            at = at.checked_add(3)?;
        }
        let own = head & (HEAD_SHARED | HEAD_NEXT) == 0;
        let size = if own { RANGE_TARGET_SIZE } else { RANGE_SIZE };
        let bytes = slice_at(table, at, count.checked_mul(size)?)?;
        let end = at.checked_add(bytes.len())?;
        if head & HEAD_NEXT != 0 {
            target = Target::Shared(end);
        }
        Some(State::Many(Ranges { accepts, bytes, count, size, target, end }))
    }
}

impl Ranges<'_> {
    /// The range that a symbol lies in; `None` outside means that the table is corrupt.
    #[inline]
    fn position(&self, symbol: u8) -> Option<Option<usize>> {
        let above = first_above(self.count, |index| Some(self.first(index)? <= symbol))?;
        let Some(index) = above.checked_sub(1) else { return Some(None) };
        Some((symbol <= self.last(index)?).then_some(index))
    }

    fn target(&self, index: usize) -> Option<usize> {
        match self.target {
            Target::Shared(target) => Some(target),
            Target::Own => {
                let at = index.checked_mul(self.size)?.checked_add(RANGE_SIZE)?;
                usize::try_from(u24_at(self.bytes, at)?).ok()
            }
        }
    }

    fn ascend(&self) -> bool {
        let mut above: Option<u8> = None;
        (0..self.count).all(|index| {
            let (Some(first), Some(last)) = (self.first(index), self.last(index)) else {
                return false;
            };
            let ascends = first <= last && above.is_none_or(|above| above < first);
            above = Some(last);
            ascends
        })
    }

    fn first(&self, index: usize) -> Option<u8> {
        u8_at(self.bytes, index.checked_mul(self.size)?)
    }

    fn last(&self, index: usize) -> Option<u8> {
        u8_at(self.bytes, index.checked_mul(self.size)?.checked_add(1)?)
    }
}

/// How many of `count` ascending things are not above what is searched for, by binary search.
#[inline]
fn first_above(count: usize, is_not_above: impl Fn(usize) -> Option<bool>) -> Option<usize> {
    let (mut low, mut high) = (0usize, count);
    while low < high {
        let middle = low.midpoint(high);
        if is_not_above(middle)? {
            low = middle.checked_add(1)?;
        } else {
            high = middle;
        }
    }
    Some(low)
}
