//! What a cap's object decides, a row a case, over a table of holders and their uses. Each row is
//! asked twice: the second answer takes and gives nothing.

use promo_edge::ledger::cap::{
    Change, Counts, Limits, Reservation, Use, UseState, commit, release, remaining, reserve,
};

const HELD: Option<Use> = Some(Use { token: 7, state: UseState::Held });
const COMMITTED: Option<Use> = Some(Use { token: 7, state: UseState::Committed });
const CART: Option<Use> = Some(Use { token: 4, state: UseState::Held });

/// The token of a new hold.
const NEW: u64 = 9;

/// The uses of a code, in all and by the customer who asks: `(taken, max)`.
type Taken = (u64, Option<u64>);

const FREE: Taken = (0, Some(1));
const FULL: Taken = (1, Some(1));
const OVERFULL: Taken = (3, Some(2));
const UNCAPPED: Taken = (u64::MAX, None);
const NONE_AT_ALL: Taken = (0, Some(0));

fn counts_and_limits(all: Taken, by_customer: Taken) -> (Counts, Limits) {
    let counts = Counts { taken: all.0, taken_by_customer: by_customer.0 };
    let limits = Limits { max_redemptions: all.1, max_redemptions_per_customer: by_customer.1 };
    (counts, limits)
}

/// Reserves, writes down what comes of it and reserves again.
#[track_caller]
fn check_reserve(
    own: Option<Use>,
    cart: Option<Use>,
    (all, by_customer): (Taken, Taken),
    expected: &str,
) {
    let (counts, limits) = counts_and_limits(all, by_customer);
    let first = reserve(own, cart, counts, limits);
    let token = match first {
        Reservation::AlreadyCommitted { token }
        | Reservation::AlreadyHeld { token }
        | Reservation::TakenOver { token } => format!(" {token}"),
        _ => String::new(),
    };
    assert_eq!(format!("{}{token}", first.name()), expected);
    let fresh = Some(Use { token: NEW, state: UseState::Held });
    let (own, cart, taken) = match first {
        Reservation::Held => (fresh, cart, counts.taken + 1),
        Reservation::TakenOver { .. } => (fresh, None, counts.taken),
        _ => (own, cart, counts.taken),
    };
    let second = reserve(own, cart, Counts { taken, ..counts }, limits);
    let is_new = matches!(first, Reservation::Held | Reservation::TakenOver { .. });
    assert_eq!(second, if is_new { Reservation::AlreadyHeld { token: NEW } } else { first });
}

#[test]
fn a_use_is_held_while_there_are_any() {
    check_reserve(None, None, (FREE, UNCAPPED), "held");
    check_reserve(None, None, ((1, Some(2)), FREE), "held");
    check_reserve(None, None, ((5, None), UNCAPPED), "held");
    check_reserve(None, None, (FULL, UNCAPPED), "redemptions_exhausted");
    check_reserve(None, None, (OVERFULL, UNCAPPED), "redemptions_exhausted");
    check_reserve(None, None, (NONE_AT_ALL, UNCAPPED), "redemptions_exhausted");
    check_reserve(None, None, (FREE, FULL), "customer_redemptions_exhausted");
    check_reserve(None, None, (FREE, OVERFULL), "customer_redemptions_exhausted");
    check_reserve(None, None, (FREE, NONE_AT_ALL), "customer_redemptions_exhausted");
    check_reserve(None, None, (FULL, FULL), "redemptions_exhausted");
}

#[test]
fn what_the_holder_has_comes_before_every_cap() {
    for cart in [None, CART] {
        for caps in [(FREE, FREE), (FULL, UNCAPPED), (FREE, FULL), (OVERFULL, OVERFULL)] {
            check_reserve(HELD, cart, caps, "already_held 7");
            check_reserve(COMMITTED, cart, caps, "already_committed 7");
        }
    }
}

#[test]
fn an_order_takes_over_what_its_cart_holds() {
    check_reserve(None, CART, (FREE, FREE), "taken_over 4");
    check_reserve(None, CART, (FULL, FREE), "taken_over 4");
    check_reserve(None, CART, (OVERFULL, FREE), "taken_over 4");
    check_reserve(None, CART, (FULL, FULL), "customer_redemptions_exhausted");
    // A cart never consumes a use. Had one, it would be no hold that could be taken over.
    let consumed = Some(Use { token: 4, state: UseState::Committed });
    check_reserve(None, consumed, ((1, Some(2)), FREE), "held");
    check_reserve(None, consumed, (FULL, FREE), "redemptions_exhausted");
}

/// Changes a use by a token, writes it down and does so again.
#[track_caller]
fn check_change(
    ask: fn(Option<Use>, u64) -> Change,
    (own, token): (Option<Use>, u64),
    expected: Change,
    after: Option<Use>,
) {
    assert_eq!(ask(own, token), expected);
    assert_eq!(ask(after, token), Change::Nothing);
}

#[test]
fn a_hold_is_committed_once_and_by_its_token() {
    check_change(commit, (HELD, 7), Change::Done, COMMITTED);
    check_change(commit, (HELD, 6), Change::Nothing, HELD);
    check_change(commit, (HELD, 8), Change::Nothing, HELD);
    check_change(commit, (COMMITTED, 7), Change::Nothing, COMMITTED);
    check_change(commit, (None, 7), Change::Nothing, None);
}

#[test]
fn a_use_is_given_back_once_and_by_its_token() {
    check_change(release, (HELD, 7), Change::Done, None);
    check_change(release, (COMMITTED, 7), Change::Done, None);
    check_change(release, (HELD, 6), Change::Nothing, HELD);
    check_change(release, (COMMITTED, 8), Change::Nothing, COMMITTED);
    check_change(release, (None, 7), Change::Nothing, None);
}

#[test]
fn what_was_given_back_stays_so_when_the_holder_has_a_later_hold() {
    let later = Some(Use { token: NEW, state: UseState::Held });
    assert_eq!(release(HELD, 7), Change::Done);
    check_change(release, (later, 7), Change::Nothing, later);
    check_change(commit, (later, 7), Change::Nothing, later);
}

/// Asks what is left; that is also how often one can reserve.
#[track_caller]
fn check_remaining(all: Taken, by_customer: Taken, expected: Option<u64>) {
    let (mut counts, limits) = counts_and_limits(all, by_customer);
    assert_eq!(remaining(counts, limits), expected);
    for _ in 0..expected.unwrap_or_default() {
        assert_eq!(reserve(None, None, counts, limits), Reservation::Held);
        counts.taken += 1;
        counts.taken_by_customer += 1;
    }
    let is_held = reserve(None, None, counts, limits) == Reservation::Held;
    assert_eq!(is_held, expected.is_none());
}

#[test]
fn what_is_left_is_the_smaller_of_both_caps() {
    check_remaining((0, None), (0, None), None);
    check_remaining((0, Some(3)), (0, None), Some(3));
    check_remaining((2, Some(3)), (0, None), Some(1));
    check_remaining((9, None), (1, Some(3)), Some(2));
    check_remaining((1, Some(5)), (1, Some(3)), Some(2));
    check_remaining((4, Some(5)), (0, Some(3)), Some(1));
    check_remaining(FULL, FREE, Some(0));
    check_remaining(FREE, FULL, Some(0));
    check_remaining(OVERFULL, FREE, Some(0));
    check_remaining(NONE_AT_ALL, UNCAPPED, Some(0));
}
