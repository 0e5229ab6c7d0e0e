//! Any bytes as a bulk file: every row is a code or complained about in its place, and the file
//! ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::catalog::{self, Catalog};
use promo_edge::time::UnixMillis;
use promo_edge::upload::Rows;

use std::sync::LazyLock;

const HEADERS: &[u8] = b"Promo Code,Program Id,Media Id,Type,Credit Rule,Match Mode,Deal Id,\
                         Active Start Date,Active End Date,Timezone\n";

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let text = r#"{
      "program": {"id": "1", "name": "", "currency": "USD", "time_zone": "America/Los_Angeles"},
      "partners": [{"id": "a", "name": "", "kind": "partner"}],
      "deals": [{"id": "d", "name": "", "type": "rebate", "end_at": "2026-06-30",
                 "sync_codes": true}]
    }"#;
    catalog::parse("catalog.json", text).expect("a catalogue").0
});

fuzz_target!(|bytes: &[u8]| {
    read_everything(bytes);
    read_everything(&[HEADERS, bytes].concat());
});

fn read_everything(file: &[u8]) {
    let Ok(mut rows) = Rows::open(&CATALOG, "file", file, UnixMillis(0)) else { return };
    let mut last_line = 0;
    while let Some(row) = rows.next_row() {
        match row {
            Ok(row) => {
                let line = row.place().line;
                assert!(line > last_line);
                last_line = line;
            }
            Err(complaints) => assert!(!complaints.is_empty()),
        }
    }
    assert!(rows.bytes_read() <= file.len() as u64 + 1);
}
