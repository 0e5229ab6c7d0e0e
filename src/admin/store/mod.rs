//! The catalogue's database, as one request uses it: rows out, edits in.
//!
//! - [`Store::rows`] reads, [`Store::edit`] writes: every edit is one batch, which has all of its
//!   effect or none.
//! - [`Clash`] is why the database refuses one; what it refuses is in `migrations/catalog`.

pub mod codes;
mod conditions;
pub mod history;
pub mod list;
pub mod uploads;

use super::failure::Failure;
use crate::id::ProgramId;
use crate::time::UnixMillis;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, D1Result};

use std::cell::Cell;

/// The database, and what this request has read of it.
#[derive(Debug)]
pub struct Store {
    database: D1Database,
    rows_read: Cell<u64>,
}

/// A statement and the values of its parameters.
#[derive(Debug)]
pub struct Statement {
    sql: String,
    values: Vec<JsValue>,
}

/// What the database has against an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// Somebody has edited it since it was read.
    Version,
    /// An exact code of the same text at the same time.
    Code,
    /// Something has the id.
    Id,
    /// Codes were folded otherwise.
    Folding,
    /// A contract would cover an event type that the programme does not have.
    Reference,
    /// The programme would have too many patterns.
    Patterns,
}

impl Store {
    /// The store over a database.
    #[must_use]
    pub fn new(database: D1Database) -> Self {
        Store { database, rows_read: Cell::new(0) }
    }

    /// The rows of a query.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn rows<T: DeserializeOwned>(&self, query: Statement) -> Result<Vec<T>, Failure> {
        let result = self.prepare(query)?.all().await?;
        self.count(&result)?;
        Ok(result.results()?)
    }

    /// The one row of a query, if there is one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn row<T: DeserializeOwned>(&self, query: Statement) -> Result<Option<T>, Failure> {
        Ok(self.rows(query).await?.into_iter().next())
    }

    /// Does all of an edit, or nothing: then says what stands against it. The last statement reads
    /// what has become of it.
    ///
    /// # Errors
    ///
    /// What the database says, where it is no [`Clash`].
    pub async fn edit<T: DeserializeOwned>(
        &self,
        edit: Vec<Statement>,
    ) -> Result<Result<Vec<T>, Clash>, Failure> {
        let prepared = edit.into_iter().map(|statement| self.prepare(statement));
        let done = self.database.batch(prepared.collect::<Result<_, _>>()?).await;
        match done {
            Ok(results) => {
                results.iter().try_for_each(|result| self.count(result))?;
                let last = results.last().map(D1Result::results).transpose()?;
                Ok(Ok(last.unwrap_or_default()))
            }
            Err(error) => match Clash::of(&error.to_string()) {
                Some(clash) => Ok(Err(clash)),
                None => Err(error.into()),
            },
        }
    }

    /// How many rows this request has read.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.rows_read.get()
    }

    fn prepare(&self, Statement { sql, values }: Statement) -> worker::Result<D1PreparedStatement> {
        self.database.prepare(sql).bind(&values)
    }

    fn count(&self, result: &D1Result) -> worker::Result<()> {
        let read = result.meta()?.and_then(|meta| meta.rows_read).unwrap_or_default();
        self.rows_read.set(self.rows_read.get().saturating_add(u64::try_from(read).unwrap_or(0)));
        Ok(())
    }
}

/// The statement that every edit begins with: who does what, and one revision more.
#[must_use]
pub fn begin(program: &ProgramId, who: &str, at: UnixMillis, how: &str) -> Statement {
    let sql = "UPDATE programs SET revision = revision + 1, edited_by = ?2, edited_at = ?3, \
               edited_how = ?4 WHERE id = ?1";
    let at = JsValue::from_f64(at.0 as f64);
    Statement::new(sql, [program.as_str().into(), who.into(), at, how.into()])
}

/// An instant as a parameter.
#[must_use]
pub fn instant(at: Option<UnixMillis>) -> JsValue {
    at.map_or(JsValue::NULL, |at| JsValue::from_f64(at.0 as f64))
}

impl Statement {
    /// A statement whose parameters are these.
    #[must_use]
    pub fn new<const N: usize>(sql: &str, values: [JsValue; N]) -> Self {
        Statement { sql: sql.to_owned(), values: values.into() }
    }

    /// Gives the next parameter its value.
    pub fn bind(&mut self, value: JsValue) {
        self.values.push(value);
    }
}

impl Clash {
    fn of(message: &str) -> Option<Self> {
        let clashes = [
            ("version_conflict", Clash::Version),
            ("code_conflict", Clash::Code),
            ("folding_conflict", Clash::Folding),
            ("reference_conflict", Clash::Reference),
            ("pattern_limit", Clash::Patterns),
            ("UNIQUE constraint failed", Clash::Id),
        ];
        clashes.into_iter().find_map(|(said, clash)| message.contains(said).then_some(clash))
    }
}
