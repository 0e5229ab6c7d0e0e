//! A catalogue and its bulk files, read into a builder, and read again to name the codes that
//! conflict.

use crate::failure::Failure;
use crate::progress::Progress;

use promo_edge::catalog::{
    self, Catalog, CodeText, Complaint, ComplaintKind, Culprits, RegexCodes,
};
use promo_edge::snapshot::{Builder, CodeHash, Conflict, HashKey, TermsHandle};
use promo_edge::time::UnixMillis;
use promo_edge::upload::{Row, RowText, Rows};

use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Where the codes of a snapshot come from.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The catalogue, checked.
    pub catalog: Catalog,
    /// CSV files with more codes.
    pub files: &'a [PathBuf],
    /// When the codes of the files were created.
    pub created_at: UnixMillis,
}

/// Conflicts named by one build: whoever has more has one cause.
const CONFLICTS_NAMED_MAX: usize = 1_000;

/// How many rows are read between two looks at the clock.
const ROWS_A_STEP: u64 = 4096;

/// Reads a catalogue; what is wrong with it goes to standard error.
pub fn read_catalog(path: &Path) -> Result<Catalog, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::file(path, &error).mend("a catalogue is a JSON file; `promo schema` describes it")
    })?;
    match catalog::parse(&path.display().to_string(), &text) {
        Ok((catalog, warnings)) => {
            warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            Ok(catalog)
        }
        Err(findings) => {
            findings.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            findings.complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
            Err(refused(findings.complaints.len()))
        }
    }
}

impl Inputs<'_> {
    /// Gives a builder everything there is.
    pub fn load(&self, builder: &mut Builder) -> Result<(), Failure> {
        self.catalog.load(builder);
        let mut regex_codes = RegexCodes::of(&self.catalog);
        let mut complaint_count = 0;
        for path in self.files {
            let mut handles: Vec<Option<TermsHandle>> = Vec::new();
            complaint_count += self.each_row(path, |row| match &row.text {
                RowText::Exact(_, folded) => {
                    if handles.len() <= row.settings {
                        handles.resize(row.settings + 1, None);
                    }
                    let known = &mut handles[row.settings];
                    let terms = *known.get_or_insert_with(|| builder.terms(row.terms.clone()));
                    builder.exact(folded, terms);
                    None
                }
                RowText::Regex(pattern) => {
                    builder.pattern(pattern, row.terms.clone());
                    let terms = (row.terms, self.catalog.active(row.terms));
                    regex_codes.see(pattern, terms, &row.place())
                }
            })?;
        }
        if complaint_count == 0 { Ok(()) } else { Err(refused(complaint_count)) }
    }

    /// Shows every row of the files.
    pub fn rows(&self, mut see: impl FnMut(&Row<'_>)) -> Result<(), Failure> {
        let mut complaint_count = 0;
        for path in self.files {
            complaint_count += self.each_row(path, |row| {
                see(row);
                None
            })?;
        }
        if complaint_count == 0 { Ok(()) } else { Err(refused(complaint_count)) }
    }

    /// Prints which codes the conflicts are between.
    pub fn name_conflicts(&self, conflicts: &[Conflict], key: &HashKey) -> Failure {
        let named = &conflicts[..conflicts.len().min(CONFLICTS_NAMED_MAX)];
        let mut culprits = Culprits::new(named);
        for code in &self.catalog.codes {
            if let CodeText::Exact(typed) = &code.text {
                let hash = CodeHash::of(&typed.fold(self.catalog.program.folding), key);
                let active = self.catalog.active(&code.terms);
                culprits.see(hash, typed.as_str(), active, || code.place.clone());
            }
        }
        for path in self.files {
            let again = self.each_row(path, |row| {
                if let RowText::Exact(typed, folded) = &row.text {
                    let hash = CodeHash::of(folded, key);
                    let active = self.catalog.active(row.terms);
                    culprits.see(hash, typed.as_str(), active, || row.place());
                }
                None
            });
            if let Err(failure) = again {
                return failure;
            }
        }
        let complaints = culprits.complaints();
        complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
        // Those of one text stand together; all of its codes were looked for.
        let last = named.last().map(|conflict| conflict.hash);
        let others = conflicts[named.len()..].chunk_by(|a, b| a.hash == b.hash);
        let unnamed = others.filter(|same| same.first().map(|one| one.hash) != last).count();
        if unnamed > 0 {
            eprintln!("error: and {unnamed} more texts are those of several codes at a time");
        }
        refused(complaints.len() + unnamed)
    }

    /// Reads a file; prints what is wrong with its rows and says how much that was.
    fn each_row(
        &self,
        path: &Path,
        mut see: impl FnMut(&Row<'_>) -> Option<Complaint>,
    ) -> Result<usize, Failure> {
        let source = path.display().to_string();
        let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
        let size = file.metadata().map_err(|error| Failure::file(path, &error))?.len();
        let progress = Progress::new(source.clone(), Some(size));
        let print = |complaint: &Complaint| progress.print(format_args!("error: {complaint}"));
        let mut rows = match Rows::open(&self.catalog, &source, file, self.created_at) {
            Ok(rows) => rows,
            Err(complaints) => {
                complaints.iter().for_each(print);
                return Ok(complaints.len());
            }
        };
        let (mut complaint_count, mut row_count) = (0, 0u64);
        loop {
            let mut warning = None;
            match rows.next_row() {
                None => break,
                Some(Ok(row)) => match see(&row) {
                    Some(complaint) if complaint.kind == ComplaintKind::DuplicateId => {
                        print(&complaint);
                        complaint_count += 1;
                    }
                    found => warning = found,
                },
                Some(Err(complaints)) => {
                    complaints.iter().for_each(print);
                    complaint_count += complaints.len();
                }
            }
            for warning in rows.take_warnings().iter().chain(&warning) {
                progress.print(format_args!("warning: {warning}"));
            }
            row_count += 1;
            if row_count.is_multiple_of(ROWS_A_STEP) {
                progress.at(rows.bytes_read());
            }
        }
        Ok(complaint_count)
    }
}

fn refused(complaint_count: usize) -> Failure {
    let things = if complaint_count == 1 { "thing is" } else { "things are" };
    Failure::new(format_args!(
        "{complaint_count} {things} wrong with the input; nothing was written"
    ))
}
