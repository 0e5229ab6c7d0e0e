//! Codes as lines of CSV: the columns of the bulk upload first, so that they can be edited and
//! uploaded again, then what is known besides. And what stands against the rows of an upload.

use super::FaultFacts;
use super::code::CodeFacts;

use serde_json::Value;

const COLUMNS: [&str; 17] = [
    "Promo Code",
    "Program Id",
    "Media Id",
    "Type",
    "Credit Rule",
    "Match Mode",
    "Deal Id",
    "Active Start Date",
    "Active End Date",
    "Timezone",
    "Description",
    "Status",
    "Discount Type",
    "Usage Limit",
    "Usage Limit Per Customer",
    "Created",
    "Code Id",
];

/// The first line.
#[must_use]
pub fn csv_header() -> String {
    line(COLUMNS.map(str::to_owned))
}

/// A code's line; `deal` is the document of its deal.
#[must_use]
pub fn code_line(program: &str, code: &CodeFacts, deal: Option<&Value>) -> String {
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let upper = |text: &Option<String>| own(text).to_uppercase();
    let number = |number: Option<u32>| number.map(|it| it.to_string()).unwrap_or_default();
    let of_deal = |pointer| deal.and_then(|deal| deal.pointer(pointer)).and_then(Value::as_str);
    let discount = of_deal("/discount/kind").or_else(|| of_deal("/type"));
    let end = match (&code.end_at, &code.expired_at) {
        (Some(end), Some(expired)) => end.min(expired).clone(),
        (end, expired) => own(if end.is_some() { end } else { expired }),
    };
    line([
        code.code.clone(),
        program.to_owned(),
        own(&code.owner),
        code.kind.to_uppercase(),
        upper(&code.credit_policy),
        if code.match_type == "exact" { "LI" } else { "RE" }.to_owned(),
        own(&code.deal),
        own(&code.start_at),
        end,
        own(&code.time_zone),
        of_deal("/name").unwrap_or_default().to_owned(),
        code.state.to_owned(),
        discount.unwrap_or_default().to_owned(),
        number(code.max_redemptions),
        number(code.max_redemptions_per_customer),
        code.created_at.clone(),
        code.id.clone(),
    ])
}

/// The first line of what stands against the rows of a bulk file.
#[must_use]
pub fn error_header() -> String {
    line(["Line", "Promo Code", "Column", "Expected", "Got", "Remedy"].map(str::to_owned))
}

/// A line of what stands against a row.
#[must_use]
pub fn error_line(row: u64, code: &str, complaint: &FaultFacts) -> String {
    let FaultFacts { path, expected, got, remedy, .. } = complaint.clone();
    let values = [row.to_string(), code.to_owned(), path, expected, got, remedy];
    line(values.map(|value| unformulated(&value)))
}

/// A text that no spreadsheet takes for a formula: what it says came from outside.
fn unformulated(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

fn line<const N: usize>(values: [String; N]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Written to memory: nothing can fail.
    let _ = writer.write_record(values);
    writer.into_inner().ok().and_then(|line| String::from_utf8(line).ok()).unwrap_or_default()
}
