//! Each part of a small ledger is broken by itself, and found.

use super::findings::KEPT_MAX;
use super::*;
use crate::wire::{AdjustedFacts, HoldFacts, RecordedFacts, ReversedFacts};

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

const OBJECT: &str = "1000/1/0";

/// A customer's hash.
const CUSTOMER: &str = "c0ffee";

/// How rows come to be.
const UPSERT: &str = include_str!("../edge/ledger/reports.sql");

/// A ledger as its parts say it is; each test says otherwise of one.
struct Ledger {
    objects: Vec<&'static str>,
    orders: Vec<(&'static str, Vec<KeptEntry>)>,
    uses: Vec<UseFacts>,
    miscounted: Vec<Miscount>,
    rows: Vec<ReportRow>,
}

/// Order A1 consumes use 3 of a code and was refunded a part, B2 consumed use 4 and was reversed;
/// a cart holds use 5.
fn ledger() -> Ledger {
    let a = vec![recorded_entry("A1", Some(3)), adjusted("A1", 2)];
    let b = vec![recorded_entry("B2", Some(4)), reversed("B2", 2, 4)];
    let rows = a.iter().chain(&b).map(row).collect();
    Ledger {
        objects: vec![OBJECT],
        orders: vec![(OBJECT, a), (OBJECT, b)],
        uses: vec![
            use_of("A1", 3, None),
            UseFacts { order: None, cart_id: Some("c".to_owned()), ..use_of("", 5, Some(9)) },
        ],
        miscounted: Vec::new(),
        rows,
    }
}

fn read(ledger: Ledger, caps: &BTreeMap<String, u64>) -> (Tally, Findings) {
    read_after(&Findings::default(), ledger, caps)
}

fn read_after(
    before: &Findings,
    ledger: Ledger,
    caps: &BTreeMap<String, u64>,
) -> (Tally, Findings) {
    let Ledger { objects, orders, uses, miscounted, rows } = ledger;
    let orders_in = objects.into_iter().map(str::to_owned).collect();
    let objects = LedgerObjects { program: "1000".to_owned(), orders: orders_in, caps: Vec::new() };
    let mut reading = Reading::of(&objects).unwrap().after(before);
    uses.into_iter().for_each(|it| reading.add_use(it));
    miscounted.into_iter().for_each(|it| reading.add_miscount(it));
    reading.check_caps(caps);
    orders.into_iter().for_each(|(object, kept)| reading.add_order(object, kept));
    rows.iter().for_each(|row| reading.add_row(row));
    reading.finish()
}

#[track_caller]
fn check(change: impl FnOnce(&mut Ledger), expected: &[(Difference, &str)]) {
    let mut ledger = ledger();
    change(&mut ledger);
    let (_, findings) = read(ledger, &BTreeMap::new());
    let found: Vec<(Difference, &str)> =
        findings.iter().map(|it| (it.difference, it.about.as_str())).collect();
    assert_eq!(found, expected);
}

fn name(order_id: &str) -> OrderName {
    OrderName { event_type: "SALE".to_owned(), order_id: order_id.to_owned() }
}

fn kept(order_id: &str, number: u32, kind: EntryKind, body: Box<RawValue>) -> KeptEntry {
    let entry = Entry { number, kind, at: 1_000, revision: 1, body };
    KeptEntry::new(name(order_id), entry, Vec::new())
}

fn recorded_entry(order_id: &str, token: Option<u64>) -> KeptEntry {
    let order = format!(
        r#"{{"order_id":"{order_id}","event_type":"SALE","placed_at":"2026-06-15T12:00:00Z",
            "customer_id":"{CUSTOMER}","country":"DE","currency":"USD","subtotal_minor":12900}}"#
    );
    let decision = json!({
        "code": { "id": "ten", "typed": "Ten" },
        "credited": { "partner": "ana", "basis": "code" },
        "payout": { "amount_minor": 1_290, "currency": "USD", "rule": "tenth" },
        "snapshot": { "id": "00ff" },
    });
    let facts = RecordedFacts {
        placed_at: 1_700,
        order: RawValue::from_string(order).unwrap(),
        decision: to_raw_value(&decision).unwrap(),
        hold: token.map(hold),
        earned: None,
        approve_at: Some(1_900),
        generation: 7,
        is_customer_erased: false,
    };
    kept(order_id, 1, EntryKind::Recorded, to_raw_value(&facts).unwrap())
}

