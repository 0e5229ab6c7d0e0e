//! How this Worker is set: every setting, read once for each isolate. The only file here that
//! spells a setting's name.

use crate::platform::env::{SettingError, text, wrong};
use crate::token::{TokenError, Tokens};

use worker::Env;

use std::cell::OnceCell;
use std::rc::Rc;

/// Secret: the tokens of trusted callers, see [`Tokens::parse`].
const TOKENS: &str = "TOKENS";

/// Every setting of this Worker.
#[derive(Debug)]
pub struct Settings {
    /// Who is trusted.
    pub tokens: Tokens,
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
        })
    }
}
