//! The description of the Worker's interface, as OpenAPI 3.1 has it: the paths are written here,
//! the shapes come from the types.

mod admin;
mod ledger;
mod shapes;

use super::{Health, Problem, ValidateAnswer, ValidateRequest};

use serde_json::{Map, Value, json};
use shapes::Shapes;

/// The whole document. `www/openapi.json` is this, and a test compares the two.
#[must_use]
pub fn document() -> Value {
    let mut shapes = Shapes::new();
    let mut paths = json!({
        "/v1/validate": { "post": validate(&mut shapes) },
        "/v1/public": { "get": public(&mut shapes) },
        "/v1/click": { "get": click(&mut shapes) },
        "/.well-known/jwks.json": { "get": jwks(&mut shapes) },
        "/healthz": { "get": healthz(&mut shapes) },
        "/openapi.json": { "get": description() },
    });
    if let Value::Object(paths) = &mut paths {
        paths.extend(ledger::paths(&mut shapes));
        paths.extend(admin::paths(&mut shapes));
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "promo-edge",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": env!("CARGO_PKG_DESCRIPTION"),
            "description": "Which program a request is about follows from the host name. Clients \
                must pass over fields that they do not know; the Worker refuses those.",
            "license": {
                "name": env!("CARGO_PKG_LICENSE"),
                "identifier": env!("CARGO_PKG_LICENSE"),
            },
        },
        "servers": [{ "url": "/" }],
        "components": {
            "schemas": shapes.finish(&mut paths),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of the program with the scope `credit`. Only servers \
                        have one: a shopper's page asks without.",
                },
                "admin": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of the program with the scope `admin`, for operators.",
                },
                "partner": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A partner's token of the program, with the scope `request`.",
                },
            },
        },
        "paths": paths,
    })
}

fn validate(shapes: &mut Shapes) -> Value {
    let ok = json!({
        "description": "The answer. A code that is refused is an answer, too.",
        "headers": { "Server-Timing": {
            "description": "How many reads from KV the answer cost, as `kv-reads;desc=\"0\"`.",
            "schema": { "type": "string" },
        } },
        "content": { "application/json": {
            "schema": shapes.answer::<ValidateAnswer>(),
            "examples": {
                "valid": { "value": valid_example() },
                "refused": { "value": refused_example() },
            },
        } },
    });
    json!({
        "operationId": "validate",
        "summary": "May this code be used on this order?",
        "description": "Counts nothing and reserves nothing. Conditions whose facts were not sent \
            are named in `unchecked`. With a token the merchant may say more about the customer, \
            and is told more.",
        "security": [{}, { "token": [] }],
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": shapes.request::<ValidateRequest>(),
            "example": request_example(),
        } } },
        "responses": responses(shapes, ok, &[400, 401, 403, 404, 413, 429, 500, 503]),
    })
}

fn public(shapes: &mut Shapes) -> Value {
    let description = "The codes marked `public`, as a snapshot of their own for the browser \
        module. Empty when there are none.";
    json!({
        "operationId": "getPublicCodes",
        "summary": "The codes that a shopper's browser may know",
        "parameters": [known()],
        "responses": kept(shapes, description, &json!({ "application/octet-stream": {} }), &[503]),
    })
}

fn jwks(shapes: &mut Shapes) -> Value {
    let names = ["kty", "crv", "x", "kid", "alg", "use"];
    let fields: Map<String, Value> =
        names.iter().map(|&name| (name.to_owned(), json!({ "type": "string" }))).collect();
    let key = json!({ "type": "object", "properties": fields, "required": names });
    let set = json!({
        "type": "object",
        "properties": { "keys": { "type": "array", "items": key } },
        "required": ["keys"],
    });
    let description = "A JWK Set (RFC 7517) of Ed25519 keys (RFC 8037). Without any, answers \
        carry no receipts.";
    let content = json!({ "application/jwk-set+json": { "schema": set } });
    json!({
        "operationId": "getReceiptKeys",
        "summary": "The keys that check receipts",
        "parameters": [known()],
        "responses": kept(shapes, description, &content, &[]),
    })
}

/// What is named by its content and asked for again by that name.
fn kept(shapes: &mut Shapes, description: &str, content: &Value, problems: &[u16]) -> Value {
    let header =
        |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    let headers = json!({
        "ETag": header("Names the content."),
        "Cache-Control": header("`public, max-age=60`"),
    });
    let ok = json!({ "description": description, "headers": headers, "content": content });
    let mut responses = responses(shapes, ok, &[&[404, 500], problems].concat());
    let unchanged = json!({ "description": "The content is the one that was named." });
    responses.insert("304".to_owned(), unchanged);
    Value::Object(responses)
}

fn known() -> Value {
    json!({
        "name": "If-None-Match", "in": "header", "schema": { "type": "string" },
        "description": "The ETag of the content that is there already.",
    })
}

