//! Random shops and orders. Instants, texts and amounts come from few values, so that they meet:
//! schedules begin and end where orders are placed, and clicks lie on the edges of windows.

#[path = "random/orders.rs"]
mod orders;
#[path = "random/payouts.rs"]
mod payouts;

pub use orders::orders;

use super::oracle::settings;
use super::shop::{
    At, Attribution, Code, Contract, DAY, Deal, EventType, Folding, List, NOON, Partner, Program,
    Schedule, Shop,
};
use super::texts::{EXPRESSIONS, ITEMS, PATTERNS, TEXTS, fold};

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Partners that a shop may have; the last is none's, so that its clicks are a stranger's.
pub const PARTNERS: [&str; 6] = ["ana", "ben", "cara", "dan", "mail", "stranger"];

/// Days after [`NOON`] on which things begin and end and orders are placed.
const DAYS: [i64; 6] = [-30, -7, -1, 0, 1, 7];

/// Lengths of referral windows, in days.
pub const WINDOWS: [u32; 4] = [0, 1, 7, 30];

pub const EVENTS: [&str; 2] = ["SALE", "LEAD"];

pub const LISTS: [&str; 3] = ["house", "press", "staff"];

const PRESETS: [&str; 7] = [
    "impact",
    "awin",
    "partnerize",
    "commission_factory",
    "everflow_code",
    "rakuten",
    "everflow_click",
];

const POLICIES: [&str; 3] = ["always", "involved", "winner"];

/// A shop that its catalogue's checks accept.
pub fn shop() -> impl Strategy<Value = Shop> {
    let partners = subsequence(&PARTNERS[..5], 1..=5)
        .prop_flat_map(|ids| ids.into_iter().map(partner).collect::<Vec<_>>());
    let lists = subsequence(LISTS.to_vec(), 0..=3)
        .prop_flat_map(|ids| ids.into_iter().map(list).collect::<Vec<_>>());
    let event_types = EVENTS.map(|id| {
        prop::bool::weighted(0.85).prop_map(move |promo_codes| EventType { id, promo_codes })
    });
    let deals = vec((schedule(), any::<bool>()), 0..3);
    (program(), event_types, partners, deals, vec(code(), 0..12), lists).prop_map(
        |(program, event_types, partners, deals, codes, exception_lists)| {
            let deals = (0..).zip(deals).map(deal).collect();
            let event_types = event_types.to_vec();
            let shop = Shop { program, event_types, partners, deals, codes, exception_lists };
            legal(shop)
        },
    )
}

fn program() -> impl Strategy<Value = Program> {
    let attribution = (
        select(&PRESETS[..]),
        weighted(0.4, select(&["last_click", "first_click"][..])),
        weighted(0.4, select(&["code_first", "click_first"][..])),
        of(any::<bool>()),
        of(select(&WINDOWS[..])),
        weighted(0.3, select(&POLICIES[..])),
        weighted(0.3, select(&["promo_code", "click"][..])),
    );
    let folding = (any::<bool>(), any::<bool>());
    (prop::bool::weighted(0.95), attribution, folding).prop_map(
        |(tracking, attribution, folding)| {
            let (preset, click_model, precedence, fallback, window, policy, basis) = attribution;
            Program {
                id: "1000",
                name: "Acme",
                currency: "USD",
                time_zone: "UTC",
                tracking,
                attribution: Attribution {
                    preset,
                    click_model,
                    precedence,
                    fallback_to_click: fallback,
                    referral_window_days: window,
                    default_credit_policy: policy,
                    owner_also_click_winner: basis,
                },
                folding: Folding { separators: folding.0, lookalikes: folding.1 },
            }
        },
    )
}

fn partner(id: &'static str) -> impl Strategy<Value = Partner> {
    let kind = select(&["partner", "partner", "media_source"][..]);
    let group = select(&["preferred", "preferred", "standard", "non_preferred"][..]);
    let terms = (
        weighted(0.7, select(&WINDOWS[..])),
        subsequence(EVENTS.to_vec(), 0..=2),
        weighted(0.8, payouts::payout()),
    );
    // One contract after another, each between two days, with gaps.
    let contracts = (subsequence(DAYS.to_vec(), 0..3), vec(weighted(0.85, terms), 3));
    (kind, prop::bool::weighted(0.9), group, contracts).prop_map(
        move |(kind, active, credit_group, (days, terms))| {
            let ends = days.iter().map(|day| Some(on(*day))).chain([None]);
            let starts = [None].into_iter().chain(days.iter().map(|day| Some(on(*day))));
            let schedules = starts.zip(ends);
            let contracts =
                (0..).zip(schedules.zip(terms)).filter_map(|(number, (between, terms))| {
                    let (referral_window_days, event_types, payout) = terms?;
                    let (start_at, end_at) = between;
                    Some(Contract {
                        id: format!("k{number}"),
                        schedule: Schedule { start_at, end_at },
                        referral_window_days,
                        event_types,
                        payout,
                    })
                });
            let contracts = contracts.collect();
            Partner { id, name: "", kind, active, credit_group, contracts }
        },
    )
}

