//! A whole catalogue's document taken apart into things that are kept one by one.

use super::complaint::{Complaint, ComplaintKind, Findings, Place};
use super::conflict::{ExactCodes, met_words};
use super::document::Document;
use super::element::CheckedCode;

use serde_json::Value;
use serde_json::value::RawValue;

/// The parts of a catalogue, each as it is written.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The programme's settings, with its event types as a field of theirs.
    pub settings: String,
    /// The partners.
    pub partners: Vec<String>,
    /// The deals.
    pub deals: Vec<String>,
    /// The codes.
    pub codes: Vec<String>,
    /// The exception lists.
    pub exception_lists: Vec<String>,
}

/// Takes a document apart.
///
/// # Errors
///
/// [`Findings`] when it is none.
pub fn sections(text: &str) -> Result<Parts, Findings> {
    let refused =
        |complaint: Box<Complaint>| Findings { complaints: vec![*complaint], warnings: Vec::new() };
    let document = Document::new("catalog", text);
    let sections = document.sections().map_err(refused)?;
    let texts =
        |raw: &[&RawValue]| raw.iter().map(|raw| raw.get().to_owned()).collect::<Vec<String>>();
    let unread = |_| Findings::default();
    let mut settings: Value = serde_json::from_str(sections.program.get()).map_err(unread)?;
    let event_types = format!("[{}]", texts(&sections.event_types).join(","));
    if let Some(fields) = settings.as_object_mut() {
        let event_types = serde_json::from_str(&event_types).map_err(unread)?;
        fields.insert("event_types".to_owned(), event_types);
    }
    Ok(Parts {
        settings: settings.to_string(),
        partners: texts(&sections.partners),
        deals: texts(&sections.deals),
        codes: texts(&sections.codes),
        exception_lists: texts(&sections.exception_lists),
    })
}

/// Refuses exact codes that answer to one text at one time, each by its place.
///
/// # Errors
///
/// [`Findings`] with a complaint for each code that meets an earlier one.
pub fn require_apart<'a>(codes: impl IntoIterator<Item = &'a CheckedCode>) -> Result<(), Findings> {
    let mut seen = ExactCodes::default();
    let mut findings = Findings::default();
    for (index, code) in codes.into_iter().enumerate().filter(|(_, code)| code.exact.is_some()) {
        if let Some(other) = seen.see(&code.folded, code.standing.schedule(), index) {
            let field = format!("codes[{index}].code");
            let (expected, remedy) = met_words();
            findings.complaints.push(Complaint {
                kind: ComplaintKind::Conflict,
                place: Place { source: "catalog".into(), line: 1, column: None, field },
                expected,
                got: format!("{:?}, as at codes[{other}]", code.text),
                remedy,
            });
        }
    }
    if findings.complaints.is_empty() { Ok(()) } else { Err(findings) }
}