fn click(shapes: &mut Shapes) -> Value {
    let text = json!({ "type": "string" });
    let parameter = |name: &str, description: &str| {
        json!({
            "name": name, "in": "query", "required": true, "schema": text,
            "description": description,
        })
    };
    let header = |description: &str| json!({ "description": description, "schema": text });
    let found = json!({
        "description": "The way on, whether or not the click counts.",
        "headers": {
            "Location": header("Where the link leads."),
            "Set-Cookie": header("The click path, signed. Only when the click counts: somebody \
                goes to a page, has agreed where that is asked for, and the partner is known and \
                active."),
            "Cache-Control": header("`private, no-store`"),
        },
    });
    let mut responses = Map::from_iter([("302".to_owned(), found)]);
    responses.extend(problems(shapes, &[400, 404, 500]));
    json!({
        "operationId": "followLink",
        "summary": "Counts a click on a partner's link and leads on",
        "parameters": [
            parameter("partner", "The partner's id."),
            parameter("to", "Where the link leads: a path of this host, or an address of a host \
                that the Worker is set to allow."),
        ],
        "responses": responses,
    })
}

fn healthz(shapes: &mut Shapes) -> Value {
    let health = |description: &str, shapes: &mut Shapes| {
        json!({
            "description": description,
            "content": { "application/json": { "schema": shapes.answer::<Health>() } },
        })
    };
    let ok = health("It can.", shapes);
    let mut responses = responses(shapes, ok, &[404, 500]);
    responses.insert("503".to_owned(), health("It cannot; `trouble` says why.", shapes));
    json!({
        "operationId": "getHealth",
        "summary": "Whether the Worker can answer, and from what",
        "responses": responses,
    })
}

fn description() -> Value {
    json!({
        "operationId": "getDescription",
        "summary": "This document",
        "responses": { "200": {
            "description": "The description of this interface.",
            "content": { "application/json": {} },
        } },
    })
}

fn responses(shapes: &mut Shapes, ok: Value, statuses: &[u16]) -> Map<String, Value> {
    let mut responses = Map::from_iter([("200".to_owned(), ok)]);
    responses.extend(problems(shapes, statuses));
    responses
}

fn problems(shapes: &mut Shapes, statuses: &[u16]) -> Map<String, Value> {
    let schema = shapes.answer::<Problem>();
    let problem = |&status: &u16| {
        let (description, retries) = match status {
            400 => ("The request cannot be understood; `path` says where.", false),
            401 => ("The header is not a token of this program.", false),
            403 => ("The token is not for this.", false),
            404 => ("No program answers at this host, or there is no such thing.", false),
            405 => ("The path is for other methods.", false),
            409 => ("What is there stands against it; `detail` says how.", false),
            413 => ("The body has more than 262,144 bytes.", false),
            429 => ("This address asks too often.", true),
            503 => ("There is no snapshot to answer from, or the ledger does not answer.", true),
            _ => ("The Worker is not set up, or its platform failed.", false),
        };
        let content = json!({ "application/problem+json": { "schema": schema } });
        let response = if retries {
            let retry_after = json!({
                "description": "When to ask again, in seconds.",
                "schema": { "type": "integer" },
            });
            let headers = json!({ "Retry-After": retry_after });
            json!({ "description": description, "headers": headers, "content": content })
        } else {
            json!({ "description": description, "content": content })
        };
        (status.to_string(), response)
    };
    statuses.iter().map(problem).collect()
}

fn request_example() -> Value {
    json!({
        "code": "save10",
        "cart": {
            "currency": "USD", "subtotal_minor": 12_900, "country": "US", "event_type": "SALE",
            "items": [
                { "sku": "mug", "category": "cups", "quantity": 3, "unit_price_minor": 4300 },
            ],
        },
    })
}

fn order_example() -> Value {
    json!({
        "order_id": "A1",
        "event_type": "SALE",
        "placed_at": "2026-06-15T12:00:00Z",
        "promo_codes": ["save10"],
        "currency": "USD",
        "subtotal_minor": 12_900,
        "discount_minor": 1_290,
        "clicks": [{ "partner": "cara", "at": "2026-06-14T09:30:00Z" }],
    })
}

fn valid_example() -> Value {
    json!({
        "valid": true,
        "code": "save10",
        "deal": { "id": "d10", "name": "10 % off", "type": "general_sale" },
        "quote": {
            "currency": "USD", "amount_minor": 1_290, "benefit": null, "lines_minor": [1_290],
        },
        "unchecked": [],
        "snapshot": snapshot_example(),
    })
}

fn refused_example() -> Value {
    json!({ "valid": false, "reason": "not_valid", "snapshot": snapshot_example() })
}

fn snapshot_example() -> Value {
    let id = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    json!({ "id": id, "age_ms": 12_000 })
}
