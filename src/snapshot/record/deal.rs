//! Deals.

use super::CORRUPT;
use crate::deal::{Bogo, Conditions, Deal, Discount, Offer, Reduction, Scope};
use crate::money::{BasisPoints, Minor};
use crate::order::Country;
use crate::snapshot::SnapshotError;
use crate::snapshot::layout::{Bytes, section};
use crate::snapshot::tables::{Fields, Tables, TablesWriter};
use crate::time::Schedule;

const FIRST_ORDER_ONLY: u8 = 1;
const SYNC_CODES: u8 = 1 << 1;

/// Bytes of an entry before its schedule, and between that and its flags.
const BEFORE_SCHEDULE: usize = 16;
const BETWEEN_SCHEDULE_AND_FLAGS: usize = 3;

/// An offer as the fields that store it: offer, discount, low, high, amount.
#[derive(Debug, Clone, Copy)]
struct OfferFields {
    offer: u8,
    discount: u8,
    low: u32,
    high: u32,
    amount: u64,
}

impl<B: AsRef<[u8]>> Tables<B> {
    /// The deal with this index.
    pub fn deal(&self, index: usize) -> Result<Deal, SnapshotError> {
        let fields = self.must_entry(section::DEALS, index)?;
        self.read_deal(fields).ok_or(CORRUPT)
    }

    /// The id of the deal with this index.
    pub fn deal_id(&self, index: usize) -> Option<&str> {
        self.text(self.entry(section::DEALS, index)?.pair()?)
    }

    /// What the deal with this index leaves of a code's own schedule:
    /// [`Deal::narrow`](crate::deal::Deal::narrow) by the few bytes that it goes by.
    pub fn narrow(&self, deal: usize, own: Schedule) -> Option<Schedule> {
        let mut fields = self.entry(section::DEALS, deal)?;
        fields.skip(BEFORE_SCHEDULE)?;
        let schedule = fields.schedule()?;
        fields.skip(BETWEEN_SCHEDULE_AND_FLAGS)?;
        Some(if fields.u8()? & SYNC_CODES != 0 { own.narrowed_to(&schedule) } else { own })
    }

    fn read_deal(&self, mut fields: Fields<'_>) -> Option<Deal> {
        let fields = &mut fields;
        let id = self.id(fields)?;
        let name = self.owned_text(fields)?;
        let schedule = fields.schedule()?;
        let [offer, discount, scope, flags] = fields.array()?;
        let (low, high, amount) = (fields.u32()?, fields.u32()?, fields.u64()?);
        let scope_texts = self.list(fields, |text| Some(text.to_owned()))?;
        let currency = match fields.array::<3>()? {
            [0, 0, 0] => None,
            letters => Some(super::currency(letters)?),
        };
        fields.skip(1)?;
        let conditions = Conditions {
            currency,
            minimum_quantity: fields.optional_u32()?,
            countries: self.list(fields, Country::parse)?,
            segments: self.list(fields, |text| Some(text.to_owned()))?,
            minimum_purchase_minor: optional_minor(fields.optional_amount()?)?,
            first_order_only: flags & FIRST_ORDER_ONLY != 0,
        };
        Some(Deal {
            id,
            name,
            offer: OfferFields { offer, discount, low, high, amount }.offer()?,
            scope: match scope {
                0 => Scope::EntireStore,
                1 => Scope::Category(scope_texts),
                2 => Scope::Product(scope_texts),
                _ => return None,
            },
            schedule,
            sync_codes: flags & SYNC_CODES != 0,
            conditions,
            maximum_savings_minor: optional_minor(fields.optional_amount()?)?,
            purchase_limit_quantity: fields.optional_u32()?,
        })
    }
}

