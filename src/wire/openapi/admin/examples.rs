//! Bodies that could be sent: every operation that takes one shows one.

use serde_json::{Value, json};

pub fn catalog() -> Value {
    json!({
        "program": {
            "id": "1000", "name": "Acme", "currency": "USD", "time_zone": "America/New_York",
            "tracking": true,
        },
        "event_types": [{ "id": "SALE", "promo_codes": true }],
        "partners": [partner()],
        "deals": [deal()],
        "codes": [{
            "id": "c1", "code": "SAVE10", "match_type": "exact", "credit_policy": "always",
            "owner": "cara",
        }],
        "exception_lists": [exception_list()],
    })
}

pub fn partner() -> Value {
    json!({
        "id": "cara", "name": "Cara", "kind": "partner",
        "contracts": [{
            "id": "k1", "event_types": ["SALE"], "payout": { "default": { "rate_bps": 1_000 } },
        }],
    })
}

pub fn deal() -> Value {
    json!({
        "id": "spring", "name": "10 % off", "type": "general_sale",
        "discount": { "kind": "percent", "bps": 1_000 },
    })
}

pub fn exception_list() -> Value {
    json!({ "id": "staff", "name": "Staff", "items": ["STAFF10"], "rate_bps": 0 })
}

pub fn code() -> Value {
    json!({
        "code": "SPRING25", "match_type": "exact", "credit_policy": "always", "owner": "ana",
        "end_at": "2090-06-30", "time_zone": "America/New_York", "comments": "for your newsletter",
    })
}

pub fn code_patch() -> Value {
    json!({ "version": 1, "max_redemptions": 500, "end_at": null })
}

pub fn settings_patch() -> Value {
    json!({ "version": 1, "tracking": true })
}

/// Of what has a name.
pub fn name_patch() -> Value {
    json!({ "version": 1, "name": "Another name" })
}

/// Of `POST /codes/{verb}`.
pub fn bulk_edit(verb: &str) -> Value {
    match verb {
        "dates" => json!({
            "filter": { "owner": "ana" }, "end_at": "2090-12-31", "time_zone": "Asia/Tokyo",
        }),
        "deal" => json!({ "ids": ["c1"], "deal": null }),
        "reactivate" => json!({ "ids": ["c1"], "end_at": null }),
        _ => json!({ "ids": ["c1"] }),
    }
}

pub fn overlaps() -> Value {
    json!({ "pattern": "^(SUMMER).*[0-9]{2}$", "limit": 20 })
}

pub fn rollback() -> Value {
    json!({ "generation": 1 })
}

pub fn code_request() -> Value {
    json!({
        "codes": ["ANA10", "ANA-10"], "needed_by": "2090-05-01", "note": "for my channel",
    })
}

pub fn approval() -> Value {
    json!({ "version": 1, "code": "ANA10", "match_type": "exact", "credit_policy": "always" })
}

pub fn decline() -> Value {
    json!({ "version": 1, "note": "not this month" })
}
