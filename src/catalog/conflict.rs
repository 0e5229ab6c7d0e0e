//! Codes that meet: exact ones of one text are refused by the builder and named here, regex codes
//! that meet others are worth a warning.

use super::complaint::{Complaint, ComplaintKind, Place};
use super::{Catalog, CodeText, PromoCode};
use crate::code::CodeTerms;
use crate::snapshot::{CodeHash, Conflict, Snapshot, SnapshotError};
use crate::time::{Schedule, UnixMillis};

use std::collections::{BTreeMap, HashMap};

/// Looks, in a second reading of the inputs, for the codes behind a builder's conflicts. The
/// builder keeps no texts, so that it can hold ten million codes; whoever has the inputs finds them
/// again by their hash.
#[derive(Debug)]
pub struct Culprits {
    seen: HashMap<CodeHash, Vec<Sighting>>,
}

#[derive(Debug)]
struct Sighting {
    text: String,
    place: Place,
    schedule: Schedule,
}

impl Culprits {
    /// Looks for the codes of these conflicts.
    #[must_use]
    pub fn new(conflicts: &[Conflict]) -> Self {
        Culprits { seen: conflicts.iter().map(|conflict| (conflict.hash, Vec::new())).collect() }
    }

    /// Takes note of a code if it is one of them.
    pub fn see(
        &mut self,
        hash: CodeHash,
        text: &str,
        schedule: Schedule,
        place: impl FnOnce() -> Place,
    ) {
        if let Some(sightings) = self.seen.get_mut(&hash)
            && !schedule.is_empty()
        {
            sightings.push(Sighting { text: text.to_owned(), place: place(), schedule });
        }
    }

    /// One complaint for each code that overlaps another, naming both and where they stand.
    #[must_use]
    pub fn complaints(self) -> Vec<Complaint> {
        let mut complaints = Vec::new();
        for mut sightings in self.seen.into_values() {
            sightings.sort_by_key(|seen| seen.schedule.start_at);
            let mut by_start = sightings.into_iter();
            // Of those that start earlier, only the one that ends last can matter.
            let Some(mut longest) = by_start.next() else { continue };
            for seen in by_start {
                if longest.schedule.overlaps(&seen.schedule) {
                    complaints.push(conflict(&longest, &seen));
                }
                let ends_later = match (seen.schedule.end_at, longest.schedule.end_at) {
                    (Some(end), Some(other)) => end > other,
                    (end, _) => end.is_none(),
                };
                if ends_later {
                    longest = seen;
                }
            }
        }
        complaints.sort_by(|a, b| a.place.cmp(&b.place));
        complaints
    }
}

fn conflict(first: &Sighting, second: &Sighting) -> Complaint {
    let got = if first.text == second.text {
        format!("{:?}, as at {}", second.text, first.place)
    } else {
        format!("{:?}, which is the same as {:?} at {}", second.text, first.text, first.place)
    };
    let (expected, remedy) = met_words();
    let place = second.place.clone();
    Complaint { kind: ComplaintKind::Conflict, place, expected, got, remedy }
}

