//! Receipts: what a signed decision says. The claims of a JSON Web Token (RFC 7519); whoever
//! answers signs them.

use super::{
    CheckoutAnswer, CodeFacts, CreditedFacts, DecisionAnswer, Order, PayoutFacts, SnapshotName,
};
use crate::id::ProgramId;
use crate::snapshot::ContentId;
use crate::time::UnixMillis;

use serde::{Deserialize, Serialize};

/// The media type of a receipt, without `application/`: so that no other token of the same issuer
/// can pass for one (RFC 8725, 3.11).
pub const RECEIPT_TYPE: &str = "promo-receipt+jwt";

/// For how long a receipt of a recorded order is good, in seconds: seven days. An order may wait in
/// the shop's own queue over a long weekend before somebody acts on it, and a key that signs no
/// more has to stay published for as long.
const RECORDED_LIFETIME_S: i64 = 7 * 24 * 60 * 60;

/// For how long any other is good, in seconds: it is read by who asked, at once. Five minutes leave
/// room for clocks that differ.
const PASSING_LIFETIME_S: i64 = 5 * 60;

/// Who is credited with an order, and why, as every face says it; and a proof that we said so.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CreditAnswer {
    /// The decision.
    #[serde(flatten)]
    pub decision: DecisionAnswer,
    /// What the decision says, signed: a compact JWS; null when no key signs.
    #[cfg_attr(feature = "cli", schemars(schema_with = "receipt_schema"))]
    pub receipt: Option<String>,
}

/// What a receipt is about, and so what it is proof of.
#[derive(Debug, Clone, Copy)]
pub enum Receipted<'a> {
    /// An order that is recorded so.
    Recorded(&'a Order, &'a Gist),
    /// An order that would be decided so.
    DryRun(&'a Order, &'a DecisionAnswer),
    /// A checkout that passed through; neither its order nor amounts are known.
    Proxy(&'a CheckoutAnswer),
}

/// What a receipt says. Everything that it is signed for is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReceiptClaims {
    /// Who signed: the setting `RECEIPT_ISSUER`, or the origin that was asked.
    pub iss: String,
    /// Whom it is for: the program's id.
    pub aud: String,
    /// What it is proof of: `recorded`, `dry_run` or `proxy`. Code that records must refuse all but
    /// the first.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["recorded", "dry_run", "proxy"])))]
    pub typ: &'static str,
    /// When it was signed, in seconds since 1970.
    pub iat: i64,
    /// Until when it is good, in seconds since 1970.
    pub exp: i64,
    /// What kind of event the order is.
    pub event_type: String,
    /// The order; not in a `proxy` receipt.
    #[serde(flatten)]
    pub order: Option<OrderClaims>,
    /// The order's code, whoever is credited; null when none matches.
    pub code_id: Option<String>,
    /// Who is credited; null for nobody.
    pub partner: Option<String>,
    /// Why: `promo_code`, `click` or `forced`; null when nobody is credited.
    pub basis: Option<String>,
    /// The snapshot that it was decided by.
    pub snapshot_id: String,
    /// Names the receipt: SHA-256 of the claims before it had a name, in hexadecimal digits.
    pub jti: String,
}

/// What a receipt says of a decision, which may be read again long after it was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Gist {
    /// What kind of event the order is.
    pub event_type: String,
    /// The order's code.
    pub code: Option<Named>,
    /// Who is credited.
    pub credited: Option<CreditedGist>,
    /// What is earned.
    pub payout: Option<PayoutGist>,
    /// What it was read from.
    pub snapshot: Named,
}

/// Something with an id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
}

/// Who is credited, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CreditedGist {
    /// Its id.
    pub partner: String,
    /// What it rests on.
    pub basis: String,
}

/// What is earned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PayoutGist {
    /// How much.
    pub amount_minor: u64,
}

/// What a receipt says of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct OrderClaims {
    /// The merchant's name for it.
    pub order_id: String,
    /// ISO 4217 code of the amounts.
    pub currency: String,
    /// Sum of the lines, as it was sent.
    pub subtotal_minor: u64,
    /// Discount, as it was sent; 0 when it was not.
    pub discount_minor: u64,
    /// What the partner earns; null when nobody is credited.
    pub payout_minor: Option<u64>,
}

impl Receipted<'_> {
    /// The stable name of what is proven.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Receipted::Recorded(..) => "recorded",
            Receipted::DryRun(..) => "dry_run",
            Receipted::Proxy(_) => "proxy",
        }
    }

    fn lifetime_s(self) -> i64 {
        match self {
            Receipted::Recorded(..) => RECORDED_LIFETIME_S,
            Receipted::DryRun(..) | Receipted::Proxy(_) => PASSING_LIFETIME_S,
        }
    }
}