fn adjusted(order_id: &str, number: u32) -> KeptEntry {
    let facts = AdjustedFacts {
        subtotal_minor: 100,
        discount_minor: 0,
        payout_minor: Some(10),
        payout_change_minor: Some(-1_280),
        reason: "one sent back".to_owned(),
    };
    kept(order_id, number, EntryKind::Adjusted, to_raw_value(&facts).unwrap())
}

fn reversed(order_id: &str, number: u32, token: u64) -> KeptEntry {
    let facts = ReversedFacts {
        reason: "all sent back".to_owned(),
        payout_change_minor: Some(-1_290),
        gives_back: Some(hold(token)),
    };
    kept(order_id, number, EntryKind::Reversed, to_raw_value(&facts).unwrap())
}

fn hold(token: u64) -> HoldFacts {
    HoldFacts { code_id: "ten".to_owned(), token }
}

fn use_of(order_id: &str, token: u64, expires_at: Option<i64>) -> UseFacts {
    let order = Some(name(order_id));
    UseFacts { order, cart_id: None, code_id: "ten".to_owned(), token, expires_at }
}

fn row(kept: &KeptEntry) -> ReportRow {
    let (name, entry) = kept.clone().into_parts();
    let (program, key) = (ProgramId::parse("1000").unwrap(), name.key().unwrap());
    let source = Source { program: &program, object: OBJECT, key: &key, name: &name };
    rows::of(&source, &entry).unwrap()
}

fn on_its_way(kept: &mut KeptEntry, destination: &str) {
    kept.on_its_way.push(destination.to_owned());
}

#[test]
fn a_ledger_that_agrees_with_itself_has_no_findings() {
    let (tally, findings) = read(ledger(), &BTreeMap::new());
    assert!(findings.is_empty(), "{findings:?}");
    let expected = Tally { orders: 2, entries: 4, on_its_way: 0, rows: 4, uses: 2 };
    assert_eq!(tally, expected);
}

#[test]
fn every_entry_has_its_row_and_every_row_its_entry() {
    let lose = |ledger: &mut Ledger| drop(ledger.rows.remove(1));
    check(lose, &[(Difference::NotInReports, "SALE A1 #2")]);
    let add = |ledger: &mut Ledger| ledger.rows.push(row(&adjusted("A1", 3)));
    check(add, &[(Difference::NotInLedger, "SALE A1 #3")]);
    let name_badly = |ledger: &mut Ledger| ledger.rows[0].id = "x".to_owned();
    let expected =
        [(Difference::NotInReports, "SALE A1 #1"), (Difference::NotInLedger, "SALE A1 #1")];
    check(name_badly, &expected);
    let revise = |ledger: &mut Ledger| ledger.orders[0].1[0].revision = 2;
    check(revise, &[(Difference::RevisionDiffers, "SALE A1 #1")]);
}

/// Edits a column of a row, and returns what two readings say of it.
#[track_caller]
fn edited(index: usize, column: &str, value: &Value) -> (String, String, String) {
    let broken = || {
        let mut ledger = ledger();
        let mut row = serde_json::to_value(&ledger.rows[index]).unwrap();
        assert_ne!(&row[column], value, "{column} is to be another");
        row[column] = value.clone();
        ledger.rows[index] = serde_json::from_value(row).unwrap();
        ledger
    };
    let (_, first) = read(broken(), &BTreeMap::new());
    let (_, second) = read_after(&first, broken(), &BTreeMap::new());
    let found: Vec<Finding> = second.also_in(&first).iter().cloned().collect();
    let [Finding { difference: Difference::ReportDiffers, about, expected, got }] = &found[..]
    else {
        panic!("{column}: {found:?}");
    };
    (about.clone(), expected.clone(), got.clone())
}

