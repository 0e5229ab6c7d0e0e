//! What has been published: the database's own record of every root.

use crate::admin::failure::Failure;
use crate::admin::store::{Statement, Store};
use crate::id::ProgramId;
use crate::snapshot::{ContentId, Root};
use crate::time::UnixMillis;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use std::fmt::Write;

/// A root, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The root's generation.
    pub generation: u64,
    /// The revision of the programme that it shows.
    pub revision: u64,
    /// When it was published.
    pub at: UnixMillis,
    /// Whose edit was the last in it; of a rollback, whose wish it was.
    pub who: String,
    /// What was written for it.
    pub kind: Kind,
    /// The manifest.
    pub manifest: ContentId,
    /// The revision of the programme that the manifest shows, but for its codes.
    pub manifest_revision: u64,
    /// The revision of the programme whose codes the manifest has.
    pub codes_revision: u64,
    /// The manifest before.
    pub previous: Option<ContentId>,
    /// The generation of the publication that the manifest's shards were written for.
    pub base: u64,
    /// Deltas over the manifest, the oldest first.
    pub deltas: Vec<Sealed>,
    /// The newest delta; empty when there is none.
    pub inline: Vec<u8>,
    /// How many values were written to KV for it, the root included.
    pub put_count: u64,
    /// Their size in bytes.
    pub put_size: u64,
    /// Whether the root is known to have been written.
    pub is_put: bool,
    /// Of a rollback: whether edits are published again.
    pub is_resumed: bool,
    /// Whether it can be published once more: all that it names is still there.
    pub is_kept: bool,
}

/// What was written for a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A delta.
    Delta,
    /// A manifest over the shards of the one before.
    Refresh,
    /// A manifest, and the shards that it did not share with the one before.
    Base,
    /// A root that was published before.
    Rollback,
}

impl Kind {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Delta => "delta",
            Kind::Refresh => "refresh",
            Kind::Base => "base",
            Kind::Rollback => "rollback",
        }
    }
}

/// A delta that is an object of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Its content.
    pub id: String,
    /// The revision of the programme up to which changes are in it, or below it.
    pub revision: u64,
}

#[derive(Debug, Deserialize)]
struct Row {
    generation: u64,
    revision: u64,
    at: i64,
    who: String,
    kind: Kind,
    manifest: String,
    manifest_revision: u64,
    codes_revision: u64,
    previous: Option<String>,
    base: u64,
    deltas: String,
    inline: String,
    put_count: u64,
    put_size: u64,
    is_put: u8,
    is_resumed: u8,
    is_kept: u8,
}

const COLUMNS: &str = "generation, revision, at, who, kind, manifest, manifest_revision, \
                       codes_revision, previous, base, deltas, hex(inline) AS inline, \
                       put_count, put_size, is_put, is_resumed, keeping = 'kept' AS is_kept";

/// The latest publications before a generation, the latest first.
///
/// # Errors
///
/// What the database says.
pub async fn history(
    store: &Store,
    program: &ProgramId,
    before: u64,
    limit: u32,
) -> Result<Vec<Publication>, Failure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM publications WHERE program = ?1 AND generation < ?2 \
         ORDER BY generation DESC LIMIT ?3"
    );
    let values = [program.as_str().into(), (before as f64).into(), limit.into()];
    let rows: Vec<Row> = store.rows(Statement::new(&sql, values)).await?;
    rows.into_iter().map(Row::publication).collect()
}

/// The latest one.
///
/// # Errors
///
/// What the database says.
pub async fn latest(store: &Store, program: &ProgramId) -> Result<Option<Publication>, Failure> {
    Ok(history(store, program, MAX_SAFE_INTEGER, 1).await?.into_iter().next())
}

/// Above every generation that JavaScript can count.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

impl Publication {
    /// The root that readers are given.
    #[must_use]
    pub fn root(&self, program: &ProgramId) -> Option<Root> {
        let id_of = |sealed: &Sealed| ContentId::parse(&sealed.id);
        Some(Root {
            generation: self.generation,
            built_at: self.at,
            manifest: self.manifest,
            previous: self.previous,
            program: program.clone(),
            deltas: self.deltas.iter().map(id_of).collect::<Option<_>>()?,
            inline: self.inline.clone(),
        })
    }

    /// The revision up to which all changes are below the inline delta.
    #[must_use]
    pub fn sealed_revision(&self) -> u64 {
        self.deltas.last().map_or(self.codes_revision, |sealed| sealed.revision)
    }

    /// Whether edits are kept back, because somebody wanted what was before.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.kind == Kind::Rollback && !self.is_resumed
    }

    /// The statement that notes it, of a base with its shards.
    pub(super) fn insert(
        &self,
        program: &ProgramId,
        shards: Option<&[ContentId]>,
    ) -> Result<Statement, Failure> {
        let shards: Option<Vec<String>> =
            shards.map(|shards| shards.iter().map(ToString::to_string).collect());
        let shards = shards.map(|shards| serde_json::to_string(&shards)).transpose()?;
        let inline = self.inline.iter().fold(String::new(), |mut hex, byte| {
            let written = write!(hex, "{byte:02x}");
            debug_assert!(written.is_ok(), "a string takes everything");
            hex
        });
        let number = |number: u64| (number as f64).into();
        let values = [
            program.as_str().into(),
            number(self.generation),
            number(self.revision),
            (self.at.0 as f64).into(),
            self.who.as_str().into(),
            self.kind.name().into(),
            self.manifest.to_string().into(),
            number(self.manifest_revision),
            self.previous.map_or(JsValue::NULL, |id| id.to_string().into()),
            serde_json::to_string(&self.deltas)?.into(),
            inline.into(),
            number(self.put_count),
            number(self.put_size),
            number(self.codes_revision),
            number(self.base),
            shards.map_or(JsValue::NULL, JsValue::from),
        ];
        let sql = "INSERT INTO publications (program, generation, revision, at, who, kind, \
                   manifest, manifest_revision, previous, deltas, inline, put_count, put_size, \
                   codes_revision, base, shards) VALUES \
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, unhex(?11), ?12, ?13, ?14, ?15, ?16)";
        Ok(Statement::new(sql, values))
    }
}

impl Row {
    fn publication(self) -> Result<Publication, Failure> {
        let content = |id: &str| {
            ContentId::parse(id).ok_or_else(|| worker::Error::from("a publication without ids"))
        };
        Ok(Publication {
            generation: self.generation,
            revision: self.revision,
            at: UnixMillis(self.at),
            who: self.who,
            kind: self.kind,
            manifest: content(&self.manifest)?,
            manifest_revision: self.manifest_revision,
            codes_revision: self.codes_revision,
            previous: self.previous.as_deref().map(content).transpose()?,
            base: self.base,
            deltas: serde_json::from_str(&self.deltas)?,
            inline: bytes_of(&self.inline),
            put_count: self.put_count,
            put_size: self.put_size,
            is_put: self.is_put != 0,
            is_resumed: self.is_resumed != 0,
            is_kept: self.is_kept != 0,
        })
    }
}

/// The bytes that SQLite wrote as hexadecimal digits.
fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks_exact(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}
