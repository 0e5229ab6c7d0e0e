//! `promo lint` as people run it: a catalogue for each rule, and what is found in it.

#[path = "cli/desk.rs"]
mod desk;

use desk::Desk;
use promo_edge::lint::Rule;
use serde_json::{Value, json};

use std::collections::BTreeSet;

const HEADERS: &str = "Promo Code,Program Id,Media Id,Type,Credit Rule,Match Mode,Deal Id,\
                       Active Start Date,Active End Date,Timezone";

/// A catalogue in which nothing is found.
fn sound() -> Value {
    let contract = json!({ "id": "k", "event_types": ["SALE"] });
    let partner =
        |id: &str| json!({ "id": id, "name": id, "kind": "partner", "contracts": [contract] });
    json!({
        "program": {
            "id": "1000", "name": "Acme", "currency": "USD", "time_zone": "UTC", "tracking": true
        },
        "event_types": [{ "id": "SALE", "promo_codes": true }],
        "partners": [partner("ana"), partner("ben")],
        "deals": [{
            "id": "d10", "name": "10 % off", "type": "general_sale",
            "discount": { "kind": "percent", "bps": 1000 }
        }],
        "codes": [
            { "id": "c1", "code": "ANASCABIN", "match_type": "exact", "credit_policy": "always",
              "owner": "ana", "deal": "d10" },
            { "id": "c2", "code": "^(BENSLAMP)[0-9]{2}$", "match_type": "regex",
              "credit_policy": "always", "owner": "ben", "created_at": "2026-01-01T00:00:00Z" }
        ]
    })
}

fn code(id: &str, text: &str, owner: &str, match_type: &str) -> Value {
    json!({
        "id": id, "code": text, "match_type": match_type, "credit_policy": "always",
        "owner": owner, "deal": "d10", "created_at": "2026-02-01T00:00:00Z"
    })
}

/// A sound catalogue with more codes.
fn with_codes(codes: &[Value]) -> Value {
    let mut catalog = sound();
    catalog["codes"].as_array_mut().unwrap().extend(codes.iter().cloned());
    catalog
}

/// A sound catalogue with another value at a pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut catalog = sound();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    catalog.pointer_mut(parent).unwrap()[field] = value;
    catalog
}

/// A row of a file: a code of ben's with the ten per cent.
fn rows(codes: impl IntoIterator<Item = String>) -> String {
    let row = |code: String| format!("{code},1000,ben,TRACKING,ALWAYS,LI,d10,,,\n");
    format!("{HEADERS}\n{}", codes.into_iter().map(row).collect::<String>())
}

