//! How an order is recorded with a use of a capped code, between objects that fail one by one.
//!
//! - The edge looks whether the order is recorded; if not it asks the cap's object for a use
//!   ([`Message::Reserve`]) and then the order's object to record it ([`Message::Record`]).
//! - An order may have a hold for a customer who, as is said now, is not its own. The edge then
//!   asks the order's object first what becomes of it, as if it had expired.
//! - A hold may expire at any time. Then the cap's object asks the order's ([`Message::Settle`]),
//!   which has the last word.
//! - A reversal puts the use into the outbox, which sends it back until the cap's object confirms.
//! - A cart's use is held, taken over by its order, or released when it expires.
//!
//! Whatever is kept is written in one transaction with the decision; every decision is made by
//! [`Rules`]. Messages are lost, copied, late and in any order; attempts of the edge end anywhere.
//! An object that crashes between two transactions loses what it was about to send: that is a lost
//! message. Nothing bounds how often any of that happens; a [`World`]'s type bounds how many
//! attempts of an order there are at once, and how many messages besides.

use super::events::{Copied, Event, Fate, IfLost};
use super::explorer::Machine;
use super::papers::Papers;
use super::promises;
use super::rules::{End, Rules};
use super::world::{Attempt, Entry, Message, Order, Row, Token, World};

use promo_edge::ledger::cap::{Change, Counts, Limits, Reservation, Use, UseState};
use promo_edge::ledger::{Recording, Reversal, Settlement};

/// The protocol in a world of a size.
pub struct Protocol<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize> {
    pub rules: Rules,
    pub scope: Scope,
    papers: Papers,
}

/// How much a world has to do with.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// The code's caps.
    pub limits: Limits,
    /// How many different things are said of each order.
    pub claims: u8,
    /// How many customers there are: orders go round among them, and so does what is said of one.
    pub customers: u8,
    /// Whether each order has a cart that may hold a use.
    pub has_carts: bool,
}

