//! What an order's object decides, a row a case. Each row is asked twice: the second answer is the
//! one that changes nothing.

use promo_edge::ledger::{
    ActionState, Adjustment, Amounts, Claim, Earned, Field, Hold, Recorded, Recording, Reversal,
    Settlement, adjust, record, reverse, settle,
};
use promo_edge::money::{BasisPoints, Minor};
use promo_edge::time::UnixMillis;

/// A claim in which every field says its own name.
fn claim() -> Claim {
    Claim::new(|field| Some(field.name().to_owned()))
}

/// A claim that differs from [`claim`] in these fields.
fn claim_with(others: &[Field]) -> Claim {
    Claim::new(|field| match others.contains(&field) {
        true => Some("another".to_owned()),
        false => Some(field.name().to_owned()),
    })
}

fn hold(token: u64) -> Hold {
    Hold { code_id: "SAVE10".to_owned(), token }
}

fn minor(value: u64) -> Minor {
    Minor::new(value).unwrap()
}

fn amounts(subtotal: u64, discount: u64) -> Amounts {
    Amounts { subtotal_minor: minor(subtotal), discount_minor: minor(discount) }
}

/// An order of 100.00 with 10.00 off, of which a partner gets 5 %, and that consumes a use.
fn recorded() -> Recorded {
    let placed = amounts(10_000, 1_000);
    let share = BasisPoints::new(500);
    let earned = Earned { base_minor: minor(9_000), share, payout_minor: minor(450) };
    let hold = Some(hold(7));
    let earned = Some(earned);
    Recorded { claim: claim(), hold, placed, current: placed, earned, is_reversed: false }
}

fn reversed() -> Recorded {
    Recorded { is_reversed: true, ..recorded() }
}

/// Records a claim and then records it again.
#[track_caller]
fn check_record(before: Option<&Recorded>, is_hold_void: bool, claim: &Claim, expected: &str) {
    let first = record(before.map(|before| (before, claim)), is_hold_void);
    assert_eq!(first.name(), expected);
    let after = match first {
        Recording::Recorded => Some(Recorded { claim: claim.clone(), ..recorded() }),
        _ => before.cloned(),
    };
    let replayed = if first == Recording::Recorded { "already_recorded" } else { expected };
    // Once recorded, what became of the hold is nothing to the order.
    let is_void_then = is_hold_void || after.is_some();
    assert_eq!(record(after.as_ref().map(|after| (after, claim)), is_void_then).name(), replayed);
}

#[test]
fn an_order_is_recorded_once() {
    let (same, other) = (&claim(), &claim_with(&[Field::SubtotalMinor]));
    check_record(None, false, same, "recorded");
    check_record(None, true, same, "hold_lost");
    check_record(Some(&recorded()), false, same, "already_recorded");
    check_record(Some(&recorded()), true, same, "already_recorded");
    check_record(Some(&reversed()), false, same, "already_recorded");
    check_record(Some(&reversed()), true, same, "already_recorded");
    let differs = "order_exists_with_different_subtotal_minor";
    check_record(Some(&recorded()), false, other, differs);
    check_record(Some(&recorded()), true, other, differs);
    check_record(Some(&reversed()), false, other, differs);
}

#[track_caller]
fn check_difference(recorded: &Claim, claimed: &Claim, expected: Option<&str>) {
    let name = |claim: &Claim, other| claim.first_difference(other).map(|it| it.to_string());
    let expected = expected.map(|field| format!("order_exists_with_different_{field}"));
    assert_eq!(name(recorded, claimed), expected);
    assert_eq!(name(claimed, recorded), expected);
}

#[test]
fn the_first_difference_is_named_in_the_order_of_the_contract() {
    check_difference(&claim(), &claim(), None);
    let names = [
        "placed_at",
        "promo_codes",
        "customer_id",
        "first_order",
        "segments",
        "country",
        "cart_id",
        "currency",
        "subtotal_minor",
        "discount_minor",
        "items",
        "forced_partner",
    ];
    assert_eq!(Field::ALL.map(Field::name), names);
    for (index, name) in names.into_iter().enumerate() {
        let only = claim_with(&Field::ALL[index..=index]);
        check_difference(&claim(), &only, Some(name));
        let this_and_all_later = claim_with(&Field::ALL[index..]);
        check_difference(&claim(), &this_and_all_later, Some(name));
        let nothing_said = Claim::new(|field| (field.name() != name).then(|| field.name().into()));
        check_difference(&claim(), &nothing_said, Some(name));
    }
}

