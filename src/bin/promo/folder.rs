//! A snapshot in a folder: `root`, `m/<id>`, `s/<id>`.

use crate::failure::Failure;

use promo_edge::code::FoldedCode;
use promo_edge::snapshot::{
    Built, ContentId, ProgramKey, ReaderKey, Root, Shards, Snapshot, SnapshotError,
};

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// An opened folder: the root is signed by the key, and the manifest is the one that the root
/// names.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The root.
    pub root: Root,
    /// The manifest.
    pub snapshot: Snapshot<Vec<u8>>,
}

/// The shards that a look-up needs.
#[derive(Debug, Default)]
pub struct LoadedShards(HashMap<usize, Vec<u8>>);

impl Folder {
    /// Opens a folder that [`Folder::write`] wrote.
    pub fn open(path: &Path, key: &ReaderKey) -> Result<Self, Failure> {
        let root = read(&path.join("root"))
            .map_err(|failure| failure.mend("`promo build --out` makes such a folder"))?;
        let root = Root::decode(&root, key).map_err(|error| at(path, error))?;
        let manifest = read(&path.join(manifest_key(root.manifest)))?;
        let got = ContentId::of(&manifest);
        if got != root.manifest {
            let error =
                SnapshotError::ContentMismatch { object: "manifest", expected: root.manifest, got };
            return Err(at(path, error));
        }
        let snapshot = Snapshot::open(manifest, key.hash_key().clone());
        Ok(Folder {
            path: path.to_owned(),
            root,
            snapshot: snapshot.map_err(|error| at(path, error))?,
        })
    }

    /// A shard's bytes, unchecked.
    pub fn shard(&self, id: ContentId) -> Result<Vec<u8>, Failure> {
        read(&self.path.join(shard_key(id)))
    }

    /// The shards that a look-up of this code needs.
    pub fn shards_for(&self, code: &FoldedCode) -> Result<LoadedShards, Failure> {
        let mut loaded = HashMap::new();
        for index in self.snapshot.shards_for(code)?.iter() {
            loaded.insert(index, self.shard(self.snapshot.shard_id(index)?)?);
        }
        Ok(LoadedShards(loaded))
    }

    /// Writes a snapshot, whole or not at all; replaces one that stands there.
    pub fn write(path: &Path, root: &Root, key: &ProgramKey, built: &Built) -> Result<(), Failure> {
        if path.exists() && !path.join("root").exists() && !is_empty(path)? {
            return Err(Failure::new("the folder holds something that is not a snapshot")
                .at(path.display())
                .mend("name a new folder with --out"));
        }
        let new = sibling(path, "new");
        let old = sibling(path, "old");
        remove(&new)?;
        write_file(&new.join("root"), &root.encode(key))?;
        write_file(&new.join(manifest_key(root.manifest)), &built.manifest)?;
        for shard in &built.shards {
            write_file(&new.join(shard_key(ContentId::of(shard))), shard)?;
        }
        remove(&old)?;
        if path.exists() {
            rename(path, &old)?;
        }
        rename(&new, path)?;
        remove(&old)
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

fn remove(folder: &Path) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).map_err(|error| Failure::file(folder, &error))
}

fn is_empty(folder: &Path) -> Result<bool, Failure> {
    let mut entries = fs::read_dir(folder).map_err(|error| Failure::file(folder, &error))?;
    Ok(entries.next().is_none())
}

/// A folder beside another, on the same file system, so that a rename is all or nothing.
fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{suffix}"));
    path.with_file_name(name)
}
