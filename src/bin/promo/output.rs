//! Results as text for people or as JSON for programs.

use crate::failure::Failure;

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use std::fmt::Display;
use std::io::{ErrorKind, Write, stdout};

/// Which of the two is wanted.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Output {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Output {
    /// One of two values: that for programs, or that for people.
    pub fn choose<T>(self, json: T, text: T) -> T {
        if self.json { json } else { text }
    }

    /// Prints a result: as JSON, or as `text` makes it, mostly a table.
    pub fn print<T: Serialize, D: Display>(
        self,
        value: &T,
        text: impl FnOnce(&T) -> D,
    ) -> Result<(), Failure> {
        self.print_all(value, |value| vec![text(value)])
    }

    /// Prints a result: as JSON, or as the several texts that `texts` makes.
    pub fn print_all<T: Serialize, D: Display>(
        self,
        value: &T,
        texts: impl FnOnce(&T) -> Vec<D>,
    ) -> Result<(), Failure> {
        if self.json {
            print_line(serde_json::to_string_pretty(value).map_err(Failure::new)?)
        } else {
            texts(value).iter().try_for_each(print_line)
        }
    }
}

/// Prints to standard output.
pub fn print_line(line: impl Display) -> Result<(), Failure> {
    written(writeln!(stdout(), "{line}"))
}

/// What became of writing to standard output: whoever reads it may have seen enough.
pub fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(error)),
        Err(_) => std::process::exit(0),
        Ok(()) => Ok(()),
    }
}

/// An empty table in the one style that the command uses.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

/// A number with its digits in groups of three.
pub fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!(grouped(0u64), "0");
        assert_eq!(grouped(999u64), "999");
        assert_eq!(grouped(1_000u64), "1,000");
        assert_eq!(grouped(1_234_567u64), "1,234,567");
    }
}
