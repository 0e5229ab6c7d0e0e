//! `promo credit` and `promo replay` as people run them: what goes in and comes out line by line,
//! how much memory that takes, and their exit codes.

#[path = "cli/desk.rs"]
mod desk;
#[path = "credit_cli/replay.rs"]
mod replay;

use desk::{Desk, PROMO, Ran};

use serde_json::{Value, json};

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const CATALOG: &str = r#"{
  "program": {
    "id": "1000", "name": "Acme", "currency": "USD", "time_zone": "America/Los_Angeles",
    "tracking": true
  },
  "event_types": [{"id": "SALE", "promo_codes": true}],
  "partners": [
    {"id": "ana", "name": "Ana", "kind": "partner", "contracts": [
      {"id": "k1", "event_types": ["SALE"], "payout": {"default": {"rate_bps": 500}}}]},
    {"id": "ben", "name": "Ben", "kind": "partner", "contracts": [
      {"id": "k1", "event_types": ["SALE"], "payout": {"default": {"rate_bps": 300}}}]}
  ],
  "codes": [
    {"id": "c1", "code": "SAVE10", "match_type": "exact", "credit_policy": "always",
     "owner": "ana"},
    {"id": "c2", "code": "BEN15", "match_type": "exact", "credit_policy": "involved",
     "owner": "ben"}
  ]
}"#;

/// An order of 150.00 with these codes, without a partner's click.
fn order(id: &str, codes: &[&str]) -> String {
    let order = json!({
        "order_id": id,
        "event_type": "SALE",
        "placed_at": "2026-06-15T12:00:00Z",
        "currency": "USD",
        "subtotal_minor": 15_000,
        "promo_codes": codes,
    });
    order.to_string()
}

fn shop(test: &str) -> Desk {
    let desk = Desk::new(&format!("credit_cli/{test}"));
    desk.write("catalog.json", CATALOG);
    desk.build("catalog.json --out snap");
    desk
}

fn lines(ran: &Ran) -> Vec<Value> {
    ran.stdout().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn orders_go_in_and_decisions_come_out() {
    let desk = shop("decisions");
    let id = desk.build("catalog.json --out snap");
    let orders = [order("A1", &["NOPE", "save10"]), order("A2", &["BEN15"]), order("A3", &[])];
    desk.write("orders.jsonl", &orders.join("\n"));
    let ran = desk.promo("credit --snapshot snap orders.jsonl").ended(0);
    assert_eq!(ran.stderr(), "");
    let decisions = lines(&ran);
    assert_eq!(decisions.len(), 3);
    let mut first = decisions[0].clone();
    let trace = first.as_object_mut().unwrap().remove("trace").unwrap();
    let steps: Vec<&str> =
        trace.as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["2", "2", "9b", "9c", "10", "1.9"]);
    let expected = json!({
        "order_id": "A1",
        "event_type": "SALE",
        "code": {"id": "c1", "typed": "save10"},
        "credited": {
            "partner": "ana", "basis": "promo_code", "code_id": "c1", "also_click_winner": false,
        },
        "reasons": [],
        "unused_codes": ["NOPE"],
        "payout": {"amount_minor": 750, "currency": "USD", "rule": "default"},
        "snapshot": {"id": id},
    });
    assert_eq!(first, expected);
    let refused = json!([{"partner": "ben", "reason": "CREDITING_RULE_MISMATCH"}]);
    assert_eq!((&decisions[1]["credited"], &decisions[1]["reasons"]), (&Value::Null, &refused));
    assert_eq!(decisions[2]["reasons"][0]["reason"], "ACTION_REF_NOT_FOUND");
}

#[test]
fn orders_may_come_from_standard_input() {
    let desk = shop("stdin");
    let orders = format!("{}\r\n{}", order("A1", &["SAVE10"]), order("A2", &[]));
    let ran = fed(&desk, "credit --snapshot snap", orders.as_bytes()).ended(0);
    let ids: Vec<Value> = lines(&ran).iter().map(|line| line["order_id"].clone()).collect();
    assert_eq!(ids, ["A1", "A2"]);
    let ran = fed(&desk, "credit --snapshot snap", b"").ended(0);
    assert_eq!((ran.stdout(), ran.stderr()), (String::new(), String::new()));
}

/// Runs `promo` with this on its standard input.
fn fed(desk: &Desk, arguments: &str, input: &[u8]) -> Ran {
    let mut promo = spawned(desk, arguments);
    promo.stdin.take().unwrap().write_all(input).unwrap();
    Ran(promo.wait_with_output().unwrap())
}

