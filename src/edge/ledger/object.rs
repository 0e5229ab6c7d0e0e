//! What the ledger's objects have in common: where they are.
//!
//! - [`home`] is the object that has something, where several may.
//! - [`Address`] is what an object's own name says.

use crate::edge::settings::Settings;
use crate::id::{IdError, ProgramId};
use crate::ledger::place;
use crate::platform::objects::{ask, object_name};
use crate::wire::OrderName;

use serde::Serialize;
use worker::{ObjectNamespace, State};

/// What an object's name says of where it is: see [`place`].
#[derive(Debug)]
pub struct Address {
    /// Whose it is.
    pub program: ProgramId,
}

impl Address {
    /// The address of the object whose state it is.
    ///
    /// # Errors
    ///
    /// When it has none: it was not asked for by its name.
    pub fn of(state: &State) -> worker::Result<Self> {
        let name = object_name(state);
        let program = name.rsplitn(3, '/').nth(2).and_then(|id| ProgramId::parse(id).ok());
        program.map(|program| Address { program }).ok_or_else(|| {
            format!("expected the name of an object, <program>/<count>/<index>, got {name:?}")
                .into()
        })
    }
}

/// The objects that have an order, or may have: the oldest first.
///
/// # Errors
///
/// When it is no order's name.
pub fn order_homes(
    program: &ProgramId,
    name: &OrderName,
    settings: &Settings,
) -> Result<Vec<String>, IdError> {
    let key = name.key()?;
    let counts = settings.order_shards.counts();
    Ok(counts.map(|count| place::order_object(program, &key, count)).collect())
}

/// The objects that count the uses of a code, or may: the oldest first.
#[must_use]
pub fn cap_homes(program: &ProgramId, code_id: &str, settings: &Settings) -> Vec<String> {
    let counts = settings.cap_shards.counts();
    counts.map(|count| place::cap_object(program, code_id, count)).collect()
}

/// The object that something is in, of those that may have it. An older one that does not have it
/// seals it, and never will.
///
/// # Errors
///
/// When one does not answer.
pub async fn home<Q: Serialize>(
    objects: &ObjectNamespace,
    mut homes: Vec<String>,
    what: &Q,
) -> worker::Result<String> {
    let newest = homes.pop().unwrap_or_default();
    for older in homes {
        if ask(objects, &older, "/seal", what).await? {
            return Ok(older);
        }
    }
    Ok(newest)
}
