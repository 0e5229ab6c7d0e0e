//! Does a program's ledger agree with itself? What its objects, its caps and the reports' database
//! say is read page after page into a [`Reading`]; what does not fit together is a [`Finding`].
//!
//! A ledger goes on while it is read, so one reading may find what was merely on its way between
//! two pages. [`Findings::also_in`] keeps what two readings in a row found.
//!
//! What is kept of each entry and each use is a name, a few numbers and a hash, so that a million
//! orders fit into a few hundred megabytes. Where a row of the reports has another hash,
//! [`Reading::after`] makes the next reading say in which column it differs.

mod findings;
mod rows;

pub use findings::{Difference, Finding, Findings};

use rows::{Digest, Source};

use crate::id::ProgramId;
use crate::ledger::place::{self, OrderKey, ShardCount};
use crate::ledger::{Hold, Recorded};
use crate::snapshot::ContentId;
use crate::wire::{
    Entry, EntryError, EntryKind, KeptEntry, LedgerObjects, Miscount, OrderName, ReportRow,
    UseFacts, recorded,
};

use serde::Serialize;

use std::collections::btree_map::Entry as Place;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::repeat_with;
use std::mem::take;

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Orders.
    pub orders: u64,
    /// Entries of theirs.
    pub entries: u64,
    /// Entries that have yet to arrive in the reports: no difference.
    pub on_its_way: u64,
    /// Rows of the reports.
    pub rows: u64,
    /// Uses of capped codes, held or taken for good.
    pub uses: u64,
}

/// A ledger as it is read: caps first, then orders, then the reports, so that what is recorded in
/// the meantime is found where it leads to.
#[derive(Debug)]
pub struct Reading {
    program: ProgramId,
    counts: BTreeSet<ShardCount>,
    /// By code, and by who holds it.
    uses: BTreeMap<String, BTreeMap<Box<str>, Taken>>,
    /// By id.
    entries: BTreeMap<[u8; 32], Copied>,
    /// Entries whose rows are kept, to say what differs.
    doubted: BTreeSet<String>,
    tally: Tally,
    findings: Findings,
}

#[derive(Debug)]
struct Taken {
    token: u64,
    is_committed: bool,
}

/// What the reports should have of an entry.
#[derive(Debug)]
struct Copied {
    about: Box<str>,
    revision: u32,
    is_on_its_way: bool,
    /// Of the row that it should have; `None` when that cannot be told.
    digest: Option<Digest>,
    /// The row itself, where there is doubt.
    row: Option<Box<ReportRow>>,
}

impl Reading {
    /// Begins to read the ledger that these objects are; `None` when their names are none.
    #[must_use]
    pub fn of(objects: &LedgerObjects) -> Option<Self> {
        let count = |name: &String| name.rsplit('/').nth(1)?.parse().ok();
        Some(Reading {
            program: ProgramId::parse(&objects.program).ok()?,
            counts: objects.orders.iter().map(count).collect::<Option<_>>()?,
            uses: BTreeMap::new(),
            entries: BTreeMap::new(),
            doubted: BTreeSet::new(),
            tally: Tally::default(),
            findings: Findings::default(),
        })
    }

    /// Begins to read again what was read before: of rows that were found to say something else,
    /// this reading names the column.
    #[must_use]
    pub fn after(self, before: &Findings) -> Self {
        let doubted = before.about(Difference::ReportDiffers).map(str::to_owned).collect();
        Reading { doubted, ..self }
    }

    /// Takes in a use that a cap counts.
    pub fn add_use(&mut self, it: UseFacts) {
        let UseFacts { order, cart_id, code_id, token, expires_at } = it;
        self.tally.uses = self.tally.uses.saturating_add(1);
        let holder = match (order, cart_id) {
            (Some(order), _) => order_text(&order),
            (None, cart_id) => format!("cart {}", cart_id.unwrap_or_default()),
        };
        let taken = Taken { token, is_committed: expires_at.is_none() };
        self.uses.entry(code_id).or_default().insert(holder.into(), taken);
    }

    /// Takes in a code that its object counts wrongly.
    pub fn add_miscount(&mut self, Miscount { code_id, taken, uses }: Miscount) {
        let (expected, got) = (format!("{uses} uses"), format!("a counter of {taken}"));
        self.find(Difference::Miscounted, code_id, expected, got);
    }

