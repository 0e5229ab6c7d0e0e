//! What the publisher does when it wakes.

use super::codes::{Codes, Range};
use super::fold::Step;
use super::progress::{Fold, Progress};
use super::publication::{self, Kind, Publication, Sealed, latest};
use super::{Next, Wish, base, changes};
use crate::admin::bindings;
use crate::admin::failure::Failure;
use crate::admin::settings::Settings;
use crate::admin::store::{Statement, Store};
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::kv::Namespace;
use crate::snapshot::{ContentId, DELTAS_MAX, INLINE_SIZE_MAX};

use serde::Deserialize;
use worker::Env;

use std::cell::Cell;
use std::rc::Rc;

/// The least time between two roots: KV takes one write a second to a key.
pub(super) const INTERVAL_MS: i64 = 1_000;

/// From so many deltas on they are folded: edits of the meantime have as much room again.
const FOLDED_DELTAS: usize = DELTAS_MAX / 2;

/// One publication at work.
#[derive(Debug)]
pub struct Work {
    pub(super) settings: Rc<Settings>,
    pub(super) store: Store,
    pub(super) kv: Namespace,
    pub(super) program: ProgramId,
    /// What is being done, should it fail.
    doing: Cell<&'static str>,
}

/// Where the programme stands.
#[derive(Debug, Deserialize)]
pub(super) struct Revision {
    /// Of its last edit.
    pub revision: u64,
    /// Of the last edit of anything but a code that no page holds.
    pub manifest_revision: u64,
    /// Who made the last edit.
    pub edited_by: String,
}

/// What has become of edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edits {
    /// There are none, or they wait for a fold.
    None,
    /// It is too early for another root, by so many milliseconds.
    WaitMs(i64),
    /// They are published.
    Published,
}

