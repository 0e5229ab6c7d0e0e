//! The `promo` command as people run it: what it prints where, what it leaves behind, and its exit
//! codes.

#[path = "cli/desk.rs"]
mod desk;

use desk::Desk;
use promo_edge::snapshot::{Bundle, ContentId};

use std::fmt::Write;
use std::fs;

const CATALOG: &str = r#"{
  "program": {
    "id": "1000", "name": "Acme", "currency": "USD", "time_zone": "America/Los_Angeles",
    "tracking": true
  },
  "event_types": [{"id": "SALE", "promo_codes": true}],
  "partners": [
    {"id": "ana", "name": "Ana", "kind": "partner"},
    {"id": "ben", "name": "Ben", "kind": "partner"}
  ],
  "deals": [
    {"id": "d10", "name": "10 % off", "type": "general_sale",
     "discount": {"kind": "percent", "bps": 1000}}
  ],
  "codes": [
    {"id": "c1", "code": "SAVE10", "match_type": "exact", "credit_policy": "always",
     "owner": "ana", "deal": "d10"},
    {"id": "c2", "code": "^(SUMMER).*", "match_type": "regex", "credit_policy": "always",
     "owner": "ben"}
  ]
}"#;

const HEADERS: &str = "Promo Code,Program Id,Media Id,Type,Credit Rule,Match Mode,Deal Id,\
                       Active Start Date,Active End Date,Timezone";

impl Desk {
    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }
}

fn row(code: &str) -> String {
    format!("{code},1000,ben,TRACKING,ALWAYS,LI,d10,,,\n")
}

#[test]
fn what_is_built_is_sound_and_answers() {
    let desk = Desk::new("cli/answers");
    desk.write("catalog.json", CATALOG);
    desk.write("codes.csv", &format!("{HEADERS}\n{}", row("BULK-1")));
    let built = desk.promo("build catalog.json --codes codes.csv --out snap --json").ended(0);
    let summary = built.json();
    assert_eq!((&summary["exact_codes"], &summary["regex_codes"]), (&2.into(), &1.into()));
    desk.promo("verify snap").ended(0);
    let inspected = desk.promo("inspect snap --json").ended(0).json();
    assert_eq!(inspected["snapshot"], summary["snapshot"]);

    let checked = desk.promo("check save10 BULK-1 SUMMER25 --snapshot snap --json").ended(0).json();
    let owners: Vec<&str> = checked
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["owner"].as_str().unwrap())
        .collect();
    assert_eq!(owners, ["ana", "ben", "ben"]);
    let refused = desk.promo("check BULK-2 --snapshot snap").ended(1);
    assert!(refused.stdout().contains("unknown_code"));
    assert_eq!(refused.stderr(), "");
}

