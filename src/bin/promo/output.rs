//! Results as tables for people or as JSON for programs.

use crate::failure::Failure;

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Which of the two is wanted.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Output {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Prints a result: as JSON, or as `table` makes it.
    pub fn print<T: Serialize>(
        self,
        value: &T,
        table: impl FnOnce(&T) -> Table,
    ) -> Result<(), Failure> {
        self.print_all(value, |value| vec![table(value)])
    }

    /// Prints a result: as JSON, or as the several tables that `tables` makes.
    pub fn print_all<T: Serialize>(
        self,
        value: &T,
        tables: impl FnOnce(&T) -> Vec<Table>,
    ) -> Result<(), Failure> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(value).map_err(Failure::new)?);
        } else {
            tables(value).iter().for_each(|table| println!("{table}"));
        }
        Ok(())
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
pub fn grouped(number: impl Into<u64>) -> String {
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
