//! Codes that may cost any amount.

use super::codes::{Code, owner};
use super::{Desk, Finding, Rule, and_others, by_campaign};
use crate::code::{CodeKind, CodeTerms, CreditPolicy};
use crate::deal::{Deal, Discount, Offer, Reduction};
use crate::money::{BasisPoints, Minor};

/// From this share of a price on a discount is large: a fifth is more than most shops earn on it.
const LARGE_BPS: u16 = 2_000;

pub(super) fn look(desk: &Desk<'_>) -> Vec<Finding> {
    let codes = desk.exact().chain(desk.patterns().map(|pattern| &pattern.code));
    let campaigns = by_campaign(codes).into_iter();
    campaigns.filter_map(|(count, code)| open_ended(desk, count, code)).collect()
}

fn open_ended(desk: &Desk<'_>, count: usize, code: &Code) -> Option<Finding> {
    let terms = &code.terms;
    let deal = desk.catalog.deal(terms.deal.as_ref()?)?;
    let is_open = is_always(terms)
        && terms.schedule.end_at.is_none()
        && deal.schedule.end_at.is_none()
        && !terms.is_capped();
    (is_open && is_large(deal)).then(|| Finding {
        rule: Rule::OpenEnded,
        place: code.place(),
        got: format!(
            "{} of {}: {:?} without an end and without a cap, credited without a click",
            and_others(&code.text, count),
            owner(terms),
            deal.name
        ),
        remedy: "give it an end or max_redemptions, or ask for a click: credit_policy involved"
            .to_owned(),
    })
}

fn is_always(terms: &CodeTerms) -> bool {
    matches!(terms.kind, CodeKind::Tracking { credit_policy: CreditPolicy::Always, .. })
}

/// Whether a deal takes a large part of some order's price off.
fn is_large(deal: &Deal) -> bool {
    if deal.conditions.minimum_purchase_minor.is_some_and(|least| is_small_part(deal, least)) {
        return false;
    }
    let share =
        |share: BasisPoints| share.get() >= LARGE_BPS && deal.maximum_savings_minor.is_none();
    match deal.offer {
        Offer::GeneralSale(Discount::Fixed(_)) => true,
        Offer::GeneralSale(Discount::Percent(bps) | Discount::PercentMaximum(bps)) => share(bps),
        Offer::GeneralSale(Discount::PercentRange { high, .. }) => share(high),
        Offer::Bogo(bogo) => match bogo.reduction {
            Reduction::Free | Reduction::Amount(_) => deal.maximum_savings_minor.is_none(),
            Reduction::Percent(bps) => share(bps),
        },
        Offer::FreeShipping | Offer::GiftWithPurchase | Offer::Rebate => false,
    }
}

/// Whether the most that can be saved is a small part of the least that can be bought.
fn is_small_part(deal: &Deal, least: Minor) -> bool {
    let most = match deal.offer {
        Offer::GeneralSale(Discount::Fixed(amount)) => Some(amount),
        _ => deal.maximum_savings_minor,
    };
    let large = BasisPoints::new(LARGE_BPS).map(|large| least.share(large));
    most.zip(large).is_some_and(|(most, large)| most < large)
}