    /// Compares the uses of every code with what it may have.
    pub fn check_caps(&mut self, max_of: &BTreeMap<String, u64>) {
        let counts = self.uses.iter().map(|(code_id, uses)| (code_id.clone(), uses.len()));
        let counts: Vec<(String, usize)> = counts.collect();
        for (code_id, uses) in counts {
            let Some(&max) = max_of.get(&code_id) else { continue };
            if u64::try_from(uses).is_ok_and(|uses| uses > max) {
                let (expected, got) = (format!("at most {max} uses"), format!("{uses}"));
                self.find(Difference::CapExceeded, code_id, expected, got);
            }
        }
    }

    /// Takes in an order: its entries, as an object has them.
    pub fn add_order(&mut self, object: &str, kept: Vec<KeptEntry>) {
        let is_giving_back = kept.iter().any(|entry| entry.is_on_its_way("cap"));
        let is_on_its_way: Vec<bool> = kept.iter().map(|it| it.is_on_its_way("reports")).collect();
        let parts = kept.into_iter().map(KeptEntry::into_parts);
        let (mut names, entries): (Vec<OrderName>, Vec<Entry>) = parts.unzip();
        let Some(name) = names.pop() else { return };
        self.tally.orders = self.tally.orders.saturating_add(1);
        let about = order_text(&name);
        let Some(key) = self.place(object, &name, &about) else { return };
        let source = Source { program: &self.program, object, key: &key, name: &name };
        let (recorded, rows) = read_order(&source, &entries).unwrap_or_else(|error| {
            let expected = "entries as they are written".to_owned();
            self.find(Difference::Unreadable, about.clone(), expected, error.to_string());
            (None, Vec::new())
        });
        let rows = rows.into_iter().map(Some).chain(repeat_with(|| None));
        for ((entry, is_on_its_way), row) in entries.iter().zip(is_on_its_way).zip(rows) {
            self.add_entry(&key, &about, (entry, is_on_its_way), row);
        }
        self.check_numbers(&about, &entries);
        if let Some(recorded) = recorded {
            self.check_use(&about, &recorded, is_giving_back);
        }
    }

    /// Takes in a row of the reports.
    pub fn add_row(&mut self, row: &ReportRow) {
        self.tally.rows = self.tally.rows.saturating_add(1);
        let copied = ContentId::parse(&row.id).and_then(|id| self.entries.remove(&id.0));
        let Some(Copied { about, revision, is_on_its_way, digest, row: ours }) = copied else {
            let ReportRow { event_type, order_id, number, .. } = row;
            let about = format!("{event_type} {order_id} #{number}");
            let (expected, got) = ("an entry of this id".to_owned(), format!("row {}", row.id));
            return self.find(Difference::NotInLedger, about, expected, got);
        };
        if is_on_its_way {
            self.tally.on_its_way = self.tally.on_its_way.saturating_add(1);
        } else if i64::from(revision) != row.revision {
            let (expected, got) = (format!("revision {revision}"), row.revision.to_string());
            self.find(Difference::RevisionDiffers, about.into(), expected, got);
        } else if digest.is_some() && digest != rows::digest(row) {
            let (expected, got) = rows::difference(ours.as_deref(), row);
            self.find(Difference::ReportDiffers, about.into(), expected, got);
        }
    }

    /// Ends the reading.
    #[must_use]
    pub fn finish(mut self) -> (Tally, Findings) {
        for Copied { about, is_on_its_way, revision, .. } in take(&mut self.entries).into_values() {
            if is_on_its_way {
                self.tally.on_its_way = self.tally.on_its_way.saturating_add(1);
            } else {
                let (expected, got) = (format!("a row of revision {revision}"), "none".to_owned());
                self.find(Difference::NotInReports, about.into(), expected, got);
            }
        }
        for (code_id, uses) in take(&mut self.uses) {
            for (holder, Taken { token, .. }) in uses.into_iter().filter(|(_, it)| it.is_committed)
            {
                let about = format!("{code_id} for {holder}");
                let expected = "an order that consumes it".to_owned();
                let got = format!("use {token}, taken for good");
                self.find(Difference::UseWithoutOrder, about, expected, got);
            }
        }
        (self.tally, self.findings)
    }

