//! `promo diff`: what changed between two snapshots.

use crate::Ended;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::keys::KeyFile;
use crate::output::{Output, table};

use promo_edge::code::CodeTerms;
use promo_edge::snapshot::{Changes, Snapshot};

use serde::Serialize;

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Compare two snapshots; exit code 1 when they differ.
///
/// Exact codes are stored as keyed hashes, so their texts cannot be listed: what is compared is
/// their terms and their number.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// Folder of the older snapshot
    old: PathBuf,
    /// Folder of the newer snapshot
    new: PathBuf,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Difference {
    what: &'static str,
    name: String,
    change: &'static str,
}

impl Diff {
    pub fn run(&self) -> Result<Ended, Failure> {
        let key = self.key.reader_key()?;
        let (old, new) = (Folder::open(&self.old, &key)?, Folder::open(&self.new, &key)?);
        let same = old.root.has_parts_of(&new.root);
        let differences =
            if same { Vec::new() } else { compare(&Contents::of(&old)?, &Contents::of(&new)?) };
        self.output.print(&differences, as_table)?;
        // Shards can differ where nothing of this does: codes of the same terms and number.
        Ok(if same { Ended::Done } else { Ended::No })
    }
}

/// What a snapshot holds, by kind and name.
struct Contents(Entries);

type Entries = BTreeMap<(&'static str, String), String>;

impl Contents {
    fn of(folder: &Folder) -> Result<Self, Failure> {
        let snapshot = &folder.snapshot;
        let program = snapshot.program()?;
        let mut contents = BTreeMap::new();
        contents.insert(("program", program.id.to_string()), format!("{program:?}"));
        for index in 0..snapshot.partner_count() {
            let partner = snapshot.partner_at(index)?;
            contents.insert(("partner", partner.id.to_string()), format!("{partner:?}"));
        }
        for index in 0..snapshot.deal_count() {
            let deal = snapshot.deal_at(index)?;
            contents.insert(("deal", deal.id.to_string()), format!("{deal:?}"));
        }
        for index in 0..u32::try_from(snapshot.terms_count()).unwrap_or(u32::MAX) {
            let terms = snapshot.terms(index)?;
            contents.insert(("terms", terms_name(&terms)), format!("{terms:?}"));
        }
        let exact: u64 = snapshot.segments().iter().map(|segment| segment.code_count).sum();
        contents.insert(("count", "exact codes".to_owned()), exact.to_string());
        let patterns = snapshot.pattern_count().to_string();
        contents.insert(("count", "regex codes".to_owned()), patterns);
        for index in 0..snapshot.shard_count() {
            contents.insert(("shard", snapshot.shard_id(index)?.to_string()), String::new());
        }
        contents.extend(changes(snapshot)?);
        Ok(Contents(contents))
    }
}

/// What the newest of the deltas say of each text and each regex code.
fn changes(snapshot: &Snapshot<Vec<u8>>) -> Result<Entries, Failure> {
    let mut changes = Entries::new();
    for delta in snapshot.deltas() {
        let Changes { texts, patterns, .. } = delta.changes()?;
        for (hash, terms) in texts {
            let name = hash.to_bytes().map(|byte| format!("{byte:02x}")).concat();
            changes.insert(("changed text", name), format!("{terms:?}"));
        }
        for (id, terms) in patterns {
            changes.insert(("changed regex code", id), format!("{terms:?}"));
        }
    }
    Ok(changes)
}

/// The id of a code that has one; the settings of a campaign's, whose codes have none of their own.
fn terms_name(terms: &CodeTerms) -> String {
    match &terms.id {
        Some(id) => id.to_string(),
        None => {
            format!("bulk codes: {:?}, deal {:?}, {:?}", terms.kind, terms.deal, terms.schedule)
        }
    }
}

fn compare(Contents(old): &Contents, Contents(new): &Contents) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (key, was) in old {
        let change = match new.get(key) {
            None => "removed",
            Some(is) if is != was => "changed",
            Some(_) => continue,
        };
        differences.push(difference(key, change));
    }
    let added = new.keys().filter(|key| !old.contains_key(*key));
    differences.extend(added.map(|key| difference(key, "added")));
    differences
}

fn difference((what, name): &(&'static str, String), change: &'static str) -> Difference {
    Difference { what, name: name.clone(), change }
}

fn as_table(differences: &Vec<Difference>) -> comfy_table::Table {
    let mut table = table(&["what", "name", "change"]);
    for Difference { what, name, change } in differences {
        table.add_row([*what, name, *change]);
    }
    table
}
