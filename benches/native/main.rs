//! The native half of `npm run bench`: makes snapshots, and does one thing so often that it can be
//! measured from outside. Prints one line of JSON.

mod build;
mod catalogue;
mod changes;
mod decide;
mod find;
mod open;
mod size;

use std::process::ExitCode;
use std::str::FromStr;

/// Why a measurement could not be made.
pub type Failure = Box<dyn std::error::Error>;

const USAGE: &str = "usage:
  codes KIND FIRST COUNT        texts, one a line; KIND is hit, miss or near
  snapshot COUNT FILE [PATTERNS]
                                a snapshot in one piece
  fst COUNT FILE                the same codes as a finite-state transducer
  size COUNT PROBES             bytes of a snapshot, and how many texts pass for codes
  deltas                        bytes of deltas, and how many codes a root takes
  folds COUNT CAMPAIGNS         shards that 1, 100 and 10,000 changes write again
  build COUNT ROUNDS            builds one, for counting seconds of processor time
  open FILE ROUNDS              opens a snapshot, for counting instructions
  find WHAT KIND FILE COUNT ROUNDS
                                looks 1,000 texts up, for counting instructions;
                                WHAT is folded, typed or fst; KIND is hit, miss or near
  match FILE TEXTS ROUNDS       looks the texts of a file up among patterns
  programme COUNT PARTNERS FILE a snapshot of codes that partners own
  decide WHAT FILE ORDERS ROUNDS
                                decides the orders of a file; WHAT is parsed or json";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&Arguments(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(given: &Arguments) -> Result<(), Failure> {
    match given.text(0)? {
        "codes" => catalogue::print_texts(given.text(1)?, given.number(2)?, given.number(3)?),
        "snapshot" => {
            catalogue::write_snapshot(given.number(1)?, given.text(2)?, given.text(3).ok())
        }
        "fst" => find::write_fst(given.number(1)?, given.text(2)?),
        "size" => size::measure(given.number(1)?, given.number(2)?),
        "deltas" => changes::print_delta_sizes(),
        "folds" => changes::print_folds(given.number(1)?, given.number(2)?),
        "build" => build::repeat(given.number(1)?, given.number(2)?),
        "open" => open::repeat(given.text(1)?, given.number(2)?),
        "find" => {
            let texts = find::texts(given.text(2)?, given.number(4)?)?;
            find::repeat(given.text(1)?, given.text(3)?, &texts, given.number(5)?)
        }
        "match" => find::repeat_patterns(given.text(1)?, given.text(2)?, given.number(3)?),
        "programme" => decide::write_snapshot(given.number(1)?, given.number(2)?, given.text(3)?),
        "decide" => {
            decide::repeat(given.text(1)?, given.text(2)?, given.text(3)?, given.number(4)?)
        }
        _ => Err(USAGE.into()),
    }
}

/// The words after the program's name.
struct Arguments<'a>(&'a [String]);

impl Arguments<'_> {
    fn text(&self, index: usize) -> Result<&str, Failure> {
        self.0.get(index).map(String::as_str).ok_or_else(|| USAGE.into())
    }

    fn number<T: FromStr>(&self, index: usize) -> Result<T, Failure> {
        self.text(index)?.parse().map_err(|_| USAGE.into())
    }
}
