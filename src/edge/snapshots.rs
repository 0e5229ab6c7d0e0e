//! The snapshots that an isolate holds, and how they stay fresh.
//!
//! - [`current`] is a program's snapshot: from memory when there is one, however old its root is; a
//!   root older than the setting says is looked at again after the answer.
//! - [`for_codes`] is a snapshot with every shard there that look-ups of some codes read.
//! - [`expect_edit`] has it looked at often for a while.
//! - [`Trouble`] is why what is in KV cannot be used. What was held before stays in use: stale is
//!   fine, absent is not.
//!
//! Nothing is borrowed from the cache while something is awaited, and no request waits for what
//! another began: the platform may end that one first.

use super::Call;
use super::bindings::{self, now};
use super::failure::Failure;
use super::generation::{Generation, read};
use super::settings::Settings;
use super::shards::Shards;
use crate::code::TypedCode;
use crate::id::ProgramId;
use crate::platform::kv::Namespace;
use crate::platform::nfkc;
use crate::snapshot::{ReaderKey, Root, SnapshotError};
use crate::time::UnixMillis;

use worker::console_error;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// How long the edge may answer for a root from its own copy, in seconds: the least that KV takes.
const ROOT_CACHE_TTL_S: u32 = 30;

/// Where an edit went by: how long roots are looked at often, in milliseconds, and how often.
const WATCHED_MS: i64 = 60_000;
const WATCHED_ROOT_MAX_AGE_MS: i64 = 1_000;

/// What an isolate holds of a program.
#[derive(Debug, Clone)]
pub struct Held {
    /// Answers.
    pub current: Rc<Generation>,
    /// Answers where a shard of the current one cannot be read.
    previous: Option<Rc<Generation>>,
    /// Why the last look at KV changed nothing.
    pub trouble: Option<Trouble>,
    refresh_due_at: UnixMillis,
}

/// A generation, and the shards that the look-ups of some codes read.
#[derive(Debug)]
pub struct Ready {
    /// The generation.
    pub generation: Rc<Generation>,
    /// The shards.
    pub shards: Shards,
}

/// Why what is in KV cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The platform did not do as it was asked.
    Platform(String),
    /// There is no such value, or not yet.
    Absent {
        /// Its key.
        key: String,
    },
    /// It is there and cannot be read.
    Unreadable(SnapshotError),
    /// It belongs to another program.
    OtherProgram {
        /// The program that was asked for.
        expected: ProgramId,
        /// The program that it names.
        got: ProgramId,
    },
    /// It is another snapshot than the one held, and not newer.
    NotNewer {
        /// The generation that is held.
        held: u64,
        /// The generation that KV has.
        got: u64,
    },
}

/// What a look at KV found.
enum Look {
    /// The root that was held when it began.
    Same { generation: u64, confirmed_at: UnixMillis },
    /// A root that is newer, with its manifest.
    Newer(Rc<Generation>),
}

thread_local! {
    static HELD: RefCell<BTreeMap<ProgramId, Held>> = const { RefCell::new(BTreeMap::new()) };
    /// Until when an edit that went by may come out.
    static WATCHED_UNTIL: Cell<UnixMillis> = const { Cell::new(UnixMillis(0)) };
}

/// Looks for newer roots more often for a while: an edit of a catalogue went by, and where it was
/// made people want to see it. Other isolates see it once their root is as old as the setting says.
pub fn expect_edit() {
    WATCHED_UNTIL.set(now().plus_ms(WATCHED_MS));
    let due_at = now().plus_ms(WATCHED_ROOT_MAX_AGE_MS);
    HELD.with_borrow_mut(|all| {
        for held in all.values_mut() {
            held.refresh_due_at = held.refresh_due_at.min(due_at);
        }
    });
}

