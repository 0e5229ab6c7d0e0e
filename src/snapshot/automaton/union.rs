//! One automaton for what several recognise.

use std::collections::{BTreeSet, HashMap};

use super::dfa::{Dfa, State, Way};

/// Where the members stand that have not fallen out: which one, and its state.
type Places = Vec<(usize, usize)>;

/// The automaton that accepts for each pattern what one of the members accepts, not minimised;
/// `None` when it would have more than `growth_max` times the states of all members.
///
/// The members walk side by side (the product construction of Rabin and Scott, 1959); one that has
/// no way on falls out, so that most of the states are those of one or two members.
pub(super) fn union(members: &[Dfa], growth_max: usize) -> Option<Dfa> {
    let states_max: usize = members.iter().map(|member| member.states.len()).sum();
    let states_max = states_max.checked_mul(growth_max)?;
    let start: Places = (0..members.len()).map(|member| (member, 0)).collect();
    let mut numbers = HashMap::from([(start.clone(), 0usize)]);
    let mut found = vec![start];
    let mut states = Vec::new();
    while let Some(places) = found.get(states.len()).cloned() {
        let mut state = State { accepts: accepts(members, &places), ways: Vec::new() };
        let edges: Vec<u16> = edges(members, &places).into_iter().collect();
        for range in edges.windows(2) {
            let &[first, above] = range else { continue };
            let (first, last) =
                (u8::try_from(first).ok()?, u8::try_from(above.checked_sub(1)?).ok()?);
            let step = |&(member, state): &(usize, usize)| {
                members.get(member)?.step(state, first).map(|next| (member, next))
            };
            let next: Places = places.iter().filter_map(step).collect();
            if next.is_empty() {
                continue;
            }
            let target = *numbers.entry(next).or_insert_with_key(|next| {
                found.push(next.clone());
                found.len().saturating_sub(1)
            });
            state.push(Way { first, last, target });
        }
        states.push(state);
        if found.len() > states_max {
            return None;
        }
    }
    Some(Dfa { states })
}

fn accepts(members: &[Dfa], places: &Places) -> Vec<u32> {
    let states = places.iter().filter_map(|&(member, at)| members.get(member)?.states.get(at));
    let accepts: BTreeSet<u32> = states.flat_map(|state| &state.accepts).copied().collect();
    accepts.into_iter().collect()
}

/// The symbols at which the ways of any member begin, or end before.
fn edges(members: &[Dfa], places: &Places) -> BTreeSet<u16> {
    let states = places.iter().filter_map(|&(member, at)| members.get(member)?.states.get(at));
    let ways = states.flat_map(|state| &state.ways);
    ways.flat_map(|way| [u16::from(way.first), u16::from(way.last).saturating_add(1)]).collect()
}
