//! A catalogue as people write it: field names, defaults and literals are promises. What the values
//! mean is checked elsewhere; this file only says what may be written.

pub mod edit;
pub mod payout;
pub mod request;

use super::literal::{
    ClickModelName, CodeKindName, CreditGroupName, CreditPolicyName, DealType, MatchTypeName,
    OwnerBasisName, PartnerKindName, PrecedenceName, PresetName, PublicReasonsName, ScopeName,
};
pub use payout::{ExceptionList, Payout};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest time until an action is approved, in days: ten years, far beyond any right of return.
pub const APPROVAL_DAYS_MAX: u32 = 3_650;

/// A merchant's programme, its partners, deals and codes. `promo build` compiles it to a snapshot.
#[derive(Debug, JsonSchema)]
#[schemars(title = "promo-edge catalogue", deny_unknown_fields)]
pub struct Catalog {
    /// The programme and its settings.
    pub program: Program,
    /// What can be credited.
    #[schemars(default)]
    pub event_types: Vec<EventType>,
    /// Who can own codes.
    #[schemars(default)]
    pub partners: Vec<Partner>,
    /// What codes stand for.
    #[schemars(default)]
    pub deals: Vec<Deal>,
    /// The codes; large numbers of them come as CSV.
    #[schemars(default)]
    pub codes: Vec<Code>,
    /// Codes that are paid at a rate of their own.
    #[schemars(default)]
    pub exception_lists: Vec<ExceptionList>,
}

/// A merchant's programme.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// 1 to 64 bytes.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// ISO 4217 code of amounts that do not name one.
    pub currency: String,
    /// IANA name of the zone that dates without an offset are read in.
    pub time_zone: String,
    /// Whether promo codes are used at all.
    #[serde(default)]
    pub tracking: bool,
    /// How credit is decided.
    #[serde(default)]
    pub attribution: Attribution,
    /// Which differences between codes are ignored, besides case.
    #[serde(default)]
    pub folding: Folding,
    /// How much shoppers are told about a refused code.
    #[serde(default)]
    pub public_reasons: PublicReasonsName,
    /// How many days after its order was placed an action is approved that has not been reversed.
    #[serde(default = "approval_days")]
    #[schemars(range(max = APPROVAL_DAYS_MAX))]
    pub approval_days: u32,
}

/// How credit is decided. A preset fills what is left out.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// The network whose rules fill what is left out.
    #[serde(default)]
    pub preset: PresetName,
    /// Which click wins among those of one credit group.
    #[serde(default)]
    pub click_model: Option<ClickModelName>,
    /// Whether a code or a click is asked first.
    #[serde(default)]
    pub precedence: Option<PrecedenceName>,
    /// Whether the winning click is credited when a code's owner is not.
    #[serde(default)]
    pub fallback_to_click: Option<bool>,
    /// How old a click may be, in days; 30 when left out.
    #[serde(default)]
    pub referral_window_days: Option<u32>,
    /// The credit policy of tracking codes that name none.
    #[serde(default)]
    pub default_credit_policy: Option<CreditPolicyName>,
    /// What is reported when a code's owner drove the winning click as well.
    #[serde(default)]
    pub owner_also_click_winner: Option<OwnerBasisName>,
}

/// Which differences between codes are ignored, besides case.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Folding {
    /// Spaces, dashes, underscores and dots.
    #[serde(default)]
    pub separators: bool,
    /// O and 0, I, L and 1, S and 5, Z and 2, and Cyrillic and Greek letters that look like Latin
    /// ones.
    #[serde(default)]
    pub lookalikes: bool,
}

/// Something that can be credited.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventType {
    /// Such as SALE.
    pub id: String,
    /// Whether promo codes count for it.
    #[serde(default)]
    pub promo_codes: bool,
}

/// A partner or a media source.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// 1 to 64 bytes.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// A partner is paid; a media source is a channel of the merchant's own.
    pub kind: PartnerKindName,
    /// An inactive one is never credited.
    #[serde(default = "yes")]
    pub active: bool,
    /// Rank of its clicks.
    #[serde(default)]
    pub credit_group: CreditGroupName,
    /// Intervals of participation; they must not overlap.
    #[serde(default)]
    pub contracts: Vec<Contract>,
}

/// An interval of participation.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// 1 to 64 bytes, unique for the partner.
    pub id: String,
    /// First instant in force; null: since ever.
    #[serde(default)]
    pub start_at: Option<String>,
    /// First instant no longer in force, or the last day; null: for ever.
    #[serde(default)]
    pub end_at: Option<String>,
    /// How old a click may be, in days; the programme's when left out.
    #[serde(default)]
    pub referral_window_days: Option<u32>,
    /// Ids of the event types it covers.
    #[serde(default)]
    pub event_types: Vec<String>,
    /// What is earned.
    #[serde(default)]
    pub payout: Option<Payout>,
}

