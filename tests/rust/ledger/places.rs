//! Where things are kept. The names are golden: another name for the same order is another object,
//! which knows nothing of it.

use promo_edge::id::{EventTypeId, OrderId, ProgramId};
use promo_edge::ledger::place::{
    OrderKey, ShardCount, cap_object, entry_id, objects, order_object,
};

use std::collections::{BTreeMap, BTreeSet};

fn program(id: &str) -> ProgramId {
    ProgramId::parse(id).unwrap()
}

fn order(event_type: &str, order_id: &str) -> OrderKey {
    OrderKey {
        event_type: EventTypeId::parse(event_type).unwrap(),
        order_id: OrderId::parse(order_id).unwrap(),
    }
}

fn count(count: u32) -> ShardCount {
    ShardCount::new(count).unwrap()
}

#[track_caller]
fn check_order(parts: (&str, &str, &str), shards: u32, expected: &str) {
    let (program_id, event_type, order_id) = parts;
    let key = order(event_type, order_id);
    assert_eq!(order_object(&program(program_id), &key, count(shards)), expected);
}

#[test]
fn an_order_has_its_object_for_good() {
    check_order(("1000", "SALE", "A1"), 1, "1000/1/0");
    check_order(("1000", "SALE", "A1"), 64, "1000/64/46");
    check_order(("1000", "SALE", "A2"), 64, "1000/64/25");
    check_order(("1000", "LEAD", "A1"), 64, "1000/64/6");
    check_order(("1001", "SALE", "A1"), 64, "1001/64/23");
    check_order(("1000", "SALE", "Ä/1"), 64, "1000/64/55");
    check_order(("1000", "SALE", "A1"), 65, "1000/65/21");
    check_order(("1000", "SALE", "A1"), u32::MAX, "1000/4294967295/2786527726");
}

#[track_caller]
fn check_cap(program_id: &str, code_id: &str, shards: u32, expected: &str) {
    assert_eq!(cap_object(&program(program_id), code_id, count(shards)), expected);
}

#[test]
fn a_code_has_its_object_for_good() {
    check_cap("1000", "save10", 1, "1000/1/0");
    check_cap("1000", "save10", 16, "1000/16/9");
    check_cap("1000", "ben15", 16, "1000/16/0");
    check_cap("1001", "save10", 16, "1001/16/7");
    check_cap("1000", "", 16, "1000/16/0");
}

#[track_caller]
fn check_entry(parts: (&str, &str, &str), number: u32, expected: &str) {
    let (program_id, event_type, order_id) = parts;
    assert_eq!(entry_id(&program(program_id), &order(event_type, order_id), number), expected);
}

#[test]
fn an_entry_has_its_id_for_good() {
    check_entry(
        ("1000", "SALE", "A1"),
        0,
        "3cc3eb84e599653029838a976ab18dad8f757479f403cc60c0dcc66cd705133f",
    );
    check_entry(
        ("1000", "SALE", "A1"),
        1,
        "15b86d6adaf47d8ca9822a7b020880f2bd078e4290515f8e7833aa8e42347b3e",
    );
    check_entry(
        ("1000", "LEAD", "A1"),
        0,
        "e89b53bbf3a8c85d20d14fa4de39bd6a03f560e41a20981b85b4ef804560fc5f",
    );
    check_entry(
        ("1000", "SALE", "A1"),
        u32::MAX,
        "4b96b8ef6cef3b218c6103c51e0076414dc3d2a55b03aa0cc23eac4f22779676",
    );
}

#[test]
fn parts_that_read_alike_together_are_told_apart() {
    let ids = [
        entry_id(&program("1"), &order("2", "3"), 4),
        entry_id(&program("12"), &order("3", "4"), 5),
        entry_id(&program("1"), &order("23", "4"), 5),
        entry_id(&program("1"), &order("2", "34"), 5),
        entry_id(&program("1"), &order("2", "3"), 45),
        entry_id(&program("1"), &order("2/3", "4"), 5),
        entry_id(&program("1"), &order("2", "3/4"), 5),
        entry_id(&program("1/2"), &order("3", "4"), 5),
    ];
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let many = count(u32::MAX);
    let objects = [
        order_object(&program("1"), &order("23", "4"), many),
        order_object(&program("1"), &order("2", "34"), many),
        order_object(&program("1"), &order("3", "24"), many),
        cap_object(&program("1"), "234", many),
    ];
    assert_eq!(objects.iter().collect::<BTreeSet<_>>().len(), objects.len());
}

/// Asks where 10,000 things are; every shard has its share within a third.
#[track_caller]
fn check_spread(shards: u32, place: impl Fn(u32) -> String) {
    let mut sizes: BTreeMap<String, u32> =
        objects(&program("1000"), count(shards)).map(|name| (name, 0)).collect();
    assert_eq!(sizes.len(), shards as usize);
    for number in 0..10_000 {
        *sizes.get_mut(&place(number)).expect("one of the objects") += 1;
    }
    let share = 10_000 / shards;
    for (name, size) in sizes {
        assert!(size.abs_diff(share) <= share / 3, "{name}: {size} of about {share}");
    }
}

#[test]
fn orders_and_codes_spread_evenly() {
    let own = program("1000");
    for shards in [1, 2, 7, 16] {
        let place = |number: u32| order("SALE", &format!("A{number}"));
        check_spread(shards, |number| order_object(&own, &place(number), count(shards)));
        check_spread(shards, |number| cap_object(&own, &format!("c{number}"), count(shards)));
    }
}
