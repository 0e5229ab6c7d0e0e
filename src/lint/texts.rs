//! Exact codes whose texts are the same, or the same to a shopper.

use super::codes::{Code, owner};
use super::{Desk, Finding, Rule};
use crate::catalog::nfkc;
use crate::code::{Folding, TypedCode};

use std::collections::HashMap;

/// What a program can ignore.
const EVERYTHING: Folding = Folding { separators: true, lookalikes: true };

pub(super) fn look(desk: &Desk<'_>) -> Vec<Finding> {
    let own = desk.catalog.program.folding;
    let same = groups(desk, own).into_iter().filter_map(|same| same_text(&same));
    let near = if own == EVERYTHING { Vec::new() } else { groups(desk, EVERYTHING) };
    same.chain(near.iter().filter_map(|near| near_collision(own, near))).collect()
}

/// The first pair of codes that the program cannot tell apart at some time.
fn same_text(same: &[&Code]) -> Option<Finding> {
    // In order of their starts, the first overlap is one of neighbours.
    let mut last = *same.first()?;
    for &code in same.iter().skip(1) {
        if last.meets(code) {
            return Some(Finding {
                rule: Rule::SameText,
                place: code.place(),
                got: format!("{:?}, which is {:?} at {}", code.text, last.text, last.place()),
                remedy: "rename one, or end the earlier one before the later one starts".to_owned(),
            });
        }
        last = code;
    }
    None
}

/// The codes that a folding makes equal, in order of their starts; only where there are several.
fn groups<'a>(desk: &Desk<'a>, folding: Folding) -> Vec<Vec<&'a Code>> {
    let mut groups = HashMap::<Box<str>, Vec<&Code>>::new();
    for code in desk.exact() {
        groups.entry(folded(code, folding)).or_default().push(code);
    }
    let mut groups: Vec<Vec<&Code>> = groups.into_values().filter(|same| same.len() > 1).collect();
    for same in &mut groups {
        same.sort_by_key(|code| code.terms.schedule.start_at);
    }
    groups
}

/// The first pair of codes that differ for the program and for nobody else.
fn near_collision(own: Folding, near: &[&Code]) -> Option<Finding> {
    let collide = |one: &Code, other: &Code| {
        one.differs_from(other) && one.meets(other) && folded(one, own) != folded(other, own)
    };
    let (at, one) = near.iter().enumerate().find(|(at, one)| {
        near.iter().skip(at.saturating_add(1)).any(|other| collide(one, other))
    })?;
    let other = near.iter().skip(at.saturating_add(1)).find(|other| collide(one, other))?;
    let (separators, lookalikes) =
        (Folding { separators: true, ..own }, Folding { lookalikes: true, ..own });
    let (difference, setting) = if folded(one, separators) == folded(other, separators) {
        ("separators", "folding.separators")
    } else if folded(one, lookalikes) == folded(other, lookalikes) {
        ("look-alikes", "folding.lookalikes")
    } else {
        ("separators and look-alikes", "both foldings")
    };
    let [owner_of_one, owner_of_other] = [one, other].map(|code| owner(&code.terms));
    Some(Finding {
        rule: Rule::NearCollision,
        place: other.place(),
        got: format!(
            "{:?} of {owner_of_other} differs from {:?} of {owner_of_one} at {} in {difference} \
             only",
            other.text,
            one.text,
            one.place()
        ),
        remedy: format!("rename one; {setting} would make them one code"),
    })
}

fn folded(code: &Code, folding: Folding) -> Box<str> {
    let folded = TypedCode::parse(&code.text, nfkc).map(|typed| typed.fold(folding));
    folded.map(|folded| folded.as_str().into()).unwrap_or_default()
}
