//! WooCommerce: coupons as its REST interface lists them (`/wp-json/wc/v3/coupons`), or as CSV with
//! the columns of a WordPress export (`post_title`, `coupon_amount`, `expiry_date` ...).
//!
//! A coupon ends at the first instant of the day on which it expires, in the shop's zone. Amounts
//! are decimals in the shop's currency, percentages as well.

use super::offer::{Context, Deal, Gain, Offer, Scope, list, or_note};
use super::row::{Fault, Row};
use crate::zone::Boundary;
use crate::time::UnixMillis;

pub(super) fn offer(row: &mut Row, context: &Context<'_>) -> Result<Offer, Fault> {
    let code = row.take_any(&["code", "post_title"]).map(|(_, code)| code).unwrap_or_default();
    check_status(row)?;
    let mut schedule = context.schedule(None, None)?;
    schedule.end_at = end(row, context)?;
    let created = row.take_any(&["date_created_gmt", "date_created", "post_date"]);
    let created_at =
        created.map(|date| context.date(&in_utc(date), Boundary::Start)).transpose()?;
    let deal = deal(row, context);
    let deal = or_note(row, deal);
    let max_redemptions = context.uses_left(row, &["usage_limit"], &["usage_count"])?;
    let per_customer = row.take("usage_limit_per_user");
    let per_customer =
        per_customer.map(|text| context.count("usage_limit_per_user", &text)).transpose()?;
    Ok(Offer {
        code: ("code", code),
        deal,
        schedule,
        max_redemptions,
        max_redemptions_per_customer: per_customer.filter(|&count| count > 0),
        created_at,
    })
}

fn check_status(row: &mut Row) -> Result<(), Fault> {
    let Some((column, status)) = row.take_any(&["status", "post_status"]) else { return Ok(()) };
    if ["publish", "future"].contains(&&*status) {
        return Ok(());
    }
    let remedy = "the coupon is not in use: publish it in the shop, or let it go";
    Err(Fault::new(&column, &status, "publish", remedy))
}

/// The first instant of the day on which it expires.
fn end(row: &mut Row, context: &Context<'_>) -> Result<Option<UnixMillis>, Fault> {
    let date = row.take_any(&["date_expires_gmt", "date_expires", "expiry_date"]);
    // A bare date is a start here: through its last day is what the shop does not mean.
    date.map(|date| context.date(&in_utc(date), Boundary::Start)).transpose()
}

/// Columns named after Greenwich have no offset of their own.
fn in_utc((column, date): (String, String)) -> (String, String) {
    let is_bare = column.ends_with("_gmt") && date.contains('T') && !date.ends_with('Z');
    (column, if is_bare { format!("{date}Z") } else { date })
}

fn deal(row: &mut Row, context: &Context<'_>) -> Result<Option<Deal>, Fault> {
    let kind = row.take("discount_type").unwrap_or_default();
    let amount = row.take_any(&["amount", "coupon_amount"]);
    let (column, amount) = amount.unwrap_or_else(|| ("amount".to_owned(), "0".to_owned()));
    let is_nothing = amount.chars().all(|c| matches!(c, '0' | '.'));
    let gain = if is_nothing && row.take_yes("free_shipping") {
        Gain::FreeShipping
    } else {
        match &*kind {
            _ if is_nothing => return Ok(None),
            "percent" => Gain::Percent(context.basis_points(&column, &amount)?),
            "fixed_cart" | "" => Gain::Fixed(context.minor(&column, &amount)?),
            _ => {
                let remedy = "our fixed discounts are on orders, not on products: write the deal \
                              by hand";
                return Err(Fault::new("discount_type", &kind, "percent or fixed_cart", remedy));
            }
        }
    };
    let mut deal = Deal { scope: scope(row)?, ..Deal::new(gain) };
    if let Some(least) = row.take("minimum_amount") {
        deal.minimum_purchase_minor = context.minor("minimum_amount", &least)?;
    }
    if let Some(items) = row.take("limit_usage_to_x_items") {
        let items = context.count("limit_usage_to_x_items", &items)?;
        deal.purchase_limit_quantity = Some(items).filter(|&items| items > 0);
    }
    Ok(Some(deal))
}

/// Which products it is for, by the ids that the shop has for them.
fn scope(row: &mut Row) -> Result<Scope, Fault> {
    let [products, categories] =
        ["product_ids", "product_categories"].map(|column| row.take(column).map(|t| list(&t)));
    let [products, categories] = [products, categories].map(Option::unwrap_or_default);
    let (column, ids, scope) = match (products.is_empty(), categories.is_empty()) {
        (true, true) => return Ok(Scope::EntireStore),
        (false, true) => ("product_ids", &products, Scope::Skus(products.clone())),
        (true, false) => ("product_categories", &categories, Scope::Categories(categories.clone())),
        (false, false) => {
            let remedy = "a deal is for products or for categories: write two by hand";
            let value = categories.join(",");
            return Err(Fault::new("product_categories", &value, "products alone", remedy));
        }
    };
    let remedy = "they are carried over as they are: orders have to name products by the same ids";
    row.note(Fault::new(column, &ids.join(","), "what orders call sku or category", remedy));
    Ok(scope)
}