fn on(day: i64) -> At {
    At(NOON + day * DAY)
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let day = || weighted(0.4, select(&DAYS[..]));
    (day(), day()).prop_map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) if a == b => Schedule { start_at: Some(on(a)), end_at: None },
        (Some(a), Some(b)) => Schedule { start_at: Some(on(a.min(b))), end_at: Some(on(a.max(b))) },
        (a, b) => Schedule { start_at: a.map(on), end_at: b.map(on) },
    })
}

fn deal((number, (schedule, sync_codes)): (usize, (Schedule, bool))) -> Deal {
    Deal { id: format!("d{number}"), name: "", kind: "rebate", schedule, sync_codes }
}

/// A code whose owner, deal and policy may be wrong for its shop.
fn code() -> impl Strategy<Value = Code> {
    let exact = select(&TEXTS[..]).prop_map(|text| ("exact", text));
    let regex = select(&PATTERNS[..]).prop_map(|(pattern, _)| ("regex", pattern));
    let text = prop_oneof![3 => exact, 1 => regex];
    let cap = || weighted(0.2, 1..3u32);
    let kind = weighted(0.88, (select(&PARTNERS[..5]), weighted(0.8, select(&POLICIES[..]))));
    (text, kind, schedule(), weighted(0.3, 0..3usize), (cap(), cap()), select(&DAYS[..])).prop_map(
        |((match_type, code), kind, schedule, deal, caps, created)| Code {
            id: String::new(),
            code,
            kind: if kind.is_some() { "tracking" } else { "restricted" },
            match_type,
            credit_policy: kind.and_then(|(_, policy)| policy),
            owner: kind.map(|(owner, _)| owner),
            schedule,
            deal: deal.map(|number| format!("d{number}")),
            max_redemptions: caps.0,
            max_redemptions_per_customer: caps.1,
            created_at: on(created),
        },
    )
}

fn list(id: &'static str) -> impl Strategy<Value = List> {
    let codes = subsequence(TEXTS.to_vec(), 0..5).prop_map(|items| (None, items));
    let expression = (select(&EXPRESSIONS[..]), subsequence(ITEMS.to_vec(), 0..4))
        .prop_map(|((expression, _), items)| (Some(expression), items));
    (prop_oneof![codes, expression], weighted(0.7, payouts::rate())).prop_map(
        move |((match_expression, items), rate)| {
            let rate = rate.unwrap_or_default();
            List { id, name: id, match_expression, items, rate }
        },
    )
}

/// Makes a shop one that can be built: owners, deals and lists that there are, a policy for every
/// tracking code, and one exact code at a time for a text.
fn legal(mut shop: Shop) -> Shop {
    let default_policy = settings(&shop).default_policy;
    let owners: Vec<&str> = shop.partners.iter().map(|partner| partner.id).collect();
    for (number, code) in (0..).zip(&mut shop.codes) {
        code.id = format!("c{number}");
        code.deal.take_if(|id| shop.deals.iter().all(|deal| deal.id != *id));
        code.owner = code.owner.map(|id| if owners.contains(&id) { id } else { owners[0] });
        if code.owner.is_some() && default_policy.is_none() {
            code.credit_policy.get_or_insert("involved");
        }
    }
    let listed: Vec<&str> = shop.exception_lists.iter().map(|list| list.id).collect();
    for partner in &mut shop.partners {
        for payout in partner.contracts.iter_mut().filter_map(|it| it.payout.as_mut()) {
            let groups = payout.groups.iter_mut().map(|group| &mut group.when);
            let restrictions = payout.restrictions.iter_mut().map(|it| &mut it.when);
            for lists in groups.chain(restrictions).filter_map(|when| when.code_in_lists.as_mut()) {
                lists.retain(|id| listed.contains(id));
            }
        }
    }
    let codes = std::mem::take(&mut shop.codes);
    for code in codes {
        if shop.codes.iter().all(|other| !conflict(&shop, &code, other)) {
            shop.codes.push(code);
        }
    }
    shop
}

fn conflict(shop: &Shop, code: &Code, other: &Code) -> bool {
    let folding = shop.program.folding;
    code.match_type == "exact"
        && other.match_type == "exact"
        && fold(code.code, folding) == fold(other.code, folding)
        && !shop.schedule(code).inside(&shop.schedule(other)).is_empty()
}