#[test]
fn a_difference_says_what_is_recorded_and_what_is_claimed() {
    let difference = claim().first_difference(&claim_with(&[Field::Country])).unwrap();
    assert_eq!(difference.field, Field::Country);
    assert_eq!(difference.recorded.as_deref(), Some("country"));
    assert_eq!(difference.claimed.as_deref(), Some("another"));
}

#[test]
fn a_forgotten_customer_agrees_with_everybody() {
    let forgotten = || claim().with_customer_erased();
    check_difference(&forgotten(), &claim(), None);
    check_difference(&forgotten(), &forgotten(), None);
    check_difference(&forgotten(), &claim_with(&[Field::CustomerId]), None);
    let and_country = claim_with(&[Field::CustomerId, Field::Country]);
    check_difference(&claim(), &and_country, Some("customer_id"));
    check_difference(&forgotten(), &and_country, Some("country"));
}

/// Reverses an order and then reverses it again.
#[track_caller]
fn check_reverse(before: Option<&Recorded>, expected: &str, expected_give_back: Option<u64>) {
    let first = reverse(before);
    assert_eq!(first.name(), expected);
    let Reversal::Reversed { give_back } = first.clone() else {
        assert_eq!(expected_give_back, None);
        assert_eq!(reverse(before), first);
        return;
    };
    assert_eq!(give_back.map(|hold| hold.token), expected_give_back);
    let after = Recorded { is_reversed: true, ..before.unwrap().clone() };
    assert_eq!(reverse(Some(&after)), Reversal::AlreadyReversed);
}

#[test]
fn an_order_is_reversed_once() {
    check_reverse(None, "unknown_order", None);
    check_reverse(Some(&recorded()), "reversed", Some(7));
    check_reverse(Some(&Recorded { hold: None, ..recorded() }), "reversed", None);
    check_reverse(Some(&reversed()), "already_reversed", None);
}

/// Asks what becomes of hold 7; and, when that is void, asks what the order can still come to.
#[track_caller]
fn check_settle(before: Option<&Recorded>, expected: &str) {
    assert_eq!(format!("{:?}", settle(before, &hold(7))), expected);
    if expected == "ReleaseAndVoid" {
        let claim = claim();
        let again = before.map(|before| (before, &claim));
        assert_eq!(record(again, true), Recording::HoldLost);
        let with_a_later_hold = Recorded { hold: Some(hold(8)), ..recorded() };
        assert_eq!(settle(Some(&with_a_later_hold), &hold(7)), Settlement::Release);
    }
}

#[test]
fn only_the_record_says_what_becomes_of_a_hold() {
    let with_hold = |hold| Recorded { hold, ..recorded() };
    let of_another_code = Hold { code_id: "BEN15".to_owned(), token: 7 };
    check_settle(None, "ReleaseAndVoid");
    check_settle(Some(&recorded()), "Commit");
    check_settle(Some(&with_hold(Some(hold(8)))), "Release");
    check_settle(Some(&with_hold(Some(of_another_code))), "Release");
    check_settle(Some(&with_hold(None)), "Release");
    check_settle(Some(&reversed()), "Release");
}

/// Adjusts an order to a subtotal and a discount, and then does so again.
#[track_caller]
fn check_adjust(before: Option<&Recorded>, left: (u64, u64), expected: &str) {
    let left = amounts(left.0, left.1);
    let first = adjust(before, left);
    assert_eq!(spelt(first), expected);
    let Adjustment::Adjusted { .. } = first else {
        assert_eq!(adjust(before, left), first);
        return;
    };
    let after = Recorded { current: left, ..before.unwrap().clone() };
    assert_eq!(adjust(Some(&after), left), Adjustment::AlreadyAdjusted);
}

fn spelt(adjustment: Adjustment) -> String {
    match adjustment {
        Adjustment::Adjusted { payout_minor: Some(paid) } => format!("adjusted {}", paid.get()),
        Adjustment::WouldRaise(field) => format!("would_raise {}", field.name()),
        other => other.name().to_owned(),
    }
}

