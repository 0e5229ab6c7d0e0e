//! Opening a snapshot.

use crate::Failure;
use promo_edge::snapshot::{Bundle, HashKey, Snapshot};

use std::hint::black_box;

/// Opens the manifest of a file so many times; the difference between two numbers of rounds is
/// opening.
pub fn repeat(file: &str, rounds: u32) -> Result<(), Failure> {
    let bytes = std::fs::read(file)?;
    let bundle = Bundle::open(&bytes)?;
    for _ in 0..rounds {
        black_box(Snapshot::open(black_box(bundle.manifest()), HashKey::PUBLIC)?);
    }
    println!("{{\"opened\":{rounds}}}");
    Ok(())
}
