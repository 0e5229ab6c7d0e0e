//! The history: pages of it that an index gives in their order, whatever they are filtered by.

use super::conditions::Conditions;
use super::{Statement, instant};
use crate::id::ProgramId;
use crate::time::UnixMillis;
use crate::wire::admin::AuditQuery;

use wasm_bindgen::JsValue;

/// The query for as many entries as `limit`, the latest first, after the one at `end`, which is an
/// instant and an id.
#[must_use]
pub fn page(
    program: &ProgramId,
    asked: &AuditQuery,
    end: Option<(i64, u64)>,
    limit: u32,
) -> Statement {
    let mut all = Conditions::of("program", program);
    let words = [("entity", &asked.entity), ("entity_id", &asked.id), ("who", &asked.who)];
    for (column, word) in words {
        if let Some(word) = word {
            let word = all.bind(word.as_str().into());
            all.and(&format!("{column} = {word}"));
        }
    }
    for (compare, at) in [(">=", asked.since), ("<", asked.until)] {
        if at.is_some() {
            let at = all.bind(instant(at));
            all.and(&format!("at {compare} {at}"));
        }
    }
    if let Some((at, id)) = end {
        let at = all.bind(instant(Some(UnixMillis(at))));
        let id = all.bind(JsValue::from_f64(id as f64));
        all.and(&format!("(at, id) < ({at}, {id})"));
    }
    let sql = format!(
        "SELECT id, revision, at, who, action, entity, entity_id, before, after FROM audit \
         WHERE {} ORDER BY at DESC, id DESC LIMIT {limit}",
        all.sql
    );
    Statement { sql, values: all.values }
}
