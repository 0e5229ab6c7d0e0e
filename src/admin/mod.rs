//! The Worker of the people who keep the catalogue: everything below `/v1/programs`.
//!
//! It stands behind the shoppers' Worker, which hands such requests on. A handler decodes, loads,
//! asks, encodes and sends; what may be done to a code, a deal or a partner is decided in
//! [`catalog`](crate::catalog), and what the database keeps true whoever writes is in
//! `migrations/catalog`.

mod bindings;
mod failure;
mod http;
mod programs;
mod publisher;
mod settings;
mod store;

use failure::Failure;
use settings::Settings;
use worker::{Context, Env, Method, Request, Response, event, web_sys};

/// Every request comes in here.
#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _: Context) -> worker::Result<web_sys::Response> {
    let path = request.path();
    let response = match route(&mut request, &path, &env).await {
        Ok(response) => response,
        Err(failure) => failure.respond(&path)?,
    };
    http::finish(&response)?;
    Ok(response.into())
}

async fn route(request: &mut Request, path: &str, env: &Env) -> Result<Response, Failure> {
    let below = path.strip_prefix("/v1/programs").ok_or(Failure::UnknownPath)?;
    let settings = Settings::of(env)?;
    match (below, request.method()) {
        ("" | "/", Method::Get | Method::Head) => programs::list(request, &settings, env).await,
        ("" | "/", _) => Err(Failure::MethodNotAllowed { allow: "GET, HEAD" }),
        _ => Err(Failure::UnknownPath),
    }
}
