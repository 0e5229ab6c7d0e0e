//! Visits every state that a machine can come to. Breadth first, so that what is found is found on
//! a shortest way.
//!
//! Not `stateright`: that from every state a good one can still be reached is none of its
//! properties, and its `eventually` is not decided where states lead back to themselves.

use std::fmt::{self, Debug};
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};

/// States, what may happen in them, and what must hold.
pub trait Machine {
    type State: Copy + Eq + Hash + Debug;
    type Event: Copy + Debug;

    fn start(&self) -> Self::State;

    /// Everything that may happen.
    fn events(&self, state: &Self::State) -> Vec<Self::Event>;

    /// What comes of it.
    fn after(&self, state: &Self::State, event: Self::Event) -> Self::State;

    /// The one state that stands for all that behave like this one.
    fn in_one_spelling(&self, state: Self::State) -> Self::State;

    /// The promise that is broken by getting from one state to another.
    fn broken(&self, from: &Self::State, to: &Self::State) -> Option<&'static str>;

    /// Whether it is no fault, and nothing new is asked for.
    fn is_calm(&self, state: &Self::State, event: Self::Event) -> bool;

    /// Whether all that was asked for is done.
    fn is_settled(&self, state: &Self::State) -> bool;
}

/// What is promised of all states together.
pub const CAN_STILL_SETTLE: &str = "without further faults, all can still be settled";

/// All states were visited and every promise held.
#[derive(Debug)]
pub struct Explored {
    pub states: usize,
    pub steps: usize,
    pub settled: usize,
}

/// A promise that was broken, and how it came to that.
#[derive(Debug)]
pub struct Broken {
    pub promise: &'static str,
    pub trace: Vec<String>,
}

/// Visits every state.
///
/// # Errors
///
/// [`Broken`] has the promise, and the shortest way to where it is broken.
pub fn explore<M: Machine>(machine: &M) -> Result<Explored, Broken> {
    let mut visited = Visited::default();
    let mut calm = Vec::new();
    let mut steps = 0;
    visited.insert(machine.start(), 0);
    let mut at = 0;
    while let Some(&state) = visited.states.get(at) {
        for event in machine.events(&state) {
            let next = machine.after(&state, event);
            if next == state {
                continue;
            }
            steps += 1;
            if let Some(promise) = machine.broken(&state, &next) {
                let mut trace = way_to(machine, &visited, at);
                trace.push(format!("{event:?}"));
                return Err(Broken { promise, trace });
            }
            let index = visited.insert(machine.in_one_spelling(next), at);
            if machine.is_calm(&state, event) {
                calm.push((index, u32::try_from(at).expect("fewer states")));
            }
        }
        at += 1;
    }
    let settled: Vec<usize> =
        (0..at).filter(|&index| machine.is_settled(&visited.states[index])).collect();
    let explored = Explored { states: at, steps, settled: settled.len() };
    match first_stuck(at, settled, calm) {
        None => Ok(explored),
        Some(stuck) => {
            let trace = way_to(machine, &visited, stuck);
            Err(Broken { promise: CAN_STILL_SETTLE, trace })
        }
    }
}

/// The first state from which no calm steps lead to a settled one. A step is (to, from).
fn first_stuck(count: usize, settled: Vec<usize>, mut calm: Vec<(u32, u32)>) -> Option<usize> {
    calm.sort_unstable();
    let mut is_good = vec![false; count];
    let mut pending = settled;
    while let Some(index) = pending.pop() {
        if std::mem::replace(&mut is_good[index], true) {
            continue;
        }
        let start = calm.partition_point(|&(to, _)| (to as usize) < index);
        let before = calm[start..].iter().take_while(|&&(to, _)| to as usize == index);
        pending.extend(before.map(|&(_, from)| from as usize));
    }
    is_good.iter().position(|is_good| !is_good)
}

/// What happened on the way to a state.
fn way_to<M: Machine>(machine: &M, visited: &Visited<M::State>, index: usize) -> Vec<String> {
    let mut trace = Vec::new();
    let mut at = index;
    while at != 0 {
        let (from, to) = (visited.parents[at] as usize, visited.states[at]);
        let state = visited.states[from];
        let mut events = machine.events(&state).into_iter();
        let event =
            events.find(|event| machine.in_one_spelling(machine.after(&state, *event)) == to);
        trace.push(format!("{:?}", event.expect("the event that led here")));
        at = from;
    }
    trace.reverse();
    trace
}

/// States in the order in which they were found, each once: an open hash table of their places.
struct Visited<State> {
    states: Vec<State>,
    parents: Vec<u32>,
    /// Places, counted from 1; 0 is free.
    table: Vec<u32>,
    hasher: BuildHasherDefault<Mixer>,
}

impl<State> Default for Visited<State> {
    fn default() -> Self {
        let (states, parents, hasher) = Default::default();
        Visited { states, parents, table: vec![0; 1 << 12], hasher }
    }
}

impl<State: Eq + Hash> Visited<State> {
    /// The place of a state, which is its own when it is new.
    fn insert(&mut self, state: State, parent: usize) -> u32 {
        if self.states.len() * 2 >= self.table.len() {
            self.grow();
        }
        let slot = self.slot(&state);
        if self.table[slot] == 0 {
            self.states.push(state);
            self.parents.push(u32::try_from(parent).expect("fewer states"));
            self.table[slot] = u32::try_from(self.states.len()).expect("fewer states");
        }
        self.table[slot] - 1
    }

    /// Where a state is in the table, or would be.
    fn slot(&self, state: &State) -> usize {
        let mask = self.table.len() - 1;
        let mut slot = usize::try_from(self.hasher.hash_one(state)).expect("64 bits") & mask;
        while let Some(place) = self.table[slot].checked_sub(1) {
            if self.states[place as usize] == *state {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.table = vec![0; self.table.len() * 2];
        for (place, state) in (1..).zip(&self.states) {
            let slot = self.slot(state);
            self.table[slot] = place;
        }
    }
}

/// A quick hash of a few words; nobody chooses states to collide.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u8(*byte));
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(byte.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_isize(&mut self, variant: isize) {
        self.write_u64(variant as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

impl fmt::Display for Explored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Explored { states, steps, settled } = self;
        write!(f, "{states} states, {steps} steps, {settled} settled")
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "broken: {}", self.promise)?;
        self.trace.iter().try_for_each(|event| writeln!(f, "  {event}"))
    }
}
