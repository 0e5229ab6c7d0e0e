//! Any bytes as an order: a refusal, or a decision that credits at most one partner of the program
//! and pays nobody else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::catalog;
use promo_edge::crediting::Uses;
use promo_edge::snapshot::{Builder, Built, ContentId, HashKey, Snapshot, automaton};
use promo_edge::wire::{Order, Undecided, Verdict};

use std::sync::LazyLock;

const CATALOG: &str = r#"{
  "program": {"id": "1", "name": "", "currency": "USD", "time_zone": "UTC", "tracking": true,
              "attribution": {"fallback_to_click": true}},
  "event_types": [{"id": "S", "promo_codes": true}, {"id": "L"}],
  "partners": [
    {"id": "a", "name": "", "kind": "partner", "credit_group": "standard", "contracts": [
      {"id": "k", "event_types": ["S"], "end_at": "2026-06-15",
       "payout": {"default": {"rate_bps": 9999},
                  "groups": [{"name": "g", "when": {"skus": ["x"]}, "amount_minor": 9}],
                  "restrictions": [{"name": "r", "when": {"categories": ["y"]}}]}}]},
    {"id": "b", "name": "", "kind": "media_source"}],
  "codes": [
    {"id": "1", "code": "A", "match_type": "exact", "credit_policy": "involved", "owner": "a",
     "max_redemptions_per_customer": 1},
    {"id": "2", "code": "B+", "match_type": "regex", "credit_policy": "winner", "owner": "b"},
    {"id": "3", "code": "C", "match_type": "exact", "kind": "restricted"}],
  "exception_lists": [{"id": "x", "name": "", "match_expression": "(B+)", "items": ["BB"],
                       "rate_bps": 1}]
}"#;

static BUILT: LazyLock<Built> = LazyLock::new(|| {
    let (catalog, _) = catalog::parse("catalog.json", CATALOG).expect("a catalogue");
    let mut builder = Builder::new(catalog.program.clone(), HashKey::PUBLIC);
    catalog.load(&mut builder);
    builder.finish(automaton::compile).expect("a snapshot")
});

fuzz_target!(|body: &[u8]| {
    decide(body);
    // What every order has lets the fuzzer past it.
    let required = r#"{"order_id":"1","event_type":"S","placed_at":"2026-06-14T00:00:00Z",
                       "currency":"USD","subtotal_minor":9007199254740991,"#;
    decide(&[required.as_bytes(), body, b"}"].concat());
});

fn decide(body: &[u8]) {
    let Ok(order) = Order::parse(body) else { return };
    let snapshot = Snapshot::open(&BUILT.manifest, HashKey::PUBLIC).expect("a manifest");
    let from = (&snapshot, &BUILT.shards, ContentId::of(&BUILT.manifest));
    for uses in [Uses::Left, Uses::Exhausted] {
        match Verdict::decide(&order, None, from, catalog::nfkc, uses) {
            Ok(Verdict { answer, redeemed, earned, .. }) => {
                let partner = answer.credited.as_ref().map(|credited| credited.partner.as_str());
                assert!(matches!(partner, None | Some("a" | "b")));
                assert_eq!(answer.payout.is_some(), partner.is_some());
                assert_eq!(earned.is_some(), partner.is_some());
                assert!(redeemed.is_none() || uses == Uses::Left && answer.code.is_some());
                assert!(partner.is_some() || !answer.reasons.is_empty());
            }
            Err(Undecided::BadRequest(_)) => {}
            Err(Undecided::Unreadable(error)) => panic!("{error}"),
        }
    }
}
