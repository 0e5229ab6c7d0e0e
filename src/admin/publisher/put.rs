//! Writes what is published: objects, which are read back, then the root.

use super::publication::{Publication, latest};
use super::work::{Parts, Work};
use crate::admin::failure::Failure;
use crate::admin::store::Statement;
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::snapshot::{ContentId, Root, SnapshotError};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::Env;

/// How long KV may answer from a copy when what was written is read back: the least that it takes.
const CACHE_TTL_S: u32 = 30;

/// The claim on an object that a fold is about to put, and whether a sweep of another programme is
/// deleting it.
const CLAIM: &str = "INSERT OR IGNORE INTO object_claims VALUES (?1, 'put', ?2)";
const IS_BEING_DELETED: &str = "SELECT count(*) AS count FROM object_claims \
    WHERE name = ?2 AND claim = 'delete' AND program <> ?1";

/// No later publication counts on a base yet: the one that is renumbered is the last.
const RENUMBER: &str = "UPDATE publications \
    SET generation = ?3, base = iif(base = generation, ?3, base) \
    WHERE program = ?1 AND generation = ?2 AND is_put = 0";

const WRITE_AGAIN: &str = "UPDATE publications SET is_put = 0 \
    WHERE program = ?1 AND generation = ?2 AND generation = ( \
        SELECT max(generation) FROM publications WHERE program = ?1)";

#[derive(Debug, Deserialize)]
struct Counted {
    count: u32,
}

/// A row that nothing is read of.
#[derive(Debug, Deserialize)]
struct Nothing {}

