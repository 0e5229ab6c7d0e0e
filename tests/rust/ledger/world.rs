//! A small world of the ledger: orders, one capped code, the edge's attempts, and what is on its
//! way between them. Numbers instead of texts, so that millions of worlds fit into memory.

use std::num::NonZeroU8;

/// Which hold of the code.
pub type Token = NonZeroU8;

/// Some orders, each with a cart of its own, and a network that holds so many messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct World<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize> {
    pub orders: [Order<ATTEMPTS>; ORDERS],
    /// On their way, to arrive in any order. The same one twice counts as one: what is under way
    /// may arrive as often as it likes.
    pub messages: [Option<Message>; MESSAGES],
}

/// All there is of one order, wherever it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order<const ATTEMPTS: usize> {
    /// Whether the merchant has asked for credit, ever.
    pub is_asked: bool,

    /// In the order's object: what is recorded.
    pub entry: Option<Entry>,
    /// How often it has been recorded.
    pub recordings: u8,
    /// In the order's object: whether that is reversed.
    pub is_reversed: bool,
    /// In the order's object: a use that the cap's object has not confirmed to have back.
    pub outbox: Option<Token>,
    /// In the order's object: holds that it must not be recorded with.
    pub void: Tokens,

    /// In the cap's object: the order's use.
    pub row: Option<Row>,
    /// In the cap's object: the use of the cart that the order was.
    pub cart_row: Option<Row>,

    /// In the edge's memory, which a crash ends.
    pub attempts: [Option<Attempt>; ATTEMPTS],
}

/// What is recorded of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    pub claim: u8,
    /// The use that it consumes; without one nobody is credited by code.
    pub hold: Option<Token>,
}

/// A use, as the cap's object keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    pub token: Token,
    pub is_committed: bool,
    /// Whose it is; a cart is nobody's.
    pub customer: Option<u8>,
}

/// How far the edge has come with a request for credit. What it sent last is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attempt {
    Reserving {
        claim: u8,
    },
    /// The order has a hold that is another customer's: it asks what becomes of that.
    Settling {
        claim: u8,
        token: Token,
    },
    Recording {
        claim: u8,
        hold: Option<Token>,
    },
}

/// What one part of the world tells another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Message {
    /// To the cap: hold a use for the order.
    Reserve { order: u8, claim: u8 },
    /// To the order: record it.
    Record { order: u8, claim: u8, hold: Option<Token> },
    /// To the order: what is to become of its hold?
    Settle { order: u8, token: Token },
    /// To the cap: the order has consumed its hold.
    Commit { order: u8, token: Token },
    /// To the cap: the order's hold, or use, comes back.
    Release { order: u8, token: Token },
}

/// A set of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Tokens(u64);

impl Tokens {
    pub fn has(self, token: Token) -> bool {
        self.0 & Tokens::of(token).0 != 0
    }

    pub fn and(self, token: Token) -> Tokens {
        Tokens(self.0 | Tokens::of(token).0)
    }

    fn of(token: Token) -> Tokens {
        Tokens(1 << token.get())
    }

    fn iter(self) -> impl Iterator<Item = Token> {
        (1..64).filter_map(Token::new).filter(move |token| self.has(*token))
    }
}

impl Attempt {
    /// What it has sent and waits for the answer of.
    pub fn message(self, order: u8) -> Message {
        match self {
            Attempt::Reserving { claim } => Message::Reserve { order, claim },
            Attempt::Settling { token, .. } => Message::Settle { order, token },
            Attempt::Recording { claim, hold } => Message::Record { order, claim, hold },
        }
    }
}

impl<const ATTEMPTS: usize> Order<ATTEMPTS> {
    /// The use that it consumes as it stands.
    pub fn live_hold(&self) -> Option<Token> {
        self.entry.filter(|_| !self.is_reversed).and_then(|entry| entry.hold)
    }

