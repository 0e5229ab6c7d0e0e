//! An order decided: the answer, and what whoever records it needs to know besides. One function
//! for every face; those that record nothing take the answer alone.

use super::{BadRequest, DecisionAnswer, Order, Undecided};
use crate::code::Nfkc;
use crate::crediting::{self, Decision, Uses};
use crate::id::PartnerId;
use crate::ledger::Earned;
use crate::ledger::cap::Limits;
use crate::order::Click;
use crate::payout;
use crate::program::Program;
use crate::redemption;
use crate::snapshot::{ContentId, Shards, Snapshot};
use crate::time::UnixMillis;

/// What is decided about an order.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Who is credited, and why.
    pub answer: DecisionAnswer,
    /// The use of its code that the order consumes once it is recorded; `None` when it consumes
    /// none, or none that anybody counts.
    pub redeemed: Option<Redeemed>,
    /// How the payout came about; `None` when nobody is credited.
    pub earned: Option<Earned>,
    /// When the action is approved, unless it is reversed before.
    pub approve_at: UnixMillis,
}

/// A use of a capped code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemed {
    /// The code.
    pub code_id: String,
    /// The caps that it counts towards.
    pub limits: Limits,
}

impl Verdict {
    /// Decides an order; records nothing. `id` is the snapshot's, `path` the clicks of the order's
    /// click path where it could be verified.
    ///
    /// `uses` is [`Uses::Left`] unless the use that the verdict names has been refused: then the
    /// order is decided again with [`Uses::Exhausted`], and consumes none.
    ///
    /// # Errors
    ///
    /// [`Undecided`] when the order names an event type or a partner that the program does not
    /// have, has too many lines, or the snapshot cannot be read.
    pub fn decide<B: AsRef<[u8]>, S: Shards + ?Sized>(
        order: &Order,
        path: Option<Vec<Click>>,
        (snapshot, shards, id): (&Snapshot<B>, &S, ContentId),
        nfkc: Nfkc,
        uses: Uses,
    ) -> Result<Self, Undecided> {
        let program = snapshot.program()?;
        let case = order.case(&program, path)?;
        if let Some(partner) = &case.forced_partner {
            require_partner(snapshot, partner)?;
        }
        let sale = order.sale()?;
        let mut decision = crediting::decide(snapshot, shards, &program, &case, nfkc, uses)?;
        let redeemed = match uses {
            Uses::Left => redeemed(snapshot, &program, order, &decision)?,
            Uses::Exhausted => None,
        };
        let payout = payout::payout(snapshot, &decision, &sale)?.map(|(payout, steps)| {
            decision.trace.extend(steps);
            payout
        });
        Ok(Verdict {
            redeemed,
            earned: payout.as_ref().map(|payout| payout.earned),
            approve_at: program.approve_at(order.placed_at),
            answer: DecisionAnswer::new(order, id, decision, payout.as_ref()),
        })
    }
}

/// The lines of an order are read once more only where uses are counted.
fn redeemed<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    program: &Program,
    order: &Order,
    decision: &Decision,
) -> Result<Option<Redeemed>, Undecided> {
    let capped = decision.code.as_ref().filter(|code| code.found.terms.is_capped());
    let Some(code) = capped else { return Ok(None) };
    let cart = order.cart(program)?;
    let limits = redemption::redeemed(snapshot, program, decision, &cart, order.placed_at)?;
    Ok(limits.map(|limits| Redeemed { code_id: code.found.code_id(), limits }))
}

fn require_partner<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    partner: &PartnerId,
) -> Result<(), Undecided> {
    if snapshot.find_partner(partner)?.is_some() {
        return Ok(());
    }
    Err(Undecided::BadRequest(BadRequest {
        path: "forced_partner".to_owned(),
        expected: "a partner of the program".to_owned(),
        got: partner.to_string(),
        remedy: Some("correct the id, or add the partner and publish"),
    }))
}
