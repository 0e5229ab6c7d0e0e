//! Deletes the objects that nobody can be reading any more, and that nobody can want back.
//!
//! A publication is kept while it is in force, for a day after, and while the root in force names
//! its manifest as the one before. What is then given up can no longer come back, and the objects
//! that only such publications name are deleted, and shards of folds that came to no end. Other
//! objects that no publication names are left alone: they can be those of somebody who publishes at
//! this moment.
//!
//! Programmes share the namespace and may share objects. Those that are kept here are in the
//! database; for roots that `promo publish` wrote KV is asked, and where one cannot be read nothing
//! is swept.

use super::work::Work;
use crate::admin::failure::Failure;
use crate::admin::store::Statement;
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::storage::Store;
use crate::snapshot::{ContentId, Root, Snapshot};

use serde::Deserialize;
use worker::console_error;

/// When to look next, and behind which name a sweep goes on that is under way.
pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS sweep (
        one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, cursor TEXT NOT NULL
    );";

/// Objects that are deleted at a time: an invocation may ask the platform for a thousand things.
const NAMES_COUNT: u32 = 500;

/// How many times it is looked in the time that publications are kept.
const LOOKS: i64 = 24;

/// Publications that have been out of force for so long, but for those that share their manifest
/// with the one before the one in force.
const GIVE_UP: &str = "
    UPDATE publications SET keeping = 'given_up' WHERE program = ?1 AND generation IN (
        SELECT generation FROM (
            SELECT generation, manifest, lead(at) OVER (ORDER BY generation) AS ended_at
            FROM publications WHERE program = ?1 AND keeping = 'kept'
        )
        WHERE ended_at <= ?2 AND manifest IS NOT (
            SELECT previous FROM publications WHERE program = ?1
            ORDER BY generation DESC LIMIT 1
        )
    )";

/// Claims what only publications of this programme name that are given up, or folds of it: none is
/// under way.
const CLAIM_UNUSED: &str = "
    INSERT INTO object_claims (program, claim, name)
    WITH named (program, keeping, name) AS (
        SELECT program, keeping, 'm/' || manifest FROM publications WHERE keeping <> 'swept'
        UNION
        SELECT program, keeping, 'd/' || (delta.value ->> '$.id')
        FROM publications, json_each(deltas) AS delta WHERE keeping <> 'swept'
        UNION
        SELECT naming.program, naming.keeping, 's/' || shard.value
        FROM (
            SELECT DISTINCT program, base, keeping FROM publications WHERE keeping <> 'swept'
        ) AS naming
        JOIN publications AS written
            ON written.program = naming.program AND written.generation = naming.base,
            json_each(written.shards) AS shard
        UNION
        SELECT program, iif(program = ?1, 'given_up', 'kept'), name
        FROM object_claims WHERE claim = 'put'
    )
    SELECT ?1, 'delete', name FROM (
        SELECT name FROM named WHERE program = ?1 AND keeping = 'given_up' AND name > ?3
        EXCEPT SELECT name FROM named WHERE keeping = 'kept'
        EXCEPT SELECT value FROM json_each(?2)
        ORDER BY name LIMIT ?4
    )";

const CLAIMED: &str =
    "SELECT name FROM object_claims WHERE program = ?1 AND claim = 'delete' ORDER BY name";

const UNCLAIM: &str = "DELETE FROM object_claims WHERE program = ?1 AND claim = ?2";

const SWEPT: &str = "
    UPDATE publications SET keeping = 'swept', inline = x''
    WHERE program = ?1 AND keeping = 'given_up'";

/// When the first publication that is out of force was put out of it.
const NEXT: &str = "
    SELECT min(ended_at) AS ended_at FROM (
        SELECT manifest, lead(at) OVER (ORDER BY generation) AS ended_at
        FROM publications WHERE program = ?1 AND keeping = 'kept'
    )
    WHERE manifest IS NOT (
        SELECT previous FROM publications WHERE program = ?1 ORDER BY generation DESC LIMIT 1
    )";

const KNOWN: &str = "
    SELECT count(*) AS count FROM publications
    WHERE program = ?1 AND generation = ?2 AND manifest = ?3 AND keeping = 'kept'";