/// What is held of the call's program; loads it when nothing is.
///
/// # Errors
///
/// [`Failure::NoSnapshot`] when nothing is held and KV has nothing that can be used.
pub async fn current(call: &Call<'_>) -> Result<Held, Failure> {
    if let Some(held) = held(&call.program) {
        if held.refresh_due_at <= now() {
            refresh_after(call);
        }
        return Ok(held);
    }
    let keys = call.settings.keys_of(&call.program)?;
    let looked = look(&call.kv, keys, &call.program, None).await;
    Ok(settle(&call.settings, &call.program, looked)?)
}

/// A generation of the call's program that can answer about these codes.
///
/// # Errors
///
/// [`Failure::NoSnapshot`] when there is none.
pub async fn for_codes<T: AsRef<str>>(call: &Call<'_>, codes: &[T]) -> Result<Ready, Failure> {
    let held = current(call).await?;
    let trouble = match ready(call, held.current, codes).await {
        Ok(ready) => return Ok(ready),
        Err(trouble) => note(&call.program, trouble),
    };
    match held.previous {
        Some(previous) => ready(call, previous, codes).await.map_err(|_| trouble.into()),
        None => Err(trouble.into()),
    }
}

async fn ready<T: AsRef<str>>(
    call: &Call<'_>,
    generation: Rc<Generation>,
    codes: &[T],
) -> Result<Ready, Trouble> {
    let mut indexes = Vec::new();
    // A malformed code is refused without a look-up.
    for typed in codes.iter().filter_map(|code| TypedCode::parse(code.as_ref(), nfkc).ok()) {
        let folded = typed.fold(generation.program.folding);
        indexes.extend(generation.snapshot.shards_for(&folded)?.iter());
    }
    indexes.sort_unstable();
    indexes.dedup();
    let id_of = |index| generation.snapshot.shard_id(index);
    let shards = Shards::load(&call.kv, &indexes, id_of, call.settings.shard_cache_size).await?;
    Ok(Ready { generation, shards })
}

fn held(program: &ProgramId) -> Option<Held> {
    HELD.with_borrow(|held| held.get(program).cloned())
}

/// Looks at KV when the answer is on its way.
fn refresh_after(call: &Call<'_>) {
    // Its reads are not this request's.
    let Ok(kv) = bindings::snapshots(call.env) else { return };
    let settings = Rc::clone(&call.settings);
    let program = call.program.clone();
    // Due again later, whether or not this one comes to its end: that is also what keeps others
    // from starting.
    let due_at = due_after(now(), &settings);
    HELD.with_borrow_mut(|all| {
        if let Some(held) = all.get_mut(&program) {
            held.refresh_due_at = due_at;
        }
    });
    bindings::wait_until(async move {
        let Some(held) = held(&program) else { return };
        let Ok(keys) = settings.keys_of(&program) else { return };
        let looked = look(&kv, keys, &program, Some(&held.current)).await;
        // Trouble is noted there, and what is held stays.
        let _ = settle(&settings, &program, looked);
    });
}

/// Reads the root and, when it is newer than the one held, what it names.
async fn look(
    kv: &Namespace,
    keys: &[ReaderKey],
    program: &ProgramId,
    held: Option<&Generation>,
) -> Result<Look, Trouble> {
    let root = read(kv, format!("r/{program}"), ROOT_CACHE_TTL_S).await?;
    let confirmed_at = now();
    let (root, key) = decode_root(&root.to_vec(), keys)?;
    require_program(program, &root.program)?;
    let held_root = held.map(|held| &held.root);
    if held_root == Some(&root) {
        return Ok(Look::Same { generation: root.generation, confirmed_at });
    }
    require_newer(held_root, &root)?;
    let found = Generation::load(kv, (root, key), confirmed_at, held).await?;
    require_program(program, &found.program.id)?;
    Ok(Look::Newer(Rc::new(found)))
}

