//! `promo publish`: puts a snapshot into KV, and then the root, by one write.

use crate::failure::Failure;
use crate::folder::{Folder, delta_key, manifest_key, shard_key};
use crate::keys::KeyFile;
use crate::kv::{Kv, Place};
use crate::output::{Output, table};
use crate::{Ended, instant, sweep};

use promo_edge::id::ProgramId;
use promo_edge::snapshot::{ContentId, ProgramKey, ReaderKey, Root, Snapshot, SnapshotError};
use promo_edge::time::UnixMillis;

use indicatif::ProgressBar;
use serde::Serialize;

use std::path::PathBuf;

/// Put a snapshot into KV: shards, manifest, read back, and then the root by one write.
///
/// Readers see the old snapshot or the new one, never a mix. The snapshot before stays, for
/// --rollback; the one before that is swept, if it has been out of use for a day.
#[derive(Debug, clap::Args)]
pub struct Publish {
    /// Folder that `promo build` made
    folder: PathBuf,
    /// Put the root back to this snapshot, which must still be in KV; writes nothing else
    #[arg(long, value_name = "ID", value_parser = parse_id)]
    rollback: Option<ContentId>,
    /// Publish although what is in force has changes that were made since it was built; they are
    /// lost
    #[arg(long, conflicts_with = "rollback")]
    over_changes: bool,
    /// While the key is changed: file of the key that signed what is in force
    #[arg(long, value_name = "FILE")]
    old_key_file: Option<PathBuf>,
    /// Instant of the publication, by which it is told whether older objects may be swept
    /// [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    published_at: Option<UnixMillis>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Published {
    program: String,
    snapshot: String,
    previous: Option<String>,
    generation: u64,
    objects_written: usize,
    objects_kept: usize,
    objects_swept: usize,
}

impl Publish {
    pub fn run(&self) -> Result<Ended, Failure> {
        let key = self.key.program_key()?;
        let folder = Folder::open(&self.folder, &key.reader_key())?;
        let mut kv = self.place.open()?;
        let at = self.published_at.unwrap_or_else(instant::now);
        let published = match self.rollback {
            Some(id) => {
                let remedy = "a rollback stays with one key: publish a snapshot built with the new";
                let readers = [key.reader_key()];
                let live = live_root(&mut kv, &folder.root.program, &readers, remedy)?;
                roll_back(&mut kv, &key, live.as_ref(), (id, at))?
            }
            None => {
                let remedy = "while a key is changed, --old-key-file names the one before";
                let old_key =
                    self.old_key_file.as_deref().map(|path| KeyFile::at(path).reader_key());
                let readers: Vec<ReaderKey> =
                    std::iter::once(key.reader_key()).chain(old_key.transpose()?).collect();
                let live = live_root(&mut kv, &folder.root.program, &readers, remedy)?;
                self.check_changes(live.as_ref(), &folder.root)?;
                put_all(&mut kv, &key, live.as_ref(), (&folder, at))?
            }
        };
        self.output.print(&published, as_table)?;
        Ok(Ended::Done)
    }

    /// Refuses to lose changes that were made in the programme's page: the folder was built of
    /// something else.
    fn check_changes(&self, live: Option<&Root>, new: &Root) -> Result<(), Failure> {
        let has_changes = |live: &&Root| !live.deltas.is_empty() || !live.inline.is_empty();
        let lost = live.filter(has_changes).filter(|live| !live.has_parts_of(new));
        if lost.is_none() || self.over_changes {
            return Ok(());
        }
        let failure = Failure::new("what is in force has changes that this snapshot does not have");
        Err(failure.mend("publish where they were made, or give --over-changes to lose them"))
    }
}

/// Writes what is not there yet or not whole, and only when everything has been read back moves the
/// root.
fn put_all(
    kv: &mut Kv,
    key: &ProgramKey,
    live: Option<&Root>,
    (folder, at): (&Folder, UnixMillis),
) -> Result<Published, Failure> {
    let mut objects = Vec::new();
    for index in 0..folder.snapshot.shard_count() {
        let id = folder.snapshot.shard_id(index)?;
        objects.push((shard_key(id), id));
    }
    objects.extend(folder.root.deltas.iter().map(|id| (delta_key(*id), *id)));
    objects.push((manifest_key(folder.root.manifest), folder.root.manifest));
    objects.dedup();
    // All of the folder is sound before any of it is written: what no root names is never swept.
    for (name, id) in &objects {
        folder.object(name, *id)?;
    }
    let objects_written = put_objects(kv, folder, &objects)?;
    let root = put_root(kv, key, live, folder.root.clone(), at)?;
    let objects_swept = match live.map(|live| sweep::run(kv, key, live, &root)) {
        None => 0,
        Some(Ok(swept)) => swept,
        Some(Err(failure)) => {
            eprintln!("warning: published, but nothing old was swept\n{failure}");
            0
        }
    };
    Ok(Published {
        objects_written,
        objects_kept: objects.len() - objects_written,
        objects_swept,
        ..published(&root)
    })
}

