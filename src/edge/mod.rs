//! The Worker: `POST /v1/validate`, `POST /v1/credit`, `GET /v1/public`, `GET /v1/click`,
//! `GET /healthz`, `GET /openapi.json`; everything else is the shop's (`proxy.rs`).
//!
//! A handler decodes, loads, asks, encodes and sends; what is asked lives in the core.

mod auth;
mod bindings;
mod checkout;
mod clicks;
mod cors;
mod http;
mod patience;
mod proxy;
mod shards;
mod snapshots;
mod url;

use crate::crediting::Uses;
use crate::id::ProgramId;
use crate::platform::nfkc;
use crate::validation::{self, Answer};
use crate::wire::{Caller, DecisionAnswer, Health, Order, ValidateAnswer, ValidateRequest};

use auth::Scope;
use bindings::{Namespace, Settings, now};
use clicks::Link;
use http::Failure;
use serde::Serialize;
use serde_json::json;
use worker::{Context, Env, Method, Request, Response, console_log, event, web_sys};

use std::rc::Rc;

/// One request, and what it may reach.
#[derive(Debug)]
struct Call<'a> {
    env: &'a Env,
    ctx: &'a Context,
    settings: Rc<Settings>,
    program: ProgramId,
    kv: Namespace,
}

/// Every request comes in here.
#[event(fetch)]
async fn fetch(mut request: Request, env: Env, ctx: Context) -> worker::Result<web_sys::Response> {
    let origin = request.headers().get("origin")?;
    let path = request.path();
    let answered = if is_ours(&path) {
        route(&mut request, &path, &env, &ctx).await
    } else {
        match proxy::serve(request, &env, &ctx).await {
            Ok(response) => return Ok(response),
            Err(failure) => Err(failure),
        }
    };
    let response = match answered {
        Ok(response) => response,
        Err(failure) => failure.respond(&path)?,
    };
    let settings = Settings::of(&env).ok();
    http::finish(
        &response,
        origin.as_deref(),
        settings.as_ref().map(|settings| &settings.origins),
    )?;
    Ok(response.into())
}

/// Which paths are ours, and never a shop's.
fn is_ours(path: &str) -> bool {
    path.starts_with("/v1/") || matches!(path, "/healthz" | "/openapi.json")
}

async fn route(
    request: &mut Request,
    path: &str,
    env: &Env,
    ctx: &Context,
) -> Result<Response, Failure> {
    use Method::{Get, Head, Options, Post};
    match (path, request.method()) {
        ("/v1/validate", Post) => validate(request, &Call::new(request, env, ctx)?).await,
        ("/v1/public", Get | Head) => public(request, &Call::new(request, env, ctx)?).await,
        ("/v1/credit", Post) => credit(request, &Call::new(request, env, ctx)?).await,
        ("/healthz", Get | Head) => healthz(&Call::new(request, env, ctx)?).await,
        ("/v1/click", Get | Head) => click(request, &Call::new(request, env, ctx)?).await,
        ("/openapi.json", Get | Head) => http::asset(env, request).await,
        ("/v1/validate", Options) => cors::preflight(POST),
        ("/v1/public" | "/v1/click" | "/healthz" | "/openapi.json", Options) => {
            cors::preflight(GET)
        }
        ("/v1/validate", _) => Err(Failure::MethodNotAllowed { allow: POST }),
        // Pages do not credit orders: there is no preflight for it.
        ("/v1/credit", _) => Err(Failure::MethodNotAllowed { allow: "POST" }),
        ("/v1/public" | "/v1/click" | "/healthz" | "/openapi.json", _) => {
            Err(Failure::MethodNotAllowed { allow: GET })
        }
        _ => Err(Failure::UnknownPath),
    }
}

const POST: &str = "POST, OPTIONS";
const GET: &str = "GET, HEAD, OPTIONS";

/// May this code be used on this order?
async fn validate(request: &mut Request, call: &Call<'_>) -> Result<Response, Failure> {
    let caller = call.admit(request, Scope::Credit).await?;
    let asked = ValidateRequest::parse(&http::read_body(request).await?, caller)?;
    let ready = snapshots::for_codes(call, &[&asked.code]).await?;
    let (at, signal_count) = (asked.at(now()), asked.signal_count());
    let question = asked.question(&ready.generation.program, nfkc)?;
    let answer = validation::validate(&ready.generation.snapshot, &ready.shards, &question, at)?;
    log_answer(&call.program, &answer, signal_count);
    call.json(200, &ValidateAnswer::new(&answer, caller, ready.generation.facts()))
}