impl TablesWriter {
    /// Writes a deal.
    pub fn deal(&mut self, deal: &Deal) {
        let offer = OfferFields::of(&deal.offer);
        let (scope, scope_texts) = match &deal.scope {
            Scope::EntireStore => (0, &[][..]),
            Scope::Category(categories) => (1, categories.as_slice()),
            Scope::Product(skus) => (2, skus.as_slice()),
        };
        let conditions = &deal.conditions;
        let mut entry = Bytes::default();
        self.text(&mut entry, deal.id.as_str());
        self.text(&mut entry, &deal.name);
        entry.schedule(&deal.schedule).u8(offer.offer).u8(offer.discount).u8(scope);
        entry.u8(super::flags([
            (FIRST_ORDER_ONLY, conditions.first_order_only),
            (SYNC_CODES, deal.sync_codes),
        ]));
        entry.u32(offer.low).u32(offer.high).u64(offer.amount);
        self.texts(&mut entry, scope_texts);
        match &conditions.currency {
            Some(currency) => entry.raw(currency.as_str().as_bytes()).u8(0),
            None => entry.u32(0),
        };
        entry.optional_u32(conditions.minimum_quantity);
        let countries: Vec<&str> = conditions.countries.iter().map(Country::as_str).collect();
        self.texts(&mut entry, &countries);
        self.texts(&mut entry, &conditions.segments);
        entry.optional_amount(conditions.minimum_purchase_minor.map(Minor::get));
        entry.optional_amount(deal.maximum_savings_minor.map(Minor::get));
        entry.optional_u32(deal.purchase_limit_quantity).raw(&[0; 4]);
        self.push(section::DEALS, &entry);
    }
}

impl OfferFields {
    fn of(offer: &Offer) -> Self {
        let fields = |offer, discount| OfferFields { offer, discount, low: 0, high: 0, amount: 0 };
        match *offer {
            Offer::GeneralSale(discount) => match discount {
                Discount::Fixed(amount) => OfferFields { amount: amount.get(), ..fields(0, 0) },
                Discount::Percent(bps) => OfferFields { high: stored(bps), ..fields(0, 1) },
                Discount::PercentRange { low, high } => {
                    OfferFields { low: stored(low), high: stored(high), ..fields(0, 2) }
                }
                Discount::PercentMaximum(bps) => OfferFields { high: stored(bps), ..fields(0, 3) },
            },
            Offer::FreeShipping => fields(1, 0),
            Offer::GiftWithPurchase => fields(2, 0),
            Offer::Rebate => fields(3, 0),
            Offer::Bogo(Bogo { buy, get, reduction }) => {
                let (discount, amount) = match reduction {
                    Reduction::Free => (0, 0),
                    Reduction::Amount(amount) => (1, amount.get()),
                    Reduction::Percent(bps) => (2, u64::from(bps.get())),
                };
                OfferFields { low: buy, high: get, amount, ..fields(4, discount) }
            }
        }
    }

    fn offer(self) -> Option<Offer> {
        Some(match (self.offer, self.discount) {
            (0, 0) => Offer::GeneralSale(Discount::Fixed(Minor::new(self.amount)?)),
            (0, 1) => Offer::GeneralSale(Discount::Percent(loaded(self.high.into())?)),
            (0, 2) => Offer::GeneralSale(Discount::PercentRange {
                low: loaded(self.low.into())?,
                high: loaded(self.high.into())?,
            }),
            (0, 3) => Offer::GeneralSale(Discount::PercentMaximum(loaded(self.high.into())?)),
            (1, 0) => Offer::FreeShipping,
            (2, 0) => Offer::GiftWithPurchase,
            (3, 0) => Offer::Rebate,
            (4, 0) => self.bogo(Reduction::Free)?,
            (4, 1) => self.bogo(Reduction::Amount(Minor::new(self.amount)?))?,
            (4, 2) => self.bogo(Reduction::Percent(loaded(self.amount)?))?,
            _ => return None,
        })
    }

    fn bogo(self, reduction: Reduction) -> Option<Offer> {
        let (buy, get) = (self.low, self.high);
        (buy > 0 && get > 0).then_some(Offer::Bogo(Bogo { buy, get, reduction }))
    }
}

fn stored(bps: BasisPoints) -> u32 {
    u32::from(bps.get())
}

fn loaded(bps: u64) -> Option<BasisPoints> {
    BasisPoints::new(u16::try_from(bps).ok()?)
}

fn optional_minor(amount: Option<u64>) -> Option<Option<Minor>> {
    amount.map_or(Some(None), |amount| Minor::new(amount).map(Some))
}
