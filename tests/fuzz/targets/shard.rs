//! Any bytes as the shard of a sound manifest: look-ups and `verify` answer or fail.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::code::{CodeKind, CodeTerms, FoldedCode, Folding, TypedCode};
use promo_edge::id::ProgramId;
use promo_edge::money::Currency;
use promo_edge::program::{Attribution, OwnerBasis, Program};
use promo_edge::snapshot::pattern::CompiledPatterns;
use promo_edge::snapshot::{Builder, Built, HashKey, Snapshot, SnapshotError, verify};
use promo_edge::time::{Schedule, UnixMillis};

use std::sync::LazyLock;

static BUILT: LazyLock<Built> = LazyLock::new(build);

fuzz_target!(|bytes: &[u8]| {
    let Ok(snapshot) = Snapshot::open(&BUILT.manifest, HashKey::PUBLIC) else { return };
    // The shard's own first bytes let the fuzzer past the header.
    let framed = [BUILT.shards[0].get(..8).unwrap_or_default(), bytes].concat();
    for shards in [[bytes], [framed.as_slice()]] {
        for serial in 0..8 {
            let _ = snapshot.find_exact(&code(serial), shards.as_slice(), |terms| {
                let _ = snapshot.terms(terms);
            });
        }
    }
    let _ = verify(&snapshot, |_, _| Ok::<_, SnapshotError>(framed.clone()));
});

fn build() -> Built {
    let mut builder = Builder::new(program(), HashKey::PUBLIC);
    for serial in 0..200 {
        let terms = builder.terms(terms(serial % 3));
        builder.exact(&code(serial), terms);
    }
    builder.finish(|_| Ok(CompiledPatterns::default())).expect("distinct codes")
}

fn code(serial: i64) -> FoldedCode {
    let text = format!("CODE{serial}");
    TypedCode::parse(&text, str::to_owned).expect("a code").fold(Folding::default())
}

fn terms(created_at: i64) -> CodeTerms {
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

fn program() -> Program {
    Program {
        id: ProgramId::parse("fuzz").expect("an id"),
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