/// An offer.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    /// 1 to 64 bytes.
    pub id: String,
    /// What shoppers are told.
    pub name: String,
    /// What is offered.
    #[serde(rename = "type")]
    pub kind: DealType,
    /// On what part of an order.
    #[serde(default)]
    pub scope: ScopeName,
    /// For a general sale: how much.
    #[serde(default)]
    pub discount: Option<Discount>,
    /// For a bogo: how many, and how much.
    #[serde(default)]
    pub bogo: Option<Bogo>,
    /// For the scope category.
    #[serde(default)]
    pub categories: Vec<String>,
    /// For the scope product.
    #[serde(default)]
    pub skus: Vec<String>,
    /// ISO 4217 code of the deal's amounts; the programme's when it has amounts and this is left
    /// out.
    #[serde(default)]
    pub currency: Option<String>,
    /// Least order subtotal, in the minor unit.
    #[serde(default)]
    pub minimum_purchase_minor: Option<u64>,
    /// Least number of units on the order.
    #[serde(default)]
    pub minimum_quantity: Option<u32>,
    /// The most that can be saved on one order, in the minor unit.
    #[serde(default)]
    pub maximum_savings_minor: Option<u64>,
    /// How many eligible units of one order are covered at most.
    #[serde(default)]
    pub purchase_limit_quantity: Option<u32>,
    /// ISO 3166-1 codes of the countries it is for; none: all.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Customer segments it is for; none: all.
    #[serde(default)]
    pub segments: Vec<String>,
    /// Only a customer's first order.
    #[serde(default)]
    pub first_order_only: bool,
    /// First instant in force; null: since ever.
    #[serde(default)]
    pub start_at: Option<String>,
    /// First instant no longer in force, or the last day; null: for ever.
    #[serde(default)]
    pub end_at: Option<String>,
    /// Whether its codes are active only while it is.
    #[serde(default)]
    pub sync_codes: bool,
}

/// A promo code.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// 1 to 64 bytes.
    pub id: String,
    /// The text, or the regular expression.
    pub code: String,
    /// A tracking code has an owner and a credit policy, a restricted one has neither.
    #[serde(default)]
    pub kind: CodeKindName,
    /// How typed codes are compared with it.
    pub match_type: MatchTypeName,
    /// When the owner of a tracking code is credited.
    #[serde(default)]
    pub credit_policy: Option<CreditPolicyName>,
    /// Id of the one partner or media source that a tracking code can credit.
    #[serde(default)]
    pub owner: Option<String>,
    /// First instant it is active; null: at once.
    #[serde(default)]
    pub start_at: Option<String>,
    /// First instant it is no longer active, or the last day; null: for ever.
    #[serde(default)]
    pub end_at: Option<String>,
    /// IANA name of the zone of its dates; overrides their offsets. Null: the programme's.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Id of the deal it stands for.
    #[serde(default)]
    pub deal: Option<String>,
    /// How often it may be used in all.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub max_redemptions: Option<u32>,
    /// How often each customer may use it.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub max_redemptions_per_customer: Option<u32>,
    /// Whether shoppers' browsers may know it.
    #[serde(default)]
    pub public: bool,
    /// When it was created: of several matching regular expressions the earliest wins. Null: 1970.
    #[serde(default)]
    pub created_at: Option<String>,
}

/// How much money is off.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Discount {
    /// An amount.
    Fixed {
        /// In the minor unit.
        amount_minor: u64,
    },
    /// A percentage.
    Percent {
        /// In hundredths of a per cent.
        #[schemars(range(min = 1, max = 10_000))]
        bps: u16,
    },
    /// A percentage somewhere between two.
    PercentRange {
        /// At least, in hundredths of a per cent.
        #[schemars(range(max = 10_000))]
        low_bps: u16,
        /// At most, in hundredths of a per cent.
        #[schemars(range(min = 1, max = 10_000))]
        high_bps: u16,
    },
    /// Up to a percentage.
    PercentMaximum {
        /// In hundredths of a per cent.
        #[schemars(range(min = 1, max = 10_000))]
        bps: u16,
    },
}

/// For every `buy` units bought, `get` more for less.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Bogo {
    /// For nothing.
    Free {
        /// How many are paid in full.
        #[schemars(range(min = 1))]
        buy: u32,
        /// How many further ones are reduced.
        #[schemars(range(min = 1))]
        get: u32,
    },
    /// With an amount taken off each.
    Amount {
        /// How many are paid in full.
        #[schemars(range(min = 1))]
        buy: u32,
        /// How many further ones are reduced.
        #[schemars(range(min = 1))]
        get: u32,
        /// In the minor unit.
        amount_minor: u64,
    },
    /// With a percentage taken off each.
    Percent {
        /// How many are paid in full.
        #[schemars(range(min = 1))]
        buy: u32,
        /// How many further ones are reduced.
        #[schemars(range(min = 1))]
        get: u32,
        /// In hundredths of a per cent.
        #[schemars(range(min = 1, max = 10_000))]
        bps: u16,
    },
}

fn yes() -> bool {
    true
}

fn approval_days() -> u32 {
    30
}
