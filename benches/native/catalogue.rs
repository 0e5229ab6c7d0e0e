//! What is measured: codes that can be told apart from all others by arithmetic, and snapshots of
//! them.

use promo_edge::code::{CodeKind, CodeTerms, FoldedCode, Folding, TypedCode};
use promo_edge::id::ProgramId;
use promo_edge::money::Currency;
use promo_edge::program::{Attribution, OwnerBasis, Program};
use promo_edge::snapshot::pattern::{CompiledPatterns, PatternError};
use promo_edge::snapshot::{
    Builder, Built, Bundle, CompilePatterns, HashKey, Shards, Snapshot, automaton,
};
use promo_edge::time::{Schedule, UnixMillis};

use crate::Failure;
use std::io::{BufWriter, Write};

/// Symbols of a code.
pub const CODE_SYMBOLS: u32 = 8;
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const SERIAL_BITS: u32 = 5 * CODE_SYMBOLS;

/// The code with this serial: eight of 32 symbols. Each step below can be undone on 40 bits, so
/// different serials spell different codes, and every serial from `count` on is a text that is no
/// code.
pub fn code_text(serial: u64) -> String {
    let mask = (1u64 << SERIAL_BITS) - 1;
    let mut mixed = serial & mask;
    for odd in [0x9E_3779_B97F, 0xBF_5847_6D1D] {
        mixed ^= mixed >> (SERIAL_BITS / 2);
        mixed = mixed.wrapping_mul(odd) & mask;
    }
    mixed ^= mixed >> (SERIAL_BITS / 2);
    (0..CODE_SYMBOLS).map(|at| symbol(mixed >> (5 * at))).collect()
}

/// The code with one symbol, which depends on the serial, put for the next of the alphabet.
pub fn one_symbol_off(serial: u64) -> String {
    let mut text = code_text(serial).into_bytes();
    let at = (serial % u64::from(CODE_SYMBOLS)) as usize;
    let index = ALPHABET.iter().position(|&symbol| symbol == text[at]).expect("of the alphabet");
    text[at] = ALPHABET[(index + 1) % ALPHABET.len()];
    String::from_utf8(text).expect("ASCII")
}

fn symbol(bits: u64) -> char {
    char::from(ALPHABET[(bits & 31) as usize])
}

/// The code as a shopper types it.
pub fn typed(text: &str) -> TypedCode {
    TypedCode::parse(text, str::to_owned).expect("a code")
}

/// The code as it is looked up.
pub fn folded(text: &str) -> FoldedCode {
    typed(text).fold(Folding::default())
}

/// A snapshot of the codes with serials below `code_count`, all of one campaign, and of some
/// patterns.
pub fn snapshot(code_count: u64, patterns: &[&str], compile: CompilePatterns) -> Built {
    let mut builder = Builder::new(program(), HashKey::PUBLIC);
    let campaign = builder.terms(terms(0));
    for serial in 0..code_count {
        builder.exact(&folded(&code_text(serial)), campaign);
    }
    for (created_at, pattern) in (1..).zip(patterns) {
        builder.pattern(pattern, terms(created_at));
    }
    builder.finish(compile).expect("distinct codes")
}

/// Writes a snapshot in one piece, and prints how many bytes its automata have. Patterns come from
/// a file, one a line.
pub fn write_snapshot(
    code_count: u64,
    file: &str,
    patterns_file: Option<&str>,
) -> Result<(), Failure> {
    let patterns = patterns_file.map(std::fs::read_to_string).transpose()?.unwrap_or_default();
    let patterns: Vec<&str> = patterns.lines().collect();
    let Built { manifest, shards } = snapshot(code_count, &patterns, automaton::compile);
    let (automata, bytes) = Snapshot::open(&manifest, HashKey::PUBLIC)?.automata_size();
    println!("{{\"patterns\":{},\"automata\":{automata},\"bytes\":{bytes}}}", patterns.len());
    Ok(std::fs::write(file, Bundle::encode(None, &manifest, &shards))?)
}

/// Prints codes with so many serials, one a line, or texts that differ from them in one symbol.
pub fn print_texts(kind: &str, first: u64, count: u64) -> Result<(), Failure> {
    let text = if kind == "near" { one_symbol_off } else { code_text };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for serial in first..first + count {
        writeln!(out, "{}", text(serial))?;
    }
    Ok(out.flush()?)
}

/// For snapshots without patterns.
pub fn no_patterns(_: &[&str]) -> Result<CompiledPatterns, PatternError> {
    Ok(CompiledPatterns::default())
}

/// The shards of a snapshot in one piece.
pub fn shards<'a>(bundle: &'a Bundle<'_>) -> Vec<&'a [u8]> {
    (0..bundle.shard_count()).filter_map(|index| bundle.get(index)).collect()
}

/// A program with nothing but what a snapshot must say of it.
pub fn program() -> Program {
    Program {
        id: ProgramId::parse("bench").expect("an id"),
        name: String::new(),
        currency: Currency::parse("USD").expect("a currency"),
        time_zone: "UTC".to_owned(),
        tracking: true,
        attribution: Attribution {
            click_model: Default::default(),
            precedence: Default::default(),
            fallback_to_click: false,
            referral_window_days: 30,
            owner_also_click_winner: OwnerBasis::PromoCode,
        },
        folding: Folding::default(),
        public_reasons: Default::default(),
        approval_days: 30,
        event_types: Vec::new(),
    }
}

/// Terms that differ only in when they were created: all that a pattern's precedence depends on.
pub fn terms(created_at: i64) -> CodeTerms {
    CodeTerms {
        id: None,
        kind: CodeKind::Restricted,
        schedule: Schedule::ALWAYS,
        deal: None,
        max_redemptions: None,
        max_redemptions_per_customer: None,
        public: false,
        created_at: UnixMillis(created_at),
    }
}