#[test]
fn a_row_that_somebody_edited_is_named_with_its_column() {
    for (index, column, value, about, expected, got) in [
        (0, "partner", json!("eve"), "A1 #1", r#"partner "ana""#, r#"partner "eve""#),
        (0, "partner", Value::Null, "A1 #1", r#"partner "ana""#, "partner null"),
        (0, "at", json!(9), "A1 #1", "at 1000", "at 9"),
        (0, "discount_minor", json!(0), "A1 #1", "discount_minor null", "discount_minor 0"),
        (0, "customer", json!("f00d"), "A1 #1", "customer of the entry", "another customer"),
        (
            1,
            "payout_change_minor",
            json!(0),
            "A1 #2",
            "payout_change_minor -1280",
            "payout_change_minor 0",
        ),
        (1, "placed_at", json!(1_700), "A1 #2", "placed_at null", "placed_at 1700"),
        (3, "reason", json!("-"), "B2 #2", r#"reason "all sent back""#, r#"reason "-""#),
        (3, "kind", json!("adjusted"), "B2 #2", r#"kind "reversed""#, r#"kind "adjusted""#),
    ] {
        let expected = (format!("SALE {about}"), expected.to_owned(), got.to_owned());
        assert_eq!(edited(index, column, &value), expected);
    }
}

#[test]
fn no_column_of_a_row_can_be_edited_unseen() {
    let row = serde_json::to_value(row(&recorded_entry("A1", None))).unwrap();
    let columns: Vec<&String> = row.as_object().unwrap().keys().collect();
    // Another id is another row, another revision a difference of its own.
    for column in columns.into_iter().filter(|it| !["id", "revision"].contains(&it.as_str())) {
        let value = if row[column].is_string() { json!("x") } else { json!(-5) };
        let value = if column == "reason" { json!("x") } else { value };
        let (_, expected, _) = edited(0, column, &value);
        assert!(expected.starts_with(column.as_str()), "{column}: {expected}");
    }
}

/// The columns that the statement writes, each with the paths that it takes the first value of.
fn written() -> Vec<(&'static str, Vec<String>)> {
    let between = |from, to| UPSERT.split_once(from).unwrap().1.split_once(to).unwrap().0;
    let columns = between("INSERT INTO entries (", ")").split(',').map(str::trim);
    // Only a column's own value begins a line at this depth.
    let lines: Vec<&str> = between("SELECT\n", "FROM arrived").lines().collect();
    let is_deeper = |line: &str| line.starts_with("     ") || line.starts_with("    )");
    let values = lines.chunk_by(|_, next| is_deeper(next));
    let paths = |lines: &[&str]| {
        let quoted = lines.iter().flat_map(|line| line.split('\'').skip(1).step_by(2));
        quoted.map(|path| path.trim_start_matches('$').replace('.', "/")).collect()
    };
    let (columns, values): (Vec<_>, Vec<_>) = (columns.collect(), values.map(paths).collect());
    assert_eq!(columns.len(), values.len());
    columns.into_iter().zip(values).collect()
}

#[test]
fn rows_are_what_the_statement_makes_of_entries() {
    let entries = [
        recorded_entry("A1", Some(3)),
        recorded_entry("A2", None),
        adjusted("A1", 2),
        reversed("B2", 2, 4),
    ];
    for kept in &entries {
        let row = serde_json::to_value(row(kept)).unwrap();
        let (name, entry) = kept.clone().into_parts();
        let mut arrived = json!({ "id": row["id"], "program": "1000", "object": OBJECT });
        arrived["event_type"] = json!(name.event_type);
        arrived["order_id"] = json!(name.order_id);
        arrived["entry"] = serde_json::to_value(&entry).unwrap();
        let value = |paths: &[String]| {
            let mut found = paths.iter().filter_map(|path| arrived.pointer(path));
            found.find(|value| !value.is_null()).cloned().unwrap_or_default()
        };
        let made = written().into_iter().filter(|(column, _)| *column != "program");
        let made: Value = made.map(|(column, paths)| (column.to_owned(), value(&paths))).collect();
        assert_eq!(made, row, "{}", entry.kind.name());
    }
}

#[test]
fn an_entry_that_arrives_again_writes_its_whole_row() {
    let overwritten = UPSERT.split_once("DO UPDATE SET").unwrap().1;
    for (column, _) in written().into_iter().filter(|(column, _)| *column != "id") {
        let set = format!("    {column} = excluded.{column}");
        assert!(overwritten.lines().any(|line| line.trim_end_matches(',') == set), "{column}");
    }
}

#[test]
fn what_is_on_its_way_is_no_difference() {
    let mut late = ledger();
    late.rows.clear();
    for (_, kept) in &mut late.orders {
        kept.iter_mut().for_each(|entry| on_its_way(entry, "reports"));
    }
    let (tally, findings) = read(late, &BTreeMap::new());
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(tally.on_its_way, 4);
    check(
        |ledger| {
            on_its_way(&mut ledger.orders[0].1[0], "reports");
            ledger.orders[0].1[0].revision = 2;
            on_its_way(&mut ledger.orders[1].1[1], "cap");
            ledger.uses.push(use_of("B2", 4, None));
        },
        &[],
    );
}

#[test]
fn an_order_has_all_of_its_entries() {
    let lose = |ledger: &mut Ledger| {
        ledger.orders[1].1.remove(0);
        ledger.rows.remove(2);
    };
    let (_, findings) = {
        let mut ledger = ledger();
        lose(&mut ledger);
        read(ledger, &BTreeMap::new())
    };
    let kinds: Vec<Difference> = findings.counts().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Difference::Unreadable, Difference::EntryMissing]);
    let skip = |ledger: &mut Ledger| {
        ledger.orders[0].1[1].number = 3;
        ledger.rows[1] = row(&adjusted("A1", 3));
    };
    check(skip, &[(Difference::EntryMissing, "SALE A1")]);
    let garble = |ledger: &mut Ledger| {
        ledger.orders[0].1[1].body = RawValue::from_string("{}".to_owned()).unwrap();
        ledger.uses.remove(0);
    };
    check(garble, &[(Difference::Unreadable, "SALE A1")]);
}

#[test]
fn an_order_is_in_one_object_and_that_is_its_own() {
    let elsewhere = |ledger: &mut Ledger| {
        ledger.orders[0].0 = "1000/1/7";
        ledger.rows[..2].iter_mut().for_each(|row| row.object = "1000/1/7".to_owned());
    };
    check(elsewhere, &[(Difference::Misplaced, "SALE A1")]);
    let earlier = |ledger: &mut Ledger| {
        ledger.objects.extend(["1000/2/0", "1000/2/1"]);
    };
    check(earlier, &[]);
    let twice = |ledger: &mut Ledger| {
        ledger.orders.push((OBJECT, vec![recorded_entry("C3", None)]));
        ledger.orders.push((OBJECT, vec![recorded_entry("C3", None)]));
        ledger.rows.push(row(&recorded_entry("C3", None)));
    };
    check(twice, &[(Difference::InTwoObjects, "SALE C3")]);
}

#[test]
fn a_use_and_the_order_that_consumes_it_go_together() {
    let lose = |ledger: &mut Ledger| drop(ledger.uses.remove(0));
    check(lose, &[(Difference::UseMissing, "ten for SALE A1")]);
    let other = |ledger: &mut Ledger| ledger.uses[0].token = 8;
    check(other, &[(Difference::UseDiffers, "ten for SALE A1")]);
    let held = |ledger: &mut Ledger| ledger.uses[0].expires_at = Some(9);
    check(held, &[]);
    let kept = |ledger: &mut Ledger| ledger.uses.push(use_of("B2", 4, None));
    check(kept, &[(Difference::UseWithoutOrder, "ten for SALE B2")]);
    let of_nobody = |ledger: &mut Ledger| ledger.uses.push(use_of("Z9", 6, None));
    check(of_nobody, &[(Difference::UseWithoutOrder, "ten for SALE Z9")]);
    let held_for_nobody = |ledger: &mut Ledger| ledger.uses.push(use_of("Z9", 6, Some(9)));
    check(held_for_nobody, &[]);
    let of_a_cart = |ledger: &mut Ledger| ledger.uses[1].expires_at = None;
    check(of_a_cart, &[(Difference::UseWithoutOrder, "ten for cart c")]);
}

#[test]
fn a_code_has_as_many_uses_as_it_may_and_its_counter_says() {
    let miscount = |ledger: &mut Ledger| {
        let code_id = "ten".to_owned();
        ledger.miscounted.push(Miscount { code_id, taken: 1, uses: 2 });
    };
    check(miscount, &[(Difference::Miscounted, "ten")]);
    for (max, is_exceeded) in [(2, false), (1, true)] {
        let (_, findings) = read(ledger(), &BTreeMap::from([("ten".to_owned(), max)]));
        let expected = is_exceeded.then_some((Difference::CapExceeded, 1));
        assert!(findings.counts().eq(expected), "{max}: {findings:?}");
    }
}

#[test]
fn what_only_one_reading_found_was_on_its_way() {
    let findings = |orders: &[&str]| {
        let mut ledger = ledger();
        let uses = orders.iter().map(|order| use_of(order, 6, None));
        ledger.uses.extend(uses);
        read(ledger, &BTreeMap::new()).1
    };
    let both = findings(&["Y8", "Z9"]).also_in(&findings(&["X7", "Z9"]));
    assert_eq!(both, findings(&["Z9"]));
    assert!(findings(&["Y8"]).also_in(&findings(&["X7"])).is_empty());
}

#[test]
fn more_findings_than_are_kept_are_counted() {
    let mut broken = ledger();
    broken.rows = (1..=20_000).map(|number| row(&adjusted("Q0", number))).collect();
    let (_, findings) = read(broken, &BTreeMap::new());
    let again = findings.clone().also_in(&findings);
    assert_eq!(again.iter().count(), KEPT_MAX + 4);
    let counts: Vec<(Difference, u64)> = again.counts().collect();
    assert_eq!(counts, [(Difference::NotInReports, 4), (Difference::NotInLedger, 20_000)]);
}
