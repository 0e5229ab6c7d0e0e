//! Deltas: a manifest with deltas over it answers as the catalogue compiled whole, and folding them
//! gives the bytes of that.

#[path = "snapshot/fixture.rs"]
mod fixture;
#[path = "delta/large.rs"]
mod large;
#[path = "seed.rs"]
mod seed;
#[path = "delta/world.rs"]
mod world;

use promo_edge::matching::{self, Match};
use promo_edge::snapshot::{
    Built, Campaign, CodeHash, ContentId, Delta, DeltaBuilder, Layout, Snapshot, SnapshotError,
    Universe, automaton, verify,
};
use promo_edge::time::UnixMillis;
use seed::config;
use world::{PATTERNS, TEXTS, Touched, World, batches, folded, hash, key, typed};

use proptest::prelude::*;
use std::collections::BTreeSet;

/// What is asked: codes, near misses, and texts that only patterns match.
const ASKED: [&str; 12] =
    ["A1", "a2", "b1", "SAVE-10", "C3", "äö", "A7", "Bx", "b", "Z9", "NOPE", "save10"];

fn open(manifest: &[u8]) -> Snapshot<&[u8]> {
    Snapshot::open(manifest, key()).unwrap()
}

fn layered<'a>(manifest: &'a [u8], deltas: &'a [Vec<u8>]) -> Snapshot<&'a [u8]> {
    let deltas = deltas.iter().map(|delta| Delta::open(delta.as_slice(), &key()).unwrap());
    open(manifest).with_deltas(deltas.collect()).unwrap()
}

/// A world after its first batch, and what the batches after that touched.
fn edited(mut batches: Vec<Vec<world::Edit>>) -> (World, World, Vec<(Touched, Vec<u8>)>) {
    let mut world = World::new();
    world.apply(&batches.remove(0));
    let base = world.clone();
    let mut changes = Vec::new();
    for batch in batches {
        let touched = world.apply(&batch);
        let delta = world.delta(&touched, false);
        changes.push((touched, delta));
    }
    (base, world, changes)
}

/// The manifest of the codes of `base` and all the rest of `now`.
fn refresh(base: &World, now: &World) -> Vec<u8> {
    let mut world = now.clone();
    world.codes = base.codes.clone();
    let built = base.build();
    let refreshed =
        world.frame_with_public().refresh(&open(&built.manifest), automaton::compile).unwrap();
    let whole = world.build();
    assert!(refreshed == whole.manifest && built.shards == whole.shards);
    refreshed
}

fn assert_same_answers(
    layered: &Snapshot<&[u8]>,
    shards: &[Vec<u8>],
    whole: &Built,
) -> Result<(), TestCaseError> {
    let rebuilt = open(&whole.manifest);
    let program = rebuilt.program().unwrap();
    prop_assert_eq!(&layered.program().unwrap(), &program);
    for text in ASKED {
        for at in (-1..17).map(UnixMillis) {
            let got = matching::find(layered, shards, &program, &typed(text), at).unwrap();
            let expected =
                matching::find(&rebuilt, &whole.shards, &program, &typed(text), at).unwrap();
            prop_assert_eq!(&got, &expected, "{} at {:?}", text, at);
            if let (Match::Active(got), Match::Active(expected)) = (got, expected) {
                prop_assert_eq!(got.code_id(), expected.code_id());
                let deal = expected.deal_in_force(&rebuilt, at).unwrap();
                prop_assert_eq!(got.deal_in_force(layered, at).unwrap(), deal);
            }
        }
    }
    let owners = layered.always_owners().unwrap();
    prop_assert!(rebuilt.always_owners().unwrap().is_subset(&owners));
    prop_assert!(!rebuilt.has_caps().unwrap() || layered.has_caps().unwrap());
    Ok(())
}

