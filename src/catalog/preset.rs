//! Other networks' rules as settings: one table, and no code that asks which network it is.

use super::authored;
use super::literal::PresetName;
use crate::code::CreditPolicy;
use crate::program::{Attribution, ClickModel, Precedence};

/// How old a click may be where nobody says.
const REFERRAL_WINDOW_DAYS: u32 = 30;

/// What a network does where a catalogue is silent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preset {
    precedence: Precedence,
    /// The credit policy of tracking codes that name none.
    pub default_credit_policy: Option<CreditPolicy>,
}

/// The table. Sources are the networks' own documents:
///
/// - impact: "Create a promo code"; every code names its credit policy.
/// - Awin: "Voucher attribution"; the code of its one exclusive publisher wins, with no click
///   needed.
/// - Partnerize: "Exclusive codes"; they win even with no clicks.
/// - Commission Factory: "Coupon attribution"; a code beats clicks.
/// - Everflow: "Conversion attribution priority"; an advertiser chooses `Coupon Code` or `Click`.
/// - Rakuten: "Coupon code tracking"; a code counts only when no other publisher's click does.
pub(super) fn preset(name: PresetName) -> Preset {
    let code_first =
        |default_credit_policy| Preset { precedence: Precedence::CodeFirst, default_credit_policy };
    match name {
        PresetName::Impact => code_first(None),
        PresetName::Awin
        | PresetName::Partnerize
        | PresetName::CommissionFactory
        | PresetName::EverflowCode => code_first(Some(CreditPolicy::Always)),
        PresetName::Rakuten | PresetName::EverflowClick => {
            Preset { precedence: Precedence::ClickFirst, default_credit_policy: None }
        }
    }
}

impl Preset {
    /// The settings: explicit ones win, the preset fills the rest.
    pub fn fill(&self, authored: &authored::Attribution) -> Attribution {
        Attribution {
            click_model: authored.click_model.map_or(ClickModel::LastClick, Into::into),
            precedence: authored.precedence.map_or(self.precedence, Into::into),
            fallback_to_click: authored.fallback_to_click.unwrap_or(false),
            referral_window_days: authored.referral_window_days.unwrap_or(REFERRAL_WINDOW_DAYS),
        }
    }
}
