//! A shop's catalogue compiled, and orders decided by it: all through the shapes that people write
//! and read.

use super::order::Order;
use super::shop::Shop;

use promo_edge::catalog;
use promo_edge::crediting::Uses;
use promo_edge::id::PartnerId;
use promo_edge::order::Click;
use promo_edge::snapshot::{
    Builder, Built, ContentId, ProgramKey, Snapshot, SnapshotError, automaton, verify,
};
use promo_edge::time::UnixMillis;
use promo_edge::wire::{self, Undecided, Verdict};

use serde_json::Value;

pub struct Desk {
    pub built: Built,
    key: ProgramKey,
}

impl Desk {
    pub fn of(shop: &Shop) -> Self {
        let text = serde_json::to_string(shop).unwrap();
        let (catalog, _warnings) = catalog::parse("catalog.json", &text)
            .unwrap_or_else(|findings| panic!("{text}\n{:#?}", findings.complaints));
        let key = ProgramKey::from_bytes([7; 32]);
        let mut builder = Builder::new(catalog.program.clone(), key.hash_key());
        catalog.load(&mut builder);
        Desk { built: builder.finish(automaton::compile).unwrap(), key }
    }

    /// What is decided, as JSON.
    pub fn decide(&self, order: &Order) -> Value {
        self.try_decide(order).unwrap_or_else(|undecided| panic!("{undecided}: {order:#?}"))
    }

    pub fn try_decide(&self, order: &Order) -> Result<Value, Undecided> {
        self.decide_by(&self.built.manifest, order)
    }

    /// What is decided by another manifest, such as a damaged one.
    pub fn decide_by(&self, manifest: &[u8], order: &Order) -> Result<Value, Undecided> {
        let body = serde_json::to_vec(order).unwrap();
        let snapshot = Snapshot::open(manifest, self.key.hash_key())?;
        let from = (&snapshot, &self.built.shards, ContentId::of(manifest));
        let uses = if order.is_exhausted { Uses::Exhausted } else { Uses::Left };
        let click = |click: &super::order::Click| Click {
            partner: PartnerId::parse(click.partner).unwrap(),
            at: UnixMillis(click.at.0),
        };
        let path = order.path.as_ref().map(|clicks| clicks.iter().map(click).collect());
        let order = wire::Order::parse(&body)?;
        let verdict = Verdict::decide(&order, path, from, catalog::nfkc, uses)?;
        Ok(serde_json::to_value(verdict.answer).unwrap())
    }

    /// Reads all of a manifest and of the shards.
    pub fn verify(&self, manifest: &[u8]) -> Result<(), SnapshotError> {
        let snapshot = Snapshot::open(manifest, self.key.hash_key())?;
        let shard = |index: usize, _| Ok(self.built.shards.get(index).cloned().unwrap_or_default());
        verify(&snapshot, shard).map(drop)
    }

    /// Where the sections of payouts and of code lists lie in the manifest: 17 to 25 of FORMAT.md.
    pub fn payout_bytes(&self) -> Vec<usize> {
        let manifest = self.built.manifest.as_slice();
        let number = |at: usize, size: usize| {
            let bytes = manifest[at..at + size].iter().rev();
            bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
        };
        let sections = (0..number(6, 2)).map(|index| 8 + 16 * index);
        let payouts = sections.filter(|at| (17..=25).contains(&number(*at, 2)));
        payouts
            .flat_map(|at| {
                let start = number(at + 4, 4);
                start..start + number(at + 2, 2) * number(at + 8, 4)
            })
            .collect()
    }
}
