//! The Worker: `POST /v1/validate`, `POST /v1/credit`, `/v1/orders/...`, `/v1/reservations`,
//! `/v1/ledger/...`, `POST /v1/customers/erase`, `GET /v1/public`, `GET /v1/click`,
//! `GET /.well-known/jwks.json`, `GET /healthz`, `GET /openapi.json`; `/v1/programs...` is handed
//! on to the Worker that keeps the catalogue; everything else is the shop's (`proxy.rs`).
//!
//! Other Workers call [`rpc`] instead.
//!
//! A handler decodes, loads, asks, encodes and sends; what is asked lives in the core.

mod address;
mod bindings;
mod checkout;
mod clicks;
mod cors;
mod failure;
mod generation;
mod http;
mod jwks;
mod ledger;
mod orders;
mod patience;
mod proxy;
mod receipt;
mod rpc;
mod settings;
mod shards;
mod snapshots;
mod upkeep;

use crate::crediting::Uses;
use crate::id::ProgramId;
use crate::platform::http::method;
use crate::platform::kv::Namespace;
use crate::platform::nfkc;
use crate::time::UnixMillis;
use crate::token::Scope;
use crate::validation::{self, Answer};
use crate::wire::{
    Caller, CreditAnswer, Health, Order, Receipted, Signals, ValidateAnswer, ValidateRequest,
    Verdict,
};

use bindings::now;
use clicks::Link;
use failure::Failure;
use serde::Serialize;
use serde_json::json;
use settings::Settings;
use snapshots::Ready;
use worker::{Context, Env, Method, Request, Response, console_log, event, web_sys};

use std::rc::Rc;

/// One request or one call from another Worker, and what it may reach.
#[derive(Debug)]
struct Call<'a> {
    env: &'a Env,
    /// What was asked; `None` when it was no request.
    url: Option<String>,
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
        route(&mut request, &path, &env).await
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

/// Paths that answer and take nothing.
const READ_ONLY: [&str; 5] =
    ["/v1/public", "/v1/click", "/.well-known/jwks.json", "/healthz", "/openapi.json"];

/// Which paths are ours, and never a shop's.
fn is_ours(path: &str) -> bool {
    path.starts_with("/v1/") || READ_ONLY.contains(&path)
}

/// Which paths the Worker that keeps the catalogue answers.
fn is_catalogue(path: &str) -> bool {
    path == "/v1/programs" || path.starts_with("/v1/programs/")
}

async fn route(request: &mut Request, path: &str, env: &Env) -> Result<Response, Failure> {
    use Method::{Get, Head, Options, Post};
    match (path, method(request)) {
        ("/v1/validate", Post) => validate(request, &Call::new(request, env)?).await,
        ("/v1/credit", Post) => orders::credit(request, &Call::new(request, env)?).await,
        ("/v1/reservations", Post) => orders::reserve(request, &Call::new(request, env)?).await,
        ("/v1/public", Get | Head) => public(request, &Call::new(request, env)?).await,
        ("/v1/click", Get | Head) => click(request, &Call::new(request, env)?).await,
        ("/.well-known/jwks.json", Get | Head) => jwks(request, &Call::new(request, env)?),
        ("/healthz", Get | Head) => healthz(&Call::new(request, env)?).await,
        ("/openapi.json", Get | Head) => {
            http::handed_on(bindings::asset(env, request.inner())?).await
        }
        (path, method) if is_catalogue(path) => {
            let answer = http::handed_on(bindings::admin(env, request.inner())?).await?;
            if !matches!(method, Get | Head) && answer.status_code() < 400 {
                snapshots::expect_edit();
            }
            Ok(answer)
        }
        ("/v1/validate", Options) => cors::preflight(POST),
        (path, Options) if READ_ONLY.contains(&path) => cors::preflight(GET),
        ("/v1/validate", _) => Err(Failure::MethodNotAllowed { allow: POST }),
        // Pages do not credit orders: there is no preflight for it.
        ("/v1/credit" | "/v1/reservations", _) => Err(Failure::MethodNotAllowed { allow: "POST" }),
        (path, _) if READ_ONLY.contains(&path) => Err(Failure::MethodNotAllowed { allow: GET }),
        (path, _) => {
            let call = Call::new(request, env)?;
            if let Some(order) = path.strip_prefix("/v1/orders/") {
                return orders::order(request, order, &call).await;
            }
            if upkeep::is_upkeep(path) {
                return upkeep::answer(request, path, &call).await;
            }
            match path.strip_prefix("/v1/reservations/") {
                Some(cart_id) => orders::release(request, cart_id, &call).await,
                None => Err(Failure::UnknownPath),
            }
        }
    }
}

const POST: &str = "POST, OPTIONS";
const GET: &str = "GET, HEAD, OPTIONS";

