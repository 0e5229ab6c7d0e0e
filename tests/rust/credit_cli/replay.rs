//! What another snapshot changes, as a table and as JSON.

use super::desk::Desk;
use super::{CATALOG, order, shop};

use serde_json::{Value, json};

/// Another catalogue of the same program: SAVE10 is over, BEN15 has another id and asks for no
/// click, and Ben earns more.
fn other_catalog() -> String {
    CATALOG
        .replace("\"owner\": \"ana\"", "\"owner\": \"ana\", \"end_at\": \"2026-06-01T00:00:00Z\"")
        .replace("\"c2\"", "\"c3\"")
        .replace("involved", "always")
        .replace("300", "400")
}

fn shop_with_two_snapshots(test: &str) -> Desk {
    let desk = shop(test);
    desk.write("other.json", &other_catalog());
    desk.build("other.json --out other");
    desk
}

fn clicked(order: &str, partner: &str) -> String {
    let clicks = format!(r#","clicks":[{{"partner":"{partner}","at":"2026-06-14T12:00:00Z"}}]}}"#);
    format!("{}{clicks}", order.strip_suffix('}').unwrap())
}

#[test]
fn a_replay_says_what_changes() {
    let desk = shop_with_two_snapshots("replay");
    let orders = [
        order("code", &["SAVE10"]),
        clicked(&order("credit", &["SAVE10"]), "ben"),
        clicked(&order("money", &[]), "ben"),
        clicked(&order("same", &[]), "ana"),
        order("named", &["BEN15"]),
    ];
    desk.write("orders.jsonl", &orders.join("\n"));
    let arguments = "replay --old snap --new other orders.jsonl";
    let ran = desk.promo(&format!("{arguments} --json")).ended(0);
    assert_eq!(ran.stderr(), "");
    let outcome = |code: Value, partner: Value, basis: Value, payout: Value| {
        let currency = if partner.is_null() { Value::Null } else { "USD".into() };
        json!({
            "code_id": code, "partner": partner, "basis": basis, "payout_minor": payout,
            "currency": currency,
        })
    };
    let nothing = Value::Null;
    let by_code = |code: &str, partner: &str, payout: u64| {
        outcome(code.into(), partner.into(), "promo_code".into(), payout.into())
    };
    let by_click =
        |payout: u64| outcome(nothing.clone(), "ben".into(), "click".into(), payout.into());
    let nobody = |code: Value| outcome(code, nothing.clone(), nothing.clone(), nothing.clone());
    let change = |line: u64, id: &str, old: Value, new: Value| {
        let event_type = "SALE";
        json!({"line": line, "order_id": id, "event_type": event_type, "old": old, "new": new})
    };
    let sum = |partner: &str, orders: [u64; 2], payout: [u64; 2]| {
        json!({
            "partner": partner, "currency": "USD", "orders_old": orders[0],
            "orders_new": orders[1], "payout_old_minor": payout[0], "payout_new_minor": payout[1],
        })
    };
    let expected = json!({
        "orders": 5,
        "changed": {"orders": 4, "code": 3, "credited": 3, "payout": 4},
        "money": [sum("ana", [3, 1], [2_250, 750]), sum("ben", [1, 3], [450, 1_800])],
        "changes": [
            change(1, "code", by_code("c1", "ana", 750), nobody(nothing.clone())),
            change(2, "credit", by_code("c1", "ana", 750), by_click(600)),
            change(3, "money", by_click(450), by_click(600)),
            change(5, "named", nobody("c2".into()), by_code("c3", "ben", 600)),
        ],
        "bad_lines": [],
    });
    assert_eq!(ran.json(), expected);

    let table = desk.promo(arguments).ended(0).stdout();
    for row in [
        vec!["orders", "change", "in code", "in credit", "in payout"],
        vec!["5", "4", "3", "3", "4"],
        vec!["ana", "3", "-> 1", "2,250", "-> 750", "USD"],
        vec!["ben", "1", "-> 3", "450", "-> 1,800", "USD"],
        vec!["1", "SALE code", "c1: ana, promo_code, 750 USD minor", "no code: nobody"],
        vec!["5", "SALE named", "c2: nobody", "c3: ben, promo_code, 600 USD minor"],
    ] {
        assert!(table.lines().any(|line| cells(line) == row), "{row:?}\nis not in\n{table}");
    }
}

/// The cells of a table's row.
fn cells(line: &str) -> Vec<&str> {
    line.split(['│', '┆']).map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

#[test]
fn a_replay_of_the_same_snapshot_changes_nothing() {
    let desk = shop("unchanged");
    desk.write("orders.jsonl", &order("A1", &["SAVE10"]));
    let same = "replay --old snap --new snap orders.jsonl";
    let report = desk.promo(&format!("{same} --json")).ended(0).json();
    assert_eq!(report["changed"], json!({"orders": 0, "code": 0, "credited": 0, "payout": 0}));
    assert_eq!(report["changes"], json!([]));
    assert!(!desk.promo(same).ended(0).stdout().contains("would be"));
}

#[test]
fn a_table_lists_some_changes_and_json_all() {
    let desk = shop_with_two_snapshots("many");
    let changed: Vec<String> =
        (0..25).map(|number| order(&format!("A{number}"), &["SAVE10"])).collect();
    let same: Vec<String> = (0..25).map(|number| order(&format!("B{number}"), &[])).collect();
    desk.write("orders.jsonl", &[same, changed].concat().join("\n"));
    let arguments = "replay --old snap --new other orders.jsonl";
    let report = desk.promo(&format!("{arguments} --json")).ended(0).json();
    assert_eq!(report["changes"].as_array().unwrap().len(), 25);
    let table = desk.promo(arguments).ended(0).stdout();
    assert_eq!(table.matches("SALE A").count(), 20, "{table}");
    assert!(table.contains("and 5 more: --json lists all"), "{table}");
}

#[test]
fn a_replay_names_the_lines_that_it_cannot_compare() {
    let desk = shop_with_two_snapshots("uncompared");
    let unknown = order("A1", &[]).replace("SALE", "CALL");
    let orders = [order("A0", &["SAVE10"]), unknown, "{".to_owned(), order("A3", &["SAVE10"])];
    desk.write("orders.jsonl", &orders.join("\n"));
    let arguments = "replay --old snap --new other orders.jsonl";
    let ran = desk.promo(&format!("{arguments} --json")).ended(2);
    let report = ran.json();
    assert_eq!((&report["orders"], &report["changed"]["orders"]), (&2.into(), &2.into()));
    let bad: Vec<&Value> =
        report["bad_lines"].as_array().unwrap().iter().map(|bad| &bad["line"]).collect();
    assert_eq!(bad, [2, 3]);
    let ran = desk.promo(arguments).ended(2);
    assert!(ran.stdout().contains("SALE A3"));
    for told in [
        "error: orders.jsonl:2: event_type: expected one of SALE, got CALL",
        "error: orders.jsonl:3: $: expected JSON",
        "error: 2 lines are no orders of both programs; the others are compared",
    ] {
        assert!(ran.stderr().contains(told), "{told}\nis not in\n{}", ran.stderr());
    }
}
