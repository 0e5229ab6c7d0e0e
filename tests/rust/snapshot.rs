//! Snapshots: what is built is found, nothing else is, any order gives the same bytes, and no bytes
//! panic.

#[path = "snapshot/fixture.rs"]
mod fixture;
#[path = "snapshot/once.rs"]
mod once;
#[path = "snapshot/reading.rs"]
mod reading;

use fixture::{deal, exception_list, partner, payout_terms, program, terms};
use promo_edge::code::{CodeKind, CodeTerms, FoldedCode, Folding, TypedCode};
use promo_edge::deal::{Deal, Discount, Offer};
use promo_edge::id::{ContractId, DealId, PartnerId};
use promo_edge::money::{BasisPoints, Minor};
use promo_edge::rate::{CodeListIndex, PayoutTerms};
use promo_edge::snapshot::pattern::CompiledPatterns;
use promo_edge::snapshot::{
    BuildError, Builder, Built, Bundle, ContentId, HashKey, ProgramKey, Shards, Snapshot,
    SnapshotError, verify,
};
use promo_edge::time::{Schedule, UnixMillis};
use reading::read_everything;

use proptest::prelude::*;
use std::collections::BTreeMap;

fn folded(text: &str) -> FoldedCode {
    TypedCode::parse(text, |text| text.to_owned()).unwrap().fold(Folding::default())
}

fn key() -> ProgramKey {
    ProgramKey::from_bytes([3; 32])
}

fn no_patterns(
    _: &[&str],
) -> Result<CompiledPatterns, promo_edge::snapshot::pattern::PatternError> {
    Ok(CompiledPatterns::default())
}

fn build(codes: &[(String, CodeTerms)]) -> Result<Built, BuildError> {
    let mut builder = Builder::new(program(), key().hash_key());
    for owner in ["ben", "ana"] {
        builder.partner(partner(owner));
    }
    builder.deal(deal("d2"));
    builder.deal(deal("d1"));
    let list = builder.code_list(&[folded("SAVE10"), folded("BEN15")], []);
    builder.exception_list(exception_list(list));
    builder.payout(&partner("ana").id, &contract(), payout_terms(list));
    for (text, terms) in codes {
        let terms = builder.terms(terms.clone());
        builder.exact(&folded(text), terms);
    }
    builder.finish(no_patterns)
}

fn contract() -> ContractId {
    ContractId::parse("k1").unwrap()
}

fn open(built: &Built) -> Snapshot<&[u8]> {
    Snapshot::open(built.manifest.as_slice(), key().hash_key()).unwrap()
}

fn find<S: Shards + ?Sized>(
    snapshot: &Snapshot<&[u8]>,
    text: &str,
    shards: &S,
) -> Result<Vec<u32>, SnapshotError> {
    let mut found = Vec::new();
    snapshot.find_exact(&folded(text), shards, |terms| found.push(terms)).map(|()| found)
}

fn check_whole(built: &Built) -> Result<u64, SnapshotError> {
    let load =
        |index: usize, _| Ok(built.shards.get(index).map(<[u8]>::to_vec).unwrap_or_default());
    verify(&open(built), load).map(|verified| verified.code_count)
}

#[test]
fn a_partner_is_found_or_is_not_there() {
    let built = build(&[]).unwrap();
    let find = |id| open(&built).find_partner(&PartnerId::parse(id).unwrap()).unwrap();
    assert_eq!(find("ana"), Some(partner("ana")));
    assert_eq!(find("ben"), Some(partner("ben")));
    for absent in ["aaa", "anb", "zoe", "Ana"] {
        assert_eq!(find(absent), None);
    }
}

#[test]
fn records_come_back() {
    let schedule = Schedule { start_at: Some(UnixMillis(-1)), end_at: None };
    let code = terms("ben", Some("d2"), schedule);
    let built = build(&[("SAVE10".to_owned(), code.clone())]).unwrap();
    let snapshot = open(&built);
    assert_eq!(snapshot.program().unwrap(), program());
    assert_eq!(snapshot.partner(&PartnerId::parse("ben").unwrap()).unwrap(), partner("ben"));
    assert_eq!(snapshot.deal(&DealId::parse("d2").unwrap()).unwrap(), deal("d2"));
    let found = find(&snapshot, "save10", &built.shards).unwrap();
    assert_eq!(found, [0]);
    assert_eq!(snapshot.terms(0).unwrap(), code);
    assert_eq!(snapshot.terms_schedule(0).unwrap(), schedule);
    assert!(snapshot.partner(&PartnerId::parse("cara").unwrap()).is_err());
}