/// Which partner is this order credited to?
async fn credit(request: &mut Request, call: &Call<'_>) -> Result<Response, Failure> {
    call.require(request, Scope::Credit).await?;
    http::require_dry_run(request)?;
    let order = Order::parse(&http::read_body(request).await?)?;
    if order.forced_partner.is_some() {
        call.require(request, Scope::Force).await?;
    }
    let ready = snapshots::for_codes(call, order.codes()).await?;
    let generation = &ready.generation;
    let from = (&generation.snapshot, &ready.shards, generation.root.manifest);
    let path = clicks::path_in(call, order.click_path.as_deref());
    let answer = DecisionAnswer::decide(&order, path, from, nfkc, Uses::Left)?;
    let response = call.json(200, &answer)?;
    http::add_snapshot_age(&response, generation.facts().age_ms)?;
    Ok(response)
}

/// The codes that a shopper's browser may know.
async fn public(request: &Request, call: &Call<'_>) -> Result<Response, Failure> {
    let held = snapshots::current(call).await?.current;
    http::cacheable(request, held.snapshot.public_bundle(), &held.public_id)
}

/// A partner's link: counts the click and leads on.
async fn click(request: &Request, call: &Call<'_>) -> Result<Response, Failure> {
    let link = Link::of(request, &call.settings.clicks)?;
    let cookie = clicks::record(call, request, &link.partner).await;
    http::redirect(&link.to, cookie.as_deref())
}

/// Whether this Worker can answer, and from what.
async fn healthz(call: &Call<'_>) -> Result<Response, Failure> {
    let (held, trouble) = match snapshots::current(call).await {
        Ok(held) => (Some(held.current), held.trouble),
        Err(Failure::NoSnapshot(trouble)) => (None, Some(trouble)),
        Err(failure) => return Err(failure),
    };
    let health = Health {
        status: held.as_ref().map_or("unavailable", |_| "ok"),
        version: env!("CARGO_PKG_VERSION"),
        program: call.program.to_string(),
        snapshot: held.map(|held| held.health()),
        trouble: trouble.map(|trouble| trouble.to_string()),
        rate_limit: if bindings::has_rate_limit(call.env) { "on" } else { "off" },
        clicks: if call.settings.clicks.keys.is_some() { "on" } else { "off" },
    };
    call.json(if health.snapshot.is_some() { 200 } else { 503 }, &health)
}

impl<'a> Call<'a> {
    fn new(request: &Request, env: &'a Env, ctx: &'a Context) -> Result<Self, Failure> {
        let settings = Settings::of(env)?;
        let url = request.inner().url();
        let program = settings.program_of(http::host_of(&url)).ok_or(Failure::UnknownHost)?.clone();
        Ok(Call { env, ctx, settings, program, kv: Namespace::of(env)? })
    }

    /// Who asks. A merchant's server asks for many shoppers from one address, so only callers
    /// without a good token are counted: that slows down whoever guesses codes, or tokens.
    async fn admit(&self, request: &Request, needed: Scope) -> Result<Caller, Failure> {
        let headers = request.headers();
        let authorization = headers.get("authorization")?;
        let caller = self.settings.tokens.caller(&self.program, authorization.as_deref(), needed);
        if matches!(caller, Ok(Caller::Trusted)) {
            return caller;
        }
        let address = headers.get("cf-connecting-ip")?.unwrap_or_default();
        let key = format!("{} {}", self.program, http::address_block(&address));
        if bindings::limit_rate(self.env, &key).await { caller } else { Err(Failure::TooMany) }
    }

    /// Admits trusted callers only.
    async fn require(&self, request: &Request, needed: Scope) -> Result<(), Failure> {
        match self.admit(request, needed).await? {
            Caller::Trusted => Ok(()),
            Caller::Shopper => Err(Failure::Unauthenticated),
        }
    }

    /// An answer that says what it cost.
    fn json<T: Serialize>(&self, status: u16, answer: &T) -> Result<Response, Failure> {
        http::json(status, answer, self.kv.read_count())
    }
}

/// Refusals and signals are for the merchant's log, refusals with the exact reason. The code is
/// not: a log is read by more people than may use it.
fn log_answer(program: &ProgramId, answer: &Answer, signal_count: usize) {
    let refused = match answer {
        Answer::Valid(_) => None,
        Answer::Refused(refused) => Some(refused.exact.name()),
    };
    if refused.is_some() || signal_count > 0 {
        let program = program.as_str();
        let line = json!({ "program": program, "refused": refused, "signals": signal_count });
        console_log!("{line}");
    }
}
