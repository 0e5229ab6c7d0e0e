//! The program and its event types.

use super::CORRUPT;
use crate::code::Folding;
use crate::program::{Attribution, ClickModel, EventType, OwnerBasis, Precedence, Program};
use crate::reason::PublicReasons;
use crate::snapshot::SnapshotError;
use crate::snapshot::layout::{Bytes, section};
use crate::snapshot::tables::{Fields, Tables, TablesWriter};

const TRACKING: u8 = 1;
const SEPARATORS: u8 = 1 << 1;
const LOOKALIKES: u8 = 1 << 2;
const DETAILED: u8 = 1 << 3;
const FIRST_CLICK: u8 = 1 << 4;
const CLICK_FIRST: u8 = 1 << 5;
const FALLBACK: u8 = 1 << 6;
const OWNER_BY_CLICK: u8 = 1 << 7;

impl<B: AsRef<[u8]>> Tables<B> {
    /// The program whose snapshot it is.
    pub fn program(&self) -> Result<Program, SnapshotError> {
        let fields = self.must_entry(section::PROGRAM, 0)?;
        self.read_program(fields).ok_or(CORRUPT)
    }

    fn read_program(&self, mut fields: Fields<'_>) -> Option<Program> {
        let fields = &mut fields;
        let id = self.id(fields)?;
        let name = self.owned_text(fields)?;
        let time_zone = self.owned_text(fields)?;
        let currency = super::currency(fields.array()?)?;
        let flags = fields.u8()?;
        let is = |flag| flags & flag != 0;
        let attribution = Attribution {
            click_model: if is(FIRST_CLICK) {
                ClickModel::FirstClick
            } else {
                ClickModel::LastClick
            },
            precedence: if is(CLICK_FIRST) {
                Precedence::ClickFirst
            } else {
                Precedence::CodeFirst
            },
            fallback_to_click: is(FALLBACK),
            referral_window_days: fields.u32()?,
            owner_also_click_winner: if is(OWNER_BY_CLICK) {
                OwnerBasis::Click
            } else {
                OwnerBasis::PromoCode
            },
        };
        let approval_days = fields.u32()?;
        let detailed = is(DETAILED);
        Some(Program {
            id,
            name,
            currency,
            time_zone,
            tracking: is(TRACKING),
            attribution,
            folding: Folding { separators: is(SEPARATORS), lookalikes: is(LOOKALIKES) },
            public_reasons: if detailed {
                PublicReasons::Detailed
            } else {
                PublicReasons::Collapsed
            },
            approval_days,
            event_types: self.event_types()?,
        })
    }

    fn event_types(&self) -> Option<Vec<EventType>> {
        let read = |index| {
            let mut fields = self.entry(section::EVENT_TYPES, index)?;
            Some(EventType { id: self.id(&mut fields)?, promo_codes: fields.u8()? & 1 != 0 })
        };
        (0..self.count(section::EVENT_TYPES)).map(read).collect()
    }
}

impl TablesWriter {
    /// Writes the program and its event types.
    pub fn program(&mut self, program: &Program) {
        let mut entry = Bytes::default();
        self.text(&mut entry, program.id.as_str());
        self.text(&mut entry, &program.name);
        self.text(&mut entry, &program.time_zone);
        entry.raw(program.currency.as_str().as_bytes()).u8(flags(program));
        entry.u32(program.attribution.referral_window_days).u32(program.approval_days);
        self.push(section::PROGRAM, &entry);
        for event_type in &program.event_types {
            let mut entry = Bytes::default();
            self.text(&mut entry, event_type.id.as_str());
            entry.u8(u8::from(event_type.promo_codes)).raw(&[0; 3]);
            self.push(section::EVENT_TYPES, &entry);
        }
    }
}

fn flags(program: &Program) -> u8 {
    let Attribution { click_model, precedence, fallback_to_click, .. } = program.attribution;
    let owner_basis = program.attribution.owner_also_click_winner;
    super::flags([
        (TRACKING, program.tracking),
        (SEPARATORS, program.folding.separators),
        (LOOKALIKES, program.folding.lookalikes),
        (DETAILED, program.public_reasons == PublicReasons::Detailed),
        (FIRST_CLICK, click_model == ClickModel::FirstClick),
        (CLICK_FIRST, precedence == Precedence::ClickFirst),
        (FALLBACK, fallback_to_click),
        (OWNER_BY_CLICK, owner_basis == OwnerBasis::Click),
    ])
}
