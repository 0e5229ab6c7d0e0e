//! Literals of a catalogue: one enum for each field that takes a word. The nouns that they stand
//! for are no promise and know nothing of JSON.

use crate::code::{CreditPolicy, MatchType};
use crate::partner::{CreditGroup, PartnerKind};
use crate::program::{ClickModel, OwnerBasis, Precedence};
use crate::reason::PublicReasons;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a deal offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum DealType {
    GeneralSale,
    FreeShipping,
    GiftWithPurchase,
    Rebate,
    Bogo,
}

/// On what part of an order a deal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum ScopeName {
    #[default]
    EntireStore,
    Category,
    Product,
}

/// Whether a code can credit somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum CodeKindName {
    #[default]
    Tracking,
    Restricted,
}

/// A network whose rules fill the settings that are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum PresetName {
    #[default]
    Impact,
    Awin,
    Partnerize,
    CommissionFactory,
    EverflowCode,
    Rakuten,
    EverflowClick,
}

/// Who owns codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum PartnerKindName {
    Partner,
    MediaSource,
}

/// Rank of a partner's clicks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum CreditGroupName {
    #[default]
    Preferred,
    Standard,
    NonPreferred,
}

/// How typed codes are compared with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum MatchTypeName {
    Exact,
    Regex,
}

/// When the owner of a tracking code is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum CreditPolicyName {
    Always,
    Involved,
    Winner,
}

/// Which click wins among those of one credit group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum ClickModelName {
    LastClick,
    FirstClick,
}

/// Whether a code or a click is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum PrecedenceName {
    CodeFirst,
    ClickFirst,
}

/// What is reported when a code's owner drove the winning click as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum OwnerBasisName {
    PromoCode,
    Click,
}

/// How much shoppers are told about a refused code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the literals say it")]
pub enum PublicReasonsName {
    #[default]
    Collapsed,
    Detailed,
}

impl From<PartnerKindName> for PartnerKind {
    fn from(name: PartnerKindName) -> Self {
        match name {
            PartnerKindName::Partner => PartnerKind::Partner,
            PartnerKindName::MediaSource => PartnerKind::MediaSource,
        }
    }
}

impl From<CreditGroupName> for CreditGroup {
    fn from(name: CreditGroupName) -> Self {
        match name {
            CreditGroupName::Preferred => CreditGroup::Preferred,
            CreditGroupName::Standard => CreditGroup::Standard,
            CreditGroupName::NonPreferred => CreditGroup::NonPreferred,
        }
    }
}

impl From<MatchTypeName> for MatchType {
    fn from(name: MatchTypeName) -> Self {
        match name {
            MatchTypeName::Exact => MatchType::Exact,
            MatchTypeName::Regex => MatchType::Regex,
        }
    }
}

impl From<CreditPolicyName> for CreditPolicy {
    fn from(name: CreditPolicyName) -> Self {
        match name {
            CreditPolicyName::Always => CreditPolicy::Always,
            CreditPolicyName::Involved => CreditPolicy::Involved,
            CreditPolicyName::Winner => CreditPolicy::Winner,
        }
    }
}

impl From<ClickModelName> for ClickModel {
    fn from(name: ClickModelName) -> Self {
        match name {
            ClickModelName::LastClick => ClickModel::LastClick,
            ClickModelName::FirstClick => ClickModel::FirstClick,
        }
    }
}

impl From<PrecedenceName> for Precedence {
    fn from(name: PrecedenceName) -> Self {
        match name {
            PrecedenceName::CodeFirst => Precedence::CodeFirst,
            PrecedenceName::ClickFirst => Precedence::ClickFirst,
        }
    }
}

impl From<OwnerBasisName> for OwnerBasis {
    fn from(name: OwnerBasisName) -> Self {
        match name {
            OwnerBasisName::PromoCode => OwnerBasis::PromoCode,
            OwnerBasisName::Click => OwnerBasis::Click,
        }
    }
}

impl From<PublicReasonsName> for PublicReasons {
    fn from(name: PublicReasonsName) -> Self {
        match name {
            PublicReasonsName::Collapsed => PublicReasons::Collapsed,
            PublicReasonsName::Detailed => PublicReasons::Detailed,
        }
    }
}
