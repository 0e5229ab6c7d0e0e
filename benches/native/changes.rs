//! What changes cost: bytes of a delta, and shards that a fold writes again.

use crate::Failure;
use crate::catalogue::{code_text, folded, no_patterns, program, terms};
use promo_edge::code::CodeTerms;
use promo_edge::id::CodeId;
use promo_edge::snapshot::{
    Builder, Built, Campaign, CodeHash, ContentId, DeltaBuilder, HashKey, INLINE_SIZE_MAX, Layout,
    Snapshot, Universe,
};
use promo_edge::time::UnixMillis;

use std::collections::{BTreeMap, BTreeSet};

/// Prints the bytes that deltas of expired codes have, when these share their terms and when each
/// has its own, and how many fit into a root.
pub fn print_delta_sizes() -> Result<(), Failure> {
    let shared = |_| expired(1_700_000_000_000);
    let own = |serial: u64| CodeTerms {
        id: CodeId::parse(&format!("C-{serial:06}")).ok(),
        ..expired(1_700_000_000_000 + i64::try_from(serial).unwrap_or(0))
    };
    for (name, terms) in [("shared", &shared as &dyn Fn(u64) -> CodeTerms), ("own", &own)] {
        let size = |count: u64| -> Result<usize, Failure> {
            let mut delta = DeltaBuilder::new(program().id, HashKey::PUBLIC);
            for serial in 0..count {
                let hash = CodeHash::of(&folded(&code_text(serial)), &HashKey::PUBLIC);
                delta.text(hash, [terms(serial)]);
            }
            Ok(delta.finish(no_patterns)?.len())
        };
        let (none, one, hundred) = (size(0)?, size(1)?, size(100)?);
        let mut fit = 100;
        while size(fit + 1)? <= INLINE_SIZE_MAX {
            fit += 1;
        }
        println!(
            "{{\"terms\":\"{name}\",\"bytesEmpty\":{none},\"bytesOne\":{one},\
             \"bytesHundred\":{hundred},\"codesInline\":{fit}}}"
        );
    }
    Ok(())
}

/// Prints how many shards are written again when so many codes of a snapshot expire: `campaigns` of
/// equal size share the codes.
pub fn print_folds(code_count: u64, campaigns: u64) -> Result<(), Failure> {
    let campaigns = campaigns.max(1);
    let terms_of = |serial: u64, expired_codes: &BTreeSet<u64>| {
        let created_at = i64::try_from(serial % campaigns).unwrap_or(0);
        match expired_codes.contains(&serial) {
            true => CodeTerms { created_at: UnixMillis(created_at), ..expired(1_700_000_000_000) },
            false => terms(created_at),
        }
    };
    let texts: Vec<_> = (0..code_count).map(|serial| folded(&code_text(serial))).collect();
    let hash = |serial: u64| {
        let index = usize::try_from(serial).unwrap_or(usize::MAX);
        CodeHash::of(&texts[index], &HashKey::PUBLIC)
    };
    let build = |expired_codes: &BTreeSet<u64>| -> Result<Built, Failure> {
        let mut builder = Builder::new(program(), HashKey::PUBLIC);
        for (serial, text) in (0..).zip(&texts) {
            let terms = builder.terms(terms_of(serial, expired_codes));
            builder.exact(text, terms);
        }
        Ok(builder.finish(no_patterns)?)
    };
    let before = build(&BTreeSet::new())?;
    let base = Snapshot::open(&before.manifest, HashKey::PUBLIC)?;
    let old: BTreeSet<ContentId> = before.shards.iter().map(|it| ContentId::of(it)).collect();
    for count in [1, 100, 10_000] {
        let spread = (0..count).map(|n| n * 7_919_317 % code_count);
        let expired_codes: BTreeSet<u64> = spread.collect();
        let after = build(&expired_codes)?;
        let mut campaigns: BTreeMap<CodeTerms, (u64, Universe)> = BTreeMap::new();
        for (serial, text) in (0..).zip(&texts) {
            let (count, universe) = campaigns.entry(terms_of(serial, &expired_codes)).or_default();
            *count += 1;
            universe.add(text);
        }
        let campaigns = campaigns.into_iter().map(|(terms, (code_count, universe))| Campaign {
            terms,
            code_count,
            universe,
        });
        let changed: Vec<CodeHash> = expired_codes.iter().map(|serial| hash(*serial)).collect();
        let kept = Layout::new(campaigns)?.kept_shards(&base, &changed)?;
        let written = after.shards.iter().filter(|it| !old.contains(&ContentId::of(it))).count();
        println!(
            "{{\"codes\":{code_count},\"changed\":{},\"shards\":{},\"encoded\":{},\
             \"put\":{written}}}",
            expired_codes.len(),
            after.shards.len(),
            kept.iter().filter(|kept| kept.is_none()).count(),
        );
    }
    Ok(())
}

fn expired(end_at: i64) -> CodeTerms {
    let mut terms = terms(0);
    terms.schedule.end_at = Some(UnixMillis(end_at));
    terms
}
