//! Any bytes as automata, any text: the walk ends, and tells or fails.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::snapshot::pattern::{Automata, ENTRY_SIZE};

fuzz_target!(|input: (&str, &[u8], &[u8], &[u8])| {
    let (text, index, tables, accepts) = input;
    let whole_entries = index.len() - index.len() % ENTRY_SIZE;
    let automata = Automata::new(&index[..whole_entries], tables, accepts);
    let mut matched = 0;
    let _ = automata.find(text, &mut |_| matched += 1);
    let _ = automata.verify(16);
});
