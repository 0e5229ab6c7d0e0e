//! Deciding orders, as the Worker does between reading the body and sending the answer.

use crate::{open, shards};
use promo_edge::crediting::Uses;
use promo_edge::snapshot::{Bundle, ContentId, Snapshot};
use promo_edge::wire::{Order, Verdict};

use wasm_bindgen::prelude::*;

/// A snapshot whose shards lie in the module's memory.
#[wasm_bindgen]
pub struct Decider {
    snapshot: Snapshot<Vec<u8>>,
    shards: Vec<Vec<u8>>,
    id: ContentId,
}

/// Orders after reading.
#[wasm_bindgen]
pub struct Orders(Vec<Order>);

#[wasm_bindgen]
impl Decider {
    /// Opens a snapshot that comes in one piece.
    pub fn open(bundle: &[u8]) -> Result<Decider, JsError> {
        let bundle = Bundle::open(bundle)?;
        let shards = shards(&bundle).map(<[u8]>::to_vec).collect();
        let id = ContentId::of(bundle.manifest());
        Ok(Decider { snapshot: open(bundle.manifest())?, shards, id })
    }

    /// Reads an order and decides it: JSON in, JSON out.
    pub fn decide(&self, json: &str) -> Result<String, JsError> {
        self.answer(&Order::parse(json.as_bytes())?)
    }

    /// Decides an order that has been read. Those of a collection are taken in turn.
    pub fn decide_parsed(&self, orders: &Orders, index: usize) -> Result<String, JsError> {
        self.answer(&orders.0[index % orders.0.len()])
    }

    fn answer(&self, order: &Order) -> Result<String, JsError> {
        let from = (&self.snapshot, &self.shards, self.id);
        let verdict = Verdict::decide(order, None, from, str::to_owned, Uses::Left)?;
        Ok(serde_json::to_string(&verdict.answer)?)
    }
}

#[wasm_bindgen]
impl Orders {
    /// Reads orders, one a line.
    pub fn parse(lines: &str) -> Result<Orders, JsError> {
        let orders = lines.lines().map(|line| Order::parse(line.as_bytes()));
        Ok(Orders(orders.collect::<Result<_, _>>()?))
    }
}
