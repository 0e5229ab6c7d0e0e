//! The part of the description that is about the ledger: orders, reservations, and what operators
//! ask.

use super::shapes::Shapes;
use super::{order_example, responses};
use crate::wire::change::{
    AdjustRequest, ReleaseAnswer, ReservationAnswer, ReservationRequest, ReverseRequest,
};
use crate::wire::upkeep::{
    EntriesPage, EraseAnswer, EraseRequest, LedgerObjects, ReportsPage, ResendAnswer,
    ResendRequest, UsesPage,
};
use crate::wire::{CreditAnswer, Order, OrderAnswer};

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

/// Statuses of whatever asks the ledger and has a body.
const PROBLEMS: [u16; 7] = [400, 401, 403, 404, 413, 429, 500];

/// The paths.
pub fn paths(shapes: &mut Shapes) -> Map<String, Value> {
    let paths = [
        ("/v1/credit", json!({ "post": credit(shapes) })),
        ("/v1/orders/{event_type}/{order_id}", json!({ "get": find(shapes) })),
        ("/v1/orders/{event_type}/{order_id}/reverse", json!({ "post": reverse(shapes) })),
        ("/v1/orders/{event_type}/{order_id}/adjust", json!({ "post": adjust(shapes) })),
        ("/v1/reservations", json!({ "post": reserve(shapes) })),
        ("/v1/reservations/{cart_id}", json!({ "delete": release(shapes) })),
        ("/v1/ledger/objects", json!({ "get": objects(shapes) })),
        ("/v1/ledger/entries", json!({ "get": entries(shapes) })),
        ("/v1/ledger/uses", json!({ "get": uses(shapes) })),
        ("/v1/ledger/reports", json!({ "get": reports(shapes) })),
        ("/v1/ledger/resend", json!({ "post": resend(shapes) })),
        ("/v1/customers/erase", json!({ "post": erase(shapes) })),
    ];
    paths.into_iter().map(|(path, operations)| (path.to_owned(), operations)).collect()
}

fn credit(shapes: &mut Shapes) -> Value {
    let (recorded, decided) = (shapes.answer::<OrderAnswer>(), shapes.answer::<CreditAnswer>());
    let timing = json!({ "Server-Timing": {
        "description": "How many reads from KV it cost, and how old the snapshot was, in \
            milliseconds: `kv-reads;desc=\"0\"`, `snapshot-age;dur=12000`.",
        "schema": { "type": "string" },
    } });
    let answered = |description: &str, schema: &Value| {
        json!({
            "description": description,
            "headers": timing,
            "content": { "application/json": { "schema": schema } },
        })
    };
    let known = answered(
        "It was recorded before, just so: its first answer. Or, of `dry_run`, the decision.",
        &json!({ "anyOf": [recorded, decided] }),
    );
    let mut responses = asked(shapes, known, &[409, 503]);
    let new = answered("It is recorded. That nobody is credited is a decision, too.", &recorded);
    responses.insert("201".to_owned(), new);
    json!({
        "operationId": "credit",
        "summary": "Which partner is this order credited to, and why?",
        "description": "Judged at `placed_at`, and recorded once. Sent again it hears its first \
            answer, whatever has changed since. `forced_partner` needs a token with the scope \
            `force`.",
        "security": [{ "token": [] }],
        "parameters": [{
            "name": "dry_run", "in": "query",
            "schema": { "type": "string", "const": "1" },
            "description": "Decide only: nothing is recorded.",
        }],
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": shapes.request::<Order>(),
            "example": order_example(),
        } } },
        "responses": responses,
    })
}

fn find(shapes: &mut Shapes) -> Value {
    let ok = answer::<OrderAnswer>(shapes, "What was decided, and where the order stands.");
    json!({
        "operationId": "getOrder",
        "summary": "What was decided about an order, and why",
        "security": [{ "token": [] }],
        "parameters": order_name(),
        "responses": read(shapes, ok),
    })
}

fn reverse(shapes: &mut Shapes) -> Value {
    let description = "It is reversed, or was before. Its use of a code goes back.";
    json!({
        "operationId": "reverseOrder",
        "summary": "Take an order back",
        "security": [{ "token": [] }],
        "parameters": order_name(),
        "requestBody": body::<ReverseRequest>(shapes, &json!({ "reason": "returned" })),
        "responses": change::<OrderAnswer>(shapes, description, &[503]),
    })
}

fn adjust(shapes: &mut Shapes) -> Value {
    let description = "It is adjusted, or was so before. The payout follows what is left.";
    json!({
        "operationId": "adjustOrder",
        "summary": "Refund a part of an order",
        "description": "The amounts are what is left of the order after all refunds so far.",
        "security": [{ "token": [] }],
        "parameters": order_name(),
        "requestBody": body::<AdjustRequest>(
            shapes, &json!({ "subtotal_minor": 8_600, "reason": "one mug came broken" }),
        ),
        "responses": change::<OrderAnswer>(shapes, description, &[409, 503]),
    })
}

