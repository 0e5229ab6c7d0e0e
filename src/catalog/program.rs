//! The authored program and its partners, checked.

use super::authored::{self, APPROVAL_DAYS_MAX};
use super::check::Check;
use super::complaint::ComplaintKind;
use super::payout::{self, Payouts};
use super::preset::Preset;
use crate::code::Folding;
use crate::partner::{Contract, Partner};
use crate::program::{EventType, Program};
use crate::zone::Zone;

/// The program without its event types, and its zone.
pub(super) fn program(
    check: &mut Check<'_>,
    authored: &authored::Program,
    preset: &Preset,
) -> Option<(Program, Zone)> {
    let id = check.id(&authored.id, "id");
    let currency = check.currency(&authored.currency, "currency");
    let zone = check.zone(&authored.time_zone, "time_zone");
    let approval_days = approval_days(check, authored.approval_days);
    let (id, currency, zone, approval_days) = (id?, currency?, zone?, approval_days?);
    let program = Program {
        id,
        name: authored.name.clone(),
        currency,
        time_zone: zone.name().to_owned(),
        tracking: authored.tracking,
        attribution: preset.fill(&authored.attribution),
        folding: Folding {
            separators: authored.folding.separators,
            lookalikes: authored.folding.lookalikes,
        },
        public_reasons: authored.public_reasons.into(),
        approval_days,
        event_types: Vec::new(),
    };
    Some((program, zone))
}

fn approval_days(check: &mut Check<'_>, days: u32) -> Option<u32> {
    if days <= APPROVAL_DAYS_MAX {
        return Some(days);
    }
    let expected = format!("0 to {APPROVAL_DAYS_MAX} days");
    let remedy = "an action that is not reversed has to be approved at some time";
    check.complain(ComplaintKind::Range, "approval_days", expected, days.to_string(), remedy);
    None
}

pub(super) fn event_type(
    check: &mut Check<'_>,
    authored: &authored::EventType,
) -> Option<EventType> {
    Some(EventType { id: check.id(&authored.id, "id")?, promo_codes: authored.promo_codes })
}

pub(super) fn partner(
    check: &mut Check<'_>,
    authored: &authored::Partner,
    (program, zone): (&Program, &Zone),
    payouts: &mut Payouts,
) -> Option<Partner> {
    let id = check.id(&authored.id, "id")?;
    let mut contracts = Vec::new();
    for (index, contract) in authored.contracts.iter().enumerate() {
        let path = format!("contracts[{index}]");
        let default_window = program.attribution.referral_window_days;
        let checked = self::contract(check, contract, &path, (default_window, zone));
        if let (Some(checked), Some(payout)) = (&checked, &contract.payout) {
            let mut reading = payout::Reading { check, program, payouts };
            let terms = reading.payout(payout, &format!("{path}.payout"));
            payouts.add(&id, &checked.id, terms);
        }
        contracts.extend(checked.map(|contract| (path, contract)));
    }
    contracts.sort_by_key(|(_, contract)| contract.schedule.start_at);
    check_contracts(check, &contracts);
    Some(Partner {
        id,
        name: authored.name.clone(),
        kind: authored.kind.into(),
        active: authored.active,
        credit_group: authored.credit_group.into(),
        contracts: contracts.into_iter().map(|(_, contract)| contract).collect(),
    })
}

fn contract(
    check: &mut Check<'_>,
    authored: &authored::Contract,
    path: &str,
    (default_window_days, zone): (u32, &Zone),
) -> Option<Contract> {
    let id = check.id(&authored.id, &format!("{path}.id"));
    let (start_at, end_at) = (authored.start_at.as_deref(), authored.end_at.as_deref());
    let schedule = check.schedule(start_at, end_at, &format!("{path}."), (None, zone));
    let mut event_types = Vec::new();
    for (index, event_type) in authored.event_types.iter().enumerate() {
        event_types.extend(check.event_type(event_type, &format!("{path}.event_types[{index}]")));
    }
    Some(Contract {
        id: id?,
        schedule: schedule?,
        referral_window_days: authored.referral_window_days.unwrap_or(default_window_days),
        event_types,
    })
}

/// Refuses contracts, in order of their start, that share an id or an instant.
fn check_contracts(check: &mut Check<'_>, contracts: &[(String, Contract)]) {
    for (index, (path, contract)) in contracts.iter().enumerate() {
        for (other_path, other) in contracts.iter().take(index) {
            let other_place = check.origin.place(other_path);
            if contract.id == other.id {
                let (kind, path) = (ComplaintKind::DuplicateId, format!("{path}.id"));
                let got = format!("{:?}, as at {other_place}", contract.id.as_str());
                check.complain(kind, &path, "an id of its own", got, "rename one of the two");
            }
            if contract.schedule.overlaps(&other.schedule) {
                let kind = ComplaintKind::ContractOverlap;
                let expected = "at most one contract of a partner at a time";
                let got = format!("a schedule that overlaps that of {} at {other_place}", other.id);
                let remedy = "end the earlier one where the later one starts";
                check.complain(kind, path, expected, got, remedy);
            }
        }
    }
}
