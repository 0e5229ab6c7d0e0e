//! Who is credited with an order, and why. The numbers are the steps of the domain (1.5); each is
//! one function, in their order.
//!
//! - [`decide`] decides a [`Case`]; it records nothing and counts nothing.
//! - [`Decision`] is at most one credited partner, everybody else's reasons, and the trace, from
//!   which alone the decision follows again.

mod facts;

use crate::code::{CodeKind, CreditPolicy, Nfkc, TypedCode};
use crate::id::{ContractId, PartnerId};
use crate::matching::Found;
use crate::order::{Case, Click};
use crate::partner::{Partner, PartnerKind};
use crate::program::{OwnerBasis, Precedence, Program};
use crate::reason::Reason;
use crate::snapshot::{Shards, Snapshot, SnapshotError};
use crate::trace::{Basis, NoUse, Step};
use facts::{Eligible, Facts};

/// Whether a capped code can be used once more: what only a ledger knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uses {
    /// It can, or nobody has counted.
    #[default]
    Left,
    /// It cannot.
    Exhausted,
}

/// Who is credited, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The order's code (step 2), whoever is credited.
    pub code: Option<OrderCode>,
    /// Who is credited; at most one.
    pub credited: Option<Credited>,
    /// The contract that the credited partner is paid by; a media source may have none.
    pub contract: Option<ContractId>,
    /// Who is not credited and why: the code's owner first, then the winning click's partner.
    pub reasons: Vec<Refused>,
    /// Every other typed code, byte for byte as received and in order.
    pub unused_codes: Vec<String>,
    /// How it came to this.
    pub trace: Vec<Step>,
}

/// The promo code of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderCode {
    /// The normal form of what was typed.
    pub typed: TypedCode,
    /// The code that it matches.
    pub found: Found,
}

/// The credited partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credited {
    /// Who.
    pub partner: PartnerId,
    /// What it rests on.
    pub basis: Basis,
    /// Whether a code's owner drove the winning click as well.
    pub also_click_winner: bool,
}

/// A partner who is not credited; nobody when there is no partner to name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Who.
    pub partner: Option<PartnerId>,
    /// Why.
    pub reason: Reason,
}

/// Decides who is credited (domain 1.5), judged at the instant the order was placed.
///
/// `program` is the snapshot's, `uses` whether the order's code can be used once more. Costs a
/// look-up for each typed code up to the one that matches, and one for each partner who clicked.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read, or a shard that a code needs is not there.
pub fn decide<B: AsRef<[u8]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B>,
    shards: &S,
    program: &Program,
    case: &Case,
    nfkc: Nfkc,
    uses: Uses,
) -> Result<Decision, SnapshotError> {
    let mut verdict = Verdict::default();
    let typed = facts::order_code(snapshot, shards, program, (case, nfkc), &mut verdict.trace)?;
    let clicks = facts::eligible_clicks(snapshot, program, case, &mut verdict.trace)?;
    let owner = typed.code.as_ref().and_then(|code| code.found.owner());
    let facts = Facts {
        attribution: program.attribution,
        case,
        code: typed.code.as_ref(),
        owner: owner.map(|id| snapshot.partner(id)).transpose()?,
        winner: facts::click_winner(&clicks, program.attribution.click_model, &mut verdict.trace),
        clicks: &clicks,
        uses,
    };
    let chosen = choose(&facts, &mut verdict);
    let chosen = match chosen {
        Some(chosen) => in_force(snapshot, case, chosen, &mut verdict)?,
        None => None,
    };
    let (credited, contract) = chosen.unzip();
    // The owner's reason is read first, whichever step gave it.
    let owner = facts.owner.as_ref().map(|owner| &owner.id);
    verdict.reasons.sort_by_key(|refused| owner.is_none() || refused.partner.as_ref() != owner);
    Ok(Decision {
        credited,
        contract: contract.flatten(),
        reasons: verdict.reasons,
        trace: verdict.trace,
        unused_codes: typed.unused,
        code: typed.code,
    })
}

/// What the steps have found so far.
#[derive(Default)]
struct Verdict {
    reasons: Vec<Refused>,
    trace: Vec<Step>,
}

