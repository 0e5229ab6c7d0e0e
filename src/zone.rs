//! Dates as people write them, to instants (domain 1.4). The only file that knows zones and
//! calendars.
//!
//! - [`Zone`] is an IANA zone.
//! - [`DateReader`] knows the zones that a date is read in, and [`Notation`] what is usual where it
//!   stands.
//! - [`DateError`] says why a text is no date there.

use crate::time::UnixMillis;

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// An IANA zone, from the database that this build carries.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// Which end of a schedule a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// The first instant in force.
    Start,
    /// The first instant no longer in force; a bare date is the last day.
    End,
}

/// Where a date stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// In JSON: instants mean what they say.
    Json,
    /// In a spreadsheet or a form, where people write 23:59:59 for the end of a day.
    Sheet,
}

/// Reads the dates of one code, contract or deal.
#[derive(Debug, Clone, Copy)]
pub struct DateReader<'a> {
    /// The zone it names itself; overrides offsets.
    pub own: Option<&'a Zone>,
    /// The program's.
    pub program: &'a Zone,
    /// Where the dates stand.
    pub notation: Notation,
}

/// A date that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDate {
    /// The instant it means.
    pub at: UnixMillis,
    /// The instant that its offset would have meant, where a zone's name replaced it by another.
    pub overridden: Option<UnixMillis>,
}

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateError {
    /// It does not look like one.
    Unreadable,
    /// The zone's clocks never show it.
    Nonexistent {
        /// The zone.
        zone: String,
    },
    /// It lies outside the years that can be written.
    OutOfRange,
}

impl Zone {
    /// Finds a zone by its IANA name, whatever its case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Zone> {
        TimeZone::get(name).ok().map(Zone)
    }

    /// The name as the database spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl DateReader<'_> {
    /// Reads a date, a date and a time, or those with an offset.
    ///
    /// # Errors
    ///
    /// [`DateError`] when the text is none of them, or names a time that the zone's clocks skip.
    pub fn read(&self, text: &str, boundary: Boundary) -> Result<ReadDate, DateError> {
        let pieces = Pieces::parse(text).map_err(|_| DateError::Unreadable)?;
        if pieces.time_zone_annotation().is_some() {
            return Err(DateError::Unreadable);
        }
        let zone = self.own.unwrap_or(self.program);
        let Some(time) = pieces.time() else {
            // An offset without a time means nothing.
            return match pieces.offset() {
                Some(_) => Err(DateError::Unreadable),
                None => day(pieces.date(), zone, boundary),
            };
        };
        let clock = DateTime::from_parts(pieces.date(), time);
        let offset = pieces.to_numeric_offset();
        let meant = match offset {
            Some(offset) => Some(offset.to_timestamp(clock).map_err(|_| DateError::OutOfRange)?),
            None => None,
        };
        let at = match meant {
            // Of a time that exists twice, an offset that is the zone's own says which is meant.
            Some(meant) if self.own.is_none() || zone.0.to_datetime(meant) == clock => meant,
            _ => zone.instant(clock)?,
        };
        let overridden = meant.filter(|&meant| meant != at).map(millis);
        let is_last_second = boundary == Boundary::End && time == LAST_SECOND;
        let at = if is_last_second && self.notation == Notation::Sheet {
            at.checked_add(SignedDuration::from_secs(1)).map_err(|_| DateError::OutOfRange)?
        } else {
            at
        };
        Ok(ReadDate { at: millis(at), overridden })
    }
}

const LAST_SECOND: Time = Time::constant(23, 59, 59, 0);

impl Zone {
    /// The instant at which the zone's clocks show this; the earlier one where there are two.
    fn instant(&self, clock: DateTime) -> Result<Timestamp, DateError> {
        let ambiguous = self.0.to_ambiguous_timestamp(clock);
        if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
            return Err(DateError::Nonexistent { zone: self.name().to_owned() });
        }
        ambiguous.earlier().map_err(|_| DateError::OutOfRange)
    }

    /// The first instant of a day, or of the next where the zone left one out.
    fn first_instant(&self, date: Date) -> Result<Timestamp, DateError> {
        let midnight = self.0.to_ambiguous_timestamp(date.to_datetime(Time::midnight()));
        let earlier = midnight.earlier().map_err(|_| DateError::OutOfRange)?;
        match midnight.offset() {
            // Clocks that skip midnight show the day from the moment that they skip it.
            AmbiguousOffset::Gap { .. } => self
                .0
                .following(earlier)
                .next()
                .map(|transition| transition.timestamp())
                .ok_or(DateError::OutOfRange),
            _ => Ok(earlier),
        }
    }
}

/// A bare date: the day's first instant, or as an end the first one after it.
fn day(date: Date, zone: &Zone, boundary: Boundary) -> Result<ReadDate, DateError> {
    let first = zone.first_instant(date)?;
    if zone.0.to_datetime(first).date() != date {
        return Err(DateError::Nonexistent { zone: zone.name().to_owned() });
    }
    let at = match boundary {
        Boundary::Start => first,
        Boundary::End => zone.first_instant(date.tomorrow().map_err(|_| DateError::OutOfRange)?)?,
    };
    Ok(ReadDate { at: millis(at), overridden: None })
}

fn millis(at: Timestamp) -> UnixMillis {
    UnixMillis(at.as_millisecond())
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateError::Unreadable => f.write_str(
                "a date such as 2026-07-01, 2026-07-01T09:00:00 or 2026-07-01T09:00:00Z",
            ),
            DateError::Nonexistent { zone } => {
                write!(f, "a time that the clocks of {zone} show")
            }
            DateError::OutOfRange => f.write_str("a year from 0 to 9999"),
        }
    }
}

impl std::error::Error for DateError {}
