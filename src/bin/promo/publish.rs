//! `promo publish`: puts a snapshot into KV, and then the root, by one write.

use crate::failure::Failure;
use crate::folder::{Folder, manifest_key, shard_key};
use crate::keys::KeyFile;
use crate::kv::{Kv, Place};
use crate::output::{Output, table};
use crate::{Ended, instant, sweep};

use promo_edge::id::ProgramId;
use promo_edge::snapshot::{ContentId, ProgramKey, ReaderKey, Root, Snapshot, SnapshotError};

use indicatif::ProgressBar;
use serde::Serialize;

use std::path::PathBuf;

/// Put a snapshot into KV: shards, manifest, read back, and then the root by one write.
///
/// Readers see the old snapshot or the new one, never a mix. The snapshot before stays, for
/// --rollback; older ones are swept when they have been out of use for a day.
#[derive(Debug, clap::Args)]
pub struct Publish {
    /// Folder that `promo build` made
    folder: PathBuf,
    /// Put the root back to this snapshot, which must still be in KV; writes nothing else
    #[arg(long, value_name = "ID", value_parser = parse_id)]
    rollback: Option<ContentId>,
    /// While the key is changed: file of the key that signed what is in force
    #[arg(long, value_name = "FILE")]
    old_key_file: Option<PathBuf>,
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
        let old_key = self.old_key_file.as_deref().map(|path| KeyFile::at(path).reader_key());
        let readers = [Some(key.reader_key()), old_key.transpose()?];
        let live = live_root(&mut kv, &folder.root.program, readers.iter().flatten())?;
        let published = match self.rollback {
            Some(id) => roll_back(&mut kv, &key, live.as_ref(), id)?,
            None => put_all(&mut kv, &key, live.as_ref(), &folder)?,
        };
        self.output.print(&published, as_table)?;
        Ok(Ended::Done)
    }
}

/// Writes what is not there yet, reads it back, and only then moves the root.
fn put_all(
    kv: &mut Kv,
    key: &ProgramKey,
    live: Option<&Root>,
    folder: &Folder,
) -> Result<Published, Failure> {
    let snapshot = &folder.snapshot;
    let mut objects = Vec::new();
    for index in 0..snapshot.shard_count() {
        let id = snapshot.shard_id(index)?;
        objects.push((shard_key(id), id));
    }
    objects.push((manifest_key(folder.root.manifest), folder.root.manifest));
    objects.dedup();
    let keys: Vec<String> = objects.iter().map(|(key, _)| key.clone()).collect();
    let there = kv.has(&keys)?;
    let missing: Vec<_> = objects
        .iter()
        .zip(&there)
        .filter(|(_, there)| !**there)
        .map(|(object, _)| object)
        .collect();
    let bar = ProgressBar::new(missing.len() as u64);
    for (name, id) in &missing {
        let bytes = match *id == folder.root.manifest {
            true => snapshot.manifest().to_vec(),
            false => folder.shard(*id)?,
        };
        kv.put(name, &bytes)?;
        check_content(kv, name, *id)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let previous = match live {
        // The same snapshot again: what came before it is still what came before.
        Some(live) if live.manifest == folder.root.manifest => live.previous,
        Some(live) => Some(live.manifest),
        None => None,
    };
    let program = folder.root.program.clone();
    let root = put_root(kv, key, live, program, folder.root.manifest, previous)?;
    let objects_swept = sweep::run(kv, key, live)?;
    Ok(Published {
        objects_written: missing.len(),
        objects_kept: objects.len() - missing.len(),
        objects_swept,
        ..published(&root)
    })
}

/// Moves the root to a snapshot that is still there.
fn roll_back(
    kv: &mut Kv,
    key: &ProgramKey,
    live: Option<&Root>,
    id: ContentId,
) -> Result<Published, Failure> {
    let nothing = || Failure::new("nothing is published yet").mend("publish without --rollback");
    let live = live.ok_or_else(nothing)?;
    if !kv.has(&[manifest_key(id)])?.contains(&true) {
        let failure = Failure::new("KV no longer has that snapshot").at(manifest_key(id));
        return Err(failure.mend("build it again and publish it"));
    }
    check_content(kv, &manifest_key(id), id)?;
    let manifest = kv.get(&manifest_key(id))?;
    let snapshot = Snapshot::open(manifest, key.hash_key())?;
    let mut shards = Vec::new();
    for index in 0..snapshot.shard_count() {
        shards.push(shard_key(snapshot.shard_id(index)?));
    }
    if snapshot.program()?.id != live.program || kv.has(&shards)?.contains(&false) {
        let failure = Failure::new("that snapshot is another program's, or no longer whole");
        return Err(failure.at(manifest_key(id)).mend("build it again and publish it"));
    }
    let previous = Some(live.manifest);
    let root = put_root(kv, key, Some(live), live.program.clone(), id, previous)?;
    Ok(published(&root))
}

/// The root in force, signed by one of the keys.
fn live_root<'k>(
    kv: &mut Kv,
    program: &ProgramId,
    readers: impl Iterator<Item = &'k ReaderKey>,
) -> Result<Option<Root>, Failure> {
    let name = root_key(program);
    if !kv.has(std::slice::from_ref(&name))?.contains(&true) {
        return Ok(None);
    }
    let bytes = kv.get(&name)?;
    let mut failure = Failure::new("no key");
    for reader in readers {
        match Root::decode(&bytes, reader) {
            Ok(root) => return Ok(Some(root)),
            Err(error @ SnapshotError::OtherKey { .. }) => failure = Failure::new(error).at(&name),
            Err(error) => return Err(Failure::from(error).at(&name)),
        }
    }
    Err(failure.mend("while a key is changed, --old-key-file names the one before"))
}

fn put_root(
    kv: &mut Kv,
    key: &ProgramKey,
    live: Option<&Root>,
    program: ProgramId,
    manifest: ContentId,
    previous: Option<ContentId>,
) -> Result<Root, Failure> {
    let generation = live.map_or(0, |live| live.generation).saturating_add(1);
    let root = Root { generation, built_at: instant::now(), manifest, previous, program };
    kv.put(&root_key(&root.program), &root.encode(key))?;
    Ok(root)
}

fn check_content(kv: &mut Kv, name: &str, id: ContentId) -> Result<(), Failure> {
    if ContentId::of(&kv.get(name)?) == id {
        return Ok(());
    }
    let failure = Failure::new("what KV gives back is not what was written").at(name);
    Err(failure.mend("publish again; the root has not been moved"))
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
