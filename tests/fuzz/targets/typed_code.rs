//! Any text is a code or malformed; a code stays what it is when it is typed again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::code::{CODE_CHARS_MAX, Folding, TypedCode};

fuzz_target!(|text: &str| {
    let nfkc = |text: &str| text.to_owned();
    let Ok(code) = TypedCode::parse(text, nfkc) else { return };
    assert!((1..=CODE_CHARS_MAX).contains(&code.as_str().chars().count()));
    assert_eq!(TypedCode::parse(code.as_str(), nfkc).as_ref(), Ok(&code));
    for separators in [false, true] {
        for lookalikes in [false, true] {
            let folded = code.fold(Folding { separators, lookalikes });
            if let Ok(again) = TypedCode::parse(folded.as_str(), nfkc) {
                assert_eq!(again.fold(Folding { separators, lookalikes }), folded);
            }
        }
    }
});
