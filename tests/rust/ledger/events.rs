//! What may happen in a small world, and what is a fault of it.

use super::protocol::Scope;
use super::world::{Attempt, Message, Order, World};

/// What may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The merchant asks, and the edge sees that the order is not recorded.
    Asked { order: u8, claim: u8 },
    /// What an attempt sent arrives, and so does the answer.
    Answered { order: u8, attempt: Attempt, copy: Copied, if_lost: IfLost },
    /// An attempt ends without an answer; what it sent is lost or still comes.
    Ended { order: u8, attempt: Attempt, is_message_lost: bool },
    /// A message arrives whose sender does not wait for an answer.
    Arrived { message: Message, copy: Copied },
    /// A message never arrives.
    Lost { message: Message },
    /// The merchant holds a use for a cart.
    CartAsked { order: u8 },
    /// A cart's hold expires, or is given up.
    CartExpired { order: u8 },
    /// An order's hold expires.
    HoldExpired { order: u8 },
    /// The merchant reverses an order.
    Reversed { order: u8 },
    /// The outbox sends a use back.
    SentBack { order: u8, fate: Fate },
}

/// Whether a message that arrives will do so once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    No,
    Yes,
}

/// What an attempt does when its hold is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfLost {
    ReservesAnew,
    GivesUp,
}

/// What becomes of what the outbox sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Confirmed,
    /// It arrives, the confirmation does not.
    Unconfirmed,
    /// It comes later.
    Late,
}

impl Event {
    /// Everything that may happen in a world.
    pub fn all<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
        world: &World<ORDERS, ATTEMPTS, MESSAGES>,
        scope: Scope,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        for message in world.messages.into_iter().flatten() {
            events.push(Event::Arrived { message, copy: Copied::No });
            events.push(Event::Arrived { message, copy: Copied::Yes });
            events.push(Event::Lost { message });
        }
        for (index, order) in (0..).zip(&world.orders) {
            for attempt in order.attempts.into_iter().flatten() {
                events.extend(Event::all_of_attempt(index, attempt));
            }
            if order.entry.is_none() && order.attempts.contains(&None) {
                let asked = |claim| Event::Asked { order: index, claim };
                events.extend((0..scope.claims).map(asked));
            }
            events.extend(Event::all_of_order(index, order));
            if scope.has_carts {
                events.push(Event::CartExpired { order: index });
                events.push(Event::CartAsked { order: index });
            }
        }
        events
    }

    fn all_of_attempt(order: u8, attempt: Attempt) -> impl Iterator<Item = Event> {
        let if_lost: &[IfLost] = match attempt {
            Attempt::Recording { hold: Some(_), .. } => &[IfLost::ReservesAnew, IfLost::GivesUp],
            _ => &[IfLost::GivesUp],
        };
        let answered = if_lost.iter().flat_map(move |&if_lost| {
            let answered = move |copy| Event::Answered { order, attempt, copy, if_lost };
            [Copied::No, Copied::Yes].map(answered)
        });
        let ended = move |is_message_lost| Event::Ended { order, attempt, is_message_lost };
        answered.chain([true, false].map(ended))
    }

    fn all_of_order<const ATTEMPTS: usize>(index: u8, order: &Order<ATTEMPTS>) -> Vec<Event> {
        let mut events = Vec::new();
        if order.outbox.is_some() {
            let sent_back = |fate| Event::SentBack { order: index, fate };
            events.extend([Fate::Confirmed, Fate::Unconfirmed, Fate::Late].map(sent_back));
        }
        if order.row.is_some_and(|row| !row.is_committed) {
            events.push(Event::HoldExpired { order: index });
        }
        events.push(Event::Reversed { order: index });
        events
    }

    /// Whether it is no fault, and nothing new is asked for. The merchant does try again what it
    /// has no answer to.
    pub fn is_calm<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>(
        self,
        world: &World<ORDERS, ATTEMPTS, MESSAGES>,
    ) -> bool {
        match self {
            Event::Asked { order, .. } => {
                let order = &world.orders[usize::from(order)];
                order.is_asked && order.attempts.iter().all(Option::is_none)
            }
            Event::Answered { copy, .. } | Event::Arrived { copy, .. } => copy == Copied::No,
            Event::CartExpired { .. } | Event::HoldExpired { .. } => true,
            Event::SentBack { fate, .. } => fate == Fate::Confirmed,
            Event::Ended { .. }
            | Event::Lost { .. }
            | Event::CartAsked { .. }
            | Event::Reversed { .. } => false,
        }
    }
}
