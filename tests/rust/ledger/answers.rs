//! Which answers the ledger's functions have given, to see that a test came by all of them.

use super::rules::{RULES, Rules};

use promo_edge::ledger::{Reversal, cap};

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Debug;

thread_local! {
    static GIVEN: RefCell<BTreeSet<String>> = RefCell::default();
}

/// The rules, which note each answer.
pub const NOTED: Rules = Rules {
    record: |recorded, is_hold_void, claim| {
        note("record", (RULES.record)(recorded, is_hold_void, claim), |it| it.name())
    },
    reverse: |recorded| {
        note("reverse", (RULES.reverse)(recorded), |it| match it {
            Reversal::Reversed { give_back: None } => "reversed without a use".to_owned(),
            other => other.name().to_owned(),
        })
    },
    settle: |recorded, hold| note("settle", (RULES.settle)(recorded, hold), debug),
    reserve: |own, cart, counts, limits| {
        note("reserve", cap::reserve(own, cart, counts, limits), |it| it.name().to_owned())
    },
    commit: |own, token| note("commit", (RULES.commit)(own, token), debug),
    release: |own, token| note("release", (RULES.release)(own, token), debug),
    ..RULES
};

/// Every answer there is.
const ALL: [&str; 21] = [
    "commit: Done",
    "commit: Nothing",
    "record: already_recorded",
    "record: hold_lost",
    "record: order_exists_with_different_subtotal_minor",
    "record: recorded",
    "release: Done",
    "release: Nothing",
    "reserve: already_committed",
    "reserve: already_held",
    "reserve: customer_redemptions_exhausted",
    "reserve: held",
    "reserve: redemptions_exhausted",
    "reserve: taken_over",
    "reverse: already_reversed",
    "reverse: reversed",
    "reverse: reversed without a use",
    "reverse: unknown_order",
    "settle: Commit",
    "settle: Release",
    "settle: ReleaseAndVoid",
];

/// Fails unless this test's thread has been given each answer.
#[track_caller]
pub fn all_were_given() {
    let given = GIVEN.take();
    assert_eq!(given.iter().map(String::as_str).collect::<Vec<_>>(), ALL);
}

fn note<Answer>(question: &str, answer: Answer, name: fn(&Answer) -> String) -> Answer {
    let noted = format!("{question}: {}", name(&answer));
    GIVEN.with_borrow_mut(|given| given.insert(noted));
    answer
}

fn debug<Answer: Debug>(answer: &Answer) -> String {
    format!("{answer:?}")
}
