//! Folds everything into a new base, a step at a time.
//!
//! ```text
//! count codes by their terms --> lay out --> shards, one by one --> manifest --> publication
//! ```
//!
//! A fold is of the codes as they stood when it began, at its revision R; edits go on meanwhile.
//! Deltas that were sealed since hold nothing that is older than the fold, and say of a text all
//! there is to say: so they, and the inline delta, lie over the new manifest as they lay over the
//! old one, and it shows the same as before. Those that were sealed up to R are in it.

use super::base;
use super::codes::{Codes, Cursor, Range};
use super::progress::{Counted, Fold, Progress, WrittenShard};
use super::publication::{Kind, Publication, Sealed};
use super::row::StoredTerms;
use super::work::{Parts, Work};
use crate::admin::failure::Failure;
use crate::catalog::Catalog;
use crate::code::CodeTerms;
use crate::snapshot::automaton::compile;
use crate::snapshot::{BuildError, Builder, CodeHash, ContentId, HashKey, Layout, Snapshot};
use crate::snapshot::{SnapshotError, Universe};

/// Codes that a step reads, or as many as a shard has: whoever asks the object meanwhile waits for
/// the step to end, and whoever edits asks it first.
const STEP_CODES: usize = 12_000;

/// Bytes that a value of KV may have. A shard never comes near.
const VALUE_SIZE_MAX: usize = 25 * 1024 * 1024;

/// What a step led to.
#[derive(Debug)]
pub enum Step {
    /// There is more to be done.
    Done,
    /// Everything is written but the manifest and the root.
    Folded(Box<Parts>),
}

/// A fold, and what it is of.
#[derive(Debug)]
struct Folding<'a> {
    work: &'a Work,
    progress: Progress<'a>,
    fold: Fold,
    catalog: &'a Catalog,
    key: HashKey,
}

impl Work {
    /// Does a step of a fold. `last` is what is in force.
    ///
    /// # Errors
    ///
    /// What the database or KV says, and what is wrong with what they hold: the fold goes on where
    /// it is. [`Failure::Unfoldable`] when another one is to be begun.
    pub async fn fold(
        &self,
        progress: Progress<'_>,
        fold: Fold,
        last: Option<&Publication>,
    ) -> Result<Step, Failure> {
        let catalog = base::catalog(&self.store, &self.program).await?;
        let key = self.settings.key_of(&self.program)?.hash_key();
        let folding = Folding { work: self, progress, fold, catalog: &catalog, key };
        let mut read_count = 0;
        if folding.fold.shard_count.is_none() {
            match folding.count(&mut read_count).await? {
                Some(_) => return Ok(Step::Done),
                None => folding.lay_out(last).await?,
            }
        }
        folding.write(&mut read_count, last).await
    }
}

