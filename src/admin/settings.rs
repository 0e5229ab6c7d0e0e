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

/// Every setting of this Worker.
#[derive(Debug)]
pub struct Settings {
    /// Who is trusted.
    pub tokens: Tokens,
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

fn program_key(text: &str) -> Result<ProgramKey, SettingError> {
    ProgramKey::parse(text.trim()).map_err(|error| wrong(PROGRAM_KEY, error.to_string()))
}
