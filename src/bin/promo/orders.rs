//! Orders from a file of JSON lines, one after another, and the snapshot that decides them.

use crate::failure::Failure;
use crate::folder::{Folder, LoadedShards};
use crate::progress::Progress;

use promo_edge::catalog::nfkc;
use promo_edge::code::TypedCode;
use promo_edge::crediting::Uses;
use promo_edge::program::Program;
use promo_edge::wire::{BadRequest, DecisionAnswer, Order, Undecided};

use serde::Serialize;

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::Path;

/// How many lines are read between two looks at the clock.
const LINES_A_STEP: u64 = 1024;

/// Longest line that is read, in bytes: what the Worker takes as one order.
const LINE_SIZE_MAX: usize = 256 << 10;

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

    /// Decides an order; otherwise says why it is none.
    pub fn decide(&mut self, order: &Order) -> Result<Result<DecisionAnswer, BadRequest>, Failure> {
        for typed in order.codes().iter().filter_map(|code| TypedCode::parse(code, nfkc).ok()) {
            let folded = typed.fold(self.program.folding);
            self.folder.load_shards(&folded, &mut self.shards)?;
        }
        let from = (&self.folder.snapshot, &self.shards, self.folder.root.manifest);
        match DecisionAnswer::decide(order, None, from, nfkc, Uses::Left) {
            Ok(answer) => Ok(Ok(answer)),
            Err(Undecided::BadRequest(bad)) => Ok(Err(bad)),
            Err(Undecided::Unreadable(error)) => Err(error.into()),
        }
    }
}

/// Reads every line of a file, or of standard input, and hands over the orders and what is none.
/// Blank lines are passed over. Holds one line at a time.
pub fn each_order(
    path: Option<&Path>,
    mut see: impl FnMut(u64, Result<Order, BadRequest>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (mut source, size): (Box<dyn BufRead>, u64) = match path {
        None => (Box::new(stdin().lock()), 0),
        Some(path) => {
            let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
            let size = file.metadata().map_err(|error| Failure::file(path, &error))?.len();
            (Box::new(BufReader::new(file)), size)
        }
    };
    let name = path.map_or_else(|| "standard input".to_owned(), |it| it.display().to_string());
    let progress = Progress::new(name.clone(), size);
    let mut line = Vec::new();
    let mut read = 0;
    for number in 1.. {
        line.clear();
        let size = source.read_until(b'\n', &mut line);
        let size = size.map_err(|error| Failure::new(error).at(&name))?;
        if size == 0 {
            break;
        }
        read += size as u64;
        if number % LINES_A_STEP == 0 {
            progress.at(read);
        }
        if !line.trim_ascii().is_empty() {
            see(number, parse(&line))?;
        }
    }
    Ok(())
}

fn parse(line: &[u8]) -> Result<Order, BadRequest> {
    if line.len() <= LINE_SIZE_MAX {
        return Order::parse(line);
    }
    Err(BadRequest {
        path: "$".to_owned(),
        expected: format!("at most {LINE_SIZE_MAX} bytes"),
        got: format!("{} bytes", line.len()),
        remedy: Some("write one order a line"),
    })
}
