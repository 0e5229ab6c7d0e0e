//! Catalogues and bulk files: what they are refused for or warned about, and where. The cases are
//! data, in `tests/vectors/catalog.json`:
//!
//! - `cases`: the base with values `set` at JSON pointers (`"~"` removes one, `/-` appends), or a
//!   `text` of its own; then all complaints and warnings in order, and what was understood.
//! - `dates`: a text, read in a program's zone and maybe an own one; `at` null: it is refused.
//! - `rows`: a bulk row with values changed by header.

use promo_edge::catalog::{self, Catalog, CodeText, Complaint, Culprits, Findings, regex_overlaps};
use promo_edge::code::{CodeKind, CreditPolicy};
use promo_edge::program::Precedence;
use promo_edge::snapshot::{BuildError, Builder, CodeHash, ProgramKey, Snapshot, automaton};
use promo_edge::time::{Schedule, UnixMillis};
use promo_edge::upload::{RowText, Rows};
use promo_edge::zone::{Boundary, DateReader, Notation, Zone};

use serde::Deserialize;
use serde_json::{Value, json};

use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    #[serde(rename = "about")]
    _about: String,
    base: Value,
    cases: Vec<Case>,
    dates: Vec<DateCase>,
    rows: Vec<RowCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    text: Option<String>,
    #[serde(default)]
    set: BTreeMap<String, Value>,
    #[serde(default)]
    complaints: Vec<Expected>,
    #[serde(default)]
    warnings: Vec<Expected>,
    #[serde(default)]
    schedules: BTreeMap<String, [Option<String>; 2]>,
    attribution: Option<AttributionCase>,
    approval_days: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Expected {
    kind: String,
    #[serde(alias = "header")]
    path: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributionCase {
    precedence: String,
    #[serde(default)]
    credit_policies: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateCase {
    name: String,
    text: String,
    zone: String,
    own: Option<String>,
    boundary: String,
    notation: String,
    at: Option<String>,
    overridden: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowCase {
    name: String,
    row: BTreeMap<String, String>,
    #[serde(default)]
    complaints: Vec<Expected>,
    #[serde(default)]
    warnings: Vec<Expected>,
    schedule: Option<[Option<String>; 2]>,
}

const HEADERS: [&str; 10] = [
    "Promo Code",
    "Program Id",
    "Media Id",
    "Type",
    "Credit Rule",
    "Match Mode",
    "Deal Id",
    "Active Start Date",
    "Active End Date",
    "Timezone",
];

const ROW: [&str; 10] = ["BULK-1", "1000", "ana", "TRACKING", "ALWAYS", "LI", "d10", "", "", ""];

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../vectors/catalog.json")).unwrap()
}

fn base() -> Catalog {
    catalog::parse("base.json", &vectors().base.to_string()).unwrap().0
}

#[test]
fn catalogues_are_understood_or_refused() {
    let Vectors { base, cases, .. } = vectors();
    let mut differing = Vec::new();
    for case in &cases {
        let name = &case.name;
        let text = case.text.clone().unwrap_or_else(|| changed(&base, &case.set).to_string());
        let (catalog, findings) = compile(&text);
        let got = (found(&findings.complaints), found(&findings.warnings));
        if got != (case.complaints.clone(), case.warnings.clone()) {
            differing.push(format!("{name}: {got:?}"));
            continue;
        }
        for complaint in findings.complaints.iter().chain(&findings.warnings) {
            let words = [&complaint.expected, &complaint.got, &complaint.remedy];
            assert!(words.iter().all(|words| !words.is_empty()), "{name}: {complaint}");
        }
        let terms = |id: &str| {
            let codes = &catalog.as_ref().unwrap().codes;
            let named = |code: &&catalog::PromoCode| code.terms.id.as_ref().unwrap().as_str() == id;
            codes.iter().find(named).unwrap().terms.clone()
        };
        for (id, expected) in &case.schedules {
            let active = catalog.as_ref().unwrap().active(&terms(id));
            assert_eq!(active, schedule(expected), "{name}");
        }
        if let Some(expected) = case.approval_days {
            assert_eq!(catalog.as_ref().unwrap().program.approval_days, expected, "{name}");
        }
        if let Some(expected) = &case.attribution {
            let precedence = match catalog.as_ref().unwrap().program.attribution.precedence {
                Precedence::CodeFirst => "code_first",
                Precedence::ClickFirst => "click_first",
            };
            assert_eq!(precedence, expected.precedence, "{name}");
            for (id, policy) in &expected.credit_policies {
                assert_eq!(policy, "always");
                let CodeKind::Tracking { credit_policy, .. } = terms(id).kind else { panic!() };
                assert_eq!(credit_policy, CreditPolicy::Always, "{name}");
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    println!("vectors catalogue: {} passed", cases.len());
}

#[test]
fn dates_are_read_by_the_rules_of_time() {
    let Vectors { dates, .. } = vectors();
    for case in &dates {
        let program = Zone::parse(&case.zone).unwrap();
        let own = case.own.as_ref().map(|own| Zone::parse(own).unwrap());
        let notation = match case.notation.as_str() {
            "json" => Notation::Json,
            "sheet" => Notation::Sheet,
            other => panic!("{other}"),
        };
        let boundary = match case.boundary.as_str() {
            "start" => Boundary::Start,
            "end" => Boundary::End,
            other => panic!("{other}"),
        };
        let reader = DateReader { own: own.as_ref(), program: &program, notation };
        let read = reader.read(&case.text, boundary);
        let got = (read.as_ref().ok().map(|read| read.at), read.ok().and_then(|r| r.overridden));
        let expected = (instant(case.at.as_ref()), instant(case.overridden.as_ref()));
        assert_eq!(got, expected, "{}", case.name);
    }
    println!("vectors dates: {} passed", dates.len());
}

#[test]
fn rows_are_understood_or_refused() {
    let catalog = base();
    let Vectors { rows: cases, .. } = vectors();
    for case in &cases {
        let values = HEADERS
            .iter()
            .zip(ROW)
            .map(|(header, usual)| case.row.get(*header).map_or(usual, String::as_str).to_owned());
        let values: Vec<String> = values.collect();
        let known = case.row.keys().all(|header| HEADERS.contains(&header.as_str()));
        assert!(known, "{}", case.name);
        let csv = format!("{}\n{}\n", HEADERS.join(","), values.join(","));
        let mut rows = open(&catalog, &csv).unwrap();
        let (complaints, schedule_got) = match rows.next_row().unwrap() {
            Ok(row) => (Vec::new(), Some(catalog.active(row.terms))),
            Err(complaints) => (complaints, None),
        };
        assert_eq!(found(&complaints), case.complaints, "{}", case.name);
        assert!(complaints.iter().all(|complaint| complaint.place.line == 2), "{}", case.name);
        assert_eq!(found(&rows.take_warnings()), case.warnings, "{}", case.name);
        if let Some(expected) = &case.schedule {
            assert_eq!(schedule_got, Some(schedule(expected)), "{}", case.name);
        }
        assert!(rows.next_row().is_none());
    }
    println!("vectors rows: {} passed", cases.len());
}

#[test]
fn complaints_point_at_the_value() {
    let text = "{\n  \"program\": {\"id\": \"1\", \"name\": \"é\", \"currency\": \"usd\",\n \
                \"time_zone\": \"UTC\"},\n  \"codes\": [\n    {\"id\": \"c\"}]\n}";
    let findings = catalog::parse("a.json", text).unwrap_err();
    let lines: Vec<String> = findings.complaints.iter().map(ToString::to_string).collect();
    let starts = |line: &String, start: &str| assert!(line.starts_with(start), "{line}");
    assert_eq!(lines.len(), 2);
    starts(&lines[0], "a.json:2:51: program.currency: expected an ISO 4217 code");
    starts(&lines[1], "a.json:5:5: codes[0]: expected the field `code`, got none: ");
}

#[test]
fn conflicts_name_both_codes_and_where_they_stand() {
    let set = [(
        "/codes/-",
        json!({"id": "n", "code": "Save10", "kind": "restricted", "match_type": "exact"}),
    )];
    let set = set.map(|(pointer, value)| (pointer.to_owned(), value)).into();
    let (_, findings) =
        compile(&serde_json::to_string_pretty(&changed(&vectors().base, &set)).unwrap());
    let complaint = findings.complaints[0].to_string();
    assert!(complaint.contains("\"Save10\", which is the same as \"SAVE10\" at catalog.json:"));
    assert!(complaint.starts_with("catalog.json:"), "{complaint}");
}

#[test]
fn headers_are_compared_to_the_letter() {
    let catalog = base();
    let headers = |csv: &str| found(&open(&catalog, csv).err().unwrap_or_default());
    let expected = |names: &[&str]| {
        let header = |name: &&str| Expected { kind: "header".to_owned(), path: (*name).to_owned() };
        names.iter().map(header).collect::<Vec<_>>()
    };
    let usual = HEADERS.join(",");
    assert_eq!(headers(&usual), []);
    assert_eq!(headers(&usual.replace("Type", "type")), expected(&["Type", "type"]));
    assert_eq!(headers(&usual.replace(",Timezone", "")), expected(&["Timezone"]));
    assert_eq!(headers(&format!("{usual},Comment")), expected(&["Comment"]));
    assert_eq!(headers(&format!("{usual},Type")), expected(&["Type"]));
    assert_eq!(headers(&usual.replace(',', ";")).len(), HEADERS.len() + 1);
    assert_eq!(headers("").len(), HEADERS.len());
}

#[test]
fn older_headers_are_read_with_a_warning() {
    let catalog = base();
    let headers = HEADERS.join(",").replace("Program Id", "Campaign Id");
    let headers = headers.replace("Deal Id", "Deal Name");
    let row = ROW.join(",").replace("d10", "10 % off");
    let csv = format!("{headers}\n{row}\n");
    let mut rows = open(&catalog, &csv).unwrap();
    assert_eq!(rows.next_row().unwrap().unwrap().terms.deal.as_ref().unwrap().as_str(), "d10");
    let warned: Vec<String> =
        rows.take_warnings().into_iter().map(|warning| warning.place.field).collect();
    assert_eq!(warned, ["Campaign Id", "Deal Name"]);
}

#[test]
fn files_come_as_spreadsheets_write_them() {
    let catalog = base();
    let (headers, row) = (HEADERS.join(","), ROW.join(","));
    let quoted = row.replace("BULK-1", "\"BULK,2\"");
    let csv = format!("\u{FEFF}{headers}\r\n{row}\r\n\r\n{quoted}\r\nshort,row\r\n");
    let mut rows = open(&catalog, &csv).unwrap();
    let mut texts = Vec::new();
    let mut lines = Vec::new();
    while let Some(row) = rows.next_row() {
        match row {
            Ok(row) => match &row.text {
                RowText::Exact(typed, _) => {
                    texts.push(typed.as_str().to_owned());
                    lines.push(row.place().line);
                }
                RowText::Regex(_) => panic!("no pattern was written"),
            },
            Err(complaints) => lines.push(complaints[0].place.line),
        }
    }
    assert_eq!(texts, ["BULK-1", "BULK,2"]);
    assert_eq!(lines, [2, 4, 5]);
}

#[test]
fn bytes_that_are_no_text_are_located() {
    let catalog = base();
    let row = ROW.join(",").replace("BULK", "B\u{FC}LK").replace("ALWAYS", "\u{FC}");
    // What a spreadsheet writes that saves as Latin-1.
    let latin: Vec<u8> = row.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let csv = [HEADERS.join(",").as_bytes(), b"\n", &latin].concat();
    let mut rows = Rows::open(&catalog, "b.csv", csv.as_slice(), UnixMillis(0)).unwrap();
    let complaints = rows.next_row().unwrap().unwrap_err();
    let fields: Vec<&str> = complaints.iter().map(|c| c.place.field.as_str()).collect();
    assert_eq!(fields, ["Promo Code", "Credit Rule"]);
    assert!(complaints.iter().all(|complaint| complaint.kind.name() == "syntax"));
}

#[test]
fn the_schema_is_that_of_what_is_read() {
    let schema = catalog::schema();
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["required"], json!(["program"]));
    let sections: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    for section in sections {
        let text = json!({ section: 7 }).to_string();
        let complaint = catalog::parse("a.json", &text).unwrap_err().complaints.remove(0);
        assert!(!complaint.got.contains("unknown field"), "{complaint}");
    }
    let code = &schema["$defs"]["Code"];
    assert_eq!(code["required"], json!(["id", "code", "match_type"]));
    assert_eq!(code["properties"]["max_redemptions"]["minimum"], 1);
}

/// Parses and builds, as the command does.
fn compile(text: &str) -> (Option<Catalog>, Findings) {
    let (catalog, mut warnings) = match catalog::parse("catalog.json", text) {
        Ok(parsed) => parsed,
        Err(findings) => return (None, findings),
    };
    let key = ProgramKey::from_bytes([1; 32]);
    let mut builder = Builder::new(catalog.program.clone(), key.hash_key());
    catalog.load(&mut builder);
    let built = match builder.finish(automaton::compile) {
        Ok(built) => built,
        Err(BuildError::Conflicts(conflicts)) => {
            let mut culprits = Culprits::new(&conflicts);
            for code in &catalog.codes {
                if let CodeText::Exact(typed) = &code.text {
                    let folded = typed.fold(catalog.program.folding);
                    let hash = CodeHash::of(&folded, &key.hash_key());
                    let place = || code.place.clone();
                    culprits.see(hash, typed.as_str(), catalog.active(&code.terms), place);
                }
            }
            let complaints = culprits.complaints();
            return (Some(catalog), Findings { complaints, warnings });
        }
        Err(error) => panic!("{error}"),
    };
    let snapshot = Snapshot::open(built.manifest, key.hash_key()).unwrap();
    warnings.extend(regex_overlaps(&catalog, &snapshot).unwrap());
    (Some(catalog), Findings { complaints: Vec::new(), warnings })
}

fn open<'c>(catalog: &'c Catalog, csv: &'c str) -> Result<Rows<'c, &'c [u8]>, Vec<Complaint>> {
    Rows::open(catalog, "b.csv", csv.as_bytes(), UnixMillis(0))
}

fn found(complaints: &[Complaint]) -> Vec<Expected> {
    let expected = |complaint: &Complaint| Expected {
        kind: complaint.kind.name().to_owned(),
        path: complaint.place.field.clone(),
    };
    complaints.iter().map(expected).collect()
}

/// The base with values set at JSON pointers.
fn changed(base: &Value, set: &BTreeMap<String, Value>) -> Value {
    let mut changed = base.clone();
    for (pointer, value) in set {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match (changed.pointer_mut(parent).unwrap(), value) {
            (Value::Array(elements), Value::Array(values)) => elements.extend(values.clone()),
            (Value::Array(elements), value) => elements.push(value.clone()),
            (Value::Object(fields), Value::String(removed)) if removed == "~" => {
                fields.remove(name);
            }
            (Value::Object(fields), value) => {
                fields.insert(name.to_owned(), value.clone());
            }
            _ => panic!("{pointer}"),
        }
    }
    changed
}

fn schedule([start_at, end_at]: &[Option<String>; 2]) -> Schedule {
    Schedule { start_at: instant(start_at.as_ref()), end_at: instant(end_at.as_ref()) }
}

fn instant(text: Option<&String>) -> Option<UnixMillis> {
    let instant = |text: &String| text.parse::<jiff::Timestamp>().unwrap();
    text.map(|text| UnixMillis(instant(text).as_millisecond()))
}
