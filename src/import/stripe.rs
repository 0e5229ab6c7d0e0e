//! Stripe: the list of promotion codes (`GET /v1/promotion_codes?expand[]=data.coupon`), each with
//! its coupon.
//!
//! Amounts are integers in the minor unit, but in hundredths for ISK and UGX, which have none.
//! Newer versions of the interface have the coupon below `promotion`.

use super::offer::{Context, Deal, Gain, Offer, Scope, list, or_note};
use super::row::{Fault, Row};
use crate::money::Currency;

/// Currencies without a minor unit whose amounts are in hundredths all the same.
const HUNDREDTHS: [&str; 2] = ["ISK", "UGX"];

pub(super) fn offer(row: &mut Row, context: &Context<'_>) -> Result<Offer, Fault> {
    row.take("object");
    let code = row.take("code").unwrap_or_default();
    check_active(row)?;
    let coupon = Coupon::of(row);
    let schedule = schedule(row, context, &coupon)?;
    let created = row.take_any(&["created"]);
    let created_at = created
        .map(|date| context.date(&date, crate::zone::Boundary::Start))
        .transpose()?;
    let max_redemptions = context.uses_left(row, &["max_redemptions"], &["times_redeemed"])?;
    let deal = deal(row, context, &coupon);
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

/// Where the coupon's fields are.
struct Coupon(&'static str);

impl Coupon {
    fn of(row: &mut Row) -> Coupon {
        let is_below = row.take("promotion.type").is_some();
        let coupon = Coupon(if is_below { "promotion.coupon" } else { "coupon" });
        row.take(&coupon.field("object"));
        // Once for each order is the only way in which we know a discount.
        if row.take(&coupon.field("duration")).is_some_and(|duration| duration != "once") {
            row.put_back(&coupon.field("duration"));
        }
        coupon
    }

    fn field(&self, name: &str) -> String {
        format!("{}.{name}", self.0)
    }
}

fn check_active(row: &mut Row) -> Result<(), Fault> {
    if row.take("active").is_none_or(|active| active == "true") {
        return Ok(());
    }
    let remedy = "the code is not in use: make it active, or let it go";
    Err(Fault::new("active", "false", "true", remedy))
}

/// Until the code or its coupon expires, whichever is first.
fn schedule(
    row: &mut Row,
    context: &Context<'_>,
    coupon: &Coupon,
) -> Result<crate::time::Schedule, Fault> {
    let redeem_by = coupon.field("redeem_by");
    let own = context.schedule(None, row.take_any(&["expires_at"]))?;
    let coupons = context.schedule(None, row.take_any(&[&redeem_by]))?;
    Ok(own.narrowed_to(&coupons))
}

fn deal(row: &mut Row, context: &Context<'_>, coupon: &Coupon) -> Result<Option<Deal>, Fault> {
    if let Some(id) = row.take(coupon.0) {
        let remedy = "list the codes with expand[]=data.coupon (newer: data.promotion.coupon)";
        return Err(Fault::new(coupon.0, &id, "the coupon itself", remedy));
    }
    let [percent, amount, currency] =
        ["percent_off", "amount_off", "currency"].map(|name| coupon.field(name));
    let currency = row.take(&currency).map(|text| text.to_uppercase());
    let gain = match (row.take(&percent), row.take(&amount)) {
        (Some(text), None) => Gain::Percent(context.basis_points(&percent, &text)?),
        (None, Some(text)) => Gain::Fixed(minor(context, (&amount, &text), currency.as_deref())?),
        _ => {
            let remedy = "write the deal by hand";
            return Err(Fault::new(&percent, "", "percent_off or amount_off", remedy));
        }
    };
    let mut deal = Deal::new(gain);
    deal.currency = currency.as_deref().and_then(Currency::parse);
    let products = coupon.field("applies_to.products");
    if let Some(text) = row.take(&products) {
        let ids = list(&text);
        let remedy = "they are carried over as they are: orders have to name products by them";
        row.note(Fault::new(&products, &text, "what orders call sku", remedy));
        deal.scope = Scope::Skus(ids);
    }
    deal.first_order_only = row.take_yes("restrictions.first_time_transaction");
    let least = row.take("restrictions.minimum_amount");
    let least_currency = row.take("restrictions.minimum_amount_currency");
    if let Some(text) = least {
        let column = "restrictions.minimum_amount";
        let own = least_currency.map(|text| text.to_uppercase());
        if deal.currency.is_some() && own.as_deref() != deal.currency.as_ref().map(Currency::as_str)
        {
            let remedy = "a deal has one currency: write it by hand";
            return Err(Fault::new(column, &text, "the coupon's currency", remedy));
        }
        deal.minimum_purchase_minor = minor(context, (column, &text), own.as_deref())?;
        deal.currency = own.as_deref().and_then(Currency::parse);
    }
    Ok(Some(deal))
}

/// An amount in the minor unit of a currency; the program's when none is named.
fn minor(
    context: &Context<'_>,
    (column, text): (&str, &str),
    currency: Option<&str>,
) -> Result<u64, Fault> {
    let own = context.options.currency;
    let currency = currency.unwrap_or(own.as_str());
    let divisor = if HUNDREDTHS.contains(&currency) { 100u64 } else { 1 };
    let amount = text.parse::<u64>().ok().filter(|amount| amount.is_multiple_of(divisor));
    amount.and_then(|amount| amount.checked_div(divisor)).ok_or_else(|| {
        let expected = format!("a whole number of the minor unit of {currency}");
        Fault::new(column, text, expected, "write the deal by hand")
    })
}