/// Puts each object that is absent or has other bytes than its name says; returns how many.
fn put_objects(
    kv: &mut Kv,
    folder: &Folder,
    objects: &[(String, ContentId)],
) -> Result<usize, Failure> {
    let names: Vec<String> = objects.iter().map(|(name, _)| name.clone()).collect();
    let there = kv.has(&names)?;
    let bar = ProgressBar::new(objects.len() as u64);
    let mut written = 0;
    for ((name, id), there) in objects.iter().zip(there) {
        if !there || whole(kv, name, *id)?.is_none() {
            kv.put(name, &folder.object(name, *id)?)?;
            written += 1;
            if whole(kv, name, *id)?.is_none() {
                let failure = Failure::new("what KV gives back is not what was written").at(name);
                return Err(failure.mend(
                    "publish again in a minute, when no cache has the old bytes; the root has not \
                     been moved",
                ));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(written)
}

/// Moves the root to a snapshot that is still there, whole, and without the changes over it.
fn roll_back(
    kv: &mut Kv,
    key: &ProgramKey,
    live: Option<&Root>,
    (id, at): (ContentId, UnixMillis),
) -> Result<Published, Failure> {
    let nothing = || Failure::new("nothing is published yet").mend("publish without --rollback");
    let live = live.ok_or_else(nothing)?;
    let snapshot = Snapshot::open(stored(kv, &manifest_key(id), id)?, key.hash_key())?;
    if snapshot.program()?.id != live.program {
        let failure = Failure::new("that snapshot is another program's").at(manifest_key(id));
        return Err(failure.mend("`promo publish` prints the id of the snapshot before"));
    }
    for index in 0..snapshot.shard_count() {
        let shard = snapshot.shard_id(index)?;
        stored(kv, &shard_key(shard), shard)?;
    }
    let back = Root { manifest: id, deltas: Vec::new(), inline: Vec::new(), ..live.clone() };
    let root = put_root(kv, key, Some(live), back, at)?;
    Ok(published(&root))
}

/// The root in force, signed by one of the keys.
fn live_root(
    kv: &mut Kv,
    program: &ProgramId,
    readers: &[ReaderKey],
    remedy: &str,
) -> Result<Option<Root>, Failure> {
    let name = root_key(program);
    if !kv.has(std::slice::from_ref(&name))?.contains(&true) {
        return Ok(None);
    }
    let Some(bytes) = kv.get(&name)? else { return Ok(None) };
    let mut failure = Failure::new("no key");
    for reader in readers {
        match Root::decode(&bytes, reader) {
            Ok(root) => return Ok(Some(root)),
            Err(error @ SnapshotError::OtherKey { .. }) => failure = Failure::new(error),
            Err(error) => return Err(Failure::from(error).at(&name)),
        }
    }
    Err(failure.at(&name).mend(remedy))
}

fn put_root(
    kv: &mut Kv,
    key: &ProgramKey,
    live: Option<&Root>,
    parts: Root,
    built_at: UnixMillis,
) -> Result<Root, Failure> {
    let previous = match live {
        // The same snapshot again: what came before it is still what came before.
        Some(live) if live.manifest == parts.manifest => live.previous,
        Some(live) => Some(live.manifest),
        None => None,
    };
    let generation = next_generation(live.map(|live| live.generation), built_at);
    let root = Root { generation, built_at, previous, ..parts };
    kv.put(&root_key(&root.program), &root.encode(key)?)?;
    Ok(root)
}

/// Above the generation in force, and no less than the Unix time in milliseconds.
///
/// KV may give back a root that is no longer in force. Two publishers that both read the same one
/// would otherwise give one generation to two snapshots, and a Worker that has the first would
/// never take the second.
fn next_generation(live: Option<u64>, now: UnixMillis) -> u64 {
    let above = live.map_or(0, |live| live.saturating_add(1));
    above.max(u64::try_from(now.0).unwrap_or(0)).max(1)
}

/// An object that must be there.
fn stored(kv: &mut Kv, name: &str, id: ContentId) -> Result<Vec<u8>, Failure> {
    let there = kv.has(&[name.to_owned()])?.contains(&true);
    let bytes = if there { whole(kv, name, id)? } else { None };
    bytes.ok_or_else(|| {
        let failure = Failure::new("KV no longer has all of that snapshot").at(name);
        failure.mend("build it again and publish it; the root has not been moved")
    })
}

/// An object's bytes, when they are what its name says.
fn whole(kv: &mut Kv, name: &str, id: ContentId) -> Result<Option<Vec<u8>>, Failure> {
    Ok(kv.get(name)?.filter(|bytes| ContentId::of(bytes) == id))
}

fn root_key(program: &ProgramId) -> String {
    format!("r/{program}")
}

fn published(root: &Root) -> Published {
    Published {
        program: root.program.to_string(),
        snapshot: root.manifest.to_string(),
        previous: root.previous.map(|id| id.to_string()),
        generation: root.generation,
        objects_written: 0,
        objects_kept: 0,
        objects_swept: 0,
    }
}

fn parse_id(text: &str) -> Result<ContentId, String> {
    ContentId::parse(text).ok_or_else(|| "expected 64 hexadecimal digits".to_owned())
}

fn as_table(published: &Published) -> comfy_table::Table {
    let mut table = table(&["published", &published.snapshot]);
    table.add_row(["program", &published.program]);
    table.add_row(["generation", &published.generation.to_string()]);
    table.add_row(["before it", published.previous.as_deref().unwrap_or("-")]);
    table.add_row(["objects written", &published.objects_written.to_string()]);
    table.add_row(["already there", &published.objects_kept.to_string()]);
    table.add_row(["swept", &published.objects_swept.to_string()]);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_above_the_last_and_not_behind_the_clock() {
        assert_eq!(next_generation(None, UnixMillis(1_000)), 1_000);
        assert_eq!(next_generation(Some(7), UnixMillis(1_000)), 1_000);
        assert_eq!(next_generation(Some(1_000), UnixMillis(1_000)), 1_001);
        assert_eq!(next_generation(Some(5), UnixMillis(-1)), 6);
    }
}
