//! Deletes the objects of the snapshot that nobody can be reading any more.

use crate::failure::Failure;
use crate::folder::{manifest_key, shard_key};
use crate::kv::Kv;

use promo_edge::snapshot::{ContentId, HashKey, ProgramKey, Root, Snapshot, SnapshotError};

use std::collections::BTreeSet;

/// How long a root must have stood before what it replaced is swept: long enough for every isolate
/// that still holds something older to have read it.
const SWEEP_AFTER_MS: i64 = 24 * 60 * 60 * 1000;

/// Deletes the objects of the snapshot that fell out of the root, but for those that a root still
/// needs; returns how many.
///
/// `live` is the root that stood before this publication, `new` the one that it wrote: what KV says
/// of this program may be older than both. Objects that no root has named are left alone: they can
/// be those of somebody who publishes at this moment. The namespace may hold other programs; if
/// one's root is signed with another key, nothing is swept.
pub fn run(kv: &mut Kv, key: &ProgramKey, live: &Root, new: &Root) -> Result<usize, Failure> {
    let settled = new.built_at.0.saturating_sub(live.built_at.0) >= SWEEP_AFTER_MS;
    let kept = [Some(new.manifest), new.previous, Some(live.manifest)];
    let mut kept: BTreeSet<ContentId> = kept.into_iter().flatten().collect();
    let Some(fallen) = live.previous.filter(|id| settled && !kept.contains(id)) else {
        return Ok(0);
    };
    let hash = key.hash_key();
    let Some(mut unused) = objects(kv, &hash, fallen)? else { return Ok(0) };
    for name in kv.list("r/")? {
        let bytes = kv.get(&name)?.ok_or_else(|| Failure::new("KV has no such key").at(&name))?;
        match Root::decode(&bytes, &key.reader_key()) {
            // KV still gives back what was in force; both its snapshots are decided above.
            Ok(root) if root == *live => {}
            Ok(root) => kept.extend([Some(root.manifest), root.previous].into_iter().flatten()),
            Err(SnapshotError::OtherKey { .. }) => {
                eprintln!("not sweeping: {name} is signed with another key");
                return Ok(0);
            }
            Err(error) => return Err(Failure::from(error).at(&name)),
        }
    }
    for manifest in kept {
        let used = objects(kv, &hash, manifest)?.ok_or_else(|| {
            Failure::new("KV does not have what a root names").at(manifest_key(manifest))
        })?;
        unused.retain(|name| !used.contains(name));
    }
    let unused: Vec<String> = unused.into_iter().collect();
    kv.delete(&unused)?;
    Ok(unused.len())
}

/// The keys of a snapshot's manifest and shards; `None` when its manifest is not there, whole.
fn objects(
    kv: &mut Kv,
    hash: &HashKey,
    manifest: ContentId,
) -> Result<Option<BTreeSet<String>>, Failure> {
    let name = manifest_key(manifest);
    let bytes = kv.get(&name)?.filter(|bytes| ContentId::of(bytes) == manifest);
    let Some(bytes) = bytes else { return Ok(None) };
    let snapshot = Snapshot::open(bytes, hash.clone())?;
    let mut names = BTreeSet::from([name]);
    for index in 0..snapshot.shard_count() {
        names.insert(shard_key(snapshot.shard_id(index)?));
    }
    Ok(Some(names))
}
