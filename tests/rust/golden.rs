//! Snapshots of every released version of the format: still built to the same bytes, and still
//! read.

use promo_edge::catalog;
use promo_edge::code::TypedCode;
use promo_edge::id::{ContractId, PartnerId};
use promo_edge::money::{BasisPoints, Minor};
use promo_edge::rate::Rate;
use promo_edge::snapshot::{
    Builder, Bundle, ContentId, ProgramKey, Root, Snapshot, SnapshotError, automaton, verify,
};
use promo_edge::time::UnixMillis;

use std::fs;
use std::path::PathBuf;

fn key() -> ProgramKey {
    ProgramKey::from_bytes([7; 32])
}

fn golden(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read(folder.join(name)).expect("tests/golden is whole")
}

#[test]
fn the_catalogue_compiles_to_the_stored_bytes() {
    let text = String::from_utf8(golden("catalog.json")).unwrap();
    let (catalog, _) = catalog::parse("catalog.json", &text).expect("a sound catalogue");
    let mut builder = Builder::new(catalog.program.clone(), key().hash_key());
    catalog.load(&mut builder);
    let built = builder.finish(automaton::compile).unwrap();
    let root = Root {
        generation: 0,
        built_at: UnixMillis(0),
        manifest: ContentId::of(&built.manifest),
        previous: None,
        program: catalog.program.id,
        deltas: Vec::new(),
        inline: Vec::new(),
    };
    let bundle =
        Bundle::encode(Some(&root.encode(&key()).unwrap()), &built.manifest, &built.shards);
    assert!(bundle == golden("version-1.bundle"), "the format changed: see tests/golden/README.md");
}

#[test]
fn the_stored_bytes_are_sound_and_answer() {
    let bytes = golden("version-1.bundle");
    let bundle = Bundle::open(&bytes).unwrap();
    let root = Root::decode(bundle.root().unwrap(), &key().reader_key()).unwrap();
    assert_eq!(root.manifest, ContentId::of(bundle.manifest()));
    let snapshot = Snapshot::open(bundle.manifest(), key().hash_key()).unwrap();
    let load = |index: usize, _| {
        let shard = promo_edge::snapshot::Shards::get(&bundle, index);
        shard.map(<[u8]>::to_vec).ok_or(SnapshotError::MissingShard { index })
    };
    let verified = verify(&snapshot, load).unwrap();
    assert_eq!((verified.code_count, verified.pattern_count), (3, 2));
    check_payouts(&snapshot);
    check(&snapshot, &bundle, "grüsse 1O", Some("c1"));
    check(&snapshot, &bundle, "hallo", Some("c2"));
    check(&snapshot, &bundle, "TEAM50", Some("c3"));
    check(&snapshot, &bundle, "SOMMER26", Some("c4"));
    check(&snapshot, &bundle, "HERBSTFEST", Some("c5"));
    check(&snapshot, &bundle, "NIEMAND", None);
}

fn check_payouts(snapshot: &Snapshot<&[u8]>) {
    let (ana, k2) = (PartnerId::parse("ana").unwrap(), ContractId::parse("k2").unwrap());
    let terms = snapshot.payout_terms(&ana, &k2).unwrap();
    let names: Vec<&str> = terms.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["house", "large", "shoes"]);
    assert_eq!(terms.groups[0].when.code_in_lists.as_ref().map(Vec::len), Some(1));
    assert_eq!(terms.groups[1].when.minimum_total.map(|total| total.minor), Minor::new(20_000));
    assert_eq!(terms.groups[2].when.skus.as_deref(), Some(&["boot".to_owned()][..]));
    assert_eq!(terms.restrictions[0].when.first_order, Some(false));
    assert_eq!(terms.default, Some(Rate::Share(BasisPoints::new(300).unwrap())));
    let folding = snapshot.program().unwrap().folding;
    let lists: Vec<_> = snapshot.exception_lists().unwrap().iter().map(|it| it.codes).collect();
    let on = |typed: &str| {
        let code = TypedCode::parse(typed, catalog::nfkc).unwrap();
        snapshot.code_lists(&code, &code.fold(folding)).unwrap()
    };
    assert!(on("Team-50").contains(&lists[0]) && !on("Team-51").contains(&lists[0]));
    assert!(on("TEAMvip9").contains(&lists[1]) && !on("TEAMvap9").contains(&lists[1]));
}

#[track_caller]
fn check(snapshot: &Snapshot<&[u8]>, bundle: &Bundle<'_>, typed: &str, expected: Option<&str>) {
    let program = snapshot.program().unwrap();
    let code = TypedCode::parse(typed, catalog::nfkc).unwrap();
    let mut found = Vec::new();
    let folded = code.fold(program.folding);
    snapshot.find_exact(&folded, bundle, |terms| found.push(terms)).unwrap();
    found.extend(snapshot.find_patterns(&code).unwrap());
    let ids: Vec<String> = found
        .into_iter()
        .filter_map(|terms| snapshot.terms(terms).unwrap().id.map(|id| id.to_string()))
        .collect();
    assert_eq!(ids.first().map(String::as_str), expected, "{typed}");
}
