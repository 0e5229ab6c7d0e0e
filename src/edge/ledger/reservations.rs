//! Uses of capped codes that are held for carts, before there is an order. A cart's hold ends by
//! itself, or when its order takes it over.

use super::Caps;
use super::message::{Count, Counted, Exhausted, Holder, Reserve, Reserved};
use super::object::cap_homes;
use crate::edge::Call;
use crate::edge::bindings::{self, now};
use crate::edge::failure::Failure;
use crate::edge::patience::within;
use crate::edge::snapshots::{self, Ready};
use crate::ledger::cap::{Counts, Limits};
use crate::order::Cart;
use crate::platform::nfkc;
use crate::platform::objects::ask;
use crate::reason::Rejection;
use crate::time::UnixMillis;
use crate::validation::{self, Answer, Question, Valid};
use crate::wire::{ReleaseAnswer, ReservationAnswer, ReservationRequest, rfc3339};

use worker::console_error;

use std::time::Duration;

/// How long a shopper's question waits to hear how many uses are taken: long enough for an object
/// on another continent, and short enough not to be noticed.
const PATIENCE: Duration = Duration::from_millis(500);

/// Holds a use of a code for a cart. Asked again, it goes on holding the one that it holds.
///
/// # Errors
///
/// [`Failure`] when there is nothing to answer from, or the cap's object does not answer.
pub async fn reserve(
    call: &Call<'_>,
    asked: ReservationRequest,
) -> Result<ReservationAnswer, Failure> {
    let ready = snapshots::for_codes(call, &[&asked.code]).await?;
    let Ready { generation, shards } = &ready;
    let cart = Cart { customer_known: asked.customer_id.is_some(), ..Cart::default() };
    let question = Question { typed: asked.code, nfkc, cart };
    let answer = validation::validate(&generation.snapshot, shards, &question, now())?;
    let (valid, cart_id) = match answer {
        Answer::Valid(valid) => (valid, asked.cart_id),
        Answer::Refused(refused) => {
            let code_id = refused.found.as_ref().map(|found| found.code_id());
            return Ok(refusal(refused.exact, asked.cart_id, code_id));
        }
    };
    let Valid { found, .. } = *valid;
    let code_id = found.code_id();
    if !found.terms.is_capped() {
        return Ok(held(cart_id, code_id, None));
    }
    let hash = |customer: &String| call.settings.hash_customer(&call.program, customer);
    let asking = Reserve {
        code_id: code_id.clone(),
        holder: Holder::Cart(cart_id.clone()),
        cart_id: None,
        customer: asked.customer_id.as_ref().map(hash).transpose()?,
        limits: Limits::on(&found.terms, &question.cart).into(),
        ttl_ms: i64::from(asked.ttl_s).saturating_mul(1_000),
    };
    let reserved: Reserved = Caps::of(call)?.ask(&code_id, "/reserve", &asking).await?;
    let Reserved { exhausted, expires_at, .. } = reserved;
    let rejection = match exhausted {
        None => return Ok(held(cart_id, code_id, expires_at.map(UnixMillis))),
        Some(Exhausted::Redemptions) => Rejection::RedemptionsExhausted,
        Some(Exhausted::CustomerRedemptions) => Rejection::CustomerRedemptionsExhausted,
    };
    Ok(refusal(rejection, cart_id, Some(code_id)))
}

/// How many uses of a code are taken, for an answer that promises nothing; `None` when nobody is to
/// be asked, or does not answer in time. A shopper's question does not wait for a counter.
pub async fn counts(
    call: &Call<'_>,
    key: Option<String>,
    customer: Option<String>,
) -> Option<Counts> {
    let code_id = key?;
    let hash = |customer: String| call.settings.hash_customer(&call.program, &customer).ok();
    let asked = Count { code_id, customer: customer.and_then(hash) };
    let counted = within(PATIENCE, count(call, &asked)).await;
    match counted {
        Some(Ok(counts)) => Some(counts),
        Some(Err(failure)) => {
            console_error!("program {}: uses are not counted: {failure:?}", call.program);
            None
        }
        None => {
            console_error!("program {}: uses were not counted in time", call.program);
            None
        }
    }
}

/// The sum over every object that may count them: a code's uses are in one of these, and asking
/// which would write something down.
async fn count(call: &Call<'_>, asked: &Count) -> Result<Counts, Failure> {
    let objects = bindings::cap_objects(call.env)?;
    let mut counts = Counts::default();
    for home in cap_homes(&call.program, &asked.code_id, &call.settings) {
        let asking = ask(&objects, &home, "/count", asked);
        let counted: Counted = asking.await.map_err(Failure::LedgerUnavailable)?;
        counts.taken = counts.taken.saturating_add(counted.taken);
        let by_customer = counts.taken_by_customer.saturating_add(counted.taken_by_customer);
        counts.taken_by_customer = by_customer;
    }
    Ok(counts)
}

/// Gives back whatever a cart holds. Which codes those are nobody has written down: every cap
/// object of the program is asked.
///
/// # Errors
///
/// [`Failure::LedgerUnavailable`] when one does not answer; asked again, the others have nothing
/// left to give back.
pub async fn release(call: &Call<'_>, cart_id: String) -> Result<ReleaseAnswer, Failure> {
    let counts: Vec<u64> = Caps::of(call)?.ask_all("/release-cart", &cart_id).await?;
    let released = counts.into_iter().fold(0, u64::saturating_add);
    Ok(ReleaseAnswer { cart_id, released })
}

fn held(cart_id: String, code_id: String, until: Option<UnixMillis>) -> ReservationAnswer {
    let expires_at = until.map(rfc3339);
    ReservationAnswer { reserved: true, reason: None, cart_id, code_id: Some(code_id), expires_at }
}

fn refusal(because: Rejection, cart_id: String, code_id: Option<String>) -> ReservationAnswer {
    let reason = Some(because.name());
    ReservationAnswer { reserved: false, reason, cart_id, code_id, expires_at: None }
}
