//! The one writer of a programme's root: a Durable Object for each programme.
//!
//! ```text
//! edit --> expect --> [ D1 ] --> publish --> alarm --> what changed? --> objects --> root
//!                                              ^                            |
//!                                              '---- fold, step by step <---'
//! ```
//!
//! Whoever edits tells the object before and after. Either sets its alarm, and the alarm alone
//! publishes: the platform runs no two at a time. What is to be published it reads from the
//! database, which is the truth, and so an object that was lost, or was never told that an edit was
//! made, publishes the same when it wakes.
//!
//! - [`PublisherObject`] is the object, [`Publisher`] how it is asked.
//! - [`publication`] is what was published; [`changes`], [`base`] and [`fold`] are what comes next;
//!   [`put`] writes it, [`sweep`] deletes what is over.

mod base;
mod changes;
mod codes;
mod fold;
mod progress;
mod publication;
mod put;
mod row;
mod sweep;
mod work;

pub use base::catalog;
pub use publication::{MAX_SAFE_INTEGER, Publication, history};
pub use put::notice_root;
pub use work::no_longer_kept;

use super::bindings;
use super::failure::Failure;
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::objects::{UNKNOWN, answer, ask, object_name, read, reply};
use crate::platform::storage::Store;
use crate::platform::watch::Watch;
use crate::time::UnixMillis;

use progress::Progress;
use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, ObjectNamespace, Request, Response, State, console_error, durable_object,
};

use std::cell::OnceCell;

/// `wish` is the generation that somebody wants back, `failures` are those since it last went well.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS wish (
        one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL, who TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS trouble (
        one INTEGER PRIMARY KEY CHECK (one = 1), said TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS failures (
        one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL
    );";

/// Within how long an edit that was announced is made, in milliseconds: D1 gives up long before.
const EXPECTED_WITHIN_MS: i64 = 40_000;

/// When a publication that failed is tried again, in milliseconds: after twice as long each time,
/// unless somebody edits.
const RETRY_AFTER_MS: i64 = 5_000;

/// How often that is doubled: up to five minutes.
const DOUBLINGS_MAX: u32 = 6;

/// Publishes a programme.
#[durable_object(alarm)]
#[derive(Debug)]
pub struct PublisherObject {
    state: State,
    env: Env,
    store: OnceCell<Store>,
    watch: Watch,
}

/// A generation that is to be in force again, and who wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Which.
    pub generation: u64,
    /// Who wants it.
    pub who: String,
}

/// What it is at, as it says itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Why the last try to publish failed, if it did.
    pub trouble: Option<String>,
    /// How far a fold is, in hundredths, and whether edits wait for it.
    pub folding: Option<(u64, bool)>,
}

/// When there is more to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// When somebody says so.
    WhenTold,
    /// After so many milliseconds.
    AfterMs(i64),
}

/// Asks the object of one programme.
#[derive(Debug)]
pub struct Publisher {
    objects: ObjectNamespace,
    program: ProgramId,
}

impl Publisher {
    /// Of the program's object.
    ///
    /// # Errors
    ///
    /// [`Failure::Misconfigured`] when none are bound.
    pub fn of(env: &Env, program: &ProgramId) -> Result<Self, Failure> {
        Ok(Publisher { objects: bindings::publishers(env)?, program: program.clone() })
    }

    /// Says that an edit is about to be made: should nobody come back, the object looks for itself.
    ///
    /// # Errors
    ///
    /// When the object does not answer. Then nothing must be edited.
    pub async fn expect(&self) -> Result<(), Failure> {
        self.ask("/expect", &()).await
    }

    /// Says that something was edited.
    ///
    /// # Errors
    ///
    /// When the object does not answer. It looks for itself, later.
    pub async fn publish(&self) -> Result<(), Failure> {
        self.ask("/publish", &()).await
    }

    /// Wants a generation back.
    ///
    /// # Errors
    ///
    /// When the object does not answer.
    pub async fn roll_back(&self, wish: &Wish) -> Result<(), Failure> {
        self.ask("/roll-back", wish).await
    }

    /// What the object is at.
    ///
    /// # Errors
    ///
    /// When the object does not answer.
    pub async fn standing(&self) -> Result<Standing, Failure> {
        Ok(ask(&self.objects, self.program.as_str(), "/standing", &()).await?)
    }

    async fn ask<Q: Serialize>(&self, path: &str, question: &Q) -> Result<(), Failure> {
        Ok(ask(&self.objects, self.program.as_str(), path, question).await?)
    }
}

