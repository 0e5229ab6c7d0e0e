//! Whom orders are credited to and what that earns, on random shops: the same as the rules read off
//! the domain's text a second time, the same from the trace alone, and the same in any order.

#[path = "crediting/desk.rs"]
mod desk;
#[path = "crediting/earning.rs"]
mod earning;
#[path = "crediting/largest.rs"]
mod largest;
#[path = "crediting/oracle.rs"]
mod oracle;
#[path = "crediting/order.rs"]
mod order;
#[path = "crediting/random.rs"]
mod random;
#[path = "crediting/replayed.rs"]
mod replayed;
#[path = "seed.rs"]
mod seed;
#[path = "crediting/shop.rs"]
mod shop;
#[path = "crediting/shuffled.rs"]
mod shuffled;
#[path = "crediting/texts.rs"]
mod texts;

use desk::Desk;
use earning::{earned, half_up};
use oracle::Verdict;
use order::Order;
use seed::config;
use shop::Shop;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// Orders that each shop decides.
const ORDERS: usize = 24;

/// Shops, each with orders that it can decide.
fn shops() -> impl Strategy<Value = (Shop, Vec<Order>)> {
    (random::shop(), random::orders(ORDERS)).prop_map(|(shop, orders)| {
        let orders = orders.into_iter().map(|order| order.for_shop(&shop)).collect();
        (shop, orders)
    })
}

/// Asks `check` about each order of many shops.
#[track_caller]
fn each_order(cases: u32, check: impl Fn(&Shop, &Desk, &Order) -> Result<(), TestCaseError>) {
    let run = TestRunner::new(config(cases)).run(&shops(), |(shop, orders)| {
        let desk = Desk::of(&shop);
        orders.iter().try_for_each(|order| check(&shop, &desk, order))
    });
    run.unwrap_or_else(|failed| panic!("{failed}"));
}

/// What an oracle's verdict looks like in a decision.
fn as_answer(shop: &Shop, order: &Order, verdict: &Verdict<'_>) -> Value {
    let code_id = verdict.code.as_ref().map(|(code, _)| code.id.clone());
    let code = verdict.code.as_ref().map(|(code, typed)| json!({ "id": code.id, "typed": typed }));
    let credited = verdict.credited.as_ref().map(|credited| {
        json!({
            "partner": credited.partner,
            "basis": credited.basis,
            "code_id": code_id.filter(|_| credited.basis == "promo_code"),
            "also_click_winner": credited.also_click_winner,
        })
    });
    let reason =
        |(partner, reason): &oracle::Reason<'_>| json!({ "partner": partner, "reason": reason });
    let payout = earned(shop, order, verdict).map(|earned| {
        json!({
            "amount_minor": earned.amount_minor,
            "currency": order.currency,
            "rule": earned.rule,
        })
    });
    json!({
        "order_id": order.order_id,
        "event_type": order.event_type,
        "code": code,
        "credited": credited,
        "reasons": verdict.reasons.iter().map(reason).collect::<Vec<_>>(),
        "unused_codes": verdict.unused,
        "payout": payout,
    })
}

/// A decision without its trace and its snapshot's name.
fn without_trace(mut answer: Value) -> Value {
    let fields = answer.as_object_mut().unwrap();
    fields.remove("trace").unwrap();
    fields.remove("snapshot").unwrap();
    answer
}

fn trace(answer: &Value) -> &[Value] {
    answer["trace"].as_array().unwrap()
}

#[test]
fn agrees_with_the_rules_and_shows_all_of_them() {
    let seen: RefCell<BTreeSet<String>> = RefCell::default();
    each_order(220, |shop, desk, order| {
        let answer = desk.decide(order);
        let mut seen = seen.borrow_mut();
        seen.extend(trace(&answer).iter().map(|step| step["event"].as_str().unwrap().to_owned()));
        let reasons = answer["reasons"].as_array().unwrap().iter();
        seen.extend(reasons.map(|reason| reason["reason"].as_str().unwrap().to_owned()));
        let rule = answer["payout"]["rule"].as_str().and_then(|rule| rule.split(':').next());
        seen.extend(rule.map(str::to_owned));
        let verdict = oracle::decide(shop, order);
        prop_assert_eq!(without_trace(answer), as_answer(shop, order, &verdict), "{:#?}", order);
        Ok(())
    });
    // Orders that never come to a rule would prove nothing about it.
    let seen = seen.into_inner();
    let unseen: Vec<&&str> = OUTCOMES.iter().filter(|outcome| !seen.contains(**outcome)).collect();
    assert!(unseen.is_empty(), "never seen: {unseen:?}");
}

