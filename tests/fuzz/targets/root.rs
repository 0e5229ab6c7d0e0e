//! Any bytes as a root or a bundle; nothing without the key's signature is a root.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::snapshot::{Bundle, ProgramKey, Root};

fuzz_target!(|bytes: &[u8]| {
    let key = ProgramKey::from_bytes([1; 32]).reader_key();
    for magic in [&b""[..], b"PrmR\x01\x00"] {
        assert!(Root::decode(&[magic, bytes].concat(), &key).is_err());
    }
    for magic in [&b""[..], b"PrmB\x01\x00"] {
        let framed = [magic, bytes].concat();
        if let Ok(bundle) = Bundle::open(&framed) {
            let shards = bundle.shard_count().min(64);
            let parts = bundle.root().map_or(0, <[u8]>::len) + bundle.manifest().len();
            assert!(parts <= framed.len());
            let _ = (0..shards).map(|at| promo_edge::snapshot::Shards::get(&bundle, at)).count();
        }
    }
});