impl<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>
    Protocol<ORDERS, ATTEMPTS, MESSAGES>
{
    pub fn new(rules: Rules, scope: Scope) -> Self {
        Protocol { rules, scope, papers: Papers::new(scope.claims) }
    }

    /// The cap's object holds a use for an order, which takes over what its cart has.
    fn reserve(
        &self,
        world: &mut World<ORDERS, ATTEMPTS, MESSAGES>,
        order: u8,
        claim: u8,
    ) -> Option<Row> {
        let customer = self.customer(order, claim);
        let of_customer = |row: &Row| row.customer == Some(customer);
        let others = (0..).zip(&world.orders).filter(|(index, _)| *index != order);
        let taken_by_customer = others.filter_map(|(_, other)| other.row).filter(of_customer);
        let counts = Counts {
            taken_by_customer: taken_by_customer.count() as u64,
            taken: world.rows().count() as u64,
        };
        let fresh = self.fresh(world, Some(customer));
        let order = &mut world.orders[usize::from(order)];
        match self.decide(order.row, order.cart_row, counts) {
            Reservation::AlreadyCommitted { token } | Reservation::AlreadyHeld { token } => {
                assert_eq!(order.row.map(|row| row.token), Some(as_token(token)));
                return order.row;
            }
            Reservation::RedemptionsExhausted | Reservation::CustomerRedemptionsExhausted => {
                return None;
            }
            Reservation::TakenOver { token } => {
                let ended = order.cart_row.take();
                assert_eq!(ended.map(|row| row.token), Some(as_token(token)));
            }
            Reservation::Held => {}
        }
        order.row = Some(fresh);
        order.row
    }

    /// The cap's object holds a use for a cart.
    fn reserve_for_cart(&self, world: &mut World<ORDERS, ATTEMPTS, MESSAGES>, order: u8) {
        let counts = Counts { taken: world.rows().count() as u64, taken_by_customer: 0 };
        let fresh = self.fresh(world, None);
        let own = &mut world.orders[usize::from(order)].cart_row;
        if self.decide(*own, None, counts) == Reservation::Held {
            *own = Some(fresh);
        }
    }

    fn decide(&self, own: Option<Row>, cart: Option<Row>, counts: Counts) -> Reservation {
        (self.rules.reserve)(own.map(as_use), cart.map(as_use), counts, self.scope.limits)
    }

    fn fresh(&self, world: &World<ORDERS, ATTEMPTS, MESSAGES>, customer: Option<u8>) -> Row {
        let token = (self.rules.next_token)(world.greatest_token());
        Row { token: as_token(token.into()), is_committed: false, customer }
    }

    /// Whose an order is, by what is said of it.
    pub fn customer(&self, order: u8, claim: u8) -> u8 {
        (order + claim) % self.scope.customers
    }

    /// The order's object records it.
    fn record(&self, order: &mut Order<ATTEMPTS>, claim: u8, hold: Option<Token>) -> Recording {
        let is_void = hold.is_some_and(|hold| order.void.has(hold));
        let recorded = self.papers.recorded(order);
        let recording = (self.rules.record)(recorded, is_void, self.papers.claim(claim));
        if recording == Recording::Recorded {
            order.entry = Some(Entry { claim, hold });
            order.recordings += 1;
        }
        recording
    }

    /// The edge hears what became of recording an order with `mine`, its hold.
    fn hear(
        &self,
        world: &mut World<ORDERS, ATTEMPTS, MESSAGES>,
        index: u8,
        claim: u8,
        mine: Option<Token>,
        recording: &Recording,
        if_lost: IfLost,
    ) -> Option<Attempt> {
        let recorded = world.orders[usize::from(index)].entry.and_then(|entry| entry.hold);
        let end = match recording {
            Recording::Recorded => return None,
            Recording::AlreadyRecorded | Recording::OrderExists(_) => {
                End::Recorded { mine, recorded }
            }
            Recording::HoldLost => End::HoldLost(mine),
        };
        self.let_go(world, index, end);
        let is_again = *recording == Recording::HoldLost && if_lost == IfLost::ReservesAnew;
        is_again.then_some(Attempt::Reserving { claim })
    }

    fn let_go(&self, world: &mut World<ORDERS, ATTEMPTS, MESSAGES>, order: u8, end: End) {
        if let Some(token) = (self.rules.let_go)(end) {
            world.send(Message::Release { order, token });
        }
    }

    /// A message arrives. Nobody waits for an answer, but some lead to another message.
    fn arrive(&self, world: &mut World<ORDERS, ATTEMPTS, MESSAGES>, message: Message) {
        match message {
            Message::Reserve { order, claim } => {
                self.reserve(world, order, claim);
            }
            Message::Record { order, claim, hold } => {
                self.record(&mut world.orders[usize::from(order)], claim, hold);
            }
            Message::Settle { order, token } => self.settle(world, order, token),
            Message::Commit { order, token } => {
                let row = &mut world.orders[usize::from(order)].row;
                let change = (self.rules.commit)(row.map(as_use), token.get().into());
                if change == Change::Done {
                    row.iter_mut().for_each(|row| row.is_committed = true);
                }
            }
            Message::Release { order, token } => {
                self.release(&mut world.orders[usize::from(order)].row, token);
            }
        }
    }

    fn release(&self, row: &mut Option<Row>, token: Token) {
        let change = (self.rules.release)(row.map(as_use), token.get().into());
        if change == Change::Done {
            *row = None;
        }
    }

    /// The order's object is asked what becomes of a hold.
    fn settle(&self, world: &mut World<ORDERS, ATTEMPTS, MESSAGES>, index: u8, token: Token) {
        let order = &mut world.orders[usize::from(index)];
        let settlement = (self.rules.settle)(self.papers.recorded(order), self.papers.hold(token));
        if settlement == Settlement::ReleaseAndVoid {
            order.void = order.void.and(token);
        }
        let answer = match settlement {
            Settlement::Commit => Message::Commit { order: index, token },
            Settlement::Release | Settlement::ReleaseAndVoid => {
                Message::Release { order: index, token }
            }
        };
        world.send(answer);
    }

    /// The order's object reverses it.
    fn reverse(&self, order: &mut Order<ATTEMPTS>) {
        if let Reversal::Reversed { give_back } = (self.rules.reverse)(self.papers.recorded(order))
        {
            order.is_reversed = true;
            order.outbox = give_back.map(|hold| as_token(hold.token));
        }
    }

    /// An attempt's message arrives, and it hears the answer.
    fn answer(
        &self,
        world: &mut World<ORDERS, ATTEMPTS, MESSAGES>,
        index: u8,
        attempt: Attempt,
        if_lost: IfLost,
    ) {
        let then = match attempt {
            Attempt::Reserving { claim } => {
                Some(self.go_on(index, claim, self.reserve(world, index, claim)))
            }
            Attempt::Settling { claim, token } => {
                self.settle(world, index, token);
                Some(Attempt::Reserving { claim })
            }
            Attempt::Recording { claim, hold } => {
                let recording = self.record(&mut world.orders[usize::from(index)], claim, hold);
                self.hear(world, index, claim, hold, &recording, if_lost)
            }
        };
        world.orders[usize::from(index)].replace(Some(attempt), then);
    }

    /// What the edge does with the use that it was given, if any.
    fn go_on(&self, order: u8, claim: u8, row: Option<Row>) -> Attempt {
        let customer = self.customer(order, claim);
        match row {
            Some(row) if !row.is_committed && !(self.rules.is_fit)(customer, row.customer) => {
                Attempt::Settling { claim, token: row.token }
            }
            _ => Attempt::Recording { claim, hold: row.map(|row| row.token) },
        }
    }

    /// The order's object sends a reversed order's use back.
    fn send_back(&self, world: &mut World<ORDERS, ATTEMPTS, MESSAGES>, index: u8, fate: Fate) {
        let order = &mut world.orders[usize::from(index)];
        let Some(token) = order.outbox else { return };
        order.outbox = (self.rules.unconfirmed)(token).filter(|_| fate != Fate::Confirmed);
        match fate {
            Fate::Confirmed | Fate::Unconfirmed => self.release(&mut order.row, token),
            Fate::Late => world.send(Message::Release { order: index, token }),
        }
    }

    fn happen(&self, world: &mut World<ORDERS, ATTEMPTS, MESSAGES>, event: Event) {
        match event {
            Event::Asked { order, claim } => {
                let order = &mut world.orders[usize::from(order)];
                order.is_asked = true;
                order.replace(None, Some(Attempt::Reserving { claim }));
            }
            Event::Answered { order, attempt, copy, if_lost } => {
                if copy == Copied::Yes {
                    world.send(attempt.message(order));
                }
                self.answer(world, order, attempt, if_lost);
            }
            Event::Ended { order, attempt, is_message_lost } => {
                world.orders[usize::from(order)].replace(Some(attempt), None);
                if !is_message_lost {
                    world.send(attempt.message(order));
                }
                if let Attempt::Recording { hold, .. } = attempt {
                    self.let_go(world, order, End::GaveUp(hold));
                }
            }
            Event::Arrived { message, copy } => {
                if copy == Copied::No {
                    world.take(message);
                }
                self.arrive(world, message);
            }
            Event::Lost { message } => world.take(message),
            Event::CartAsked { order } => self.reserve_for_cart(world, order),
            Event::CartExpired { order } => {
                let row = &mut world.orders[usize::from(order)].cart_row;
                if let Some(Row { token, .. }) = *row {
                    self.release(row, token);
                }
            }
            Event::HoldExpired { order } => {
                if let Some(Row { token, .. }) = world.orders[usize::from(order)].row {
                    world.send(Message::Settle { order, token });
                }
            }
            Event::Reversed { order } => self.reverse(&mut world.orders[usize::from(order)]),
            Event::SentBack { order, fate } => self.send_back(world, order, fate),
        }
    }
}

