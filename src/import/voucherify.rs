//! Voucherify: vouchers as its interface lists them (`GET /v1/vouchers`), or the CSV file of an
//! export (`Code, Voucher Type, Value, Discount Type, Start Date, Expiration Date, Redemption
//! Limit, Redemption Count, Active, Campaign ...`).
//!
//! Amounts are in hundredths of the currency's unit, whatever its decimals. Gift cards and loyalty
//! cards are no promo codes.

use super::offer::{Context, Deal, Gain, Offer, or_note};
use super::row::{Fault, Row};

pub(super) fn offer(row: &mut Row, context: &Context<'_>) -> Result<Offer, Fault> {
    row.take("object");
    let code = row.take("code").unwrap_or_default();
    check_kind(row)?;
    let start = row.take_any(&["start_date"]);
    let end = row.take_any(&["expiration_date"]);
    let schedule = context.schedule(start, end)?;
    let created = row.take_any(&["created_at", "creation_date"]);
    let created_at = created
        .map(|date| context.date(&date, crate::zone::Boundary::Start))
        .transpose()?;
    let limits = ["redemption.quantity", "redemption_limit", "redemption_quantity"];
    let uses = ["redemption.redeemed_quantity", "redemption_count", "redeemed_quantity"];
    let max_redemptions = context.uses_left(row, &limits, &uses)?;
    let deal = deal(row, context);
    let deal = or_note(row, deal);
    Ok(Offer {
        code: ("code", code),
        deal,
        schedule,
        max_redemptions,
        max_redemptions_per_customer: None,
        created_at,
    })
}

fn check_kind(row: &mut Row) -> Result<(), Fault> {
    let kind = row.take_any(&["type", "voucher_type"]);
    let is_discount = |kind: &str| kind.is_empty() || kind.eq_ignore_ascii_case("discount_voucher");
    if let Some((column, kind)) = kind.filter(|(_, kind)| !is_discount(kind)) {
        let remedy = "a card with a balance is no promo code: keep it where it is";
        return Err(Fault::new(&column, &kind, "DISCOUNT_VOUCHER", remedy));
    }
    let active = row.take("active").filter(|active| !active.eq_ignore_ascii_case("true"));
    match active {
        None => Ok(()),
        Some(active) => {
            let remedy = "the voucher is not in use: enable it, or let it go";
            Err(Fault::new("active", &active, "true", remedy))
        }
    }
}

fn deal(row: &mut Row, context: &Context<'_>) -> Result<Option<Deal>, Fault> {
    let kind = row.take_any(&["discount.type", "discount_type"]);
    let (column, kind) = kind.unwrap_or_else(|| ("discount_type".to_owned(), String::new()));
    let effect = row.take_any(&["discount.effect", "discount_effect"]);
    let whole = |effect: &str| effect.eq_ignore_ascii_case("apply_to_order");
    if let Some((column, effect)) = effect.filter(|(_, effect)| !whole(effect)) {
        let remedy = "the export does not say which items: write the deal by hand";
        return Err(Fault::new(&column, &effect, "APPLY_TO_ORDER", remedy));
    }
    let gain = match &*kind.to_uppercase() {
        "PERCENT" => {
            let value = row.take_any(&["discount.percent_off", "value"]).unwrap_or_default();
            Gain::Percent(context.basis_points(&value.0, &value.1)?)
        }
        "AMOUNT" => {
            let value = row.take_any(&["discount.amount_off", "value"]).unwrap_or_default();
            let amount = minor(context, &value)?;
            if value.0 == "value" {
                let remedy = "it is read as hundredths: compare one with what Voucherify shows";
                row.note(Fault::new(&value.0, &value.1, "an amount that names its unit", remedy));
            }
            Gain::Fixed(amount)
        }
        _ => {
            let remedy = "write the deal by hand";
            return Err(Fault::new(&column, &kind, "PERCENT or AMOUNT", remedy));
        }
    };
    let mut deal = Deal::new(gain);
    let most = row.take_any(&["discount.amount_limit", "discount_amount_limit"]);
    if let Some(most) = most {
        deal.maximum_savings_minor = Some(minor(context, &most)?).filter(|&most| most > 0);
    }
    Ok(Some(deal))
}

/// An amount in hundredths, in the program's minor unit.
fn minor(context: &Context<'_>, (column, text): &(String, String)) -> Result<u64, Fault> {
    let exponent = context.options.exponent;
    let factor = 10u64.checked_pow(exponent.abs_diff(2));
    let minor = text.parse::<u64>().ok().zip(factor).and_then(|(hundredths, factor)| {
        if exponent >= 2 {
            hundredths.checked_mul(factor)
        } else {
            hundredths.checked_div(factor).filter(|_| hundredths.is_multiple_of(factor))
        }
    });
    minor.ok_or_else(|| {
        let expected = format!("hundredths that are whole with {exponent} decimals");
        Fault::new(column, text, expected, "write the deal by hand")
    })
}
