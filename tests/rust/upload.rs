//! Bulk files before anything is created: what is said of each row, wherever the work is taken up
//! again.

use promo_edge::catalog::{self, Catalog};
use promo_edge::time::UnixMillis;
use promo_edge::upload::{Checker, Sheet, count_rows};

const CATALOG: &str = r#"{
  "program": {"id": "1000", "name": "Acme", "currency": "USD", "time_zone": "UTC"},
  "partners": [{"id": "ana", "name": "Ana", "kind": "partner"}]
}"#;

/// Code, match mode, start and end of each row.
const ROWS: [(&str, &str, &str, &str); 12] = [
    ("SAVE10", "LI", "2026-01-01", "2026-01-31"),
    ("save10", "LI", "2026-02-01", "2026-02-28"),
    ("SAVE10", "LI", "2026-01-31", "2026-02-01"),
    ("SAVE10", "LI", "2026-03-01", ""),
    ("SAVE10", "LI", "2027-01-01", ""),
    ("SAVE10", "LI", "", "2025-12-31"),
    ("SAVE10", "LI", "", ""),
    ("^A[0-9]+$", "RE", "", ""),
    ("^A[0-9]+$", "RE", "2026-01-01", ""),
    ("^A[0-9]+$", "RE", "", ""),
    ("(", "RE", "", ""),
    ("OTHER", "XX", "", ""),
];

fn catalog() -> Catalog {
    catalog::parse("catalog", CATALOG).unwrap().0
}

fn file() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sheet = Sheet::new(&mut bytes).unwrap();
    for (promo_code, match_mode, start, end) in ROWS {
        let cells = promo_edge::upload::Cells {
            promo_code,
            match_mode,
            start,
            end,
            program_id: "1000",
            media_id: "ana",
            kind: "TRACKING",
            credit_rule: "ALWAYS",
            ..Default::default()
        };
        sheet.row(&cells).unwrap();
    }
    sheet.finish().unwrap();
    bytes
}

/// What is said of the rows after so many, as line, whether it can be a code, and complaints.
fn said(skipped: usize) -> Vec<(u64, bool, Vec<String>)> {
    let (catalog, file) = (catalog(), file());
    let mut checker = Checker::open(&catalog, "upload", &*file, UnixMillis(0)).unwrap();
    (0..skipped).for_each(|_| checker.skip());
    let rows = std::iter::from_fn(|| checker.next_row());
    let said = rows.map(|row| {
        let complaints = row.complaints.iter().map(|one| one.kind.name().to_owned()).collect();
        (row.line, row.code.is_some(), complaints)
    });
    said.collect()
}

#[test]
fn rows_are_compared_with_those_before_them() {
    let verdicts: Vec<(bool, String)> =
        said(0).into_iter().map(|(_, fits, complaints)| (fits, complaints.join(" "))).collect();
    let fits = |text: &str| (true, text.to_owned());
    let not = |text: &str| (false, text.to_owned());
    let expected = [
        fits(""),
        fits(""),
        not("conflict"),
        fits(""),
        not("conflict"),
        fits(""),
        not("conflict"),
        fits(""),
        fits("equal_patterns"),
        not("duplicate_id"),
        not("pattern"),
        not("literal"),
    ];
    assert_eq!(verdicts, expected);
}

#[test]
fn work_that_is_taken_up_again_says_the_same() {
    let whole = said(0);
    for skipped in 0..=ROWS.len() {
        assert_eq!(said(skipped), whole[skipped..], "after {skipped} rows");
    }
}

#[test]
fn rows_are_counted_whatever_is_wrong_with_them() {
    assert_eq!(count_rows(&catalog(), &*file()).unwrap(), 12);
    let broken = [file(), b"too,short\r\n\r\n".to_vec()].concat();
    assert_eq!(count_rows(&catalog(), &*broken).unwrap(), 13);
}

#[test]
fn a_checked_row_keeps_what_it_said() {
    let (catalog, file) = (catalog(), file());
    let mut checker = Checker::open(&catalog, "upload", &*file, UnixMillis(7)).unwrap();
    let row = checker.next_row().unwrap();
    assert_eq!(row.cells[0], ("Promo Code", "SAVE10".to_owned()));
    assert_eq!(row.cells[7], ("Active Start Date", "2026-01-01".to_owned()));
    let code = row.code.unwrap();
    assert_eq!((code.text.as_str(), code.folded.as_str()), ("SAVE10", "save10"));
    assert_eq!(code.created_at, UnixMillis(7));
}