#[test]
fn payouts_come_back() {
    let built = build(&[]).unwrap();
    let snapshot = open(&built);
    let terms = |id: &str| snapshot.payout_terms(&PartnerId::parse(id).unwrap(), &contract());
    let list = CodeListIndex(0);
    assert_eq!(terms("ana").unwrap(), payout_terms(list));
    assert_eq!(terms("ben").unwrap(), PayoutTerms::default());
    assert!(terms("cara").is_err());
    assert_eq!(snapshot.exception_lists().unwrap(), [exception_list(list)]);
    let lists_of = |text: &str| {
        let typed = TypedCode::parse(text, |text| text.to_owned()).unwrap();
        snapshot.code_lists(&typed, &folded(text)).unwrap()
    };
    assert_eq!((lists_of("save10"), lists_of("SAVE100")), (vec![list], vec![]));
}

#[test]
fn every_contract_has_its_terms() {
    let mut built = build(&[]).unwrap();
    assert_eq!(check_whole(&built), Ok(0));
    let entry = (8..).step_by(16).find(|&at| built.manifest[at] == 18).unwrap();
    built.manifest[entry + 8] -= 1;
    assert_eq!(check_whole(&built), Err(SnapshotError::Corrupt { place: "manifest" }));
}

#[test]
fn every_offer_comes_back() {
    let bps = |value| BasisPoints::new(value).unwrap();
    use promo_edge::deal::{Bogo, Reduction};
    let bogo = |reduction| Offer::Bogo(Bogo { buy: 2, get: 1, reduction });
    let offers = [
        Offer::GeneralSale(Discount::Fixed(Minor::MAX)),
        Offer::GeneralSale(Discount::Percent(bps(1))),
        Offer::GeneralSale(Discount::PercentRange { low: bps(0), high: bps(10_000) }),
        Offer::GeneralSale(Discount::PercentMaximum(bps(7000))),
        Offer::FreeShipping,
        Offer::GiftWithPurchase,
        Offer::Rebate,
        bogo(Reduction::Free),
        bogo(Reduction::Amount(Minor::new(5).unwrap())),
        bogo(Reduction::Percent(bps(5000))),
    ];
    let mut builder = Builder::new(program(), key().hash_key());
    let deals: Vec<Deal> = (0..)
        .zip(offers)
        .map(|(index, offer)| Deal { offer, ..deal(&format!("d{index}")) })
        .collect();
    deals.iter().cloned().for_each(|deal| builder.deal(deal));
    let built = builder.finish(no_patterns).unwrap();
    let back: Vec<Deal> =
        (0..deals.len()).map(|index| open(&built).deal_at(index).unwrap()).collect();
    assert_eq!(back, deals);
}

#[test]
fn one_text_may_stand_for_several_codes_at_different_times() {
    let early = terms("ana", None, Schedule { start_at: None, end_at: Some(UnixMillis(10)) });
    let late = terms("ben", None, Schedule { start_at: Some(UnixMillis(10)), end_at: None });
    let codes = [("SAVE10".to_owned(), late), ("save10".to_owned(), early)];
    let built = build(&codes).unwrap();
    let found = find(&open(&built), "Save10", &built.shards).unwrap();
    assert_eq!(found.len(), 2);
}

#[test]
fn codes_of_one_text_at_one_time_are_refused() {
    let ana = terms("ana", None, Schedule { start_at: None, end_at: Some(UnixMillis(11)) });
    let ben = terms("ben", None, Schedule { start_at: Some(UnixMillis(10)), end_at: None });
    let codes = [("SAVE10".to_owned(), ben.clone()), ("save10".to_owned(), ana.clone())];
    let Err(BuildError::Conflicts(conflicts)) = build(&codes) else { panic!("no conflict") };
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].terms, [ana, ben]);
}

