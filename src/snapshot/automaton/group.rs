//! Puts patterns together into few automata.
//!
//! One automaton for all patterns would be walked once, but patterns that look for something
//! anywhere multiply each other's states. Such a pattern gets an automaton of its own; all others
//! share one for each direction.

use std::collections::BTreeMap;

use super::alphabet::Alphabet;
use super::dfa::Dfa;
use super::table::{self, AcceptSets};
use super::union::union;
use super::{Direction, Pattern};
use crate::snapshot::layout::Bytes;
use crate::snapshot::pattern::{CompiledPatterns, REVERSED};

/// How much larger the automaton of a group may be than those of its members together.
const GROWTH_MAX: usize = 2;

/// A pattern and its index.
#[derive(Debug, Clone, Copy)]
struct Member<'a> {
    index: u32,
    pattern: &'a Pattern,
}

/// Patterns that share an automaton.
#[derive(Debug)]
struct Group<'a> {
    members: Vec<Member<'a>>,
    alphabet: Alphabet,
    dfa: Dfa,
}

impl<'a> Group<'a> {
    /// The group of these members; `None` when they had better not share.
    fn of(mut members: Vec<Member<'a>>) -> Option<Self> {
        members.sort_by_key(|member| member.index);
        let automata = |alphabet: &Alphabet| -> Vec<Dfa> {
            let automaton = |member: &Member<'_>| {
                member.pattern.recogniser.dfa_in(alphabet).renumbered(member.index)
            };
            members.iter().map(automaton).collect()
        };
        let alphabet = Alphabet::joined(members.iter().map(|m| &m.pattern.recogniser.alphabet))?;
        let alone: usize = members.iter().map(|member| member.pattern.size).sum();
        let dfa = union(&automata(&alphabet), GROWTH_MAX)?.minimise();
        let size = table::encode(&dfa, &mut AcceptSets::default())?.len();
        (size <= alone.saturating_mul(GROWTH_MAX)).then_some(Group { members, alphabet, dfa })
    }
}

/// Finds a large group among the members, and those that had better not be in it.
///
/// All are tried together first, and halves only when that fails: of `n` patterns with `k` misfits
/// about `2 k log2(n / k)` automata are made, not `n`. `None` when one alone cannot be written.
fn gather<'a>(members: &[Member<'a>]) -> Option<(Group<'a>, Vec<Member<'a>>)> {
    if let Some(group) = Group::of(members.to_vec()) {
        return Some((group, Vec::new()));
    }
    if members.len() < 2 {
        return None;
    }
    let (left, right) = members.split_at_checked(members.len() / 2)?;
    let (left, mut misfits) = gather(left)?;
    let (right, others) = gather(right)?;
    misfits.extend(others);
    let all_fit = misfits.is_empty();
    let together = [left.members.as_slice(), &right.members].concat();
    let group = if all_fit { None } else { Group::of(together) };
    let group = group.unwrap_or_else(|| {
        let (kept, dropped) =
            if left.members.len() < right.members.len() { (right, left) } else { (left, right) };
        misfits.extend(dropped.members);
        kept
    });
    Some((group, misfits))
}

/// Puts all members into groups. Those that look for something anywhere come last, so that misfits
/// are cut off in large pieces.
fn groups(mut members: Vec<Member<'_>>) -> Option<Vec<Group<'_>>> {
    members.sort_by_key(|member| member.pattern.recogniser.dfa.stays_at_start());
    let mut groups = Vec::new();
    while !members.is_empty() {
        let (group, misfits) = gather(&members)?;
        groups.push(group);
        members = misfits;
    }
    Some(groups)
}

/// Writes the automata of patterns; each has its place in the slice as its index. `None` when the
/// format cannot number them.
pub(super) fn write(patterns: &[Pattern]) -> Option<CompiledPatterns> {
    let mut sets = AcceptSets::default();
    let mut index = Bytes::default();
    let mut tables = Tables::default();
    for direction in [Direction::Forward, Direction::Reversed] {
        let all = patterns.iter().zip(0u32..);
        let members = all.map(|(pattern, index)| Member { index, pattern });
        let members =
            members.filter(|member| member.pattern.recogniser.direction == direction).collect();
        for group in groups(members)? {
            let (at, size) = tables.add(table::encode(&group.dfa, &mut sets)?)?;
            index.u32(at).u32(size);
            let (at, size) = tables.add(group.alphabet.encode())?;
            index.u32(at).u32(size);
            index.u32(if direction == Direction::Reversed { REVERSED } else { 0 });
        }
    }
    Some(CompiledPatterns { index: index.0, tables: tables.bytes, accepts: sets.bytes.0 })
}

/// Tables and alphabets; equal ones are stored once.
#[derive(Default)]
struct Tables {
    bytes: Vec<u8>,
    known: BTreeMap<Vec<u8>, u32>,
}

impl Tables {
    /// Where the bytes lie, and how many they are.
    fn add(&mut self, bytes: Vec<u8>) -> Option<(u32, u32)> {
        let size = u32::try_from(bytes.len()).ok()?;
        let at = u32::try_from(self.bytes.len()).ok()?;
        if let Some(&known) = self.known.get(&bytes) {
            return Some((known, size));
        }
        self.bytes.extend_from_slice(&bytes);
        self.known.insert(bytes, at);
        Some((at, size))
    }
}
