//! The shop's day as an instant. A library for dates would be a third of the module.

use crate::time::UnixMillis;

/// The beginning of a day, such as `2026-07-01`, where clocks are so many minutes ahead of
/// Greenwich; `None` when the text is no date.
pub fn begins_at(date: &str, utc_offset_minutes: i16) -> Option<UnixMillis> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *date.as_bytes() else { return None };
    let year = number(&[y0, y1, y2, y3])?;
    let month = number(&[m0, m1])?;
    let day = number(&[d0, d1])?;
    let leap_day = i64::from(month > 2 && is_leap(year));
    if !(1..=month_length(year, month)).contains(&day) {
        return None;
    }
    let before_month = *DAYS_BEFORE_MONTH.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    // The year 0 was a leap year, too: its day stands for the first of the month, which is 1.
    let before = year.checked_sub(1)?;
    let leap_days = (before / 4).saturating_sub(before / 100).saturating_add(before / 400);
    let parts = [leap_days, before_month, leap_day, day, -DAYS_BEFORE_1970];
    let days = parts.into_iter().fold(year.saturating_mul(365), i64::saturating_add);
    let minutes = days.saturating_mul(1_440).saturating_sub(utc_offset_minutes.into());
    Some(UnixMillis(minutes.saturating_mul(60_000)))
}

const DAYS_BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_BEFORE_1970: i64 = 719_528;

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn number(digits: &[u8]) -> Option<i64> {
    let digit = |byte: &u8| char::from(*byte).to_digit(10).map(i64::from);
    digits.iter().try_fold(0, |number: i64, byte| digit(byte)?.checked_add(number.checked_mul(10)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_one_another_from_1970_on() {
        let lengths = |year| {
            let february = if is_leap(year) { 29 } else { 28 };
            [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        };
        let mut expected = 0;
        for year in 1970..2110 {
            for (month, length) in (1..).zip(lengths(year)) {
                for day in 1..=length {
                    let date = format!("{year:04}-{month:02}-{day:02}");
                    assert_eq!(begins_at(&date, 0), Some(UnixMillis(expected)), "{date}");
                    expected += 86_400_000;
                }
            }
        }
    }

    #[test]
    fn days_begin_earlier_in_the_east() {
        let begin = |offset| begins_at("2026-07-01", offset).unwrap().0;
        assert_eq!(begin(0) - begin(60), 3_600_000);
        assert_eq!(begin(0) - begin(-300), -18_000_000);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "2026-7-1", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "x"] {
            assert_eq!(begins_at(text, 0), None, "{text}");
        }
        for text in ["2026-02-29", "2024-02-30", "2026-02-31", "2100-02-29", "2026-04-31"] {
            assert_eq!(begins_at(text, 0), None, "{text}");
        }
        assert_eq!(begins_at("２０２６-01-01", 0), None);
    }
}
