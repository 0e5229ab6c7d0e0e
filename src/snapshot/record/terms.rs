//! Terms: everything about a code but its text.
//!
//! In a manifest they name their owner and their deal by index, in a delta by id, so that a delta
//! fits any manifest. All that follows is the same.

use super::CORRUPT;
use crate::code::{CodeKind, CodeTerms, CreditPolicy};
use crate::id::{CodeId, DealId, Id, PartnerId};
use crate::snapshot::SnapshotError;
use crate::snapshot::layout::{Bytes, NONE, section};
use crate::snapshot::tables::{Fields, Tables, TablesWriter};
use crate::time::{Schedule, UnixMillis};

const PUBLIC: u8 = 1;

/// Bytes of an entry of a manifest before its owner, its deal and its two caps.
const BEFORE_OWNER: usize = 8;
const BEFORE_DEAL: usize = 12;
const BEFORE_CAPS: usize = 40;

/// Bytes between its owner and its credit policy: deal, schedule, creation and two caps.
const BETWEEN_OWNER_AND_POLICY: usize = 36;

/// Bytes of an entry of a delta before its deal.
const BEFORE_NAMED_DEAL: usize = 16;

impl<B: AsRef<[u8]>> Tables<B> {
    /// The terms of a manifest with this index.
    pub fn terms(&self, index: usize) -> Result<CodeTerms, SnapshotError> {
        let fields = self.must_entry(section::TERMS, index)?;
        self.read_terms(fields).ok_or(CORRUPT)
    }

    /// When a code with the terms of this index is active: its own schedule, narrowed by its deal
    /// where the two are synchronised. All that a look-up needs of them.
    pub fn terms_schedule(&self, index: usize) -> Result<Schedule, SnapshotError> {
        let mut fields = self.must_entry(section::TERMS, index)?;
        let read = |fields: &mut Fields<'_>| {
            fields.skip(BEFORE_DEAL)?;
            let deal = fields.optional_u32()?;
            let own = fields.schedule()?;
            match deal {
                Some(deal) => self.narrow(usize::try_from(deal).ok()?, own),
                None => Some(own),
            }
        };
        read(&mut fields).ok_or(CORRUPT)
    }

    /// The owner, by index, of the code with these terms, when its policy is
    /// [`CreditPolicy::Always`].
    pub fn always_owner(&self, index: usize) -> Result<Option<u32>, SnapshotError> {
        let mut fields = self.must_entry(section::TERMS, index)?;
        let read = |fields: &mut Fields<'_>| {
            fields.skip(BEFORE_OWNER)?;
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

    /// The terms of a delta with this index.
    pub fn named_terms(&self, index: usize) -> Option<CodeTerms> {
        let fields = &mut self.entry(section::NAMED_TERMS, index)?;
        let id = self.optional_id(fields)?;
        let owner = self.optional_id(fields)?;
        let deal = self.optional_id(fields)?;
        read_rest(fields, id, owner, deal)
    }

    /// The own schedule of the terms of a delta, and the id of their deal as bytes, if they have
    /// one.
    pub fn named_schedule(&self, index: usize) -> Option<(Schedule, Option<&[u8]>)> {
        let mut fields = self.entry(section::NAMED_TERMS, index)?;
        fields.skip(BEFORE_NAMED_DEAL)?;
        let deal = self.text(fields.pair()?)?;
        Some((fields.schedule()?, Some(deal.as_bytes()).filter(|id| !id.is_empty())))
    }

    fn read_terms(&self, mut fields: Fields<'_>) -> Option<CodeTerms> {
        let id = self.optional_id(&mut fields)?;
        let (owner, deal) = (fields.optional_u32()?, fields.optional_u32()?);
        let owner = match owner {
            Some(index) => Some(PartnerId::parse(self.partner_id(index_of(index)?)?).ok()?),
            None => None,
        };
        let deal = match deal {
            Some(index) => Some(DealId::parse(self.deal_id(index_of(index)?)?).ok()?),
            None => None,
        };
        read_rest(&mut fields, id, owner, deal)
    }

    /// The id that a text field holds; an empty one is none.
    fn optional_id<Of>(&self, fields: &mut Fields<'_>) -> Option<Option<Id<Of>>> {
        match self.text(fields.pair()?)? {
            "" => Some(None),
            text => Id::parse(text).ok().map(Some),
        }
    }
}

/// What stands behind id, owner and deal.
fn read_rest(
    fields: &mut Fields<'_>,
    id: Option<CodeId>,
    owner: Option<PartnerId>,
    deal: Option<DealId>,
) -> Option<CodeTerms> {
    let schedule = fields.schedule()?;
    let created_at = UnixMillis(fields.i64()?);
    let max_redemptions = fields.optional_u32()?;
    let max_redemptions_per_customer = fields.optional_u32()?;
    let credit_policy = match fields.u8()? {
        0 => CreditPolicy::Always,
        1 => CreditPolicy::Involved,
        2 => CreditPolicy::Winner,
        _ => return None,
    };
    Some(CodeTerms {
        created_at,
        id,
        kind: owner
            .map_or(CodeKind::Restricted, |owner| CodeKind::Tracking { owner, credit_policy }),
        schedule,
        deal,
        max_redemptions,
        max_redemptions_per_customer,
        public: fields.u8()? & PUBLIC != 0,
    })
}

impl TablesWriter {
    /// Writes terms of a manifest whose owner and deal have these indices.
    pub fn terms(&mut self, terms: &CodeTerms, owner: Option<u32>, deal: Option<u32>) {
        let mut entry = Bytes::default();
        self.text(&mut entry, terms.id.as_ref().map_or("", CodeId::as_str));
        entry.u32(owner.unwrap_or(NONE)).u32(deal.unwrap_or(NONE));
        write_rest(&mut entry, terms);
        self.push(section::TERMS, &entry);
    }

    /// Writes terms of a delta.
    pub fn named_terms(&mut self, terms: &CodeTerms) {
        let mut entry = Bytes::default();
        self.text(&mut entry, terms.id.as_ref().map_or("", CodeId::as_str));
        self.text(&mut entry, terms.owner().map_or("", PartnerId::as_str));
        self.text(&mut entry, terms.deal.as_ref().map_or("", DealId::as_str));
        write_rest(&mut entry, terms);
        self.push(section::NAMED_TERMS, &entry);
    }
}

fn write_rest(entry: &mut Bytes, terms: &CodeTerms) {
    entry.schedule(&terms.schedule).i64(terms.created_at.0);
    entry.optional_u32(terms.max_redemptions);
    entry.optional_u32(terms.max_redemptions_per_customer);
    entry.u8(match &terms.kind {
        CodeKind::Tracking { credit_policy, .. } => *credit_policy as u8,
        CodeKind::Restricted => 0,
    });
    entry.u8(u8::from(terms.public) * PUBLIC).raw(&[0; 2]);
}

fn index_of(index: u32) -> Option<usize> {
    usize::try_from(index).ok()
}
