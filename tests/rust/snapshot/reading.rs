//! Reads all that can be read of a snapshot, whatever its bytes.

use super::{find, folded, key};
use promo_edge::code::{CodeTerms, TypedCode};
use promo_edge::snapshot::{Built, Bundle, HashKey, Snapshot, SnapshotError, verify};

/// Asks for all there is; every answer or error will do.
pub fn read_everything(built: &Built, codes: &[(String, CodeTerms)]) {
    let Ok(snapshot) = Snapshot::open(built.manifest.as_slice(), key().hash_key()) else { return };
    let _ = snapshot.program();
    for partner in (0..4).filter_map(|index| snapshot.partner_at(index).ok()) {
        for contract in partner.contracts.iter().take(4) {
            let _ = snapshot.payout_terms(&partner.id, &contract.id);
        }
    }
    let _ = snapshot.exception_lists();
    let _ = snapshot.has_caps();
    (0..4).for_each(|index| drop(snapshot.deal_at(index)));
    for (text, _) in codes {
        let typed = TypedCode::parse(text, |text| text.to_owned()).unwrap();
        let _ = snapshot.code_lists(&typed, &folded(text));
        for terms in find(&snapshot, text, &built.shards).unwrap_or_default() {
            let _ = snapshot.terms(terms);
        }
    }
    if let Ok(bundle) = Bundle::open(snapshot.public_bundle()) {
        let _ = Snapshot::open(bundle.manifest(), HashKey::PUBLIC).map(|public| public.program());
    }
    let _ = verify(&snapshot, |index, _| {
        built.shards.get(index).cloned().ok_or(SnapshotError::MissingShard { index })
    });
}