#[test]
fn an_order_is_adjusted_to_what_is_left_of_it() {
    let order = &recorded();
    check_adjust(None, (5_000, 0), "unknown_order");
    check_adjust(Some(&reversed()), (5_000, 0), "order_reversed");
    check_adjust(Some(&reversed()), (10_000, 1_000), "order_reversed");
    check_adjust(Some(order), (10_000, 1_000), "already_adjusted");
    check_adjust(Some(order), (10_001, 1_000), "would_raise subtotal_minor");
    check_adjust(Some(order), (10_001, 10_001), "would_raise subtotal_minor");
    check_adjust(Some(order), (10_000, 999), "would_raise discount_minor");
    check_adjust(Some(order), (9_500, 499), "would_raise discount_minor");
    check_adjust(Some(order), (9_500, 500), "adjusted 450");
    check_adjust(Some(order), (5_500, 1_000), "adjusted 225");
    check_adjust(Some(order), (5_000, 0), "adjusted 250");
    check_adjust(Some(order), (10_000, 1_010), "adjusted 450");
    check_adjust(Some(order), (10_000, 1_011), "adjusted 449");
    check_adjust(Some(order), (0, 0), "adjusted 0");
    check_adjust(Some(order), (1_000, 2_000), "adjusted 0");
}

#[test]
fn an_older_refund_that_comes_late_changes_nothing() {
    let now = |subtotal, discount| Recorded { current: amounts(subtotal, discount), ..recorded() };
    check_adjust(Some(&now(5_000, 1_000)), (7_000, 1_000), "would_raise subtotal_minor");
    check_adjust(Some(&now(5_000, 1_000)), (5_000, 500), "would_raise discount_minor");
    // Nothing is left to pay for either way, but the smaller discount was there first.
    check_adjust(Some(&now(5_000, 6_000)), (5_000, 5_500), "would_raise discount_minor");
    check_adjust(Some(&now(5_000, 6_000)), (5_000, 6_500), "adjusted 0");
    check_adjust(Some(&now(5_000, 6_000)), (4_500, 5_000), "adjusted 0");
}

#[test]
fn a_payout_follows_the_rule_that_was_applied() {
    let earned = |base, share, paid| {
        let share = Option::map(share, |share| BasisPoints::new(share).unwrap());
        Some(Earned { base_minor: minor(base), share, payout_minor: minor(paid) })
    };
    let order = |earned| Recorded { earned, ..recorded() };
    let nobody = &order(None);
    check_adjust(Some(nobody), (5_000, 1_000), "adjusted");
    let fixed = &order(earned(9_000, None, 300));
    check_adjust(Some(fixed), (5_000, 1_000), "adjusted 300");
    check_adjust(Some(fixed), (1_001, 1_000), "adjusted 300");
    check_adjust(Some(fixed), (1_000, 1_000), "adjusted 0");
    let of_some_lines = &order(earned(3_000, Some(1_000), 300));
    check_adjust(Some(of_some_lines), (5_500, 1_000), "adjusted 150");
    // Rounded half-up: a base of 1 is 0.5 of a unit, and of that 5 % are none.
    let of_one = &order(earned(1, Some(10_000), 1));
    check_adjust(Some(of_one), (5_500, 1_000), "adjusted 1");
    check_adjust(Some(of_one), (5_499, 1_000), "adjusted 0");
}

#[track_caller]
fn check_state(now: i64, approve_at: i64, is_reversed: bool, expected: &str) {
    let state = ActionState::at(UnixMillis(now), UnixMillis(approve_at), is_reversed);
    assert_eq!(state.name(), expected);
}

#[test]
fn an_action_is_approved_by_the_clock_and_reversed_by_hand() {
    check_state(99, 100, false, "pending");
    check_state(100, 100, false, "approved");
    check_state(101, 100, false, "approved");
    check_state(99, 100, true, "reversed");
    check_state(100, 100, true, "reversed");
    check_state(i64::MIN, i64::MAX, false, "pending");
    check_state(i64::MAX, i64::MIN, false, "approved");
}
