//! Look-ups, so many that the difference between two numbers of rounds is look-ups and nothing
//! else.

use crate::Failure;
use crate::catalogue::{code_text, folded, one_symbol_off, shards, typed};
use promo_edge::code::{FoldedCode, Folding};
use promo_edge::snapshot::{Bundle, HashKey, Snapshot};

use std::hint::black_box;

/// Texts that one round looks up.
const TEXTS: u64 = 1_000;

/// Texts that are codes, are not, or differ from a code in one symbol.
pub fn texts(kind: &str, code_count: u64) -> Result<Vec<String>, Failure> {
    let step = (code_count / TEXTS).max(1);
    let serials = (0..TEXTS).map(|index| index * step);
    match kind {
        "hit" => Ok(serials.map(code_text).collect()),
        "miss" => Ok(serials.map(|serial| code_text(code_count + serial)).collect()),
        "near" => Ok(serials.map(one_symbol_off).collect()),
        _ => Err(format!("expected hit, miss or near, got {kind}").into()),
    }
}

/// Looks the texts up in a file, so many times over, and prints how often it found one.
pub fn repeat(what: &str, file: &str, texts: &[String], rounds: u32) -> Result<(), Failure> {
    let bytes = std::fs::read(file)?;
    let found = match what {
        "folded" => find_folded(&bytes, texts, rounds)?,
        "typed" => find_typed(&bytes, texts, rounds)?,
        "fst" => find_in_fst(&bytes, texts, rounds)?,
        _ => return Err(format!("expected folded, typed or fst, got {what}").into()),
    };
    println!("{{\"found\":{found}}}");
    Ok(())
}

/// Looks the texts of a file, one a line, up among a snapshot's patterns, so many times over, and
/// prints how many matches there were.
pub fn repeat_patterns(file: &str, texts_file: &str, rounds: u32) -> Result<(), Failure> {
    let bytes = std::fs::read(file)?;
    let snapshot = Snapshot::open(Bundle::open(&bytes)?.manifest(), HashKey::PUBLIC)?;
    let texts = std::fs::read_to_string(texts_file)?;
    let codes: Vec<_> = texts.lines().map(typed).collect();
    let mut found = 0;
    for _ in 0..rounds {
        for code in &codes {
            found += snapshot.find_patterns(black_box(code))?.len();
        }
    }
    println!("{{\"found\":{found}}}");
    Ok(())
}

/// Writes the codes as the transducer that a look-up is compared with.
pub fn write_fst(code_count: u64, file: &str) -> Result<(), Failure> {
    let mut codes: Vec<String> = (0..code_count).map(code_text).collect();
    codes.sort();
    let map = fst::Map::from_iter(codes.iter().map(|code| (code, 0)))?;
    Ok(std::fs::write(file, map.as_fst().as_bytes())?)
}

fn find_folded(bytes: &[u8], texts: &[String], rounds: u32) -> Result<u64, Failure> {
    let texts: Vec<FoldedCode> = texts.iter().map(|text| folded(text)).collect();
    let bundle = Bundle::open(bytes)?;
    let snapshot = Snapshot::open(bundle.manifest(), HashKey::PUBLIC)?;
    let shards = shards(&bundle);
    let mut found = 0;
    for _ in 0..rounds {
        for text in &texts {
            snapshot.find_exact(black_box(text), &shards, |_| found += 1)?;
        }
    }
    Ok(found)
}

fn find_typed(bytes: &[u8], texts: &[String], rounds: u32) -> Result<u64, Failure> {
    let bundle = Bundle::open(bytes)?;
    let snapshot = Snapshot::open(bundle.manifest(), HashKey::PUBLIC)?;
    let shards = shards(&bundle);
    let mut found = 0;
    for _ in 0..rounds {
        for text in texts {
            let code = typed(black_box(text)).fold(Folding::default());
            snapshot.find_exact(&code, &shards, |_| found += 1)?;
        }
    }
    Ok(found)
}

fn find_in_fst(bytes: &[u8], texts: &[String], rounds: u32) -> Result<u64, Failure> {
    let map = fst::Map::new(bytes)?;
    let mut found = 0;
    for _ in 0..rounds {
        for text in texts {
            found += u64::from(map.get(black_box(text)).is_some());
        }
    }
    Ok(found)
}
