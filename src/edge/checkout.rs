//! The shop's checkout on its way through: its codes are read from a copy, and the shop is told who
//! would be credited. Whatever goes wrong, the checkout goes on.

use super::Call;
use super::bindings::now;
use super::clicks;
use super::failure::Failure;
use super::http::{self, BODY_SIZE_MAX};
use super::patience::in_time;
use super::snapshots;
use crate::order::ClickPathUse;
use crate::platform::nfkc;
use crate::wire::{
    Checkout, CheckoutAnswer, CheckoutFacts, DECISION_SIZE_MAX, Receipted, Undecided,
};

use js_sys::encode_uri_component;
use js_sys::futures::JsFuture;
use serde_json::json;
use wasm_bindgen::JsCast;
use worker::web_sys::{self, FormData};
use worker::{Headers, Request, ResponseBuilder, console_error, console_log};

use std::fmt;

/// The code that the order is credited by, percent-encoded as in a URL.
const CODE: &str = "promo-code";
/// The whole decision.
const DECISION: &str = "promo-decision";
/// The proof that it is ours.
const RECEIPT: &str = "promo-receipt";

/// A checkout on its way through, as a copy: the request itself goes on unread.
#[derive(Debug)]
pub struct Passing<'a> {
    checkout: &'a Checkout,
    request: Request,
}

/// Why the shop is told nothing.
#[derive(Debug)]
enum Untold {
    /// The body cannot be read, or not as a form or JSON.
    Unreadable,
    /// The body is larger than [`BODY_SIZE_MAX`].
    TooLarge,
    /// There was nothing to decide by, or not soon enough.
    NoSnapshot,
    /// It cannot be decided.
    Undecided(Undecided),
    /// The decision is larger than [`DECISION_SIZE_MAX`].
    TooLong,
    /// The platform failed.
    Failed(Failure),
}

/// The copy of a request that is a checkout. None is made of a body that is announced to be too
/// large: what is not read of a copy stays in memory.
#[must_use]
pub fn passing<'a>(call: &'a Call<'_>, request: &Request) -> Option<Passing<'a>> {
    let checkout = call.settings.checkout.as_ref()?;
    if !checkout.is(&request.inner().method(), &request.path()) {
        return None;
    }
    let announced = request.headers().get("content-length").ok().flatten();
    if announced.and_then(|size| size.parse().ok()).is_some_and(|size: usize| size > BODY_SIZE_MAX)
    {
        report(call, &Untold::TooLarge);
        return None;
    }
    let request = request.clone().map_err(|error| report(call, &Untold::Failed(error.into())));
    Some(Passing { checkout, request: request.ok()? })
}

/// Decides a checkout and tells the shop, by headers of the request that goes on to it.
pub async fn tell(call: &Call<'_>, passing: Passing<'_>, forwarded: &Headers) {
    let told = match decide(call, passing).await {
        Ok(answer) => write(call, &answer, forwarded).map(|()| answer),
        Err(untold) => Err(untold),
    };
    match told {
        Ok(answer) => log(call, &answer),
        Err(untold) => report(call, &untold),
    }
}

async fn decide(
    call: &Call<'_>,
    Passing { checkout, mut request }: Passing<'_>,
) -> Result<CheckoutAnswer, Untold> {
    let values = values(checkout, &mut request).await?;
    let codes = checkout.codes(values).map_err(|bad| Untold::Undecided(bad.into()))?;
    let ready = in_time(snapshots::for_codes(call, &codes)).await.and_then(Result::ok);
    let ready = ready.ok_or(Untold::NoSnapshot)?;
    let (clicks, click_path) = match clicks::path_of(call, request.headers()) {
        Ok(Some(path)) => (path.into_clicks(), ClickPathUse::Merged),
        Ok(None) => (Vec::new(), ClickPathUse::Absent),
        Err(_) => (Vec::new(), ClickPathUse::Ignored),
    };
    let facts = CheckoutFacts { codes, clicks, click_path, at: now() };
    let generation = &ready.generation;
    let from = (&generation.snapshot, &ready.shards, generation.root.manifest);
    CheckoutAnswer::decide(checkout, facts, from, nfkc).map_err(Untold::Undecided)
}

/// What stands in the code's field.
async fn values(checkout: &Checkout, request: &mut Request) -> Result<Vec<String>, Untold> {
    let header = |name| request.headers().get(name).ok().flatten();
    if header("content-encoding").is_some() {
        return Err(Untold::Unreadable);
    }
    let kind = header("content-type").unwrap_or_default();
    let body = http::read_body(request).await.map_err(|failure| match failure {
        Failure::TooLarge => Untold::TooLarge,
        _ => Untold::Unreadable,
    })?;
    let media_type = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let values = match &*media_type {
        "application/x-www-form-urlencoded" | "multipart/form-data" => {
            values_in_form(checkout.field(), &kind, body).await
        }
        "application/json" => checkout.values_in_json(&body),
        _ => None,
    };
    values.ok_or(Untold::Unreadable)
}

/// The texts of a form's field, as the platform reads forms.
async fn values_in_form(field: &str, kind: &str, body: Vec<u8>) -> Option<Vec<String>> {
    let form = ResponseBuilder::new().with_header("content-type", kind).ok()?.fixed(body);
    let form = JsFuture::from(web_sys::Response::from(form).form_data().ok()?).await.ok()?;
    let values = form.unchecked_into::<FormData>().get_all(field);
    // A file is no code.
    Some(values.iter().filter_map(|value| value.as_string()).collect())
}

/// All of it or nothing: what can fail is made before the first header is set.
fn write(call: &Call<'_>, answer: &CheckoutAnswer, headers: &Headers) -> Result<(), Untold> {
    let decision = answer.to_header().ok_or(Untold::TooLong)?;
    let receipt = call.receipt(now(), Receipted::Proxy(answer)).map_err(Untold::Failed)?;
    let code = answer.code.as_ref().map(|code| encode_uri_component(&code.typed).into());
    for (name, value) in [(CODE, code), (DECISION, Some(decision)), (RECEIPT, receipt)] {
        let Some(value) = value else { continue };
        headers.set(name, &value).map_err(|error| Untold::Failed(error.into()))?;
    }
    Ok(())
}

/// For the merchant's log. The code is not: a log is read by more people than may use it.
fn log(call: &Call<'_>, answer: &CheckoutAnswer) {
    let credited = answer.credited.as_ref();
    let partner = credited.map(|credited| &credited.partner);
    let basis = credited.map(|credited| credited.basis);
    let program = call.program.as_str();
    let line = json!({
        "program": program, "checkout": "decided", "partner": partner, "basis": basis,
    });
    console_log!("{line}");
}

fn report(call: &Call<'_>, untold: &Untold) {
    let program = call.program.as_str();
    let because = untold.to_string();
    let line = json!({ "program": program, "checkout": "undecided", "because": because });
    console_error!("{line}");
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Untold::Unreadable => f.write_str("expected a form or a JSON object"),
            Untold::TooLarge => write!(f, "expected a body of at most {BODY_SIZE_MAX} bytes"),
            Untold::NoSnapshot => f.write_str("there was no snapshot to decide by in time"),
            Untold::Undecided(undecided) => undecided.fmt(f),
            Untold::TooLong => {
                write!(f, "expected a decision of at most {DECISION_SIZE_MAX} bytes")
            }
            Untold::Failed(failure) => write!(f, "{failure:?}"),
        }
    }
}
