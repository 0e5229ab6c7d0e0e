//! What is wrong with a catalogue or an upload, where, and what would mend it.
//!
//! - [`Complaint`] is one such thing; a warning is a complaint beside a good result.
//! - [`Place`] is where: file, line, column, and the field's path or the column's header.
//! - [`Findings`] collects them: an author sees all of them at once, not the first.

use std::fmt;
use std::sync::Arc;

/// What can be wrong. Names are stable and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComplaintKind {
    /// The text is no JSON, or the bytes are no CSV.
    Syntax,
    /// A field is unknown, missing, or not of its type or among its literals.
    Shape,
    /// A header of a CSV file is missing, unknown or repeated.
    Header,
    /// A text cannot be an id.
    Id,
    /// Two things have one id.
    DuplicateId,
    /// An id that nothing has.
    UnknownReference,
    /// Rows for another program.
    OtherProgram,
    /// A value is not one of a column's literals.
    Literal,
    /// Not an ISO 4217 code.
    Currency,
    /// Not a code that ISO 3166-1 assigns.
    Country,
    /// Not an IANA zone name.
    TimeZone,
    /// Not a date or an instant, or one that the zone's clocks never show.
    Date,
    /// An end that is not after its start.
    Schedule,
    /// An amount, a percentage or a count out of its range.
    Range,
    /// Fields that do not go together, or one that another asks for.
    Combination,
    /// A text cannot be a promo code.
    CodeText,
    /// A regular expression that cannot be read, or cannot do what it is for.
    Pattern,
    /// Two contracts of one partner at one time.
    ContractOverlap,
    /// Two codes that answer to one text at one time.
    Conflict,
    /// Warning: a zone's name replaced the offset that was written.
    ZoneOverride,
    /// Warning: a synchronised deal leaves no time at which a code is active.
    NeverActive,
    /// Warning: a header that an older format used.
    LegacyHeader,
    /// Warning: two regex codes with one pattern; the earlier one is used.
    EqualPatterns,
    /// Warning: an exact code that a regex code matches too; the exact one is used.
    ExactMatchedByRegex,
    /// Warning: a pattern means something else when it must match the whole text.
    PatternAnchoring,
    /// Warning: a pattern has a class of so many characters that it makes the snapshot larger.
    LargeClass,
    /// Warning: an item of an exception list that no code can be on it by.
    NeverListed,
    /// Warning: something that another system exported and that a catalogue has no place for.
    NotCarriedOver,
    /// Warning: a row that another system exported and that is no usable code.
    LeftOut,
}

/// Something wrong, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What kind of thing.
    pub kind: ComplaintKind,
    /// Where.
    pub place: Place,
    /// What should be there.
    pub expected: String,
    /// What is.
    pub got: String,
    /// What to do about it.
    pub remedy: String,
}

/// Where something stands in an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// What the caller calls the input: a file's name.
    pub source: Arc<str>,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1; `None` in CSV, where the field says more.
    pub column: Option<u64>,
    /// Path of a JSON value, such as `codes[3].owner`, or header of a CSV column. Empty: the
    /// whole.
    pub field: String,
}

/// Everything found so far.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// What refuses the input.
    pub complaints: Vec<Complaint>,
    /// What does not.
    pub warnings: Vec<Complaint>,
}

impl ComplaintKind {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ComplaintKind::Syntax => "syntax",
            ComplaintKind::Shape => "shape",
            ComplaintKind::Header => "header",
            ComplaintKind::Id => "id",
            ComplaintKind::DuplicateId => "duplicate_id",
            ComplaintKind::UnknownReference => "unknown_reference",
            ComplaintKind::OtherProgram => "other_program",
            ComplaintKind::Literal => "literal",
            ComplaintKind::Currency => "currency",
            ComplaintKind::Country => "country",
            ComplaintKind::TimeZone => "time_zone",
            ComplaintKind::Date => "date",
            ComplaintKind::Schedule => "schedule",
            ComplaintKind::Range => "range",
            ComplaintKind::Combination => "combination",
            ComplaintKind::CodeText => "code_text",
            ComplaintKind::Pattern => "pattern",
            ComplaintKind::ContractOverlap => "contract_overlap",
            ComplaintKind::Conflict => "conflict",
            ComplaintKind::ZoneOverride => "zone_override",
            ComplaintKind::NeverActive => "never_active",
            ComplaintKind::LegacyHeader => "legacy_header",
            ComplaintKind::EqualPatterns => "equal_patterns",
            ComplaintKind::ExactMatchedByRegex => "exact_matched_by_regex",
            ComplaintKind::PatternAnchoring => "pattern_anchoring",
            ComplaintKind::LargeClass => "large_class",
            ComplaintKind::NeverListed => "never_listed",
            ComplaintKind::NotCarriedOver => "not_carried_over",
            ComplaintKind::LeftOut => "left_out",
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Complaint { place, expected, got, remedy, .. } = self;
        write!(f, "{place}: expected {expected}, got {got}: {remedy}")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.line)?;
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        if self.field.is_empty() { Ok(()) } else { write!(f, ": {}", self.field) }
    }
}
