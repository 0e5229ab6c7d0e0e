//! Codes and deals that are not in force when somebody thinks they are.

use super::codes::Code;
use super::{Desk, Finding, Rule, and_others, by_campaign};
use crate::deal::Deal;
use crate::id::DealId;

use std::collections::BTreeSet;

pub(super) fn look(desk: &Desk<'_>) -> Vec<Finding> {
    let mut findings = campaigns(desk);
    findings.extend(unused_deals(desk));
    findings.extend(tracking_off(desk));
    findings
}

/// What a campaign's schedule says of its codes, once for all of them.
fn campaigns(desk: &Desk<'_>) -> Vec<Finding> {
    let patterns = desk.codes.patterns.iter().map(|pattern| &pattern.code);
    let finding = |(count, code): (usize, &Code)| {
        let terms = &code.terms;
        let deal = terms.deal.as_ref().and_then(|id| desk.catalog.deal(id));
        let codes = and_others(&code.text, count);
        let (rule, got, remedy) = if code.active.is_empty() {
            let got =
                format!("{codes}, which the schedule of the deal leaves no time to be active");
            (Rule::NeverActive, got, "change one of the two schedules, or the deal's sync_codes")
        } else if code.active.end_at.is_some_and(|end| end <= desk.at) {
            let remedy = "remove what is not needed for late orders any more, or give it a new end";
            (Rule::Expired, format!("{codes}, expired"), remedy)
        } else if let Some(deal) = deal.filter(|deal| ends_before(deal, code)) {
            let got = format!("{codes}, which goes on when the deal {:?} has ended", deal.name);
            let remedy = "end both at one time, or set the deal's sync_codes: without its deal a \
                          code is valid and worth nothing";
            (Rule::DealEndsFirst, got, remedy)
        } else {
            return None;
        };
        Some(Finding { rule, place: code.place(), got, remedy: remedy.to_owned() })
    };
    let campaigns = by_campaign(desk.codes.exact.iter().chain(patterns)).into_iter();
    campaigns.filter_map(finding).collect()
}

fn ends_before(deal: &Deal, code: &Code) -> bool {
    let Some(deal_end) = deal.schedule.end_at else { return false };
    code.active.end_at.is_none_or(|end| deal_end < end)
}

fn unused_deals(desk: &Desk<'_>) -> Vec<Finding> {
    let patterns = desk.codes.patterns.iter().map(|pattern| &pattern.code);
    let codes = desk.codes.exact.iter().chain(patterns);
    let used: BTreeSet<&DealId> = codes.filter_map(|code| code.terms.deal.as_ref()).collect();
    let unused = desk.catalog.deals.iter().filter(|deal| !used.contains(&deal.id));
    let finding = |deal: &Deal| Finding {
        rule: Rule::UnusedDeal,
        place: desk.catalog.deal_place(&deal.id),
        got: format!("{:?}, which no code stands for", deal.name),
        remedy: "remove it, or give the bulk files whose codes stand for it with --codes"
            .to_owned(),
    };
    unused.map(finding).collect()
}

fn tracking_off(desk: &Desk<'_>) -> Option<Finding> {
    let program = &desk.catalog.program;
    let place = || desk.catalog.program_place();
    if !program.tracking {
        return Some(Finding {
            rule: Rule::TrackingOff,
            place: place(),
            got: "tracking is off: every code is refused, and none credits anybody".to_owned(),
            remedy: "set the programme's tracking to true".to_owned(),
        });
    }
    let is_any_on = program.event_types.iter().any(|event| event.promo_codes);
    (!is_any_on).then(|| Finding {
        rule: Rule::TrackingOff,
        place: place(),
        got: "no event type has promo_codes on: no code credits anybody".to_owned(),
        remedy: "set promo_codes of the event types that codes are used for".to_owned(),
    })
}
