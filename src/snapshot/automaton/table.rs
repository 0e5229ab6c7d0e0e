//! Writes an automaton as the bytes that [`crate::snapshot::pattern`] walks.

use std::collections::BTreeMap;

use super::dfa::{Dfa, State};
use crate::snapshot::layout::Bytes;
use crate::snapshot::pattern::{
    HEAD, HEAD_ACCEPTS, HEAD_COUNT, HEAD_NEXT, HEAD_SHARED, LAST_OF_SET, RANGE_SIZE,
    RANGE_TARGET_SIZE,
};

/// Offsets and accept sets have three bytes.
const U24_MAX: usize = (1 << 24) - 1;

/// The accept sets of all tables; equal sets are stored once.
#[derive(Debug, Default)]
pub(super) struct AcceptSets {
    pub bytes: Bytes,
    count: usize,
    known: BTreeMap<Vec<u32>, u32>,
}

impl AcceptSets {
    /// Where a set starts; `None` when three bytes cannot say.
    fn place(&mut self, set: &[u32]) -> Option<u32> {
        if let Some(&first) = self.known.get(set) {
            return Some(first);
        }
        let first = u32::try_from(self.count).ok().filter(|_| self.count <= U24_MAX)?;
        let (last, others) = set.split_last()?;
        others.iter().for_each(|&pattern| {
            self.bytes.u32(pattern);
        });
        self.bytes.u32(last | LAST_OF_SET);
        self.count = self.count.checked_add(set.len())?;
        self.known.insert(set.to_owned(), first);
        Some(first)
    }
}

/// How a state is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As the one ASCII character that leads to the state that follows.
    One(u8),
    /// With ranges that lead to the state that follows.
    Next,
    /// With ranges that lead to one state.
    Shared(usize),
    /// With ranges that lead where they say.
    Own,
}

/// A state, its form and its offset.
struct Placed<'a> {
    state: &'a State,
    form: Form,
    at: usize,
}

/// The table of an automaton; `None` when three bytes cannot say where a state lies.
///
/// A state that leads to one other only is followed by it where possible: the letters of a literal
/// then stand in the table as they are.
pub(super) fn encode(dfa: &Dfa, sets: &mut AcceptSets) -> Option<Vec<u8>> {
    let (placed, offsets, size) = place_all(dfa)?;
    if size > U24_MAX {
        return None;
    }
    let offset = |state: usize| offsets.get(state).and_then(|&at| u32::try_from(at).ok());
    let mut table = Bytes::default();
    for Placed { state, form, at } in placed {
        debug_assert_eq!(table.0.len(), at, "a state is not where others look for it");
        if let Form::One(symbol) = form {
            table.u8(symbol);
            continue;
        }
        write_head(&mut table, state, form, sets)?;
        if let Form::Shared(target) = form {
            table.u24(offset(target)?);
        }
        for way in &state.ways {
            table.u8(way.first).u8(way.last);
            if form == Form::Own {
                table.u24(offset(way.target)?);
            }
        }
    }
    Some(table.0)
}

/// Puts the states in order: their forms and offsets, the offset of each by number, and the size of
/// them all.
fn place_all(dfa: &Dfa) -> Option<(Vec<Placed<'_>>, Vec<usize>, usize)> {
    let mut placed = Vec::with_capacity(dfa.states.len());
    let mut offsets = vec![usize::MAX; dfa.states.len()];
    let mut pending = vec![0usize];
    let mut end = 0usize;
    while let Some(mut index) = pending.pop() {
        while offsets.get(index) == Some(&usize::MAX) {
            let state = dfa.states.get(index)?;
            *offsets.get_mut(index)? = end;
            let form = form_of(state, |target| offsets.get(target) == Some(&usize::MAX));
            placed.push(Placed { state, form, at: end });
            end = end.checked_add(size_of(state, form)?)?;
            match (form, state.ways.first()) {
                (Form::One(_) | Form::Next, Some(way)) => index = way.target,
                _ => pending.extend(state.ways.iter().rev().map(|way| way.target)),
            }
        }
    }
    Some((placed, offsets, end))
}

fn form_of(state: &State, is_free: impl Fn(usize) -> bool) -> Form {
    let Some(way) = state.ways.first() else { return Form::Own };
    if state.ways.iter().any(|other| other.target != way.target) {
        return Form::Own;
    }
    let is_literal = state.ways.len() == 1 && way.first == way.last && way.first < HEAD;
    match (is_free(way.target), is_literal && state.accepts.is_empty()) {
        (true, true) => Form::One(way.first),
        (true, false) => Form::Next,
        (false, _) => Form::Shared(way.target),
    }
}

fn size_of(state: &State, form: Form) -> Option<usize> {
    let (range_size, target_size) = match form {
        Form::One(_) => return Some(1),
        Form::Next => (RANGE_SIZE, 0),
        Form::Shared(_) => (RANGE_SIZE, 3),
        Form::Own => (RANGE_TARGET_SIZE, 0),
    };
    let long_count = usize::from(state.ways.len() >= usize::from(HEAD_COUNT));
    let accepts = if state.accepts.is_empty() { 0 } else { 3 };
    let head = 1usize.checked_add(long_count)?.checked_add(accepts)?.checked_add(target_size)?;
    state.ways.len().checked_mul(range_size)?.checked_add(head)
}

fn write_head(table: &mut Bytes, state: &State, form: Form, sets: &mut AcceptSets) -> Option<()> {
    let count = u8::try_from(state.ways.len()).ok()?;
    let accepts = if state.accepts.is_empty() { 0 } else { HEAD_ACCEPTS };
    let target = match form {
        Form::Next => HEAD_NEXT,
        Form::Shared(_) => HEAD_SHARED,
        Form::One(_) | Form::Own => 0,
    };
    table.u8(HEAD | accepts | target | count.min(HEAD_COUNT));
    if count >= HEAD_COUNT {
        table.u8(count);
    }
    if !state.accepts.is_empty() {
        table.u24(sets.place(&state.accepts)?);
    }
    Some(())
}
