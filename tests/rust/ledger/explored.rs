//! Every world that the protocol can come to, in scopes that are small but leave room for each kind
//! of trouble; and each rule of it broken, to see that it is needed and that we would be told.
//!
//! A scope bounds how many orders there are (two), how many attempts the edge has at once for each
//! (two), how many messages are under way that no attempt waits for (three), and how many different
//! claims a merchant makes of an order (two); never all of them at their most. Nothing bounds how
//! often the merchant tries again, holds expire, messages are lost or copied and attempts end:
//! [`World`]s repeat.
//!
//! [`World`]: super::world::World

use super::explorer::{Broken, CAN_STILL_SETTLE, Explored, explore};
use super::promises::{COUNTED, NOT_VOID, RECORDED_ONCE, WITHIN_CAP, WITHIN_CUSTOMER_CAP};
use super::protocol::{Protocol, Scope};
use super::rules::{End, QUIET_EDGE, RULES, Rules};
use super::world::Token;

use promo_edge::ledger::cap::{self, Change, Counts, Limits, Reservation, Use};
use promo_edge::ledger::{self, Claim, Hold, Recorded, Recording, Reversal, Settlement};

/// One claim of each order, one customer, no carts.
const fn uses(max: u64) -> Scope {
    let limits = Limits { max_redemptions: Some(max), max_redemptions_per_customer: None };
    Scope { limits, claims: 1, customers: 1, has_carts: false }
}

/// Orders with carts.
const fn with_carts(max: u64) -> Scope {
    Scope { has_carts: true, ..uses(max) }
}

/// Of each order two different things are said.
const fn with_claims(max: u64) -> Scope {
    Scope { claims: 2, ..uses(max) }
}

/// Two customers with a use each, and each order is claimed for either.
const CUSTOMERS: Scope = Scope {
    limits: Limits { max_redemptions: Some(2), max_redemptions_per_customer: Some(1) },
    customers: 2,
    ..with_claims(2)
};

fn try_all<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
    rules: Rules,
    scope: Scope,
) -> Result<Explored, Broken> {
    explore(&Protocol::<ORDERS, ATTEMPTS, MESSAGES>::new(rules, scope))
}

#[track_caller]
fn holds<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
    rules: Rules,
    scope: Scope,
) {
    match try_all::<ORDERS, ATTEMPTS, MESSAGES>(rules, scope) {
        Ok(explored) => {
            println!("{ORDERS} x {ATTEMPTS} attempts, {MESSAGES} messages: {explored}, {scope:?}");
        }
        Err(broken) => panic!("{broken}"),
    }
}

#[test]
fn two_orders_share_one_use() {
    holds::<2, 1, 2>(RULES, uses(1));
}

#[test]
fn two_orders_have_a_use_each() {
    holds::<2, 1, 2>(RULES, uses(2));
}

#[test]
fn two_orders_are_each_tried_twice_at_once() {
    holds::<2, 2, 1>(RULES, uses(1));
}

#[test]
fn one_order_is_claimed_in_two_ways_at_once() {
    holds::<1, 2, 2>(RULES, with_claims(1));
    holds::<1, 2, 2>(RULES, Scope { has_carts: true, ..with_claims(1) });
}

#[test]
fn one_order_has_much_under_way() {
    holds::<1, 2, 3>(RULES, uses(1));
}

#[test]
fn carts_hold_uses_for_their_orders() {
    holds::<1, 2, 2>(RULES, with_carts(1));
    holds::<2, 1, 1>(RULES, with_carts(1));
    holds::<2, 1, 1>(RULES, with_carts(2));
}

#[test]
fn a_customer_has_one_use() {
    holds::<2, 1, 1>(RULES, CUSTOMERS);
}

#[test]
fn what_the_edge_sends_back_is_haste_and_not_needed() {
    holds::<1, 2, 2>(QUIET_EDGE, with_claims(1));
    holds::<2, 1, 1>(QUIET_EDGE, uses(1));
}

/// Breaks a rule and tells which promise breaks, and what happened on the way there.
#[track_caller]
fn check(what: &str, rules: Rules, promise: &str, story: &str) {
    let broken = try_all::<1, 2, 1>(rules, uses(1))
        .and_then(|_| try_all::<1, 2, 2>(rules, with_claims(2)))
        .and_then(|_| try_all::<2, 1, 1>(rules, with_carts(1)))
        .and_then(|_| try_all::<2, 1, 1>(rules, CUSTOMERS));
    let Err(broken) = broken else { panic!("{what}: nothing is broken") };
    println!("{what}: {broken}");
    let name = |event: &String| event.split(' ').next().unwrap_or_default().to_owned();
    let told: Vec<String> = broken.trace.iter().map(name).collect();
    assert_eq!((broken.promise, told.join(" ").as_str()), (promise, story), "{what}: {broken}");
}

