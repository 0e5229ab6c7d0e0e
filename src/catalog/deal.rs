//! Authored deals, checked: type, discount, bogo and scope must fit each other.

use super::authored::{self, Bogo, Discount};
use super::check::Check;
use super::complaint::ComplaintKind;
use super::literal::{DealType, ScopeName};
use crate::deal::{self, Conditions, Deal, Offer, Reduction, Scope};
use crate::money::Minor;
use crate::program::Program;
use crate::zone::Zone;

pub(super) fn deal(
    check: &mut Check<'_>,
    authored: &authored::Deal,
    (program, zone): (&Program, &Zone),
) -> Option<Deal> {
    let id = check.id(&authored.id, "id");
    let (start_at, end_at) = (authored.start_at.as_deref(), authored.end_at.as_deref());
    let schedule = check.schedule(start_at, end_at, "", (None, zone));
    let offer = offer(check, authored);
    let scope = scope(check, authored);
    let conditions = conditions(check, authored, program);
    let savings =
        authored.maximum_savings_minor.map(|m| check.minor(m, 1, "maximum_savings_minor"));
    let limit = authored.purchase_limit_quantity.map(|q| check.count(q, "purchase_limit_quantity"));
    Some(Deal {
        id: id?,
        name: authored.name.clone(),
        offer: offer?,
        scope,
        schedule: schedule?,
        sync_codes: authored.sync_codes,
        conditions: conditions?,
        maximum_savings_minor: transpose(savings)?,
        purchase_limit_quantity: transpose(limit)?,
    })
}

fn offer(check: &mut Check<'_>, authored: &authored::Deal) -> Option<Offer> {
    let asks_discount = authored.kind == DealType::GeneralSale;
    let asks_bogo = authored.kind == DealType::Bogo;
    let fields = [
        ("discount", asks_discount, authored.discount.is_some(), "general_sale"),
        ("bogo", asks_bogo, authored.bogo.is_some(), "bogo"),
    ];
    for (field, is_asked, is_there, kind) in fields {
        let (expected, got) = match (is_asked, is_there) {
            (true, false) => (format!("the field `{field}` with type {kind}"), "none"),
            (false, true) => (format!("`{field}` only with type {kind}"), "another type"),
            _ => continue,
        };
        let remedy = format!("give a {kind} its {field}, and no other type");
        check.complain(ComplaintKind::Combination, field, expected, got, remedy);
    }
    Some(match authored.kind {
        DealType::GeneralSale => Offer::GeneralSale(discount(check, authored.discount?)?),
        DealType::Bogo => Offer::Bogo(bogo(check, authored.bogo?)?),
        DealType::FreeShipping => Offer::FreeShipping,
        DealType::GiftWithPurchase => Offer::GiftWithPurchase,
        DealType::Rebate => Offer::Rebate,
    })
}

fn discount(check: &mut Check<'_>, authored: Discount) -> Option<deal::Discount> {
    Some(match authored {
        Discount::Fixed { amount_minor } => {
            deal::Discount::Fixed(check.minor(amount_minor, 1, "discount.amount_minor")?)
        }
        Discount::Percent { bps } => {
            deal::Discount::Percent(check.basis_points(bps, 1, "discount.bps")?)
        }
        Discount::PercentMaximum { bps } => {
            deal::Discount::PercentMaximum(check.basis_points(bps, 1, "discount.bps")?)
        }
        Discount::PercentRange { low_bps, high_bps } => {
            let low = check.basis_points(low_bps, 0, "discount.low_bps");
            let high = check.basis_points(high_bps, 1, "discount.high_bps");
            let (low, high) = (low?, high?);
            if low > high {
                let got = format!("{low_bps} and {high_bps}");
                let expected = "low_bps not above high_bps";
                let kind = ComplaintKind::Combination;
                check.complain(kind, "discount", expected, got, "exchange the two");
                return None;
            }
            deal::Discount::PercentRange { low, high }
        }
    })
}

fn bogo(check: &mut Check<'_>, authored: Bogo) -> Option<deal::Bogo> {
    let (buy, get, reduction) = match authored {
        Bogo::Free { buy, get } => (buy, get, Some(Reduction::Free)),
        Bogo::Amount { buy, get, amount_minor } => {
            let amount = check.minor(amount_minor, 1, "bogo.amount_minor");
            (buy, get, amount.map(Reduction::Amount))
        }
        Bogo::Percent { buy, get, bps } => {
            let share = check.basis_points(bps, 1, "bogo.bps");
            (buy, get, share.map(Reduction::Percent))
        }
    };
    let buy = check.count(buy, "bogo.buy");
    let get = check.count(get, "bogo.get");
    Some(deal::Bogo { buy: buy?, get: get?, reduction: reduction? })
}

fn scope(check: &mut Check<'_>, authored: &authored::Deal) -> Scope {
    let lists = [
        ("categories", ScopeName::Category, "category", &authored.categories),
        ("skus", ScopeName::Product, "product", &authored.skus),
    ];
    for (field, scope, name, list) in lists {
        let (expected, got) = match (authored.scope == scope, list.is_empty()) {
            (true, true) => (format!("`{field}` with scope {name}"), "none"),
            (false, false) => (format!("`{field}` only with scope {name}"), "another scope"),
            _ => continue,
        };
        let remedy = format!("list {field} for the scope {name}, and for no other");
        check.complain(ComplaintKind::Combination, field, expected, got, remedy);
    }
    match authored.scope {
        ScopeName::EntireStore => Scope::EntireStore,
        ScopeName::Category => Scope::Category(authored.categories.clone()),
        ScopeName::Product => Scope::Product(authored.skus.clone()),
    }
}

fn conditions(
    check: &mut Check<'_>,
    authored: &authored::Deal,
    program: &Program,
) -> Option<Conditions> {
    let currency = match &authored.currency {
        Some(currency) => check.currency(currency, "currency").map(Some),
        // Amounts are in some currency, and five dollars off are not five euros off.
        None => Some(has_amounts(authored).then_some(program.currency)),
    };
    let minimum = authored.minimum_purchase_minor.unwrap_or(0);
    let minimum = check.minor(minimum, 0, "minimum_purchase_minor");
    let mut countries = Vec::new();
    for (index, country) in authored.countries.iter().enumerate() {
        countries.extend(check.country(country, &format!("countries[{index}]")));
    }
    let quantity = authored.minimum_quantity.filter(|&quantity| quantity > 0);
    let quantity = quantity.map(|quantity| check.count(quantity, "minimum_quantity"));
    Some(Conditions {
        currency: currency?,
        countries,
        first_order_only: authored.first_order_only,
        segments: authored.segments.clone(),
        minimum_purchase_minor: minimum
            .map(|minimum| (minimum > Minor::ZERO).then_some(minimum))?,
        minimum_quantity: transpose(quantity)?,
    })
}

fn has_amounts(authored: &authored::Deal) -> bool {
    authored.minimum_purchase_minor.is_some_and(|minimum| minimum > 0)
        || authored.maximum_savings_minor.is_some()
        || matches!(authored.discount, Some(Discount::Fixed { .. }))
        || matches!(authored.bogo, Some(Bogo::Amount { .. }))
}

/// A value that is left out is fine; one that was complained about is not.
fn transpose<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(None) => None,
        Some(some) => Some(some),
    }
}
