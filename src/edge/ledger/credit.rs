//! An order on its way into the ledger: decided, a use of its code held where that is capped, then
//! recorded. Each step may be repeated: whoever hears nothing asks again, and is told what was
//! settled first.

use super::message::{
    HeldForOrder, Holder, Outcome, OutcomeKind, Record, Release, Reserve, Reserved, Settled,
};
use super::{Answered, Caps, Orders};
use crate::crediting::Uses;
use crate::edge::failure::Failure;
use crate::edge::snapshots::{self, Ready};
use crate::edge::{Call, clicks};
use crate::ledger;
use crate::order::Click;
use crate::platform::nfkc;
use crate::time::UnixMillis;
use crate::wire::{
    DecisionAnswer, Entry, HoldFacts, Order, OrderName, RecordedFacts, RecordedOrder, Redeemed,
    Undecided, Verdict, recorded,
};

use serde_json::value::to_raw_value;

/// How often a use is asked for when the hold is lost on the way: which takes an order that comes
/// later than its hold lasts.
const ATTEMPTS: u32 = 3;

/// An order on its way.
struct Credit<'a> {
    call: &'a Call<'a>,
    orders: Orders,
    name: OrderName,
    /// As it was sent: what is decided.
    order: Order,
    path: Option<Vec<Click>>,
    /// As it is kept.
    sealed: Order,
    at: UnixMillis,
}

/// Decides an order and records it, or finds that it is recorded.
///
/// # Errors
///
/// [`Failure`] when it cannot be decided or recorded, or was recorded otherwise. Whatever it is, it
/// can be asked again.
pub async fn credit(call: &Call<'_>, order: Order, at: UnixMillis) -> Result<Answered, Failure> {
    let path = clicks::path_in(call, order.click_path.as_deref());
    let customer = order.customer_id.as_deref();
    let hash = |customer| call.settings.hash_customer(&call.program, customer);
    let sealed = order.clone().sealed(customer.map(hash).transpose()?, path.clone());
    let name = OrderName::from(&order);
    let orders = Orders::with(call, &name).await?;
    let credit = Credit { call, orders, name, order, path, sealed, at };
    // An order that is settled is told so before anything else is judged: by its object, or, where
    // something is in the way to it, here.
    let ready = match snapshots::for_codes(call, credit.order.codes()).await {
        Ok(ready) => ready,
        Err(failure) => return credit.found_or(failure).await,
    };
    match credit.decide(&ready, Uses::Left) {
        Err(undecided) => credit.found_or(undecided.into()).await,
        Ok(Verdict { redeemed: Some(redeemed), answer, earned, approve_at }) => {
            if let Some(found) = credit.found().await? {
                return Ok(found);
            }
            let verdict = Verdict { redeemed: None, answer, earned, approve_at };
            credit.record_capped(&ready, verdict, redeemed).await
        }
        Ok(verdict) => {
            let settling = credit.record(&ready, verdict, None).await?;
            credit.answer(settling, &ready)
        }
    }
}

