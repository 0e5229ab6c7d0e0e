//! Random orders.

use super::super::order::{Click, Item, Order};
use super::super::shop::{At, DAY, Shop};
use super::super::texts::{TYPED, WAYS};
use super::payouts::{AMOUNTS, CATEGORIES, COUNTRIES, CURRENCIES, SKUS};
use super::{DAYS, EVENTS, PARTNERS, WINDOWS, on};

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

/// Several orders; those that force a partner may name one that a shop does not have.
pub fn orders(count: usize) -> impl Strategy<Value = Vec<Order>> {
    vec(order(), count)
}

fn order() -> impl Strategy<Value = Order> {
    let placed_at = (select(&DAYS[..]), -1..=1i64).prop_map(|(day, tick)| on(day).0 + tick);
    let what = (select(&EVENTS[..]), weighted(0.08, select(&PARTNERS[..5])));
    let who = (of(Just("k1")), of(any::<bool>()), of(select(&COUNTRIES[..])));
    let money = (select(&CURRENCIES[..]), amount(), of(amount()), vec(item(), 0..5));
    let path = (weighted(0.2, Just("cookie")), of(vec(click(), 0..3)));
    (placed_at, what, who, money, vec(typed(), 0..5), vec(click(), 0..7), path, any::<bool>())
        .prop_map(|(at, what, who, money, promo_codes, clicks, path, is_exhausted)| {
            let (currency, subtotal_minor, discount_minor, items) = money;
            let (click_path, path) = (path.0, path.0.and(path.1));
            Order {
                order_id: "A1",
                event_type: what.0,
                placed_at: At(at),
                promo_codes,
                customer_id: who.0,
                first_order: who.1,
                country: who.2,
                currency,
                subtotal_minor,
                discount_minor,
                items: payable(items),
                clicks: clicks.into_iter().map(|click| click.before(at)).collect(),
                click_path,
                forced_partner: what.1,
                is_exhausted,
                path: path.map(|clicks| clicks.into_iter().map(|it| it.before(at)).collect()),
            }
        })
}

impl Order {
    /// The order without a forced partner that the shop does not have.
    pub fn for_shop(mut self, shop: &Shop) -> Self {
        self.forced_partner.take_if(|id| shop.partner(id).is_none());
        self
    }
}

/// A click, so many milliseconds before an order.
#[derive(Debug, Clone)]
struct Earlier {
    partner: &'static str,
    by: i64,
}

impl Earlier {
    fn before(self, placed_at: i64) -> Click {
        Click { partner: self.partner, at: At(placed_at - self.by) }
    }
}

fn click() -> impl Strategy<Value = Earlier> {
    let edge = (select(&WINDOWS[..]), -1..=1i64);
    let edge = edge.prop_map(|(days, tick)| i64::from(days) * DAY + tick);
    let by = prop_oneof![3 => edge, 1 => -DAY..40 * DAY];
    (select(&PARTNERS[..]), by).prop_map(|(partner, by)| Earlier { partner, by })
}

fn typed() -> impl Strategy<Value = String> {
    let way = prop_oneof![2 => Just(WAYS[0]), 1 => select(&WAYS[..])];
    (select(&TYPED[..]), way).prop_map(|(text, way)| way(text))
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![1 => select(&AMOUNTS[..]), 1 => 0..30_000u64]
}

fn item() -> impl Strategy<Value = Item> {
    let category = of(select(&CATEGORIES[..]));
    let code = weighted(0.2, Just("SAVE10"));
    (select(&SKUS[..]), category, 1..4u32, amount(), code).prop_map(
        |(sku, category, quantity, unit_price_minor, promo_code)| Item {
            sku,
            category,
            quantity,
            unit_price_minor,
            promo_code,
        },
    )
}

/// The first lines, as many as are worth no more than an amount can be.
fn payable(items: Vec<Item>) -> Vec<Item> {
    let mut left = (1u128 << 53) - 1;
    let is_payable = |item: &Item| {
        let worth = u128::from(item.unit_price_minor) * u128::from(item.quantity);
        left.checked_sub(worth).inspect(|rest| left = *rest).is_some()
    };
    items.into_iter().filter(is_payable).collect()
}
