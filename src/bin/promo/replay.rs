//! `promo replay`: what would another snapshot have decided?

use crate::Ended;
use crate::comparison::{Changed, Comparison};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::orders::{BadLine, Decider, OrderLines};
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

/// How many changed orders and bad lines are listed for people; `--json` has all.
const LISTED: usize = 20;

impl Replay {
    pub fn run(&self) -> Result<Ended, Failure> {
        let key = self.key.reader_key()?;
        let mut old = Decider::new(Folder::open(&self.old, &key)?)?;
        let mut new = Decider::new(Folder::open(&self.new, &key)?)?;
        let mut comparison = Comparison::listing(self.output.choose(usize::MAX, LISTED));
        OrderLines::open(Some(&self.file))?.each(|line, order| {
            let decided = match order {
                Err(bad) => Err(bad),
                Ok(order) => match (old.decide(&order)?, new.decide(&order)?) {
                    (Ok(old), Ok(new)) => Ok((old, new)),
                    (Err(bad), _) | (_, Err(bad)) => Err(bad),
                },
            };
            match decided {
                Ok((old, new)) => comparison.add(line, &old, &new),
                Err(bad) => comparison.pass_over(BadLine { line, error: bad.to_string() }),
            }
            Ok(())
        })?;
        comparison.finish();
        self.output.print_all(&comparison, tables)?;
        self.complain(&comparison)
    }

    /// Names the lines that could not be compared.
    fn complain(&self, comparison: &Comparison) -> Result<Ended, Failure> {
        for BadLine { line, error } in comparison.bad_lines.iter().take(LISTED) {
            eprintln!("error: {}:{line}: {error}", self.file.display());
        }
        let what = match comparison.bad_count {
            0 => return Ok(Ended::Done),
            1 => "1 line is no order of both programs; the others are compared".to_owned(),
            count => {
                format!("{count} lines are no orders of both programs; the others are compared")
            }
        };
        Err(Failure::new(what))
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
        for change in &comparison.changes {
            let order = format!("{} {}", change.event_type, change.order_id);
            let (old, new) = (change.old.words(), change.new.words());
            changes.add_row([change.line.to_string(), order, old, new]);
        }
        let others = orders - comparison.changes.len() as u64;
        if others > 0 {
            let said = format!("and {} more: --json lists all", grouped(others));
            changes.add_row([said.as_str()]);
        }
        tables.push(changes);
    }
    tables
}
