//! The object that has a bulk file and does the work on it.

use super::{accept, check};
use crate::admin::bindings;
use crate::admin::failure::Failure;
use crate::admin::publisher::Publisher;
use crate::admin::settings::Settings;
use crate::admin::store::uploads::{self as stored, UploadRow};
use crate::admin::store::{Statement, Store as Catalogue, instant};
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::objects::{UNKNOWN, answer, ask, hand_over, object_name, reply};
use crate::platform::storage::Store;
use crate::time::UnixMillis;
use crate::wire::admin::UploadState;

use serde::Deserialize;
use worker::{
    DurableObject, Env, ObjectNamespace, Request, Response, SqlStorageValue, State, console_error,
    durable_object,
};

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// The file in pieces, each small enough for a row.
const TABLES: &str =
    "CREATE TABLE IF NOT EXISTS piece (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)";

/// Bytes of a piece. A row may have two megabytes.
const PIECE_SIZE: usize = 1 << 20;

/// Within how long what was announced is done, in milliseconds: D1 gives up long before.
const EXPECTED_WITHIN_MS: i64 = 40_000;

/// When a step that failed is tried again, in milliseconds.
const RETRY_AFTER_MS: i64 = 5_000;

/// Rows that are forgotten at a time.
const FORGOTTEN_COUNT: u32 = 5_000;

/// Has a bulk file.
#[durable_object(alarm)]
#[derive(Debug)]
pub struct UploadObject {
    state: State,
    env: Env,
    store: OnceCell<Store>,
    /// How often it was told that there is something to do.
    told_count: Cell<u64>,
}

/// Asks the object of one bulk file.
#[derive(Debug)]
pub struct Object {
    objects: ObjectNamespace,
    name: String,
}

/// What the object works on.
#[derive(Debug)]
pub struct Job {
    /// The programme.
    pub program: ProgramId,
    /// The bulk file's id.
    pub id: String,
    /// Settings of the Worker.
    pub settings: Rc<Settings>,
    /// The catalogue.
    pub store: Catalogue,
    /// Who hears of what is accepted.
    pub publisher: Publisher,
}

/// When there is more to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// At once.
    Now,
    /// At an instant, unless it is told before.
    At(UnixMillis),
    /// Never.
    Never,
}

#[derive(Debug, Deserialize)]
struct Left {
    is_left: u8,
}

impl Object {
    /// Of a bulk file.
    ///
    /// # Errors
    ///
    /// [`Failure::Misconfigured`] when none are bound.
    pub fn of(env: &Env, program: &ProgramId, id: &str) -> Result<Self, Failure> {
        Ok(Object { objects: bindings::uploads(env)?, name: format!("{program}/{id}") })
    }

    /// Hands it the file. Should nobody come back, it looks whether the database knows of it.
    ///
    /// # Errors
    ///
    /// When the object does not answer.
    pub async fn keep(&self, file: &[u8]) -> Result<(), Failure> {
        Ok(hand_over(&self.objects, &self.name, "/file", file).await?)
    }

    /// Says that something is about to be decided: should nobody come back, it looks for itself.
    ///
    /// # Errors
    ///
    /// When the object does not answer. Then nothing must be decided.
    pub async fn expect(&self) -> Result<(), Failure> {
        Ok(ask(&self.objects, &self.name, "/expect", &()).await?)
    }

    /// Says that there is something to do.
    ///
    /// # Errors
    ///
    /// When the object does not answer. It looks for itself, later.
    pub async fn wake(&self) -> Result<(), Failure> {
        Ok(ask(&self.objects, &self.name, "/wake", &()).await?)
    }
}

impl DurableObject for UploadObject {
    fn new(state: State, env: Env) -> Self {
        UploadObject { state, env, store: OnceCell::new(), told_count: Cell::new(0) }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        if request.path() == "/file" {
            self.keep(&request.bytes().await?)?;
            return Response::empty();
        }
        answer(request, |path, _| match path {
            "/expect" => reply(&self.store()?.alarm_by(now().plus_ms(EXPECTED_WITHIN_MS))?),
            "/wake" => reply(&self.wake()?),
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
            Err(failure) => console_error!("upload {}: {failure:?}", object_name(&self.state)),
            // Whoever told it in the meantime may have been too late for what was read.
            Ok(_) if self.told_count.get() != told_count => store.alarm_at(now())?,
            Ok(Next::Now) => store.alarm_at(now())?,
            Ok(Next::At(at)) => store.alarm_at(at)?,
            Ok(Next::Never) => store.no_alarm()?,
        }
        Response::empty()
    }
}

impl UploadObject {
    fn store(&self) -> worker::Result<&Store> {
        Store::once(&self.store, &self.state, TABLES)
    }