#[test]
fn large_campaigns_share_their_terms_and_mixed_ones_do_not() {
    let campaign = terms("ana", Some("d1"), Schedule::ALWAYS);
    let other = terms("ben", None, Schedule::ALWAYS);
    let third = terms("ben", Some("d2"), Schedule::ALWAYS);
    let mut codes: Vec<(String, CodeTerms)> =
        (0..70_000).map(|serial| (format!("POD-{serial:06}"), campaign.clone())).collect();
    codes.extend((0..300).map(|serial| (format!("BEN-{serial:06}"), other.clone())));
    codes.extend((0..300).map(|serial| (format!("CARA-{serial:06}"), third.clone())));
    let built = build(&codes).unwrap();
    let snapshot = open(&built);
    let summary: Vec<(u64, u32)> = snapshot
        .segments()
        .iter()
        .map(|segment| (segment.code_count, segment.terms_bits))
        .collect();
    assert_eq!(summary[0], (70_000, 0));
    assert_eq!(summary[1].0, 600);
    for (text, terms) in &codes {
        let found = find(&snapshot, text, &built.shards).unwrap();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(&snapshot.terms(found[0]).unwrap(), terms, "{text}");
    }
    let misses = (0..70_000).map(|serial| format!("NOPE{serial}"));
    assert!(
        misses
            .map(|code| find(&snapshot, &code, &built.shards).unwrap())
            .all(|found| found.is_empty())
    );
    assert_eq!(check_whole(&built), Ok(70_600));
}

#[test]
fn a_look_up_names_the_shards_that_it_reads() {
    let campaign = terms("ana", None, Schedule::ALWAYS);
    let codes: Vec<(String, CodeTerms)> =
        (0..200_000).map(|serial| (format!("POD-{serial:06}"), campaign.clone())).collect();
    let built = build(&codes).unwrap();
    let snapshot = open(&built);
    assert!(built.shards.len() > 2);
    for (text, _) in codes.iter().step_by(997) {
        let needed: Vec<usize> = snapshot.shards_for(&folded(text)).unwrap().iter().collect();
        let given: Only = Only { shards: &built.shards, needed: &needed };
        assert_eq!(find(&snapshot, text, &given).unwrap().len(), 1);
        let none: Vec<Vec<u8>> = Vec::new();
        let missing = find(&snapshot, text, &none).unwrap_err();
        assert_eq!(missing, SnapshotError::MissingShard { index: needed[0] });
    }
}

struct Only<'a> {
    shards: &'a [Vec<u8>],
    needed: &'a [usize],
}

impl Shards for Only<'_> {
    type Source = [u8];

    fn get(&self, index: usize) -> Option<&[u8]> {
        self.needed.contains(&index).then(|| self.shards[index].as_slice())
    }
}

#[test]
fn public_codes_stand_in_a_bundle_of_their_own() {
    let public = CodeTerms { public: true, ..terms("ana", Some("d1"), Schedule::ALWAYS) };
    let private = terms("ben", Some("d2"), Schedule::ALWAYS);
    let codes = [("HELLO10".to_owned(), public), ("SECRET99".to_owned(), private)];
    let built = build(&codes).unwrap();
    let whole = open(&built);
    let bundle = Bundle::open(whole.public_bundle()).unwrap();
    assert!(bundle.root().is_none());
    let snapshot = Snapshot::open(bundle.manifest(), HashKey::PUBLIC).unwrap();
    let found = find(&snapshot, "hello10", &bundle).unwrap();
    let terms = snapshot.terms(found[0]).unwrap();
    assert_eq!((terms.kind, terms.id, terms.max_redemptions), (CodeKind::Restricted, None, None));
    assert_eq!(snapshot.deal(&terms.deal.unwrap()).unwrap(), deal("d1"));
    assert!(find(&snapshot, "secret99", &bundle).unwrap().is_empty());
    assert_eq!((snapshot.partner_count(), snapshot.deal_count()), (0, 1));
}

