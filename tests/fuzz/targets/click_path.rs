//! Any text as a click path, and any clicks into one: whatever is recorded fits into the cookie and
//! comes back from it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::click_path::{COOKIE_SIZE_MAX, ClickKeys, ClickPath};
use promo_edge::id::{PartnerId, ProgramId};
use promo_edge::order::Click;
use promo_edge::time::UnixMillis;

fuzz_target!(|input: (String, Vec<(String, i64)>)| {
    let (text, clicks) = input;
    let keys = ClickKeys::parse(&format!("pck1_{}", "5".repeat(64))).unwrap();
    let program = ProgramId::parse("1000").unwrap();
    // Nobody guesses a signature.
    assert!(ClickPath::decode(&text, &keys, &program).is_err());
    let mut path = ClickPath::default();
    for (partner, at) in clicks {
        let Ok(partner) = PartnerId::parse(&partner) else { continue };
        path.record(Click { partner, at: UnixMillis(at) });
    }
    assert!(path.set_cookie(&keys, &program).len() <= COOKIE_SIZE_MAX);
    assert_eq!(ClickPath::decode(&path.encode(&keys, &program), &keys, &program), Ok(path));
});
