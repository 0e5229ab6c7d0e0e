//! Folding a few changes into many codes: which shards are written again.

use super::fixture;
use super::world::{folded, hash, key};
use promo_edge::code::CodeTerms;
use promo_edge::snapshot::{Builder, Built, CodeHash, ContentId, Layout, Snapshot, automaton};
use promo_edge::snapshot::{Campaign, Universe};
use promo_edge::time::{Schedule, UnixMillis};

use std::collections::BTreeMap;

const CODE_COUNT: u32 = 150_000;

/// Two campaigns of so many codes, of which some are expired; each expired code has terms of its
/// own.
fn codes(expired: &[u32]) -> Vec<(String, CodeTerms)> {
    let terms = |created_at, end_at: Option<u32>| CodeTerms {
        created_at: UnixMillis(created_at),
        schedule: Schedule {
            start_at: None,
            end_at: end_at.map(|serial| UnixMillis(i64::from(serial) + 1)),
        },
        ..fixture::terms("ana", None, Schedule::ALWAYS)
    };
    let end = |serial| expired.contains(&serial).then_some(serial);
    let large = (0..CODE_COUNT).map(|n| (format!("POD-{n:06}"), terms(1, end(n))));
    let small = (0..500).map(|n| (format!("SHOP{n}"), terms(2 + i64::from(n % 2), None)));
    large.chain(small).collect()
}

fn build(codes: &[(String, CodeTerms)]) -> Built {
    let mut builder = Builder::new(fixture::program(), key());
    builder.partner(fixture::partner("ana"));
    for (text, terms) in codes {
        let terms = builder.terms(terms.clone());
        builder.exact(&folded(text), terms);
    }
    builder.finish(automaton::compile).unwrap()
}

fn layout(codes: &[(String, CodeTerms)]) -> Layout {
    let mut campaigns: BTreeMap<&CodeTerms, (u64, Universe)> = BTreeMap::new();
    for (text, terms) in codes {
        let (count, universe) = campaigns.entry(terms).or_default();
        *count += 1;
        universe.add(&folded(text));
    }
    let campaign = |(terms, (code_count, universe)): (&CodeTerms, (u64, Universe))| Campaign {
        terms: terms.clone(),
        code_count,
        universe,
    };
    Layout::new(campaigns.into_iter().map(campaign)).unwrap()
}

#[test]
fn only_shards_that_changes_touch_are_written_again() {
    let before = build(&codes(&[]));
    let base = Snapshot::open(before.manifest.as_slice(), key()).unwrap();
    assert!(base.shard_count() > 3);
    for expired in [vec![], vec![77], vec![5, 99_999]] {
        let now = codes(&expired);
        let changed: Vec<CodeHash> = expired.iter().map(|n| hash(&format!("POD-{n:06}"))).collect();
        let layout = layout(&now);
        let kept = layout.kept_shards(&base, &changed).unwrap();
        let written = kept.iter().filter(|kept| kept.is_none()).count();
        // One for each code in its campaign's segment, and the one of all small campaigns.
        let most = expired.len() + usize::from(!expired.is_empty());
        assert!(written <= most, "{written} of {} for {expired:?}", kept.len());
        let whole = build(&now);
        for (index, kept) in kept.iter().enumerate() {
            let plan = layout.shard(index).unwrap();
            let in_range = now.iter().map(|(text, terms)| (hash(text), terms));
            let in_range = in_range.filter(|(hash, _)| (plan.first..=plan.last).contains(hash));
            let given = in_range.map(|(hash, terms)| (hash, layout.find_terms(terms).unwrap()));
            let shard = layout.encode_shard(index, given).unwrap();
            assert!(shard == whole.shards[index], "shard {index}");
            assert!(kept.is_none_or(|kept| kept == ContentId::of(&shard)), "shard {index}");
        }
    }
}
