//! Orders that are recorded and uses that are held: what a merchant's server asks of the ledger.

use super::bindings::now;
use super::failure::Failure;
use super::http;
use super::{Call, ledger};
use crate::platform::http::method;
use crate::token::Scope;
use crate::wire::{
    AdjustRequest, BadRequest, Order, OrderName, ReservationRequest, ReverseRequest,
};

use js_sys::decode_uri_component;
use ledger::Answered;
use worker::{Method, Request, Response};

/// `POST /v1/credit`: which partner is this order credited to? Recorded once, unless it is asked
/// only to decide.
pub async fn credit(request: &mut Request, call: &Call<'_>) -> Result<Response, Failure> {
    call.require(request, Scope::Credit).await?;
    let is_dry_run = http::is_dry_run(request)?;
    let order = Order::parse(&http::read_body(request).await?)?;
    if order.forced_partner.is_some() {
        call.require(request, Scope::Force).await?;
    }
    if !is_dry_run {
        return call.answered(&ledger::credit(call, order, now()).await?);
    }
    let (answer, age_ms) = call.decide(&order, now()).await?;
    let response = call.json(200, &answer)?;
    http::add_snapshot_age(&response, age_ms)?;
    Ok(response)
}

/// `/v1/orders/{event_type}/{order_id}` and what can be done with the order.
pub async fn order(
    request: &mut Request,
    path: &str,
    call: &Call<'_>,
) -> Result<Response, Failure> {
    let mut parts = path.split('/');
    let (event_type, order_id, action) = (parts.next(), parts.next(), parts.next());
    let (Some(event_type), Some(order_id), None) = (event_type, order_id, parts.next()) else {
        return Err(Failure::UnknownPath);
    };
    let name = OrderName { event_type: decoded(event_type)?, order_id: decoded(order_id)? };
    match (action, method(request)) {
        (None, Method::Get | Method::Head) => {
            call.require(request, Scope::Credit).await?;
            call.answered(&ledger::find(call, &name).await?)
        }
        (Some("reverse"), Method::Post) => {
            call.require(request, Scope::Credit).await?;
            let asked = ReverseRequest::parse(&http::read_body(request).await?)?;
            call.answered(&ledger::reverse(call, name, asked).await?)
        }
        (Some("adjust"), Method::Post) => {
            call.require(request, Scope::Credit).await?;
            let asked = AdjustRequest::parse(&http::read_body(request).await?)?;
            call.answered(&ledger::adjust(call, name, asked).await?)
        }
        (None, _) => Err(Failure::MethodNotAllowed { allow: "GET, HEAD" }),
        (Some("reverse" | "adjust"), _) => Err(Failure::MethodNotAllowed { allow: "POST" }),
        _ => Err(Failure::UnknownPath),
    }
}

/// `POST /v1/reservations`: holds a use of a code for a cart.
pub async fn reserve(request: &mut Request, call: &Call<'_>) -> Result<Response, Failure> {
    call.require(request, Scope::Credit).await?;
    let asked = ReservationRequest::parse(&http::read_body(request).await?)?;
    call.json(200, &ledger::reserve(call, asked).await?)
}

/// `DELETE /v1/reservations/{cart_id}`: gives back what a cart holds.
pub async fn release(
    request: &Request,
    cart_id: &str,
    call: &Call<'_>,
) -> Result<Response, Failure> {
    if method(request) != Method::Delete {
        return Err(Failure::MethodNotAllowed { allow: "DELETE" });
    }
    call.require(request, Scope::Credit).await?;
    call.json(200, &ledger::release(call, decoded(cart_id)?).await?)
}

impl Call<'_> {
    fn answered(&self, answered: &Answered) -> Result<Response, Failure> {
        let response = self.json(answered.status, &answered.body)?;
        if let Some(age_ms) = answered.age_ms {
            http::add_snapshot_age(&response, age_ms)?;
        }
        Ok(response)
    }
}

/// A part of a path, as it was before it was percent-encoded.
fn decoded(part: &str) -> Result<String, Failure> {
    let refused = || BadRequest {
        path: "path".to_owned(),
        expected: "UTF-8, percent-encoded".to_owned(),
        got: part.to_owned(),
        remedy: None,
    };
    let text = decode_uri_component(part).map_err(|_| refused())?;
    text.as_string().filter(|text| !text.is_empty()).ok_or_else(|| refused().into())
}
