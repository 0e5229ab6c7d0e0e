//! Deterministic automata over symbols, with a state's ways as ranges.

use std::collections::{BTreeMap, BTreeSet};

/// A deterministic automaton. Its first state is the start; it has no dead state: a symbol without
/// a way ends the walk.
#[derive(Debug, Clone, Default)]
pub(super) struct Dfa {
    pub states: Vec<State>,
}

/// A state of a [`Dfa`].
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// The patterns that match a text which ends here, ascending.
    pub accepts: Vec<u32>,
    /// The ways on, ascending and disjoint; neighbours with one target are one way.
    pub ways: Vec<Way>,
}

/// Symbols, by first and last, that lead to one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub first: u8,
    pub last: u8,
    pub target: usize,
}

impl State {
    /// Adds a way above those there are.
    pub fn push(&mut self, way: Way) {
        push_way(&mut self.ways, way);
    }
}

impl Dfa {
    /// The state that a symbol leads to.
    pub fn step(&self, state: usize, symbol: u8) -> Option<usize> {
        let ways = &self.states.get(state)?.ways;
        let above = ways.partition_point(|way| way.first <= symbol);
        let way = ways.get(above.checked_sub(1)?)?;
        (symbol <= way.last).then_some(way.target)
    }

    /// Whether any pattern matches a text that ends in this state.
    pub fn accepts(&self, state: usize) -> bool {
        self.states.get(state).is_some_and(|state| !state.accepts.is_empty())
    }

    /// Whether some symbol leads from the start to the start.
    pub fn stays_at_start(&self) -> bool {
        self.states.first().is_some_and(|start| start.ways.iter().any(|way| way.target == 0))
    }

    /// The automaton for one pattern under another number.
    pub fn renumbered(&self, pattern: u32) -> Dfa {
        let mut dfa = self.clone();
        dfa.states.iter_mut().flat_map(|state| &mut state.accepts).for_each(|own| *own = pattern);
        dfa
    }

    /// The automaton in another alphabet, given its own symbol for each of those.
    pub fn translated(&self, own: impl Fn(u8) -> Option<u8>) -> Dfa {
        let symbols: Vec<(u8, u8)> =
            (0..=u8::MAX).filter_map(|symbol| Some((symbol, own(symbol)?))).collect();
        let states = (0..self.states.len()).zip(&self.states).map(|(at, state)| {
            let mut translated = State { accepts: state.accepts.clone(), ways: Vec::new() };
            for &(symbol, own) in &symbols {
                if let Some(target) = self.step(at, own) {
                    translated.push(Way { first: symbol, last: symbol, target });
                }
            }
            translated
        });
        Dfa { states: states.collect() }
    }

    /// The smallest automaton for the same patterns, its states in the order in which a depth-first
    /// walk from the start meets them: equal languages give equal automata.
    ///
    /// Partition refinement (Moore 1956), where a block is looked at again only when one that it
    /// leads to was split, and the largest part of a split block keeps its place (Hopcroft 1971).
    pub fn minimise(mut self) -> Dfa {
        let sources = self.sources();
        self.drop_dead_ends(&sources);
        let mut partition = Partition::by_accepts(&self.states);
        let mut pending: BTreeSet<usize> = (0..partition.blocks.len()).collect();
        while let Some(block) = pending.pop_first() {
            let moved = partition.split(block, &self.states);
            let touched = moved.iter().filter_map(|&state| sources.get(state)).flatten();
            pending.extend(touched.map(|&state| partition.block_of(state)));
        }
        self.quotient(&partition)
    }

    /// For each state, those that lead to it.
    fn sources(&self) -> Vec<Vec<usize>> {
        let mut sources = vec![Vec::new(); self.states.len()];
        for (source, state) in self.states.iter().enumerate() {
            for way in &state.ways {
                if let Some(list) = sources.get_mut(way.target) {
                    list.push(source);
                }
            }
        }
        sources
    }