    /// Puts an attempt in another's place, or in a free one, or takes it away.
    pub fn replace(&mut self, old: Option<Attempt>, new: Option<Attempt>) {
        let place = self.attempts.iter_mut().find(|attempt| **attempt == old);
        *place.expect("such an attempt") = new;
    }
}

impl<const ORDERS: usize, const ATTEMPTS: usize, const MESSAGES: usize>
    World<ORDERS, ATTEMPTS, MESSAGES>
{
    /// Nothing has happened.
    pub fn new() -> Self {
        let order = Order {
            is_asked: false,
            entry: None,
            recordings: 0,
            is_reversed: false,
            outbox: None,
            void: Tokens::default(),
            row: None,
            cart_row: None,
            attempts: [None; ATTEMPTS],
        };
        World { orders: [order; ORDERS], messages: [None; MESSAGES] }
    }

    /// Sends a message; it is lost when the network is full.
    pub fn send(&mut self, message: Message) {
        if self.messages.contains(&Some(message)) {
            return;
        }
        if let Some(place) = self.messages.iter_mut().find(|place| place.is_none()) {
            *place = Some(message);
        }
    }

    /// Takes a message off its way.
    pub fn take(&mut self, message: Message) {
        let place = self.messages.iter_mut().find(|place| **place == Some(message));
        *place.expect("such a message") = None;
    }

    /// Every use that the cap's object counts.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.orders.iter().flat_map(|order| order.row.into_iter().chain(order.cart_row))
    }

    /// The greatest token that anything in the world knows.
    pub fn greatest_token(&self) -> u8 {
        let mut greatest = 0;
        let mut copy = *self;
        copy.each_token(|token| greatest = greatest.max(token.get()));
        let void = self.orders.iter().flat_map(|order| order.void.iter());
        void.map(Token::get).fold(greatest, u8::max)
    }

    /// The same world with the smallest tokens that tell its holds apart, and with what has no
    /// order in one order.
    ///
    /// Of a token nothing counts but which others it is the same as, and a new one is the same as
    /// none: so worlds that differ in numbers alone behave alike, and there are finitely many,
    /// however often anything is tried again. That a hold is void is forgotten when nothing else
    /// knows the hold, as it cannot be heard of again.
    pub fn in_one_spelling(mut self) -> Self {
        self.sort();
        let mut names = [None; 64];
        let mut last = 0;
        self.each_token(|token| {
            let name = &mut names[usize::from(token.get())];
            *token = *name.get_or_insert_with(|| {
                last += 1;
                Token::new(last).expect("above 0")
            });
        });
        for order in &mut self.orders {
            let known = order.void.iter().filter_map(|token| names[usize::from(token.get())]);
            order.void = known.fold(Tokens::default(), Tokens::and);
        }
        self.sort();
        self
    }

    fn sort(&mut self) {
        self.messages.sort_unstable();
        for order in &mut self.orders {
            order.attempts.sort_unstable();
        }
    }

    fn each_token(&mut self, mut visit: impl FnMut(&mut Token)) {
        for order in &mut self.orders {
            let rows = [&mut order.row, &mut order.cart_row];
            rows.into_iter().flatten().for_each(|row| visit(&mut row.token));
            order.entry.iter_mut().flat_map(|entry| &mut entry.hold).for_each(&mut visit);
            order.outbox.iter_mut().for_each(&mut visit);
            for attempt in order.attempts.iter_mut().flatten() {
                match attempt {
                    Attempt::Reserving { .. } | Attempt::Recording { hold: None, .. } => {}
                    Attempt::Settling { token, .. }
                    | Attempt::Recording { hold: Some(token), .. } => visit(token),
                }
            }
        }
        for message in self.messages.iter_mut().flatten() {
            match message {
                Message::Reserve { .. } | Message::Record { hold: None, .. } => {}
                Message::Record { hold: Some(token), .. }
                | Message::Settle { token, .. }
                | Message::Commit { token, .. }
                | Message::Release { token, .. } => visit(token),
            }
        }
    }
}
