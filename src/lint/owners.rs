//! Codes whose owners cannot be credited for them.

use super::codes::Code;
use super::{Desk, Finding, Rule, and_others};
use crate::code::CodeKind;
use crate::id::PartnerId;
use crate::partner::{Partner, PartnerKind};
use crate::time::UnixMillis;

use std::collections::BTreeMap;

pub(super) fn look(desk: &Desk<'_>) -> Vec<Finding> {
    let mut owned = BTreeMap::<&PartnerId, Vec<&Code>>::new();
    for code in desk.exact().chain(desk.patterns().map(|pattern| &pattern.code)) {
        if let CodeKind::Tracking { owner, .. } = &code.terms.kind {
            owned.entry(owner).or_default().push(code);
        }
    }
    let partners = desk.catalog.partners.iter();
    let with_codes = partners.filter_map(|partner| Some((partner, owned.get(&partner.id)?)));
    with_codes.filter_map(|(partner, codes)| not_credited(desk, partner, codes)).collect()
}

fn not_credited(desk: &Desk<'_>, partner: &Partner, codes: &[&Code]) -> Option<Finding> {
    let place = desk.catalog.partner_place(&partner.id);
    let name = &partner.name;
    let first = codes.first()?;
    if !partner.active {
        let codes = and_others(&first.text, codes.len());
        return Some(Finding {
            rule: Rule::OwnerInactive,
            place,
            got: format!("{name:?} is inactive and owns {codes}, which credit nobody"),
            remedy: "expire the codes, or make the partner active again".to_owned(),
        });
    }
    if partner.kind == PartnerKind::MediaSource {
        return None;
    }
    let Some(last_end) = last_end(partner) else {
        let codes = and_others(&first.text, codes.len());
        return Some(Finding {
            rule: Rule::OwnerWithoutContract,
            place,
            got: format!("{name:?} has no contract and owns {codes}, which credit nobody"),
            remedy: "give the partner a contract, or make it a media_source".to_owned(),
        });
    };
    let last_end = last_end?;
    let goes_on = |code: &&&Code| code.terms.schedule.end_at.is_none_or(|end| end > last_end);
    let outliving: Vec<&&Code> = codes.iter().filter(goes_on).collect();
    let codes = and_others(&outliving.first()?.text, outliving.len());
    Some(Finding {
        rule: Rule::ContractEndsFirst,
        place: outliving.first()?.place(),
        got: format!(
            "{codes} of {name:?}, whose last contract ends first: from then on nobody is credited \
             for orders with it"
        ),
        remedy: "prolong the contract, or end the codes with it".to_owned(),
    })
}

/// When the last contract ends: nothing without a contract, `Some(None)` when it never does.
fn last_end(partner: &Partner) -> Option<Option<UnixMillis>> {
    let ends = partner.contracts.iter().map(|contract| contract.schedule.end_at);
    // No end is later than any.
    ends.max_by_key(|end| end.unwrap_or(UnixMillis(i64::MAX)))
}
