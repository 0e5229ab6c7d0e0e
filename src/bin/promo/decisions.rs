//! Decisions from a file of JSON lines, as `promo credit` prints them.

use crate::failure::Failure;

use serde_json::Value;

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::Path;

/// Reads every line of a file, or of standard input for `-`, and hands over the decisions. What
/// `see` expected instead of one is said with its line.
pub fn each_decision(
    path: &Path,
    mut see: impl FnMut(Value) -> Result<Result<(), &'static str>, Failure>,
) -> Result<(), Failure> {
    let source: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(|error| Failure::file(path, &error))?))
    };
    for (number, line) in (1..).zip(source.lines()) {
        let line = line.map_err(|error| Failure::file(path, &error))?;
        let place = format!("{}:{number}", path.display());
        let decision = serde_json::from_str(&line).map_err(|error| Failure::new(error).at(&place));
        see(decision?)?.map_err(|expected| {
            Failure::new(format_args!("expected {expected}"))
                .at(place)
                .mend("`promo credit` prints one decision a line")
        })?;
    }
    Ok(())
}