/// What a publication is made of, before its root is written.
#[derive(Debug)]
pub struct Parts {
    pub(super) kind: Kind,
    pub(super) revision: u64,
    pub(super) who: String,
    pub(super) manifest: ContentId,
    pub(super) manifest_revision: u64,
    pub(super) codes_revision: u64,
    pub(super) deltas: Vec<Sealed>,
    pub(super) inline: Vec<u8>,
    /// The generation that the shards were written for; `None`: they were for this one.
    pub(super) base: Option<u64>,
    /// Of a base: its shards.
    pub(super) shards: Option<Vec<ContentId>>,
    /// What is still to be written.
    pub(super) objects: Vec<(String, ContentId, Vec<u8>)>,
    /// How many values were written already.
    pub(super) put_count: u64,
    /// Their bytes.
    pub(super) put_size: u64,
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
            doing: Cell::new("reading what has changed"),
        })
    }

    /// What was being done when it failed.
    #[must_use]
    pub fn done_last(&self) -> &'static str {
        self.doing.get()
    }

    pub(super) fn doing(&self, what: &'static str) {
        self.doing.set(what);
    }

    /// Publishes what has changed, if anything has, and goes on with a fold where there is one.
    ///
    /// # Errors
    ///
    /// What the database or KV says. Nothing is half published then.
    pub async fn publish(&self, progress: Progress<'_>) -> Result<Next, Failure> {
        let last = latest(&self.store, &self.program).await?;
        if let Some(last) = last.as_ref().filter(|last| !last.is_put) {
            self.put_noted(last).await?;
            return Ok(Next::AfterMs(INTERVAL_MS));
        }
        let Some(at) = self.revision().await? else { return Ok(Next::WhenTold) };
        if last.as_ref().is_some_and(Publication::is_held) {
            return Ok(Next::WhenTold);
        }
        let edits = self.publish_edits(progress, last.as_ref(), &at).await?;
        let next = match edits {
            Edits::None => Next::WhenTold,
            Edits::WaitMs(wait_ms) => Next::AfterMs(wait_ms),
            Edits::Published => Next::AfterMs(INTERVAL_MS),
        };
        let Some(fold) = progress.fold()? else { return Ok(next) };
        if edits == Edits::Published {
            // What is in force now is not `last`: the fold goes on next time.
            return Ok(Next::AfterMs(0));
        }
        Ok(next.or_sooner(self.go_on_folding(progress, fold, last.as_ref()).await?))
    }

    /// Publishes edits, where they fit; if they do not they wait for a fold.
    async fn publish_edits(
        &self,
        progress: Progress<'_>,
        last: Option<&Publication>,
        at: &Revision,
    ) -> Result<Edits, Failure> {
        let is_live = |last: &Publication| last.revision >= at.revision;
        let is_awaited = progress.fold()?.is_some_and(|fold| fold.is_awaited);
        if is_awaited || last.is_some_and(is_live) {
            return Ok(Edits::None);
        }
        if let Some(wait_ms) = last.and_then(wait_ms) {
            return Ok(Edits::WaitMs(wait_ms));
        }
        let parts = match last {
            Some(last) => self.changes(last, at).await,
            None => Ok(None),
        };
        if self.revision().await?.is_some_and(|now| now.manifest_revision > at.manifest_revision) {
            // What was read of the codes may name a deal or a partner that what was read of the
            // rest does not have: all of it is read once more.
            return Ok(Edits::WaitMs(0));
        }
        let parts = parts?;
        let Some(parts) = parts else {
            progress.begin(at.revision, &Range::ALL.start())?;
            progress.await_fold()?;
            return Ok(Edits::None);
        };
        if parts.deltas.len() >= FOLDED_DELTAS {
            progress.begin(at.revision, &Range::ALL.start())?;
        }
        self.put(last, parts).await?;
        // An edit that was made meanwhile is seen on the way round.
        Ok(Edits::Published)
    }

    /// A step of a fold, or its publication.
    async fn go_on_folding(
        &self,
        progress: Progress<'_>,
        fold: Fold,
        last: Option<&Publication>,
    ) -> Result<Next, Failure> {
        let is_of = |last: &Publication| last.codes_revision == fold.revision;
        if last.is_some_and(is_of) {
            // Published, and the isolate ended before it was forgotten.
            progress.end()?;
            return Ok(Next::AfterMs(0));
        }
        match self.fold(progress, fold, last).await {
            Ok(Step::Done) => Ok(Next::AfterMs(0)),
            Ok(Step::Folded(parts)) => {
                if let Some(wait_ms) = last.and_then(wait_ms) {
                    return Ok(Next::AfterMs(wait_ms));
                }
                self.put(last, *parts).await?;
                progress.end()?;
                Ok(Next::AfterMs(INTERVAL_MS))
            }
            Err(failure) => {
                if matches!(failure, Failure::Unfoldable { .. }) {
                    // What will be changed about the codes is of another revision.
                    progress.end()?;
                }
                Err(failure)
            }
        }
    }

    /// Publishes once more what was published as a generation, and holds back what was edited
    /// since.
    ///
    /// # Errors
    ///
    /// What the database or KV says; [`Failure::Conflict`] when it is no longer kept.
    pub async fn roll_back(&self, wish: &Wish) -> Result<(), Failure> {
        self.doing("rolling back");
        let (store, program) = (&self.store, &self.program);
        let before = wish.generation.saturating_add(1);
        let found = publication::history(store, program, before, 1).await?;
        let is_wanted = |found: &Publication| found.generation == wish.generation && found.is_kept;
        let wanted = found.into_iter().find(is_wanted);
        let wanted = wanted.ok_or_else(|| no_longer_kept(wish.generation))?;
        let last = latest(store, program).await?;
        let is_done =
            |last: &Publication| last.is_held() && last.is_put && last.revision == wanted.revision;
        if last.as_ref().is_some_and(is_done) {
            return Ok(());
        }
        let parts = Parts {
            revision: wanted.revision,
            who: wish.who.clone(),
            manifest_revision: wanted.manifest_revision,
            deltas: wanted.deltas,
            inline: wanted.inline,
            base: Some(wanted.base),
            ..Parts::of(Kind::Rollback, wanted.manifest, wanted.codes_revision)
        };
        self.put(last.as_ref(), parts).await
    }

    pub(super) async fn revision(&self) -> Result<Option<Revision>, Failure> {
        self.store.row(Statement::new(REVISION, [self.program.as_str().into()])).await
    }

    /// What has changed since the last publication, where that is less than all of it: codes are a
    /// delta, anything else is a manifest over the same shards.
    async fn changes(&self, last: &Publication, at: &Revision) -> Result<Option<Parts>, Failure> {
        self.doing("making a delta of the edits");
        let key = self.settings.key_of(&self.program)?.hash_key();
        let catalog = base::catalog(&self.store, &self.program).await?;
        let codes = Codes { store: &self.store, program: &catalog.program, key: &key };
        let delta = changes::delta(&codes, last.sealed_revision(), last.codes_revision).await?;
        let Some(mut parts) = delta.and_then(|delta| over(last, delta, at)) else {
            return Ok(None);
        };
        if last.manifest_revision >= at.manifest_revision {
            return Ok(Some(parts));
        }
        self.doing("making a manifest of the edits");
        let Some(manifest) = self.manifest(last.manifest).await? else { return Ok(None) };
        let refreshed = base::refresh(&codes, &catalog, &manifest).await?;
        Ok(refreshed.map(|manifest| {
            parts.kind = Kind::Refresh;
            parts.manifest = ContentId::of(&manifest);
            parts.manifest_revision = at.manifest_revision;
            parts.push('m', manifest);
            parts
        }))
    }
}

