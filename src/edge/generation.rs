//! One generation of a program: what a root names, opened.
//!
//! Most roots lay a few changes over what the isolate holds already; then they are all that is
//! read.

use super::bindings::now;
use super::shards::{Buffer, OBJECT_CACHE_TTL_S};
use super::snapshots::Trouble;
use crate::id::PartnerId;
use crate::platform::kv::Namespace;
use crate::program::Program;
use crate::snapshot::{ContentId, Delta, ReaderKey, Root, Snapshot};
use crate::time::UnixMillis;
use crate::wire::{SnapshotFacts, SnapshotHealth};

use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::rc::Rc;

/// One generation of a program, opened.
#[derive(Debug)]
pub struct Generation {
    /// The root that names it.
    pub root: Root,
    /// The manifest and the deltas over it; they lie in the memory of the module.
    pub snapshot: Snapshot<SharedBytes>,
    /// The program and its settings.
    pub program: Program,
    /// The content of the public bundle.
    pub public_id: ContentId,
    /// When KV last confirmed that it is in force.
    pub confirmed_at: Cell<UnixMillis>,
    always_owners: OnceCell<BTreeSet<PartnerId>>,
    has_caps: OnceCell<bool>,
}

/// Bytes that several generations have in common.
#[derive(Debug, Clone)]
pub struct SharedBytes(Rc<Vec<u8>>);

impl Generation {
    /// Opens what a root names; what the generation before has is taken from there.
    ///
    /// # Errors
    ///
    /// [`Trouble`] when an object is not there, is not what its name says, or cannot be opened.
    pub async fn load(
        kv: &Namespace,
        (root, key): (Root, &ReaderKey),
        confirmed_at: UnixMillis,
        before: Option<&Generation>,
    ) -> Result<Self, Trouble> {
        let same = before.filter(|before| before.root.manifest == root.manifest);
        let (base, program, public_id) = match same {
            Some(same) => (same.snapshot.clone(), same.program.clone(), same.public_id),
            None => open_manifest(kv, root.manifest, key).await?,
        };
        let deltas = open_deltas(kv, &root, key, before).await?;
        Ok(Generation {
            root,
            snapshot: base.with_deltas(deltas)?,
            program,
            public_id,
            confirmed_at: Cell::new(confirmed_at),
            always_owners: OnceCell::new(),
            has_caps: OnceCell::new(),
        })
    }

    /// What every answer says of the snapshot that it was read from: its id, and how long ago KV
    /// last confirmed that this is the one in force. KV itself may be a minute behind the
    /// publication.
    #[must_use]
    pub fn facts(&self) -> SnapshotFacts {
        let age_ms = now().0.saturating_sub(self.confirmed_at.get().0);
        SnapshotFacts {
            id: self.root.manifest.to_string(),
            age_ms: u64::try_from(age_ms).unwrap_or(0),
        }
    }

    /// Who owns a code that credits its owner whatever was clicked. All terms are read for it when
    /// it is first asked.
    #[must_use]
    pub fn always_owners(&self) -> &BTreeSet<PartnerId> {
        self.always_owners.get_or_init(|| self.snapshot.always_owners().unwrap_or_default())
    }

    /// Whether uses of any of its codes are counted. All terms are read for it when it is first
    /// asked.
    #[must_use]
    pub fn has_caps(&self) -> bool {
        // Terms that cannot be read are refused where a code needs them.
        *self.has_caps.get_or_init(|| self.snapshot.has_caps().unwrap_or(true))
    }

    /// What operators are told about it.
    #[must_use]
    pub fn health(&self) -> SnapshotHealth {
        SnapshotHealth::new(self.facts(), self.root.generation, self.root.built_at)
    }

    /// A delta that a root names, if it is held.
    fn delta(&self, id: &ContentId) -> Option<Delta<SharedBytes>> {
        let index = self.root.deltas.iter().position(|held| held == id)?;
        self.snapshot.deltas().get(index).cloned()
    }
}

/// Reads a value that must be there.
///
/// # Errors
///
/// [`Trouble`] when it is not there, or KV does not answer.
pub async fn read(kv: &Namespace, key: String, cache_ttl_s: u32) -> Result<Buffer, Trouble> {
    let value = kv.get(&key, cache_ttl_s).await.map_err(Trouble::Platform)?;
    value.map(Buffer::new).ok_or(Trouble::Absent { key })
}

/// Reads an object and checks that it is what its name says.
async fn read_object(
    kv: &Namespace,
    kind: char,
    object: &'static str,
    id: ContentId,
) -> Result<Vec<u8>, Trouble> {
    let value = read(kv, format!("{kind}/{id}"), OBJECT_CACHE_TTL_S).await?;
    value.require(object, id).await?;
    Ok(value.to_vec())
}

async fn open_manifest(
    kv: &Namespace,
    id: ContentId,
    key: &ReaderKey,
) -> Result<(Snapshot<SharedBytes>, Program, ContentId), Trouble> {
    let manifest = read_object(kv, 'm', "manifest", id).await?;
    let snapshot = Snapshot::open(SharedBytes::new(manifest), key.hash_key().clone())?;
    let program = snapshot.program()?;
    let public_id = ContentId::of(snapshot.public_bundle());
    Ok((snapshot, program, public_id))
}

/// Opens the deltas of a root, the oldest first.
async fn open_deltas(
    kv: &Namespace,
    root: &Root,
    key: &ReaderKey,
    before: Option<&Generation>,
) -> Result<Vec<Delta<SharedBytes>>, Trouble> {
    let mut deltas = Vec::new();
    for id in &root.deltas {
        let held = before.and_then(|before| before.delta(id));
        deltas.push(match held {
            Some(held) => held,
            None => open_delta(read_object(kv, 'd', "delta", *id).await?, key)?,
        });
    }
    if !root.inline.is_empty() {
        deltas.push(open_delta(root.inline.clone(), key)?);
    }
    Ok(deltas)
}

fn open_delta(bytes: Vec<u8>, key: &ReaderKey) -> Result<Delta<SharedBytes>, Trouble> {
    Ok(Delta::open(SharedBytes::new(bytes), key.hash_key())?)
}

impl SharedBytes {
    fn new(bytes: Vec<u8>) -> Self {
        SharedBytes(Rc::new(bytes))
    }
}

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