/// Warnings about exact codes of a catalogue that a regex code of the snapshot matches at the same
/// time.
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
        for terms in snapshot.find_patterns(typed)? {
            if !snapshot.terms_schedule(terms)?.overlaps(&catalog.active(&code.terms)) {
                continue;
            }
            let regex = snapshot.terms(terms)?;
            let authored = catalog.codes.iter().find(|other| other.terms.id == regex.id);
            let name = match authored.filter(|other| other.terms.id.is_some()) {
                Some(PromoCode { text: CodeText::Regex(pattern), place, .. }) => {
                    format!("the regex code {pattern:?} at {place}")
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

/// The exact codes seen so far, in a document or a file, each with the place where it stands.
#[derive(Debug)]
pub struct ExactCodes<P> {
    /// By folded text and start. No two of one text share an instant.
    seen: BTreeMap<(String, Option<UnixMillis>), (Option<UnixMillis>, P)>,
}

impl<P> Default for ExactCodes<P> {
    fn default() -> Self {
        ExactCodes { seen: BTreeMap::new() }
    }
}

impl<P> ExactCodes<P> {
    /// Takes in a code, unless it meets one that was: then says where that one stands.
    pub fn see(&mut self, folded: &str, schedule: Schedule, place: P) -> Option<&P> {
        if schedule.is_empty() {
            return None;
        }
        let Schedule { start_at, end_at } = schedule;
        let key = (folded.to_owned(), start_at);
        let meets = |((text, other_start), (other_end, _)): &(&(String, _), &(_, P))| {
            let other = Schedule { start_at: *other_start, end_at: *other_end };
            text == folded && other.overlaps(&schedule)
        };
        // Those that were taken in lie apart: only the nearest on either side can be met.
        let before = self.seen.range(..=&key).next_back().filter(meets);
        let met = before.or_else(|| self.seen.range(&key..).next().filter(meets));
        if let Some((met, _)) = met {
            let met = met.clone();
            return self.seen.get(&met).map(|(_, place)| place);
        }
        self.seen.insert(key, (end_at, place));
        None
    }
}

/// What is said of a code that meets another: what was expected, and the remedy.
#[must_use]
pub fn met_words() -> (String, String) {
    (
        "one code to answer to a text at a time".to_owned(),
        "rename one, or end the earlier one before the later one starts".to_owned(),
    )
}

/// What is said of a pattern that another code has at the same time: what was expected, and the
/// remedy.
#[must_use]
pub fn equal_pattern_words() -> (String, String) {
    (
        "a pattern of its own".to_owned(),
        "the one created earlier is used; expire the other".to_owned(),
    )
}

/// The regex codes seen so far, in a catalogue and then in its uploads.
#[derive(Debug, Default)]
pub struct RegexCodes {
    seen: HashMap<String, Vec<RegexCode>>,
}

/// A regex code that was seen: its terms, when it is active, and where it is written.
type RegexCode = (CodeTerms, Schedule, Place);

impl RegexCodes {
    /// The regex codes of a catalogue.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        let mut codes = RegexCodes::default();
        codes.warnings(catalog);
        codes
    }

    /// Takes in authored codes and warns of those that share their pattern with another at the same
    /// time.
    pub(super) fn warnings(&mut self, catalog: &Catalog) -> Vec<Complaint> {
        let patterns = catalog.codes.iter().filter_map(|code| match &code.text {
            CodeText::Regex(pattern) => Some((pattern, code)),
            CodeText::Exact(_) => None,
        });
        let see = |(pattern, code): (&String, &PromoCode)| {
            self.see(pattern, (&code.terms, catalog.active(&code.terms)), &code.place)
        };
        patterns.filter_map(see).collect()
    }

    /// Takes in a code: its terms, and when it is active. Warns when another has its pattern at the
    /// same time, and complains, by the kind [`ComplaintKind::DuplicateId`], when that makes their
    /// derived ids equal.
    pub fn see(
        &mut self,
        pattern: &str,
        (terms, active): (&CodeTerms, Schedule),
        place: &Place,
    ) -> Option<Complaint> {
        let earlier = self.seen.entry(pattern.to_owned()).or_default();
        let same_id = |(other, ..): &&RegexCode| {
            terms.id.is_none()
                && other.id.is_none()
                && other.schedule.start_at == terms.schedule.start_at
        };
        let overlaps = |(_, other, _): &&RegexCode| other.overlaps(&active);
        let same = earlier.iter().find(same_id).map(|found| (found, ComplaintKind::DuplicateId));
        let overlapping = || earlier.iter().find(overlaps);
        let found = same.or_else(|| Some((overlapping()?, ComplaintKind::EqualPatterns)));
        let complaint = found.map(|((.., other_place), kind)| {
            let (expected, mut remedy) = equal_pattern_words();
            if kind == ComplaintKind::DuplicateId {
                remedy = "remove one: they would be one code".to_owned();
            }
            let got = format!("{pattern:?}, as at {other_place}");
            Complaint { kind, place: place.clone(), expected, got, remedy }
        });
        earlier.push((terms.clone(), active, place.clone()));
        complaint
    }
}
