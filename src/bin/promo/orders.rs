//! Orders from a file of JSON lines, one after another, and the snapshot that decides them.

use crate::failure::Failure;
use crate::folder::{Folder, LoadedShards};
use crate::progress::Progress;

use promo_edge::catalog::nfkc;
use promo_edge::code::{CodeTerms, TypedCode};
use promo_edge::crediting::Uses;
use promo_edge::id::ProgramId;
use promo_edge::program::Program;
use promo_edge::snapshot::ContentId;
use promo_edge::wire::{BadRequest, DecisionAnswer, Order, Undecided, Verdict};

use serde::Serialize;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, stdin};
use std::path::Path;

/// How many lines are read between two looks at the clock.
const LINES_A_STEP: u64 = 1024;

/// Longest order that is read, in bytes: what the Worker takes as one.
const LINE_SIZE_MAX: usize = 256 << 10;

/// What is kept of a longer line: enough to know that it is one, whatever its line ends with.
const LINE_SIZE_KEPT: u64 = LINE_SIZE_MAX as u64 + 3;

/// A line that is no order, or none of this program's.
#[derive(Debug, Serialize)]
pub struct BadLine {
    /// Which line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub error: String,
}

/// A snapshot that decides orders; shards are read when a code first needs them.
#[derive(Debug)]
pub struct Decider {
    folder: Folder,
    program: Program,
    shards: LoadedShards,
}

impl Decider {
    pub fn new(folder: Folder) -> Result<Self, Failure> {
        let program = folder.snapshot.program()?;
        Ok(Decider { folder, program, shards: LoadedShards::default() })
    }

    /// The snapshot that decides.
    pub fn snapshot_id(&self) -> ContentId {
        self.folder.root.manifest
    }

    /// The program that it is of.
    pub fn program_id(&self) -> &ProgramId {
        &self.folder.root.program
    }

    /// The most uses of each code that has a most.
    pub fn caps(&self) -> Result<BTreeMap<String, u64>, Failure> {
        let mut caps = BTreeMap::new();
        for terms in self.folder.snapshot.all_terms() {
            let CodeTerms { id, max_redemptions, .. } = terms?;
            // What a newer delta says of a code stands behind what the older ones say.
            match (id, max_redemptions) {
                (Some(id), Some(max)) => drop(caps.insert(id.to_string(), u64::from(max))),
                (Some(id), None) => drop(caps.remove(id.as_str())),
                (None, _) => {}
            }
        }
        Ok(caps)
    }

    /// Decides an order; otherwise says why it is none.
    pub fn decide(&mut self, order: &Order) -> Result<Result<DecisionAnswer, BadRequest>, Failure> {
        self.decide_with(order, Uses::Left)
    }

    /// Decides an order of whose code a use was left, or none.
    pub fn decide_with(
        &mut self,
        order: &Order,
        uses: Uses,
    ) -> Result<Result<DecisionAnswer, BadRequest>, Failure> {
        for typed in order.codes().iter().filter_map(|code| TypedCode::parse(code, nfkc).ok()) {
            let folded = typed.fold(self.program.folding);
            self.folder.load_shards(&folded, &mut self.shards)?;
        }
        let from = (&self.folder.snapshot, &self.shards, self.folder.root.manifest);
        match Verdict::decide(order, None, from, nfkc, uses) {
            Ok(verdict) => Ok(Ok(verdict.answer)),
            Err(Undecided::BadRequest(bad)) => Ok(Err(bad)),
            Err(Undecided::Unreadable(error)) => Err(error.into()),
        }
    }
}

/// Orders in a file, one a line.
pub struct OrderLines {
    source: Box<dyn BufRead>,
    name: String,
    progress: Option<Progress>,
}

impl OrderLines {
    /// Opens a file, or standard input.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            let name = "standard input".to_owned();
            let progress = Some(Progress::new(name.clone(), None));
            return Ok(OrderLines { source: Box::new(stdin().lock()), name, progress });
        };
        let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
        let size = file.metadata().map_err(|error| Failure::file(path, &error))?.len();
        let name = path.display().to_string();
        let progress = Some(Progress::new(name.clone(), Some(size)));
        Ok(OrderLines { source: Box::new(BufReader::new(file)), name, progress })
    }

    /// Shows no progress: for results that are printed as the lines are read, where they are seen.
    pub fn without_progress(self) -> Self {
        OrderLines { progress: None, ..self }
    }

    /// Hands over the orders and what is none, line by line. Blank lines are passed over. Holds one
    /// line at a time, however long lines are.
    pub fn each(
        mut self,
        mut see: impl FnMut(u64, Result<Order, BadRequest>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut line = Vec::new();
        let mut read = 0;
        for number in 1.. {
            let size = next_line(&mut self.source, &mut line);
            let size = size.map_err(|error| Failure::new(error).at(&self.name))?;
            if size == 0 {
                break;
            }
            read += size;
            if number % LINES_A_STEP == 0 {
                self.progress.iter().for_each(|progress| progress.at(read));
            }
            if !line.trim_ascii().is_empty() {
                see(number, parse(without_mark(&line, number)))?;
            }
        }
        Ok(())
    }
}

/// Reads to the end of a line and keeps what an order may have, and a little more if there is more.
/// Says how many bytes were read.
fn next_line(source: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<u64> {
    line.clear();
    let kept = source.take(LINE_SIZE_KEPT).read_until(b'\n', line)? as u64;
    if kept < LINE_SIZE_KEPT || line.ends_with(b"\n") {
        return Ok(kept);
    }
    Ok(kept + source.skip_until(b'\n')? as u64)
}

/// Editors on Windows begin a file with a byte order mark.
fn without_mark(line: &[u8], number: u64) -> &[u8] {
    let mark = "\u{FEFF}".as_bytes();
    line.strip_prefix(mark).filter(|_| number == 1).unwrap_or(line)
}

fn parse(line: &[u8]) -> Result<Order, BadRequest> {
    let order = line.trim_ascii_end();
    if order.len() <= LINE_SIZE_MAX {
        return Order::parse(order);
    }
    Err(BadRequest {
        path: "$".to_owned(),
        expected: format!("at most {LINE_SIZE_MAX} bytes"),
        got: "a longer line".to_owned(),
        remedy: Some("write one order a line"),
    })
}