/// Reads a root that one of the keys signed.
fn decode_root<'k>(bytes: &[u8], keys: &'k [ReaderKey]) -> Result<(Root, &'k ReaderKey), Trouble> {
    let mut trouble = Trouble::Platform("no key is configured".to_owned());
    for key in keys {
        match Root::decode(bytes, key) {
            Ok(root) => return Ok((root, key)),
            Err(error @ SnapshotError::OtherKey { .. }) => trouble = error.into(),
            Err(error) => return Err(error.into()),
        }
    }
    Err(trouble)
}

fn require_program(expected: &ProgramId, got: &ProgramId) -> Result<(), Trouble> {
    if expected == got {
        return Ok(());
    }
    Err(Trouble::OtherProgram { expected: expected.clone(), got: got.clone() })
}

fn require_newer(held: Option<&Root>, got: &Root) -> Result<(), Trouble> {
    match held {
        Some(held) if got.generation <= held.generation => {
            Err(Trouble::NotNewer { held: held.generation, got: got.generation })
        }
        _ => Ok(()),
    }
}

/// Keeps what a look found, and says what is held then. Another request may have been here since
/// the look began.
fn settle(
    settings: &Settings,
    program: &ProgramId,
    looked: Result<Look, Trouble>,
) -> Result<Held, Trouble> {
    let looked = looked.map_err(|trouble| note(program, trouble));
    HELD.with_borrow_mut(|all| {
        let held = match (looked, all.get_mut(program)) {
            (Ok(Look::Newer(found)), None) => {
                let refresh_due_at = due_after(found.confirmed_at.get(), settings);
                let new = Held { current: found, previous: None, trouble: None, refresh_due_at };
                all.entry(program.clone()).or_insert(new)
            }
            (Ok(Look::Newer(found)), Some(held)) => {
                held.adopt(found);
                held
            }
            (Ok(Look::Same { generation, confirmed_at }), Some(held)) => {
                held.confirm(generation, confirmed_at);
                held
            }
            (Ok(Look::Same { .. }), None) => {
                return Err(Trouble::Absent { key: format!("r/{program}") });
            }
            (Err(trouble), _) => return Err(trouble),
        };
        Ok(held.clone())
    })
}

impl Held {
    fn confirm(&mut self, generation: u64, at: UnixMillis) {
        if self.current.root.generation == generation {
            self.current.confirmed_at.set(at);
            self.trouble = None;
        }
    }

    fn adopt(&mut self, found: Rc<Generation>) {
        if require_newer(Some(&self.current.root), &found.root).is_ok() {
            self.previous = Some(std::mem::replace(&mut self.current, found));
            self.trouble = None;
        }
    }
}

fn due_after(at: UnixMillis, settings: &Settings) -> UnixMillis {
    let max_age_ms = settings.root_max_age_ms;
    let is_watched = at < WATCHED_UNTIL.get();
    at.plus_ms(if is_watched { max_age_ms.min(WATCHED_ROOT_MAX_AGE_MS) } else { max_age_ms })
}

/// Tells the operator of what no shopper notices: in the log, and where health is asked for.
fn note(program: &ProgramId, trouble: Trouble) -> Trouble {
    HELD.with_borrow_mut(|all| {
        if let Some(held) = all.get_mut(program) {
            console_error!("program {program}: {trouble}");
            held.trouble = Some(trouble.clone());
        }
    });
    trouble
}

impl From<SnapshotError> for Trouble {
    fn from(error: SnapshotError) -> Self {
        Trouble::Unreadable(error)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Platform(said) => write!(f, "the platform said: {said}"),
            Trouble::Absent { key } => {
                write!(
                    f,
                    "nothing is stored as {key}: run `promo publish`, or wait for it to arrive"
                )
            }
            Trouble::Unreadable(error) => error.fmt(f),
            Trouble::OtherProgram { expected, got } => write!(
                f,
                "expected a snapshot of program {expected}, got one of {got}: publish each program \
                 under its own id"
            ),
            Trouble::NotNewer { held, got } => write!(
                f,
                "expected a generation after {held}, got {got}: publish again; a rollback is a new \
                 generation, too"
            ),
        }
    }
}

impl std::error::Error for Trouble {}
