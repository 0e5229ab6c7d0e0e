//! `promo credit`: who are these orders credited to?

use crate::Ended;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::orders::{BadLine, Decider, OrderLines};
use crate::output::written;

use serde::Serialize;

use std::io::{BufWriter, IsTerminal, Write, stdout};
use std::path::PathBuf;

/// Decide who orders are credited to: JSON lines in, one decision a line out. Records nothing.
///
/// A line that cannot be decided gives {"line", "error"} in its place; the others are decided, and
/// the exit code is 2.
#[derive(Debug, clap::Args)]
pub struct Credit {
    /// File with one order a line, as JSON [default: standard input]
    file: Option<PathBuf>,
    /// Folder that `promo build` made
    #[arg(long, value_name = "DIR")]
    snapshot: PathBuf,
    #[command(flatten)]
    key: KeyFile,
}

impl Credit {
    pub fn run(&self) -> Result<Ended, Failure> {
        let folder = Folder::open(&self.snapshot, &self.key.reader_key()?)?;
        let mut decider = Decider::new(folder)?;
        let mut orders = OrderLines::open(self.file.as_deref())?;
        if stdout().is_terminal() {
            orders = orders.without_progress();
        }
        let mut out = Lines::new();
        let mut bad_count = 0u64;
        orders.each(|line, order| {
            let decided = match order {
                Ok(order) => decider.decide(&order)?,
                Err(bad) => Err(bad),
            };
            match decided {
                Ok(answer) => out.write(&answer),
                Err(bad) => {
                    bad_count += 1;
                    out.write(&BadLine { line, error: bad.to_string() })
                }
            }
        })?;
        out.finish()?;
        match bad_count {
            0 => Ok(Ended::Done),
            1 => Err(Failure::new("1 line is no order of this program; the others are decided")),
            count => {
                let what = format_args!(
                    "{count} lines are no orders of this program; the others are decided"
                );
                Err(Failure::new(what))
            }
        }
    }
}

/// Standard output, a JSON value a line.
struct Lines(BufWriter<std::io::StdoutLock<'static>>);

impl Lines {
    fn new() -> Self {
        Lines(BufWriter::with_capacity(1 << 16, stdout().lock()))
    }

    fn write(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        written(serde_json::to_writer(&mut self.0, value).map_err(Into::into))?;
        written(self.0.write_all(b"\n"))
    }

    fn finish(mut self) -> Result<(), Failure> {
        written(self.0.flush())
    }
}
