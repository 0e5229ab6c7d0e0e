//! `promo replay`: what would another snapshot have decided?

use crate::Ended;
use crate::comparison::{Changed, Comparison};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::orders::{BadLine, Decider, each_order};
use crate::output::{Output, grouped, table};

use std::path::PathBuf;

/// Decide orders by an old and a new snapshot, and say what changes: codes, credit and payout.
///
/// Exit code 2 when a line cannot be decided; what can be is compared all the same.
#[derive(Debug, clap::Args)]
pub struct Replay {
    /// File with one order a line, as JSON
    file: PathBuf,
    /// Folder of the snapshot that is in force
    #[arg(long, value_name = "DIR")]
    old: PathBuf,
    /// Folder of the snapshot that is to be
    #[arg(long, value_name = "DIR")]
    new: PathBuf,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    output: Output,
}

/// How many changed orders a table lists; `--json` has all.
const CHANGES_SHOWN: usize = 20;

impl Replay {
    pub fn run(&self) -> Result<Ended, Failure> {
        let key = self.key.reader_key()?;
        let mut old = Decider::new(Folder::open(&self.old, &key)?)?;
        let mut new = Decider::new(Folder::open(&self.new, &key)?)?;
        let mut comparison = Comparison::default();
        each_order(Some(&self.file), |line, order| {
            let decided = match order {
                Err(bad) => Err(bad),
                Ok(order) => match (old.decide(&order)?, new.decide(&order)?) {
                    (Ok(old), Ok(new)) => Ok((old, new)),
                    (Err(bad), _) | (_, Err(bad)) => Err(bad),
                },
            };
            match decided {
                Ok((old, new)) => comparison.add(line, &old, &new),
                Err(bad) => comparison.bad_lines.push(BadLine { line, error: bad.to_string() }),
            }
            Ok(())
        })?;
        comparison.finish();
        self.output.print_all(&comparison, tables)?;
        match comparison.bad_lines.first() {
            None => Ok(Ended::Done),
            Some(bad) => Err(Failure::new(&bad.error)
                .at(format_args!("{}:{}", self.file.display(), bad.line))
                .mend("an order names event types and partners that both snapshots have")),
        }
    }
}

fn tables(comparison: &Comparison) -> Vec<comfy_table::Table> {
    let Changed { orders, code, credited, payout } = comparison.changed;
    let mut changed = table(&["orders", "change", "in code", "in credit", "in payout"]);
    changed.add_row([comparison.orders, orders, code, credited, payout].map(grouped));
    let mut money = table(&["partner", "orders", "", "payout, minor unit", "", ""]);
    for sum in &comparison.money {
        money.add_row([
            sum.partner.clone(),
            grouped(sum.orders_old),
            format!("-> {}", grouped(sum.orders_new)),
            grouped(sum.payout_old_minor),
            format!("-> {}", grouped(sum.payout_new_minor)),
            sum.currency.clone(),
        ]);
    }
    let mut tables = vec![changed, money];
    if !comparison.changes.is_empty() {
        let mut changes = table(&["line", "order", "was", "would be"]);
        for change in comparison.changes.iter().take(CHANGES_SHOWN) {
            let order = format!("{} {}", change.event_type, change.order_id);
            let (old, new) = (change.old.words(), change.new.words());
            changes.add_row([change.line.to_string(), order, old, new]);
        }
        let others = comparison.changes.len().saturating_sub(CHANGES_SHOWN);
        if others > 0 {
            let said = format!("and {} more: --json lists all", grouped(others as u64));
            changes.add_row([said.as_str()]);
        }
        tables.push(changes);
    }
    tables
}
