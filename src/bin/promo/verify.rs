//! `promo verify`: reads every byte.

use crate::Ended;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::output::{Output, grouped, table};

use promo_edge::snapshot::{SnapshotError, verify};

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

#[derive(Serialize)]
struct Report {
    sound: bool,
    problem: Option<String>,
    snapshot: Option<String>,
    exact_codes: u64,
    regex_codes: usize,
    shards_size: u64,
}

/// A shard that cannot be read is a failure of the call; one that reads wrong is an answer.
enum Wrong {
    Snapshot(SnapshotError),
    Call(Failure),
}

impl From<SnapshotError> for Wrong {
    fn from(error: SnapshotError) -> Self {
        Wrong::Snapshot(error)
    }
}

impl Verify {
    pub fn run(&self) -> Result<Ended, Failure> {
        let folder = Folder::open(&self.folder, &self.key.reader_key()?)?;
        let load = |_, id| folder.shard(id).map_err(Wrong::Call);
        let (verified, problem) = match verify(&folder.snapshot, load) {
            Ok(verified) => (verified, None),
            Err(Wrong::Snapshot(error)) => (Default::default(), Some(error.to_string())),
            Err(Wrong::Call(failure)) => return Err(failure),
        };
        let report = Report {
            sound: problem.is_none(),
            problem,
            snapshot: Some(folder.root.manifest.to_string()),
            exact_codes: verified.code_count,
            regex_codes: verified.pattern_count,
            shards_size: verified.shards_size,
        };
        self.output.print(&report, as_table)?;
        Ok(if report.sound { Ended::Done } else { Ended::No })
    }
}

fn as_table(report: &Report) -> comfy_table::Table {
    let mut table = table(&["verify", if report.sound { "sound" } else { "not sound" }]);
    if let Some(problem) = &report.problem {
        table.add_row(["problem", problem]);
    } else {
        table.add_row(["exact codes", &grouped(report.exact_codes)]);
        table.add_row(["regex codes", &report.regex_codes.to_string()]);
        table.add_row(["shards", &format!("{} bytes", grouped(report.shards_size))]);
    }
    table
}
