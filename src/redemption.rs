//! Does an order that is recorded consume a use of its code? (domain 1.6)
//!
//! - [`redeemed`] says so, and which caps the use counts towards.

use crate::crediting::{Credited, Decision, OrderCode};
use crate::eligibility;
use crate::ledger::cap::Limits;
use crate::order::Cart;
use crate::program::Program;
use crate::quote;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::time::UnixMillis;
use crate::trace::Basis;

/// The caps that the use counts towards which an order consumes once it is recorded; `None` when it
/// consumes none, or none that anybody counts.
///
/// An order consumes a use of its code whoever is credited, because the shopper has had what the
/// code gives. So it consumes none where the code gave nothing: the credit does not rest on it, and
/// its deal was not in force when the order was placed, does not cover the order or is worth
/// nothing on it. A deal gives something where it may, for all that is known of the order.
///
/// `decision` is one that was made with [`Uses::Left`](crate::crediting::Uses::Left). An order that
/// is decided with no use left has been refused one and consumes none, whatever this says.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read.
pub fn redeemed<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    program: &Program,
    decision: &Decision,
    cart: &Cart,
    placed_at: UnixMillis,
) -> Result<Option<Limits>, SnapshotError> {
    let Some(code) = &decision.code else { return Ok(None) };
    let limits = Limits::on(&code.found.terms, cart);
    if limits == Limits::NONE {
        return Ok(None);
    }
    let is_redeemed = decision.credited.as_ref().is_some_and(rests_on_code)
        || gives_something(snapshot, program, code, cart, placed_at)?;
    Ok(is_redeemed.then_some(limits))
}

/// An owner who drove the winning click as well may be reported as credited by the click; it was
/// the code's use that was asked for (1.5, 9c) all the same.
fn rests_on_code(credited: &Credited) -> bool {
    credited.basis == Basis::PromoCode || credited.also_click_winner
}

fn gives_something<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    program: &Program,
    code: &OrderCode,
    cart: &Cart,
    placed_at: UnixMillis,
) -> Result<bool, SnapshotError> {
    let Some(deal) = code.found.deal_in_force(snapshot, placed_at)? else { return Ok(false) };
    if eligibility::check(&deal, program.currency, cart).is_err() {
        return Ok(false);
    }
    let quote = quote::quote(&deal, program.currency, cart);
    Ok(quote.is_none_or(|quote| quote.gives_something()))
}