type Case = (Rule, Value, String, &'static str);

/// What is found by each rule: a catalogue, the rows of a file, and what is said.
fn cases() -> Vec<Case> {
    [text_cases(), other_cases()].concat()
}

/// Codes in each other's way.
fn text_cases() -> Vec<Case> {
    let none = || rows([]);
    let far_apart = |letter| format!("[A-D]*{letter}[A-D]{{10}}{letter}[A-D]*");
    let mut swallowed = with_codes(&[code("c3", "BENSLAMP20", "ana", "exact")]);
    swallowed["codes"][2]["end_at"] = json!("2026-12-31");
    vec![
        (
            Rule::SameText,
            with_codes(&[code("c3", "anascabin", "ben", "exact")]),
            none(),
            "\"anascabin\", which is \"ANASCABIN\" at catalog.json:",
        ),
        (
            Rule::NearCollision,
            with_codes(&[code("c3", "ANA-SCAB1N", "ben", "exact")]),
            none(),
            "in separators and look-alikes only",
        ),
        (
            Rule::PatternOverlap,
            with_codes(&[code("c3", "^BENS.*7$", "ana", "regex")]),
            none(),
            "\"BENSLAMP07\" is matched here, for ana",
        ),
        (
            Rule::PatternsTooLarge,
            with_codes(&[
                code("c3", &far_apart('A'), "ana", "regex"),
                code("c4", &far_apart('C'), "ben", "regex"),
            ]),
            none(),
            "nobody knows",
        ),
        (Rule::PatternSwallowsCode, swallowed, none(), "matches \"BENSLAMP20\" of ana"),
    ]
}

/// Everything else.
fn other_cases() -> Vec<Case> {
    let none = || rows([]);
    let dates = |pointer: &str, end: &str| with(pointer, json!(end));
    let mut never = with("/deals/0/end_at", json!("2026-07-01"));
    never["deals"][0]["sync_codes"] = json!(true);
    never["codes"][0]["start_at"] = json!("2026-08-01");
    let mut open = with("/deals/0/discount/bps", json!(5_000));
    open["codes"][1]["end_at"] = json!("2027-01-01");
    let numbered = rows((1..9).map(|number| format!("LETTER-{number:03}")));
    let dense = (0..30u32).map(|number| format!("QX{}K{}", number % 7, number * 37 % 1_000));
    let dense = rows(dense.map(|code| format!("{code:0<7}")).collect::<BTreeSet<_>>());
    let mut tightly = sound();
    tightly["deals"] = json!([tightly["deals"][0], {
        "id": "d5", "name": "Free parcel", "type": "free_shipping"
    }]);
    vec![
        (Rule::NeverActive, never, none(), "leaves no time"),
        (Rule::Expired, dates("/codes/0/end_at", "2026-01-31"), none(), "expired"),
        (Rule::TrackingOff, with("/program/tracking", json!(false)), none(), "every code"),
        (Rule::UnusedDeal, tightly, none(), "\"Free parcel\", which no code stands for"),
        (Rule::DealEndsFirst, dates("/deals/0/end_at", "2026-12-31"), none(), "goes on when"),
        (Rule::OwnerInactive, with("/partners/0/active", json!(false)), none(), "inactive"),
        (
            Rule::OwnerWithoutContract,
            with("/partners/1/contracts", json!([])),
            none(),
            "no contract",
        ),
        (
            Rule::ContractEndsFirst,
            dates("/partners/0/contracts/0/end_at", "2026-12-31"),
            none(),
            "whose last contract ends first",
        ),
        (Rule::ShortCode, with("/codes/0/code", json!("AN-A1")), none(), "1679616 other texts"),
        (Rule::CommonWord, with("/codes/0/code", json!("Welcome-10")), none(), "people try"),
        (Rule::SequentialCodes, sound(), numbered, "8 codes in a row from \"LETTER-001\""),
        (Rule::DenseCodes, sound(), dense, "one guess in"),
        (Rule::OpenEnded, open, none(), "\"ANASCABIN\" of ana"),
    ]
}

fn lint(desk: &Desk, catalog: &Value, rows: &str, code: i32) -> Vec<Value> {
    desk.write("catalog.json", &serde_json::to_string_pretty(catalog).unwrap());
    desk.write("codes.csv", rows);
    let call = "lint catalog.json --codes codes.csv --at 2026-06-15T12:00:00Z --json";
    desk.promo(call).ended(code).json().as_array().unwrap().clone()
}

#[test]
fn every_rule_finds_what_it_is_for_and_nothing_else() {
    let desk = Desk::new("lint/rules");
    assert_eq!(lint(&desk, &sound(), &rows([]), 0), Vec::<Value>::new());
    desk.build("catalog.json --out snap");
    for (rule, catalog, rows, says) in cases() {
        let found = lint(&desk, &catalog, &rows, 1);
        let rules: BTreeSet<&str> = found.iter().map(|f| f["rule"].as_str().unwrap()).collect();
        assert_eq!(rules, BTreeSet::from([rule.name()]), "{found:#?}");
        assert!(found[0]["got"].as_str().unwrap().contains(says), "{found:#?}");
        assert!(found[0]["line"].as_u64().unwrap() > 0 && found[0]["remedy"] != "");
        assert_eq!(found[0]["severity"], rule.severity().name());
    }
}

#[test]
fn every_rule_is_tested_and_documented() {
    let tested: Vec<Rule> = cases().into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(tested, Rule::ALL);
    let path = format!("{}/docs/lint.md", env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(path).unwrap();
    let titles: Vec<&str> = document.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let titled = Rule::ALL.map(|rule| format!("`{}` ({})", rule.name(), rule.severity().name()));
    assert_eq!(titles, titled);
}

#[test]
fn a_word_of_ideographs_is_not_short() {
    let desk = Desk::new("lint/ideographs");
    for text in ["山頂", "はな10", "ANAS1"] {
        assert_eq!(lint(&desk, &with("/codes/0/code", json!(text)), &rows([]), 0).len(), 0);
    }
}

#[test]
fn a_rule_can_be_allowed_and_a_table_is_the_default() {
    let desk = Desk::new("lint/allowed");
    let catalog = with("/program/tracking", json!(false));
    desk.write("catalog.json", &catalog.to_string());
    let call = "lint catalog.json --at 2026-06-15T12:00:00Z";
    let found = desk.promo(call).ended(1);
    assert!(found.stdout().contains("warning tracking_off"), "{}", found.stdout());
    let allowed = desk.promo(&format!("{call} --allow tracking_off")).ended(0);
    assert_eq!((allowed.stdout(), allowed.stderr()), (String::new(), "nothing was found\n".into()));
    desk.promo(&format!("{call} --allow tracking")).ended(2);
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    let desk = Desk::new("lint/unread");
    desk.write("catalog.json", "{");
    desk.promo("lint catalog.json").ended(2);
    desk.write("catalog.json", &sound().to_string());
    desk.write("codes.csv", &format!("{HEADERS}\nA,1000,nobody,TRACKING,ALWAYS,LI,,,,\n"));
    desk.promo("lint catalog.json --codes codes.csv").ended(2);
}

#[test]
fn a_pattern_that_meets_many_is_one_finding() {
    let desk = Desk::new("lint/many");
    let letters = ["LAMPA", "LAMPB", "LAMPC"];
    let mut codes: Vec<Value> =
        letters.iter().map(|text| code(text, &format!("{text}.*"), "ana", "regex")).collect();
    codes.push(code("x", ".*LAMP[A-C]-9", "ben", "regex"));
    let found = lint(&desk, &with_codes(&codes), &rows([]), 1);
    assert_eq!(found.len(), 1, "{found:#?}");
    let got = found[0]["got"].as_str().unwrap();
    assert!(got.starts_with("\"LAMPA-9\"") && got.ends_with("; so with 2 more"), "{got}");
}

#[test]
fn a_campaign_is_one_finding() {
    let desk = Desk::new("lint/campaign");
    let mut catalog = sound();
    catalog["partners"][1]["active"] = json!(false);
    let codes = (0..100u64).map(|n| format!("LAMP-{:09}", n * 7_919_317 % 1_000_000_000));
    let found = lint(&desk, &catalog, &rows(codes), 1);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0]["got"].as_str().unwrap().contains("and 100 other codes"), "{found:#?}");
}
