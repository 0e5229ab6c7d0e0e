//! What operations on the catalogue are put together from.

use super::super::problems;
use super::super::shapes::{Shapes, set};
use crate::catalog::literal::{CodeKindName, CreditPolicyName, MatchTypeName};
use crate::wire::admin::{
    FaultFacts, LIMIT_MAX, PublicationState, Refusal, RequestStateName, SortName, StateName,
};

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

/// A request's body, and one that could be sent.
pub struct Body {
    pub schema: Value,
    pub example: Value,
}

/// A good answer: its status and its response.
pub struct Good(pub u16, pub Value);

impl Good {
    /// An answer of a shape.
    pub fn new(status: u16, description: &str, schema: &Value) -> Self {
        let content = json!({ "application/json": { "schema": schema } });
        Good(status, json!({ "description": description, "content": content }))
    }

    /// An answer of a type.
    pub fn of<T: JsonSchema>(shapes: &mut Shapes, status: u16, description: &str) -> Self {
        let schema = shapes.answer::<T>();
        Good::new(status, description, &schema)
    }
}

/// Fields, with those that everything has beside what is authored.
pub fn versioned(more: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let version = json!({ "type": "integer", "description": "One more with every change." });
    let description = "The programme's revision of its last change.";
    let revision = json!({ "type": "integer", "description": description });
    let mut fields = vec![("version", version), ("revision", revision)];
    fields.extend(more.iter().cloned());
    fields
}

/// Something authored as it is kept, by its name.
pub fn kept<T: JsonSchema>(
    shapes: &mut Shapes,
    name: &str,
    more: &[(&'static str, Value)],
) -> Value {
    shapes.composed::<T>(&format!("Kept{name}"), &versioned(more))
}

/// What was just written, by its name: the thing, and what there is to be said about it.
pub fn written<T: JsonSchema>(
    shapes: &mut Shapes,
    name: &str,
    mut fields: Vec<(&str, Value)>,
) -> Value {
    fields.push(("warnings", warnings(shapes)));
    shapes.composed::<T>(&format!("Written{name}"), &fields)
}

/// What does not stand against what was written.
pub fn warnings(shapes: &mut Shapes) -> Value {
    json!({
        "type": "array",
        "description": "What does not stand against it.",
        "items": shapes.answer::<FaultFacts>(),
    })
}

/// Where a programme's publications stand.
pub fn publication(shapes: &mut Shapes) -> Value {
    shapes.answer::<PublicationState>()
}

/// A page of things.
pub fn page(items: &Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "items": { "type": "array", "items": items },
            "next_cursor": {
                "type": ["string", "null"],
                "description": "Asks for the next page; null on the last.",
            },
            "total": {
                "type": ["integer", "null"],
                "description": "How many there are on all pages; null when they were not counted.",
            },
        },
        "required": ["items", "next_cursor", "total"],
    })
}

/// A JSON Merge Patch of something.
pub fn patch(example: Value) -> Body {
    let schema = json!({
        "type": "object",
        "description": "A JSON Merge Patch (RFC 7396) with the version that was read.",
        "properties": { "version": { "type": "integer", "minimum": 0 } },
        "required": ["version"],
    });
    Body { schema, example }
}

/// An operation of a programme, with the id of one where its path names one, its query and its
/// body.
pub fn operation(
    shapes: &mut Shapes,
    (id, summary): (&str, &str),
    (named_one, mut parameters): (Option<&str>, Vec<Value>),
    body: Option<Body>,
    good: Good,
) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let in_path = |name: &str, example: &str| {
        json!({
            "name": name, "in": "path", "required": true, "schema": text, "example": example,
        })
    };
    parameters.push(in_path("program", "1000"));
    parameters.extend(named_one.map(|id| in_path("id", id)));
    let mut operation = named(shapes, (id, summary), good);
    set(&mut operation, "parameters", parameters.into());
    if let Some(Body { schema, example }) = body {
        let content = json!({ "application/json": { "schema": schema, "example": example } });
        set(&mut operation, "requestBody", json!({ "required": true, "content": content }));
    }
    operation
}

/// An operation, with who may ask and every problem there can be.
pub fn named(shapes: &mut Shapes, (id, summary): (&str, &str), good: Good) -> Value {
    let refusal = shapes.answer::<Refusal>();
    let mut responses = Map::from_iter([(good.0.to_string(), good.1)]);
    for (status, mut problem) in problems(shapes, &[400, 401, 403, 404, 405, 409, 413, 500]) {
        let content = json!({ "application/problem+json": { "schema": refusal } });
        set(&mut problem, "content", content);
        responses.insert(status, problem);
    }
    json!({
        "operationId": id,
        "summary": summary,
        "security": [{ "admin": [] }],
        "responses": responses,
    })
}

/// Parameters of a query.
pub fn query(shapes: &mut Shapes, names: &[&str]) -> Vec<Value> {
    let parameter = |name: &&str| {
        let schema = match *name {
            "state" => shapes.request::<StateName>(),
            "kind" => shapes.request::<CodeKindName>(),
            "credit_policy" => shapes.request::<CreditPolicyName>(),
            "match_type" => shapes.request::<MatchTypeName>(),
            "sort" => shapes.request::<SortName>(),
            "desc" => json!({ "type": "string", "enum": ["true", "false", "1", "0"] }),
            "since" | "until" => json!({ "type": "string", "format": "date-time" }),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "query", "schema": schema })
    };
    names.iter().map(parameter).collect()
}

/// The state of a request, to list them by.
pub fn request_state(shapes: &mut Shapes) -> Value {
    let schema = shapes.request::<RequestStateName>();
    json!({ "name": "state", "in": "query", "schema": schema })
}

/// Which page of a list is wanted, after its other parameters.
pub fn paged(mut parameters: Vec<Value>) -> Vec<Value> {
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX });
    parameters.push(cursor());
    parameters.push(json!({ "name": "limit", "in": "query", "schema": limit }));
    parameters
}

/// Where the page before ended.
pub fn cursor() -> Value {
    let description = "`next_cursor` of the page before; left out for the first.";
    json!({
        "name": "cursor", "in": "query", "description": description,
        "schema": { "type": "string", "minLength": 1 },
    })
}
