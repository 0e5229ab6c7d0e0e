//! Receipts: what a signed decision says. The claims of a JSON Web Token (RFC 7519); whoever
//! answers signs them.

use super::{DecisionAnswer, Order};
use crate::id::ProgramId;
use crate::snapshot::ContentId;
use crate::time::UnixMillis;

use serde::Serialize;

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

/// What a receipt is proof of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptKind {
    /// The order is recorded.
    Recorded,
    /// The order would be decided so.
    DryRun,
    /// A checkout that passed through was decided so; neither its order nor amounts are known.
    Proxy,
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
    pub basis: Option<&'static str>,
    /// The snapshot that it was decided by.
    pub snapshot_id: String,
    /// Names the receipt: SHA-256 of the claims before it had a name, in hexadecimal digits.
    pub jti: String,
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

impl ReceiptKind {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ReceiptKind::Recorded => "recorded",
            ReceiptKind::DryRun => "dry_run",
            ReceiptKind::Proxy => "proxy",
        }
    }

    fn lifetime_s(self) -> i64 {
        match self {
            ReceiptKind::Recorded => RECORDED_LIFETIME_S,
            ReceiptKind::DryRun | ReceiptKind::Proxy => PASSING_LIFETIME_S,
        }
    }
}

impl ReceiptClaims {
    /// What is signed at an instant about an order and what was decided about it. The same
    /// arguments make the same claims, so that a receipt that is asked for twice within a second is
    /// one.
    ///
    /// # Errors
    ///
    /// When the claims cannot be written as JSON.
    pub fn new(
        kind: ReceiptKind,
        (iss, program): (String, &ProgramId),
        at: UnixMillis,
        order: &Order,
        decision: &DecisionAnswer,
    ) -> Result<Self, serde_json::Error> {
        let iat = at.0.div_euclid(1000);
        let credited = decision.credited.as_ref();
        let mut claims = ReceiptClaims {
            iss,
            aud: program.to_string(),
            typ: kind.name(),
            iat,
            exp: iat.saturating_add(kind.lifetime_s()),
            event_type: decision.event_type.clone(),
            order: (kind != ReceiptKind::Proxy).then(|| OrderClaims {
                order_id: decision.order_id.clone(),
                currency: order.currency.to_string(),
                subtotal_minor: order.subtotal_minor.get(),
                discount_minor: order.discount_minor.unwrap_or_default().get(),
                payout_minor: decision.payout.as_ref().map(|payout| payout.amount_minor),
            }),
            code_id: decision.code.as_ref().map(|code| code.id.clone()),
            partner: credited.map(|credited| credited.partner.clone()),
            basis: credited.map(|credited| credited.basis),
            snapshot_id: decision.snapshot.id.clone(),
            jti: String::new(),
        };
        claims.jti = ContentId::of(&serde_json::to_vec(&claims)?).to_string();
        Ok(claims)
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
    use crate::wire::{CodeFacts, CreditedFacts, PayoutFacts, SnapshotName};
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

    fn claims_of(kind: ReceiptKind, at_ms: i64, decision: &DecisionAnswer) -> Value {
        let order = json!({
            "order_id": "A1", "event_type": "SALE", "placed_at": "2026-06-15T12:00:00Z",
            "currency": "USD", "subtotal_minor": 12_900,
        });
        let order = Order::parse(order.to_string().as_bytes()).unwrap();
        let signer = ("https://shop.example".to_owned(), &ProgramId::parse("1000").unwrap());
        let at = UnixMillis(at_ms);
        let claims = ReceiptClaims::new(kind, signer, at, &order, decision).unwrap();
        serde_json::to_value(claims).unwrap()
    }

    fn claims(kind: ReceiptKind, at_ms: i64) -> Value {
        claims_of(kind, at_ms, &decision())
    }

    #[test]
    fn an_order_is_said_in_full_and_times_in_seconds() {
        let mut said = claims(ReceiptKind::Recorded, 1_781_524_800_999);
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
        let said = claims(ReceiptKind::Proxy, 1_781_524_800_000);
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
        let lifetime = |kind| {
            let said = claims(kind, 1_781_524_800_000);
            said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap()
        };
        assert_eq!(lifetime(ReceiptKind::Recorded), 604_800);
        assert_eq!(lifetime(ReceiptKind::DryRun), 300);
        assert_eq!(lifetime(ReceiptKind::Proxy), 300);
    }

    #[test]
    fn that_nobody_is_credited_is_said_too() {
        let nobody = DecisionAnswer { code: None, credited: None, payout: None, ..decision() };
        let said = claims_of(ReceiptKind::Recorded, 0, &nobody);
        for field in ["code_id", "partner", "basis", "payout_minor"] {
            assert_eq!(said.get(field), Some(&Value::Null), "{field}");
        }
    }

    #[test]
    fn a_receipt_is_named_by_what_it_says() {
        let name = |kind, at_ms| claims(kind, at_ms)["jti"].clone();
        let first = name(ReceiptKind::DryRun, 1_781_524_800_000);
        assert_eq!(first, name(ReceiptKind::DryRun, 1_781_524_800_999));
        assert_ne!(first, name(ReceiptKind::DryRun, 1_781_524_801_000));
        assert_ne!(first, name(ReceiptKind::Recorded, 1_781_524_800_000));
    }
}
