//! Shopify: the CSV file that the page of discounts exports.
//!
//! Columns: `Name, Value, Value Type, Type, Discount Class, Minimum Purchase Requirements, Combines
//! with Order Discounts, Combines with Product Discounts, Combines with Shipping Discounts,
//! Customer Selection, Context, Times Used In Total, Applies Once Per Customer, Usage Limit Per
//! Code, Status, Start, End`; older files have fewer. Dates have an offset, `2026-07-01 09:00:00
//! -0400`, and values are negative: they are what is taken off.

use super::offer::{Context, Deal, Gain, Offer, or_note};
use super::row::{Fault, Row};

pub(super) fn offer(row: &mut Row, context: &Context<'_>) -> Result<Offer, Fault> {
    let code = row.take("Name").unwrap_or_default();
    let (start, end) = (row.take_any(&["Start"]), row.take_any(&["End"]));
    check_status(row, end.is_some())?;
    let schedule = context.schedule(start, end)?;
    let deal = deal(row, context);
    let deal = or_note(row, deal);
    let limit = ["Usage Limit Per Code"];
    let max_redemptions = context.uses_left(row, &limit, &["Times Used In Total"])?;
    let once = row.take_yes("Applies Once Per Customer");
    everybody(row);
    Ok(Offer {
        code: ("Name", code),
        deal,
        schedule,
        max_redemptions,
        max_redemptions_per_customer: once.then_some(1),
        created_at: None,
    })
}

/// An expired code without an end would be active again.
fn check_status(row: &mut Row, has_end: bool) -> Result<(), Fault> {
    let Some(status) = row.take("Status") else { return Ok(()) };
    match (&*status.to_lowercase(), has_end) {
        ("active" | "scheduled", _) | ("expired", true) => Ok(()),
        _ => {
            let remedy = "the code is not in use: make it active in the shop, or let it go";
            Err(Fault::new("Status", &status, "Active, Scheduled, or Expired with an End", remedy))
        }
    }
}

fn deal(row: &mut Row, context: &Context<'_>) -> Result<Option<Deal>, Fault> {
    let kind = row.take("Type").unwrap_or_default();
    let class = row.take("Discount Class").unwrap_or_default();
    let value_type = row.take("Value Type").unwrap_or_default();
    let value = row.take("Value").unwrap_or_default();
    let least = row.take("Minimum Purchase Requirements");
    let gain = match (&*kind.to_lowercase(), &*value_type.to_lowercase()) {
        ("free shipping", _) | ("", "shipping") => Gain::FreeShipping,
        ("amount off" | "", "percentage") => Gain::Percent(context.basis_points("Value", &value)?),
        ("amount off" | "", "fixed_amount") => Gain::Fixed(context.minor("Value", &value)?),
        ("amount off" | "", _) => {
            let remedy = "add its deal by hand";
            return Err(Fault::new(
                "Value Type",
                &value_type,
                "percentage or fixed_amount",
                remedy,
            ));
        }
        _ => {
            let remedy = "the export does not say what is given for what: add its deal by hand";
            return Err(Fault::new("Type", &kind, "Amount Off or Free Shipping", remedy));
        }
    };
    if gain != Gain::FreeShipping && !["", "order"].contains(&&*class.to_lowercase()) {
        let remedy = "the export does not say which products: add its deal by hand";
        return Err(Fault::new("Discount Class", &class, "order", remedy));
    }
    let mut deal = Deal::new(gain);
    if let Some(least) = least {
        deal.minimum_purchase_minor = context.minor("Minimum Purchase Requirements", &least)?;
    }
    Ok(Some(deal))
}

/// Notes that a code is not for everybody.
fn everybody(row: &mut Row) {
    let Some(customers) = row.take("Customer Selection") else { return };
    if !["all", "all customers", "everyone"].contains(&&*customers.to_lowercase()) {
        let remedy = "the code comes without this condition: add segments to its deal";
        row.note(Fault::new("Customer Selection", &customers, "all customers", remedy));
    }
}
