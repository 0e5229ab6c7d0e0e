//! What the publisher does when it wakes.

use super::publication::{self, Kind, Publication, Sealed, latest};
use super::{Next, Wish, base, changes};
use crate::admin::bindings;
use crate::admin::failure::Failure;
use crate::admin::settings::Settings;
use crate::admin::store::{Statement, Store};
use crate::catalog::Catalog;
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::kv::Namespace;
use crate::snapshot::{ContentId, DELTAS_MAX, HashKey, INLINE_SIZE_MAX, Root};

use serde::Deserialize;
use worker::Env;

use std::rc::Rc;

/// The least time between two roots: KV takes one write a second to a key.
const INTERVAL_MS: i64 = 1_000;

/// How long KV may answer from a copy when what was written is read back: the least that it takes.
const CACHE_TTL_S: u32 = 30;

/// One publication at work.
#[derive(Debug)]
pub struct Work {
    settings: Rc<Settings>,
    store: Store,
    kv: Namespace,
    program: ProgramId,
}

/// Where the programme stands.
#[derive(Debug, Deserialize)]
struct Revision {
    /// Of its last edit.
    revision: u64,
    /// Of the last edit of anything but a code that no page holds.
    manifest_revision: u64,
    edited_by: String,
}

/// A row that nothing is read of.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// What a publication is made of, before its root is written.
#[derive(Debug)]
struct Parts {
    kind: Kind,
    manifest: ContentId,
    manifest_revision: u64,
    codes_revision: u64,
    deltas: Vec<Sealed>,
    inline: Vec<u8>,
    objects: Vec<(String, ContentId, Vec<u8>)>,
}

/// A change of what the manifest holds: settings, partners, deals, lists and public codes.
const REVISION: &str = "
    SELECT revision, edited_by, max(
        settings_revision,
        public_revision,
        coalesce((SELECT max(revision) FROM partners WHERE program = ?1), 0),
        coalesce((SELECT max(revision) FROM deals WHERE program = ?1), 0),
        coalesce((SELECT max(revision) FROM exception_lists WHERE program = ?1), 0)
    ) AS manifest_revision FROM programs WHERE id = ?1";

impl Work {
    /// On a program.
    ///
    /// # Errors
    ///
    /// [`Failure::Misconfigured`].
    pub fn new(env: &Env, program: ProgramId) -> Result<Self, Failure> {
        Ok(Work {
            settings: Settings::of(env)?,
            store: bindings::catalog(env)?,
            kv: bindings::snapshots(env)?,
            program,
        })
    }

    /// Publishes what has changed, if anything has.
    ///
    /// # Errors
    ///
    /// What the database or KV says. Nothing is half published then.
    pub async fn publish(&self) -> Result<Next, Failure> {
        let last = latest(&self.store, &self.program).await?;
        if let Some(last) = last.as_ref().filter(|last| !last.is_put) {
            // It was noted, and perhaps written: written again, it is the same.
            self.put_root(last).await?;
            return Ok(Next::AfterMs(INTERVAL_MS));
        }
        let asked = Statement::new(REVISION, [self.program.as_str().into()]);
        let Some(now_at) = self.store.row::<Revision>(asked).await? else {
            return Ok(Next::WhenTold);
        };
        let is_live = |last: &Publication| last.is_held() || last.revision >= now_at.revision;
        if last.as_ref().is_some_and(is_live) {
            return Ok(Next::WhenTold);
        }
        if let Some(wait_ms) = last.as_ref().and_then(wait_ms) {
            return Ok(Next::AfterMs(wait_ms));
        }
        let parts = self.parts(last.as_ref(), &now_at).await?;
        self.put(last.as_ref(), parts, now_at.revision, now_at.edited_by).await?;
        // An edit that was made meanwhile is seen on the way round.
        Ok(Next::AfterMs(INTERVAL_MS))
    }