    /// Drops the ways to states from which no text is matched.
    fn drop_dead_ends(&mut self, sources: &[Vec<usize>]) {
        let accepting = (0..self.states.len()).filter(|&state| self.accepts(state));
        let mut pending: Vec<usize> = accepting.collect();
        let mut alive: BTreeSet<usize> = pending.iter().copied().collect();
        while let Some(state) = pending.pop() {
            for &source in sources.get(state).into_iter().flatten() {
                if alive.insert(source) {
                    pending.push(source);
                }
            }
        }
        for state in &mut self.states {
            state.ways.retain(|way| alive.contains(&way.target));
        }
    }

    /// The automaton whose states are the blocks that can be reached.
    fn quotient(&self, partition: &Partition) -> Dfa {
        let mut numbers = BTreeMap::new();
        let mut order = Vec::new();
        let mut pending = vec![partition.block_of(0)];
        while let Some(block) = pending.pop() {
            if numbers.contains_key(&block) {
                continue;
            }
            numbers.insert(block, order.len());
            let member = partition.blocks.get(block).and_then(|states| states.first());
            let Some(state) = member.and_then(|&state| self.states.get(state)) else { continue };
            let ways = partition.ways(state);
            pending.extend(ways.iter().rev().map(|way| way.target));
            order.push(State { accepts: state.accepts.clone(), ways });
        }
        for way in order.iter_mut().flat_map(|state| &mut state.ways) {
            way.target = numbers.get(&way.target).copied().unwrap_or(0);
        }
        Dfa { states: order }
    }
}

/// States in blocks; states of different blocks are known to match different texts.
struct Partition {
    blocks: Vec<Vec<usize>>,
    block_of: Vec<usize>,
}

impl Partition {
    fn by_accepts(states: &[State]) -> Partition {
        let mut blocks = BTreeMap::<&[u32], Vec<usize>>::new();
        for (index, state) in states.iter().enumerate() {
            blocks.entry(&state.accepts).or_default().push(index);
        }
        let mut partition = Partition { blocks: Vec::new(), block_of: vec![0; states.len()] };
        blocks.into_values().for_each(|block| partition.add(block));
        partition
    }

    fn block_of(&self, state: usize) -> usize {
        self.block_of.get(state).copied().unwrap_or(0)
    }

    /// A state's ways, to blocks.
    fn ways(&self, state: &State) -> Vec<Way> {
        let mut ways = Vec::with_capacity(state.ways.len());
        for &way in &state.ways {
            push_way(&mut ways, Way { target: self.block_of(way.target), ..way });
        }
        ways
    }

    /// Splits a block by where its states lead, and says which states were moved to new blocks.
    fn split(&mut self, block: usize, states: &[State]) -> Vec<usize> {
        let Some(members) = self.blocks.get_mut(block).map(std::mem::take) else {
            return Vec::new();
        };
        let mut parts = BTreeMap::<Vec<Way>, Vec<usize>>::new();
        for index in members {
            let ways = states.get(index).map(|state| self.ways(state)).unwrap_or_default();
            parts.entry(ways).or_default().push(index);
        }
        let mut parts: Vec<Vec<usize>> = parts.into_values().collect();
        parts.sort_by_key(Vec::len);
        if let (Some(kept), Some(largest)) = (self.blocks.get_mut(block), parts.pop()) {
            *kept = largest;
        }
        let moved = parts.concat();
        parts.into_iter().for_each(|part| self.add(part));
        moved
    }

    fn add(&mut self, block: Vec<usize>) {
        for &state in &block {
            if let Some(number) = self.block_of.get_mut(state) {
                *number = self.blocks.len();
            }
        }
        self.blocks.push(block);
    }
}

fn push_way(ways: &mut Vec<Way>, way: Way) {
    match ways.last_mut() {
        Some(last) if last.target == way.target && last.last.checked_add(1) == Some(way.first) => {
            last.last = way.last;
        }
        _ => ways.push(way),
    }
}
