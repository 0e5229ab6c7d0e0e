//! Numbers that stand for dates.

use jiff::civil::{Date, DateTime, date};
use jiff::{Span, ToSpan};

/// From when a workbook counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateSystem {
    /// 1 is the first of January 1900, and 60 a day that never was (the 29th of February 1900).
    From1900,
    /// 0 is the first of January 1904.
    From1904,
}

const SECONDS_A_DAY: u64 = 86_400;

/// Digits of a fraction that are read: twelve tell a hundred nanoseconds apart.
const FRACTION_DIGITS: u32 = 12;

/// A serial number as an ISO 8601 date, or date and time when it has a fraction, rounded to
/// seconds. `None` when it stands for no date.
pub(super) fn to_iso(serial: &str, system: DateSystem) -> Option<String> {
    let (whole, fraction) = serial.split_once('.').unwrap_or((serial, ""));
    let days: i32 = whole.parse().ok()?;
    let seconds = seconds_of(fraction)?;
    let day = day(days, system)?;
    if seconds == 0 {
        return Some(day.to_string());
    }
    let after_midnight: Span = i64::try_from(seconds).ok()?.seconds();
    let time: DateTime = day.to_datetime(jiff::civil::Time::midnight());
    Some(time.checked_add(after_midnight).ok()?.to_string())
}

fn day(days: i32, system: DateSystem) -> Option<Date> {
    let (epoch, days) = match system {
        DateSystem::From1904 => (date(1904, 1, 1), days),
        // Before the day that never was, all are one later.
        DateSystem::From1900 if (1..60).contains(&days) => (date(1899, 12, 31), days),
        DateSystem::From1900 if days > 60 => (date(1899, 12, 30), days),
        DateSystem::From1900 => return None,
    };
    (days >= 0).then(|| epoch.checked_add(i64::from(days).days()).ok()).flatten()
}

/// The seconds of a day that a decimal fraction is, rounded half up.
fn seconds_of(fraction: &str) -> Option<u64> {
    let mut value = 0u64;
    let mut scale = 1u64;
    for digit in fraction.chars().take(usize::try_from(FRACTION_DIGITS).ok()?) {
        value = value.checked_mul(10)?.checked_add(digit.to_digit(10)?.into())?;
        scale = scale.checked_mul(10)?;
    }
    let seconds = value.checked_mul(SECONDS_A_DAY)?.checked_add(scale / 2)?;
    seconds.checked_div(scale)
}

#[cfg(test)]
mod tests {
    use super::DateSystem::{From1900, From1904};
    use super::*;

    fn check(serial: &str, system: DateSystem, expected: Option<&str>) {
        assert_eq!(to_iso(serial, system).as_deref(), expected, "{serial}");
    }

    #[test]
    fn serial_numbers_are_dates() {
        check("1", From1900, Some("1900-01-01"));
        check("59", From1900, Some("1900-02-28"));
        check("60", From1900, None);
        check("61", From1900, Some("1900-03-01"));
        check("45292", From1900, Some("2024-01-01"));
        check("45292", From1904, Some("2028-01-02"));
        check("0", From1904, Some("1904-01-01"));
        check("-1", From1904, None);
        check("99999999", From1900, None);
    }

    #[test]
    fn fractions_are_times_to_the_second() {
        check("45292.5", From1900, Some("2024-01-01T12:00:00"));
        check("45292.999988425923", From1900, Some("2024-01-01T23:59:59"));
        check("45292.99999999999", From1900, Some("2024-01-02T00:00:00"));
        check("45292.0416666666667", From1900, Some("2024-01-01T01:00:00"));
        check("45292.x", From1900, None);
    }
}
