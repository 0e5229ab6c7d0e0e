//! Other networks' rules as settings: one table, and no code that asks which network it is.

use super::authored;
use super::literal::PresetName;
use crate::code::CreditPolicy;
use crate::program::{Attribution, ClickModel, OwnerBasis, Precedence};

/// How old a click may be where nobody says.
const REFERRAL_WINDOW_DAYS: u32 = 30;

/// What a network does where a catalogue is silent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preset {
    precedence: Precedence,
    default_credit_policy: Option<CreditPolicy>,
    owner_also_click_winner: OwnerBasis,
}

const CODE_FIRST: Preset = Preset {
    precedence: Precedence::CodeFirst,
    default_credit_policy: Some(CreditPolicy::Always),
    owner_also_click_winner: OwnerBasis::PromoCode,
};

/// The table, by the networks' own documents:
///
/// - impact.com, "Create a promo code": every code names its credit policy, and is asked first.
/// - Awin, "Voucher attribution": the one publisher of a code is credited, with no click needed.
/// - Partnerize, "Exclusive codes": the publisher of a code wins even with no clicks.
/// - Commission Factory, "Attribution and cookie hierarchy": a code beats clicks; when its owner
///   would have won by a click, that is reported, so that the click's data is kept.
/// - Everflow, "Conversion attribution priority": an advertiser chooses `Coupon Code` or `Click`.
/// - Rakuten, "Coupon code tracking": a code counts only when no other publisher's click does.
pub(super) fn preset(name: PresetName) -> Preset {
    match name {
        PresetName::Impact => Preset { default_credit_policy: None, ..CODE_FIRST },
        PresetName::Awin | PresetName::Partnerize | PresetName::EverflowCode => CODE_FIRST,
        PresetName::CommissionFactory => {
            Preset { owner_also_click_winner: OwnerBasis::Click, ..CODE_FIRST }
        }
        PresetName::Rakuten | PresetName::EverflowClick => {
            Preset { precedence: Precedence::ClickFirst, default_credit_policy: None, ..CODE_FIRST }
        }
    }
}

impl Preset {
    /// The settings: explicit ones win, the preset fills the rest.
    pub fn fill(&self, authored: &authored::Attribution) -> Attribution {
        let owner_basis = authored.owner_also_click_winner;
        Attribution {
            click_model: authored.click_model.map_or(ClickModel::LastClick, Into::into),
            precedence: authored.precedence.map_or(self.precedence, Into::into),
            fallback_to_click: authored.fallback_to_click.unwrap_or(false),
            referral_window_days: authored.referral_window_days.unwrap_or(REFERRAL_WINDOW_DAYS),
            owner_also_click_winner: owner_basis.map_or(self.owner_also_click_winner, Into::into),
        }
    }

    /// The credit policy of tracking codes that name none, if there is one.
    pub fn credit_policy(&self, authored: &authored::Attribution) -> Option<CreditPolicy> {
        authored.default_credit_policy.map(Into::into).or(self.default_credit_policy)
    }
}
