//! The object that has a bulk file and does the work on it.

use super::{accept, check};
use crate::admin::bindings;
use crate::admin::failure::Failure;
use crate::admin::publisher::Publisher;
use crate::admin::settings::Settings;
use crate::admin::store::uploads::{self as stored, UploadRow};
use crate::admin::store::{Statement, Store as Catalogue, instant};
use crate::catalog::Complaint;
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::objects::{UNKNOWN, answer, ask, hand_over, object_name, reply};
use crate::platform::storage::{Store, number};
use crate::platform::watch::Watch;
use crate::time::UnixMillis;
use crate::wire::admin::UploadState;

use serde::Deserialize;
use worker::{
    DurableObject, Env, ObjectNamespace, Request, Response, SqlStorageValue, State, console_error,
    durable_object,
};

use std::cell::OnceCell;
use std::rc::Rc;

/// The file in pieces, each small enough for a row. `attempts` are those of the step that has not
/// come to its end, and what the last one failed of.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS piece (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS attempts (
        one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL, said TEXT NOT NULL
    );";

/// How often a step is tried before somebody has to decide again.
const ATTEMPT_COUNT_MAX: u64 = 5;

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
    watch: Watch,
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
        UploadObject { state, env, store: OnceCell::new(), watch: Watch::default() }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        if request.path() == "/file" {
            self.keep(&request.bytes().await?)?;
            return Response::empty();
        }
        answer(request, |path, _| match path {
            "/expect" => reply(&self.look_by(now().plus_ms(EXPECTED_WITHIN_MS))?),
            "/wake" => reply(&self.look_by(now())?),
            _ => Err(UNKNOWN.into()),
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let store = self.store()?;
        self.watch.begin(store, now().plus_ms(RETRY_AFTER_MS))?;
        let next = match self.attempt().await {
            Ok(Next::Now) => Some(now()),
            Ok(Next::At(at)) => Some(at),
            Ok(Next::Never) => None,
            Err(failure) => {
                console_error!("upload {}: {failure:?}", object_name(&self.state));
                let said = [format!("{failure:?}").into()];
                store.run("UPDATE attempts SET said = ?", said)?;
                Some(now().plus_ms(RETRY_AFTER_MS))
            }
        };
        self.watch.end(store, next)?;
        Response::empty()
    }
}

impl UploadObject {
    fn store(&self) -> worker::Result<&Store> {
        Store::once(&self.store, &self.state, TABLES)
    }

    fn look_by(&self, at: UnixMillis) -> worker::Result<()> {
        self.watch.look_by(self.store()?, at)
    }

    fn keep(&self, file: &[u8]) -> worker::Result<()> {
        let store = self.store()?;
        store.transaction(|| {
            store.run("DELETE FROM piece", [])?;
            for (number, piece) in (0i64..).zip(file.chunks(PIECE_SIZE)) {
                let values = [number.into(), SqlStorageValue::Blob(piece.to_vec())];
                store.run("INSERT INTO piece VALUES (?, ?)", values)?;
            }
            Ok(())
        })?;
        self.look_by(now().plus_ms(EXPECTED_WITHIN_MS))
    }

    /// The file; empty when it is not there.
    fn file(&self) -> worker::Result<Vec<u8>> {
        let pieces = self.store()?.rows("SELECT bytes FROM piece ORDER BY number", [])?;
        Ok(pieces.iter().filter_map(|piece| piece.bytes(0)).flatten().copied().collect())
    }

    /// Does a piece of what there is to do. Each attempt is counted before it is made: one may end
    /// the isolate, and that must not go on for ever.
    async fn attempt(&self) -> Result<Next, Failure> {
        let store = self.store()?;
        let before = store.row("SELECT count, said FROM attempts", [])?;
        let count = before.as_ref().map_or(0, |before| before.count(0));
        let said = before.as_ref().map_or("", |before| before.text(1)).to_owned();
        let counted = [number(count.saturating_add(1)), said.clone().into()];
        store.run("INSERT OR REPLACE INTO attempts VALUES (1, ?, ?)", counted)?;
        let job = Job::of(&self.env, &object_name(&self.state))?;
        let next = match job.upload().await? {
            None => self.forget()?,
            Some(_) if count >= ATTEMPT_COUNT_MAX => {
                job.stop(&said).await?;
                Next::Now
            }
            Some(upload) => self.work(&job, &upload).await?,
        };
        store.run("DELETE FROM attempts", [])?;
        Ok(next)
    }

    async fn work(&self, job: &Job, upload: &UploadRow) -> Result<Next, Failure> {
        match upload.state {
            UploadState::Checking => {
                check::check(job, upload, &self.file()?).await?;
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
                accept::accept(job, upload).await?;
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

    /// The same step has failed too often: a file that cannot be checked is refused, and whether to
    /// try to accept one again is somebody's to decide.
    async fn stop(&self, said: &str) -> Result<(), Failure> {
        let got = if said.is_empty() { "the isolate ended each time" } else { said };
        let remedy = "try again; should it fail again, split the file into smaller ones";
        let expected = format!("it to be done within {ATTEMPT_COUNT_MAX} attempts");
        let complaints = check::wrong_file(&expected, got, remedy);
        check::refuse(self, &complaints).await?;
        self.hand_back(&complaints).await
    }

    /// Leaves a file that was accepted to be decided again, and says why.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn hand_back(&self, complaints: &[Complaint]) -> Result<(), Failure> {
        let sql = "UPDATE uploads SET state = 'previewed', notices = ?3 \
                   WHERE program = ?1 AND id = ?2 AND state = 'accepting'";
        let notices = serde_json::to_string(&stored::facts(complaints))?;
        let values = [self.program.as_str().into(), (&*self.id).into(), notices.into()];
        self.store.rows::<Left>(Statement::new(sql, values)).await.map(drop)
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
