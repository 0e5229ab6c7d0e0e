//! Finds the patterns that match a whole text, by walking tables compiled with the snapshot.
//!
//! - [`Automata`] are a snapshot's tables; `FORMAT.md` describes their bytes.
//! - [`CompiledPatterns`] is how they come to the builder, and [`PatternError`] why they do not.
//!
//! No regular expression is parsed or compiled here: a step is one character of text and one look
//! into a table, so a look-up is linear in the text whatever the patterns, and needs none of the
//! compiler's code or memory.

use super::SnapshotError;
use super::layout::{PatternSections, slice_at, u8_at, u24_at, u32_at, usize_at};
use super::tables::Tables;

use std::fmt;

/// Bytes of an entry of the automata section.
pub const ENTRY_SIZE: usize = 20;
/// Flag of an automaton that reads texts from their last character to their first.
pub(super) const REVERSED: u32 = 1;
/// Bytes of a run of an alphabet: its first character and the symbol.
const RUN_SIZE: usize = 4;
/// What stands for characters that lead nowhere: a symbol that no state has a way for.
pub(super) const NO_SYMBOL: u8 = 0xFF;
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
/// Bytes of an offset or of the start of an accept set.
const U24_SIZE: usize = 3;
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

    /// The automata of these sections.
    pub(super) fn of<B: AsRef<[u8]>>(tables: &'a Tables<B>, sections: &PatternSections) -> Self {
        Automata::new(
            tables.section_bytes(sections.automata),
            tables.section_bytes(sections.tables),
            tables.section_bytes(sections.accepts),
        )
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
        if text.is_ascii() {
            return self.walk(text.as_bytes());
        }
        let symbols: Vec<u8> = text.chars().map(|character| self.symbol(character)).collect();
        self.walk(&symbols)
    }

    /// Follows the symbols from the first state on.
    fn walk(&self, symbols: &[u8]) -> Option<Option<u32>> {
        let mut symbols = symbols.iter();
        let mut at = 0;
        while let Some(&symbol) = if self.reversed { symbols.next_back() } else { symbols.next() } {
            let next = match State::decode(self.table, at)? {
                State::One { expected, next } => (symbol == expected).then_some(next),
                State::Many { ranges, .. } => ranges.target(symbol),
            };
            match next {
                Some(next) => at = next,
                None => return Some(None),
            }
        }
        match State::decode(self.table, at)? {
            State::One { .. } => Some(None),
            State::Many { accepts, .. } => Some(accepts),
        }
    }

    /// The symbol for a character: itself, or that of the last run which begins at or before it.
    fn symbol(&self, character: char) -> u8 {
        let runs = self.alphabet.as_chunks::<RUN_SIZE>().0;
        let above = runs.partition_point(|run| u24_at(run, 0) <= Some(character.into()));
        let run = above.checked_sub(1).and_then(|index| runs.get(index));
        match (u8::try_from(character), run) {
            (Ok(ascii), _) if ascii.is_ascii() => ascii,
            (_, Some(&[_, _, _, symbol])) => symbol,
            (_, None) => NO_SYMBOL,
        }
    }

    fn verify(&self, set_starts: &[bool]) -> Option<()> {
        let (runs, rest) = self.alphabet.as_chunks::<RUN_SIZE>();
        let ascend = runs.is_sorted_by(|below, above| u24_at(below, 0) < u24_at(above, 0));
        let outside = |&[_, _, _, symbol]: &[u8; RUN_SIZE]| symbol >= HEAD;
        (rest.is_empty() && ascend && runs.iter().all(outside)).then_some(())?;
        let starts = self.verify_states(set_starts)?;
        let is_state = |target: usize| starts.binary_search(&target).is_ok();
        for &start in &starts {
            let sound = match State::decode(self.table, start)? {
                State::One { next, .. } => is_state(next),
                State::Many { ranges, .. } => ranges.are_sound(is_state),
            };
            sound.then_some(())?;
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
                State::Many { accepts, end, .. } => {
                    if let Some(set) = accepts {
                        set_starts.get(usize::try_from(set).ok()?).filter(|&&starts| starts)?;
                    }
                    end
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
    Many { accepts: Option<u32>, ranges: Ranges<'a>, end: usize },
}

/// The ranges of a state, ascending: first and last symbol.
enum Ranges<'a> {
    /// Each with its target, three bytes.
    Own(&'a [[u8; RANGE_TARGET_SIZE]]),
    /// All with one target.
    Shared(&'a [[u8; RANGE_SIZE]], usize),
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
            at = at.checked_add(U24_SIZE)?;
        }
        let mut shared = None;
        if head & HEAD_SHARED != 0 {
            shared = Some(usize::try_from(u24_at(table, at)?).ok()?);
            at = at.checked_add(U24_SIZE)?;
        }
        let own = head & (HEAD_SHARED | HEAD_NEXT) == 0;
        let size = if own { RANGE_TARGET_SIZE } else { RANGE_SIZE };
        let bytes = slice_at(table, at, count.checked_mul(size)?)?;
        let end = at.checked_add(bytes.len())?;
        let ranges = if own {
            Ranges::Own(bytes.as_chunks().0)
        } else {
            Ranges::Shared(bytes.as_chunks().0, shared.unwrap_or(end))
        };
        Some(State::Many { accepts, ranges, end })
    }
}

impl Ranges<'_> {
    /// Where a symbol leads, by binary search.
    #[inline]
    fn target(&self, symbol: u8) -> Option<usize> {
        match *self {
            Ranges::Own(ranges) => {
                let above = ranges.partition_point(|&[first, ..]| first <= symbol);
                let range @ &[_, last, ..] = ranges.get(above.checked_sub(1)?)?;
                if symbol <= last { own_target(range) } else { None }
            }
            Ranges::Shared(ranges, target) => {
                let above = ranges.partition_point(|&[first, _]| first <= symbol);
                let &[_, last] = ranges.get(above.checked_sub(1)?)?;
                (symbol <= last).then_some(target)
            }
        }
    }

    fn are_sound(&self, is_state: impl Fn(usize) -> bool) -> bool {
        match *self {
            Ranges::Own(ranges) => {
                let is_sound = |range| own_target(range).is_some_and(&is_state);
                ascend(ranges.iter().map(|&[first, last, ..]| (first, last)))
                    && ranges.iter().all(is_sound)
            }
            Ranges::Shared(ranges, target) => {
                ascend(ranges.iter().map(|&[first, last]| (first, last))) && is_state(target)
            }
        }
    }
}

fn own_target(range: &[u8; RANGE_TARGET_SIZE]) -> Option<usize> {
    u24_at(range, RANGE_SIZE).and_then(|target| usize::try_from(target).ok())
}

fn ascend(mut ranges: impl Iterator<Item = (u8, u8)>) -> bool {
    let mut below = None;
    ranges.all(|(first, last)| {
        first <= last && last < NO_SYMBOL && below.replace(last).is_none_or(|below| below < first)
    })
}
