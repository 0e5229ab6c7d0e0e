//! A catalogue as plain data: written as JSON for the code under test, read as it is by the oracle.

use serde::{Serialize, Serializer};

use std::fmt;

/// 2026-06-15T12:00:00Z, in milliseconds.
pub const NOON: i64 = 1_781_524_800_000;

/// A day, in milliseconds.
pub const DAY: i64 = 86_400_000;

/// An instant, in milliseconds from the epoch; JSON has it as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub i64);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&jiff::Timestamp::from_millisecond(self.0).unwrap())
    }
}

#[derive(Clone, Serialize)]
pub struct Shop {
    pub program: Program,
    pub event_types: Vec<EventType>,
    pub partners: Vec<Partner>,
    pub deals: Vec<Deal>,
    pub codes: Vec<Code>,
    pub exception_lists: Vec<List>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Program {
    pub id: &'static str,
    pub name: &'static str,
    pub currency: &'static str,
    pub time_zone: &'static str,
    pub tracking: bool,
    pub attribution: Attribution,
    pub folding: Folding,
}

#[derive(Debug, Clone, Serialize)]
pub struct Attribution {
    pub preset: &'static str,
    pub click_model: Option<&'static str>,
    pub precedence: Option<&'static str>,
    pub fallback_to_click: Option<bool>,
    pub referral_window_days: Option<u32>,
    pub default_credit_policy: Option<&'static str>,
    pub owner_also_click_winner: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Folding {
    pub separators: bool,
    pub lookalikes: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct EventType {
    pub id: &'static str,
    pub promo_codes: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Partner {
    pub id: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub active: bool,
    pub credit_group: &'static str,
    pub contracts: Vec<Contract>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Contract {
    pub id: String,
    #[serde(flatten)]
    pub schedule: Schedule,
    pub referral_window_days: Option<u32>,
    pub event_types: Vec<&'static str>,
    pub payout: Option<Payout>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Schedule {
    pub start_at: Option<At>,
    pub end_at: Option<At>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Deal {
    pub id: String,
    pub name: &'static str,
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(flatten)]
    pub schedule: Schedule,
    pub sync_codes: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Code {
    pub id: String,
    pub code: &'static str,
    pub kind: &'static str,
    pub match_type: &'static str,
    pub credit_policy: Option<&'static str>,
    pub owner: Option<&'static str>,
    #[serde(flatten)]
    pub schedule: Schedule,
    pub deal: Option<String>,
    pub max_redemptions: Option<u32>,
    pub max_redemptions_per_customer: Option<u32>,
    pub created_at: At,
}

#[derive(Debug, Clone, Serialize)]
pub struct Payout {
    pub groups: Vec<Group>,
    pub default: Option<Rate>,
    pub restrictions: Vec<Restriction>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Group {
    pub name: String,
    pub when: Criteria,
    #[serde(flatten)]
    pub rate: Rate,
}

#[derive(Debug, Clone, Serialize)]
pub struct Restriction {
    pub name: String,
    pub when: Criteria,
}

/// Basis points or an amount, never both.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Rate {
    pub rate_bps: Option<u16>,
    pub amount_minor: Option<u64>,
    pub currency: Option<&'static str>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Criteria {
    pub code_in: Option<Vec<&'static str>>,
    pub code_in_lists: Option<Vec<&'static str>>,
    pub minimum_total_minor: Option<u64>,
    pub currency: Option<&'static str>,
    pub categories: Option<Vec<&'static str>>,
    pub skus: Option<Vec<&'static str>>,
    pub first_order: Option<bool>,
    pub countries: Option<Vec<&'static str>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct List {
    pub id: &'static str,
    pub name: &'static str,
    pub match_expression: Option<&'static str>,
    pub items: Vec<&'static str>,
    #[serde(flatten)]
    pub rate: Rate,
}

impl Schedule {
    pub fn holds(&self, at: i64) -> bool {
        self.start_at.is_none_or(|start| start.0 <= at) && self.end_at.is_none_or(|end| at < end.0)
    }

    /// What is left of this schedule inside another.
    pub fn inside(&self, other: &Schedule) -> Schedule {
        let ends = [self.end_at, other.end_at].into_iter().flatten();
        Schedule { start_at: self.start_at.max(other.start_at), end_at: ends.min() }
    }

    pub fn is_empty(&self) -> bool {
        self.start_at.zip(self.end_at).is_some_and(|(start, end)| end <= start)
    }
}

/// The catalogue itself, to be tried by hand when a test fails.
impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).unwrap())
    }
}

impl Shop {
    pub fn partner(&self, id: &str) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    /// When a code is active: inside its deal, where that one takes its codes along.
    pub fn schedule(&self, code: &Code) -> Schedule {
        let deal = self.deals.iter().find(|deal| code.deal.as_ref() == Some(&deal.id));
        match deal.filter(|deal| deal.sync_codes) {
            Some(deal) => code.schedule.inside(&deal.schedule),
            None => code.schedule,
        }
    }
}
