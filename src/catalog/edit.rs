//! What may be done to a code that is there (domain 1.4, "States"): the transitions, and what each
//! refuses.
//!
//! - [`Standing`] is what can change about a code; [`Change`] is what somebody wants.
//! - [`Refused`] is why a code stays as it is.
//!
//! Nothing is deleted: what was true of an order's instant stays true, so that a late order is
//! credited as if it had come in time (rule 28).

use crate::id::DealId;
use crate::time::{Schedule, ScheduleState, UnixMillis};
use crate::zone::{Boundary, DateError, DateReader, Notation, Zone};

/// What can change about a code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// First instant it is active.
    pub start_at: Option<UnixMillis>,
    /// First instant it is no longer active, as authored.
    pub end_at: Option<UnixMillis>,
    /// When somebody ended it; the earlier of the two ends counts.
    pub expired_at: Option<UnixMillis>,
    /// IANA name of the zone of its dates.
    pub time_zone: Option<String>,
    /// The offer it stands for.
    pub deal: Option<DealId>,
    /// How often it may be used in all.
    pub max_redemptions: Option<u32>,
    /// How often each customer may use it.
    pub max_redemptions_per_customer: Option<u32>,
    /// Whether shoppers' browsers may know it.
    pub public: bool,
    /// A note to the partner.
    pub comments: Option<String>,
}

/// What somebody wants done to a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// End it now.
    Expire,
    /// Take its end away, or set another.
    Reactivate {
        /// The new end as it is written; `Some(None)` for none. Left out: the authored one.
        end_at: Option<Option<String>>,
    },
    /// Move its dates.
    Dates(Dates),
    /// Give it another offer, or none.
    Deal(Option<DealId>),
}

/// Dates as they are written; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates {
    /// The start; `Some(None)`: since ever.
    pub start_at: Option<Option<String>>,
    /// The end; `Some(None)`: for ever.
    pub end_at: Option<Option<String>>,
    /// The zone that they are read in, and shown in from then on; `Some(None)`: the programme's.
    pub time_zone: Option<Option<String>>,
}

/// Why a code stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It is expired already.
    AlreadyExpired,
    /// It is not expired.
    NotExpired,
    /// Its authored end is past: reactivating it asks for another, or none.
    EndIsPast,
    /// Somebody expired it: reactivate it first.
    Expired,
    /// Its end would not be after its start.
    Empty,
    /// It would have ended before now: orders that were placed since would be judged anew.
    Retroactive,
    /// A date cannot be read in the code's zone.
    Date(DateError),
    /// It is so already.
    Same,
}

impl Refused {
    /// The stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Refused::AlreadyExpired => "already_expired",
            Refused::NotExpired => "not_expired",
            Refused::EndIsPast => "end_is_past",
            Refused::Expired => "expired",
            Refused::Empty => "empty_schedule",
            Refused::Retroactive => "retroactive",
            Refused::Date(_) => "date",
            Refused::Same => "same",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Refused::AlreadyExpired | Refused::NotExpired | Refused::Same => {
                "nothing: it is as it was asked to be".to_owned()
            }
            Refused::EndIsPast => {
                "give an end_at after now, or null for none: the authored end is past".to_owned()
            }
            Refused::Expired => "reactivate it first, with the end that it is to have".to_owned(),
            Refused::Empty => "choose an end after the start".to_owned(),
            Refused::Retroactive => {
                "expire it: that ends it now, and orders placed before keep their code".to_owned()
            }
            Refused::Date(error) => format!("expected {error}"),
        }
    }
}

