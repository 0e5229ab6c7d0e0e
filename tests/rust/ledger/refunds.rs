//! Partial refunds of random orders, one after another: what is paid never rises, does not depend
//! on the way there, and an older refund that comes late is never taken for a new one.

use super::seed::config;

use promo_edge::ledger::{Adjustment, Amounts, Claim, Earned, Recorded, adjust};
use promo_edge::money::{BasisPoints, Minor};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use std::cell::Cell;

/// What is taken off the subtotal and what is put onto the discount, each wrongly at times.
type Change = (i64, i64);

fn amounts(subtotal: u64, discount: u64) -> Amounts {
    let minor = |value| Minor::new(value).unwrap();
    Amounts { subtotal_minor: minor(subtotal), discount_minor: minor(discount) }
}

/// Orders of all sizes, with a discount that may be more than they are worth.
fn orders() -> impl Strategy<Value = Recorded> {
    let share = prop_oneof![Just(None), (0..=10_000_u16).prop_map(BasisPoints::new)];
    let earned = prop::option::weighted(0.9, (0..=100_u64, share, 0..500_u64));
    let size = prop_oneof![Just(1_u64), Just(1_000_003), Just(1 << 43)];
    (size, 0..300_u64, 0..330_u64, earned).prop_map(|(size, subtotal, discount, earned)| {
        let placed = amounts(subtotal * size, discount * size);
        let earned = earned.map(|(part, share, fixed)| {
            let whole = BasisPoints::new(u16::try_from(part).unwrap() * 100).unwrap();
            let base_minor = placed.net_minor().share(whole);
            let fixed = Minor::new(fixed).unwrap();
            Earned {
                base_minor,
                share,
                payout_minor: share.map_or(fixed, |share| base_minor.share(share)),
            }
        });
        let claim = Claim::new(|_| None);
        Recorded { claim, hold: None, placed, current: placed, earned, is_reversed: false }
    })
}

fn changed(amounts_before: Amounts, (off, on): Change) -> Amounts {
    let subtotal = amounts_before.subtotal_minor.get().saturating_add_signed(-off);
    let discount = amounts_before.discount_minor.get().saturating_add_signed(on);
    amounts(subtotal, discount)
}

/// The rule's share of what is left of its base, read off the domain's text once more.
fn paid(order: &Recorded, left: Amounts) -> Option<u64> {
    let earned = order.earned?;
    let (placed, left) = (order.placed.net_minor().get(), left.net_minor().get());
    let half_up = |value: u64, part: u64, whole: u64| {
        let exact = u128::from(value) * u128::from(part) * 2 + u128::from(whole);
        u64::try_from(exact / (u128::from(whole) * 2)).unwrap()
    };
    Some(match earned.share {
        _ if left == placed => earned.payout_minor.get(),
        Some(share) => {
            let base = half_up(earned.base_minor.get(), left, placed);
            half_up(base, share.get().into(), 10_000)
        }
        None if left == 0 => 0,
        None => earned.payout_minor.get(),
    })
}

/// Adjusts an order, and says whether it was to be.
fn refund(
    order: &mut Recorded,
    earlier: &mut Vec<Amounts>,
    left: Amounts,
) -> Result<bool, TestCaseError> {
    let before = order.current;
    match adjust(Some(order), left) {
        Adjustment::Adjusted { payout_minor } => {
            let payout = payout_minor.map(Minor::get);
            prop_assert_eq!(payout, paid(order, left));
            prop_assert!(payout <= paid(order, before), "{:?}: {:?}", order, left);
            earlier.push(before);
            order.current = left;
            for older in &*earlier {
                let late = adjust(Some(order), *older);
                prop_assert!(matches!(late, Adjustment::WouldRaise(_)), "{:?}", older);
            }
            prop_assert_eq!(adjust(Some(order), left), Adjustment::AlreadyAdjusted);
            Ok(true)
        }
        Adjustment::AlreadyAdjusted => {
            prop_assert_eq!(left, before);
            Ok(false)
        }
        Adjustment::WouldRaise(_) => {
            let is_more = left.subtotal_minor > before.subtotal_minor
                || left.discount_minor < before.discount_minor;
            prop_assert!(is_more, "{:?} after {:?}", left, before);
            Ok(false)
        }
        other => Err(TestCaseError::fail(format!("{other:?}"))),
    }
}

#[test]
fn refunds_only_lower_what_is_paid() {
    let change = (-3..20_i64, -3..20_i64);
    let changes = prop::collection::vec((change, prop_oneof![Just(1_i64), Just(1 << 40)]), 1..40);
    let adjusted = Cell::new(0);
    let run = TestRunner::new(config(400)).run(&(orders(), changes), |(mut order, changes)| {
        let mut earlier = Vec::new();
        for ((off, on), size) in changes {
            let left = changed(order.current, (off * size, on * size));
            if refund(&mut order, &mut earlier, left)? {
                adjusted.set(adjusted.get() + 1);
            }
        }
        let reversed = Recorded { is_reversed: true, ..order.clone() };
        for left in earlier.into_iter().chain([order.current, amounts(0, 0)]) {
            prop_assert_eq!(adjust(Some(&reversed), left), Adjustment::OrderReversed);
        }
        Ok(())
    });
    run.unwrap_or_else(|failed| panic!("{failed}"));
    assert!(adjusted.get() > 1_000, "only {} refunds", adjusted.get());
}
