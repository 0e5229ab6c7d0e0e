//! What a catalogue allows and its author may not want: codes that get in each other's way, that
//! are never active, that can be guessed, that cost without end.
//!
//! - [`Codes`] collects a catalogue's codes and those of its bulk files.
//! - [`lint`] looks at them all; [`Finding`] is one thing it found.
//! - [`Rule`] names what is looked for; `docs/lint.md` says why, rule by rule.
//!
//! Nothing found here keeps a snapshot from being built, but for [`Rule::SameText`]: what cannot be
//! right is a [`Complaint`](crate::catalog::Complaint).

mod codes;
mod exposure;
mod guessing;
mod owners;
mod patterns;
mod schedules;
mod texts;

pub use codes::Codes;

use crate::catalog::{Catalog, Place};
use crate::time::UnixMillis;
use codes::Code;

use std::collections::BTreeMap;
use std::fmt;

/// What is looked for. Names are stable and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Two exact codes of one text at one time: no snapshot can be built.
    SameText,
    /// Two exact codes of different owners or deals that differ in separators or look-alikes only,
    /// which the program does not ignore.
    NearCollision,
    /// A code that two regex codes of different owners or deals match.
    PatternOverlap,
    /// Two regex codes that are too large to compare.
    PatternsTooLarge,
    /// Exact codes of one owner that a regex code of another matches.
    PatternSwallowsCode,
    /// A synchronised deal leaves no time at which the code is active.
    NeverActive,
    /// The code has expired.
    Expired,
    /// No code has any effect in this program.
    TrackingOff,
    /// No code stands for the deal.
    UnusedDeal,
    /// The code goes on when its deal has ended.
    DealEndsFirst,
    /// The code's owner is inactive.
    OwnerInactive,
    /// The code's owner never had a contract.
    OwnerWithoutContract,
    /// The code goes on when its owner's last contract has ended.
    ContractEndsFirst,
    /// The code has so few characters that all can be tried.
    ShortCode,
    /// The code is a word that everybody tries, and always credits its owner.
    CommonWord,
    /// Codes that are numbered one after another.
    SequentialCodes,
    /// So many codes of one form that a guess succeeds too often.
    DenseCodes,
    /// A large discount without an end and without a cap, always credited.
    OpenEnded,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A snapshot cannot be built.
    Error,
    /// Somebody loses money or credit by it.
    Warning,
    /// Worth knowing.
    Note,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// Where: the code, deal or partner that is easiest to change.
    pub place: Place,
    /// What is there.
    pub got: String,
    /// What to do about it.
    pub remedy: String,
}

impl Rule {
    /// Every rule, in the order in which findings are listed.
    pub const ALL: [Rule; 18] = [
        Rule::SameText,
        Rule::NearCollision,
        Rule::PatternOverlap,
        Rule::PatternsTooLarge,
        Rule::PatternSwallowsCode,
        Rule::NeverActive,
        Rule::Expired,
        Rule::TrackingOff,
        Rule::UnusedDeal,
        Rule::DealEndsFirst,
        Rule::OwnerInactive,
        Rule::OwnerWithoutContract,
        Rule::ContractEndsFirst,
        Rule::ShortCode,
        Rule::CommonWord,
        Rule::SequentialCodes,
        Rule::DenseCodes,
        Rule::OpenEnded,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Rule::SameText => "same_text",
            Rule::NearCollision => "near_collision",
            Rule::PatternOverlap => "pattern_overlap",
            Rule::PatternsTooLarge => "patterns_too_large",
            Rule::PatternSwallowsCode => "pattern_swallows_code",
            Rule::NeverActive => "never_active",
            Rule::Expired => "expired",
            Rule::TrackingOff => "tracking_off",
            Rule::UnusedDeal => "unused_deal",
            Rule::DealEndsFirst => "deal_ends_first",
            Rule::OwnerInactive => "owner_inactive",
            Rule::OwnerWithoutContract => "owner_without_contract",
            Rule::ContractEndsFirst => "contract_ends_first",
            Rule::ShortCode => "short_code",
            Rule::CommonWord => "common_word",
            Rule::SequentialCodes => "sequential_codes",
            Rule::DenseCodes => "dense_codes",
            Rule::OpenEnded => "open_ended",
        }
    }

    /// How much what it finds matters.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Rule::SameText => Severity::Error,
            Rule::NearCollision
            | Rule::PatternOverlap
            | Rule::PatternSwallowsCode
            | Rule::NeverActive
            | Rule::TrackingOff
            | Rule::OwnerInactive
            | Rule::OwnerWithoutContract
            | Rule::ContractEndsFirst
            | Rule::SequentialCodes
            | Rule::DenseCodes
            | Rule::OpenEnded => Severity::Warning,
            Rule::PatternsTooLarge
            | Rule::Expired
            | Rule::UnusedDeal
            | Rule::DealEndsFirst
            | Rule::ShortCode
            | Rule::CommonWord => Severity::Note,
        }
    }
}

impl Severity {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// Looks for everything, as of an instant; by rule, and then by place.
#[must_use]
pub fn lint(catalog: &Catalog, codes: &Codes, at: UnixMillis) -> Vec<Finding> {
    let desk = Desk { catalog, codes, at };
    let mut findings = [
        texts::look(&desk),
        patterns::look(&desk),
        schedules::look(&desk),
        owners::look(&desk),
        guessing::look(&desk),
        exposure::look(&desk),
    ]
    .concat();
    findings.sort_by(|a, b| (a.rule, &a.place).cmp(&(b.rule, &b.place)));
    findings
}

/// Everything there is to look at.
struct Desk<'a> {
    catalog: &'a Catalog,
    codes: &'a Codes,
    at: UnixMillis,
}

impl<'a> Desk<'a> {
    /// The exact codes that are or will be active, each with its campaign.
    fn exact(&self) -> impl Iterator<Item = &'a Code> {
        self.codes.exact.iter().filter(|code| self.is_alive(code))
    }

    /// The regex codes that are or will be active.
    fn patterns(&self) -> impl Iterator<Item = &'a codes::PatternCode> {
        self.codes.patterns.iter().filter(|pattern| self.is_alive(&pattern.code))
    }

    fn is_alive(&self, code: &Code) -> bool {
        let schedule = code.terms.schedule;
        !schedule.is_empty() && schedule.end_at.is_none_or(|end| end > self.at)
    }
}

/// How many codes each campaign has, with its first.
fn by_campaign<'a>(codes: impl Iterator<Item = &'a Code>) -> Vec<(usize, &'a Code)> {
    let mut campaigns = BTreeMap::<usize, (usize, &Code)>::new();
    for code in codes {
        let seen = campaigns.entry(code.campaign).or_insert((0, code));
        seen.0 = seen.0.saturating_add(1);
    }
    campaigns.into_values().collect()
}

/// How a finding counts codes: the first by name, the others by their number.
fn and_others(first: &str, count: usize) -> String {
    match count {
        0 | 1 => format!("{first:?}"),
        2 => format!("{first:?} and 1 other code"),
        _ => format!("{first:?} and {} other codes", count.saturating_sub(1)),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { rule, place, got, remedy } = self;
        write!(f, "{place}: {} [{}]: {got}: {remedy}", rule.severity().name(), rule.name())
    }
}