    /// Publishes once more what was published as a generation, and holds back what was edited
    /// since.
    ///
    /// # Errors
    ///
    /// What the database or KV says; and when the generation is none.
    pub async fn roll_back(&self, wish: &Wish) -> Result<(), Failure> {
        let (store, program) = (&self.store, &self.program);
        let before = wish.generation.saturating_add(1);
        let found = publication::history(store, program, before, 1).await?;
        let found = found.into_iter().find(|found| found.generation == wish.generation);
        let Some(wanted) = found else { return Ok(()) };
        let last = latest(store, program).await?;
        let is_done = |last: &Publication| {
            last.kind == Kind::Rollback && last.is_put && last.revision == wanted.revision
        };
        if last.as_ref().is_some_and(is_done) {
            return Ok(());
        }
        let parts = Parts {
            kind: Kind::Rollback,
            manifest: wanted.manifest,
            manifest_revision: wanted.manifest_revision,
            codes_revision: wanted.codes_revision,
            deltas: wanted.deltas,
            inline: wanted.inline,
            objects: Vec::new(),
        };
        self.put(last.as_ref(), parts, wanted.revision, wish.who.clone()).await
    }

    /// What has to be written so that readers see the programme as it is.
    async fn parts(&self, last: Option<&Publication>, at: &Revision) -> Result<Parts, Failure> {
        let key = self.settings.key_of(&self.program)?.hash_key();
        let catalog = base::catalog(&self.store, &self.program).await?;
        if let Some(last) = last
            && let Some(parts) = self.changes(last, at, &catalog, &key).await?
        {
            return Ok(parts);
        }
        let built = base::build(&self.store, &catalog, key).await?;
        let mut parts = Parts {
            kind: Kind::Base,
            manifest: ContentId::of(&built.manifest),
            manifest_revision: at.revision,
            codes_revision: at.revision,
            deltas: Vec::new(),
            inline: Vec::new(),
            objects: Vec::new(),
        };
        built.shards.into_iter().for_each(|shard| parts.push('s', shard));
        parts.push('m', built.manifest);
        Ok(parts)
    }

    /// What has changed since the last publication, where that is less than all of it: codes are a
    /// delta, anything else is a manifest over the same shards.
    async fn changes(
        &self,
        last: &Publication,
        at: &Revision,
        catalog: &Catalog,
        key: &HashKey,
    ) -> Result<Option<Parts>, Failure> {
        let after = last.sealed_revision();
        let delta = changes::delta(&self.store, &catalog.program, key, after).await?;
        let Some(mut parts) = delta.and_then(|delta| over(last, delta, at.revision)) else {
            return Ok(None);
        };
        if last.manifest_revision >= at.manifest_revision {
            return Ok(Some(parts));
        }
        let Some(base) = self.kv.get(&format!("m/{}", last.manifest), CACHE_TTL_S).await? else {
            return Ok(None);
        };
        let base = js_sys::Uint8Array::new(&base).to_vec();
        let refreshed = base::refresh(&self.store, catalog, key.clone(), &base).await?;
        Ok(refreshed.map(|manifest| {
            parts.kind = Kind::Refresh;
            parts.manifest = ContentId::of(&manifest);
            parts.manifest_revision = at.revision;
            parts.push('m', manifest);
            parts
        }))
    }

    /// Writes the objects, reads them back, notes the publication and writes its root.
    async fn put(
        &self,
        last: Option<&Publication>,
        parts: Parts,
        revision: u64,
        who: String,
    ) -> Result<(), Failure> {
        let mut put_size = 0usize;
        for (name, id, bytes) in &parts.objects {
            self.put_object(name, *id, bytes).await?;
            put_size = put_size.saturating_add(bytes.len());
        }
        let in_kv = self.generation_in_kv().await?;
        let above = last.map_or(0, |last| last.generation).max(in_kv);
        let put_count = u64::try_from(parts.objects.len()).unwrap_or(u64::MAX).saturating_add(1);
        let publication = Publication {
            generation: above.saturating_add(1),
            revision,
            at: now(),
            who,
            kind: parts.kind,
            manifest: parts.manifest,
            manifest_revision: parts.manifest_revision,
            codes_revision: parts.codes_revision,
            previous: previous(last, parts.manifest),
            deltas: parts.deltas,
            inline: parts.inline,
            put_count,
            put_size: u64::try_from(put_size).unwrap_or(u64::MAX),
            is_put: false,
            is_resumed: false,
        };
        self.note(publication.insert(&self.program)?).await?;
        self.put_root(&publication).await
    }