impl DurableObject for PublisherObject {
    fn new(state: State, env: Env) -> Self {
        PublisherObject { state, env, store: OnceCell::new(), watch: Watch::default() }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        answer(request, |path, question| match path {
            "/expect" => reply(&self.look_by(now().plus_ms(EXPECTED_WITHIN_MS))?),
            "/publish" => reply(&self.look_by(now())?),
            "/roll-back" => reply(&self.wish(&read(question)?)?),
            "/standing" => reply(&self.standing()?),
            _ => Err(UNKNOWN.into()),
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let store = self.store()?;
        self.watch.begin(store, now().plus_ms(RETRY_AFTER_MS))?;
        let next = match self.work().await {
            Ok(Next::WhenTold) => None,
            Ok(Next::AfterMs(wait_ms)) => Some(now().plus_ms(wait_ms)),
            Err(failure) => {
                let doublings = self.note(&failure)?.saturating_sub(1).min(DOUBLINGS_MAX);
                let wait_ms = RETRY_AFTER_MS.saturating_mul(2_i64.saturating_pow(doublings));
                Some(now().plus_ms(wait_ms))
            }
        };
        self.watch.end(store, next)?;
        Response::empty()
    }
}

impl PublisherObject {
    fn store(&self) -> worker::Result<&Store> {
        if self.store.get().is_none() {
            let store = Store::once(&self.store, &self.state, TABLES)?;
            store.run(progress::TABLES, [])?;
            store.run(sweep::TABLES, [])?;
        }
        Store::once(&self.store, &self.state, TABLES)
    }

    fn look_by(&self, at: UnixMillis) -> worker::Result<()> {
        self.watch.look_by(self.store()?, at)
    }

    fn wish(&self, wish: &Wish) -> worker::Result<()> {
        let generation = i64::try_from(wish.generation).unwrap_or(i64::MAX);
        let values = [generation.into(), wish.who.clone().into()];
        self.store()?.run("INSERT OR REPLACE INTO wish VALUES (1, ?, ?)", values)?;
        self.look_by(now())
    }

    /// Fulfils what is wished for, publishes what has changed, or goes on with what takes longer.
    async fn work(&self) -> Result<Next, Failure> {
        let program = ProgramId::parse(&object_name(&self.state))
            .map_err(|_| worker::Error::from("an object that was not asked for by its name"))?;
        let store = self.store()?;
        let work = work::Work::new(&self.env, program)?;
        let next = match store.row("SELECT generation, who FROM wish", [])? {
            Some(wish) => {
                let wish = Wish { generation: wish.count(0), who: wish.text(1).to_owned() };
                let done = work.roll_back(&wish).await;
                if matches!(done, Ok(()) | Err(Failure::Conflict { .. })) {
                    let generation = i64::try_from(wish.generation).unwrap_or(i64::MAX);
                    store.run("DELETE FROM wish WHERE generation = ?", [generation.into()])?;
                }
                self.named(&work, done)?;
                Next::AfterMs(0)
            }
            None => self.named(&work, work.publish(Progress(store)).await)?,
        };
        store.run("DELETE FROM trouble", [])?;
        // One that always fails at its end begins anew, and its steps go well.
        let is_folding = Progress(store).fold()?.is_some();
        if !is_folding {
            store.run("DELETE FROM failures", [])?;
        }
        // A fold counts on what was in force when it began.
        if is_folding || next != Next::WhenTold {
            return Ok(next);
        }
        let wait_ms = self.named(&work, work.sweep(store).await)?;
        Ok(wait_ms.map_or(Next::WhenTold, Next::AfterMs))
    }

    /// Says what was being done when the platform failed: it says itself only what it is.
    fn named<T>(&self, work: &work::Work, done: Result<T, Failure>) -> Result<T, Failure> {
        done.map_err(|failure| match failure {
            Failure::Platform(error) => Failure::Stopped {
                failed: work.done_last().to_owned(),
                expected: "the database and KV to answer".to_owned(),
                got: error.to_string(),
                remedy: "it is tried again every few seconds; should it stay so, the Worker's log \
                         and the platform's status page say more",
            },
            other => other,
        })
    }

    /// Notes what failed; hands over how often something did since it last went well.
    fn note(&self, failure: &Failure) -> worker::Result<u32> {
        let said = failure.to_string();
        console_error!("publisher {}: {said}", object_name(&self.state));
        let store = self.store()?;
        store.run("INSERT OR REPLACE INTO trouble VALUES (1, ?)", [said.into()])?;
        let sql = "INSERT INTO failures VALUES (1, 1) \
                   ON CONFLICT (one) DO UPDATE SET count = count + 1 RETURNING count";
        let count = store.row(sql, [])?.map_or(1, |row| row.count(0));
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn standing(&self) -> worker::Result<Standing> {
        let progress = Progress(self.store()?);
        let said = self.store()?.row("SELECT said FROM trouble", [])?;
        let is_awaited = progress.fold()?.is_some_and(|fold| fold.is_awaited);
        Ok(Standing {
            trouble: said.map(|said| said.text(0).to_owned()),
            folding: progress.hundredths()?.map(|done| (done, is_awaited)),
        })
    }
}

impl Next {
    /// The earlier of the two.
    fn or_sooner(self, other: Next) -> Next {
        match (self, other) {
            (Next::AfterMs(one), Next::AfterMs(another)) => Next::AfterMs(one.min(another)),
            (Next::WhenTold, next) | (next, Next::WhenTold) => next,
        }
    }
}
