//! The description of the Worker's interface that lies beside the pages is the one that the types
//! make.

use promo_edge::wire::openapi;

use std::fs;
use std::path::Path;

#[test]
fn the_description_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/openapi.json");
    let stored = fs::read_to_string(path).unwrap();
    let made = serde_json::to_string_pretty(&openapi::document()).unwrap();
    assert!(
        stored.trim_end() == made,
        "www/openapi.json is not what the types make; to mend it: \
         cargo run --features cli -- schema --openapi > www/openapi.json"
    );
}
