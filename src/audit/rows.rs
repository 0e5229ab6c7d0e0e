//! What the row of an entry says in the reports' database: what `reports.sql` makes of the entry
//! there, made of it here.

use crate::id::ProgramId;
use crate::ledger::place::{self, OrderKey};
use crate::wire::{Entry, EntryError, OrderName, ReportRow};

use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// What is kept of a row: half of its SHA-256, since nobody gains by a collision.
pub(super) type Digest = [u8; 16];

/// Where an entry is from.
pub(super) struct Source<'a> {
    pub program: &'a ProgramId,
    pub object: &'a str,
    pub key: &'a OrderKey,
    pub name: &'a OrderName,
}

/// What of a body the reports have. Each kind of entry has some of it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    placed_at: Option<i64>,
    approve_at: Option<i64>,
    order: Option<OrderPart>,
    decision: Option<DecisionPart>,
    subtotal_minor: Option<i64>,
    discount_minor: Option<i64>,
    payout_minor: Option<i64>,
    payout_change_minor: Option<i64>,
    reason: Option<String>,
    generation: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OrderPart {
    customer_id: Option<String>,
    country: Option<String>,
    currency: Option<String>,
    subtotal_minor: Option<i64>,
    discount_minor: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DecisionPart {
    code: Option<CodePart>,
    credited: Option<CreditedPart>,
    payout: Option<PayoutPart>,
    snapshot: Option<SnapshotPart>,
}

#[derive(Deserialize)]
struct CodePart {
    id: Option<String>,
    typed: Option<String>,
}

#[derive(Deserialize)]
struct CreditedPart {
    partner: Option<String>,
    basis: Option<String>,
}

#[derive(Deserialize)]
struct PayoutPart {
    rule: Option<String>,
    amount_minor: Option<i64>,
}

#[derive(Deserialize)]
struct SnapshotPart {
    id: Option<String>,
}

/// The row that an entry has once it has arrived.
///
/// # Errors
///
/// [`EntryError::Json`] when the entry was not written by this code.
pub(super) fn of(source: &Source<'_>, entry: &Entry) -> Result<ReportRow, EntryError> {
    let body: Body = entry.facts()?;
    let order = body.order.unwrap_or_default();
    let DecisionPart { code, credited, payout, snapshot } = body.decision.unwrap_or_default();
    let (code_id, typed_code) = code.map(|it| (it.id, it.typed)).unwrap_or_default();
    let (partner, basis) = credited.map(|it| (it.partner, it.basis)).unwrap_or_default();
    let (payout_rule, paid) = payout.map(|it| (it.rule, it.amount_minor)).unwrap_or_default();
    let Source { program, object, key, name } = source;
    Ok(ReportRow {
        id: place::entry_id(program, key, entry.number),
        object: (*object).to_owned(),
        event_type: name.event_type.clone(),
        order_id: name.order_id.clone(),
        number: entry.number.into(),
        kind: entry.kind.name().to_owned(),
        at: entry.at,
        revision: entry.revision.into(),
        placed_at: body.placed_at,
        approve_at: body.approve_at,
        code_id,
        typed_code,
        partner,
        basis,
        payout_rule,
        customer: order.customer_id,
        country: order.country,
        currency: order.currency,
        subtotal_minor: order.subtotal_minor.or(body.subtotal_minor),
        discount_minor: order.discount_minor.or(body.discount_minor),
        payout_minor: paid.or(body.payout_minor),
        payout_change_minor: paid.or(body.payout_change_minor),
        reason: body.reason,
        snapshot_id: snapshot.and_then(|it| it.id),
        generation: body.generation,
    })
}

/// What two rows have in common only when they say the same.
pub(super) fn digest(row: &ReportRow) -> Option<Digest> {
    let hash = Sha256::digest(serde_json::to_vec(row).ok()?);
    hash.first_chunk().copied()
}

/// The first column in which a row differs from the one that should be there, and its values: what
/// is expected, and what is there.
pub(super) fn difference(ours: Option<&ReportRow>, theirs: &ReportRow) -> (String, String) {
    let theirs = columns(theirs);
    let differs = |(name, value): &(String, Value)| theirs.get(name) != Some(value);
    match ours.map(columns).into_iter().flatten().find(differs) {
        // A hash in a report of an audit would be kept for longer than in the ledger.
        Some((name, _)) if name == "customer" => {
            ("customer of the entry".to_owned(), "another customer".to_owned())
        }
        Some((name, value)) => {
            let got = theirs.get(&name).unwrap_or(&Value::Null);
            (format!("{name} {value}"), format!("{name} {got}"))
        }
        None => ("what the entry says".to_owned(), "something else".to_owned()),
    }
}

/// A row's columns by name.
fn columns(row: &ReportRow) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => columns,
        _ => Map::new(),
    }
}
