//! What does not fit together, counted by kind.

use serde::Serialize;

use std::collections::BTreeMap;

/// Most findings of a kind that are kept; all are counted.
pub(super) const KEPT_MAX: usize = 10_000;

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// An entry is not as this code writes it.
    Unreadable,
    /// An order's entries do not count from 1 without gaps, or its first is not what was recorded.
    EntryMissing,
    /// An order is in an object where nobody looks for it.
    Misplaced,
    /// An order is in two objects.
    InTwoObjects,
    /// An entry has no row in the reports, and is not on its way there.
    NotInReports,
    /// A row of the reports has no entry.
    NotInLedger,
    /// A row of the reports is of another revision than its entry.
    RevisionDiffers,
    /// A row of the reports says something else than its entry.
    ReportDiffers,
    /// An order consumes a use that its cap does not count.
    UseMissing,
    /// An order consumes another use than its cap counts.
    UseDiffers,
    /// A use is taken for good by an order that does not consume it.
    UseWithoutOrder,
    /// A code's counter is not the number of its uses.
    Miscounted,
    /// A code has more uses than it may.
    CapExceeded,
}

impl Difference {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Difference::Unreadable => "unreadable",
            Difference::EntryMissing => "entry_missing",
            Difference::Misplaced => "misplaced",
            Difference::InTwoObjects => "in_two_objects",
            Difference::NotInReports => "not_in_reports",
            Difference::NotInLedger => "not_in_ledger",
            Difference::RevisionDiffers => "revision_differs",
            Difference::ReportDiffers => "report_differs",
            Difference::UseMissing => "use_missing",
            Difference::UseDiffers => "use_differs",
            Difference::UseWithoutOrder => "use_without_order",
            Difference::Miscounted => "miscounted",
            Difference::CapExceeded => "cap_exceeded",
        }
    }

    /// What it is in a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Difference::Unreadable => "entry cannot be read",
            Difference::EntryMissing => "entry missing",
            Difference::Misplaced => "order in an object where nobody looks",
            Difference::InTwoObjects => "order in two objects",
            Difference::NotInReports => "not in the reports",
            Difference::NotInLedger => "in the reports only",
            Difference::RevisionDiffers => "another revision in the reports",
            Difference::ReportDiffers => "the reports say otherwise",
            Difference::UseMissing => "use not counted by its cap",
            Difference::UseDiffers => "another use counted by its cap",
            Difference::UseWithoutOrder => "use without its order",
            Difference::Miscounted => "counter is not the number of uses",
            Difference::CapExceeded => "more uses than the cap",
        }
    }
}

/// Something that does not fit together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of difference it is.
    pub difference: Difference,
    /// The order, entry or code.
    pub about: String,
    /// What should be.
    pub expected: String,
    /// What is.
    pub got: String,
}

/// What readings found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings(BTreeMap<Difference, Found>);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Found {
    count: u64,
    kept: BTreeMap<String, Finding>,
}

impl Findings {
    pub(super) fn add(&mut self, finding: Finding) {
        let found = self.0.entry(finding.difference).or_default();
        found.count = found.count.saturating_add(1);
        if found.kept.len() < KEPT_MAX {
            found.kept.insert(finding.about.clone(), finding);
        }
    }

    /// What another reading found as well.
    #[must_use]
    pub fn also_in(mut self, other: &Findings) -> Self {
        self.0.retain(|difference, found| {
            let Some(others) = other.0.get(difference) else { return false };
            found.kept.retain(|about, _| others.kept.contains_key(about));
            let is_all_kept = found.count <= KEPT_MAX as u64;
            if is_all_kept {
                found.count = u64::try_from(found.kept.len()).unwrap_or(u64::MAX);
            }
            found.count > 0
        });
        self
    }

    /// What those of a kind are about, as far as they are kept.
    pub(super) fn about(&self, difference: Difference) -> impl Iterator<Item = &str> {
        let found = self.0.get(&difference).into_iter();
        found.flat_map(|found| found.kept.keys().map(String::as_str))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are of each kind, kept or not.
    pub fn counts(&self) -> impl Iterator<Item = (Difference, u64)> {
        self.0.iter().map(|(&difference, found)| (difference, found.count))
    }

    /// Those that are kept.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.values().flat_map(|found| found.kept.values())
    }
}
