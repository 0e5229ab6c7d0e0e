//! Terms: everything about a code but its text.

use super::CORRUPT;
use crate::code::{CodeKind, CodeTerms, CreditPolicy};
use crate::id::{CodeId, DealId, PartnerId};
use crate::snapshot::SnapshotError;
use crate::snapshot::layout::{Bytes, NONE, section};
use crate::snapshot::tables::{Fields, Tables, TablesWriter};
use crate::time::{Schedule, UnixMillis};

const PUBLIC: u8 = 1;

/// Bytes of an entry before its schedule.
const BEFORE_SCHEDULE: usize = 16;

/// Bytes of an entry before its two caps.
const BEFORE_CAPS: usize = 48;

/// Bytes of an entry between its owner and its credit policy: deal, schedule, authored start,
/// creation and two caps.
const BETWEEN_OWNER_AND_POLICY: usize = 44;

impl<B: AsRef<[u8]>> Tables<B> {
    /// The terms with this index.
    pub fn terms(&self, index: usize) -> Result<CodeTerms, SnapshotError> {
        let fields = self.must_entry(section::TERMS, index)?;
        self.read_terms(fields).ok_or(CORRUPT)
    }

    /// The schedule of the terms with this index: all that a look-up needs of them.
    pub fn terms_schedule(&self, index: usize) -> Result<Schedule, SnapshotError> {
        let mut fields = self.must_entry(section::TERMS, index)?;
        fields.skip(BEFORE_SCHEDULE).and_then(|()| fields.schedule()).ok_or(CORRUPT)
    }

    /// The owner, by index, of the code with these terms, when its policy is
    /// [`CreditPolicy::Always`].
    pub fn always_owner(&self, index: usize) -> Result<Option<u32>, SnapshotError> {
        let mut fields = self.must_entry(section::TERMS, index)?;
        let read = |fields: &mut Fields<'_>| {
            fields.pair()?;
            let owner = fields.optional_u32()?;
            fields.skip(BETWEEN_OWNER_AND_POLICY)?;
            let is_always = fields.u8()? == CreditPolicy::Always as u8;
            Some(owner.filter(|_| is_always))
        };
        read(&mut fields).ok_or(CORRUPT)
    }

    /// Whether uses of the code with these terms are counted.
    pub fn is_capped(&self, index: usize) -> Result<bool, SnapshotError> {
        let mut fields = self.must_entry(section::TERMS, index)?;
        let read = |fields: &mut Fields<'_>| {
            fields.skip(BEFORE_CAPS)?;
            Some(fields.optional_u32()?.or(fields.optional_u32()?).is_some())
        };
        read(&mut fields).ok_or(CORRUPT)
    }

    fn read_terms(&self, mut fields: Fields<'_>) -> Option<CodeTerms> {
        let fields = &mut fields;
        let id = Some(self.text(fields.pair()?)?).filter(|id| !id.is_empty());
        let owner = fields.optional_u32()?;
        let deal = fields.optional_u32()?;
        let schedule = fields.schedule()?;
        let authored_start_at = fields.instant()?;
        let created_at = UnixMillis(fields.i64()?);
        let max_redemptions = fields.optional_u32()?;
        let max_redemptions_per_customer = fields.optional_u32()?;
        let credit_policy = match fields.u8()? {
            0 => CreditPolicy::Always,
            1 => CreditPolicy::Involved,
            2 => CreditPolicy::Winner,
            _ => return None,
        };
        let kind = match owner {
            None => CodeKind::Restricted,
            Some(owner) => CodeKind::Tracking { owner: self.owner_id(owner)?, credit_policy },
        };
        Some(CodeTerms {
            id: id.map(CodeId::parse).transpose().ok()?,
            kind,
            schedule,
            authored_start_at,
            deal: match deal {
                Some(index) => {
                    Some(DealId::parse(self.deal_id(usize::try_from(index).ok()?)?).ok()?)
                }
                None => None,
            },
            max_redemptions,
            max_redemptions_per_customer,
            public: fields.u8()? & PUBLIC != 0,
            created_at,
        })
    }

    fn owner_id(&self, index: u32) -> Option<PartnerId> {
        PartnerId::parse(self.partner_id(usize::try_from(index).ok()?)?).ok()
    }
}

impl TablesWriter {
    /// Writes terms whose owner and deal have these indices.
    pub fn terms(&mut self, terms: &CodeTerms, owner: Option<u32>, deal: Option<u32>) {
        let mut entry = Bytes::default();
        self.text(&mut entry, terms.id.as_ref().map_or("", CodeId::as_str));
        entry.u32(owner.unwrap_or(NONE)).u32(deal.unwrap_or(NONE));
        entry.schedule(&terms.schedule).instant(terms.authored_start_at).i64(terms.created_at.0);
        entry.optional_u32(terms.max_redemptions);
        entry.optional_u32(terms.max_redemptions_per_customer);
        entry.u8(match &terms.kind {
            CodeKind::Tracking { credit_policy, .. } => *credit_policy as u8,
            CodeKind::Restricted => 0,
        });
        entry.u8(u8::from(terms.public) * PUBLIC).raw(&[0; 6]);
        self.push(section::TERMS, &entry);
    }
}
