//! `promo inspect`: what a snapshot holds.

use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::output::{Output, grouped, table};
use crate::{Ended, instant};

use promo_edge::snapshot::{Changes, FORMAT_VERSION};

use serde::Serialize;

use std::collections::BTreeSet;
use std::path::PathBuf;

/// Look at a snapshot: what it holds, how large it is
#[derive(Debug, clap::Args)]
pub struct Inspect {
    /// Folder that `promo build` made
    folder: PathBuf,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Summary {
    format_version: u16,
    snapshot: String,
    previous: Option<String>,
    program: String,
    program_name: String,
    generation: u64,
    built_at: String,
    partners: usize,
    deals: usize,
    terms: usize,
    exact_codes: u64,
    segments: Vec<Segment>,
    regex_codes: usize,
    automata: usize,
    automata_size: usize,
    manifest_size: usize,
    shards_size: u64,
    bytes_a_code: Option<String>,
    public_bundle_size: usize,
    deltas: usize,
    deltas_size: usize,
    changed_texts: usize,
    changed_regex_codes: usize,
}

#[derive(Serialize)]
struct Segment {
    codes: u64,
    shards: usize,
    fingerprint_bits: u32,
    terms_bits: u32,
}

impl Inspect {
    pub fn run(&self) -> Result<Ended, Failure> {
        let folder = Folder::open(&self.folder, &self.key.reader_key()?)?;
        self.output.print(&summary(&folder)?, as_table)?;
        Ok(Ended::Done)
    }
}

fn summary(folder: &Folder) -> Result<Summary, Failure> {
    let snapshot = &folder.snapshot;
    let program = snapshot.program()?;
    let segments: Vec<Segment> = snapshot
        .segments()
        .into_iter()
        .map(|segment| Segment {
            codes: segment.code_count,
            shards: segment.shard_count,
            fingerprint_bits: segment.fingerprint_bits,
            terms_bits: segment.terms_bits,
        })
        .collect();
    let mut shards_size = 0;
    for index in 0..snapshot.shard_count() {
        shards_size += folder.shard(snapshot.shard_id(index)?)?.len() as u64;
    }
    let exact_codes = segments.iter().map(|segment| segment.codes).sum();
    let (automata, automata_size) = snapshot.automata_size();
    let deltas = snapshot.deltas();
    let (mut changed_texts, mut changed_patterns) = (BTreeSet::new(), BTreeSet::new());
    for delta in deltas {
        let Changes { texts, patterns, .. } = delta.changes()?;
        changed_texts.extend(texts.into_keys());
        changed_patterns.extend(patterns.into_keys());
    }
    Ok(Summary {
        format_version: FORMAT_VERSION,
        snapshot: folder.root.manifest.to_string(),
        previous: folder.root.previous.map(|id| id.to_string()),
        program: program.id.to_string(),
        program_name: program.name,
        generation: folder.root.generation,
        built_at: instant::format(folder.root.built_at),
        partners: snapshot.partner_count(),
        deals: snapshot.deal_count(),
        terms: snapshot.terms_count(),
        exact_codes,
        segments,
        regex_codes: snapshot.pattern_count(),
        automata,
        automata_size,
        manifest_size: snapshot.manifest().len(),
        shards_size,
        bytes_a_code: (exact_codes > 0)
            .then(|| format!("{:.2}", shards_size as f64 / exact_codes as f64)),
        public_bundle_size: snapshot.public_bundle().len(),
        deltas: deltas.len(),
        deltas_size: deltas.iter().map(|delta| delta.bytes().len()).sum(),
        changed_texts: changed_texts.len(),
        changed_regex_codes: changed_patterns.len(),
    })
}

fn as_table(summary: &Summary) -> comfy_table::Table {
    let mut table = table(&["snapshot", &summary.snapshot]);
    let bytes = |size: u64| format!("{} bytes", grouped(size));
    let segments = summary.segments.iter().map(|segment| {
        let Segment { codes, shards, fingerprint_bits, terms_bits } = segment;
        let codes = grouped(*codes);
        let widths = format!("{fingerprint_bits}-bit fingerprints, {terms_bits}-bit terms");
        format!("{codes} codes in {shards} shards, {widths}")
    });
    let rows = [
        ("format", summary.format_version.to_string()),
        ("program", format!("{} ({})", summary.program, summary.program_name)),
        ("generation", summary.generation.to_string()),
        ("built at", summary.built_at.clone()),
        ("partners", summary.partners.to_string()),
        ("deals", summary.deals.to_string()),
        ("distinct terms", grouped(summary.terms as u64)),
        ("exact codes", grouped(summary.exact_codes)),
        ("segments", segments.collect::<Vec<_>>().join("\n")),
        (
            "regex codes",
            format!(
                "{} in {} automata, {}",
                summary.regex_codes,
                summary.automata,
                bytes(summary.automata_size as u64)
            ),
        ),
        ("manifest", bytes(summary.manifest_size as u64)),
        ("shards", bytes(summary.shards_size)),
        ("bytes a code", summary.bytes_a_code.clone().unwrap_or_else(|| "-".to_owned())),
        ("public bundle", bytes(summary.public_bundle_size as u64)),
        ("deltas", format!("{}, {}", summary.deltas, bytes(summary.deltas_size as u64))),
        (
            "changed since",
            format!("{} texts, {} regex codes", summary.changed_texts, summary.changed_regex_codes),
        ),
    ];
    if let Some(previous) = &summary.previous {
        table.add_row(["before it", previous]);
    }
    for (name, value) in rows {
        table.add_row([name.to_owned(), value]);
    }
    table
}
