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
    let partners = (0..8).filter_map(|index| snapshot.partner_at(index).ok());
    for partner in partners {
        for contract in partner.contracts.iter().take(8) {
            let _ = snapshot.payout_terms(&partner.id, &contract.id);
        }
    }
    let _ = snapshot.exception_lists();
    let _ = (0..8).map(|index| snapshot.deal_at(index)).count();
    let _ = (0..8).map(|index| snapshot.terms(index)).count();
    if let Ok(code) = TypedCode::parse("SUMMER10", str::to_owned) {
        let none: [&[u8]; 0] = [];
        let folded = code.fold(Folding::default());
        let _ = snapshot.shards_for(&folded);
        let _ = snapshot.find_exact(&folded, none.as_slice(), |_| ());
        let _ = snapshot.find_patterns(&code);
        let _ = snapshot.code_lists(&code, &folded);
    }
    let _ = Bundle::open(snapshot.public_bundle());
    let _ = verify(&snapshot, |index, _| Err(SnapshotError::MissingShard { index }));
}
