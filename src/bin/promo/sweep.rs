//! Deletes the objects of snapshots that nobody can be reading any more.

use crate::failure::Failure;
use crate::folder::{manifest_key, shard_key};
use crate::instant;
use crate::kv::Kv;

use promo_edge::snapshot::{ContentId, ProgramKey, Root, Snapshot};

use std::collections::BTreeSet;

/// How long a root must have stood before what it replaced is swept: long enough for every isolate
/// that still holds something older to have read it.
const SWEEP_AFTER_MS: i64 = 24 * 60 * 60 * 1000;

/// Deletes what no root names, neither as its snapshot nor as the one before; returns how many
/// objects.
///
/// `live` is the root that stood before this publication: while it is younger than a day, nothing
/// is swept. The namespace may hold other programs; if one's root is signed with another key,
/// nothing is swept either.
pub fn run(kv: &mut Kv, key: &ProgramKey, live: Option<&Root>) -> Result<usize, Failure> {
    let now = instant::now();
    let settled = live.is_some_and(|live| now.0.saturating_sub(live.built_at.0) >= SWEEP_AFTER_MS);
    if !settled {
        return Ok(0);
    }
    let mut used = BTreeSet::new();
    for name in kv.list("r/")? {
        let Ok(root) = Root::decode(&kv.get(&name)?, &key.reader_key()) else {
            eprintln!("not sweeping: {name} is signed with another key");
            return Ok(0);
        };
        for manifest in [Some(root.manifest), root.previous].into_iter().flatten() {
            keep(kv, key, manifest, &mut used)?;
        }
    }
    let stored = [kv.list("m/")?, kv.list("s/")?].concat();
    let unused: Vec<String> = stored.into_iter().filter(|name| !used.contains(name)).collect();
    kv.delete(&unused)?;
    Ok(unused.len())
}

fn keep(
    kv: &mut Kv,
    key: &ProgramKey,
    manifest: ContentId,
    used: &mut BTreeSet<String>,
) -> Result<(), Failure> {
    let name = manifest_key(manifest);
    if used.contains(&name) || !kv.has(std::slice::from_ref(&name))?.contains(&true) {
        return Ok(());
    }
    let snapshot = Snapshot::open(kv.get(&name)?, key.hash_key())?;
    used.insert(name);
    for index in 0..snapshot.shard_count() {
        used.insert(shard_key(snapshot.shard_id(index)?));
    }
    Ok(())
}