impl ReceiptClaims {
    /// When a recorded order's receipt is signed: when it was recorded, so that whoever asks again
    /// hears the same, for as long as that is good for something.
    #[must_use]
    pub fn signed_at(recorded_at: UnixMillis, now: UnixMillis) -> UnixMillis {
        let is_good = now < recorded_at.plus_ms(RECORDED_LIFETIME_S.saturating_mul(1_000));
        if is_good { recorded_at } else { now }
    }

    /// What is signed at an instant. The same arguments make the same claims, so that a receipt
    /// that is asked for twice within a second is one.
    ///
    /// # Errors
    ///
    /// When the claims cannot be written as JSON.
    pub fn new(
        (iss, program): (String, &ProgramId),
        at: UnixMillis,
        receipted: Receipted<'_>,
    ) -> Result<Self, serde_json::Error> {
        let (gist, order) = match receipted {
            Receipted::Recorded(order, gist) => (gist.clone(), Some(OrderClaims::new(order, gist))),
            Receipted::DryRun(order, decision) => {
                let gist = Gist::from(decision);
                let claims = OrderClaims::new(order, &gist);
                (gist, Some(claims))
            }
            Receipted::Proxy(checkout) => (Gist::from(checkout), None),
        };
        let iat = at.0.div_euclid(1000);
        let (partner, basis) =
            gist.credited.map(|CreditedGist { partner, basis }| (partner, basis)).unzip();
        let mut claims = ReceiptClaims {
            iss,
            aud: program.to_string(),
            typ: receipted.name(),
            iat,
            exp: iat.saturating_add(receipted.lifetime_s()),
            event_type: gist.event_type,
            order,
            code_id: gist.code.map(|code| code.id),
            partner,
            basis,
            snapshot_id: gist.snapshot.id,
            jti: String::new(),
        };
        claims.jti = ContentId::of(&serde_json::to_vec(&claims)?).to_string();
        Ok(claims)
    }
}

impl OrderClaims {
    fn new(order: &Order, gist: &Gist) -> Self {
        OrderClaims {
            order_id: order.order_id.to_string(),
            currency: order.currency.to_string(),
            subtotal_minor: order.subtotal_minor.get(),
            discount_minor: order.discount_minor.unwrap_or_default().get(),
            payout_minor: gist.payout.as_ref().map(|payout| payout.amount_minor),
        }
    }
}

impl Gist {
    fn new(
        event_type: &str,
        (code, credited): (Option<&CodeFacts>, Option<&CreditedFacts>),
        payout: Option<&PayoutFacts>,
        snapshot: &SnapshotName,
    ) -> Self {
        Gist {
            event_type: event_type.to_owned(),
            code: code.map(|code| Named { id: code.id.clone() }),
            credited: credited.map(|credited| CreditedGist {
                partner: credited.partner.clone(),
                basis: credited.basis.to_owned(),
            }),
            payout: payout.map(|payout| PayoutGist { amount_minor: payout.amount_minor }),
            snapshot: Named { id: snapshot.id.clone() },
        }
    }
}

impl From<&DecisionAnswer> for Gist {
    fn from(decision: &DecisionAnswer) -> Self {
        let DecisionAnswer { event_type, code, credited, payout, snapshot, .. } = decision;
        Gist::new(event_type, (code.as_ref(), credited.as_ref()), payout.as_ref(), snapshot)
    }
}

impl From<&CheckoutAnswer> for Gist {
    fn from(checkout: &CheckoutAnswer) -> Self {
        let CheckoutAnswer { event_type, code, credited, snapshot, .. } = checkout;
        Gist::new(event_type, (code.as_ref(), credited.as_ref()), None, snapshot)
    }
}