impl Standing {
    /// When the code is active by itself, whatever its deal says.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        let expired = Schedule { start_at: None, end_at: self.expired_at };
        Schedule { start_at: self.start_at, end_at: self.end_at }.narrowed_to(&expired)
    }

    /// Where an instant lies in the code's schedule, inside that of a deal that it is synchronised
    /// with (rule 44).
    #[must_use]
    pub fn state_at(&self, at: UnixMillis, deal: Option<&Schedule>) -> ScheduleState {
        let own = self.schedule();
        deal.map_or(own, |deal| own.narrowed_to(deal)).state_at(at)
    }

    /// What the code is after a change at this instant. `program` is the zone of dates that name
    /// none.
    ///
    /// # Errors
    ///
    /// [`Refused`], and the code stays as it is.
    pub fn changed(
        &self,
        change: &Change,
        at: UnixMillis,
        program: &Zone,
    ) -> Result<Standing, Refused> {
        match change {
            Change::Expire => self.expire(at),
            Change::Reactivate { end_at } => self.reactivate(end_at.as_ref(), at, program),
            Change::Dates(dates) => self.reschedule(dates, at, program),
            Change::Deal(deal) if *deal == self.deal => Err(Refused::Same),
            Change::Deal(deal) => Ok(Standing { deal: deal.clone(), ..self.clone() }),
        }
    }

    fn expire(&self, at: UnixMillis) -> Result<Standing, Refused> {
        if self.schedule().state_at(at) == ScheduleState::Expired {
            return Err(Refused::AlreadyExpired);
        }
        Ok(Standing { expired_at: Some(at), ..self.clone() })
    }

    /// Takes away the end that somebody made, and so restores the whole interval.
    fn reactivate(
        &self,
        end_at: Option<&Option<String>>,
        at: UnixMillis,
        program: &Zone,
    ) -> Result<Standing, Refused> {
        if self.schedule().state_at(at) != ScheduleState::Expired {
            return Err(Refused::NotExpired);
        }
        let end_at = match end_at {
            None => self.end_at,
            Some(text) => self.read(text.as_deref(), Boundary::End, program)?,
        };
        if end_at.is_some_and(|end| end <= at) {
            return Err(Refused::EndIsPast);
        }
        let active = Standing { end_at, expired_at: None, ..self.clone() };
        if active.schedule().is_empty() { Err(Refused::Empty) } else { Ok(active) }
    }

    fn reschedule(
        &self,
        dates: &Dates,
        at: UnixMillis,
        program: &Zone,
    ) -> Result<Standing, Refused> {
        let mut moved = self.clone();
        if let Some(time_zone) = &dates.time_zone {
            moved.time_zone.clone_from(time_zone);
        }
        if let Some(start) = &dates.start_at {
            moved.start_at = moved.read(start.as_deref(), Boundary::Start, program)?;
        }
        if let Some(end) = &dates.end_at {
            moved.end_at = moved.read(end.as_deref(), Boundary::End, program)?;
        }
        let is_moved = (moved.start_at, moved.end_at) != (self.start_at, self.end_at);
        if moved == *self {
            Err(Refused::Same)
        } else if is_moved && self.expired_at.is_some() {
            Err(Refused::Expired)
        } else if moved.schedule().is_empty() && is_moved {
            Err(Refused::Empty)
        } else if moved.end_at != self.end_at && moved.end_at.is_some_and(|end| end < at) {
            Err(Refused::Retroactive)
        } else {
            Ok(moved)
        }
    }

    /// Reads a date in the code's own zone, else in the programme's.
    fn read(
        &self,
        text: Option<&str>,
        boundary: Boundary,
        program: &Zone,
    ) -> Result<Option<UnixMillis>, Refused> {
        let Some(text) = text else { return Ok(None) };
        let own = self.time_zone.as_deref().and_then(Zone::parse);
        let dates = DateReader { own: own.as_ref(), program, notation: Notation::Json };
        dates.read(text, boundary).map(|read| Some(read.at)).map_err(Refused::Date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000);
    /// 1970-01-01T00:00:02Z, and as it is written.
    const LATER: (UnixMillis, &str) = (UnixMillis(2_000), "1970-01-01T00:00:02Z");

    /// A code from `start` to `end`, ended at `expired`.
    fn code(start: Option<i64>, end: Option<i64>, expired: Option<i64>) -> Standing {
        Standing {
            start_at: start.map(UnixMillis),
            end_at: end.map(UnixMillis),
            expired_at: expired.map(UnixMillis),
            ..Standing::default()
        }
    }

    #[track_caller]
    fn check(before: &Standing, change: &Change, expected: &Result<Standing, &str>) {
        let utc = Zone::parse("UTC").unwrap();
        let changed = before.changed(change, NOW, &utc);
        assert_eq!(&changed.map_err(|refused| refused.name()), expected);
    }

    fn reactivate(end_at: Option<Option<&str>>) -> Change {
        Change::Reactivate { end_at: end_at.map(|end| end.map(str::to_owned)) }
    }

    fn dates(start: Option<Option<&str>>, end: Option<Option<&str>>) -> Change {
        let own = |date: Option<Option<&str>>| date.map(|date| date.map(str::to_owned));
        Change::Dates(Dates { start_at: own(start), end_at: own(end), time_zone: None })
    }

    #[test]
    fn expiring_ends_now_and_not_before() {
        check(&code(None, None, None), &Change::Expire, &Ok(code(None, None, Some(1_000))));
        // One that has not begun never will.
        let pending = code(Some(1_500), None, None);
        let ended = code(Some(1_500), None, Some(1_000));
        check(&pending, &Change::Expire, &Ok(ended.clone()));
        assert_eq!(ended.state_at(NOW, None), ScheduleState::Expired);
        assert_eq!(ended.state_at(UnixMillis(1_600), None), ScheduleState::Expired);
        // Rule 28: at the instant it is over, the millisecond before it was not.
        let ended = code(None, None, Some(1_000));
        assert_eq!(ended.state_at(NOW, None), ScheduleState::Expired);
        assert_eq!(ended.state_at(UnixMillis(999), None), ScheduleState::Active);
        for over in [code(None, Some(900), None), code(None, None, Some(900))] {
            check(&over, &Change::Expire, &Err("already_expired"));
        }
    }

    #[test]
    fn reactivating_restores_the_whole_interval() {
        let ended = code(Some(1), Some(5_000), Some(900));
        check(&ended, &reactivate(None), &Ok(code(Some(1), Some(5_000), None)));
        check(&code(None, None, Some(900)), &reactivate(None), &Ok(code(None, None, None)));
        check(&code(None, None, None), &reactivate(None), &Err("not_expired"));
        // One that was ended before it began begins when it was to.
        let never = code(Some(5_000), None, Some(900));
        check(&never, &reactivate(None), &Ok(code(Some(5_000), None, None)));
    }

    #[test]
    fn a_past_end_has_to_be_replaced_by_name() {
        let over = code(None, Some(900), None);
        check(&over, &reactivate(None), &Err("end_is_past"));
        check(&over, &reactivate(Some(None)), &Ok(code(None, None, None)));
        check(&over, &reactivate(Some(Some(LATER.1))), &Ok(code(None, Some(2_000), None)));
        let past = "1970-01-01T00:00:01Z";
        check(&over, &reactivate(Some(Some(past))), &Err("end_is_past"));
        check(&over, &reactivate(Some(Some("soon"))), &Err("date"));
        let late = code(Some(3_000), Some(4_000), Some(900));
        check(&late, &reactivate(Some(Some(LATER.1))), &Err("empty_schedule"));
    }

    #[test]
    fn dates_move_forward_only_at_their_end() {
        let open = code(None, None, None);
        check(&open, &dates(None, Some(Some(LATER.1))), &Ok(code(None, Some(2_000), None)));
        check(&open, &dates(Some(Some(LATER.1)), None), &Ok(code(Some(2_000), None, None)));
        check(&open, &dates(None, Some(Some("1970-01-01T00:00:00Z"))), &Err("retroactive"));
        check(&open, &dates(None, None), &Err("same"));
        check(&open, &dates(Some(Some(LATER.1)), Some(Some(LATER.1))), &Err("empty_schedule"));
        check(&open, &dates(Some(Some("2026-13-01")), None), &Err("date"));
        let ended = code(None, None, Some(900));
        check(&ended, &dates(None, Some(Some(LATER.1))), &Err("expired"));
    }

    #[test]
    fn dates_are_read_in_the_codes_own_zone() {
        // Rule 26: the zone's name replaces the offset.
        let zone = Some(Some("America/New_York".to_owned()));
        let start_at = Some(Some("2026-07-01T00:00:00-07:00".to_owned()));
        let moved = Change::Dates(Dates { start_at, end_at: None, time_zone: zone });
        let utc = Zone::parse("UTC").unwrap();
        let moved = code(None, None, None).changed(&moved, NOW, &utc).unwrap();
        assert_eq!(moved.start_at, Some(UnixMillis(1_782_878_400_000)));
        assert_eq!(moved.time_zone.as_deref(), Some("America/New_York"));
    }

    #[test]
    fn another_deal_is_a_change_and_the_same_is_none() {
        let ten = DealId::parse("ten").ok();
        let with =
            |deal: &Option<DealId>| Standing { deal: deal.clone(), ..code(None, None, None) };
        check(&with(&None), &Change::Deal(ten.clone()), &Ok(with(&ten)));
        check(&with(&ten), &Change::Deal(None), &Ok(with(&None)));
        check(&with(&ten), &Change::Deal(ten.clone()), &Err("same"));
    }

    #[test]
    fn a_synchronised_deal_ends_the_code_with_it() {
        // Rule 44, with and without.
        let over = Schedule { start_at: None, end_at: Some(UnixMillis(500)) };
        let open = code(None, None, None);
        assert_eq!(open.state_at(NOW, Some(&over)), ScheduleState::Expired);
        assert_eq!(open.state_at(NOW, None), ScheduleState::Active);
    }
}
