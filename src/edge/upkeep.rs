//! What operators ask of the ledger: to be read through by `promo audit`, to forget a customer, to
//! send again what has not arrived. All of it needs a token with the scope `admin`.

use super::failure::Failure;
use super::{Call, http, ledger};
use crate::platform::http::method;
use crate::platform::url::Url;
use crate::token::Scope;
use crate::wire::{EraseRequest, ResendRequest};

use worker::{Method, Request, Response};

/// Whether a path is one of these.
#[must_use]
pub fn is_upkeep(path: &str) -> bool {
    path.starts_with("/v1/ledger/") || path.starts_with("/v1/customers/")
}

/// `/v1/ledger/...` and `/v1/customers/erase`.
pub async fn answer(
    request: &mut Request,
    path: &str,
    call: &Call<'_>,
) -> Result<Response, Failure> {
    use Method::{Get, Head, Post};
    match (path, method(request)) {
        ("/v1/ledger/objects", Get | Head) => {
            call.require(request, Scope::Admin).await?;
            call.json(200, &ledger::objects(call))
        }
        ("/v1/ledger/entries", Get | Head) => {
            call.require(request, Scope::Admin).await?;
            let [object, after] = ["object", "after"].map(|name| call.parameter(name));
            call.json(200, &ledger::entries(call, object, after.as_deref()).await?)
        }
        ("/v1/ledger/uses", Get | Head) => {
            call.require(request, Scope::Admin).await?;
            let [object, after] = ["object", "after"].map(|name| call.parameter(name));
            call.json(200, &ledger::uses(call, object, after.as_deref()).await?)
        }
        ("/v1/ledger/reports", Get | Head) => {
            call.require(request, Scope::Admin).await?;
            let after = call.parameter("after");
            call.json(200, &ledger::reported(call, after.as_deref()).await?)
        }
        ("/v1/ledger/resend", Post) => {
            call.require(request, Scope::Admin).await?;
            let asked = ResendRequest::parse(&http::read_body(request).await?)?;
            call.json(200, &ledger::resend(call, asked).await?)
        }
        ("/v1/customers/erase", Post) => {
            call.require(request, Scope::Admin).await?;
            let asked = EraseRequest::parse(&http::read_body(request).await?)?;
            call.json(200, &ledger::erase(call, asked).await?)
        }
        ("/v1/ledger/resend" | "/v1/customers/erase", _) => {
            Err(Failure::MethodNotAllowed { allow: "POST" })
        }
        (
            "/v1/ledger/objects" | "/v1/ledger/entries" | "/v1/ledger/uses" | "/v1/ledger/reports",
            _,
        ) => Err(Failure::MethodNotAllowed { allow: "GET, HEAD" }),
        _ => Err(Failure::UnknownPath),
    }
}

impl Call<'_> {
    fn parameter(&self, name: &str) -> Option<String> {
        self.url.as_deref().and_then(Url::parse)?.parameter(name)
    }
}
