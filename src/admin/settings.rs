//! How this Worker is set: every setting, read once for each isolate. The only file here that
//! spells a setting's name.

use crate::id::ProgramId;
use crate::platform::env::{SettingError, text, wrong};
use crate::platform::per_program::PerProgram;
use crate::snapshot::ProgramKey;
use crate::token::{TokenError, Tokens};

use worker::Env;

use std::cell::OnceCell;
use std::rc::Rc;

/// Secret: the tokens of trusted callers, see [`Tokens::parse`].
const TOKENS: &str = "TOKENS";
/// Secret: the programs' key, or a JSON object from program id to key. It hashes codes and signs
/// what is published.
const PROGRAM_KEY: &str = "PROGRAM_KEY";

/// For how long a publication can come back when it is out of force, in milliseconds: a day, which
/// is long enough for every isolate that still reads what it named.
const ROLLBACK_WINDOW_MS: &str = "ROLLBACK_WINDOW_MS";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Every setting of this Worker.
#[derive(Debug)]
pub struct Settings {
    /// Who is trusted.
    pub tokens: Tokens,
    /// For how long what was published is kept, in milliseconds.
    pub kept_ms: i64,
    keys: PerProgram<ProgramKey>,
}

thread_local! {
    static SETTINGS: OnceCell<Rc<Settings>> = const { OnceCell::new() };
}

impl Settings {
    /// The settings of this isolate; they cannot change while it lives.
    ///
    /// # Errors
    ///
    /// [`SettingError`] names the setting that is missing or cannot be read.
    pub fn of(env: &Env) -> Result<Rc<Self>, SettingError> {
        if let Some(settings) = SETTINGS.with(|cell| cell.get().cloned()) {
            return Ok(settings);
        }
        let settings = Rc::new(Settings::read(env)?);
        Ok(SETTINGS.with(|cell| cell.get_or_init(|| settings).clone()))
    }

    fn read(env: &Env) -> Result<Self, SettingError> {
        Ok(Settings {
            tokens: Tokens::parse(&text(env, TOKENS).unwrap_or_default())
                .map_err(|TokenError { expected }| wrong(TOKENS, expected))?,
            kept_ms: kept_ms(env)?,
            keys: PerProgram::read(env, PROGRAM_KEY, program_key)?
                .ok_or_else(|| wrong(PROGRAM_KEY, "the key that `promo build` made".to_owned()))?,
        })
    }

    /// The key of a program.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when there is none for it.
    pub fn key_of(&self, program: &ProgramId) -> Result<&ProgramKey, SettingError> {
        let expected = || wrong(PROGRAM_KEY, format!("a key for program {program}"));
        self.keys.of(program).ok_or_else(expected)
    }
}

fn kept_ms(env: &Env) -> Result<i64, SettingError> {
    let Some(given) = text(env, ROLLBACK_WINDOW_MS) else { return Ok(DAY_MS) };
    let kept = given.trim().parse().ok().filter(|ms| *ms > 0);
    kept.ok_or_else(|| wrong(ROLLBACK_WINDOW_MS, "a number of milliseconds".to_owned()))
}

fn program_key(text: &str) -> Result<ProgramKey, SettingError> {
    ProgramKey::parse(text.trim()).map_err(|error| wrong(PROGRAM_KEY, error.to_string()))
}
