//! Regex codes that match what is another's.

use super::codes::{Code, PatternCode, owner};
use super::{Desk, Finding, Rule, and_others};
use crate::catalog::{Place, nfkc};
use crate::code::{CodeKind, TypedCode};
use crate::snapshot::automaton::{compile, overlap};
use crate::snapshot::pattern::{Automata, CompiledPatterns};

use std::collections::BTreeMap;

pub(super) fn look(desk: &Desk<'_>) -> Vec<Finding> {
    let patterns: Vec<&PatternCode> = desk.patterns().collect();
    // By the code that is not used, and what is wrong with it: one that says `.*` meets hundreds.
    let mut met = BTreeMap::<(Place, Rule), (usize, Finding)>::new();
    for (at, one) in patterns.iter().enumerate() {
        for other in patterns.iter().skip(at.saturating_add(1)) {
            let Some(finding) = overlapping(desk, one, other) else { continue };
            let key = (finding.place.clone(), finding.rule);
            let seen = met.entry(key).or_insert((0, finding));
            seen.0 = seen.0.saturating_add(1);
        }
    }
    let mut findings: Vec<Finding> = met.into_values().map(counted).collect();
    findings.extend(swallowing(desk, &patterns));
    findings
}

/// A finding that says with how many other patterns it is the same.
fn counted((count, mut finding): (usize, Finding)) -> Finding {
    if count > 1 {
        finding.got = format!("{}; so with {} more", finding.got, count.saturating_sub(1));
    }
    finding
}

/// What two patterns both match.
fn overlapping(desk: &Desk<'_>, one: &PatternCode, other: &PatternCode) -> Option<Finding> {
    if !one.code.differs_from(&other.code) || !one.code.meets(&other.code) {
        return None;
    }
    // Rule 1.3: of several regex codes the earliest, then the smallest id.
    let rank =
        |pattern: &PatternCode| (pattern.code.terms.created_at, pattern.code.id(desk.catalog));
    let (first, second) = if rank(one) <= rank(other) { (one, other) } else { (other, one) };
    let [winner, loser] = [first, second].map(|pattern| owner(&pattern.code.terms));
    let place = second.code.place();
    let text = &first.code.text;
    let first_place = first.code.place();
    match overlap(&first.pattern, &second.pattern, nfkc) {
        Ok(None) => None,
        Ok(Some(example)) => Some(Finding {
            rule: Rule::PatternOverlap,
            place,
            got: format!(
                "{example:?} is matched here, for {loser}, and by {text:?} at {first_place}, \
                 which was created earlier and is used, for {winner}"
            ),
            remedy: "write one of the two so that it leaves out what the other matches".to_owned(),
        }),
        Err(too_large) => Some(Finding {
            rule: Rule::PatternsTooLarge,
            place,
            got: format!("nobody knows whether {text:?} at {first_place} matches the same codes"),
            remedy: too_large.to_string(),
        }),
    }
}

/// What a pattern matches of another owner's codes: how many, and the first of them.
type Swallowed<'a> = BTreeMap<(usize, &'a CodeKind), (usize, &'a Code)>;

/// Exact codes that a pattern of another owner matches: counted by pattern and owner, since a bulk
/// file may have thousands.
fn swallowing(desk: &Desk<'_>, patterns: &[&PatternCode]) -> Vec<Finding> {
    let texts: Vec<&str> = patterns.iter().map(|pattern| pattern.pattern.as_str()).collect();
    let Ok(CompiledPatterns { index, tables, accepts }) = compile(&texts) else {
        return Vec::new();
    };
    let automata = Automata::new(&index, &tables, &accepts);
    let mut swallowed = Swallowed::new();
    for code in desk.exact() {
        let Ok(typed) = TypedCode::parse(&code.text, nfkc) else { continue };
        let kind = &code.terms.kind;
        // These are tables of our own, which are sound.
        let _ = automata.find(typed.as_str(), &mut |pattern| {
            let at = usize::try_from(pattern).unwrap_or(usize::MAX);
            let is_anothers = patterns.get(at).is_some_and(|pattern| {
                let terms = &pattern.code.terms;
                terms.kind != *kind && pattern.code.meets(code)
            });
            if is_anothers {
                let seen = swallowed.entry((at, kind)).or_insert((0, code));
                seen.0 = seen.0.saturating_add(1);
            }
        });
    }
    let finding = |((at, _), (count, code)): ((usize, &CodeKind), (usize, &Code))| {
        let pattern = patterns.get(at)?;
        let [own, others] = [&pattern.code, code].map(|code| owner(&code.terms));
        Some(Finding {
            rule: Rule::PatternSwallowsCode,
            place: pattern.code.place(),
            got: format!(
                "{:?} of {own} also matches {} of {others}, first at {}",
                pattern.code.text,
                and_others(&code.text, count),
                code.place()
            ),
            remedy: format!(
                "the exact code is used while it is active; before and after, {own} is: narrow \
                 the pattern"
            ),
        })
    };
    swallowed.into_iter().filter_map(finding).collect()
}
