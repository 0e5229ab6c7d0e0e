//! An object's own storage: SQLite, synchronous, and the alarm beside it.
//!
//! - [`Store`] runs statements; [`Store::transaction`] keeps all of them or none.
//! - [`Row`] is what one finds.

use crate::platform::describe;
use crate::time::UnixMillis;

use js_sys::Promise;
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use worker::{SqlStorage, SqlStorageValue, State};

use std::cell::{Cell, OnceCell};

#[wasm_bindgen]
extern "C" {
    #[derive(Debug)]
    type Storage;
    // workers-rs has no face for it. Without it a second statement that fails leaves the first one
    // behind.
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Storage,
        statements: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    fn set_alarm(this: &Storage, at: f64) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = deleteAlarm)]
    fn delete_alarm(this: &Storage) -> Result<Promise, JsValue>;
}

/// An object's storage.
#[derive(Debug)]
pub struct Store {
    storage: Storage,
    sql: SqlStorage,
    /// When the alarm goes off, as far as this instance knows.
    alarm_at: Cell<Option<UnixMillis>>,
}

/// A row that a statement found.
#[derive(Debug)]
pub struct Row(Vec<SqlStorageValue>);

impl Store {
    /// The storage of the object whose state it is, with these tables.
    fn open(state: &State, tables: &str) -> worker::Result<Self> {
        let storage = state.storage();
        let sql = storage.sql();
        let store = Store {
            storage: JsValue::from(storage.as_raw()).unchecked_into(),
            sql,
            alarm_at: Cell::new(None),
        };
        store.run(tables, [])?;
        Ok(store)
    }

    /// The storage that a cell holds, opened when it is first asked for.
    ///
    /// # Errors
    ///
    /// When the tables cannot be made.
    pub fn once<'a>(
        cell: &'a OnceCell<Store>,
        state: &State,
        tables: &str,
    ) -> worker::Result<&'a Self> {
        if let Some(store) = cell.get() {
            return Ok(store);
        }
        let store = Store::open(state, tables)?;
        Ok(cell.get_or_init(|| store))
    }

    /// Runs a statement and returns what it finds.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn rows<const N: usize>(
        &self,
        statement: &str,
        values: [SqlStorageValue; N],
    ) -> worker::Result<Vec<Row>> {
        let rows = self.sql.exec(statement, Vec::from(values))?.raw();
        rows.map(|row| row.map(Row)).collect()
    }

    /// Runs a statement that finds at most one row.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn row<const N: usize>(
        &self,
        statement: &str,
        values: [SqlStorageValue; N],
    ) -> worker::Result<Option<Row>> {
        Ok(self.rows(statement, values)?.into_iter().next())
    }

    /// Runs a statement that finds nothing.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn run<const N: usize>(
        &self,
        statement: &str,
        values: [SqlStorageValue; N],
    ) -> worker::Result<()> {
        self.sql.exec(statement, Vec::from(values)).map(|_| ())
    }

    /// Does all of it or, when anything fails, nothing.
    ///
    /// # Errors
    ///
    /// What failed.
    pub fn transaction<T>(&self, mut all: impl FnMut() -> worker::Result<T>) -> worker::Result<T> {
        let alarm_at = self.alarm_at.get();
        let mut done = None;
        let mut statements = || {
            done = Some(all()?);
            Ok(JsValue::UNDEFINED)
        };
        self.storage.transaction_sync(&mut statements).map_err(|error| {
            // The alarm went back with the rest.
            self.alarm_at.set(alarm_at);
            describe(&error)
        })?;
        done.ok_or_else(|| "a transaction that did not run".into())
    }

    /// Sets the alarm, unless it goes off as soon. It is part of what is written beside it: neither
    /// is confirmed without the other.
    ///
    /// # Errors
    ///
    /// When the platform refuses.
    pub fn alarm_by(&self, at: UnixMillis) -> worker::Result<()> {
        if self.alarm_at.get().is_some_and(|set| set <= at) {
            return Ok(());
        }
        self.alarm_at(at)
    }

    /// Sets the alarm, whenever it would have gone off.
    ///
    /// # Errors
    ///
    /// When the platform refuses.
    pub fn alarm_at(&self, at: UnixMillis) -> worker::Result<()> {
        // Not awaited: what is written in one go is written together, and whatever the object
        // answers waits for it.
        let _ = self.storage.set_alarm(at.0 as f64)?;
        self.alarm_at.set(Some(at));
        Ok(())
    }

    /// Takes the alarm back.
    ///
    /// # Errors
    ///
    /// When the platform refuses.
    pub fn no_alarm(&self) -> worker::Result<()> {
        let _ = self.storage.delete_alarm()?;
        self.alarm_at.set(None);
        Ok(())
    }

    /// Whether this instance knows when the alarm goes off. One that has just come up does not.
    #[must_use]
    pub fn knows_alarm(&self) -> bool {
        self.alarm_at.get().is_some()
    }

    /// Says that the alarm has gone off.
    pub fn alarm_is_over(&self) {
        self.alarm_at.set(None);
    }
}

impl Row {
    /// The text in a column, from 0 on; empty when there is none.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        match self.0.get(column) {
            Some(SqlStorageValue::String(text)) => text,
            _ => "",
        }
    }

    /// The bytes in a column; `None` where there are none.
    #[must_use]
    pub fn bytes(&self, column: usize) -> Option<&[u8]> {
        match self.0.get(column)? {
            SqlStorageValue::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The whole number in a column; `None` where it is NULL.
    #[must_use]
    pub fn number(&self, column: usize) -> Option<i64> {
        match self.0.get(column)? {
            SqlStorageValue::Integer(number) => Some(*number),
            SqlStorageValue::Float(number) => Some(*number as i64),
            _ => None,
        }
    }

    /// The whole number in a column that holds a count.
    #[must_use]
    pub fn count(&self, column: usize) -> u64 {
        self.number(column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
    }
}

/// A count as SQLite has it.
#[must_use]
pub fn number(count: u64) -> SqlStorageValue {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}
