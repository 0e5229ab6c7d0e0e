//! Codes that meet: exact ones of one text are refused by the builder and named here, regex codes that meet
//! others are worth a warning.

use super::complaint::{Complaint, ComplaintKind, Place};
use super::{Catalog, CodeText, PromoCode};
use crate::code::CodeTerms;
use crate::snapshot::{CodeHash, Conflict, Snapshot, SnapshotError};

use std::collections::HashMap;

/// Looks, in a second reading of the inputs, for the codes behind a builder's conflicts. The builder keeps no
/// texts, so that it can hold ten million codes; whoever has the inputs finds them again by their hash.
#[derive(Debug)]
pub struct Culprits {
    conflicts: Vec<Conflict>,
    seen: HashMap<CodeHash, Vec<Sighting>>,
}

#[derive(Debug)]
struct Sighting {
    text: String,
    place: Place,
    terms: CodeTerms,
}

impl Culprits {
    /// Looks for the codes of these conflicts.
    #[must_use]
    pub fn new(conflicts: Vec<Conflict>) -> Self {
        let seen = conflicts.iter().map(|conflict| (conflict.hash, Vec::new())).collect();
        Culprits { conflicts, seen }
    }

    /// Takes note of a code if it is one of them.
    pub fn see(
        &mut self,
        hash: CodeHash,
        text: &str,
        terms: &CodeTerms,
        place: impl FnOnce() -> Place,
    ) {
        if let Some(sightings) = self.seen.get_mut(&hash) {
            let (text, terms) = (text.to_owned(), terms.clone());
            sightings.push(Sighting { text, place: place(), terms });
        }
    }

    /// One complaint for each conflict, naming both codes and where they stand.
    #[must_use]
    pub fn complaints(&self) -> Vec<Complaint> {
        self.conflicts.iter().filter_map(|conflict| self.complaint(conflict)).collect()
    }

    fn complaint(&self, conflict: &Conflict) -> Option<Complaint> {
        let sightings = self.seen.get(&conflict.hash)?;
        let [first_terms, second_terms] = &conflict.terms;
        let first = sightings.iter().position(|seen| seen.terms == *first_terms)?;
        let with_second_terms = |(index, seen): &(usize, &Sighting)| {
            *index != first && seen.terms == *second_terms
        };
        let (second, _) = sightings.iter().enumerate().find(with_second_terms)?;
        let [first, second] = [first.min(second), first.max(second)];
        let (first, second) = (sightings.get(first)?, sightings.get(second)?);
        let subject = if first.text == second.text {
            format!("{:?}, as at {}", second.text, first.place)
        } else {
            format!("{:?}, which is the same as {:?} at {}", second.text, first.text, first.place)
        };
        Some(Complaint {
            kind: ComplaintKind::Conflict,
            place: second.place.clone(),
            expected: "one code to answer to a text at a time".to_owned(),
            got: subject,
            remedy: "rename one, or end the earlier one before the later one starts".to_owned(),
        })
    }
}

/// Warnings about exact codes of a catalogue that a regex code of the snapshot matches at the same time.
///
/// The exact code is the one that is used. Bulk codes are not asked about: there may be millions.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read.
pub fn regex_overlaps<B: AsRef<[u8]>>(
    catalog: &Catalog,
    snapshot: &Snapshot<B>,
) -> Result<Vec<Complaint>, SnapshotError> {
    let mut warnings = Vec::new();
    for code in &catalog.codes {
        let CodeText::Exact(typed) = &code.text else { continue };
        for (_, terms) in snapshot.find_patterns(typed)? {
            let regex = snapshot.terms(terms)?;
            if !regex.schedule.overlaps(&code.terms.schedule) {
                continue;
            }
            let authored = catalog.codes.iter().find(|other| other.terms.id == regex.id);
            let name = match authored.filter(|other| other.terms.id.is_some()) {
                Some(PromoCode { text: CodeText::Regex(pattern), place, .. }) => {
                    format!("the regex code {:?} at {place}", pattern.as_str())
                }
                _ => "a regex code of an upload".to_owned(),
            };
            warnings.push(Complaint {
                kind: ComplaintKind::ExactMatchedByRegex,
                place: code.place.clone(),
                expected: "one code to match a text".to_owned(),
                got: format!("{:?}, which {name} matches too", typed.as_str()),
                remedy: "the exact code is used while it is active".to_owned(),
            });
        }
    }
    Ok(warnings)
}

/// Warnings about regex codes with one pattern and overlapping schedules.
pub(super) fn equal_patterns(codes: &[PromoCode]) -> Vec<Complaint> {
    let mut seen: HashMap<&str, Vec<&PromoCode>> = HashMap::new();
    let mut warnings = Vec::new();
    for code in codes {
        let CodeText::Regex(pattern) = &code.text else { continue };
        let earlier = seen.entry(pattern.as_str()).or_default();
        let overlaps = |other: &&&PromoCode| other.terms.schedule.overlaps(&code.terms.schedule);
        if let Some(other) = earlier.iter().find(overlaps) {
            warnings.push(Complaint {
                kind: ComplaintKind::EqualPatterns,
                place: code.place.clone(),
                expected: "a pattern of its own".to_owned(),
                got: format!("{:?}, as at {}", pattern.as_str(), other.place),
                remedy: "the one created earlier is used; expire the other".to_owned(),
            });
        }
        earlier.push(code);
    }
    warnings
}
