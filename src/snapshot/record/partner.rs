//! Partners and their contracts.

use super::CORRUPT;
use crate::id::EventTypeId;
use crate::partner::{Contract, CreditGroup, Partner, PartnerKind, Standing};
use crate::snapshot::SnapshotError;
use crate::snapshot::layout::{Bytes, section};
use crate::snapshot::tables::{Fields, Tables, TablesWriter};
use crate::time::{ScheduleState, UnixMillis};

use std::ops::Range;

const MEDIA_SOURCE: u8 = 1;
const ACTIVE: u8 = 1 << 1;

/// Bytes of a partner's entry before its flags, and before its contracts.
const BEFORE_FLAGS: usize = 16;
const BEFORE_CONTRACTS: usize = 20;

/// Bytes of a contract's entry before its schedule.
const BEFORE_SCHEDULE: usize = 8;

impl<B: AsRef<[u8]>> Tables<B> {
    /// The partner with this index.
    pub fn partner(&self, index: usize) -> Result<Partner, SnapshotError> {
        let fields = self.must_entry(section::PARTNERS, index)?;
        self.read_partner(fields).ok_or(CORRUPT)
    }

    fn read_partner(&self, mut fields: Fields<'_>) -> Option<Partner> {
        let fields = &mut fields;
        let id = self.id(fields)?;
        let name = self.owned_text(fields)?;
        let flags = fields.u8()?;
        let credit_group = read_credit_group(fields)?;
        fields.skip(2)?;
        let contracts = self.contracts(fields.pair()?)?;
        let media_source = flags & MEDIA_SOURCE != 0;
        Some(Partner {
            id,
            name,
            kind: if media_source { PartnerKind::MediaSource } else { PartnerKind::Partner },
            active: flags & ACTIVE != 0,
            credit_group,
            contracts: contracts.map(|index| self.contract(index)).collect::<Option<_>>()?,
        })
    }

    /// What the clicks of the partner with this index count by at an instant.
    pub fn standing(&self, index: usize, at: UnixMillis) -> Result<Standing, SnapshotError> {
        let fields = self.must_entry(section::PARTNERS, index)?;
        self.read_standing(fields, at).ok_or(CORRUPT)
    }

    fn read_standing(&self, mut fields: Fields<'_>, at: UnixMillis) -> Option<Standing> {
        fields.skip(BEFORE_FLAGS)?;
        let (flags, credit_group) = (fields.u8()?, read_credit_group(&mut fields)?);
        fields.skip(2)?;
        let mut referral_window_days = None;
        for contract in self.contracts(fields.pair()?)? {
            let mut contract = self.entry(section::CONTRACTS, contract)?;
            contract.skip(BEFORE_SCHEDULE)?;
            if contract.schedule()?.state_at(at) == ScheduleState::Active {
                referral_window_days = Some(contract.u32()?);
                break;
            }
        }
        Some(Standing { active: flags & ACTIVE != 0, credit_group, referral_window_days })
    }

    /// The id of the partner with this index.
    pub fn partner_id(&self, index: usize) -> Option<&str> {
        self.text(self.entry(section::PARTNERS, index)?.pair()?)
    }

    /// The indexes of a partner's contracts.
    pub fn contract_indexes(&self, partner: usize) -> Option<Range<usize>> {
        let mut fields = self.entry(section::PARTNERS, partner)?;
        fields.skip(BEFORE_CONTRACTS)?;
        self.contracts(fields.pair()?)
    }

    fn contracts(&self, (first, count): (usize, usize)) -> Option<Range<usize>> {
        let end = first.checked_add(count).filter(|&end| end <= self.count(section::CONTRACTS))?;
        Some(first..end)
    }

    fn contract(&self, index: usize) -> Option<Contract> {
        let mut fields = self.entry(section::CONTRACTS, index)?;
        Some(Contract {
            id: self.id(&mut fields)?,
            schedule: fields.schedule()?,
            referral_window_days: fields.u32()?,
            event_types: self.list(&mut fields, |text| EventTypeId::parse(text).ok())?,
        })
    }
}

fn read_credit_group(fields: &mut Fields<'_>) -> Option<CreditGroup> {
    Some(match fields.u8()? {
        0 => CreditGroup::Preferred,
        1 => CreditGroup::Standard,
        2 => CreditGroup::NonPreferred,
        _ => return None,
    })
}

impl TablesWriter {
    /// Writes a partner and its contracts.
    pub fn partner(&mut self, partner: &Partner) {
        let mut entry = Bytes::default();
        self.text(&mut entry, partner.id.as_str());
        self.text(&mut entry, &partner.name);
        let media_source = if partner.kind == PartnerKind::MediaSource { MEDIA_SOURCE } else { 0 };
        let active = if partner.active { ACTIVE } else { 0 };
        entry.u8(media_source | active);
        entry.u8(partner.credit_group as u8).raw(&[0; 2]);
        entry.size(self.count(section::CONTRACTS)).size(partner.contracts.len());
        self.push(section::PARTNERS, &entry);
        partner.contracts.iter().for_each(|contract| self.contract(contract));
    }

    fn contract(&mut self, contract: &Contract) {
        let mut entry = Bytes::default();
        self.text(&mut entry, contract.id.as_str());
        entry.schedule(&contract.schedule).u32(contract.referral_window_days);
        let event_types: Vec<&str> = contract.event_types.iter().map(|id| id.as_str()).collect();
        self.texts(&mut entry, &event_types);
        entry.raw(&[0; 4]);
        self.push(section::CONTRACTS, &entry);
    }
}