    async fn put_root(&self, publication: &Publication) -> Result<(), Failure> {
        let key = self.settings.key_of(&self.program)?;
        let root = publication.root(&self.program).ok_or("a publication without ids")?;
        let bytes = root.encode(key).map_err(|error| error.to_string())?;
        self.kv.put(&format!("r/{}", self.program), &bytes).await?;
        let sql = "UPDATE publications SET is_put = 1, put_size = put_size + ?3 \
                   WHERE program = ?1 AND generation = ?2 AND is_put = 0";
        let values = [
            self.program.as_str().into(),
            (publication.generation as f64).into(),
            (bytes.len() as f64).into(),
        ];
        self.note(Statement::new(sql, values)).await
    }

    async fn note(&self, statement: Statement) -> Result<(), Failure> {
        let noted = self.store.edit::<Nothing>(vec![statement]).await?;
        Ok(noted.map(drop).map_err(|clash| format!("{clash:?} stands against a publication"))?)
    }

    /// Writes an object and reads it back. KV remembers that it had nothing: so it is not asked
    /// before.
    async fn put_object(&self, name: &str, id: ContentId, bytes: &[u8]) -> Result<(), Failure> {
        self.kv.put(name, bytes).await?;
        let there = self.kv.get(name, CACHE_TTL_S).await?;
        let there = there.map(|there| js_sys::Uint8Array::new(&there).to_vec());
        if there.is_some_and(|there| ContentId::of(&there) == id) {
            return Ok(());
        }
        Err(Failure::Platform(format!("KV does not give back what was written as {name}").into()))
    }

    /// The generation that readers may have: somebody may have published from elsewhere.
    async fn generation_in_kv(&self) -> Result<u64, Failure> {
        let key = self.settings.key_of(&self.program)?;
        let Some(root) = self.kv.get(&format!("r/{}", self.program), CACHE_TTL_S).await? else {
            return Ok(0);
        };
        let root = js_sys::Uint8Array::new(&root).to_vec();
        let root = Root::decode(&root, &key.reader_key()).map_err(|error| error.to_string())?;
        Ok(root.generation)
    }
}

impl Parts {
    /// Adds an object, by the letter that its key begins with.
    fn push(&mut self, letter: char, bytes: Vec<u8>) {
        let id = ContentId::of(&bytes);
        self.objects.push((format!("{letter}/{id}"), id, bytes));
    }
}

/// A delta over what was published: in the root while it is small, else as an object of its own;
/// `None` when there is no room for another.
fn over(last: &Publication, delta: Vec<u8>, revision: u64) -> Option<Parts> {
    let mut parts = Parts {
        kind: Kind::Delta,
        manifest: last.manifest,
        manifest_revision: last.manifest_revision,
        codes_revision: last.codes_revision,
        deltas: last.deltas.clone(),
        inline: delta,
        objects: Vec::new(),
    };
    if parts.inline.len() <= INLINE_SIZE_MAX {
        return Some(parts);
    }
    if parts.deltas.len() >= DELTAS_MAX {
        return None;
    }
    let sealed = std::mem::take(&mut parts.inline);
    let id = ContentId::of(&sealed).to_string();
    parts.deltas.push(Sealed { id, revision });
    parts.push('d', sealed);
    Some(parts)
}

/// The manifest to go back to: the one before this one.
fn previous(last: Option<&Publication>, manifest: ContentId) -> Option<ContentId> {
    let last = last?;
    if last.manifest == manifest { last.previous } else { Some(last.manifest) }
}

/// How long to wait until the next root may be written.
fn wait_ms(last: &Publication) -> Option<i64> {
    let since = now().0.saturating_sub(last.at.0);
    Some(INTERVAL_MS.saturating_sub(since)).filter(|wait| *wait > 0 && *wait <= INTERVAL_MS)
}
