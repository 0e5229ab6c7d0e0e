//! What a decision was made of: one step after another, each with the rule it follows and the facts
//! it went by. The steps alone give the decision again.
//!
//! - [`Step`] is one of them; [`Step::rule`] is its number in the domain's rules, [`Step::name`]
//!   its stable name, [`Step::facts`] what it went by.
//! - [`Fact`] is one of those, in a form that can be written or said in any language.

use crate::code::CreditPolicy;
use crate::id::{ContractId, PartnerId};
use crate::money::{BasisPoints, Currency, Minor};
use crate::partner::CreditGroup;
use crate::reason::{Reason, Rejection};
use crate::time::UnixMillis;

/// What credit rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The code that was used.
    PromoCode,
    /// The winning click.
    Click,
    /// The merchant said so.
    Forced,
}

/// Why the codes of an order were not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodesOff {
    /// The program does not use promo codes.
    Program,
    /// The event type does not.
    EventType,
}

/// Why a code that would credit its owner cannot be used once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoUse {
    /// It has been used as often as it may be.
    Exhausted,
    /// It is limited per customer, and the customer is not known.
    CustomerUnknown,
}

/// How many of an order's clicks count, and why the others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClickCounts {
    /// Those that count.
    pub eligible: u64,
    /// Older than the partner's referral window.
    pub outside_window: u64,
    /// After the order.
    pub after_order: u64,
    /// Of partners who are not active.
    pub inactive_partner: u64,
    /// Of nobody the program knows.
    pub unknown_partner: u64,
}

/// One step of a decision, in the order of the domain's rules (1.5), then of the payout (1.9).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub enum Step {
    /// Codes are not looked at.
    CodesOff { because: CodesOff },
    /// A typed code, counted from 1, is not the order's.
    CodeUnused { position: u64, because: Rejection },
    /// A typed code, counted from 1, is the order's.
    CodeMatched { position: u64, code_id: String, owner: Option<PartnerId> },
    /// So many typed codes come after the order's code.
    CodesUntried { count: u64 },
    /// The click path that came with the order is not this program's, or cannot be checked.
    ClickPathIgnored,
    /// Clicks were looked at.
    ClicksCounted(ClickCounts),
    /// The click that would be credited without a code.
    ClickWinner { winner: PartnerId, at: UnixMillis, group: CreditGroup },
    /// The merchant names the partner.
    Forced { partner: PartnerId },
    /// No code: the winning click, if there is one.
    NoCode { winner: Option<PartnerId> },
    /// A restricted code takes the credit from the winning click, if there is one.
    Restricted { winner: Option<PartnerId> },
    /// Clicks come first, and there is one.
    ClickFirst { winner: PartnerId, owner: PartnerId },
    /// A click of a higher credit group outranks the code.
    HigherGroup { winner: PartnerId, group: CreditGroup, owner: PartnerId },
    /// The code's credit policy is met.
    PolicyMet { policy: CreditPolicy, owner: PartnerId },
    /// It is not.
    PolicyNotMet { policy: CreditPolicy, owner: PartnerId },
    /// The code cannot be used once more.
    NoUseLeft { because: NoUse, owner: PartnerId },
    /// The owner is credited.
    OwnerCredited { owner: PartnerId, basis: Basis, winner: Option<PartnerId> },
    /// The owner is not.
    OwnerRefused { owner: PartnerId, reason: Reason },
    /// The winning click is credited instead.
    FallbackToClick { winner: PartnerId },
    /// The winning click is not credited either.
    Blocked { winner: PartnerId },
    /// The chosen partner has a contract for this, or is a media source.
    ContractFound { partner: PartnerId, contract_id: Option<ContractId> },
    /// The chosen partner cannot be credited.
    NotInForce { partner: PartnerId, reason: Reason },
    /// A rate or a threshold is in another currency than the order.
    OtherCurrency { rule: String, currency: Currency },
    /// Lines of the order are not paid for.
    LinesRestricted { rule: String, count: u64 },
    /// What is earned, by which rule, on how much, and which share of it that is; no share when an
    /// amount is fixed, or nothing is paid.
    Paid {
        rule: String,
        base_minor: Minor,
        share: Option<BasisPoints>,
        amount_minor: Minor,
        currency: Currency,
    },
}

