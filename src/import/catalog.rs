//! The catalogue that is made of an export's codes.

use super::offer::{Deal, Offer, object};
use super::row::Fault;
use super::{Bulk, Imported, Options, Ownership};
use crate::catalog::{Complaint, ComplaintKind, Place, nfkc};
use crate::code::{CreditPolicy, Folding, MatchType, TypedCode, derive_code_id};
use crate::time::Schedule;
use crate::upload::{Cells, Sheet};
use crate::wire::rfc3339;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// The channel that owns codes which credit nobody for themselves.
const SHOP: &str = "shop";

/// The event type that codes are used for.
const SALE: &str = "SALE";

/// The codes of an export, so far.
#[derive(Debug)]
pub(super) struct Codes<'a> {
    options: &'a Options,
    bulk: Bulk,
    deals: BTreeMap<Deal, String>,
    codes: Vec<(Offer, String)>,
    seen: HashMap<String, Vec<(Schedule, Place)>>,
}

impl<'a> Codes<'a> {
    pub fn new(options: &'a Options, bulk: Bulk) -> Self {
        let (deals, codes, seen) = (BTreeMap::new(), Vec::new(), HashMap::new());
        Codes { options, bulk, deals, codes, seen }
    }

    /// Takes in a code; the fault says why it cannot be one.
    pub fn add(&mut self, offer: Offer, place: Place) -> Result<(), Fault> {
        let (column, text) = &offer.code;
        let typed = TypedCode::parse(text, nfkc).map_err(|malformed| {
            let remedy = format!("it is {}: shorten it, or make a new one", malformed.name());
            Fault::new(column, text, "1 to 64 characters that can be typed", remedy)
        })?;
        let folded = typed.fold(Folding::default()).as_str().to_owned();
        let others = self.seen.entry(folded.clone()).or_default();
        let overlaps = |(other, _): &&(Schedule, Place)| other.overlaps(&offer.schedule);
        if let Some((_, other)) = others.iter().find(overlaps) {
            let remedy = format!("the one at {other} is taken: end one before the other starts");
            return Err(Fault::new(column, text, "one code of a text at a time", remedy));
        }
        others.push((offer.schedule, place));
        if let Some(deal) = &offer.deal {
            let id = || deal_id(&Value::Object(deal.to_json()));
            self.deals.entry(deal.clone()).or_insert_with(id);
        }
        self.codes.push((offer, folded));
        Ok(())
    }

    /// The catalogue.
    pub fn finish(self, warnings: Vec<Complaint>) -> Result<Imported, Box<Complaint>> {
        let (apart, inside): (Vec<_>, Vec<_>) = self
            .codes
            .iter()
            .partition(|(offer, _)| self.bulk == Bulk::Apart && fits_a_sheet(offer));
        let codes: Vec<Value> =
            inside.into_iter().map(|(offer, folded)| self.code(offer, folded)).collect();
        let options = self.options;
        let name = |deal: &Deal, id: &String| {
            let mut json = deal.to_json();
            json.insert("id".to_owned(), json!(id));
            json.insert("name".to_owned(), json!(deal.name(options)));
            Value::Object(json)
        };
        let catalog = json!({
            "program": {
                "id": options.program.as_str(),
                "name": options.name,
                "currency": options.currency.as_str(),
                "time_zone": options.zone.name(),
                "tracking": true,
                "attribution":
                    { "fallback_to_click": options.ownership == Ownership::AsBefore },
            },
            "event_types": [{ "id": SALE, "promo_codes": true }],
            "partners": self.partners(),
            "deals": self.deals.iter().map(|(deal, id)| name(deal, id)).collect::<Vec<_>>(),
            "codes": codes,
        });
        let sheet = (self.bulk == Bulk::Apart).then(|| self.sheet(&apart)).transpose();
        let sheet = sheet.map_err(|error| {
            Box::new(Complaint {
                kind: ComplaintKind::Syntax,
                place: Place::default(),
                expected: "CSV".to_owned(),
                got: error.to_string(),
                remedy: "keep all codes in the catalogue".to_owned(),
            })
        })?;
        Ok(Imported { catalog, sheet, code_count: self.codes.len(), warnings })
    }

    fn partners(&self) -> Value {
        match &self.options.ownership {
            Ownership::Restricted => json!([]),
            Ownership::AsBefore => {
                json!([{ "id": SHOP, "name": "The shop itself", "kind": "media_source" }])
            }
            Ownership::Partner(id, _) => json!([{
                "id": id.as_str(), "name": id.as_str(), "kind": "partner",
                "contracts": [{ "id": "k1", "event_types": [SALE] }],
            }]),
        }
    }

    /// The owner's id and the policy.
    fn owner(&self) -> Option<(&str, CreditPolicy)> {
        match &self.options.ownership {
            Ownership::Restricted => None,
            Ownership::AsBefore => Some((SHOP, CreditPolicy::Involved)),
            Ownership::Partner(id, policy) => Some((id.as_str(), *policy)),
        }
    }

    fn code(&self, offer: &Offer, folded: &str) -> Value {
        let Schedule { start_at, end_at } = offer.schedule;
        let id = derive_code_id(&self.options.program, MatchType::Exact, folded, start_at);
        let deal = offer.deal.as_ref().and_then(|deal| self.deals.get(deal));
        let owner = self.owner();
        let kind = if owner.is_none() { Some(json!("restricted")) } else { None };
        let fields = [
            ("id", Some(json!(id))),
            ("code", Some(json!(offer.code.1))),
            ("match_type", Some(json!("exact"))),
            ("kind", kind),
            ("owner", owner.map(|(owner, _)| json!(owner))),
            ("credit_policy", owner.map(|(_, policy)| json!(policy.name()))),
            ("start_at", start_at.map(|at| json!(rfc3339(at)))),
            ("end_at", end_at.map(|at| json!(rfc3339(at)))),
            ("created_at", offer.created_at.map(|at| json!(rfc3339(at)))),
            ("deal", deal.map(|id| json!(id))),
            ("max_redemptions", offer.max_redemptions.map(Value::from)),
            ("max_redemptions_per_customer", offer.max_redemptions_per_customer.map(Value::from)),
        ];
        Value::Object(object(fields))
    }

    fn sheet(&self, codes: &[&(Offer, String)]) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut sheet = Sheet::new(&mut bytes)?;
        let owner = self.owner();
        let rule = owner.map(|(_, policy)| policy.name().to_uppercase()).unwrap_or_default();
        for (offer, _) in codes {
            let date = |at: Option<_>| at.map(rfc3339).unwrap_or_default();
            let deal = offer.deal.as_ref().and_then(|deal| self.deals.get(deal));
            sheet.row(&Cells {
                promo_code: &offer.code.1,
                program_id: self.options.program.as_str(),
                media_id: owner.map_or("", |(id, _)| id),
                kind: if owner.is_some() { "TRACKING" } else { "RESTRICTED" },
                credit_rule: &rule,
                match_mode: "LI",
                deal_id: deal.map_or("", String::as_str),
                start: &date(offer.schedule.start_at),
                end: &date(offer.schedule.end_at),
                time_zone: "",
            })?;
        }
        sheet.finish()?;
        Ok(bytes)
    }
}

/// Whether a bulk file has columns for all that is said of a code.
fn fits_a_sheet(offer: &Offer) -> bool {
    offer.max_redemptions.is_none() && offer.max_redemptions_per_customer.is_none()
}

/// An id that the same deal has in the next import, too.
fn deal_id(deal: &Value) -> String {
    let digest = Sha256::digest(deal.to_string());
    let hex: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("d-{hex}")
}