fn reserve(shapes: &mut Shapes) -> Value {
    let description = "Whether a use is held. That none is left is an answer, too.";
    json!({
        "operationId": "reserve",
        "summary": "Hold a use of a code for a cart",
        "description": "Asked again, the cart goes on holding the one use. It ends by itself, or \
            when the order that names the cart takes it over.",
        "security": [{ "token": [] }],
        "requestBody": body::<ReservationRequest>(
            shapes, &json!({ "code": "save10", "cart_id": "C1", "ttl_s": 900 }),
        ),
        "responses": change::<ReservationAnswer>(shapes, description, &[503]),
    })
}

fn release(shapes: &mut Shapes) -> Value {
    let ok = answer::<ReleaseAnswer>(shapes, "How many uses went back.");
    json!({
        "operationId": "release",
        "summary": "Give back what a cart holds",
        "security": [{ "token": [] }],
        "parameters": [in_path("cart_id", "C1", "The shop's name for the cart.")],
        "responses": read(shapes, ok),
    })
}

fn objects(shapes: &mut Shapes) -> Value {
    let ok = answer::<LedgerObjects>(shapes, "Their names.");
    json!({
        "operationId": "getLedgerObjects",
        "summary": "The objects that the program's ledger is in",
        "security": [{ "admin": [] }],
        "responses": read(shapes, ok),
    })
}

fn entries(shapes: &mut Shapes) -> Value {
    let ok = answer::<EntriesPage>(shapes, "Some of its entries, in the order of their names.");
    json!({
        "operationId": "getLedgerEntries",
        "summary": "What an object has recorded",
        "security": [{ "admin": [] }],
        "parameters": [object("One of `orders`."), after()],
        "responses": read(shapes, ok),
    })
}

fn uses(shapes: &mut Shapes) -> Value {
    let ok = answer::<UsesPage>(shapes, "Some of the uses that it counts.");
    json!({
        "operationId": "getLedgerUses",
        "summary": "Which uses of capped codes an object counts",
        "security": [{ "admin": [] }],
        "parameters": [object("One of `caps`."), after()],
        "responses": read(shapes, ok),
    })
}

fn reports(shapes: &mut Shapes) -> Value {
    let ok = answer::<ReportsPage>(shapes, "Some of the rows, in the order of their ids.");
    json!({
        "operationId": "getLedgerReports",
        "summary": "Which entries have arrived in the reports' database",
        "security": [{ "admin": [] }],
        "parameters": [after()],
        "responses": read(shapes, ok),
    })
}

fn resend(shapes: &mut Shapes) -> Value {
    json!({
        "operationId": "resend",
        "summary": "Send entries again that have not arrived",
        "description": "Those, too, that are sent no more by themselves. With `since` also those \
            that have arrived; an entry that comes twice counts once, by its id.",
        "security": [{ "admin": [] }],
        "requestBody": body::<ResendRequest>(shapes, &json!({ "destination": "reports" })),
        "responses": change::<ResendAnswer>(shapes, "How many are on their way.", &[503]),
    })
}

fn erase(shapes: &mut Shapes) -> Value {
    let description = "In how much the customer was forgotten. Asked again: in what was left.";
    json!({
        "operationId": "eraseCustomer",
        "summary": "Forget a customer",
        "description": "The customer's hash goes from every order, every use of a code and, \
            within seconds, the reports. It cannot be undone.",
        "security": [{ "admin": [] }],
        "requestBody": body::<EraseRequest>(shapes, &json!({ "customer_id": "4711" })),
        "responses": change::<EraseAnswer>(shapes, description, &[503]),
    })
}

fn answer<T: JsonSchema>(shapes: &mut Shapes, description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/json": { "schema": shapes.answer::<T>() } },
    })
}

fn body<T: JsonSchema>(shapes: &mut Shapes, example: &Value) -> Value {
    let content = json!({ "schema": shapes.request::<T>(), "example": example });
    json!({ "required": true, "content": { "application/json": content } })
}

/// The responses of what has a body and one good answer.
fn change<T: JsonSchema>(
    shapes: &mut Shapes,
    description: &str,
    more: &[u16],
) -> Map<String, Value> {
    let ok = answer::<T>(shapes, description);
    asked(shapes, ok, more)
}

fn asked(shapes: &mut Shapes, ok: Value, more: &[u16]) -> Map<String, Value> {
    responses(shapes, ok, &[&PROBLEMS, more].concat())
}

/// The responses of what has no body.
fn read(shapes: &mut Shapes, ok: Value) -> Map<String, Value> {
    responses(shapes, ok, &[400, 401, 403, 404, 429, 500, 503])
}

fn order_name() -> Value {
    json!([
        in_path("event_type", "SALE", "What kind of event the order is."),
        in_path("order_id", "A1", "The shop's name for the order."),
    ])
}

fn in_path(name: &str, example: &str, description: &str) -> Value {
    json!({
        "name": name, "in": "path", "required": true, "description": description,
        "schema": { "type": "string", "minLength": 1 }, "example": example,
    })
}

fn object(description: &str) -> Value {
    json!({
        "name": "object", "in": "query", "required": true, "description": description,
        "schema": { "type": "string" },
    })
}

fn after() -> Value {
    json!({
        "name": "after", "in": "query", "schema": { "type": "string" },
        "description": "`next` of the page before; left out for the first.",
    })
}