/// Every event of a trace, every reason, and every kind of rule that a payout can come from.
const OUTCOMES: [&str; 38] = [
    "codes_off",
    "code_unused",
    "code_matched",
    "codes_untried",
    "click_path_ignored",
    "clicks_counted",
    "click_winner",
    "forced",
    "no_code",
    "restricted",
    "click_first",
    "higher_group",
    "policy_met",
    "policy_not_met",
    "no_use_left",
    "owner_credited",
    "owner_refused",
    "fallback_to_click",
    "blocked",
    "contract_found",
    "not_in_force",
    "other_currency",
    "lines_restricted",
    "paid", //
    "ACTION_REF_NOT_FOUND",
    "RESTRICTED_PROMOCODE",
    "OTHER_REF_PRIORITIZED",
    "OUTSIDE_ASSOCIATION_WINDOW",
    "CREDITING_RULE_MISMATCH",
    "BLOCKED_BY_PROMOCODE",
    "MAX_RECURRENCES_REACHED",
    "PARTNER_NOT_ACTIVE",
    "CONTRACT_NOT_FOUND",
    "restriction",
    "exception_list",
    "group",
    "default",
    "no_terms",
];

#[test]
fn only_who_takes_part_is_credited() {
    each_order(60, |shop, desk, order| {
        let answer = desk.decide(order);
        let Some(id) = answer["credited"]["partner"].as_str() else {
            prop_assert!(answer["credited"].is_null() && answer["payout"].is_null());
            prop_assert_ne!(&answer["reasons"], &json!([]));
            return Ok(());
        };
        let partner = shop.partner(id).unwrap();
        prop_assert!(partner.active);
        let covers = |contract: &shop::Contract| {
            contract.schedule.holds(order.placed_at.0)
                && contract.event_types.contains(&order.event_type)
        };
        prop_assert!(partner.kind == "media_source" || partner.contracts.iter().any(covers));
        Ok(())
    });
}

#[test]
fn a_partner_has_one_reason_unless_a_used_up_code_fell_back_to_its_owner() {
    each_order(60, |_, desk, order| {
        let answer = desk.decide(order);
        let reasons = answer["reasons"].as_array().unwrap();
        let mut partners: Vec<&Value> = reasons.iter().map(|reason| &reason["partner"]).collect();
        partners.push(&answer["credited"]["partner"]);
        partners.retain(|partner| !partner.is_null());
        let distinct: BTreeSet<&str> = partners.iter().filter_map(|it| it.as_str()).collect();
        let is_used_up = reasons.iter().any(|it| it["reason"] == "MAX_RECURRENCES_REACHED");
        prop_assert!(distinct.len() == partners.len() || is_used_up, "{}", answer);
        Ok(())
    });
}

#[test]
fn the_trace_alone_gives_the_decision_again() {
    each_order(60, |_, desk, order| {
        let answer = desk.decide(order);
        prop_assert_eq!(replayed::replay(trace(&answer)), replayed::of_answer(&answer));
        Ok(())
    });
}

#[test]
fn without_codes_the_clicks_decide() {
    let run = TestRunner::new(config(60)).run(&shops(), |(shop, orders)| {
        let bare = Shop { codes: Vec::new(), ..shop.clone() };
        let (desk, bare_desk) = (Desk::of(&shop), Desk::of(&bare));
        for order in orders {
            let unforced = Order { forced_partner: None, ..order };
            let (credited, reasons) = oracle::by_clicks(&shop, &unforced);
            let answer = bare_desk.decide(&unforced);
            prop_assert_eq!(answer["credited"]["partner"].as_str(), credited);
            prop_assert!(credited.is_none() || answer["credited"]["basis"] == "click");
            let told = answer["reasons"].as_array().unwrap().iter();
            let told: Vec<_> =
                told.map(|it| (it["partner"].as_str(), it["reason"].as_str().unwrap())).collect();
            prop_assert_eq!(told, reasons);
            let codeless = desk.decide(&Order { promo_codes: Vec::new(), ..unforced });
            prop_assert_eq!(&answer["credited"], &codeless["credited"]);
            prop_assert_eq!(&answer["reasons"], &codeless["reasons"]);
            prop_assert_eq!(&answer["payout"], &codeless["payout"]);
        }
        Ok(())
    });
    run.unwrap_or_else(|failed| panic!("{failed}"));
}

