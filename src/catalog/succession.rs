//! Codes whose text has been other codes' before: when they begin, and what they are known by.
//!
//! - [`Newcomer`] is a code that is to be created; [`Earlier`] one that has had its text.

use crate::code::{MatchType, derive_code_id};
use crate::id::ProgramId;
use crate::time::{Schedule, UnixMillis};

/// What of a code that is to be created decides its id and its start.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// How typed codes are compared with it.
    pub match_type: MatchType,
    /// The folded text, or the pattern.
    pub text: &'a str,
    /// As authored.
    pub schedule: Schedule,
    /// When it was created.
    pub created_at: UnixMillis,
}

/// A code that has had the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub owner: Option<String>,
    /// When it is active by itself.
    pub schedule: Schedule,
}

/// What a newcomer is created as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// Its id.
    pub id: String,
    /// Its start.
    pub start_at: Option<UnixMillis>,
}

impl Newcomer<'_> {
    /// When it begins. One without a start begins now where its text has been another code's
    /// before: what was ordered until now stays that one's (rule 11).
    #[must_use]
    pub fn start_at(&self, has_earlier: bool, now: UnixMillis) -> Option<UnixMillis> {
        let is_successor = has_earlier && self.match_type == MatchType::Exact;
        self.schedule.start_at.or(is_successor.then_some(now))
    }

    /// The id that follows from what it is; where another code has that, one that follows from when
    /// it was created.
    #[must_use]
    pub fn own_id(&self, program: &ProgramId, is_taken: impl Fn(&str) -> bool) -> String {
        let derived = |start| derive_code_id(program, self.match_type, self.text, start);
        let own = derived(self.schedule.start_at);
        if !is_taken(&own) {
            return own;
        }
        // Several codes of one text can be created at one instant.
        let others = (0..).map(|tie| derived(Some(self.created_at.plus_ms(tie))));
        others.into_iter().find(|id| !is_taken(id)).unwrap_or(own)
    }

    /// What it becomes beside the codes that have had its text.
    ///
    /// # Errors
    ///
    /// The one of them that it would meet.
    pub fn among<'e>(
        &self,
        earlier: &'e [Earlier],
        program: &ProgramId,
        now: UnixMillis,
        is_taken: impl Fn(&str) -> bool,
    ) -> Result<Successor, &'e Earlier> {
        let start_at = self.start_at(!earlier.is_empty(), now);
        let schedule = Schedule { start_at, ..self.schedule };
        let meets = |other: &&Earlier| other.schedule.overlaps(&schedule);
        if let (MatchType::Exact, Some(other)) = (self.match_type, earlier.iter().find(meets)) {
            return Err(other);
        }
        let is_known = |id: &str| earlier.iter().any(|other| other.id == id);
        let begun = Newcomer { schedule, ..*self };
        let id = begun.own_id(program, |id| is_known(id) || is_taken(id));
        Ok(Successor { id, start_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000);

    fn program() -> ProgramId {
        ProgramId::parse("1000").unwrap()
    }

    fn newcomer(start_at: Option<i64>) -> Newcomer<'static> {
        Newcomer {
            match_type: MatchType::Exact,
            text: "SAVE10",
            schedule: Schedule { start_at: start_at.map(UnixMillis), end_at: None },
            created_at: NOW,
        }
    }

    fn earlier(id: &str, start_at: Option<i64>, end_at: i64) -> Earlier {
        let schedule =
            Schedule { start_at: start_at.map(UnixMillis), end_at: Some(UnixMillis(end_at)) };
        Earlier { id: id.to_owned(), owner: None, schedule }
    }

    #[test]
    fn a_text_without_a_past_keeps_its_start() {
        let alone = newcomer(None).among(&[], &program(), NOW, |_| false).unwrap();
        assert_eq!(alone.start_at, None);
        assert_eq!(alone.id, newcomer(None).own_id(&program(), |_| false));
    }

    #[test]
    fn a_successor_begins_when_it_is_created() {
        let before = [earlier("old", None, 900)];
        let next = newcomer(None).among(&before, &program(), NOW, |_| false).unwrap();
        assert_eq!(next.start_at, Some(NOW));
    }

    #[test]
    fn a_code_that_is_still_active_is_met() {
        let before = [earlier("old", None, 900), earlier("new", Some(950), 1_001)];
        let met = newcomer(None).among(&before, &program(), NOW, |_| false).unwrap_err();
        assert_eq!(met.id, "new");
    }

    #[test]
    fn ids_of_one_text_differ_however_many_there_are() {
        let mut taken: Vec<String> = Vec::new();
        for _ in 0..5 {
            let id = newcomer(Some(5)).own_id(&program(), |id| taken.iter().any(|it| it == id));
            assert!(!taken.contains(&id));
            taken.push(id);
        }
    }
}
