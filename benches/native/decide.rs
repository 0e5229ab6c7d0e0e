//! Deciding orders, so many that the difference between two numbers of rounds is decisions and
//! nothing else.

use crate::Failure;
use crate::catalogue::{code_text, folded, no_patterns, program, shards, terms};
use promo_edge::code::{CodeKind, CodeTerms, CreditPolicy};
use promo_edge::crediting::Uses;
use promo_edge::id::{ContractId, EventTypeId, PartnerId};
use promo_edge::money::BasisPoints;
use promo_edge::partner::{Contract, CreditGroup, Partner, PartnerKind};
use promo_edge::program::{EventType, Program};
use promo_edge::rate::{PayoutTerms, Rate};
use promo_edge::snapshot::{Builder, Built, Bundle, ContentId, HashKey, Shards, Snapshot};
use promo_edge::time::Schedule;
use promo_edge::wire::{Order, Verdict};

use std::hint::black_box;

/// What a partner earns, in basis points, and how old its clicks may be, in days. The home-made
/// table that the contest in workerd is against has the same (`rows/decide.mjs`).
const RATE_BPS: u16 = 500;
const WINDOW_DAYS: u32 = 30;

/// Writes a snapshot in one piece: codes with serials below `code_count`, dealt out to partners
/// `p0`, `p1` and so on, one after the other.
pub fn write_snapshot(code_count: u64, partner_count: u64, file: &str) -> Result<(), Failure> {
    let sale = EventTypeId::parse("SALE")?;
    let event_types = vec![EventType { id: sale.clone(), promo_codes: true }];
    let mut builder = Builder::new(Program { event_types, ..program() }, HashKey::PUBLIC);
    for index in 0..partner_count {
        let partner = partner(index, &sale)?;
        let default = BasisPoints::new(RATE_BPS).map(Rate::Share);
        let earned = PayoutTerms { default, ..PayoutTerms::default() };
        builder.payout(&partner.id, &partner.contracts[0].id, earned);
        let kind =
            CodeKind::Tracking { owner: partner.id.clone(), credit_policy: CreditPolicy::Always };
        let campaign = builder.terms(CodeTerms { kind, ..terms(0) });
        builder.partner(partner);
        for serial in (index..code_count).step_by(usize::try_from(partner_count)?) {
            builder.exact(&folded(&code_text(serial)), campaign);
        }
    }
    let Built { manifest, shards } = builder.finish(no_patterns)?;
    Ok(std::fs::write(file, Bundle::encode(None, &manifest, &shards))?)
}

/// Decides the orders of a file, one a line, so many times over, and prints how many there are.
/// `parsed` takes them as they are after reading, `json` reads them each time.
pub fn repeat(what: &str, file: &str, orders: &str, rounds: u32) -> Result<(), Failure> {
    let bytes = std::fs::read(file)?;
    let bundle = Bundle::open(&bytes)?;
    let snapshot = Snapshot::open(bundle.manifest(), HashKey::PUBLIC)?;
    let id = ContentId::of(bundle.manifest());
    let shards = shards(&bundle);
    let lines = std::fs::read_to_string(orders)?;
    let lines: Vec<&[u8]> = lines.lines().map(str::as_bytes).collect();
    let parse = |line: &&[u8]| Order::parse(line);
    let orders: Vec<Order> = lines.iter().map(parse).collect::<Result<_, _>>()?;
    for _ in 0..rounds {
        match what {
            "parsed" => {
                for order in &orders {
                    black_box(answer(&snapshot, &shards, id, black_box(order))?);
                }
            }
            "json" => {
                for line in &lines {
                    let order = parse(black_box(line))?;
                    black_box(answer(&snapshot, &shards, id, &order)?);
                }
            }
            _ => return Err(format!("expected parsed or json, got {what}").into()),
        }
    }
    println!("{{\"orders\":{},\"rounds\":{rounds}}}", orders.len());
    Ok(())
}

/// The decision as the Worker sends it.
fn answer<S: Shards>(
    snapshot: &Snapshot<&[u8]>,
    shards: &S,
    id: ContentId,
    order: &Order,
) -> Result<Vec<u8>, Failure> {
    let from = (snapshot, shards, id);
    let verdict = Verdict::decide(order, None, from, str::to_owned, Uses::Left)?;
    Ok(serde_json::to_vec(&verdict.answer)?)
}

fn partner(index: u64, sale: &EventTypeId) -> Result<Partner, Failure> {
    let contract = Contract {
        id: ContractId::parse(&format!("k{index}"))?,
        schedule: Schedule::ALWAYS,
        referral_window_days: WINDOW_DAYS,
        event_types: vec![sale.clone()],
    };
    Ok(Partner {
        id: PartnerId::parse(&format!("p{index}"))?,
        name: format!("Partner {index}"),
        kind: PartnerKind::Partner,
        active: true,
        credit_group: CreditGroup::default(),
        contracts: vec![contract],
    })
}