#[test]
fn every_rule_is_needed() {
    let of_order = Rules { settle: settle_without_voiding, ..RULES };
    check(
        "settle does not void",
        of_order,
        COUNTED,
        "Asked Answered HoldExpired Arrived Arrived Answered",
    );
    let of_order = Rules { settle: settle_any_hold, ..RULES };
    check(
        "settle does not look which hold it is",
        of_order,
        CAN_STILL_SETTLE,
        "Asked CartAsked Answered Answered CartExpired",
    );
    let of_order = Rules { record: record_void_holds, ..RULES };
    check(
        "record does not look whether the hold is void",
        of_order,
        NOT_VOID,
        "Asked Answered HoldExpired Arrived Answered",
    );
    let of_order = Rules { record: record_again, ..RULES };
    check(
        "record does not look whether there is a record",
        of_order,
        RECORDED_ONCE,
        "Asked Answered Answered Arrived",
    );
    let of_order = Rules { reverse: reverse_for_nothing, ..RULES };
    check(
        "reverse gives nothing back",
        of_order,
        CAN_STILL_SETTLE,
        "Asked Answered Answered HoldExpired Arrived Reversed",
    );
    let of_order = Rules { unconfirmed: |_| None, ..RULES };
    check(
        "the outbox does not wait for a confirmation",
        of_order,
        CAN_STILL_SETTLE,
        "Asked Answered Answered HoldExpired Arrived Reversed SentBack",
    );
}

#[test]
fn every_rule_of_the_cap_is_needed() {
    let of_cap = Rules { reserve: reserve_again, ..RULES };
    check(
        "reserve does not look what the order has",
        of_cap,
        COUNTED,
        "Asked Answered Arrived Answered",
    );
    let of_cap = Rules { reserve: reserve_beside_the_cart, ..RULES };
    check("reserve leaves the cart what it has", of_cap, WITHIN_CAP, "Asked CartAsked Answered");
    let of_cap = Rules { release: release_any, ..RULES };
    check(
        "release does not look which hold it is",
        of_cap,
        COUNTED,
        "Asked Answered Asked HoldExpired Arrived Arrived Answered Arrived Answered",
    );
    let of_cap = Rules { commit: commit_any, ..RULES };
    check(
        "commit does not look which hold it is",
        of_cap,
        CAN_STILL_SETTLE,
        "Asked Answered Asked Answered HoldExpired Arrived Reversed SentBack Answered Answered",
    );
    let of_cap = Rules { next_token: |_| 1, ..RULES };
    check(
        "a token is given out again",
        of_cap,
        CAN_STILL_SETTLE,
        "Asked Answered Asked Answered HoldExpired Arrived Reversed SentBack Answered",
    );
}

#[test]
fn every_rule_of_the_edge_is_needed() {
    let of_edge = Rules { let_go: let_go_when_giving_up, ..RULES };
    check(
        "the edge sends a hold back when it gives up",
        of_edge,
        COUNTED,
        "Asked Answered Ended Asked Answered Arrived Answered",
    );
    let of_edge = Rules { let_go: let_go_of_any, ..RULES };
    check(
        "the edge sends back what the order is recorded with",
        of_edge,
        COUNTED,
        "Asked Answered Asked Answered Answered Answered Arrived",
    );
    let of_edge = Rules { is_fit: |_, _| true, ..RULES };
    check(
        "the edge does not look whose hold it is",
        of_edge,
        WITHIN_CUSTOMER_CAP,
        "Asked Answered Answered Asked Answered Ended Asked Answered Answered",
    );
}

fn settle_without_voiding(recorded: Option<&Recorded>, hold: &Hold) -> Settlement {
    match ledger::settle(recorded, hold) {
        Settlement::ReleaseAndVoid => Settlement::Release,
        other => other,
    }
}

fn settle_any_hold(recorded: Option<&Recorded>, hold: &Hold) -> Settlement {
    let Some(recorded) = recorded else { return ledger::settle(None, hold) };
    ledger::settle(Some(&Recorded { hold: Some(hold.clone()), ..recorded.clone() }), hold)
}

fn record_void_holds(recorded: Option<&Recorded>, _: bool, claim: &Claim) -> Recording {
    ledger::record(recorded, false, claim)
}

fn record_again(_: Option<&Recorded>, is_hold_void: bool, claim: &Claim) -> Recording {
    ledger::record(None, is_hold_void, claim)
}

fn reverse_for_nothing(recorded: Option<&Recorded>) -> Reversal {
    match ledger::reverse(recorded) {
        Reversal::Reversed { .. } => Reversal::Reversed { give_back: None },
        other => other,
    }
}

fn reserve_again(_: Option<Use>, cart: Option<Use>, counts: Counts, limits: Limits) -> Reservation {
    cap::reserve(None, cart, counts, limits)
}

fn reserve_beside_the_cart(
    own: Option<Use>,
    cart: Option<Use>,
    counts: Counts,
    limits: Limits,
) -> Reservation {
    match cap::reserve(own, cart, counts, limits) {
        Reservation::TakenOver { .. } => Reservation::Held,
        other => other,
    }
}

fn release_any(own: Option<Use>, _: u64) -> Change {
    own.map_or(Change::Nothing, |own| cap::release(Some(own), own.token))
}

fn commit_any(own: Option<Use>, _: u64) -> Change {
    own.map_or(Change::Nothing, |own| cap::commit(Some(own), own.token))
}

fn let_go_when_giving_up(end: End) -> Option<Token> {
    match end {
        End::GaveUp(mine) => mine,
        _ => (RULES.let_go)(end),
    }
}

fn let_go_of_any(end: End) -> Option<Token> {
    match end {
        End::Recorded { mine, .. } => mine,
        _ => (RULES.let_go)(end),
    }
}