impl Folding<'_> {
    /// Counts codes by their terms; hands over where to go on, if anywhere.
    async fn count(&self, read_count: &mut usize) -> Result<Option<Cursor>, Failure> {
        self.work.doing("counting the codes of a fold");
        let mut from = self.fold.cursor.clone();
        while *read_count < STEP_CODES {
            let page = self.codes().exact(self.fold.revision, &Range::ALL, &from).await?;
            *read_count = read_count.saturating_add(page.codes.len());
            let mut counted = Counted::new();
            for code in &page.codes {
                let (count, universe) = counted.entry(as_kept(&code.terms)?).or_default();
                *count = count.saturating_add(1);
                universe.add(&code.folded);
            }
            if page.next.is_none() {
                for (_, terms) in self.codes().patterns(self.fold.revision).await? {
                    counted.entry(as_kept(&terms)?).or_insert_with(|| (0, Universe::default()));
                }
            }
            let end = Cursor::end();
            self.progress.count(&counted, page.next.as_ref().unwrap_or(&end))?;
            let Some(next) = page.next else { return Ok(None) };
            from = next;
        }
        Ok(Some(from))
    }

    /// Notes how many shards there will be, and which of them are there already.
    async fn lay_out(&self, last: Option<&Publication>) -> Result<(), Failure> {
        self.work.doing("laying out the shards of a fold");
        let layout = self.layout()?;
        let nothing = vec![None; layout.shard_count()];
        let Some((last, manifest)) = self.in_force(last).await? else {
            return Ok(self.progress.lay_out(&nothing, &[])?);
        };
        let base = match Snapshot::open(manifest.as_slice(), self.key.clone()) {
            Ok(base) => base,
            // Hashed under another key: nothing of it stays.
            Err(SnapshotError::OtherHashKey) => {
                return Ok(self.progress.lay_out(&nothing, &[])?);
            }
            Err(error) => return Err(unfoldable(&error)),
        };
        let ids = (0..base.shard_count()).map(|index| base.shard_id(index));
        let ids: Vec<ContentId> = ids.collect::<Result<_, _>>().map_err(|it| unfoldable(&it))?;
        let stay = match self.codes().changed_since(last.codes_revision).await? {
            Some(changed) => layout.kept_shards(&base, &changed).map_err(|it| unfoldable(&it))?,
            None => nothing,
        };
        Ok(self.progress.lay_out(&stay, &ids)?)
    }

    /// The manifest in force, if it can be had.
    async fn in_force<'a>(
        &self,
        last: Option<&'a Publication>,
    ) -> Result<Option<(&'a Publication, Vec<u8>)>, Failure> {
        let Some(last) = last else { return Ok(None) };
        Ok(self.work.manifest(last.manifest).await?.map(|manifest| (last, manifest)))
    }

    /// Writes shards; when there are no more, makes the manifest.
    async fn write(
        &self,
        read_count: &mut usize,
        last: Option<&Publication>,
    ) -> Result<Step, Failure> {
        self.work.doing("writing the shards of a fold");
        let layout = self.layout()?;
        let written = self.progress.shards()?;
        for index in 0..layout.shard_count() {
            let position = u64::try_from(index).unwrap_or(u64::MAX);
            if written.contains_key(&position) {
                continue;
            }
            if *read_count >= STEP_CODES {
                return Ok(Step::Done);
            }
            let shard = self.shard(&layout, index, read_count).await?;
            self.progress.insert_shard(position, &shard)?;
        }
        self.finish(&layout, last).await.map(|parts| Step::Folded(Box::new(parts)))
    }

    /// Reads the codes of a shard and writes it, unless it is there.
    async fn shard(
        &self,
        layout: &Layout,
        index: usize,
        read_count: &mut usize,
    ) -> Result<WrittenShard, Failure> {
        let plan = layout.shard(index).ok_or_else(|| unfoldable(&BuildError::OtherLayout))?;
        let range = Range::of(&plan, plan.terms.and_then(|terms| layout.terms(terms)));
        let mut codes: Vec<(CodeHash, u32)> = Vec::new();
        let mut from = Some(range.start());
        while let Some(start) = from {
            let page = self.codes().exact(self.fold.revision, &range, &start).await?;
            *read_count = read_count.saturating_add(page.codes.len());
            for code in page.codes {
                let terms = layout.find_terms(&code.terms);
                codes.push((code.hash, terms.ok_or_else(|| unfoldable(&BuildError::OtherLayout))?));
            }
            from = page.next;
        }
        let bytes = layout.encode_shard(index, codes).map_err(|error| unfoldable(&error))?;
        let id = ContentId::of(&bytes);
        if self.progress.is_in_force(id)? {
            return Ok(WrittenShard { id, put_size: 0 });
        }
        self.work.put_shard(id, &bytes).await?;
        Ok(WrittenShard { id, put_size: u64::try_from(bytes.len()).unwrap_or(u64::MAX) })
    }

    /// Makes the manifest of all shards, and what of the deltas in force lies over it.
    async fn finish(&self, layout: &Layout, last: Option<&Publication>) -> Result<Parts, Failure> {
        self.work.doing("making the manifest of a fold");
        // Before anything else is read: what is newer then is published once more.
        let at = self.work.revision().await?.ok_or("a programme that is not there")?;
        let catalog = base::catalog(&self.work.store, &self.work.program).await?;
        let shards: Vec<WrittenShard> = self.progress.shards()?.into_values().collect();
        let ids: Vec<ContentId> = shards.iter().map(|shard| shard.id).collect();
        let mut builder = Builder::new(catalog.program.clone(), self.key.clone());
        catalog.load(&mut builder);
        for (pattern, terms) in self.codes().patterns(self.fold.revision).await? {
            builder.pattern(&pattern, terms);
        }
        let codes = builder.manifest(layout, &ids, compile).map_err(|error| unfoldable(&error))?;
        // What browsers may know is not what was known at the fold's revision.
        let manifest = base::refresh(&self.codes(), &catalog, &codes).await?;
        let manifest = manifest.ok_or_else(|| unfoldable(&BuildError::OtherCodes))?;
        if manifest.len() > VALUE_SIZE_MAX {
            return Err(unfoldable(&BuildError::TooLarge));
        }
        let mut parts = over(last, self.fold.revision, ContentId::of(&manifest));
        parts.manifest_revision = at.manifest_revision;
        parts.who = at.edited_by;
        parts.shards = Some(ids);
        for shard in shards.iter().filter(|shard| shard.put_size > 0) {
            parts.put_count = parts.put_count.saturating_add(1);
            parts.put_size = parts.put_size.saturating_add(shard.put_size);
        }
        parts.push('m', manifest);
        Ok(parts)
    }

    fn layout(&self) -> Result<Layout, Failure> {
        Layout::new(self.progress.campaigns()?).map_err(|error| unfoldable(&error))
    }

    fn codes(&self) -> Codes<'_> {
        let program = &self.catalog.program;
        Codes { store: &self.work.store, program, key: &self.key }
    }
}

/// What of a publication lies over a manifest with the codes of a revision.
fn over(last: Option<&Publication>, revision: u64, manifest: ContentId) -> Parts {
    let mut parts = Parts::of(Kind::Base, manifest, revision);
    if let Some(last) = last.filter(|last| last.revision > revision) {
        parts.revision = last.revision;
        parts.inline.clone_from(&last.inline);
        let is_newer = |sealed: &&Sealed| sealed.revision > revision;
        parts.deltas = last.deltas.iter().filter(is_newer).cloned().collect();
    }
    parts
}

fn as_kept(terms: &CodeTerms) -> Result<String, Failure> {
    Ok(serde_json::to_string(&StoredTerms::from(terms))?)
}

/// What stands against a fold of these codes.
fn unfoldable(error: &impl ToString) -> Failure {
    Failure::Unfoldable { got: error.to_string() }
}
