//! Durable Objects: how they are asked, and how they answer.
//!
//! - [`ask`] puts a question to an object, [`answer`] is its end of that; [`hand_over`] gives it a
//!   file.
//! - [`read`] and [`reply`] are the question and the answer themselves.

use super::object;

use js_sys::futures::JsFuture;
use js_sys::{Object, Promise, Uint8Array};
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
const HOST: &str = "https://object";

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
    Ok(serde_json::from_str(&send(objects, name, path, &init).await?)?)
}

/// Hands a file to an object of that name, which answers nothing but that it has it.
///
/// # Errors
///
/// As for [`ask`].
pub async fn hand_over(
    objects: &ObjectNamespace,
    name: &str,
    path: &str,
    file: &[u8],
) -> worker::Result<()> {
    let init = object([("method", "POST".into()), ("body", Uint8Array::from(file).into())]);
    send(objects, name, path, &init).await.map(drop)
}

/// Sends an object something, and returns what it says to that.
async fn send(
    objects: &ObjectNamespace,
    name: &str,
    path: &str,
    init: &Object,
) -> worker::Result<String> {
    let stub: Stub = objects.get_by_name(name)?.into_rpc();
    let asking = JsFuture::from(stub.fetch(&format!("{HOST}{path}"), init)?);
    let mut response = Response::from(asking.await?.unchecked_into::<web_sys::Response>());
    let answered = response.text().await?;
    if response.status_code() != 200 {
        return Err(format!("object {name}, {path}: {answered}").into());
    }
    Ok(answered)
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
