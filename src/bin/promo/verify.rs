//! `promo verify`: reads every byte.

use crate::Ended;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::output::{Output, grouped, table};

use promo_edge::snapshot::{ReaderKey, SnapshotError, Verified, verify};

use serde::Serialize;

use std::path::PathBuf;

/// Check every byte of a snapshot: signature, hashes, records, blocks, automata
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Folder that `promo build` made
    folder: PathBuf,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    output: Output,
}

#[derive(Default, Serialize)]
struct Report {
    sound: bool,
    problem: Option<String>,
    snapshot: Option<String>,
    exact_codes: u64,
    regex_codes: usize,
    shards_size: u64,
    deltas: usize,
}

/// What is wrong with the snapshot, as an answer.
struct Problem(String);

impl From<SnapshotError> for Problem {
    fn from(error: SnapshotError) -> Self {
        Problem(error.to_string())
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Problem(failure.finding())
    }
}

impl Verify {
    pub fn run(&self) -> Result<Ended, Failure> {
        let key = self.key.reader_key()?;
        if !self.folder.is_dir() {
            let failure = Failure::new("there is no such folder").at(self.folder.display());
            return Err(failure.mend("`promo build --out` makes one"));
        }
        let mut report = Report::default();
        match self.read(&key, &mut report) {
            Ok(verified) => {
                report.sound = true;
                report.exact_codes = verified.code_count;
                report.regex_codes = verified.pattern_count;
                report.shards_size = verified.shards_size;
            }
            Err(Problem(problem)) => report.problem = Some(problem),
        }
        self.output.print(&report, as_table)?;
        Ok(if report.sound { Ended::Done } else { Ended::No })
    }

    fn read(&self, key: &ReaderKey, report: &mut Report) -> Result<Verified, Problem> {
        let folder = Folder::open(&self.folder, key)?;
        report.snapshot = Some(folder.root.manifest.to_string());
        report.deltas = folder.snapshot.deltas().len();
        verify(&folder.snapshot, |_, id| folder.shard(id).map_err(Problem::from))
    }
}

fn as_table(report: &Report) -> comfy_table::Table {
    let mut table = table(&["verify", if report.sound { "sound" } else { "not sound" }]);
    if let Some(problem) = &report.problem {
        table.add_row(["problem", problem]);
    } else {
        table.add_row(["exact codes", &grouped(report.exact_codes)]);
        table.add_row(["regex codes", &report.regex_codes.to_string()]);
        table.add_row(["deltas", &report.deltas.to_string()]);
        table.add_row(["shards", &format!("{} bytes", grouped(report.shards_size))]);
    }
    table
}