impl Credit<'_> {
    fn decide(&self, ready: &Ready, uses: Uses) -> Result<Verdict, Undecided> {
        let Ready { generation, shards } = ready;
        let from = (&generation.snapshot, shards, generation.root.manifest);
        Verdict::decide(&self.order, self.path.clone(), from, nfkc, uses)
    }

    /// Holds a use, and records the order with it, or without when there is none.
    async fn record_capped(
        &self,
        ready: &Ready,
        verdict: Verdict,
        redeemed: Redeemed,
    ) -> Result<Answered, Failure> {
        for _ in 0..ATTEMPTS {
            let reserved = self.reserve(&redeemed).await?;
            let hold = reserved.token.map(|token| self.hold(&redeemed, token));
            if let Some(hold) = hold.as_ref().filter(|_| reserved.is_for_another) {
                // It would count for a customer whom this order does not name.
                if !self.is_consumed(hold).await? {
                    self.give_back(Some(hold.clone())).await?;
                    continue;
                }
            }
            let verdict = match hold {
                Some(_) => verdict.clone(),
                None => self.decide(ready, Uses::Exhausted)?,
            };
            let settling = self.record(ready, verdict, hold.clone()).await?;
            let is_lost = settling.outcome.kind == OutcomeKind::HoldLost;
            if is_lost || hold != settling.kept_hold()? {
                self.give_back(hold).await?;
            }
            if !is_lost {
                return self.answer(settling, ready);
            }
        }
        Err(Failure::LedgerUnavailable("a use was lost again and again".into()))
    }

    fn hold(&self, redeemed: &Redeemed, token: u64) -> HoldFacts {
        HoldFacts { code_id: redeemed.code_id.clone(), token }
    }

    async fn reserve(&self, redeemed: &Redeemed) -> Result<Reserved, Failure> {
        let asked = Reserve {
            code_id: redeemed.code_id.clone(),
            holder: Holder::Order(self.name.clone()),
            cart_id: self.order.cart_id.clone(),
            customer: self.sealed.customer_id.clone(),
            limits: redeemed.limits.into(),
            ttl_ms: self.call.settings.hold_ttl_ms,
        };
        Caps::of(self.call)?.ask(&redeemed.code_id, "/reserve", &asked).await
    }

    /// Whether the order is recorded with a hold; if it is not, it never will be.
    async fn is_consumed(&self, hold: &HoldFacts) -> Result<bool, Failure> {
        let held = HeldForOrder { name: self.name.clone(), hold: hold.clone() };
        let settled: Settled = self.orders.ask("/settle", &[held]).await?;
        let said = settled.first().copied().flatten();
        said.ok_or_else(|| Failure::LedgerUnavailable("nothing was said of a hold".into()))
    }

    /// What nobody gives back goes back by itself, only later.
    async fn give_back(&self, hold: Option<HoldFacts>) -> Result<(), Failure> {
        let Some(hold) = hold else { return Ok(()) };
        let code_id = hold.code_id.clone();
        let asked = Release { holder: Holder::Order(self.name.clone()), hold };
        let _: bool = Caps::of(self.call)?.ask(&code_id, "/release", &asked).await?;
        Ok(())
    }

    async fn record(
        &self,
        ready: &Ready,
        Verdict { answer, earned, approve_at, .. }: Verdict,
        hold: Option<HoldFacts>,
    ) -> Result<Settling, Failure> {
        let facts = RecordedFacts {
            placed_at: self.order.placed_at.0,
            order: to_raw_value(&self.sealed)?,
            approve_at: answer.credited.as_ref().map(|_| approve_at.0),
            decision: to_raw_value(&answer)?,
            hold,
            earned: earned.map(Into::into),
            generation: ready.generation.root.generation,
            is_customer_erased: false,
        };
        let asked = Record {
            name: self.name.clone(),
            at: self.at.0,
            hold: facts.hold.clone(),
            facts: to_raw_value(&facts)?,
        };
        let outcome = self.orders.ask("/record", &asked).await?;
        Ok(Settling { outcome, facts, decision: answer })
    }

    /// The answer to an order that was recorded just now, or before.
    fn answer(
        &self,
        Settling { mut outcome, facts, decision }: Settling,
        ready: &Ready,
    ) -> Result<Answered, Failure> {
        let answered = if outcome.kind == OutcomeKind::Recorded {
            let order = RecordedOrder::new(self.sealed.clone(), &decision, facts, self.at);
            self.call.answer_recorded(201, order, &outcome.outcome)?
        } else {
            self.call.answer_order(&std::mem::take(&mut outcome.entries), outcome)?
        };
        Ok(Answered { age_ms: Some(ready.generation.facts().age_ms), ..answered })
    }

    /// The answer to an order that is recorded; `None` when it is not.
    async fn found(&self) -> Result<Option<Answered>, Failure> {
        let entries: Vec<Entry> = self.orders.ask("/find", &self.name).await?;
        let found = recorded(&entries)?;
        if found.is_none() {
            return Ok(None);
        }
        let claim = self.sealed.claim();
        let recording = ledger::record(found.as_ref().map(|found| (found, &claim)), false);
        self.call.answer_order(&entries, Outcome::of(recording)).map(Some)
    }

    async fn found_or(&self, failure: Failure) -> Result<Answered, Failure> {
        self.found().await?.ok_or(failure)
    }
}

/// What became of an order that was to be recorded.
struct Settling {
    outcome: Outcome,
    facts: RecordedFacts,
    decision: DecisionAnswer,
}

impl Settling {
    /// The use that the order is recorded with.
    fn kept_hold(&self) -> Result<Option<HoldFacts>, Failure> {
        match self.outcome.entries.first() {
            Some(first) => Ok(first.facts::<RecordedFacts>()?.hold),
            None => Ok(self.facts.hold.clone()),
        }
    }
}

impl From<&Order> for OrderName {
    fn from(order: &Order) -> Self {
        OrderName { event_type: order.event_type.to_string(), order_id: order.order_id.to_string() }
    }
}