#[cfg(feature = "cli")]
fn receipt_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": ["string", "null"],
        "contentMediaType": "application/jwt",
        "contentSchema": {
            "type": "array",
            "prefixItems": [
                { "type": "object", "properties": { "typ": { "const": RECEIPT_TYPE } } },
                generator.subschema_for::<ReceiptClaims>(),
            ],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn decision() -> DecisionAnswer {
        DecisionAnswer {
            order_id: "A1".to_owned(),
            event_type: "SALE".to_owned(),
            code: Some(CodeFacts { id: "c1".to_owned(), typed: "SAVE10".to_owned() }),
            credited: Some(CreditedFacts {
                partner: "ana".to_owned(),
                basis: "promo_code",
                code_id: Some("c1".to_owned()),
                also_click_winner: false,
            }),
            reasons: Vec::new(),
            unused_codes: Vec::new(),
            payout: Some(PayoutFacts {
                amount_minor: 645,
                currency: "USD".to_owned(),
                rule: "default".to_owned(),
            }),
            trace: Vec::new(),
            snapshot: SnapshotName { id: "5a".to_owned() },
        }
    }

    fn order() -> Order {
        let order = json!({
            "order_id": "A1", "event_type": "SALE", "placed_at": "2026-06-15T12:00:00Z",
            "currency": "USD", "subtotal_minor": 12_900,
        });
        Order::parse(order.to_string().as_bytes()).unwrap()
    }

    fn checkout() -> CheckoutAnswer {
        let DecisionAnswer {
            event_type,
            code,
            credited,
            reasons,
            unused_codes,
            trace,
            snapshot,
            ..
        } = decision();
        CheckoutAnswer { event_type, code, credited, reasons, unused_codes, trace, snapshot }
    }

    fn claims(receipted: Receipted<'_>, at_ms: i64) -> Value {
        let signer = ("https://shop.example".to_owned(), &ProgramId::parse("1000").unwrap());
        let claims = ReceiptClaims::new(signer, UnixMillis(at_ms), receipted).unwrap();
        serde_json::to_value(claims).unwrap()
    }

    #[test]
    fn an_order_is_said_in_full_and_times_in_seconds() {
        let mut said =
            claims(Receipted::Recorded(&order(), &Gist::from(&decision())), 1_781_524_800_999);
        assert_eq!(said["jti"].as_str().unwrap().len(), 64);
        said.as_object_mut().unwrap().remove("jti");
        let expected = json!({
            "iss": "https://shop.example", "aud": "1000", "typ": "recorded",
            "iat": 1_781_524_800, "exp": 1_782_129_600,
            "event_type": "SALE", "order_id": "A1", "currency": "USD",
            "subtotal_minor": 12_900, "discount_minor": 0, "payout_minor": 645,
            "code_id": "c1", "partner": "ana", "basis": "promo_code", "snapshot_id": "5a",
        });
        assert_eq!(said, expected);
    }

    #[test]
    fn a_proxy_receipt_carries_no_order_no_amounts_and_no_payout() {
        let said = claims(Receipted::Proxy(&checkout()), 1_781_524_800_000);
        assert_eq!(said["typ"], "proxy");
        assert_eq!(said["partner"], "ana");
        let mut fields: Vec<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        let mut expected = [
            "iss",
            "aud",
            "typ",
            "iat",
            "exp",
            "event_type",
            "code_id",
            "partner",
            "basis",
            "snapshot_id",
            "jti",
        ];
        expected.sort_unstable();
        assert_eq!(fields, expected);
    }

    #[test]
    fn only_a_recorded_order_is_proven_for_days() {
        let lifetime = |receipted: Receipted<'_>| {
            let said = claims(receipted, 1_781_524_800_000);
            said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap()
        };
        assert_eq!(lifetime(Receipted::Recorded(&order(), &Gist::from(&decision()))), 604_800);
        assert_eq!(lifetime(Receipted::DryRun(&order(), &decision())), 300);
        assert_eq!(lifetime(Receipted::Proxy(&checkout())), 300);
    }

    #[test]
    fn that_nobody_is_credited_is_said_too() {
        let nobody = DecisionAnswer { code: None, credited: None, payout: None, ..decision() };
        let said = claims(Receipted::Recorded(&order(), &Gist::from(&nobody)), 0);
        for field in ["code_id", "partner", "basis", "payout_minor"] {
            assert_eq!(said.get(field), Some(&Value::Null), "{field}");
        }
    }

    #[test]
    fn a_receipt_is_named_by_what_it_says() {
        let (order, decision) = (order(), decision());
        let name = |receipted: Receipted<'_>, at_ms| claims(receipted, at_ms)["jti"].clone();
        let dry_run = Receipted::DryRun(&order, &decision);
        let first = name(dry_run, 1_781_524_800_000);
        assert_eq!(first, name(dry_run, 1_781_524_800_999));
        assert_ne!(first, name(dry_run, 1_781_524_801_000));
        let gist = Gist::from(&decision);
        let recorded = Receipted::Recorded(&order, &gist);
        assert_ne!(first, name(recorded, 1_781_524_800_000));
    }
}