impl<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize> Machine
    for Protocol<ORDERS, ATTEMPTS, MESSAGES>
{
    type State = World<ORDERS, ATTEMPTS, MESSAGES>;
    type Event = Event;

    fn start(&self) -> Self::State {
        World::new()
    }

    fn events(&self, world: &Self::State) -> Vec<Event> {
        Event::all(world, self.scope)
    }

    fn after(&self, world: &Self::State, event: Event) -> Self::State {
        let mut next = *world;
        self.happen(&mut next, event);
        next
    }

    fn in_one_spelling(&self, world: Self::State) -> Self::State {
        world.in_one_spelling()
    }

    fn broken(&self, from: &Self::State, to: &Self::State) -> Option<&'static str> {
        promises::broken(self, from, to)
    }

    fn is_calm(&self, world: &Self::State, event: Event) -> bool {
        event.is_calm(world)
    }

    fn is_settled(&self, world: &Self::State) -> bool {
        promises::is_settled(world)
    }
}

fn as_use(row: Row) -> Use {
    let state = if row.is_committed { UseState::Committed } else { UseState::Held };
    Use { token: row.token.get().into(), state }
}

fn as_token(token: u64) -> Token {
    u8::try_from(token).ok().and_then(Token::new).expect("a token that was given out")
}
