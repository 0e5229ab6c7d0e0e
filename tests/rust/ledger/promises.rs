//! What holds in every world that can be come to, and on every step between two.

use super::protocol::Protocol;
use super::world::{Order, World};

pub const WITHIN_CAP: &str = "no more uses are taken than there are";
pub const WITHIN_CUSTOMER_CAP: &str = "no customer takes more uses than one may have";
pub const COUNTED: &str = "what an order consumes is counted, by its own hold";
pub const ONE_TOKEN_EACH: &str = "no two holds have one token";
pub const NOT_VOID: &str = "no order is recorded with a hold that is void";
pub const RECORDED_ONCE: &str = "an order is recorded once, and that stays";
pub const REVERSED_ONCE: &str = "a reversal stays, and gives a use back once";

/// The first promise that is broken by getting from one world to another.
pub fn broken<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
    protocol: &Protocol<ORDERS, ATTEMPTS, MESSAGES>,
    from: &World<ORDERS, ATTEMPTS, MESSAGES>,
    to: &World<ORDERS, ATTEMPTS, MESSAGES>,
) -> Option<&'static str> {
    let pairs = || from.orders.iter().zip(&to.orders);
    let promises = [
        (WITHIN_CAP, is_within_cap(protocol, to)),
        (WITHIN_CUSTOMER_CAP, is_within_customer_cap(protocol, to)),
        (COUNTED, to.orders.iter().all(is_counted)),
        (ONE_TOKEN_EACH, has_one_token_each(to)),
        (NOT_VOID, to.orders.iter().all(is_not_void)),
        (RECORDED_ONCE, pairs().all(|(from, to)| stays_recorded(from, to))),
        (REVERSED_ONCE, pairs().all(|(from, to)| stays_reversed(from, to))),
    ];
    promises.into_iter().find(|(_, holds)| !holds).map(|(promise, _)| promise)
}

/// Whether all that was asked for is recorded, nothing is under way, and the uses taken are those
/// that recorded orders consume: none is lost.
pub fn is_settled<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
    world: &World<ORDERS, ATTEMPTS, MESSAGES>,
) -> bool {
    let is_done = |order: &Order<ATTEMPTS>| {
        let is_idle = order.attempts.iter().all(Option::is_none) && order.outbox.is_none();
        let committed = order.row.filter(|row| row.is_committed).map(|row| row.token);
        is_idle
            && order.is_asked == order.entry.is_some()
            && order.cart_row.is_none()
            && order.row.is_some() == committed.is_some()
            && committed == order.live_hold()
    };
    world.messages.iter().all(Option::is_none) && world.orders.iter().all(is_done)
}

/// Counted as rows, and as what orders are recorded with.
fn is_within_cap<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
    protocol: &Protocol<ORDERS, ATTEMPTS, MESSAGES>,
    world: &World<ORDERS, ATTEMPTS, MESSAGES>,
) -> bool {
    let Some(max) = protocol.scope.limits.max_redemptions else { return true };
    let live = world.orders.iter().filter_map(Order::live_hold).count();
    world.rows().count() as u64 <= max && live as u64 <= max
}

/// Counted as rows, and as what orders say that are recorded with a use.
fn is_within_customer_cap<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
    protocol: &Protocol<ORDERS, ATTEMPTS, MESSAGES>,
    world: &World<ORDERS, ATTEMPTS, MESSAGES>,
) -> bool {
    let Some(max) = protocol.scope.limits.max_redemptions_per_customer else { return true };
    (0..protocol.scope.customers).all(|customer| {
        let rows = world.rows().filter(|row| row.customer == Some(customer)).count();
        let is_live = |(index, order): &(u8, &Order<ATTEMPTS>)| {
            let entry = order.entry.filter(|_| order.live_hold().is_some());
            entry.is_some_and(|entry| protocol.customer(*index, entry.claim) == customer)
        };
        let live = (0..).zip(&world.orders).filter(is_live).count();
        rows as u64 <= max && live as u64 <= max
    })
}

fn is_counted<const ATTEMPTS: usize>(order: &Order<ATTEMPTS>) -> bool {
    let Some(hold) = order.live_hold() else { return true };
    order.row.is_some_and(|row| row.token == hold)
}

fn has_one_token_each<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
    world: &World<ORDERS, ATTEMPTS, MESSAGES>,
) -> bool {
    let tokens = || world.rows().map(|row| row.token).enumerate();
    tokens().all(|(at, token)| tokens().skip(at + 1).all(|(_, other)| other != token))
}

fn is_not_void<const ATTEMPTS: usize>(order: &Order<ATTEMPTS>) -> bool {
    !order.entry.and_then(|entry| entry.hold).is_some_and(|hold| order.void.has(hold))
}

fn stays_recorded<const ATTEMPTS: usize>(from: &Order<ATTEMPTS>, to: &Order<ATTEMPTS>) -> bool {
    to.recordings <= 1 && (from.entry.is_none() || from.entry == to.entry)
}

/// The outbox is filled by the reversal and never again.
fn stays_reversed<const ATTEMPTS: usize>(from: &Order<ATTEMPTS>, to: &Order<ATTEMPTS>) -> bool {
    !from.is_reversed || (to.is_reversed && (to.outbox.is_none() || to.outbox == from.outbox))
}
