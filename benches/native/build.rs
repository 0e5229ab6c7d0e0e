//! Building a snapshot in memory: what `promo build` does once the rows have been read.

use crate::Failure;
use crate::catalogue::{code_text, folded, no_patterns, program, terms};
use promo_edge::code::FoldedCode;
use promo_edge::snapshot::{Builder, HashKey};

use std::hint::black_box;

/// Builds a snapshot so many times; the difference between two numbers of rounds is building.
pub fn repeat(code_count: u64, rounds: u32) -> Result<(), Failure> {
    let codes: Vec<FoldedCode> = (0..code_count).map(|serial| folded(&code_text(serial))).collect();
    for _ in 0..rounds {
        let mut builder = Builder::new(program(), HashKey::PUBLIC);
        let campaign = builder.terms(terms(0));
        for code in &codes {
            builder.exact(code, campaign);
        }
        black_box(builder.finish(no_patterns)?);
    }
    println!("{{\"codes\":{code_count},\"rounds\":{rounds}}}");
    Ok(())
}
