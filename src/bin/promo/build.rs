//! `promo build`: a catalogue and its bulk files to a snapshot.

use crate::failure::Failure;
use crate::folder::Folder;
use crate::inputs::{Inputs, read_catalog};
use crate::keys::KeyFile;
use crate::output::{Output, grouped, table};
use crate::{Ended, instant};

use promo_edge::catalog::regex_overlaps;
use promo_edge::snapshot::{
    BuildError, Builder, Built, Bundle, ContentId, ProgramKey, Root, Snapshot, automaton,
};
use promo_edge::time::UnixMillis;

use serde::Serialize;

use std::fs;
use std::path::{Path, PathBuf};

/// Compile a catalogue to a snapshot: all of it, or nothing
#[derive(Debug, clap::Args)]
pub struct Build {
    /// The catalogue; `promo schema` describes it
    #[arg(value_name = "CATALOG.json")]
    catalog: PathBuf,
    /// More codes, as CSV or XLSX; may be given again
    #[arg(long, value_name = "CODES.csv")]
    codes: Vec<PathBuf>,
    /// Folder to make, or to replace when it holds a snapshot
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The snapshot in one piece, besides
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// When the codes of these files were created
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse, default_value = EPOCH)]
    created_at: UnixMillis,
    /// When the snapshot is built [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    built_at: Option<UnixMillis>,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    output: Output,
}

/// A fixed default, so that the same input gives the same bytes.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// What was built.
#[derive(Debug, Serialize)]
struct Summary {
    snapshot: String,
    exact_codes: usize,
    regex_codes: usize,
    partners: usize,
    deals: usize,
    shards: usize,
    size: usize,
}

impl Build {
    pub fn run(&self) -> Result<Ended, Failure> {
        let catalog = read_catalog(&self.catalog)?;
        let inputs = Inputs { catalog, files: &self.codes, created_at: self.created_at };
        let key = self.key.program_key_or_new()?;
        let mut builder = Builder::new(inputs.catalog.program.clone(), key.hash_key());
        inputs.load(&mut builder)?;
        let exact_codes = builder.code_count();
        let built = match builder.finish(automaton::compile) {
            Ok(built) => built,
            Err(BuildError::Conflicts(conflicts)) => {
                return Err(inputs.name_conflicts(&conflicts, &key.hash_key()));
            }
            Err(error) => return Err(Failure::new(error).at(self.catalog.display())),
        };
        let snapshot = Snapshot::open(built.manifest.as_slice(), key.hash_key())?;
        for warning in regex_overlaps(&inputs.catalog, &snapshot)? {
            eprintln!("warning: {warning}");
        }
        let summary = Summary {
            snapshot: ContentId::of(&built.manifest).to_string(),
            exact_codes,
            regex_codes: snapshot.pattern_count(),
            partners: inputs.catalog.partners.len(),
            deals: inputs.catalog.deals.len(),
            shards: built.shards.len(),
            size: built.manifest.len() + built.shards.iter().map(Vec::len).sum::<usize>(),
        };
        self.write(&inputs, &built, &key)?;
        self.output.print(&summary, as_table)?;
        Ok(Ended::Done)
    }

    fn write(&self, inputs: &Inputs<'_>, built: &Built, key: &ProgramKey) -> Result<(), Failure> {
        let root = Root {
            generation: 0,
            built_at: self.built_at.unwrap_or_else(instant::now),
            manifest: ContentId::of(&built.manifest),
            previous: None,
            program: inputs.catalog.program.id.clone(),
            deltas: Vec::new(),
            inline: Vec::new(),
        };
        Folder::write(&self.out, &root, key, built)?;
        let Some(path) = &self.bundle else { return Ok(()) };
        let bundle = Bundle::encode(Some(&root.encode(key)?), &built.manifest, &built.shards);
        fs::write(path, bundle).map_err(|error| Failure::file(Path::new(path), &error))
    }
}

fn as_table(summary: &Summary) -> comfy_table::Table {
    let mut table = table(&["snapshot", &summary.snapshot]);
    let rows = [
        ("exact codes", summary.exact_codes),
        ("regex codes", summary.regex_codes),
        ("partners", summary.partners),
        ("deals", summary.deals),
        ("shards", summary.shards),
        ("bytes", summary.size),
    ];
    for (name, number) in rows {
        table.add_row([name.to_owned(), grouped(u64::try_from(number).unwrap_or(u64::MAX))]);
    }
    table
}