/// May this code be used on this order?
async fn validate(request: &mut Request, call: &Call<'_>) -> Result<Response, Failure> {
    let caller = call.admit(request, Scope::Credit).await?;
    let asked = ValidateRequest::parse(&http::read_body(request).await?, caller)?;
    call.json(200, &call.validate(asked, caller, now()).await?)
}

/// The codes that a shopper's browser may know.
async fn public(request: &Request, call: &Call<'_>) -> Result<Response, Failure> {
    let held = snapshots::current(call).await?.current;
    let bundle = held.snapshot.public_bundle();
    http::cacheable(request, "application/octet-stream", bundle, &held.public_id)
}

/// The keys that check receipts.
fn jwks(request: &Request, call: &Call<'_>) -> Result<Response, Failure> {
    let keys = call.settings.receipt_keys.of(&call.program);
    http::cacheable(request, "application/jwk-set+json", keys.document(), keys.id())
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
        rate_limit: on_or_off(bindings::has_rate_limit(call.env)),
        receipts: on_or_off(call.settings.receipt_keys.of(&call.program).can_sign()),
        clicks: on_or_off(call.settings.clicks.keys.is_some()),
        ledger: on_or_off(bindings::has_ledger(call.env)),
        webhooks: on_or_off(matches!(call.settings.webhook(&call.program), Ok(Some(_)))),
    };
    call.json(if health.snapshot.is_some() { 200 } else { 503 }, &health)
}

impl<'a> Call<'a> {
    fn new(request: &Request, env: &'a Env) -> Result<Self, Failure> {
        let settings = Settings::of(env)?;
        let url = request.inner().url();
        let program =
            settings.program_of(address::host_of(&url)).ok_or(Failure::UnknownHost)?.clone();
        Ok(Call { env, url: Some(url), settings, program, kv: bindings::snapshots(env)? })
    }

    /// Answers what is asked, by whichever way it came. `now` is what the clock says.
    async fn validate(
        &self,
        asked: ValidateRequest,
        caller: Caller,
        now: UnixMillis,
    ) -> Result<ValidateAnswer, Failure> {
        let ready = snapshots::for_codes(self, &[&asked.code]).await?;
        let (at, signals) = (asked.at(now), asked.signals);
        let customer = asked.customer_id.clone();
        let question = asked.question(&ready.generation.program, nfkc)?;
        let Ready { generation, shards } = &ready;
        let found = validation::ask(&generation.snapshot, shards, &question, at)?;
        let key = found.cap_key().filter(|_| generation.has_caps());
        let counts = ledger::counts(self, key, customer).await;
        let answer = validation::judge(&generation.snapshot, found, counts)?;
        log_answer(&self.program, &answer, signals);
        Ok(ValidateAnswer::new(&answer, caller, generation.facts()))
    }

    /// Decides an order without recording it, and says how old the snapshot was, in milliseconds.
    async fn decide(&self, order: &Order, now: UnixMillis) -> Result<(CreditAnswer, u64), Failure> {
        let ready = snapshots::for_codes(self, order.codes()).await?;
        let Ready { generation, shards } = &ready;
        let from = (&generation.snapshot, shards, generation.root.manifest);
        let path = clicks::path_in(self, order.click_path.as_deref());
        let decision = Verdict::decide(order, path, from, nfkc, Uses::Left)?.answer;
        let receipt = self.receipt(now, Receipted::DryRun(order, &decision))?;
        Ok((CreditAnswer { decision, receipt }, generation.facts().age_ms))
    }

    /// Who asks. A merchant's server asks for many shoppers from one address, so only callers
    /// without a good token are counted: that slows down whoever guesses codes, or tokens.
    async fn admit(&self, request: &Request, needed: Scope) -> Result<Caller, Failure> {
        let headers = request.headers();
        let authorization = headers.get("authorization")?;
        let caller = self.settings.tokens.caller(&self.program, authorization.as_deref(), needed);
        if matches!(caller, Ok(Caller::Trusted)) {
            return Ok(Caller::Trusted);
        }
        let address = headers.get("cf-connecting-ip")?.unwrap_or_default();
        let key = format!("{} {}", self.program, address::block_of(&address));
        if bindings::limit_rate(self.env, &key).await { Ok(caller?) } else { Err(Failure::TooMany) }
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

fn on_or_off(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}

/// Refusals and signals are for the merchant's log, refusals with the exact reason. The code is
/// not: a log is read by more people than may use it.
fn log_answer(program: &ProgramId, answer: &Answer, signals: Signals) {
    let refused = match answer {
        Answer::Valid(_) => None,
        Answer::Refused(refused) => Some(refused.exact.name()),
    };
    if refused.is_some() || !signals.is_empty() {
        let program = program.as_str();
        let line = json!({ "program": program, "refused": refused, "signals": signals });
        console_log!("{line}");
    }
}