impl Work {
    /// Writes the objects, notes the publication and writes its root.
    pub(super) async fn put(
        &self,
        last: Option<&Publication>,
        parts: Parts,
    ) -> Result<(), Failure> {
        let mut put_size = parts.put_size;
        for (name, id, bytes) in &parts.objects {
            self.put_object(name, *id, bytes).await?;
            put_size = put_size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        self.doing("publishing");
        let above = last.map_or(0, |last| last.generation).max(self.generation_in_kv().await?);
        let generation = above.saturating_add(1);
        let object_count = u64::try_from(parts.objects.len()).unwrap_or(u64::MAX);
        let publication = Publication {
            generation,
            revision: parts.revision,
            at: now(),
            who: parts.who,
            kind: parts.kind,
            manifest: parts.manifest,
            manifest_revision: parts.manifest_revision,
            codes_revision: parts.codes_revision,
            previous: previous(last, parts.manifest),
            base: parts.base.unwrap_or(generation),
            deltas: parts.deltas,
            inline: parts.inline,
            // The root is one more.
            put_count: parts.put_count.saturating_add(object_count).saturating_add(1),
            put_size,
            is_put: false,
            is_resumed: false,
            is_kept: true,
        };
        self.note([publication.insert(&self.program, parts.shards.as_deref())?]).await?;
        self.put_root(&publication).await
    }

    /// Writes the root of a publication that was noted, and perhaps written: again, it is the same.
    /// Should readers have a later one by now, because somebody published past the database, it
    /// becomes the one after that.
    pub(super) async fn put_noted(&self, noted: &Publication) -> Result<(), Failure> {
        let in_kv = self.generation_in_kv().await?;
        if in_kv <= noted.generation {
            return self.put_root(noted).await;
        }
        let generation = in_kv.saturating_add(1);
        let values = [
            self.program.as_str().into(),
            (noted.generation as f64).into(),
            (generation as f64).into(),
        ];
        self.note([Statement::new(RENUMBER, values)]).await?;
        self.put_root(&Publication { generation, ..noted.clone() }).await
    }

    async fn put_root(&self, publication: &Publication) -> Result<(), Failure> {
        self.doing("writing the root");
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
        self.note([Statement::new(sql, values)]).await
    }

    /// Does all of these, or nothing.
    pub(super) async fn note<const N: usize>(
        &self,
        statements: [Statement; N],
    ) -> Result<(), Failure> {
        self.noted::<Nothing, N>(statements).await.map(drop)
    }

    /// Does all of these, or nothing; hands over what the last one reads.
    pub(super) async fn noted<T: DeserializeOwned, const N: usize>(
        &self,
        statements: [Statement; N],
    ) -> Result<Vec<T>, Failure> {
        let noted = self.store.edit::<T>(statements.into()).await?;
        Ok(noted.map_err(|clash| format!("{clash:?} stands against a publication"))?)
    }

    /// Writes a shard, which no publication names yet and another programme may have, too.
    pub(super) async fn put_shard(&self, id: ContentId, bytes: &[u8]) -> Result<(), Failure> {
        let name = format!("s/{id}");
        let claim = |sql| Statement::new(sql, [self.program.as_str().into(), name.as_str().into()]);
        let deleted: Vec<Counted> = self.noted([claim(CLAIM), claim(IS_BEING_DELETED)]).await?;
        if deleted.iter().any(|deleted| deleted.count > 0) {
            return Err(Failure::Stopped {
                failed: format!("putting {name}"),
                expected: "an object that nobody is deleting".to_owned(),
                got: "one that another programme has just given up".to_owned(),
                remedy: "it is put when that is done, by itself",
            });
        }
        self.put_object(&name, id, bytes).await
    }

    /// Writes an object and reads it back. KV remembers that it had nothing: so it is not asked
    /// before.
    pub(super) async fn put_object(
        &self,
        name: &str,
        id: ContentId,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        self.kv.put(name, bytes).await?;
        let there = self.read(name).await?;
        if there.is_some_and(|there| ContentId::of(&there) == id) {
            return Ok(());
        }
        Err(Failure::Platform(format!("KV does not give back what was written as {name}").into()))
    }

    /// A manifest that was published; `None` when KV does not have it, whole.
    pub(super) async fn manifest(&self, id: ContentId) -> Result<Option<Vec<u8>>, Failure> {
        let there = self.read(&format!("m/{id}")).await?;
        Ok(there.filter(|there| ContentId::of(there) == id))
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let there = self.kv.get(name, CACHE_TTL_S).await?;
        Ok(there.map(|there| js_sys::Uint8Array::new(&there).to_vec()))
    }

    /// The generation that readers may have. The database does not know of a root that somebody
    /// wrote by `promo publish`; one below it would never be taken up, and to ask is one read
    /// beside the writes.
    async fn generation_in_kv(&self) -> Result<u64, Failure> {
        let key = self.settings.key_of(&self.program)?.reader_key();
        let name = format!("r/{}", self.program);
        let Some(root) = self.read(&name).await? else { return Ok(0) };
        let foreign = |error: SnapshotError| Failure::Stopped {
            failed: format!("reading {name} before another root is written over it"),
            expected: "a root that the PROGRAM_KEY of this Worker signed".to_owned(),
            got: error.to_string(),
            remedy: "give the Worker the key that published it, or delete that key from KV",
        };
        Ok(Root::decode(&root, &key).map_err(foreign)?.generation)
    }
}

/// Looks whether readers have a later root than the last publication's, because somebody published
/// past the database: then that publication is noted to be written once more, above it.
///
/// # Errors
///
/// What the database or KV says.
pub async fn notice_root(env: &Env, program: &ProgramId) -> Result<(), Failure> {
    let work = Work::new(env, program.clone())?;
    let Some(last) = latest(&work.store, program).await? else { return Ok(()) };
    if work.generation_in_kv().await? <= last.generation {
        return Ok(());
    }
    let values = [program.as_str().into(), (last.generation as f64).into()];
    work.note([Statement::new(WRITE_AGAIN, values)]).await
}

/// The manifest to go back to: the one before this one.
fn previous(last: Option<&Publication>, manifest: ContentId) -> Option<ContentId> {
    let last = last?;
    if last.manifest == manifest { last.previous } else { Some(last.manifest) }
}
