//! Exact look-ups in a loop, for counting instructions: `lookup COUNT ROUNDS` looks every tenth code up, ROUNDS
//! times; the difference between two numbers of rounds is look-ups and nothing else.

use promo_edge::code::{CodeKind, CodeTerms, Folding, TypedCode};
use promo_edge::id::ProgramId;
use promo_edge::money::Currency;
use promo_edge::program::{Attribution, Program};
use promo_edge::snapshot::pattern::CompiledPatterns;
use promo_edge::snapshot::{Builder, HashKey, Snapshot};
use promo_edge::time::{Schedule, UnixMillis};

fn main() {
    let argument = |index| std::env::args().nth(index).and_then(|text| text.parse::<u32>().ok());
    let (Some(count), Some(rounds)) = (argument(1), argument(2)) else {
        eprintln!("usage: lookup COUNT ROUNDS");
        std::process::exit(2);
    };
    let codes: Vec<String> = (0..count).map(code_text).collect();
    let mut builder = Builder::new(program(), HashKey::PUBLIC);
    let terms = builder.terms(terms());
    for code in &codes {
        builder.exact(&typed(code).fold(Folding::default()), terms);
    }
    let built = builder.finish(|_| Ok(CompiledPatterns::default())).expect("distinct codes");
    let snapshot = Snapshot::open(&built.manifest, HashKey::PUBLIC).expect("just built");
    let mut found = 0u64;
    for _ in 0..rounds {
        for code in codes.iter().step_by(10) {
            let code = typed(code).fold(Folding::default());
            snapshot.find_exact(&code, &built.shards, |_| found += 1).expect("just built");
        }
    }
    println!("{found}");
}

fn typed(text: &str) -> TypedCode {
    TypedCode::parse(text, str::to_owned).expect("a code")
}

/// Eight of 32 symbols, scattered by an odd multiplier, so that all differ.
fn code_text(serial: u32) -> String {
    let scattered = u64::from(serial).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24;
    let symbol = |at: u32| b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[(scattered >> (5 * at)) as usize & 31];
    (0..8).map(|at| char::from(symbol(at))).collect()
}

fn program() -> Program {
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
        },
        folding: Folding::default(),
        public_reasons: Default::default(),
        event_types: Vec::new(),
    }
}

fn terms() -> CodeTerms {
    CodeTerms {
        id: None,
        kind: CodeKind::Restricted,
        schedule: Schedule::ALWAYS,
        authored_start_at: None,
        deal: None,
        max_redemptions: None,
        max_redemptions_per_customer: None,
        public: false,
        created_at: UnixMillis(0),
    }
}
