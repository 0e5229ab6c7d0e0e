//! `promo audit`: do the ledger, the caps and the reports agree, and would the catalogue of today
//! decide what they hold in the same way?

use crate::Ended;
use crate::comparison::Outcome;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::orders::Decider;
use crate::output::{Output, grouped, table};
use crate::progress::Progress;
use crate::redecision::{Outdated, Redecision};
use crate::remote::{Remote, Worker};

use promo_edge::audit::{Difference, Finding, Findings, Reading, Tally};
use promo_edge::wire::{
    EntriesPage, KeptEntry, LedgerObjects, ReportsPage, UsesPage, WaitingFacts,
};

use comfy_table::Table;
use serde::Serialize;

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Compare the ledger, the caps and the reports, and say what differs
///
/// What is only on its way from one to another is no difference: whatever is found is looked for
/// once more before it is said. Nothing is changed. Exit code 1 when anything differs.
#[derive(Debug, clap::Args)]
pub struct Audit {
    /// Folder of the snapshot in force: also lists the orders that it would decide otherwise, at
    /// the instant that they were placed, and the codes with more uses than it allows
    #[arg(long, value_name = "DIR")]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Report {
    program: String,
    read: Tally,
    waiting: Vec<WaitingFacts>,
    differences: BTreeMap<&'static str, u64>,
    findings: Vec<Finding>,
    /// The snapshot that orders were decided by again.
    snapshot: Option<String>,
    /// How many orders were.
    redecided: u64,
    outdated: Vec<Outdated>,
    /// How many there are, listed or not.
    outdated_count: u64,
    #[serde(skip)]
    found: Findings,
}

/// How many differences and orders are listed for people.
const LISTED: usize = 20;

/// How many orders `--json` lists; of differences the reading keeps as many of each kind.
const LISTED_AS_JSON: usize = 10_000;

impl Audit {
    pub fn run(&self) -> Result<Ended, Failure> {
        let worker = self.remote.open()?;
        let mut redecision = match &self.snapshot {
            Some(folder) => {
                let folder = Folder::open(folder, &self.key.reader_key()?)?;
                let listed_max = self.output.choose(LISTED_AS_JSON, LISTED);
                Some(Redecision::by(Decider::new(folder)?, listed_max))
            }
            None => None,
        };
        let objects: LedgerObjects = worker.get("/v1/ledger/objects", &[])?;
        if let Some(redecision) = &redecision {
            redecision.require_program(&objects.program)?;
        }
        let caps = redecision.as_ref().map(Redecision::caps).transpose()?.unwrap_or_default();
        let mut survey = Survey::of(&worker, &objects, &caps);
        let (read, mut found) =
            survey.read(&Findings::default(), |order| match &mut redecision {
                Some(redecision) => redecision.add(order),
                None => Ok(()),
            })?;
        if !found.is_empty() {
            let (_, again) = survey.read(&found, |_| Ok(()))?;
            found = again.also_in(&found);
        }
        let waiting = survey.waiting;
        let report = report(&objects, (read, found), waiting, redecision);
        self.output.print_all(&report, tables)?;
        let agrees = report.found.is_empty() && report.outdated_count == 0;
        Ok(if agrees { Ended::Done } else { Ended::No })
    }
}

/// A ledger, read through a Worker.
struct Survey<'a> {
    worker: &'a Worker,
    objects: &'a LedgerObjects,
    /// The most uses of each code that has a most.
    caps: &'a BTreeMap<String, u64>,
    /// What has yet to arrive, by destination.
    waiting: BTreeMap<String, WaitingFacts>,
}

impl<'a> Survey<'a> {
    fn of(worker: &'a Worker, objects: &'a LedgerObjects, caps: &'a BTreeMap<String, u64>) -> Self {
        Survey { worker, objects, caps, waiting: BTreeMap::new() }
    }

    /// Reads all of it, after what was found before, and hands over every order.
    fn read(
        &mut self,
        before: &Findings,
        mut see: impl FnMut(&[KeptEntry]) -> Result<(), Failure>,
    ) -> Result<(Tally, Findings), Failure> {
        let reading = Reading::of(self.objects).map(|reading| reading.after(before));
        let mut reading = reading.ok_or_else(|| {
            Failure::new("expected names of objects, <program>/<count>/<index>, got others")
                .mend("the command and the Worker must be of one version")
        })?;
        let progress = Progress::counting("uses, entries and rows");
        self.waiting.clear();
        for object in &self.objects.caps {
            self.read_uses(object, &mut reading, &progress)?;
        }
        reading.check_caps(self.caps);
        for object in &self.objects.orders {
            self.read_entries(object, &mut reading, &progress, &mut see)?;
        }
        let (mut after, mut is_over) = (None, false);
        while !is_over {
            let page: ReportsPage = self.page("/v1/ledger/reports", None, after.as_deref())?;
            page.rows.iter().for_each(|row| reading.add_row(row));
            progress.add(page.rows.len());
            (after, is_over) = (page.next.clone(), page.next.is_none());
        }
        Ok(reading.finish())
    }

    fn read_uses(
        &self,
        object: &str,
        reading: &mut Reading,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let mut after = None;
        loop {
            let page: UsesPage = self.page("/v1/ledger/uses", Some(object), after.as_deref())?;
            progress.add(page.uses.len());
            page.miscounted.into_iter().for_each(|miscount| reading.add_miscount(miscount));
            page.uses.into_iter().for_each(|it| reading.add_use(it));
            let Some(next) = page.next else { return Ok(()) };
            after = Some(next);
        }
    }