/// A fact that a step went by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A name that somebody gave.
    Text(String),
    /// One of a field's literals.
    Literal(&'static str),
    /// A count or an amount.
    Number(u64),
    /// An instant.
    At(UnixMillis),
    /// There is none.
    Nothing,
}

impl Basis {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Basis::PromoCode => "promo_code",
            Basis::Click => "click",
            Basis::Forced => "forced",
        }
    }
}

impl Step {
    /// The rule's number in the domain: steps of 1.5, or 1.9 for the payout.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Step::CodesOff { .. } => "1",
            Step::CodeUnused { .. } | Step::CodeMatched { .. } | Step::CodesUntried { .. } => "2",
            Step::ClickPathIgnored | Step::ClicksCounted(_) => "3",
            Step::ClickWinner { .. } => "4",
            Step::Forced { .. } => "5",
            Step::NoCode { .. } => "6",
            Step::Restricted { .. } => "7",
            Step::ClickFirst { .. } => "8",
            Step::HigherGroup { .. } => "9a",
            Step::PolicyMet { .. } | Step::PolicyNotMet { .. } => "9b",
            Step::NoUseLeft { .. } | Step::OwnerCredited { .. } => "9c",
            Step::OwnerRefused { .. } | Step::FallbackToClick { .. } | Step::Blocked { .. } => "9d",
            Step::ContractFound { .. } | Step::NotInForce { .. } => "10",
            Step::OtherCurrency { .. } | Step::LinesRestricted { .. } | Step::Paid { .. } => "1.9",
        }
    }

    /// The stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Step::CodesOff { .. } => "codes_off",
            Step::CodeUnused { .. } => "code_unused",
            Step::CodeMatched { .. } => "code_matched",
            Step::CodesUntried { .. } => "codes_untried",
            Step::ClickPathIgnored => "click_path_ignored",
            Step::ClicksCounted(_) => "clicks_counted",
            Step::ClickWinner { .. } => "click_winner",
            Step::Forced { .. } => "forced",
            Step::NoCode { .. } => "no_code",
            Step::Restricted { .. } => "restricted",
            Step::ClickFirst { .. } => "click_first",
            Step::HigherGroup { .. } => "higher_group",
            Step::PolicyMet { .. } => "policy_met",
            Step::PolicyNotMet { .. } => "policy_not_met",
            Step::NoUseLeft { .. } => "no_use_left",
            Step::OwnerCredited { .. } => "owner_credited",
            Step::OwnerRefused { .. } => "owner_refused",
            Step::FallbackToClick { .. } => "fallback_to_click",
            Step::Blocked { .. } => "blocked",
            Step::ContractFound { .. } => "contract_found",
            Step::NotInForce { .. } => "not_in_force",
            Step::OtherCurrency { .. } => "other_currency",
            Step::LinesRestricted { .. } => "lines_restricted",
            Step::Paid { .. } => "paid",
        }
    }

    /// What the step went by, in a fixed order.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, Fact)> {
        match self {
            Step::CodesOff { because } => vec![("because", because.fact())],
            Step::CodeUnused { position, because } => {
                vec![("position", Fact::Number(*position)), ("because", Fact::of(*because))]
            }
            Step::CodeMatched { position, code_id, owner } => vec![
                ("position", Fact::Number(*position)),
                ("code_id", Fact::Text(code_id.clone())),
                ("owner", Fact::partner(owner.as_ref())),
            ],
            Step::CodesUntried { count } => vec![("count", Fact::Number(*count))],
            Step::ClickPathIgnored => Vec::new(),
            Step::ClicksCounted(counts) => counts.facts(),
            Step::ClickWinner { winner, at, group } => vec![
                ("winner", Fact::partner(Some(winner))),
                ("at", Fact::At(*at)),
                ("group", Fact::Literal(group.name())),
            ],
            Step::Forced { partner } => vec![("partner", Fact::partner(Some(partner)))],
            Step::NoCode { winner } | Step::Restricted { winner } => {
                vec![("winner", Fact::partner(winner.as_ref()))]
            }
            Step::FallbackToClick { winner } | Step::Blocked { winner } => {
                vec![("winner", Fact::partner(Some(winner)))]
            }
            Step::ClickFirst { winner, owner } => {
                vec![("winner", Fact::partner(Some(winner))), ("owner", Fact::partner(Some(owner)))]
            }
            Step::HigherGroup { winner, group, owner } => vec![
                ("winner", Fact::partner(Some(winner))),
                ("group", Fact::Literal(group.name())),
                ("owner", Fact::partner(Some(owner))),
            ],
            Step::PolicyMet { policy, owner } | Step::PolicyNotMet { policy, owner } => vec![
                ("policy", Fact::Literal(policy.name())),
                ("owner", Fact::partner(Some(owner))),
            ],
            Step::NoUseLeft { because, owner } => {
                vec![("because", because.fact()), ("owner", Fact::partner(Some(owner)))]
            }
            Step::OwnerCredited { owner, basis, winner } => vec![
                ("owner", Fact::partner(Some(owner))),
                ("basis", Fact::Literal(basis.name())),
                ("winner", Fact::partner(winner.as_ref())),
            ],
            Step::OwnerRefused { owner, reason } => vec![
                ("owner", Fact::partner(Some(owner))),
                ("reason", Fact::Literal(reason.name())),
            ],
            Step::ContractFound { partner, contract_id } => vec![
                ("partner", Fact::partner(Some(partner))),
                ("contract_id", Fact::text(contract_id.as_ref())),
            ],
            Step::NotInForce { partner, reason } => vec![
                ("partner", Fact::partner(Some(partner))),
                ("reason", Fact::Literal(reason.name())),
            ],
            step => step.payout_facts(),
        }
    }

    fn payout_facts(&self) -> Vec<(&'static str, Fact)> {
        match self {
            Step::OtherCurrency { rule, currency } => vec![
                ("rule", Fact::Text(rule.clone())),
                ("currency", Fact::Text(currency.to_string())),
            ],
            Step::LinesRestricted { rule, count } => {
                vec![("rule", Fact::Text(rule.clone())), ("count", Fact::Number(*count))]
            }
            Step::Paid { rule, base_minor, share, amount_minor, currency } => vec![
                ("rule", Fact::Text(rule.clone())),
                ("base_minor", Fact::Number(base_minor.get())),
                ("rate_bps", share.map_or(Fact::Nothing, |it| Fact::Number(it.get().into()))),
                ("amount_minor", Fact::Number(amount_minor.get())),
                ("currency", Fact::Text(currency.to_string())),
            ],
            _ => Vec::new(),
        }
    }
}

impl ClickCounts {
    fn facts(self) -> Vec<(&'static str, Fact)> {
        [
            ("eligible", self.eligible),
            ("outside_window", self.outside_window),
            ("after_order", self.after_order),
            ("inactive_partner", self.inactive_partner),
            ("unknown_partner", self.unknown_partner),
        ]
        .map(|(name, count)| (name, Fact::Number(count)))
        .to_vec()
    }
}

impl Fact {
    fn of(because: Rejection) -> Fact {
        Fact::Literal(match because {
            Rejection::Malformed(malformed) => malformed.name(),
            other => other.name(),
        })
    }

    fn partner(id: Option<&PartnerId>) -> Fact {
        Fact::text(id)
    }

    fn text(id: Option<&impl ToString>) -> Fact {
        id.map_or(Fact::Nothing, |id| Fact::Text(id.to_string()))
    }
}

impl CodesOff {
    fn fact(self) -> Fact {
        Fact::Literal(match self {
            CodesOff::Program => "program",
            CodesOff::EventType => "event_type",
        })
    }
}

impl NoUse {
    fn fact(self) -> Fact {
        Fact::Literal(match self {
            NoUse::Exhausted => "exhausted",
            NoUse::CustomerUnknown => "customer_unknown",
        })
    }
}
