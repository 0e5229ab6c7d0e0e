//! `promo template`: bulk files to begin with.

use crate::Ended;
use crate::failure::Failure;

use promo_edge::upload::{Sheet, headers};

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Note, Workbook, Worksheet, XlsxError,
};

use std::fs;
use std::path::PathBuf;

/// Write empty bulk files, CSV or XLSX by their names
#[derive(Debug, clap::Args)]
pub struct Template {
    /// Files to write, such as codes.csv or codes.xlsx
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Rows that a workbook's columns are prepared for: all that a sheet has.
const LAST_ROW: u32 = 1_048_575;

/// What is said of each column, in their order.
const NOTES: [&str; 10] = [
    "The code as shoppers type it, or the pattern.",
    "The id of your programme.",
    "The id of the partner who is credited. Empty for RESTRICTED.",
    "TRACKING credits a partner, RESTRICTED credits nobody.",
    "ALWAYS, INVOLVED (after a click of the partner) or WINNER (after its last click). Empty for \
     RESTRICTED.",
    "LI compares the text, RE is a regular expression.",
    "The id of a deal. May be empty.",
    "The first day, or the first instant such as 2026-07-01T00:00:00-07:00. May be empty.",
    "The last day, or the first instant after. May be empty.",
    "The zone of the dates, such as America/New_York. Empty for the programme's.",
];

/// The columns that hold one of a few words, by their headers.
const WORDS: [(&str, &[&str]); 3] = [
    ("Type", &["TRACKING", "RESTRICTED"]),
    ("Credit Rule", &["ALWAYS", "INVOLVED", "WINNER"]),
    ("Match Mode", &["LI", "RE"]),
];

impl Template {
    pub fn run(&self) -> Result<Ended, Failure> {
        for file in &self.files {
            let bytes = match file.extension().and_then(|ending| ending.to_str()) {
                Some("csv") => csv()?,
                Some("xlsx") => workbook().map_err(Failure::new)?,
                _ => {
                    let wrong = Failure::new("neither CSV nor XLSX by its name").at(file.display());
                    return Err(wrong.mend("give it a name that ends in .csv or .xlsx"));
                }
            };
            fs::write(file, bytes).map_err(|error| Failure::file(file, &error))?;
            eprintln!("{} is written", file.display());
        }
        Ok(Ended::Done)
    }
}

fn csv() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    Sheet::new(&mut bytes).and_then(Sheet::finish).map_err(Failure::new)?;
    Ok(bytes)
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same bytes whenever it is made.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet().set_name("Codes")?;
    let heading = Format::new().set_bold();
    // As text: a spreadsheet takes 007 for a number otherwise, and dates for its own.
    let text = Format::new().set_num_format("@");
    for (column, (header, note)) in (0..).zip(headers().into_iter().zip(NOTES)) {
        sheet.set_column_format(column, &text)?;
        sheet.set_column_width(column, 20)?;
        sheet.write_with_format(0, column, header, &heading)?;
        sheet.insert_note(0, column, &Note::new(note).set_author("promo-edge"))?;
        if let Some((_, words)) = WORDS.iter().find(|(name, _)| *name == header) {
            choose(sheet, column, words)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

/// Offers a list of words in a column.
fn choose(sheet: &mut Worksheet, column: u16, words: &[&str]) -> Result<(), XlsxError> {
    let words = DataValidation::new().allow_list_strings(words)?;
    sheet.add_data_validation(1, column, LAST_ROW, column, &words).map(drop)
}
