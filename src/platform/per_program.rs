//! Settings that differ from program to program.

use super::env::{SettingError, text, wrong};
use crate::id::ProgramId;

use worker::Env;

use std::collections::BTreeMap;

/// A setting that every program shares, or each has for itself.
#[derive(Debug)]
pub enum PerProgram<T> {
    /// Every program's.
    Shared(T),
    /// Each program's, by its id.
    ByProgram(BTreeMap<String, T>),
}

impl<T> PerProgram<T> {
    /// Reads a value, or a JSON object from program id to value; `None` when there is neither.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when it is anything else.
    pub fn read(
        env: &Env,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, SettingError>,
    ) -> Result<Option<Self>, SettingError> {
        let Some(given) = text(env, name) else { return Ok(None) };
        if !given.trim_start().starts_with('{') {
            return parse(&given).map(PerProgram::Shared).map(Some);
        }
        let expected = || wrong(name, "a value, or a JSON object from program id to value".into());
        let given: BTreeMap<String, String> =
            serde_json::from_str(&given).map_err(|_| expected())?;
        let entry = |(program, value): (String, String)| Ok((program, parse(&value)?));
        let by_program = given.into_iter().map(entry).collect::<Result<_, _>>()?;
        Ok(Some(PerProgram::ByProgram(by_program)))
    }

    /// The value for a program; `None` when there is none for it.
    #[must_use]
    pub fn of(&self, program: &ProgramId) -> Option<&T> {
        match self {
            PerProgram::Shared(value) => Some(value),
            PerProgram::ByProgram(by_program) => by_program.get(program.as_str()),
        }
    }
}