fn spawned(desk: &Desk, arguments: &str) -> Child {
    let mut command = desk.command(arguments);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    piped.spawn().unwrap()
}

#[test]
fn bad_lines_are_told_in_their_place_and_the_others_decided() {
    let desk = shop("bad");
    let field = |from: &str, to: &str| order("A2", &[]).replace(from, to);
    // A line's end is not counted: the longest order is one that an array of codes pads out.
    let padded = |size: usize| {
        let order = order("A9", &[]);
        format!("{order}{}", " ".repeat(size - order.len()))
    };
    let longest = order("A8", &[]).replacen('{', &format!("{{{}", " ".repeat(100_000)), 1);
    let too_long = padded(262_145).replacen(' ', "x", 262_145);
    let rows = [
        (format!("\u{FEFF}{}", order("A1", &["SAVE10"])), None),
        (field("SALE", "CALL"), Some("event_type: expected one of SALE, got CALL")),
        ("   ".to_owned(), None),
        (field("subtotal_minor", "subtotal"), Some("subtotal: expected one of ")),
        (field("15000", "-1"), Some("subtotal_minor: expected a whole number of minor units")),
        ("{".to_owned(), Some("$: expected JSON, got EOF")),
        (longest, None),
        (too_long, Some("$: expected at most 262144 bytes, got a longer line")),
        (padded(300_000), None),
        ("\u{FEFF}".to_owned(), Some("$: expected JSON")),
        (order("A3", &["SAVE10"; 17]), Some("promo_codes: expected at most 16, got 17")),
        (order("A4", &[]), None),
    ];
    let text: Vec<&str> = rows.iter().map(|(row, _)| row.as_str()).collect();
    desk.write("orders.jsonl", &text.join("\n"));
    let ran = desk.promo("credit --snapshot snap orders.jsonl").ended(2);
    assert_eq!(
        ran.stderr(),
        "error: 7 lines are no orders of this program; the others are decided\n"
    );
    let mut answers = lines(&ran).into_iter();
    for (number, (row, error)) in (1..).zip(&rows) {
        if row.trim().is_empty() {
            continue;
        }
        let answer = answers.next().unwrap();
        match error {
            None => assert!(answer["order_id"].is_string(), "{number}: {answer}"),
            Some(error) => {
                assert_eq!(answer["line"], number, "{answer}");
                assert!(answer["error"].as_str().unwrap().starts_with(error), "{answer}");
                assert_eq!(answer.as_object().unwrap().len(), 2);
            }
        }
    }
    assert!(answers.next().is_none());
    let ran = fed(&desk, "credit --snapshot snap", b"{\n").ended(2);
    assert_eq!(ran.stderr(), "error: 1 line is no order of this program; the others are decided\n");
}

#[test]
fn files_that_are_not_there_are_named() {
    let desk = shop("missing");
    let ran = desk.promo("credit --snapshot snap nowhere.jsonl").ended(2);
    assert!(ran.stderr().contains("nowhere.jsonl"), "{}", ran.stderr());
    let ran = desk.promo("credit --snapshot nowhere").ended(2);
    assert!(ran.stderr().contains("nowhere") && ran.stderr().contains("promo build"));
    let ran = desk.promo("replay --old snap --new nowhere orders.jsonl").ended(2);
    assert!(ran.stderr().contains("nowhere"), "{}", ran.stderr());
}

