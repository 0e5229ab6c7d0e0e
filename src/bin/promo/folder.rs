//! A snapshot in a folder: `root`, `m/<id>`, `s/<id>`, `d/<id>`.

use crate::failure::Failure;

use promo_edge::code::FoldedCode;
use promo_edge::snapshot::{
    Built, ContentId, ContentMismatch, Delta, ProgramKey, ReaderKey, Root, Shards, Snapshot,
    SnapshotError,
};

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// An opened folder: the root is signed by the key, and the manifest and the deltas are those that
/// the root names.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The root.
    pub root: Root,
    /// The manifest, and the deltas over it.
    pub snapshot: Snapshot<Vec<u8>>,
}

/// The shards that look-ups need.
#[derive(Debug, Default)]
pub struct LoadedShards(HashMap<usize, Vec<u8>>);

impl Folder {
    /// Opens a folder that [`Folder::write`] wrote.
    pub fn open(path: &Path, key: &ReaderKey) -> Result<Self, Failure> {
        let root = read(&path.join("root"))
            .map_err(|failure| failure.mend("`promo build --out` makes such a folder"))?;
        let root = Root::decode(&root, key).map_err(|error| at(path, error))?;
        let manifest = read_object(path, "manifest", &manifest_key(root.manifest), root.manifest)?;
        let mut deltas = Vec::new();
        for id in &root.deltas {
            deltas.push(read_object(path, "delta", &delta_key(*id), *id)?);
        }
        if !root.inline.is_empty() {
            deltas.push(root.inline.clone());
        }
        let open = || {
            let deltas = deltas.into_iter().map(|delta| Delta::open(delta, key.hash_key()));
            let snapshot = Snapshot::open(manifest, key.hash_key().clone())?;
            snapshot.with_deltas(deltas.collect::<Result<_, _>>()?)
        };
        let snapshot = open().map_err(|error| at(path, error))?;
        Ok(Folder { path: path.to_owned(), root, snapshot })
    }

    /// A shard's bytes, checked against its id.
    pub fn shard(&self, id: ContentId) -> Result<Vec<u8>, Failure> {
        self.object(&shard_key(id), id)
    }

    /// The bytes of a manifest, a delta or a shard, checked against its id.
    pub fn object(&self, name: &str, id: ContentId) -> Result<Vec<u8>, Failure> {
        let object = match name.split_once('/') {
            Some(("m", _)) => "manifest",
            Some(("d", _)) => "delta",
            _ => "shard",
        };
        let read = read_object(&self.path, object, name, id);
        read.map_err(|it| it.mend("`promo verify` checks the rest; build the snapshot again"))
    }

    /// Reads the shards that a look-up of this code needs, unless they are there.
    pub fn load_shards(&self, code: &FoldedCode, into: &mut LoadedShards) -> Result<(), Failure> {
        for index in self.snapshot.shards_for(code)?.iter() {
            if let Entry::Vacant(place) = into.0.entry(index) {
                place.insert(self.shard(self.snapshot.shard_id(index)?)?);
            }
        }
        Ok(())
    }

    /// Writes a snapshot, whole or not at all; replaces one that stands there.
    pub fn write(path: &Path, root: &Root, key: &ProgramKey, built: &Built) -> Result<(), Failure> {
        if path.exists() && !path.join("root").exists() && !is_empty(path)? {
            return Err(Failure::new("the folder holds something that is not a snapshot")
                .at(path.display())
                .mend("name a new folder with --out"));
        }
        let desk = make_beside(path)?;
        let (new, old) = (desk.join("new"), desk.join("old"));
        let written = write_objects(&new, root, key, built).and_then(|()| swap(path, &new, &old));
        // What stood there before is only thrown away when something stands there again.
        if written.is_ok() || !old.exists() {
            fs::remove_dir_all(&desk).map_err(|error| Failure::file(&desk, &error)).and(written)
        } else {
            written
        }
    }
}

impl Shards for LoadedShards {
    type Source = [u8];

    fn get(&self, index: usize) -> Option<&[u8]> {
        self.0.get(&index).map(Vec::as_slice)
    }
}

/// A manifest's key in KV and path in a folder.
pub fn manifest_key(id: ContentId) -> String {
    format!("m/{id}")
}

/// A shard's key in KV and path in a folder.
pub fn shard_key(id: ContentId) -> String {
    format!("s/{id}")
}

/// A delta's key in KV and path in a folder.
pub fn delta_key(id: ContentId) -> String {
    format!("d/{id}")
}

fn read_object(
    folder: &Path,
    object: &'static str,
    name: &str,
    id: ContentId,
) -> Result<Vec<u8>, Failure> {
    let path = folder.join(name);
    let bytes = read(&path)?;
    match ContentMismatch::check(object, id, ContentId::of(&bytes)) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(at(&path, error)),
    }
}

fn at(path: &Path, error: SnapshotError) -> Failure {
    Failure::from(error).at(path.display())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::file(path, &error))
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    fs::write(path, bytes).map_err(|error| Failure::file(path, &error))
}

fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::rename(from, to).map_err(|error| Failure::file(to, &error))
}

fn is_empty(folder: &Path) -> Result<bool, Failure> {
    let mut entries = fs::read_dir(folder).map_err(|error| Failure::file(folder, &error))?;
    Ok(entries.next().is_none())
}

fn write_objects(
    folder: &Path,
    root: &Root,
    key: &ProgramKey,
    built: &Built,
) -> Result<(), Failure> {
    write_file(&folder.join("root"), &root.encode(key)?)?;
    write_file(&folder.join(manifest_key(root.manifest)), &built.manifest)?;
    for shard in &built.shards {
        write_file(&folder.join(shard_key(ContentId::of(shard))), shard)?;
    }
    Ok(())
}

/// Moves `new` to `path`, and what stands there to `old`; puts it back when that fails.
fn swap(path: &Path, new: &Path, old: &Path) -> Result<(), Failure> {
    if path.exists() {
        rename(path, old)?;
    }
    let Err(failure) = rename(new, path) else { return Ok(()) };
    if !old.exists() || rename(old, path).is_ok() {
        return Err(failure);
    }
    Err(failure.mend(format!("what stood there is in {}", old.display())))
}

/// Makes a folder beside another, on the same file system, so that a rename is all or nothing. Its
/// name is nobody else's: not even that of a run that was stopped.
fn make_beside(path: &Path) -> Result<PathBuf, Failure> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        fs::create_dir_all(parent).map_err(|error| Failure::file(parent, &error))?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut number = 0u32;
    loop {
        let desk = path.with_file_name(format!(".{name}.promo-{}-{number}", std::process::id()));
        match fs::create_dir(&desk) {
            Ok(()) => return Ok(desk),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(Failure::file(&desk, &error)),
        }
    }
}
