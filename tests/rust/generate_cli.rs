//! `promo generate` as people run it: from a seed to a snapshot that knows the codes.

#[path = "cli/desk.rs"]
mod desk;

use desk::Desk;
use promo_edge::check_symbol::{PLAIN, holds};

use std::collections::HashSet;

const CATALOG: &str = r#"{
  "program": {"id": "1000", "name": "Acme", "currency": "USD", "time_zone": "UTC",
    "tracking": true, "public_reasons": "detailed"},
  "event_types": [{"id": "SALE", "promo_codes": true}],
  "partners": [{"id": "ana", "name": "Ana", "kind": "partner"}],
  "deals": [{"id": "d10", "name": "10 % off", "type": "general_sale",
    "discount": {"kind": "percent", "bps": 1000}}]
}"#;

const PATTERN: &str = "--program 1000 --seed-file seed --pattern SUMMER-####-####";

fn codes(sheet: &str) -> Vec<&str> {
    let rows = sheet.lines().skip(1);
    rows.map(|row| row.split_once(',').unwrap().0).collect()
}

#[test]
fn what_is_generated_is_built_and_known() {
    let desk = Desk::new("generate/built");
    desk.write("catalog.json", CATALOG);
    let terms = "--partner ana --credit-policy involved --deal d10 --start 2026-01-01 \
                 --end 2026-12-31 --time-zone America/New_York --check-symbol --count 500";
    let ran = desk.promo(&format!("generate {PATTERN} --density 1000 {terms}")).ended(0);
    let sheet = ran.stdout();
    let row = sheet.lines().nth(1).unwrap();
    let (code, rest) = row.split_once(',').unwrap();
    let cells = "1000,ana,TRACKING,INVOLVED,LI,d10,2026-01-01,2026-12-31,America/New_York";
    assert_eq!(rest, cells);
    assert!(codes(&sheet).iter().all(|code| holds(PLAIN, code)));
    desk.write("codes.csv", &sheet);
    assert_eq!(codes(&sheet).len(), 500);
    desk.build("catalog.json --codes codes.csv --out snap");
    let checked = format!("check {code} --snapshot snap --at 2026-06-15T12:00:00Z --json");
    assert_eq!(desk.promo(&checked).ended(0).json()[0]["owner"], "ana");
    let typo = format!("check {code}X --snapshot snap --at 2026-06-15T12:00:00Z");
    desk.promo(&typo).ended(1);
}

#[test]
fn the_seed_is_made_once_and_kept_to_oneself() {
    let desk = Desk::new("generate/seed");
    let first = desk.promo(&format!("generate {PATTERN} --count 50")).ended(0);
    assert!(first.stderr().contains("made a new seed: seed"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(desk.0.join("seed")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let second = desk.promo(&format!("generate {PATTERN} --count 50")).ended(0);
    assert!(!second.stderr().contains("seed"));
    assert_eq!(first.stdout(), second.stdout());
    let other = desk.promo(&format!("generate {PATTERN} --count 50 --campaign other")).ended(0);
    let (first, other) = (first.stdout(), other.stdout());
    assert!(codes(&first).iter().all(|code| !codes(&other).contains(code)));
    desk.write("seed", "seed = 12");
    let refused = desk.promo(&format!("generate {PATTERN} --count 50")).ended(2);
    assert!(refused.stderr().contains("64 hexadecimal digits"));
}

#[test]
fn going_on_repeats_nothing() {
    let desk = Desk::new("generate/from");
    let all = desk.promo(&format!("generate {PATTERN} --count 300")).ended(0).stdout();
    let first = desk.promo(&format!("generate {PATTERN} --count 100")).ended(0);
    let stderr = first.stderr();
    let next = stderr.split("--from ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let then = format!("generate {PATTERN} --count 200 --from {next}");
    let then = desk.promo(&then).ended(0).stdout();
    let first = first.stdout();
    assert_eq!([codes(&first), codes(&then)].concat(), codes(&all));
    assert_eq!(codes(&all).iter().collect::<HashSet<_>>().len(), 300);
}

#[test]
fn what_can_be_guessed_is_refused_with_what_would_mend_it() {
    let desk = Desk::new("generate/dense");
    let dense = "generate --program 1000 --seed-file seed --pattern AB-#### --count 1000";
    let refused = desk.promo(dense).ended(2);
    assert_eq!(refused.stdout(), "");
    assert!(refused.stderr().contains("one guess in 456 would succeed"), "{}", refused.stderr());
    assert!(refused.stderr().contains("add 2 more `#`"), "{}", refused.stderr());
    assert!(!desk.0.join("seed").exists());
    let allowed = desk.promo(&format!("{dense} --density 400")).ended(0);
    assert!(allowed.stderr().contains("one guess in 456 succeeds"), "{}", allowed.stderr());
    // The codes before those asked for can be guessed as well.
    desk.promo(&format!("{dense} --density 400 --from 1000")).ended(2);
}

#[test]
fn what_is_wrong_is_told_before_anything_is_written() {
    let desk = Desk::new("generate/wrong");
    desk.write("words", "SUMMER\nzebra\n");
    let rows = [
        ("--pattern SUMMER --count 5", "nothing to choose"),
        ("--pattern ######## --count 5 --alphabet 01OX", "taken for one another"),
        ("--pattern ######## --count 5 --start 1.7.2026", "years first"),
        ("--pattern ######## --count 5 --time-zone PST9", "no zone"),
        ("--pattern ######## --count 5 --bad-words none", "none"),
        ("--pattern AA## --count 700 --density 1", "only"),
    ];
    for (arguments, said) in rows {
        let call = format!("generate --program 1000 --seed-file seed {arguments}");
        let refused = desk.promo(&call).ended(2);
        assert!(refused.stderr().contains(said), "{arguments}: {}", refused.stderr());
    }
    let warned = format!("generate {PATTERN} --count 5 --bad-words words");
    assert!(desk.promo(&warned).ended(0).stderr().contains("every code says"));
}

#[test]
fn templates_are_files_without_rows() {
    let desk = Desk::new("generate/templates");
    desk.write("catalog.json", CATALOG);
    desk.promo("template codes.csv codes.xlsx again.xlsx").ended(0);
    for file in ["codes.csv", "codes.xlsx"] {
        let built =
            desk.promo(&format!("build catalog.json --codes {file} --out {file}.out --json"));
        assert_eq!(built.ended(0).json()["exact_codes"], 0, "{file}");
    }
    let [first, again] =
        ["codes.xlsx", "again.xlsx"].map(|file| std::fs::read(desk.0.join(file)).unwrap());
    assert_eq!(first, again, "the same bytes whenever it is made");
    let wrong = desk.promo("template codes.ods").ended(2).stderr();
    assert!(wrong.contains("ends in .csv or .xlsx"), "{wrong}");
}
