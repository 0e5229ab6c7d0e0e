//! What credit is decided by: steps 1 to 4 of the domain (1.5).

use super::{OrderCode, Uses};
use crate::code::{Nfkc, TypedCode};
use crate::id::PartnerId;
use crate::matching::{self, Match};
use crate::order::{Case, Click, ClickPathUse};
use crate::partner::{CreditGroup, Partner, Standing};
use crate::program::{Attribution, ClickModel, Program};
use crate::reason::Rejection;
use crate::snapshot::{Shards, Snapshot, SnapshotError};
use crate::time::UnixMillis;
use crate::trace::{ClickCounts, CodesOff, Step};

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What steps 5 to 9 go by.
pub struct Facts<'a> {
    pub attribution: Attribution,
    pub case: &'a Case,
    pub code: Option<&'a OrderCode>,
    pub owner: Option<Partner>,
    pub clicks: &'a [Eligible<'a>],
    pub winner: Option<&'a Eligible<'a>>,
    pub uses: Uses,
}

/// A click that counts.
pub struct Eligible<'a> {
    pub click: &'a Click,
    pub group: CreditGroup,
}

/// The codes of an order, told apart.
pub struct TypedCodes {
    pub code: Option<OrderCode>,
    pub unused: Vec<String>,
}

/// Steps 1 and 2: the first typed code that matches an active one is the order's.
pub fn order_code<B: AsRef<[u8]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B>,
    shards: &S,
    program: &Program,
    (case, nfkc): (&Case, Nfkc),
    trace: &mut Vec<Step>,
) -> Result<TypedCodes, SnapshotError> {
    let mut unused = Vec::new();
    if let Some(because) = codes_off(program, case) {
        if !case.promo_codes.is_empty() {
            trace.push(Step::CodesOff { because });
        }
        unused.clone_from(&case.promo_codes);
        return Ok(TypedCodes { code: None, unused });
    }
    let mut code = None;
    let mut untried = 0u64;
    for (position, received) in (1..).zip(&case.promo_codes) {
        if code.is_some() {
            untried = untried.saturating_add(1);
        } else {
            match active_code(snapshot, shards, program, received, case.placed_at, nfkc)? {
                Ok(found) => {
                    let (code_id, owner) = (found.found.code_id(), found.found.owner().cloned());
                    trace.push(Step::CodeMatched { position, code_id, owner });
                    code = Some(found);
                    continue;
                }
                Err(because) => trace.push(Step::CodeUnused { position, because }),
            }
        }
        unused.push(received.clone());
    }
    if untried > 0 {
        trace.push(Step::CodesUntried { count: untried });
    }
    Ok(TypedCodes { code, unused })
}

/// Step 1: whether codes apply at all.
fn codes_off(program: &Program, case: &Case) -> Option<CodesOff> {
    let event_type = program.event_types.iter().find(|known| known.id == case.event_type);
    if !program.tracking {
        Some(CodesOff::Program)
    } else if event_type.is_some_and(|known| known.promo_codes) {
        None
    } else {
        Some(CodesOff::EventType)
    }
}

fn active_code<B: AsRef<[u8]>, S: Shards + ?Sized>(
    snapshot: &Snapshot<B>,
    shards: &S,
    program: &Program,
    received: &str,
    at: UnixMillis,
    nfkc: Nfkc,
) -> Result<Result<OrderCode, Rejection>, SnapshotError> {
    let typed = match TypedCode::parse(received, nfkc) {
        Ok(typed) => typed,
        Err(malformed) => return Ok(Err(Rejection::Malformed(malformed))),
    };
    Ok(match matching::find(snapshot, shards, program, &typed, at)? {
        Match::Active(found) => Ok(OrderCode { typed, found }),
        Match::NotStarted(_) => Err(Rejection::NotStarted),
        Match::Expired(_) => Err(Rejection::Expired),
        Match::Unknown => Err(Rejection::UnknownCode),
    })
}

/// Step 3: clicks of known, active partners, inside the window of the contract in force when the
/// order was placed.
pub fn eligible_clicks<'a, B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    program: &Program,
    case: &'a Case,
    trace: &mut Vec<Step>,
) -> Result<Vec<Eligible<'a>>, SnapshotError> {
    let mut clickers: BTreeMap<&PartnerId, Option<Clicker>> = BTreeMap::new();
    let mut counts = ClickCounts::default();
    let mut eligible = Vec::new();
    for click in &case.clicks {
        let clicker = match clickers.entry(&click.partner) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let standing = snapshot.find_standing(&click.partner, case.placed_at)?;
                *new.insert(standing.map(|it| Clicker::of(it, program, case.placed_at)))
            }
        };
        let count = match clicker {
            None => &mut counts.unknown_partner,
            Some(clicker) if !clicker.active => &mut counts.inactive_partner,
            Some(_) if click.at > case.placed_at => &mut counts.after_order,
            Some(clicker) if click.at < clicker.window_start_at => &mut counts.outside_window,
            Some(clicker) => {
                eligible.push(Eligible { click, group: clicker.group });
                &mut counts.eligible
            }
        };
        *count = count.saturating_add(1);
    }
    if case.click_path == ClickPathUse::Ignored {
        trace.push(Step::ClickPathIgnored);
    }
    if !case.clicks.is_empty() {
        trace.push(Step::ClicksCounted(counts));
    }
    Ok(eligible)
}

/// What step 3 needs of a partner who clicked.
#[derive(Clone, Copy)]
struct Clicker {
    active: bool,
    group: CreditGroup,
    window_start_at: UnixMillis,
}

impl Clicker {
    fn of(standing: Standing, program: &Program, at: UnixMillis) -> Self {
        let default = program.attribution.referral_window_days;
        let days = standing.referral_window_days.unwrap_or(default);
        Clicker {
            active: standing.active,
            group: standing.credit_group,
            window_start_at: at.minus_days(days),
        }
    }
}

/// Step 4: the last or the first click of the highest credit group present.
pub fn click_winner<'a>(
    clicks: &'a [Eligible<'a>],
    model: ClickModel,
    trace: &mut Vec<Step>,
) -> Option<&'a Eligible<'a>> {
    let highest = clicks.iter().map(|eligible| eligible.group).min()?;
    let present = clicks.iter().filter(|eligible| eligible.group == highest);
    let winner = match model {
        // Of equal ones `max_by_key` takes the last and `min_by_key` the first.
        ClickModel::LastClick => present.max_by_key(|eligible| eligible.click.at),
        ClickModel::FirstClick => present.min_by_key(|eligible| eligible.click.at),
    }?;
    let Click { partner, at } = winner.click;
    trace.push(Step::ClickWinner { winner: partner.clone(), at: *at, group: winner.group });
    Some(winner)
}

impl Facts<'_> {
    pub fn winner_id(&self) -> Option<&PartnerId> {
        self.winner.map(|winner| &winner.click.partner)
    }

    pub fn has_eligible_click(&self, partner: &PartnerId) -> bool {
        self.clicks.iter().any(|eligible| eligible.click.partner == *partner)
    }
}