    /// Whether an order is where its name leads to.
    fn place(&mut self, object: &str, name: &OrderName, about: &str) -> Option<OrderKey> {
        let Some(key) = name.key().ok() else {
            let expected = "an order's name".to_owned();
            self.find(Difference::Unreadable, about.to_owned(), expected, about.to_owned());
            return None;
        };
        let home = |&count: &ShardCount| place::order_object(&self.program, &key, count);
        let homes: Vec<String> = self.counts.iter().map(home).collect();
        if !homes.iter().any(|home| home == object) {
            let (expected, got) = (homes.join(" or "), object.to_owned());
            self.find(Difference::Misplaced, about.to_owned(), expected, got);
        }
        Some(key)
    }

    fn add_entry(
        &mut self,
        key: &OrderKey,
        order: &str,
        (entry, is_on_its_way): (&Entry, bool),
        row: Option<ReportRow>,
    ) {
        self.tally.entries = self.tally.entries.saturating_add(1);
        let id = place::entry_id(&self.program, key, entry.number);
        let Some(ContentId(id)) = ContentId::parse(&id) else { return };
        let about = format!("{order} #{}", entry.number);
        match self.entries.entry(id) {
            Place::Vacant(place) => {
                let digest = row.as_ref().and_then(rows::digest);
                let row = row.filter(|_| self.doubted.contains(&about)).map(Box::new);
                let (about, revision) = (about.into(), entry.revision);
                place.insert(Copied { about, revision, is_on_its_way, digest, row });
            }
            Place::Occupied(mut place) => {
                // Which of the two the reports have is not the question any more.
                place.get_mut().digest = None;
                let (expected, got) = ("one".to_owned(), "more than one".to_owned());
                self.find(Difference::InTwoObjects, order.to_owned(), expected, got);
            }
        }
    }

    fn check_numbers(&mut self, about: &str, entries: &[Entry]) {
        let got: Vec<u32> = entries.iter().map(|entry| entry.number).collect();
        let is_counted = got.iter().copied().eq((1..).take(got.len()));
        let starts = entries.first().is_some_and(|entry| entry.kind == EntryKind::Recorded);
        if !is_counted || !starts {
            let got: Vec<String> =
                entries.iter().map(|it| format!("{} {}", it.number, it.kind.name())).collect();
            let expected = "1 recorded, then 2, 3 and so on".to_owned();
            self.find(Difference::EntryMissing, about.to_owned(), expected, got.join(", "));
        }
    }

    /// Whether the use that an order consumes, and no other, is counted for it.
    fn check_use(&mut self, about: &str, recorded: &Recorded, is_giving_back: bool) {
        let Some(Hold { code_id, token }) = &recorded.hold else { return };
        let uses = self.uses.get_mut(code_id);
        // One that is not consumed, or not any more, stays behind: it is looked at in the end.
        let counted = match uses {
            Some(uses) if !recorded.is_reversed || is_giving_back => uses.remove(about),
            _ => None,
        };
        if recorded.is_reversed {
            return;
        }
        let (difference, got) = match counted {
            Some(taken) if taken.token == *token => return,
            Some(taken) => (Difference::UseDiffers, format!("use {}", taken.token)),
            None => (Difference::UseMissing, "none".to_owned()),
        };
        self.find(difference, format!("{code_id} for {about}"), format!("use {token}"), got);
    }

    fn find(&mut self, difference: Difference, about: String, expected: String, got: String) {
        self.findings.add(Finding { difference, about, expected, got });
    }
}

/// What an order's entries come to, and their rows in the reports.
fn read_order(
    source: &Source<'_>,
    entries: &[Entry],
) -> Result<(Option<Recorded>, Vec<ReportRow>), EntryError> {
    let recorded = recorded(entries)?;
    let rows = entries.iter().map(|entry| rows::of(source, entry)).collect::<Result<_, _>>()?;
    Ok((recorded, rows))
}

fn order_text(OrderName { event_type, order_id }: &OrderName) -> String {
    format!("{event_type} {order_id}")
}

#[cfg(test)]
mod tests;
