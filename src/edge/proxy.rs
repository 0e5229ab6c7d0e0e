//! In front of a shop: what is not ours goes to the shop's own server, or, without one, to the
//! static pages.
//!
//! A shop sells whether or not we can say anything: whatever fails here is logged, and the request
//! goes on without it. Two things never wait for that: what claims to be from us is taken out of
//! every request, and a body is never touched.

use super::bindings;
use super::failure::Failure;
use super::http;
use super::settings;
use super::{Call, address, checkout, clicks};
use crate::platform::url::Url;

use js_sys::Promise;
use js_sys::futures::JsFuture;
use wasm_bindgen::prelude::{JsCast, JsValue};
use worker::web_sys::{self, RequestInit, ResponseInit, WorkerGlobalScope};
use worker::{Context, Env, Headers, Request};

use std::collections::BTreeMap;

/// Where shops answer: each host's own server, which the Worker stands in front of.
#[derive(Debug)]
pub enum Shops {
    /// Nowhere: pages are static.
    None,
    /// One, behind every host.
    One(String),
    /// One behind each of these hosts.
    ByHost(BTreeMap<String, String>),
}

/// Why a text names no shops.
#[derive(Debug)]
pub struct ShopError {
    /// What was expected.
    pub expected: &'static str,
}

/// How our headers begin. `_` counts as `-`: some servers read it so.
const OWN_HEADERS: &str = "promo-";

/// What some caches follow rather than `Cache-Control`.
const CACHES_OWN_HEADERS: [&str; 4] =
    ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control", "expires"];

impl Shops {
    /// Reads an address such as `https://origin.shop.example`, or a JSON object from host name to
    /// such; nothing means none. An address has no path: the shop's paths are those of its pages.
    ///
    /// # Errors
    ///
    /// [`ShopError`] when it is anything else.
    pub fn parse(text: &str) -> Result<Self, ShopError> {
        const REFUSED: ShopError = ShopError {
            expected: "an http or https address without a path, such as \
                       https://origin.shop.example, or a JSON object from host name to such",
        };
        let origin = |address: &str| {
            let url = Url::parse(address).filter(Url::is_plain_http).ok_or(REFUSED)?;
            let is_bare = url.pathname() == "/" && url.search().is_empty();
            if is_bare { Ok(url.origin()) } else { Err(REFUSED) }
        };
        match text.trim() {
            "" => Ok(Shops::None),
            json if json.starts_with('{') => {
                let by_host: BTreeMap<String, String> =
                    serde_json::from_str(json).map_err(|_| REFUSED)?;
                let shop = |(host, address): (String, String)| {
                    Ok((host.to_ascii_lowercase(), origin(&address)?))
                };
                by_host.into_iter().map(shop).collect::<Result<_, _>>().map(Shops::ByHost)
            }
            address => origin(address).map(Shops::One),
        }
    }

    /// Scheme, host and port of the shop behind a host.
    fn behind(&self, host: &str) -> Option<&str> {
        match self {
            Shops::None => None,
            Shops::One(origin) => Some(origin),
            Shops::ByHost(by_host) => by_host.get(host).map(String::as_str),
        }
    }
}

/// Answers what is not ours.
///
/// # Errors
///
/// [`Failure`] when there is nothing that could answer.
pub async fn serve(
    request: Request,
    env: &Env,
    ctx: &Context,
) -> Result<web_sys::Response, Failure> {
    let shops = settings::shops(env)?;
    let Some(origin) = shops.behind(address::host_of(&request.inner().url())) else {
        let call = known_call(&request, env);
        let answering = bindings::asset(env, request.inner())?;
        return answer(call.as_ref(), &request, answering).await;
    };
    // First: a panic cannot be caught.
    ctx.pass_through_on_exception();
    let call = known_call(&request, env);
    let passing = call.as_ref().and_then(|call| checkout::passing(call, &request));
    let forwarded = forward(&request, origin)?;
    if let (Some(call), Some(passing)) = (&call, passing) {
        checkout::tell(call, passing, &Headers(forwarded.headers())).await;
    }
    let shop: WorkerGlobalScope = js_sys::global().unchecked_into();
    answer(call.as_ref(), &request, shop.fetch_with_request(&forwarded)).await
}

/// Hands over the answer as it comes, with the cookie of a click that counts.
async fn answer(
    call: Option<&Call<'_>>,
    request: &Request,
    answering: Promise,
) -> Result<web_sys::Response, Failure> {
    // It is on its way while the click is counted.
    let answering = JsFuture::from(answering);
    let cookie = match call {
        Some(call) => land(call, request).await,
        None => None,
    };
    let unreachable = |error: JsValue| Failure::ShopUnreachable(error.into());
    let response: web_sys::Response = answering.await.map_err(unreachable)?.unchecked_into();
    match cookie {
        Some(cookie) => with_cookie(&response, &cookie),
        None => Ok(response),
    }
}

/// Counts the click that leads to a landing page.
async fn land(call: &Call<'_>, request: &Request) -> Option<String> {
    let partner = clicks::partner_of(request, &call.settings.clicks)?;
    clicks::record(call, request, &partner).await
}

/// What is known about requests to this host; nothing, when the Worker is not set up for it.
fn known_call<'a>(request: &Request, env: &'a Env) -> Option<Call<'a>> {
    match Call::new(request, env) {
        Ok(call) => Some(call),
        Err(failure) => {
            // The shopper is not told; what an operator must mend is logged.
            let _ = failure.problem(&request.path());
            None
        }
    }
}

/// The request as the shop gets it: to its own address, without what claims to be from us.
fn forward(request: &Request, origin: &str) -> Result<web_sys::Request, Failure> {
    let asked = request.inner();
    let url = Url::parse(&asked.url()).ok_or(Failure::UnknownPath)?;
    let address = format!("{origin}{}{}", url.pathname(), url.search());
    // Given a request for its settings the platform takes all of it over, the body as a stream and
    // redirects as answers.
    let settings: &RequestInit = asked.unchecked_ref();
    let forwarded =
        web_sys::Request::new_with_str_and_init(&address, settings).map_err(worker::Error::from)?;
    remove_own_headers(&Headers(forwarded.headers()))?;
    Ok(forwarded)
}

fn remove_own_headers(headers: &Headers) -> worker::Result<()> {
    let is_own =
        |name: &String| name.to_ascii_lowercase().replace('_', "-").starts_with(OWN_HEADERS);
    let own: Vec<String> = headers.keys().filter(is_own).collect();
    own.iter().try_for_each(|name| headers.delete(name))
}

/// The same response with one cookie more. No cache may keep it: whoever got it from there would
/// get somebody else's clicks.
fn with_cookie(response: &web_sys::Response, cookie: &str) -> Result<web_sys::Response, Failure> {
    let same: &ResponseInit = response.unchecked_ref();
    let body = response.body();
    let kept = web_sys::Response::new_with_opt_readable_stream_and_init(body.as_ref(), same)
        .map_err(worker::Error::from)?;
    let headers = Headers(kept.headers());
    headers.append("set-cookie", cookie)?;
    headers.set("cache-control", http::NOT_SHARED)?;
    CACHES_OWN_HEADERS.iter().try_for_each(|name| headers.delete(name))?;
    Ok(kept)
}