#[test]
fn whoever_has_read_enough_may_stop() {
    let desk = shop("enough");
    let orders = format!("{}\n", order("A1", &["SAVE10"])).repeat(2_000);
    desk.write("orders.jsonl", &orders);
    desk.write("other.json", &CATALOG.replace("500", "600"));
    desk.build("other.json --out other");
    let decisions = desk.promo("credit --snapshot snap orders.jsonl").ended(0).stdout();
    desk.write("decisions.jsonl", &decisions);
    for (arguments, start) in [
        ("credit --snapshot snap orders.jsonl", "{\"order_id\":\"A1\""),
        ("replay --old snap --new other orders.jsonl --json", "{"),
        ("explain --decisions decisions.jsonl", "SALE A1"),
    ] {
        let mut promo = spawned(&desk, arguments);
        let mut first = String::new();
        BufReader::new(promo.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(first.starts_with(start), "{first}");
        let ran = Ran(promo.wait_with_output().unwrap()).ended(0);
        assert_eq!(ran.stderr(), "");
    }
}

/// Most memory that the command may have taken, in kilobytes: a fifth of what it reads here.
#[cfg(target_os = "linux")]
const MEMORY_MAX: u64 = 28_000;

/// Asserts what a process that is still there has taken at most.
#[cfg(target_os = "linux")]
#[track_caller]
fn assert_is_small(promo: &Child) {
    let status = fs::read_to_string(format!("/proc/{}/status", promo.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < MEMORY_MAX, "{peak} kB");
}

#[test]
fn a_million_orders_are_decided_in_one_go() {
    const ORDERS: usize = 1_000_000;
    let desk = shop("million");
    let template = order("ID", &[]);
    let mut file = BufWriter::new(File::create(desk.0.join("orders.jsonl")).unwrap());
    for number in 0..ORDERS {
        let code = ["[\"SAVE10\"]", "[\"NOPE\"]", "[]"][number % 3];
        let id = format!("A{number}");
        writeln!(file, "{}", template.replace("ID", &id).replace("[]", code)).unwrap();
    }
    file.into_inner().unwrap();
    let mut promo = spawned(&desk, "credit --snapshot snap orders.jsonl");
    let mut out = BufReader::with_capacity(1 << 16, promo.stdout.take().unwrap());
    let mut line = Vec::new();
    for number in 0..ORDERS {
        line.clear();
        out.read_until(b'\n', &mut line).unwrap();
        assert!(line.starts_with(format!("{{\"order_id\":\"A{number}\",").as_bytes()));
        if number % 9_973 == 0 {
            let decision: Value = serde_json::from_slice(&line).unwrap();
            let credited = ["ana", "", ""][number % 3];
            let partner = decision["credited"]["partner"].as_str().unwrap_or_default();
            assert_eq!(partner, credited, "{decision}");
        }
        // It cannot have ended: the pipe is smaller than what it has yet to say.
        #[cfg(target_os = "linux")]
        if number == ORDERS - 1_000 {
            assert_is_small(&promo);
        }
    }
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let ran = Ran(promo.wait_with_output().unwrap()).ended(0);
    // Progress is for terminals.
    assert_eq!((rest.as_str(), ran.stderr().as_str()), ("", ""));
    fs::remove_file(desk.0.join("orders.jsonl")).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_without_an_end_is_not_held() {
    let desk = shop("endless");
    let mut promo = spawned(&desk, "credit --snapshot snap");
    let mut stdin = promo.stdin.take().unwrap();
    let million = vec![b'x'; 1_000_000];
    (0..140).for_each(|_| stdin.write_all(&million).unwrap());
    assert_is_small(&promo);
    stdin.write_all(format!("\n{}\n", order("A1", &["SAVE10"])).as_bytes()).unwrap();
    drop(stdin);
    let answers = lines(&Ran(promo.wait_with_output().unwrap()).ended(2));
    let error = "$: expected at most 262144 bytes, got a longer line: write one order a line";
    assert_eq!(answers[0], json!({"line": 1, "error": error}));
    assert_eq!(answers[1]["credited"]["partner"], "ana");
}

/// Orders without end, and a terminal as standard error, until the bar is there.
#[cfg(target_os = "linux")]
#[test]
fn progress_is_shown_on_a_terminal() {
    let desk = shop("terminal");
    let orders = desk.0.join("orders");
    assert!(Command::new("mkfifo").arg(&orders).status().unwrap().success());
    let credit = format!("{PROMO} credit --snapshot snap < orders > /dev/null");
    let mut terminal = Command::new("script");
    terminal.current_dir(&desk.0).env("PROMO_KEY_FILE", "key").env("TERM", "xterm");
    terminal.args(["--quiet", "--return", "--command", &credit, "/dev/null"]);
    let mut terminal = terminal.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let is_shown = Arc::new(AtomicBool::new(false));
    let writer = thread::spawn({
        let is_shown = Arc::clone(&is_shown);
        let lines = format!("{}\n", order("A1", &["SAVE10"])).repeat(100);
        move || {
            let mut orders = OpenOptions::new().write(true).open(orders).unwrap();
            while !is_shown.load(Ordering::Relaxed) {
                orders.write_all(lines.as_bytes()).unwrap();
            }
        }
    });
    let mut out = terminal.stdout.take().unwrap();
    let (mut seen, mut part) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&seen).contains("standard input ") {
        let size = out.read(&mut part).unwrap();
        assert_ne!(size, 0, "it ended: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&part[..size]);
    }
    is_shown.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    io::copy(&mut out, &mut io::sink()).unwrap();
    assert!(terminal.wait().unwrap().success());
}
