//! Random payout terms.

use super::super::shop::{Criteria, Group, Payout, Rate, Restriction};
use super::super::texts::TEXTS;
use super::LISTS;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

pub const CATEGORIES: [&str; 3] = ["shoes", "bags", "gift-cards"];
pub const SKUS: [&str; 4] = ["B1", "S1", "S2", "X9"];
pub const COUNTRIES: [&str; 3] = ["DE", "FR", "US"];
pub const CURRENCIES: [&str; 3] = ["USD", "EUR", "JPY"];

/// Totals of orders, and thresholds of terms.
pub const AMOUNTS: [u64; 6] = [0, 1, 333, 9_999, 15_000, (1 << 53) - 1];

pub fn payout() -> impl Strategy<Value = Payout> {
    let groups = vec((criteria(), rate()), 0..4);
    let restrictions = vec(prop_oneof![1 => criteria(), 2 => on_items()], 0..2);
    (groups, weighted(0.8, rate()), restrictions).prop_map(|(groups, default, restrictions)| {
        let group =
            |(number, (when, rate)): (usize, _)| Group { name: format!("g{number}"), when, rate };
        let restriction = |(number, when): (usize, _)| {
            let name = format!("r{number}");
            Restriction { name, when }
        };
        Payout {
            groups: groups.into_iter().enumerate().map(group).collect(),
            default,
            restrictions: restrictions.into_iter().enumerate().map(restriction).collect(),
        }
    })
}

/// A share or an amount.
pub fn rate() -> impl Strategy<Value = Rate> {
    let share = select(&[0, 1, 333, 500, 10_000][..]);
    let share = share.prop_map(|bps| Rate { rate_bps: Some(bps), ..Rate::default() });
    let fixed = (select(&AMOUNTS[..]), weighted(0.4, select(&CURRENCIES[..])));
    let fixed = fixed.prop_map(|(amount, currency)| Rate {
        amount_minor: Some(amount),
        currency,
        ..Rate::default()
    });
    prop_oneof![2 => share, 1 => fixed]
}

fn criteria() -> impl Strategy<Value = Criteria> {
    let asked = 0.2;
    let total = (select(&AMOUNTS[..]), weighted(0.3, select(&CURRENCIES[..])));
    (
        weighted(asked, subsequence(TEXTS.to_vec(), 0..6)),
        weighted(asked, subsequence(LISTS.to_vec(), 0..3)),
        weighted(asked, total),
        weighted(asked, subsequence(CATEGORIES.to_vec(), 0..3)),
        weighted(asked, subsequence(SKUS.to_vec(), 0..4)),
        weighted(asked, any::<bool>()),
        weighted(asked, subsequence(COUNTRIES.to_vec(), 0..3)),
    )
        .prop_map(|(code_in, lists, total, categories, skus, first_order, countries)| {
            Criteria {
                code_in,
                code_in_lists: lists,
                minimum_total_minor: total.map(|(amount, _)| amount),
                currency: total.and_then(|(_, currency)| currency),
                categories,
                skus,
                first_order,
                countries,
            }
        })
}

fn on_items() -> impl Strategy<Value = Criteria> {
    let categories = subsequence(CATEGORIES.to_vec(), 1..3);
    categories.prop_map(|them| Criteria { categories: Some(them), ..Criteria::default() })
}
