//! Instants and schedules. Zones and calendars stay in the rim; here time is a number.
//!
//! - [`UnixMillis`] is an instant.
//! - [`Schedule`] is a half-open interval, `start <= t < end`.
//! - [`ScheduleState`] is where an instant lies in one.

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixMillis(pub i64);

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

impl UnixMillis {
    /// So many days of 24 hours later, whatever clocks were put forward meanwhile; at most the last
    /// instant there is.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        UnixMillis(self.0.saturating_add(DAY_MS.saturating_mul(days.into())))
    }

    /// So many days of 24 hours earlier, whatever clocks were put forward meanwhile; at least the
    /// first instant there is.
    #[must_use]
    pub fn minus_days(self, days: u32) -> Self {
        UnixMillis(self.0.saturating_sub(DAY_MS.saturating_mul(days.into())))
    }

    /// So many milliseconds later; at most the last instant there is.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        UnixMillis(self.0.saturating_add(ms))
    }
}

/// When something is in force: from its start on, up to but not at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Schedule {
    /// First instant in force; `None`: since ever.
    pub start_at: Option<UnixMillis>,
    /// First instant no longer in force; `None`: for ever.
    pub end_at: Option<UnixMillis>,
}

/// Where an instant lies in a [`Schedule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleState {
    /// Before the start.
    Pending,
    /// In force.
    Active,
    /// At or after the end.
    Expired,
}

impl Schedule {
    /// In force since ever and for ever.
    pub const ALWAYS: Schedule = Schedule { start_at: None, end_at: None };

    /// The state at an instant. The end wins over the start: an empty schedule is pending, then
    /// expired, never active.
    #[must_use]
    pub fn state_at(&self, at: UnixMillis) -> ScheduleState {
        if self.end_at.is_some_and(|end| end <= at) {
            ScheduleState::Expired
        } else if self.start_at.is_some_and(|start| at < start) {
            ScheduleState::Pending
        } else {
            ScheduleState::Active
        }
    }

    /// Whether there is an instant at which both are in force.
    #[must_use]
    pub fn overlaps(&self, other: &Schedule) -> bool {
        !self.narrowed_to(other).is_empty()
    }

    /// What is left of this schedule inside another.
    #[must_use]
    pub fn narrowed_to(&self, other: &Schedule) -> Schedule {
        let end_at = match (self.end_at, other.end_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Schedule { start_at: self.start_at.max(other.start_at), end_at }
    }

    /// Whether no instant lies in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!((self.start_at, self.end_at), (Some(start), Some(end)) if end <= start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(start: Option<i64>, end: Option<i64>) -> Schedule {
        Schedule { start_at: start.map(UnixMillis), end_at: end.map(UnixMillis) }
    }

    #[test]
    fn days_end_where_time_does() {
        assert_eq!(UnixMillis(5).plus_days(2), UnixMillis(172_800_005));
        assert_eq!(UnixMillis(5).minus_days(2), UnixMillis(-172_799_995));
        assert_eq!(UnixMillis(5).plus_days(0), UnixMillis(5));
        assert_eq!(UnixMillis(i64::MAX).plus_days(1), UnixMillis(i64::MAX));
        assert_eq!(UnixMillis(i64::MIN).minus_days(u32::MAX), UnixMillis(i64::MIN));
    }

    #[test]
    fn schedules_are_half_open() {
        let july = schedule(Some(10), Some(20));
        assert_eq!(july.state_at(UnixMillis(9)), ScheduleState::Pending);
        assert_eq!(july.state_at(UnixMillis(10)), ScheduleState::Active);
        assert_eq!(july.state_at(UnixMillis(19)), ScheduleState::Active);
        assert_eq!(july.state_at(UnixMillis(20)), ScheduleState::Expired);
    }

    #[test]
    fn schedules_that_only_touch_do_not_overlap() {
        assert!(!schedule(None, Some(20)).overlaps(&schedule(Some(20), None)));
        assert!(schedule(None, Some(21)).overlaps(&schedule(Some(20), None)));
        assert!(!schedule(Some(5), Some(5)).overlaps(&Schedule::ALWAYS));
    }

    #[test]
    fn narrowing_keeps_the_later_start_and_the_earlier_end() {
        let narrowed = schedule(Some(1), None).narrowed_to(&schedule(None, Some(9)));
        assert_eq!(narrowed, schedule(Some(1), Some(9)));
        assert!(schedule(Some(9), None).narrowed_to(&schedule(None, Some(9))).is_empty());
    }
}