fn layout_of(world: &World) -> Layout {
    let exact = world.exact_codes().into_iter().map(|(text, terms)| {
        let mut universe = Universe::default();
        universe.add(&text);
        Campaign { terms, code_count: 1, universe }
    });
    let patterns = world.pattern_terms().into_iter().map(|terms| Campaign {
        terms,
        code_count: 0,
        universe: Universe::default(),
    });
    Layout::new(exact.chain(patterns)).unwrap()
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn deltas_answer_as_the_whole_catalogue_does(batches in batches()) {
        let (base, now, changes) = edited(batches);
        let shards = base.build().shards;
        let is_refreshed = changes.iter().any(|(touched, _)| touched.is_refreshed);
        let manifest = if is_refreshed { refresh(&base, &now) } else { base.build().manifest };
        let deltas: Vec<Vec<u8>> = changes.into_iter().map(|(_, delta)| delta).collect();
        let layered = layered(&manifest, &deltas);
        assert_same_answers(&layered, &shards, &now.build())?;
        let load = |index: usize, _| Ok::<_, SnapshotError>(shards[index].clone());
        verify(&layered, load).unwrap();
    }

    #[test]
    fn folding_gives_the_bytes_of_the_whole_catalogue(batches in batches()) {
        let (base, now, changes) = edited(batches);
        let whole = now.build();
        let layout = layout_of(&now);
        let codes: Vec<(CodeHash, u32)> = now
            .exact_codes()
            .iter()
            .map(|(text, terms)| (CodeHash::of(text, &key()), layout.find_terms(terms).unwrap()))
            .collect();
        let shards: Vec<Vec<u8>> = (0..layout.shard_count())
            .map(|index| layout.encode_shard(index, codes.iter().rev().copied()).unwrap())
            .collect();
        prop_assert_eq!(&shards, &whole.shards);
        let ids: Vec<ContentId> = shards.iter().map(|shard| ContentId::of(shard)).collect();
        let builder = now.frame_with_patterns();
        let manifest = builder.manifest(&layout, &ids, automaton::compile).unwrap();
        prop_assert!(manifest == whole.manifest);

        let texts: BTreeSet<&String> = changes.iter().flat_map(|(it, _)| &it.texts).collect();
        let changed: Vec<CodeHash> = texts.into_iter().map(|text| hash(text)).collect();
        let before = base.build();
        let kept = layout.kept_shards(&open(&before.manifest), &changed).unwrap();
        for (kept, id) in kept.iter().zip(&ids) {
            prop_assert!(kept.is_none_or(|kept| kept == *id));
        }
    }

    #[test]
    fn equal_changes_give_equal_bytes(batches in batches()) {
        let mut world = World::new();
        for batch in batches {
            let touched = world.apply(&batch);
            prop_assert_eq!(world.delta(&touched, false), world.delta(&touched, true));
        }
    }

    #[test]
    fn hostile_deltas_are_answered(
        batches in batches(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8u32), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let (base, _, changes) = edited(batches);
        let built = base.build();
        for (_, mut bytes) in changes {
            for (index, bit) in &flips {
                let at = index.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            read_everything(&built, &bytes);
        }
    }

    #[test]
    fn random_bytes_are_no_delta_that_panics(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let built = World::new().build();
        read_everything(&built, &bytes);
        read_everything(&built, &[b"PrmD\x01\x00".as_slice(), &bytes].concat());
    }
}

/// Asks for all there is; every answer or error will do.
fn read_everything(built: &Built, delta: &[u8]) {
    let Ok(delta) = Delta::open(delta, &key()) else { return };
    let _ = delta.changes();
    let snapshot = open(&built.manifest).with_deltas(vec![delta]).unwrap();
    let program = snapshot.program().unwrap();
    for text in TEXTS.into_iter().chain(PATTERNS) {
        let _ = matching::find(&snapshot, &built.shards, &program, &typed(text), UnixMillis(3));
    }
    let _ = (snapshot.always_owners(), snapshot.has_caps());
    let _ = verify(&snapshot, |index, _| {
        built.shards.get(index).cloned().ok_or(SnapshotError::MissingShard { index })
    });
}

#[test]
fn the_newest_delta_that_knows_a_text_answers() {
    let built = World::new().build();
    let terms = |created_at| promo_edge::code::CodeTerms {
        created_at: UnixMillis(created_at),
        ..fixture::terms("ana", None, promo_edge::time::Schedule::ALWAYS)
    };
    let delta = |codes: Vec<_>| {
        let mut delta = DeltaBuilder::new(fixture::program().id, key());
        assert!(delta.is_empty());
        delta.text(hash("A1"), codes);
        assert!(!delta.is_empty());
        delta.finish(automaton::compile).unwrap()
    };
    let deltas = [delta(vec![terms(1)]), delta(vec![terms(2)]), delta(vec![])];
    let found = |deltas: &[Vec<u8>]| {
        let snapshot = layered(&built.manifest, deltas);
        let mut found = Vec::new();
        snapshot.find_exact(&folded("a1"), &built.shards, |terms| found.push(terms)).unwrap();
        found.into_iter().map(|it| snapshot.terms(it).unwrap().created_at.0).collect::<Vec<_>>()
    };
    assert!(found(&deltas[..0]).is_empty());
    assert_eq!(found(&deltas[..1]), [1]);
    assert_eq!(found(&deltas[..2]), [2]);
    assert!(found(&deltas).is_empty());
}

#[test]
fn a_delta_that_names_what_the_manifest_has_not_is_refused_at_use() {
    let built = World::new().build();
    for terms in [
        fixture::terms("nobody", None, promo_edge::time::Schedule::ALWAYS),
        fixture::terms("ana", Some("nothing"), promo_edge::time::Schedule::ALWAYS),
    ] {
        let mut delta = DeltaBuilder::new(fixture::program().id, key());
        delta.text(hash("A1"), [terms]);
        let deltas = [delta.finish(automaton::compile).unwrap()];
        let snapshot = layered(&built.manifest, &deltas);
        let program = snapshot.program().unwrap();
        let find =
            |text| matching::find(&snapshot, &built.shards, &program, &typed(text), UnixMillis(3));
        let corrupt = SnapshotError::Corrupt { place: "delta" };
        assert_eq!(find("A1").unwrap_err(), corrupt);
        assert_eq!(find("B1").unwrap(), Match::Unknown);
        let load = |index, _| Err(SnapshotError::MissingShard { index });
        assert_eq!(verify(&snapshot, load).unwrap_err(), corrupt);
    }
}

#[test]
fn hashes_sort_as_their_bytes_do() {
    let mut hashes: Vec<CodeHash> = (0..500).map(|n| hash(&format!("CODE{n}"))).collect();
    hashes.sort();
    let bytes: Vec<[u8; 16]> = hashes.iter().map(|hash| hash.to_bytes()).collect();
    assert!(bytes.is_sorted());
    assert!(bytes.into_iter().map(CodeHash::from_bytes).eq(hashes));
}

#[test]
fn a_delta_of_another_key_or_size_is_refused() {
    let delta = DeltaBuilder::new(fixture::program().id, key());
    let bytes = delta.finish(automaton::compile).unwrap();
    let other = promo_edge::snapshot::ProgramKey::from_bytes([4; 32]).hash_key();
    assert_eq!(Delta::open(&bytes, &other).unwrap_err(), SnapshotError::OtherHashKey);
    let large = [bytes, vec![0; promo_edge::snapshot::DELTA_SIZE_MAX]].concat();
    let corrupt = SnapshotError::Corrupt { place: "delta" };
    assert_eq!(Delta::open(&large, &key()).unwrap_err(), corrupt);
}
