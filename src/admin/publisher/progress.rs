//! How far a fold is: kept in the object's own storage, so that it goes on where it was when an
//! isolate ends.

use super::codes::Cursor;
use super::row::StoredTerms;
use crate::platform::storage::{Row, Store, number};
use crate::snapshot::{Campaign, ContentId, Universe};

use worker::Result;

use std::collections::BTreeMap;

/// A fold goes through them in their order: codes are counted while `shard_count` is none, then
/// shards are written. `kept_shards` are those of the manifest in force when it began.
pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS fold (
        one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL,
        cursor TEXT NOT NULL, shard_count INTEGER, is_awaited INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS campaigns (
        terms TEXT PRIMARY KEY, code_count INTEGER NOT NULL, universe BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS kept_shards (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS shards (
        position INTEGER PRIMARY KEY, id TEXT NOT NULL, put_size INTEGER NOT NULL
    );";

/// Campaigns that are read at a time.
const CAMPAIGNS_COUNT: i64 = 2_000;

/// The codes that were counted, by their terms as they are kept.
pub type Counted = BTreeMap<String, (u64, Universe)>;

/// A fold that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The programme's revision whose codes it folds.
    pub revision: u64,
    /// Where counting goes on.
    pub cursor: Cursor,
    /// How many shards there will be; `None` while codes are counted.
    pub shard_count: Option<u64>,
    /// Whether edits wait for it.
    pub is_awaited: bool,
}

/// A shard that is where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenShard {
    /// Its id.
    pub id: ContentId,
    /// How many bytes were written; 0: it was there.
    pub put_size: u64,
}

/// The progress of a fold, in an object's storage.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a>(pub &'a Store);

impl Progress<'_> {
    /// The fold that is under way, if one is.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn fold(&self) -> Result<Option<Fold>> {
        let sql = "SELECT revision, cursor, shard_count, is_awaited FROM fold";
        let Some(row) = self.0.row(sql, [])? else { return Ok(None) };
        Ok(Some(Fold {
            revision: row.count(0),
            cursor: serde_json::from_str(row.text(1))?,
            shard_count: row.number(2).and_then(|count| u64::try_from(count).ok()),
            is_awaited: row.count(3) != 0,
        }))
    }

    /// Begins a fold of the codes at a revision, unless one is under way.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn begin(&self, revision: u64, start: &Cursor) -> Result<()> {
        let values = [number(revision), serde_json::to_string(start)?.into()];
        self.0.run("INSERT OR IGNORE INTO fold VALUES (1, ?, ?, NULL, 0)", values)
    }

    /// Says that edits wait for the fold.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn await_fold(&self) -> Result<()> {
        self.0.run("UPDATE fold SET is_awaited = 1", [])
    }

    /// Takes in what was counted, and where counting goes on.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn count(&self, counted: &Counted, next: &Cursor) -> Result<()> {
        self.0.transaction(|| {
            for (terms, (code_count, universe)) in counted {
                self.add(terms, *code_count, universe)?;
            }
            self.0.run("UPDATE fold SET cursor = ?", [serde_json::to_string(next)?.into()])
        })
    }

    fn add(&self, terms: &str, code_count: u64, universe: &Universe) -> Result<()> {
        let before = "SELECT code_count, universe FROM campaigns WHERE terms = ?";
        let (mut code_count, mut universe) = (code_count, universe.clone());
        if let Some(before) = self.0.row(before, [terms.into()])? {
            code_count = code_count.saturating_add(before.count(0));
            universe.merge(&universe_of(&before, 1)?);
        }
        let values = [terms.into(), number(code_count), universe.to_bytes().into()];
        self.0.run("INSERT OR REPLACE INTO campaigns VALUES (?, ?, ?)", values)
    }

    /// All campaigns that were counted.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn campaigns(&self) -> Result<Vec<Campaign>> {
        let sql = "SELECT terms, code_count, universe FROM campaigns WHERE terms > ? \
                   ORDER BY terms LIMIT ?";
        let mut campaigns = Vec::new();
        let mut last = String::new();
        loop {
            let rows = self.0.rows(sql, [last.as_str().into(), CAMPAIGNS_COUNT.into()])?;
            let Some(end) = rows.last() else { return Ok(campaigns) };
            last = end.text(0).to_owned();
            for row in &rows {
                let terms = serde_json::from_str::<StoredTerms>(row.text(0))?.terms();
                let terms = terms.ok_or("terms that were kept otherwise")?;
                let universe = universe_of(row, 2)?;
                campaigns.push(Campaign { terms, code_count: row.count(1), universe });
            }
        }
    }

    /// Says how many shards there will be: of some it is known already that they stay, and of all
    /// of the manifest in force that they need not be written.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn lay_out(&self, stay: &[Option<ContentId>], in_force: &[ContentId]) -> Result<()> {
        self.0.transaction(|| {
            for (position, id) in (0..).zip(stay) {
                if let Some(id) = id {
                    self.insert_shard(position, &WrittenShard { id: *id, put_size: 0 })?;
                }
            }
            for id in in_force {
                let sql = "INSERT OR IGNORE INTO kept_shards VALUES (?)";
                self.0.run(sql, [id.to_string().into()])?;
            }
            let count = u64::try_from(stay.len()).unwrap_or(u64::MAX);
            self.0.run("UPDATE fold SET shard_count = ?", [number(count)])
        })
    }

    /// Whether the manifest in force names a shard.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn is_in_force(&self, id: ContentId) -> Result<bool> {
        let found =
            self.0.row("SELECT 1 FROM kept_shards WHERE id = ?", [id.to_string().into()])?;
        Ok(found.is_some())
    }

    /// Notes a shard that is where it belongs.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn insert_shard(&self, position: u64, shard: &WrittenShard) -> Result<()> {
        let values = [number(position), shard.id.to_string().into(), number(shard.put_size)];
        self.0.run("INSERT OR REPLACE INTO shards VALUES (?, ?, ?)", values)
    }

    /// The shards that are where they belong, by their position.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn shards(&self) -> Result<BTreeMap<u64, WrittenShard>> {
        let rows = self.0.rows("SELECT position, id, put_size FROM shards", [])?;
        let shard = |row: &Row| {
            let id = ContentId::parse(row.text(1)).ok_or("a shard that was kept otherwise")?;
            Ok((row.count(0), WrittenShard { id, put_size: row.count(2) }))
        };
        rows.iter().map(shard).collect()
    }

    /// How far the fold is, in hundredths; `None` when there is none.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn hundredths(&self) -> Result<Option<u64>> {
        let Some(fold) = self.fold()? else { return Ok(None) };
        let written = self.0.row("SELECT count(*) FROM shards", [])?.map_or(0, |row| row.count(0));
        let done = match fold.shard_count {
            None => fold.cursor.hundredths() / 2,
            Some(count) => {
                let half = written.saturating_mul(50).checked_div(count).unwrap_or(50);
                half.saturating_add(50)
            }
        };
        Ok(Some(done))
    }

    /// Forgets the fold.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn end(&self) -> Result<()> {
        self.0.transaction(|| {
            for table in ["fold", "campaigns", "kept_shards", "shards"] {
                self.0.run(&format!("DELETE FROM {table}"), [])?;
            }
            Ok(())
        })
    }
}

fn universe_of(row: &Row, column: usize) -> Result<Universe> {
    let universe = row.bytes(column).and_then(Universe::from_bytes);
    Ok(universe.ok_or("a universe that was kept otherwise")?)
}
