//! The one writer of a programme's root: a Durable Object for each programme.
//!
//! ```text
//! edit --> expect --> [ D1 ] --> publish --> alarm --> what changed? --> objects --> root
//! ```
//!
//! Whoever edits tells the object before and after. Either sets its alarm, and the alarm alone
//! publishes: the platform runs no two at a time. What is to be published it reads from the
//! database, which is the truth, and so an object that was lost, or was never told that an edit was
//! made, publishes the same when it wakes.
//!
//! - [`PublisherObject`] is the object, [`Publisher`] how it is asked.
//! - [`publication`] is what was published, [`changes`] and [`base`] what comes next.

mod base;
mod changes;
mod publication;
mod row;
mod work;

pub use base::catalog;
pub use publication::{MAX_SAFE_INTEGER, Publication, history};

use super::bindings;
use super::failure::Failure;
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::objects::{UNKNOWN, answer, ask, object_name, read, reply};
use crate::platform::storage::Store;

use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, ObjectNamespace, Request, Response, State, console_error, durable_object,
};

use std::cell::{Cell, OnceCell};

/// `wish` is the generation that somebody wants back.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS wish (
        one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL, who TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS trouble (
        one INTEGER PRIMARY KEY CHECK (one = 1), said TEXT NOT NULL, at INTEGER NOT NULL
    );";

/// Within how long an edit that was announced is made, in milliseconds: D1 gives up long before.
const EXPECTED_WITHIN_MS: i64 = 40_000;

/// When a publication that failed is tried again, in milliseconds.
const RETRY_AFTER_MS: i64 = 5_000;

/// Publishes a programme.
#[durable_object(alarm)]
#[derive(Debug)]
pub struct PublisherObject {
    state: State,
    env: Env,
    store: OnceCell<Store>,
    /// How often it was told to publish.
    told_count: Cell<u64>,
}

/// A generation that is to be in force again, and who wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Which.
    pub generation: u64,
    /// Who wants it.
    pub who: String,
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

    /// Why the last try to publish failed, if it did.
    ///
    /// # Errors
    ///
    /// When the object does not answer.
    pub async fn trouble(&self) -> Result<Option<String>, Failure> {
        Ok(ask(&self.objects, self.program.as_str(), "/trouble", &()).await?)
    }

    async fn ask<Q: Serialize>(&self, path: &str, question: &Q) -> Result<(), Failure> {
        Ok(ask(&self.objects, self.program.as_str(), path, question).await?)
    }
}

impl DurableObject for PublisherObject {
    fn new(state: State, env: Env) -> Self {
        PublisherObject { state, env, store: OnceCell::new(), told_count: Cell::new(0) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        answer(request, |path, question| match path {
            "/expect" => reply(&self.store()?.alarm_by(now().plus_ms(EXPECTED_WITHIN_MS))?),
            "/publish" => reply(&self.wake()?),
            "/roll-back" => reply(&self.wish(&read(question)?)?),
            "/trouble" => reply(&self.trouble()?),
            _ => Err(UNKNOWN.into()),
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        // An alarm that fails too often is given up by the platform: so it never fails, and is set
        // again before anything can go wrong.
        let store = self.store()?;
        store.alarm_is_over();
        store.alarm_at(now().plus_ms(RETRY_AFTER_MS))?;
        let told_count = self.told_count.get();
        match self.work().await {
            Ok(Next::AfterMs(wait_ms)) => store.alarm_at(now().plus_ms(wait_ms))?,
            // Whoever told it in the meantime may have been too late for what was read.
            Ok(Next::WhenTold) if self.told_count.get() != told_count => store.alarm_at(now())?,
            Ok(Next::WhenTold) => store.no_alarm()?,
            Err(failure) => self.note(&failure)?,
        }
        Response::empty()
    }
}

impl PublisherObject {
    fn store(&self) -> worker::Result<&Store> {
        Store::once(&self.store, &self.state, TABLES)
    }

    fn wake(&self) -> worker::Result<()> {
        self.told_count.set(self.told_count.get().wrapping_add(1));
        self.store()?.alarm_by(now())
    }

    fn wish(&self, wish: &Wish) -> worker::Result<()> {
        let generation = i64::try_from(wish.generation).unwrap_or(i64::MAX);
        let values = [generation.into(), wish.who.clone().into()];
        self.store()?.run("INSERT OR REPLACE INTO wish VALUES (1, ?, ?)", values)?;
        self.wake()
    }

    /// Fulfils what is wished for, or publishes what has changed.
    async fn work(&self) -> Result<Next, Failure> {
        let program = ProgramId::parse(&object_name(&self.state))
            .map_err(|_| worker::Error::from("an object that was not asked for by its name"))?;
        let work = work::Work::new(&self.env, program)?;
        let store = self.store()?;
        let next = match store.row("SELECT generation, who FROM wish", [])? {
            Some(wish) => {
                let wish = Wish { generation: wish.count(0), who: wish.text(1).to_owned() };
                work.roll_back(&wish).await?;
                let generation = i64::try_from(wish.generation).unwrap_or(i64::MAX);
                store.run("DELETE FROM wish WHERE generation = ?", [generation.into()])?;
                Next::AfterMs(0)
            }
            None => work.publish().await?,
        };
        store.run("DELETE FROM trouble", [])?;
        Ok(next)
    }

    fn note(&self, failure: &Failure) -> worker::Result<()> {
        console_error!("publisher {}: {failure:?}", object_name(&self.state));
        let values = [format!("{failure:?}").into(), now().0.into()];
        self.store()?.run("INSERT OR REPLACE INTO trouble VALUES (1, ?, ?)", values)
    }

    fn trouble(&self) -> worker::Result<Option<String>> {
        let said = self.store()?.row("SELECT said FROM trouble", [])?;
        Ok(said.map(|said| said.text(0).to_owned()))
    }
}
