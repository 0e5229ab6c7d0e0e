//! Writes codes as the bulk CSV that [`Rows`](super::Rows) reads.

use super::columns::Column;

use std::io::{self, Write};

/// What a row says, in the order of the columns; an empty cell says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cells<'a> {
    /// The code's text.
    pub promo_code: &'a str,
    /// Id of the program.
    pub program_id: &'a str,
    /// Id of the owner.
    pub media_id: &'a str,
    /// `TRACKING` or `RESTRICTED`.
    pub kind: &'a str,
    /// `ALWAYS`, `INVOLVED` or `WINNER`.
    pub credit_rule: &'a str,
    /// `LI` or `RE`.
    pub match_mode: &'a str,
    /// Id of the deal.
    pub deal_id: &'a str,
    /// First day or instant.
    pub start: &'a str,
    /// Last day, or the first instant after.
    pub end: &'a str,
    /// IANA name of the zone of the dates.
    pub time_zone: &'a str,
}

/// A bulk CSV that is being written.
#[derive(Debug)]
pub struct Sheet<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Sheet<W> {
    /// Writes the headers.
    ///
    /// # Errors
    ///
    /// What the output says.
    pub fn new(output: W) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(Column::ALL.map(Column::header))?;
        Ok(Sheet { writer })
    }

    /// Writes a row.
    ///
    /// # Errors
    ///
    /// What the output says.
    pub fn row(&mut self, cells: &Cells<'_>) -> io::Result<()> {
        let Cells { promo_code, program_id, media_id, kind, credit_rule, .. } = *cells;
        let Cells { match_mode, deal_id, start, end, time_zone, .. } = *cells;
        let record = [
            promo_code,
            program_id,
            media_id,
            kind,
            credit_rule,
            match_mode,
            deal_id,
            start,
            end,
            time_zone,
        ];
        Ok(self.writer.write_record(record)?)
    }

    /// Writes what is left.
    ///
    /// # Errors
    ///
    /// What the output says.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