/// Steps 5 to 9: the partner to be credited, if its contract allows it.
fn choose(facts: &Facts<'_>, verdict: &mut Verdict) -> Option<Credited> {
    if let Some(forced) = &facts.case.forced_partner {
        return Some(forced_partner(forced, verdict));
    }
    let Some(code) = facts.code else { return no_code(facts, verdict) };
    let CodeKind::Tracking { credit_policy, .. } = code.found.terms.kind else {
        restricted(facts, verdict);
        return None;
    };
    let owner = facts.owner.as_ref()?;
    if let Some(winner) = click_first(facts, owner, verdict) {
        return Some(winner);
    }
    if let Some(winner) = higher_group(facts, owner, verdict) {
        return Some(winner);
    }
    if !policy_met(facts, owner, credit_policy, verdict) {
        let reason = policy_reason(facts, owner);
        return owner_refused(facts, owner, reason, verdict);
    }
    if no_use_left(facts, code, owner, verdict) {
        return owner_refused(facts, owner, Reason::MaxRecurrencesReached, verdict);
    }
    Some(owner_credited(facts, owner, verdict))
}

/// Step 5: the merchant names the partner; nobody else is given a reason.
fn forced_partner(partner: &PartnerId, verdict: &mut Verdict) -> Credited {
    verdict.trace.push(Step::Forced { partner: partner.clone() });
    Credited { partner: partner.clone(), basis: Basis::Forced, also_click_winner: false }
}

/// Step 6: no code, so the winning click, if there is one.
fn no_code(facts: &Facts<'_>, verdict: &mut Verdict) -> Option<Credited> {
    let winner = facts.winner_id().cloned();
    if winner.is_none() {
        verdict.refuse(None, Reason::ActionRefNotFound);
    }
    verdict.trace.push(Step::NoCode { winner: winner.clone() });
    winner.map(by_click)
}

/// Step 7: a restricted code takes the credit from whoever drove the winning click.
fn restricted(facts: &Facts<'_>, verdict: &mut Verdict) {
    let winner = facts.winner_id().cloned();
    verdict.refuse(winner.as_ref(), Reason::RestrictedPromocode);
    verdict.trace.push(Step::Restricted { winner });
}

/// Step 8: where clicks come first, one that counts is credited whatever the code says.
fn click_first(facts: &Facts<'_>, owner: &Partner, verdict: &mut Verdict) -> Option<Credited> {
    if facts.attribution.precedence == Precedence::CodeFirst {
        return None;
    }
    let winner = facts.winner_id()?;
    verdict.trace.push(Step::ClickFirst { winner: winner.clone(), owner: owner.id.clone() });
    verdict.refuse_unless_same(&owner.id, winner);
    Some(by_click(winner.clone()))
}

/// Step 9a: credit groups outrank codes.
fn higher_group(facts: &Facts<'_>, owner: &Partner, verdict: &mut Verdict) -> Option<Credited> {
    let Eligible { click, group } = facts.winner.filter(|it| it.group < owner.credit_group)?;
    let (winner, owner) = (click.partner.clone(), owner.id.clone());
    verdict.refuse(Some(&owner), Reason::OtherRefPrioritized);
    verdict.trace.push(Step::HigherGroup { winner: winner.clone(), group: *group, owner });
    Some(by_click(winner))
}

/// Step 9b: whether the code's credit policy is met.
fn policy_met(
    facts: &Facts<'_>,
    owner: &Partner,
    policy: CreditPolicy,
    verdict: &mut Verdict,
) -> bool {
    let is_met = match policy {
        CreditPolicy::Always => true,
        CreditPolicy::Involved => facts.has_eligible_click(&owner.id),
        CreditPolicy::Winner => facts.winner_id() == Some(&owner.id),
    };
    let owner = owner.id.clone();
    verdict.trace.push(if is_met {
        Step::PolicyMet { policy, owner }
    } else {
        Step::PolicyNotMet { policy, owner }
    });
    is_met
}

/// Step 9c: whether the code cannot be used once more.
fn no_use_left(
    facts: &Facts<'_>,
    code: &OrderCode,
    owner: &Partner,
    verdict: &mut Verdict,
) -> bool {
    let per_customer = code.found.terms.max_redemptions_per_customer.is_some();
    let because = if facts.uses == Uses::Exhausted {
        NoUse::Exhausted
    } else if per_customer && !facts.case.customer_known {
        NoUse::CustomerUnknown
    } else {
        return false;
    };
    verdict.trace.push(Step::NoUseLeft { because, owner: owner.id.clone() });
    true
}

