//! Any bytes as a delta over a sound manifest: look-ups and `verify` answer or fail.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::catalog;
use promo_edge::code::{Folding, TypedCode};
use promo_edge::matching;
use promo_edge::program::Program;
use promo_edge::snapshot::{
    Builder, Built, Delta, HashKey, Snapshot, SnapshotError, automaton, verify,
};
use promo_edge::time::UnixMillis;

use std::sync::LazyLock;

const CATALOG: &str = r#"{
    "program": {"id": "fuzz", "name": "Fuzz", "currency": "USD", "time_zone": "UTC",
        "tracking": true},
    "partners": [{"id": "ana", "name": "Ana", "kind": "partner"}],
    "codes": [
        {"id": "c1", "code": "CODE1", "match_type": "exact", "kind": "tracking", "owner": "ana",
            "credit_policy": "always", "created_at": "2026-01-01"},
        {"id": "c2", "code": "CODE[0-9]", "match_type": "regex", "kind": "tracking",
            "owner": "ana", "credit_policy": "always", "created_at": "2026-01-01"}
    ]
}"#;

static BUILT: LazyLock<(Program, Built)> = LazyLock::new(build);

fuzz_target!(|bytes: &[u8]| {
    read_everything(bytes);
    read_everything(&[b"PrmD\x01\x00".as_slice(), bytes].concat());
});

fn read_everything(bytes: &[u8]) {
    let (program, built) = &*BUILT;
    let Ok(delta) = Delta::open(bytes, &HashKey::PUBLIC) else { return };
    let _ = delta.changes();
    let base = Snapshot::open(built.manifest.as_slice(), HashKey::PUBLIC).expect("sound");
    let snapshot = base.with_deltas(vec![delta]).expect("one layer");
    for text in ["CODE1", "code2", "NOPE"] {
        let Ok(code) = TypedCode::parse(text, str::to_owned) else { continue };
        let _ = matching::find(&snapshot, &built.shards, program, &code, UnixMillis(3));
        let _ = snapshot.shards_for(&code.fold(Folding::default()));
    }
    let _ = (snapshot.always_owners(), snapshot.has_caps());
    let _ = verify(&snapshot, |index, _| {
        built.shards.get(index).cloned().ok_or(SnapshotError::MissingShard { index })
    });
}

fn build() -> (Program, Built) {
    let (catalog, _) = catalog::parse("fuzz", CATALOG).expect("a sound catalogue");
    let mut builder = Builder::new(catalog.program.clone(), HashKey::PUBLIC);
    catalog.load(&mut builder);
    (catalog.program, builder.finish(automaton::compile).expect("no conflicts"))
}