/// How far a sweep is.
#[derive(Debug)]
enum Swept {
    /// Everything is deleted that is to be.
    All,
    /// So far, by name.
    UpTo(String),
    /// Nothing can be: whether it is still needed cannot be told.
    Nothing,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Ended {
    ended_at: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Counted {
    count: u32,
}

impl Work {
    /// Sweeps, where it is time to; hands over in how many milliseconds it is time again, if ever.
    ///
    /// # Errors
    ///
    /// What the database or KV says. What was given up stays so, and is deleted next time.
    pub async fn sweep(&self, own: &Store) -> Result<Option<i64>, Failure> {
        let row = own.row("SELECT at, cursor FROM sweep", [])?;
        let wait_ms = row.as_ref().and_then(|row| row.number(0)).unwrap_or(0);
        let wait_ms = wait_ms.saturating_sub(now().0);
        if wait_ms > 0 {
            return Ok(Some(wait_ms));
        }
        self.doing("sweeping what was published long ago");
        let cursor = row.map(|row| row.text(1).to_owned()).unwrap_or_default();
        let soonest = self.settings.kept_ms.checked_div(LOOKS).unwrap_or(0);
        match self.delete_unused(&cursor).await? {
            Swept::All => {}
            Swept::UpTo(cursor) => {
                note(own, now().0, &cursor)?;
                return Ok(Some(0));
            }
            Swept::Nothing => {
                note(own, now().plus_ms(soonest).0, "")?;
                return Ok(Some(soonest));
            }
        }
        let program = || self.program.as_str().into();
        let next: Option<Ended> = self.store.row(Statement::new(NEXT, [program()])).await?;
        let ended_at = next.and_then(|next| next.ended_at).map(|at| at as i64);
        let kept_ms = self.settings.kept_ms;
        let soonest = now().plus_ms(soonest).0;
        let at = ended_at.map(|ended_at| ended_at.saturating_add(kept_ms).max(soonest));
        note(own, at.unwrap_or(soonest), "")?;
        Ok(at.map(|at| at.saturating_sub(now().0).max(0)))
    }

    /// Gives up what is over, and deletes what only that names, so many at a time.
    async fn delete_unused(&self, cursor: &str) -> Result<Swept, Failure> {
        let program = || self.program.as_str().into();
        let over = now().0.saturating_sub(self.settings.kept_ms);
        self.note([Statement::new(GIVE_UP, [program(), (over as f64).into()])]).await?;
        if !self.claim_unused(&[], cursor).await?.is_empty() {
            let Some(used) = self.used_elsewhere().await? else {
                self.unclaim("delete").await?;
                return Ok(Swept::Nothing);
            };
            let names = self.claim_unused(&used, cursor).await?;
            for Named { name } in &names {
                self.kv.delete(name).await?;
            }
            self.unclaim("delete").await?;
            let is_full = u32::try_from(names.len()).is_ok_and(|count| count == NAMES_COUNT);
            if let Some(Named { name }) = names.into_iter().next_back().filter(|_| is_full) {
                return Ok(Swept::UpTo(name));
            }
        }
        let unclaim = Statement::new(UNCLAIM, [program(), "put".into()]);
        self.note([Statement::new(SWEPT, [program()]), unclaim]).await?;
        Ok(Swept::All)
    }

    /// What is to be deleted next: from now on no fold counts on it.
    async fn claim_unused(&self, used: &[String], cursor: &str) -> Result<Vec<Named>, Failure> {
        let program = || self.program.as_str().into();
        let used = serde_json::to_string(used)?;
        let values = [program(), used.into(), cursor.into(), NAMES_COUNT.into()];
        // Those of a sweep that was cut off may be needed again by now.
        let unclaim = Statement::new(UNCLAIM, [program(), "delete".into()]);
        let claim = Statement::new(CLAIM_UNUSED, values);
        self.noted([unclaim, claim, Statement::new(CLAIMED, [program()])]).await
    }

    async fn unclaim(&self, claim: &str) -> Result<(), Failure> {
        let values = [self.program.as_str().into(), claim.into()];
        self.note([Statement::new(UNCLAIM, values)]).await
    }

    /// The objects that roots name of which the database does not know; `None` when one cannot be
    /// read.
    async fn used_elsewhere(&self) -> Result<Option<Vec<String>>, Failure> {
        let mut used = Vec::new();
        for name in self.kv.list("r/").await? {
            match self.objects_of(&name).await? {
                Some(names) => used.extend(names),
                None => {
                    console_error!("not sweeping: {name} cannot be read with the PROGRAM_KEY");
                    return Ok(None);
                }
            }
        }
        Ok(Some(used))
    }

    /// The objects that a root names, unless the database has it; `None` when it cannot be read.
    async fn objects_of(&self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        let program = name.strip_prefix("r/").and_then(|name| ProgramId::parse(name).ok());
        let key = program.as_ref().and_then(|program| self.settings.key_of(program).ok());
        let (Some(key), Some(bytes)) = (key, self.read(name).await?) else { return Ok(None) };
        let Ok(root) = Root::decode(&bytes, &key.reader_key()) else { return Ok(None) };
        let values = [
            root.program.as_str().into(),
            (root.generation as f64).into(),
            root.manifest.to_string().into(),
        ];
        let known: Option<Counted> = self.store.row(Statement::new(KNOWN, values)).await?;
        if known.is_some_and(|known| known.count > 0) {
            return Ok(Some(Vec::new()));
        }
        let mut names: Vec<String> = root.deltas.iter().map(|id| format!("d/{id}")).collect();
        for id in [Some(root.manifest), root.previous].into_iter().flatten() {
            let Some(bytes) = self.manifest(id).await? else { continue };
            let Ok(snapshot) = Snapshot::open(bytes, key.hash_key()) else { return Ok(None) };
            names.push(format!("m/{id}"));
            let shards = (0..snapshot.shard_count()).map(|index| snapshot.shard_id(index));
            let Ok(shards) = shards.collect::<Result<Vec<ContentId>, _>>() else {
                return Ok(None);
            };
            names.extend(shards.iter().map(|shard| format!("s/{shard}")));
        }
        Ok(Some(names))
    }
}

fn note(own: &Store, at: i64, cursor: &str) -> Result<(), Failure> {
    Ok(own.run("INSERT OR REPLACE INTO sweep VALUES (1, ?, ?)", [at.into(), cursor.into()])?)
}
