//! A program: one merchant's programme and its settings; the unit of tenancy.

use crate::code::Folding;
use crate::id::{EventTypeId, ProgramId};
use crate::money::Currency;
use crate::reason::PublicReasons;
use crate::time::UnixMillis;

/// A merchant's programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The programme's id.
    pub id: ProgramId,
    /// What people call it.
    pub name: String,
    /// The currency of amounts that do not name one.
    pub currency: Currency,
    /// IANA name of the zone that dates without an offset are read in.
    pub time_zone: String,
    /// Whether promo codes are used at all.
    pub tracking: bool,
    /// How credit is decided.
    pub attribution: Attribution,
    /// Which differences between codes are ignored.
    pub folding: Folding,
    /// How much shoppers are told about a refused code.
    pub public_reasons: PublicReasons,
    /// How many days after its order was placed an action is approved that has not been reversed.
    pub approval_days: u32,
    /// What can be credited, in order of id.
    pub event_types: Vec<EventType>,
}

impl Program {
    /// When the action of an order placed at this instant is approved, unless reversed before.
    #[must_use]
    pub fn approve_at(&self, placed_at: UnixMillis) -> UnixMillis {
        placed_at.plus_days(self.approval_days)
    }
}

/// Something that happens and can be credited, such as a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventType {
    /// Its id, such as `SALE`.
    pub id: EventTypeId,
    /// Whether promo codes count for it.
    pub promo_codes: bool,
}

/// How credit is decided: settings that a preset of a network fills where the catalogue leaves them
/// out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribution {
    /// Which click wins among those of one group.
    pub click_model: ClickModel,
    /// Whether a code or a click is asked first.
    pub precedence: Precedence,
    /// Whether the winning click is credited when a code's owner is not.
    pub fallback_to_click: bool,
    /// How old a click may be, in days, where a contract does not say.
    pub referral_window_days: u32,
    /// What is reported when a code's owner is credited by it and drove the winning click as well.
    pub owner_also_click_winner: OwnerBasis,
}

/// What a credit is reported to rest on when the owner of the code that was used drove the winning
/// click as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnerBasis {
    /// The code.
    #[default]
    PromoCode,
    /// The click.
    Click,
}

/// Which click wins among those of one credit group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClickModel {
    /// The last.
    #[default]
    LastClick,
    /// The first.
    FirstClick,
}

/// Whether a code or a click is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precedence {
    /// The code.
    #[default]
    CodeFirst,
    /// The click.
    ClickFirst,
}
