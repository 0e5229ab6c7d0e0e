//! What the ledger's objects have in common: how they are asked, and how they answer.
//!
//! - [`ask`] puts a question to an object, [`answer`] is its end of that.
//! - [`home`] is the object that has something, where several may.
//! - [`Address`] is what an object's own name says.

use crate::edge::settings::Settings;
use crate::id::{IdError, ProgramId};
use crate::ledger::place;
use crate::platform::object;
use crate::wire::OrderName;

use js_sys::futures::JsFuture;
use js_sys::{Object, Promise};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use worker::{ObjectNamespace, Request, Response, State, console_error, web_sys};

#[wasm_bindgen]
extern "C" {
    type Stub;
    // The face of workers-rs makes a whole request of it first, with every property it may have.
    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Stub, url: &str, init: &Object) -> Result<Promise, JsValue>;
}

/// What an object says to what it does not understand.
pub const UNKNOWN: &str = "no such question: both ends must be of one version";

/// Nobody else is asked by this host.
const HOST: &str = "https://ledger";

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

/// The name that an object was asked for by.
#[must_use]
pub fn object_name(state: &State) -> String {
    state.id().name().unwrap_or_default()
}

/// Puts a question to an object of that name.
///
/// # Errors
///
/// What went wrong on the way, or there. Whether the question was heard is not known: it must be
/// one that can be asked again.
pub async fn ask<Q: Serialize, A: DeserializeOwned>(
    objects: &ObjectNamespace,
    name: &str,
    path: &str,
    question: &Q,
) -> worker::Result<A> {
    let body = serde_json::to_string(question)?.into();
    let init = object([("method", "POST".into()), ("body", body)]);
    let stub: Stub = objects.get_by_name(name)?.into_rpc();
    let asking = JsFuture::from(stub.fetch(&format!("{HOST}{path}"), &init)?);
    let mut response = Response::from(asking.await?.unchecked_into::<web_sys::Response>());
    let answered = response.text().await?;
    if response.status_code() != 200 {
        return Err(format!("object {name}, {path}: {answered}").into());
    }
    Ok(serde_json::from_str(&answered)?)
}

/// Answers a question by its path. What fails is said to who asked.
///
/// # Errors
///
/// When the platform refuses to make a response.
pub async fn answer(
    mut request: Request,
    answering: impl FnOnce(&str, &str) -> worker::Result<String>,
) -> worker::Result<Response> {
    let path = request.path();
    let question = request.text().await?;
    match answering(&path, &question) {
        Ok(answered) => Response::ok(answered),
        Err(error) => {
            console_error!("{path}: {error}");
            Response::error(error.to_string(), 500)
        }
    }
}

/// Reads a question.
///
/// # Errors
///
/// When it is another one.
pub fn read<'a, T: Deserialize<'a>>(question: &'a str) -> worker::Result<T> {
    Ok(serde_json::from_str(question)?)
}

/// Writes an answer.
///
/// # Errors
///
/// When it cannot be written.
pub fn reply<T: Serialize>(answer: &T) -> worker::Result<String> {
    Ok(serde_json::to_string(answer)?)
}