#[test]
fn a_key_is_made_on_first_use_and_kept_to_oneself() {
    let desk = Desk::new("cli/key");
    desk.write("catalog.json", CATALOG);
    let first = desk.promo("build catalog.json --out snap").ended(0);
    assert!(first.stderr().contains("made a new key: key"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(desk.0.join("key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let second = desk.promo("build catalog.json --out snap").ended(0);
    assert!(!second.stderr().contains("key"));
    let key = String::from_utf8(desk.read("key")).unwrap();
    let secret = key.lines().find_map(|line| line.strip_prefix("program_key = pek1_")).unwrap();
    let root = String::from_utf8_lossy(&desk.read("snap/root")).into_owned();
    assert!(!root.contains(secret));
    desk.write("other", &key.replace(secret, &"0".repeat(64)).replace("reader_key", "#"));
    let other = desk.promo("verify snap --key-file other");
    assert_ne!(other.0.status.code(), Some(0));
}

#[test]
fn the_same_codes_give_the_same_snapshot_in_any_order() {
    let desk = Desk::new("cli/same");
    desk.write("catalog.json", CATALOG);
    let rows: Vec<String> = (0..100).map(|number| row(&format!("BULK-{number}"))).collect();
    desk.write("codes.csv", &format!("{HEADERS}\n{}", rows.concat()));
    let reversed: String = rows.iter().rev().map(String::as_str).collect();
    desk.write("reversed.csv", &format!("{HEADERS}\n{reversed}"));
    let (one, two) = rows.split_at(33);
    desk.write("one.csv", &format!("{HEADERS}\r\n{}", one.concat().replace('\n', "\r\n")));
    desk.write("two.csv", &format!("{HEADERS}\n{}", two.concat()));
    let id = desk.build("catalog.json --codes codes.csv --out a");
    assert_eq!(desk.build("catalog.json --codes reversed.csv --out b"), id);
    assert_eq!(desk.build("catalog.json --codes two.csv --codes one.csv --out c"), id);
    desk.promo("diff a b").ended(0);
    assert_ne!(desk.build("catalog.json --codes one.csv --out d"), id);
    desk.promo("diff a d").ended(1);
}

#[test]
fn everything_wrong_is_told_at_once_and_nothing_is_written() {
    let desk = Desk::new("cli/wrong");
    desk.write("catalog.json", CATALOG);
    let rows = [
        "BULK-1,1000,ben,TRACKING,ALWAYS,LI,d10,,,",
        "BULK-2,1000,benn,TRACKING,ALWAYS,LI,d10,,,",
        "BULK-3,1000,ben,TRACKING,ALWAYS,LI,d10,2026-02-30,,",
        ",1000,ben,TRACKING,ALWAYS,LI,d10,,,",
        "BULK-4,1000,ben,TRACKING",
        "BULK-5,1000,benn,TRACKING,ALWAYS,LI,d10,,,",
        "\"BULK-6",
    ];
    desk.write("codes.csv", &format!("{HEADERS}\n{}", rows.join("\n")));
    desk.write("headers.csv", &HEADERS.replace("Type", "Kind"));
    let ran = desk
        .promo("build catalog.json --codes codes.csv --codes headers.csv --out snap --bundle b")
        .ended(2);
    assert_eq!(ran.stdout(), "");
    let stderr = ran.stderr();
    let told = [
        "error: codes.csv:3: Media Id: expected the id of a partner of the catalogue, got \
         \"benn\": did you mean \"ben\"?",
        "error: codes.csv:4: Active Start Date: expected a date such as ",
        "error: codes.csv:5: Promo Code: expected 1 to 64 characters, got \"\": ",
        "error: codes.csv:6: expected 10 values, got 4: ",
        "error: codes.csv:7: Media Id: ",
        "error: codes.csv:8: expected a double quote to end the value, got the end of the file: ",
        "error: headers.csv:1: Type: expected a column of this header, got none: ",
        "error: headers.csv:1: Kind: expected only the headers ",
        "error: 8 things are wrong with the input; nothing was written",
    ];
    for line in told {
        assert!(stderr.contains(line), "{line}\nis not in\n{stderr}");
    }
    assert!(!desk.0.join("snap").exists() && !desk.0.join("b").exists());

    desk.write(
        "catalog.json",
        &CATALOG.replace("USD", "US$").replace("\"ana\", \"deal\"", "1, \"deal\""),
    );
    let stderr = desk.promo("build catalog.json --out snap").ended(2).stderr();
    assert!(stderr.contains("error: catalog.json:3:47: program.currency: "), "{stderr}");
    assert!(stderr.contains("error: catalog.json:17:15: codes[0].owner: "), "{stderr}");
    assert!(!desk.0.join("snap").exists());
}

#[test]
fn conflicts_are_named_across_files() {
    let desk = Desk::new("cli/conflicts");
    desk.write("catalog.json", CATALOG);
    desk.write("one.csv", &format!("{HEADERS}\n{}{}", row("BULK-1"), row("save10")));
    desk.write("two.csv", &format!("{HEADERS}\n{}{}", row("BULK-2"), row("bulk-1")));
    let stderr = desk
        .promo("build catalog.json --codes one.csv --codes two.csv --out snap")
        .ended(2)
        .stderr();
    for line in [
        "error: one.csv:3: Promo Code: expected one code to answer to a text at a time, \
         got \"save10\", which is the same as \"SAVE10\" at catalog.json:16:26: codes[0].code: ",
        "error: two.csv:3: Promo Code: expected one code to answer to a text at a time, \
         got \"bulk-1\", which is the same as \"BULK-1\" at one.csv:2: Promo Code: ",
    ] {
        assert!(stderr.contains(line), "{line}\nis not in\n{stderr}");
    }
    assert!(stderr.contains("error: 2 things are wrong"), "{stderr}");
    assert!(!desk.0.join("snap").exists());
}

#[test]
fn conflicts_that_are_told_are_counted() {
    let desk = Desk::new("cli/counted");
    desk.write("catalog.json", CATALOG);
    let dated = |start, end| format!("BULK-1,1000,ben,TRACKING,ALWAYS,LI,d10,{start},{end},\n");
    let rows =
        [dated("", ""), dated("2026-01-01", "2026-01-31"), dated("2026-03-01", "2026-03-31")];
    desk.write("long.csv", &format!("{HEADERS}\n{}", rows.concat()));
    let stderr = desk.promo("build catalog.json --codes long.csv --out snap").ended(2).stderr();
    assert_eq!(stderr.matches("expected one code to answer").count(), 2, "{stderr}");
    assert!(stderr.contains("error: 2 things are wrong"), "{stderr}");

    let twice: String = (0..1_100).map(|number| row(&format!("BULK-{number}")).repeat(2)).collect();
    desk.write("twice.csv", &format!("{HEADERS}\n{twice}"));
    let stderr = desk.promo("build catalog.json --codes twice.csv --out snap").ended(2).stderr();
    assert_eq!(stderr.matches("expected one code to answer").count(), 1_000);
    assert!(stderr.contains("error: and 100 more texts "), "{}", stderr.len());
    assert!(stderr.contains("error: 1100 things are wrong"));
}

#[test]
fn bulk_patterns_are_codes_once() {
    let desk = Desk::new("cli/patterns");
    desk.write("catalog.json", CATALOG);
    let pattern = "^WINTER[0-9]+$,1000,ben,TRACKING,ALWAYS,RE,d10,,,\n";
    desk.write("codes.csv", &format!("{HEADERS}\n{pattern}"));
    desk.build("catalog.json --codes codes.csv --out snap");
    desk.promo("check WINTER7 --snapshot snap").ended(0);
    desk.write("twice.csv", &format!("{HEADERS}\n{pattern}{pattern}"));
    let stderr = desk.promo("build catalog.json --codes twice.csv --out snap").ended(2).stderr();
    assert!(stderr.contains("error: twice.csv:3: Promo Code: expected a pattern of its own"));
    desk.write(
        "same.csv",
        &format!("{HEADERS}\n{}", pattern.replace("WINTER[0-9]+$", "(SUMMER).*")),
    );
    let stderr = desk.promo("build catalog.json --codes same.csv --out snap").ended(0).stderr();
    assert!(stderr.contains("warning: same.csv:2: Promo Code: expected a pattern of its own"));
}

#[test]
fn a_bundle_is_the_snapshot_in_one_piece() {
    let desk = Desk::new("cli/bundle");
    desk.write("catalog.json", CATALOG);
    let id =
        desk.build("catalog.json --out snap --bundle snap.bundle --built-at 2026-06-15T12:00:00Z");
    let bytes = desk.read("snap.bundle");
    let bundle = Bundle::open(&bytes).unwrap();
    assert_eq!(ContentId::of(bundle.manifest()).to_string(), id);
    assert_eq!(bundle.root().unwrap(), desk.read("snap/root"));
}

#[test]
fn a_folder_that_is_no_snapshot_is_left_alone() {
    let desk = Desk::new("cli/precious");
    desk.write("catalog.json", CATALOG);
    fs::create_dir(desk.0.join("photos")).unwrap();
    desk.write("photos/cat.jpg", "meow");
    let ran = desk.promo("build catalog.json --out photos").ended(2);
    assert!(ran.stderr().contains("not a snapshot"));
    assert_eq!(desk.read("photos/cat.jpg"), b"meow");
}

#[test]
fn only_the_snapshot_itself_is_replaced() {
    let desk = Desk::new("cli/siblings");
    desk.write("catalog.json", CATALOG);
    for name in ["snap.old", "snap.new"] {
        fs::create_dir(desk.0.join(name)).unwrap();
        desk.write(&format!("{name}/kept"), "kept");
    }
    desk.build("catalog.json --out snap");
    desk.write("snap/stale", "of the snapshot before");
    desk.build("catalog.json --out snap");
    assert!(!desk.0.join("snap/stale").exists());
    let mut names: Vec<String> = fs::read_dir(&desk.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["catalog.json", "key", "snap", "snap.new", "snap.old"]);
    assert_eq!(desk.read("snap.old/kept"), b"kept");
    assert_eq!(desk.read("snap.new/kept"), b"kept");
}

#[test]
fn what_is_wrong_with_a_snapshot_is_an_answer() {
    let desk = Desk::new("cli/unsound");
    desk.write("catalog.json", CATALOG);
    let id = desk.build("catalog.json --out snap");
    let manifest = format!("snap/m/{id}");
    let shard = fs::read_dir(desk.0.join("snap/s")).unwrap().next().unwrap().unwrap();
    let shard = format!("snap/s/{}", shard.file_name().into_string().unwrap());
    let flip = |bytes: &[u8]| {
        let mut flipped = bytes.to_vec();
        *flipped.last_mut().unwrap() ^= 1;
        flipped
    };
    for name in ["snap/root", &manifest, &shard] {
        let bytes = desk.read(name);
        for damaged in [Some(flip(&bytes)), None] {
            match damaged {
                Some(damaged) => fs::write(desk.0.join(name), damaged).unwrap(),
                None => fs::remove_file(desk.0.join(name)).unwrap(),
            }
            let report = desk.promo("verify snap --json").ended(1).json();
            assert_eq!(report["sound"], false, "{name}");
            assert!(report["problem"].as_str().unwrap().contains("snap"), "{report}");
            desk.promo("check SAVE10 --snapshot snap").ended(2);
            fs::write(desk.0.join(name), &bytes).unwrap();
        }
    }
    desk.promo("verify snap").ended(0);
    desk.promo("verify nowhere").ended(2);
    desk.promo("verify snap --key-file nowhere").ended(2);
}

#[test]
fn an_instant_of_the_call_beats_that_of_the_order() {
    let desk = Desk::new("cli/instant");
    let ends = "\"owner\": \"ana\", \"end_at\": \"2026-06-15T00:00:00Z\"";
    desk.write("catalog.json", &CATALOG.replace("\"owner\": \"ana\"", ends));
    desk.build("catalog.json --out snap");
    let order = r#"{"order_id":"A1","event_type":"SALE","currency":"USD","subtotal_minor":1,"#;
    desk.write("order.json", &format!(r#"{order}"placed_at":"2026-06-14T00:00:00Z"}}"#));
    desk.promo("check SAVE10 --snapshot snap --order order.json").ended(0);
    let later = "--at 2026-06-16T00:00:00Z";
    desk.promo(&format!("check SAVE10 --snapshot snap --order order.json {later}")).ended(1);
}

#[test]
fn calls_that_are_wrong_say_how_they_are_right() {
    let desk = Desk::new("cli/calls");
    let ran = desk.promo("build missing.json --out snap").ended(2);
    assert!(ran.stderr().contains("missing.json") && ran.stderr().contains("promo schema"));
    desk.promo("build --out snap").ended(2);
    desk.promo("bild").ended(2);
    desk.write("catalog.json", CATALOG);
    let ran = desk.promo("build catalog.json --codes missing.csv --out snap").ended(2);
    assert!(ran.stderr().contains("missing.csv"));
    let ran = desk.promo("build catalog.json --out snap --created-at yesterday").ended(2);
    assert!(ran.stderr().contains("2026-06-15T12:00:00Z"));
}

#[test]
fn the_schema_is_printed() {
    let desk = Desk::new("cli/schema");
    let schema = desk.promo("schema").ended(0).json();
    assert_eq!(schema["title"], "promo-edge catalogue");
    assert!(schema["$defs"]["Code"]["properties"]["credit_policy"].is_object());
}

#[test]
fn a_million_rows_are_built_in_one_go() {
    let desk = Desk::new("cli/many");
    desk.write("catalog.json", CATALOG);
    let mut csv = format!("{HEADERS}\n");
    for number in 0..1_000_000u32 {
        // Spread over the alphabet as generated codes are.
        let _ = write!(csv, "{}", row(&format!("B{:08X}", number.wrapping_mul(0x9E37_79B1))));
    }
    desk.write("codes.csv", &csv);
    let built = desk.promo("build catalog.json --codes codes.csv --out snap --json").ended(0);
    assert_eq!(built.json()["exact_codes"], 1_000_001);
    desk.promo("verify snap").ended(0);
    let first = format!("B{:08X}", 0x9E37_79B1u32);
    desk.promo(&format!("check {first} B00000000 --snapshot snap")).ended(0);
    desk.promo("check B00000001 --snapshot snap").ended(1);
}
