//! Typed code -> which promo code.
//!
//! - [`find`] looks one up in a snapshot.
//! - [`suggest`] finds the public code that was meant.
//! - [`Match`] is what [`find`] found: a code that is active, or the closest thing to one.

use crate::code::{CodeTerms, FoldedCode, MatchType, TypedCode, derive_code_id};
use crate::deal::Deal;
use crate::id::{PartnerId, ProgramId};
use crate::program::Program;
use crate::snapshot::{Delta, Shards, Snapshot, SnapshotError};
use crate::time::{Schedule, ScheduleState, UnixMillis};

/// What a typed code matches at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// This code, which is active.
    Active(Found),
    /// No active code, but one that will be.
    NotStarted(Found),
    /// Only codes that were active.
    Expired(Found),
    /// Nothing.
    Unknown,
}

/// A promo code that a typed one matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How the typed code matched it.
    pub match_type: MatchType,
    /// Everything else about it.
    pub terms: CodeTerms,
    program: ProgramId,
    folded: FoldedCode,
}

impl Found {
    /// The code's id, derived where the catalogue gave none, which hashes the text: a shopper's
    /// answer has no use for it and does not pay for it. A regular expression's text is not in
    /// the snapshot, so its id always is.
    #[must_use]
    pub fn code_id(&self) -> String {
        let start = self.terms.schedule.start_at;
        match &self.terms.id {
            Some(id) => id.to_string(),
            None => derive_code_id(&self.program, self.match_type, self.folded.as_str(), start),
        }
    }

    /// The text that exact codes are compared by.
    #[must_use]
    pub fn folded(&self) -> &FoldedCode {
        &self.folded
    }

    /// The offer that the code stands for, while that is in force.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the snapshot cannot be read.
    pub fn deal_in_force<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>>(
        &self,
        snapshot: &Snapshot<B, L>,
        at: UnixMillis,
    ) -> Result<Option<Deal>, SnapshotError> {
        let deal = self.terms.deal.as_ref().map(|id| snapshot.deal(id)).transpose()?;
        Ok(deal.filter(|deal| deal.is_in_force(at)))
    }

    /// The partner or media source that the code can credit; `None` for a restricted code.
    #[must_use]
    pub fn owner(&self) -> Option<&PartnerId> {
        self.terms.owner()
    }
}

/// Finds the code that a typed one matches at an instant (domain 1.3).
///
/// Only active codes compete: an exact one before every regular expression, and among those the
/// earliest created. A typed code that matches no active exact one costs the same look-ups whether
/// or not it matches anything else, so that time tells a guesser nothing.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot cannot be read, or a shard that the code needs is not there.
pub fn find<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B, L>,
    shards: &S,
    program: &Program,
    typed: &TypedCode,
    at: UnixMillis,
) -> Result<Match, SnapshotError> {
    let folded = typed.fold(program.folding);
    let mut closest = Closest::default();
    let mut same_text = Vec::new();
    snapshot.find_exact(&folded, shards, |terms_index| same_text.push(terms_index))?;
    for (schedule, terms_index) in in_time_order(snapshot, &same_text)? {
        match schedule.state_at(at) {
            // Of those that are over, the last was the closest.
            ScheduleState::Expired => closest.expired = Some((MatchType::Exact, terms_index)),
            state => closest.consider(state, MatchType::Exact, terms_index),
        }
    }
    if closest.active.is_none() {
        for terms_index in snapshot.find_patterns(typed)? {
            let state = snapshot.terms_schedule(terms_index)?.state_at(at);
            closest.consider(state, MatchType::Regex, terms_index);
        }
    }
    let found = |(match_type, terms_index)| {
        let terms = snapshot.terms(terms_index)?;
        Ok(Found { match_type, terms, program: program.id.clone(), folded: folded.clone() })
    };
    Ok(match closest {
        Closest { active: Some(candidate), .. } => Match::Active(found(candidate)?),
        Closest { pending: Some(candidate), .. } => Match::NotStarted(found(candidate)?),
        Closest { expired: Some(candidate), .. } => Match::Expired(found(candidate)?),
        Closest { .. } => Match::Unknown,
    })
}

/// Did the shopper mean another code? The active exact code whose text looks like a typed one that
/// matches none, or would but for its separators; the nearest of several. In capitals, whatever
/// case the catalogue wrote it in.
///
/// It tells codes that were not typed, so it may be asked of nothing but a public bundle.
///
/// # Errors
///
/// As [`find`].
pub fn suggest<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B, L>,
    shards: &S,
    typed: &TypedCode,
    at: UnixMillis,
) -> Result<Option<TypedCode>, SnapshotError> {
    let program = snapshot.program()?;
    let itself = std::iter::once(typed.clone());
    for (distance, text) in itself.chain(typed.lookalikes()).enumerate() {
        if let Match::Active(found) = find(snapshot, shards, &program, &text, at)? {
            let is_other = distance > 0 && found.folded != typed.fold(program.folding);
            if found.match_type == MatchType::Exact || !is_other {
                return Ok(is_other.then_some(text));
            }
        }
    }
    Ok(None)
}

/// The codes of one text, the earliest first, wherever in the snapshot they stand. They are not
/// active at one time; those that never are stand in the order of their terms.
fn in_time_order<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>>(
    snapshot: &Snapshot<B, L>,
    same_text: &[u32],
) -> Result<Vec<(Schedule, u32)>, SnapshotError> {
    let with_schedule = |&terms: &u32| Ok((snapshot.terms_schedule(terms)?, terms));
    // Terms of one manifest stand in their order, so there their numbers say it.
    if same_text.len() < 2 || snapshot.deltas().is_empty() {
        let mut in_order: Vec<_> = same_text.iter().map(with_schedule).collect::<Result<_, _>>()?;
        in_order.sort_unstable();
        return Ok(in_order);
    }
    let mut in_order = Vec::with_capacity(same_text.len());
    for entry in same_text.iter().map(with_schedule) {
        let (schedule, index) = entry?;
        in_order.push((schedule, snapshot.terms(index)?, index));
    }
    in_order.sort();
    Ok(in_order.into_iter().map(|(schedule, _, index)| (schedule, index)).collect())
}

/// The first candidate in each state.
#[derive(Debug, Default)]
struct Closest {
    active: Option<Candidate>,
    pending: Option<Candidate>,
    expired: Option<Candidate>,
}

/// How a code was matched, and the index of its terms.
type Candidate = (MatchType, u32);

impl Closest {
    fn consider(&mut self, state: ScheduleState, match_type: MatchType, terms_index: u32) {
        let first = match state {
            ScheduleState::Active => &mut self.active,
            ScheduleState::Pending => &mut self.pending,
            ScheduleState::Expired => &mut self.expired,
        };
        first.get_or_insert((match_type, terms_index));
    }
}