    fn read_entries(
        &mut self,
        object: &str,
        reading: &mut Reading,
        progress: &Progress,
        see: &mut impl FnMut(&[KeptEntry]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut order: Vec<KeptEntry> = Vec::new();
        let mut after = None;
        loop {
            let page: EntriesPage =
                self.page("/v1/ledger/entries", Some(object), after.as_deref())?;
            progress.add(page.entries.len());
            page.waiting.into_iter().for_each(|waiting| self.wait(waiting));
            for entry in page.entries {
                if order.first().is_some_and(|first| !is_of_one_order(first, &entry)) {
                    see(&order)?;
                    reading.add_order(object, std::mem::take(&mut order));
                }
                order.push(entry);
            }
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        if !order.is_empty() {
            see(&order)?;
            reading.add_order(object, order);
        }
        Ok(())
    }

    /// Adds what waits in one object to what waits in the others.
    fn wait(&mut self, waiting: WaitingFacts) {
        let destination = waiting.destination.clone();
        let before = self.waiting.remove(&destination);
        let (count, parked) = before.as_ref().map_or((0, 0), |it| (it.count, it.parked));
        let oldest =
            before.and_then(|it| it.oldest_due_at).into_iter().chain(waiting.oldest_due_at);
        let sum = WaitingFacts {
            count: count + waiting.count,
            parked: parked + waiting.parked,
            oldest_due_at: oldest.min(),
            ..waiting
        };
        self.waiting.insert(destination, sum);
    }

    fn page<P: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        object: Option<&str>,
        after: Option<&str>,
    ) -> Result<P, Failure> {
        let named = [("object", object), ("after", after)];
        let given: Vec<(&str, &str)> =
            named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        self.worker.get(path, &given)
    }
}

fn is_of_one_order(a: &KeptEntry, b: &KeptEntry) -> bool {
    (&a.event_type, &a.order_id) == (&b.event_type, &b.order_id)
}

fn report(
    objects: &LedgerObjects,
    (read, found): (Tally, Findings),
    waiting: BTreeMap<String, WaitingFacts>,
    redecision: Option<Redecision>,
) -> Report {
    let snapshot = redecision.as_ref().map(|redecision| redecision.snapshot().to_string());
    let redecided = redecision.map(Redecision::finish);
    let (redecided, outdated_count, outdated) = redecided.unwrap_or_default();
    Report {
        program: objects.program.clone(),
        read,
        waiting: waiting.into_values().collect(),
        differences: found.counts().map(|(kind, count)| (kind.name(), count)).collect(),
        findings: found.iter().cloned().collect(),
        snapshot,
        redecided,
        outdated,
        outdated_count,
        found,
    }
}

fn tables(report: &Report) -> Vec<Table> {
    let Tally { orders, entries, on_its_way, rows, uses } = report.read;
    let mut read = table(&["orders", "entries", "on their way", "rows in reports", "uses"]);
    read.add_row([orders, entries, on_its_way, rows, uses].map(grouped));
    let mut tables = vec![read];
    if !report.waiting.is_empty() {
        tables.push(waiting(&report.waiting));
    }
    let mut differences = table(&["difference", "how many"]);
    for (kind, count) in report.found.counts() {
        differences.add_row([kind.words().to_owned(), grouped(count)]);
    }
    if report.found.is_empty() {
        differences.add_row(["none", "0"]);
    } else {
        tables.push(findings(&report.found));
    }
    tables.push(differences);
    if let Some(snapshot) = &report.snapshot {
        tables.push(outdated(report, snapshot));
    }
    tables
}

fn waiting(all: &[WaitingFacts]) -> Table {
    let mut waiting = table(&["waiting for", "entries", "parked"]);
    for WaitingFacts { destination, count, parked, .. } in all {
        waiting.add_row([destination.clone(), grouped(*count), grouped(*parked)]);
    }
    waiting
}

fn findings(found: &Findings) -> Table {
    let mut listed = table(&["difference", "of", "expected", "got"]);
    for Finding { difference, about, expected, got } in found.iter().take(LISTED) {
        listed.add_row([difference.words(), about, expected, got]);
    }
    let all: u64 = found.counts().map(|(_, count): (Difference, u64)| count).sum();
    let others = all.saturating_sub(LISTED as u64);
    if others > 0 {
        listed.add_row([format!("and {} more: --json lists them", grouped(others))]);
    }
    listed
}

fn outdated(report: &Report, snapshot: &str) -> Table {
    let now = format!("by {} it would be", short(snapshot));
    let mut listed = table(&["order", "differs in", "was", &now, "was decided by"]);
    for it in &report.outdated {
        let would_be = it.would_be.as_ref().map(Outcome::words);
        listed.add_row([
            format!("{} {}", it.event_type, it.order_id),
            it.differs.join(", "),
            it.recorded.words(),
            would_be.or_else(|| it.error.clone()).unwrap_or_default(),
            short(&it.snapshot).to_owned(),
        ]);
    }
    let others = report.outdated_count - report.outdated.len() as u64;
    if others > 0 {
        listed.add_row([format!("and {} more: --json lists them", grouped(others))]);
    }
    let decided = grouped(report.redecided);
    listed.add_row([format!("{} of {decided} decided again", grouped(report.outdated_count))]);
    listed
}

/// As much of a snapshot's id as people compare.
fn short(snapshot: &str) -> &str {
    snapshot.get(..12).unwrap_or(snapshot)
}
