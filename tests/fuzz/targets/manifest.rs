//! Any bytes as a manifest: every question has an answer or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::code::{Folding, TypedCode};
use promo_edge::snapshot::{Bundle, HashKey, Snapshot, SnapshotError, verify};

fuzz_target!(|bytes: &[u8]| {
    let framed = [b"PrmM\x01\x00".as_slice(), bytes].concat();
    read_everything(bytes);
    read_everything(&framed);
});

fn read_everything(manifest: &[u8]) {
    let Ok(snapshot) = Snapshot::open(manifest, HashKey::PUBLIC) else { return };
    let _ = snapshot.program();
    let _ = (0..8).map(|index| snapshot.partner_at(index)).count();
    let _ = (0..8).map(|index| snapshot.deal_at(index)).count();
    let _ = (0..8).map(|index| snapshot.terms(index)).count();
    if let Ok(code) = TypedCode::parse("SUMMER10", str::to_owned) {
        let none: [&[u8]; 0] = [];
        let _ = snapshot.shards_for(&code.fold(Folding::default()));
        let _ = snapshot.find_exact(&code.fold(Folding::default()), none.as_slice(), |_| ());
        let _ = snapshot.find_patterns(&code);
    }
    let _ = Bundle::open(snapshot.public_bundle());
    let _ = verify(&snapshot, |index, _| Err(SnapshotError::MissingShard { index }));
}