#[test]
fn a_bundle_gives_its_parts_back() {
    let built = build(&[("SAVE10".to_owned(), terms("ana", None, Schedule::ALWAYS))]).unwrap();
    let bytes = Bundle::encode(Some(b"root"), &built.manifest, &built.shards);
    let bundle = Bundle::open(&bytes).unwrap();
    assert_eq!(bundle.root(), Some(&b"root"[..]));
    assert_eq!(bundle.manifest(), built.manifest);
    assert_eq!(bundle.shard_count(), built.shards.len());
    assert!(Bundle::open(&bytes[..bytes.len() - 1]).is_err());
}

#[test]
fn another_key_is_refused_rather_than_finding_nothing() {
    let built = build(&[("SAVE10".to_owned(), terms("ana", None, Schedule::ALWAYS))]).unwrap();
    let other = ProgramKey::from_bytes([4; 32]).hash_key();
    let refused = Snapshot::open(built.manifest.as_slice(), other).unwrap_err();
    assert_eq!(refused, SnapshotError::OtherHashKey);
}

#[test]
fn an_empty_program_has_a_snapshot() {
    let built = build(&[]).unwrap();
    let snapshot = open(&built);
    assert!(find(&snapshot, "SAVE10", &built.shards).unwrap().is_empty());
    assert_eq!(check_whole(&built), Ok(0));
}

fn some_codes() -> impl Strategy<Value = BTreeMap<String, (usize, Option<i64>, bool)>> {
    proptest::collection::btree_map(
        "[A-Z0-9]{1,6}",
        (0..3usize, proptest::option::of(0..5i64), any::<bool>()),
        0..60,
    )
}

fn to_codes(map: &BTreeMap<String, (usize, Option<i64>, bool)>) -> Vec<(String, CodeTerms)> {
    let of = |(&(kind, end, public), text): (&(usize, Option<i64>, bool), &String)| {
        let schedule = Schedule { start_at: None, end_at: end.map(UnixMillis) };
        let owner = ["ana", "ben", "ana"][kind];
        let code = terms(owner, (kind == 2).then_some("d1"), schedule);
        (text.clone(), CodeTerms { public, ..code })
    };
    map.iter().map(|(text, settings)| of((settings, text))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn agrees_with_a_map(
        codes in some_codes(),
        probes in proptest::collection::vec("[A-Za-z0-9]{1,6}", 20),
    ) {
        let listed = to_codes(&codes);
        let built = build(&listed).unwrap();
        let snapshot = open(&built);
        let by_text: BTreeMap<FoldedCode, &CodeTerms> =
            listed.iter().map(|(text, terms)| (folded(text), terms)).collect();
        for probe in listed.iter().map(|(text, _)| text).chain(&probes) {
            let found = find(&snapshot, probe, &built.shards).unwrap();
            let found = found.first().map(|&terms| snapshot.terms(terms).unwrap());
            prop_assert_eq!(found.as_ref(), by_text.get(&folded(probe)).copied());
        }
        prop_assert_eq!(check_whole(&built), Ok(listed.len() as u64));
    }

    #[test]
    fn any_order_gives_the_same_bytes(codes in some_codes(), seed in any::<u64>()) {
        let listed = to_codes(&codes);
        let mut shuffled = listed.clone();
        shuffled.sort_by_key(|(text, _)| ContentId::of(format!("{seed}{text}").as_bytes()));
        prop_assert_eq!(build(&listed).unwrap(), build(&shuffled).unwrap());
    }

    #[test]
    fn hostile_bytes_are_answered(
        codes in some_codes(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8u32), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        in_shard in any::<bool>(),
    ) {
        let listed = to_codes(&codes);
        let mut built = build(&listed).unwrap();
        let bytes = match built.shards.first_mut() {
            Some(shard) if in_shard => shard,
            _ => &mut built.manifest,
        };
        for (index, bit) in flips {
            let at = index.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_everything(&built, &listed);
    }

    #[test]
    fn random_bytes_are_answered(manifest in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut framed = b"PrmM\x01\x00".to_vec();
        framed.extend(&manifest);
        for manifest in [manifest, framed] {
            read_everything(&Built { manifest, shards: vec![Vec::new()] }, &[]);
        }
    }
}