/// Step 9c: the owner is credited; the winning click's partner, when it is another, is told so.
fn owner_credited(facts: &Facts<'_>, owner: &Partner, verdict: &mut Verdict) -> Credited {
    let winner = facts.winner_id();
    let also_click_winner = winner == Some(&owner.id);
    let basis = match facts.attribution.owner_also_click_winner {
        OwnerBasis::Click if also_click_winner => Basis::Click,
        _ => Basis::PromoCode,
    };
    if let Some(winner) = winner {
        verdict.refuse_unless_same(winner, &owner.id);
    }
    let (owner, winner) = (owner.id.clone(), winner.cloned());
    verdict.trace.push(Step::OwnerCredited { owner: owner.clone(), basis, winner });
    Credited { partner: owner, basis, also_click_winner }
}

/// Step 9d: what an owner whose policy is not met is told. An inactive one has no window that its
/// clicks could be outside of.
fn policy_reason(facts: &Facts<'_>, owner: &Partner) -> Reason {
    let clicked_before =
        |click: &Click| click.partner == owner.id && click.at <= facts.case.placed_at;
    let clicked = owner.active && facts.case.clicks.iter().any(clicked_before);
    if clicked && !facts.has_eligible_click(&owner.id) {
        Reason::OutsideAssociationWindow
    } else {
        Reason::CreditingRuleMismatch
    }
}

/// Step 9d: the owner is not credited, and the winning click only where the program falls back.
fn owner_refused(
    facts: &Facts<'_>,
    owner: &Partner,
    reason: Reason,
    verdict: &mut Verdict,
) -> Option<Credited> {
    verdict.refuse(Some(&owner.id), reason);
    verdict.trace.push(Step::OwnerRefused { owner: owner.id.clone(), reason });
    let winner = facts.winner_id()?.clone();
    if facts.attribution.fallback_to_click {
        verdict.trace.push(Step::FallbackToClick { winner: winner.clone() });
        return Some(by_click(winner));
    }
    if winner != owner.id {
        verdict.refuse(Some(&winner), Reason::BlockedByPromocode);
        verdict.trace.push(Step::Blocked { winner });
    }
    None
}

/// Step 10: whether the chosen partner can be credited at all. It is not handed on.
fn in_force<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    case: &Case,
    chosen: Credited,
    verdict: &mut Verdict,
) -> Result<Option<(Credited, Option<ContractId>)>, SnapshotError> {
    let partner = snapshot.find_partner(&chosen.partner)?;
    match covering_contract(partner.as_ref(), case) {
        Ok(contract) => {
            let contract_id = contract.clone();
            verdict
                .trace
                .push(Step::ContractFound { partner: chosen.partner.clone(), contract_id });
            Ok(Some((chosen, contract)))
        }
        Err(reason) => {
            verdict.refuse(Some(&chosen.partner), reason);
            verdict.trace.push(Step::NotInForce { partner: chosen.partner, reason });
            Ok(None)
        }
    }
}

/// The contract that covers an order; a media source needs none.
fn covering_contract(partner: Option<&Partner>, case: &Case) -> Result<Option<ContractId>, Reason> {
    let partner = partner.filter(|partner| partner.active).ok_or(Reason::PartnerNotActive)?;
    let contract = partner.contract_at(case.placed_at).ok_or(Reason::ContractNotFound);
    let covers = contract.and_then(|contract| {
        let covered = contract.event_types.contains(&case.event_type);
        if covered { Ok(contract.id.clone()) } else { Err(Reason::ActiontermsNotFound) }
    });
    match partner.kind {
        PartnerKind::Partner => covers.map(Some),
        PartnerKind::MediaSource => Ok(covers.ok()),
    }
}

fn by_click(partner: PartnerId) -> Credited {
    Credited { partner, basis: Basis::Click, also_click_winner: false }
}

impl Verdict {
    fn refuse(&mut self, partner: Option<&PartnerId>, reason: Reason) {
        self.reasons.push(Refused { partner: partner.cloned(), reason });
    }

    fn refuse_unless_same(&mut self, partner: &PartnerId, credited: &PartnerId) {
        if partner != credited {
            self.refuse(Some(partner), Reason::OtherRefPrioritized);
        }
    }
}