    fn wake(&self) -> worker::Result<()> {
        self.told_count.set(self.told_count.get().wrapping_add(1));
        self.store()?.alarm_by(now())
    }

    fn keep(&self, file: &[u8]) -> worker::Result<()> {
        let store = self.store()?;
        store.transaction(|| {
            for (number, piece) in (0i64..).zip(file.chunks(PIECE_SIZE)) {
                let values = [number.into(), SqlStorageValue::Blob(piece.to_vec())];
                store.run("INSERT OR REPLACE INTO piece VALUES (?, ?)", values)?;
            }
            store.alarm_by(now().plus_ms(EXPECTED_WITHIN_MS))
        })
    }

    /// The file; empty when it is not there.
    fn file(&self) -> worker::Result<Vec<u8>> {
        let pieces = self.store()?.rows("SELECT bytes FROM piece ORDER BY number", [])?;
        Ok(pieces.iter().filter_map(|piece| piece.bytes(0)).flatten().copied().collect())
    }

    /// Does a piece of what there is to do.
    async fn work(&self) -> Result<Next, Failure> {
        let job = Job::of(&self.env, &object_name(&self.state))?;
        let Some(upload) = job.upload().await? else { return self.forget() };
        match upload.state {
            UploadState::Checking => {
                check::check(&job, &upload, &self.file()?).await?;
                Ok(Next::Now)
            }
            UploadState::Previewed if upload.kept_until() > now() => {
                Ok(Next::At(upload.kept_until()))
            }
            UploadState::Previewed => {
                job.give_up().await?;
                Ok(Next::Now)
            }
            UploadState::Accepting => {
                accept::accept(&job, &upload).await?;
                Ok(Next::Now)
            }
            UploadState::Accepted | UploadState::Refused | UploadState::Discarded => {
                if job.forget_rows().await? { Ok(Next::Now) } else { self.forget() }
            }
        }
    }

    fn forget(&self) -> Result<Next, Failure> {
        self.store()?.run("DELETE FROM piece", [])?;
        Ok(Next::Never)
    }
}

impl Job {
    fn of(env: &Env, name: &str) -> Result<Self, Failure> {
        let parts = name
            .split_once('/')
            .and_then(|(program, id)| Some((ProgramId::parse(program).ok()?, id.to_owned())));
        let (program, id) = parts.ok_or("an object that was not asked for by its name")?;
        Ok(Job {
            settings: Settings::of(env)?,
            store: bindings::catalog(env)?,
            publisher: Publisher::of(env, &program)?,
            program,
            id,
        })
    }

    /// The bulk file as it stands.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn upload(&self) -> Result<Option<UploadRow>, Failure> {
        self.store.row(stored::by_id(&self.program, &self.id)).await
    }

    /// Nobody has decided: then it is discarded.
    async fn give_up(&self) -> Result<(), Failure> {
        let sql = "UPDATE uploads SET state = 'discarded', decided_at = ?3 \
                   WHERE program = ?1 AND id = ?2 AND state = 'previewed'";
        let values = [self.program.as_str().into(), (&*self.id).into(), instant(Some(now()))];
        self.store.rows::<UploadRow>(Statement::new(sql, values)).await.map(drop)
    }

    /// Takes some of the rows away that nobody will read again, and says whether there are more.
    async fn forget_rows(&self) -> Result<bool, Failure> {
        let key = || [self.program.as_str().into(), (&*self.id).into()];
        let sql = "DELETE FROM upload_rows WHERE program = ?1 AND upload = ?2 AND line <= (
            SELECT max(line) FROM (
                SELECT line FROM upload_rows WHERE program = ?1 AND upload = ?2
                ORDER BY line LIMIT ?3
            ))";
        let [program, id] = key();
        let forget = Statement::new(sql, [program, id, FORGOTTEN_COUNT.into()]);
        self.store.rows::<Left>(forget).await?;
        let sql = "SELECT EXISTS (SELECT 1 FROM upload_rows WHERE program = ?1 AND upload = ?2) \
                   AS is_left";
        let left: Option<Left> = self.store.row(Statement::new(sql, key())).await?;
        Ok(left.is_some_and(|left| left.is_left == 1))
    }
}
