//! The largest order there can be, by a thousand partners.

use super::order::{Click, Item, Order};
use super::shop::{
    At, Attribution, Code, Contract, Criteria, EventType, Folding, Group, NOON, Partner, Payout,
    Program, Rate, Schedule, Shop,
};

const ALWAYS: Schedule = Schedule { start_at: None, end_at: None };

/// A shop of 1,000 partners, and an order with a click of each, 16 codes and 500 lines.
pub fn shop_and_order() -> (Shop, Order) {
    let ids: Vec<&str> = (0..1_000).map(|number| name("p", number)).collect();
    let skus: Vec<&str> = (0..500).map(|number| name("sku", number)).collect();
    let program = Program {
        id: "1000",
        name: "",
        currency: "USD",
        time_zone: "UTC",
        tracking: true,
        attribution: Attribution {
            preset: "impact",
            click_model: None,
            precedence: None,
            fallback_to_click: None,
            referral_window_days: None,
            default_credit_policy: None,
            owner_also_click_winner: None,
        },
        folding: Folding { separators: false, lookalikes: false },
    };
    let shop = Shop {
        program,
        event_types: vec![EventType { id: "SALE", promo_codes: true }],
        partners: ids.iter().map(|id| partner(id, &skus)).collect(),
        deals: Vec::new(),
        codes: vec![code(ids[0])],
        exception_lists: Vec::new(),
    };
    let click = |(tick, partner): (i64, &&'static str)| Click { partner, at: At(NOON - tick) };
    let order = Order {
        order_id: "A1",
        event_type: "SALE",
        placed_at: At(NOON),
        promo_codes: (0..15).map(|number| format!("NOPE{number}")).chain(["LAST".into()]).collect(),
        customer_id: None,
        first_order: None,
        country: None,
        currency: "USD",
        subtotal_minor: 1 << 52,
        discount_minor: Some(12_345_677),
        items: skus.iter().map(|sku| item(sku)).collect(),
        clicks: (1..).zip(&ids).map(click).collect(),
        click_path: None,
        forced_partner: None,
        is_exhausted: false,
        path: None,
    };
    (shop, order)
}

fn name(start: &str, number: usize) -> &'static str {
    format!("{start}{number}").leak()
}

/// A partner whose first groups ask for articles that are not sold.
fn partner(id: &'static str, skus: &[&'static str]) -> Partner {
    let group = |name: &str, skus: Vec<&'static str>| Group {
        name: name.to_owned(),
        when: Criteria { skus: Some(skus), ..Criteria::default() },
        rate: Rate { rate_bps: Some(333), ..Rate::default() },
    };
    let groups = if id == "p0" {
        let others = || (0..500).map(|number| name("other", number)).collect();
        let first = (0..20).map(|number| group(&format!("g{number}"), others()));
        first.chain([group("last", skus.to_vec())]).collect()
    } else {
        Vec::new()
    };
    let contract = Contract {
        id: "k".to_owned(),
        schedule: ALWAYS,
        referral_window_days: None,
        event_types: vec!["SALE"],
        payout: Some(Payout { groups, default: None, restrictions: Vec::new() }),
    };
    let contracts = vec![contract];
    Partner { id, name: "", kind: "partner", active: true, credit_group: "preferred", contracts }
}

fn code(owner: &'static str) -> Code {
    Code {
        id: "c".to_owned(),
        code: "LAST",
        kind: "tracking",
        match_type: "exact",
        credit_policy: Some("involved"),
        owner: Some(owner),
        schedule: ALWAYS,
        deal: None,
        max_redemptions: None,
        max_redemptions_per_customer: None,
        created_at: At(NOON),
    }
}

fn item(sku: &'static str) -> Item {
    let (quantity, unit_price_minor) = (1_000, 1_000_000_007);
    Item { sku, category: None, quantity, unit_price_minor, promo_code: None }
}
