//! What the ledger's functions are asked about, for each thing that a small world can hold: made
//! once, as a world is visited a million times.

use super::world::{Order, Token};

use promo_edge::ledger::{Amounts, Claim, Field, Hold, Recorded};
use promo_edge::money::Minor;

/// How many tokens a world can tell apart.
const TOKENS: u8 = 64;

/// Claims, holds and records, by their numbers.
pub struct Papers {
    claims: Vec<Claim>,
    holds: Vec<Hold>,
    recorded: Vec<Recorded>,
}

impl Papers {
    pub fn new(claims: u8) -> Self {
        let claims: Vec<Claim> = (0..claims).map(claim).collect();
        let holds: Vec<Hold> = (0..TOKENS).map(hold).collect();
        let mut recorded = Vec::new();
        for claim in &claims {
            for hold in 0..TOKENS {
                let hold = holds.get(usize::from(hold)).filter(|hold| hold.token > 0);
                let nothing = Amounts { subtotal_minor: Minor::ZERO, discount_minor: Minor::ZERO };
                recorded.extend([false, true].map(|is_reversed| Recorded {
                    claim: claim.clone(),
                    hold: hold.cloned(),
                    placed: nothing,
                    current: nothing,
                    earned: None,
                    is_reversed,
                }));
            }
        }
        Papers { claims, holds, recorded }
    }

    pub fn claim(&self, number: u8) -> &Claim {
        &self.claims[usize::from(number)]
    }

    pub fn hold(&self, token: Token) -> &Hold {
        &self.holds[usize::from(token.get())]
    }

    /// What is recorded of an order.
    pub fn recorded<const ATTEMPTS: usize>(&self, order: &Order<ATTEMPTS>) -> Option<&Recorded> {
        let entry = order.entry?;
        let claim = usize::from(entry.claim) * usize::from(TOKENS);
        let hold = usize::from(entry.hold.map_or(0, Token::get));
        self.recorded.get((claim + hold) * 2 + usize::from(order.is_reversed))
    }
}

fn claim(number: u8) -> Claim {
    Claim::new(|field| (field == Field::SubtotalMinor).then(|| number.to_string()))
}

fn hold(token: u8) -> Hold {
    Hold { code_id: "c".to_owned(), token: token.into() }
}