impl Parts {
    /// A manifest with the codes of a revision, that shows the programme as it was then.
    pub(super) fn of(kind: Kind, manifest: ContentId, revision: u64) -> Self {
        Parts {
            kind,
            revision,
            who: String::new(),
            manifest,
            manifest_revision: revision,
            codes_revision: revision,
            deltas: Vec::new(),
            inline: Vec::new(),
            base: None,
            shards: None,
            objects: Vec::new(),
            put_count: 0,
            put_size: 0,
        }
    }

    /// Adds an object, by the letter that its key begins with.
    pub(super) fn push(&mut self, letter: char, bytes: Vec<u8>) {
        let id = ContentId::of(&bytes);
        self.objects.push((format!("{letter}/{id}"), id, bytes));
    }
}

/// A delta over what was published: in the root while it is small, else as an object of its own;
/// `None` when there is no room for another.
fn over(last: &Publication, delta: Vec<u8>, at: &Revision) -> Option<Parts> {
    let mut parts = Parts {
        revision: at.revision,
        who: at.edited_by.clone(),
        manifest_revision: last.manifest_revision,
        deltas: last.deltas.clone(),
        inline: delta,
        base: Some(last.base),
        ..Parts::of(Kind::Delta, last.manifest, last.codes_revision)
    };
    if parts.inline.len() <= INLINE_SIZE_MAX {
        return Some(parts);
    }
    if parts.deltas.len() >= DELTAS_MAX {
        return None;
    }
    let sealed = std::mem::take(&mut parts.inline);
    let id = ContentId::of(&sealed).to_string();
    parts.deltas.push(Sealed { id, revision: at.revision });
    parts.push('d', sealed);
    Some(parts)
}

/// A publication was given up before it was wanted back.
#[must_use]
pub fn no_longer_kept(generation: u64) -> Failure {
    Failure::Conflict {
        name: "publication-not-kept",
        detail: format!(
            "generation {generation} has been out of force for too long: what it was made of is \
             deleted"
        ),
        remedy: "roll back to a later one that is kept, or edit the catalogue to what it was: the \
                 history says what has changed since"
            .to_owned(),
    }
}

/// How long to wait until the next root may be written.
fn wait_ms(last: &Publication) -> Option<i64> {
    let since = now().0.saturating_sub(last.at.0);
    Some(INTERVAL_MS.saturating_sub(since)).filter(|wait| *wait > 0 && *wait <= INTERVAL_MS)
}
