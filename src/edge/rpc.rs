//! What other Workers call over a service binding: the same questions as over HTTP, in the same
//! shapes. Whoever is bound is trusted.
//!
//! Each export of this file is a method of the binding, and every other export of the crate would
//! be one, too. A call that fails throws an `Error` that says what is wrong; the problem document
//! is its property `problem`.

use super::bindings::{self, now};
use super::failure::Failure;
use super::http::BODY_SIZE_MAX;
use super::settings::Settings;
use super::{Call, ledger};
use crate::platform;
use crate::wire::{BadRequest, CallOptions, Caller, Order, ValidateRequest};

use js_sys::{Error, JSON};
use serde::Serialize;
use serde_json::value::to_raw_value;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use worker::Env;

/// May this code be used on this order? `request` is what `POST /v1/validate` takes, `options` are
/// [`CallOptions`].
///
/// # Errors
///
/// An `Error` with a `problem`.
#[wasm_bindgen(wasm_bindgen_futures = ::worker::wasm_bindgen_futures)]
pub async fn validate(request: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let answer = async {
        let asked = ValidateRequest::parse(&json_of(&request, "$")?, Caller::Trusted)?;
        let options = read_options(&options)?;
        let environment = bindings::environment();
        let call = Call::named(&environment, options.program.as_deref())?;
        call.validate(asked, Caller::Trusted, options.at.unwrap_or_else(now)).await
    };
    settle(answer.await, "rpc:validate")
}

/// Which partner is this order credited to? `order` is what `POST /v1/credit` takes, `options` are
/// [`CallOptions`].
///
/// # Errors
///
/// An `Error` with a `problem`.
#[wasm_bindgen(wasm_bindgen_futures = ::worker::wasm_bindgen_futures)]
pub async fn credit(order: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let answer = async {
        let order = Order::parse(&json_of(&order, "$")?)?;
        let options = read_options(&options)?;
        let environment = bindings::environment();
        let call = Call::named(&environment, options.program.as_deref())?;
        let at = options.at.unwrap_or_else(now);
        if options.dry_run {
            let (answer, _) = call.decide(&order, at).await?;
            return Ok(to_raw_value(&answer)?);
        }
        Ok(ledger::credit(&call, order, now()).await?.body)
    };
    settle(answer.await, "rpc:credit")
}

impl<'a> Call<'a> {
    /// A call about the program of that id; without one, about the only program.
    fn named(env: &'a Env, id: Option<&str>) -> Result<Self, Failure> {
        let settings = Settings::of(env)?;
        let programs = settings.programs();
        let named = match id {
            Some(id) => programs.iter().find(|program| program.as_str() == id),
            None => programs.first().filter(|_| programs.len() == 1),
        };
        let Some(&program) = named else {
            let known: Vec<&str> = programs.iter().map(|program| program.as_str()).collect();
            return Err(Failure::BadRequest(BadRequest {
                path: "options.program".to_owned(),
                expected: format!("one of {}", known.join(", ")),
                got: id.unwrap_or("nothing").to_owned(),
                remedy: None,
            }));
        };
        let program = program.clone();
        Ok(Call { env, url: None, settings, program, kv: bindings::snapshots(env)? })
    }
}

fn read_options(options: &JsValue) -> Result<CallOptions, Failure> {
    if options.is_undefined() {
        return Ok(CallOptions::default());
    }
    Ok(CallOptions::parse(&json_of(options, "options")?)?)
}

/// A value as JSON, so that it is read as strictly as a body: reading a JavaScript object field by
/// field would pass over those that nobody asks for.
fn json_of(value: &JsValue, path: &str) -> Result<Vec<u8>, Failure> {
    let refused = |got: String| BadRequest {
        path: path.to_owned(),
        expected: "an object".to_owned(),
        got,
        remedy: None,
    };
    let json = JSON::stringify(value).map_err(|error| refused(platform::describe(&error)))?;
    // What has no JSON, such as `undefined` or a function, is written as `undefined`.
    let json = JsValue::from(json).as_string().ok_or_else(|| refused("no JSON".to_owned()))?;
    if json.len() > BODY_SIZE_MAX { Err(Failure::TooLarge) } else { Ok(json.into_bytes()) }
}

fn settle<T: Serialize>(answer: Result<T, Failure>, instance: &str) -> Result<JsValue, JsValue> {
    match answer.and_then(|answer| value_of(&answer)) {
        Ok(value) => Ok(value),
        Err(failure) => {
            let problem = failure.problem(instance);
            let error = Error::new(&format!("{}: {}", problem.title, problem.detail));
            if let Ok(problem) = value_of(&problem) {
                platform::set(&error, "problem", &problem);
            }
            Err(error.into())
        }
    }
}

/// A plain object, as its JSON has it.
fn value_of<T: Serialize>(answer: &T) -> Result<JsValue, Failure> {
    let json = serde_json::to_string(answer)?;
    JSON::parse(&json).map_err(|error| Failure::Platform(error.into()))
}
