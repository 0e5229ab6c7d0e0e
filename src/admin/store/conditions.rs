//! Conditions of a query that are put together as they are asked for, so that each finds its index.

use crate::id::ProgramId;

use wasm_bindgen::JsValue;

/// Conditions, and the values of their parameters.
#[derive(Debug)]
pub struct Conditions {
    /// All of them, as they stand after `WHERE`.
    pub sql: String,
    /// In the order of their parameters.
    pub values: Vec<JsValue>,
}

impl Conditions {
    /// Begins with the programme, in a column.
    #[must_use]
    pub fn of(column: &str, program: &ProgramId) -> Self {
        Conditions { sql: format!("{column} = ?1"), values: vec![program.as_str().into()] }
    }

    /// Names the parameter that has a value.
    pub fn bind(&mut self, value: JsValue) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    /// Adds a condition.
    pub fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }
}