#[test]
fn the_order_of_a_catalogue_changes_no_byte() {
    let run = TestRunner::new(config(60)).run(&(random::shop(), any::<u64>()), |(shop, seed)| {
        let shuffled = shuffled::shuffled(&shop, seed);
        prop_assert!(Desk::of(&shop).built == Desk::of(&shuffled).built, "{:#?}", shuffled);
        Ok(())
    });
    run.unwrap_or_else(|failed| panic!("{failed}"));
}

#[test]
fn a_share_is_never_more_than_what_it_is_a_share_of() {
    each_order(60, |shop, desk, order| {
        let answer = desk.decide(order);
        let Some(paid) = trace(&answer).iter().find(|step| step["event"] == "paid") else {
            return Ok(());
        };
        let (base, amount) = (&paid["base_minor"], &paid["amount_minor"]);
        let (base, amount) = (base.as_u64().unwrap(), amount.as_u64().unwrap());
        let lines = order.items.iter().map(|it| it.unit_price_minor * u64::from(it.quantity));
        prop_assert!(base <= order.subtotal_minor.max(lines.sum()));
        if let Some(bps) = paid.get("rate_bps").unwrap().as_u64() {
            prop_assert_eq!(amount, half_up(base, u16::try_from(bps).unwrap()));
            prop_assert!(amount <= base);
        }
        let verdict = oracle::decide(shop, order);
        prop_assert_eq!(earned(shop, order, &verdict).map(|earned| earned.base_minor), Some(base));
        Ok(())
    });
}

#[test]
fn an_order_names_event_types_and_partners_that_there_are() {
    each_order(4, |shop, desk, order| {
        let unknown = Order { forced_partner: Some("stranger"), ..order.clone() };
        let refused = desk.try_decide(&unknown).unwrap_err().to_string();
        prop_assert!(refused.starts_with("forced_partner: expected a partner"), "{}", refused);
        let unknown = Order { event_type: "CALL", ..order.clone() };
        let refused = desk.try_decide(&unknown).unwrap_err().to_string();
        prop_assert!(refused.starts_with("event_type: expected one of "), "{}", refused);
        prop_assert!(shop.partner("stranger").is_none());
        Ok(())
    });
}

#[test]
fn the_largest_order_is_decided() {
    let (shop, order) = largest::shop_and_order();
    let answer = Desk::of(&shop).decide(&order);
    assert_eq!(answer["credited"]["basis"], "promo_code");
    assert_eq!(answer["payout"]["rule"], "group:last");
    assert_eq!(answer["unused_codes"].as_array().unwrap().len(), 15);
    assert_eq!(without_trace(answer), as_answer(&shop, &order, &oracle::decide(&shop, &order)));
}

#[test]
fn damaged_snapshots_are_answered() {
    let flips = prop::collection::vec((any::<prop::sample::Index>(), 0..8u32), 1..4);
    let cut = prop::option::weighted(0.1, any::<prop::sample::Index>());
    let damage = (any::<bool>(), flips, cut);
    let (decided, refused) = (Cell::new(0), Cell::new(0));
    let strategy = (shops(), prop::collection::vec(damage, 8));
    let run = TestRunner::new(config(60)).run(&strategy, |((shop, orders), damages)| {
        let desk = Desk::of(&shop);
        let payout_bytes = desk.payout_bytes();
        for (in_payouts, flips, cut) in damages {
            let mut manifest = desk.built.manifest.clone();
            for (index, bit) in flips {
                let at = match in_payouts && !payout_bytes.is_empty() {
                    true => payout_bytes[index.index(payout_bytes.len())],
                    false => index.index(manifest.len()),
                };
                manifest[at] ^= 1 << bit;
            }
            if let Some(cut) = cut {
                manifest.truncate(cut.index(manifest.len()));
            }
            let _ = desk.verify(&manifest);
            for order in &orders {
                let count =
                    if desk.decide_by(&manifest, order).is_ok() { &decided } else { &refused };
                count.set(count.get() + 1);
            }
        }
        Ok(())
    });
    run.unwrap_or_else(|failed| panic!("{failed}"));
    assert!(decided.get() > 0 && refused.get() > 0, "{decided:?} and {refused:?}");
}
