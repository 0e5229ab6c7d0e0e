//! Partners and media sources: who can own a code and be credited.

use crate::id::{ContractId, EventTypeId, PartnerId};
use crate::time::{Schedule, ScheduleState, UnixMillis};

/// A partner or a media source of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// The partner's id in its program.
    pub id: PartnerId,
    /// What people call it.
    pub name: String,
    /// Which of the two it is.
    pub kind: PartnerKind,
    /// An inactive one is never credited.
    pub active: bool,
    /// Groups outrank codes.
    pub credit_group: CreditGroup,
    /// Intervals of participation, in order of their start; they do not overlap.
    pub contracts: Vec<Contract>,
}

/// What can own a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerKind {
    /// Participates under contracts and is paid.
    Partner,
    /// A channel of the merchant's own, such as a newsletter: credited, not paid.
    MediaSource,
}

/// Rank of a partner's clicks, highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum CreditGroup {
    /// Outranks the other two.
    #[default]
    Preferred,
    /// Outranks the non-preferred.
    Standard,
    /// Outranks nobody.
    NonPreferred,
}

impl CreditGroup {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CreditGroup::Preferred => "preferred",
            CreditGroup::Standard => "standard",
            CreditGroup::NonPreferred => "non_preferred",
        }
    }
}

impl Partner {
    /// The contract in force at an instant; there is at most one.
    #[must_use]
    pub fn contract_at(&self, at: UnixMillis) -> Option<&Contract> {
        let in_force =
            |contract: &&Contract| contract.schedule.state_at(at) == ScheduleState::Active;
        self.contracts.iter().find(in_force)
    }
}

/// What a partner's clicks count by at an instant: all that a decision needs of most partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// An inactive partner's clicks do not count.
    pub active: bool,
    /// Rank of its clicks.
    pub credit_group: CreditGroup,
    /// How old a click may be, in days; `None` when no contract is in force.
    pub referral_window_days: Option<u32>,
}

/// A partner's interval of participation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The contract's id.
    pub id: ContractId,
    /// When it is in force.
    pub schedule: Schedule,
    /// How old a click may be, in days.
    pub referral_window_days: u32,
    /// The event types it covers.
    pub event_types: Vec<EventTypeId>,
}
