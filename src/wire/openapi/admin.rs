//! The part of the description that is about keeping the catalogue.

use super::{Shapes, problems};
use crate::catalog::authored::edit::{CodePatch, NewCode};
use crate::catalog::authored::request::{Approval, CodeRequest, Decline};
use crate::catalog::authored::{Catalog, Deal, ExceptionList, Partner};
use crate::wire::admin::{
    AuditFacts, BulkAnswer, BulkEdit, CodeFacts, LIMIT_MAX, List, ProgramName, Refusal,
    RequestFacts,
};

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

/// The paths.
pub fn paths(shapes: &mut Shapes) -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, operations: Value| {
        paths.insert(format!("/v1/programs{path}"), operations);
    };
    add("", json!({ "get": programs(shapes) }));
    add("/{program}", settings(shapes));
    add("/{program}/catalog", catalog(shapes));
    codes(shapes, &mut add);
    let documents = [
        ("partners", "Partner", shapes.request::<Partner>()),
        ("deals", "Deal", shapes.request::<Deal>()),
        ("exception-lists", "ExceptionList", shapes.request::<ExceptionList>()),
    ];
    for (name, title, schema) in documents {
        let (list, one) = entity(shapes, title, &schema);
        add(&format!("/{{program}}/{name}"), list);
        add(&format!("/{{program}}/{name}/{{id}}"), one);
    }
    let ended = op("expireDeal", "End a deal now", 200, any("The deal as it is now."));
    add("/{program}/deals/{id}/expire", json!({ "post": with(shapes, ended, &["id"], None) }));
    requests(shapes, &mut add);
    let history = answer::<List<AuditFacts>>(shapes, "What was done, the latest first.");
    let mut history = op("listAudit", "The history", 200, history);
    set(&mut history, "parameters", query(&["entity", "id", "who", "since", "until"]));
    add("/{program}/audit", json!({ "get": with(shapes, history, &[], None) }));
    paths
}

fn programs(shapes: &mut Shapes) -> Value {
    let list = answer::<List<ProgramName>>(shapes, "The programmes.");
    let mut operation = op("listPrograms", "The programmes that the token opens", 200, list);
    close(shapes, &mut operation);
    operation
}

fn settings(shapes: &mut Shapes) -> Value {
    let read = op("getProgram", "A programme's settings", 200, any("The settings."));
    let patch =
        op("patchProgram", "Change the settings", 200, any("The settings as they are now."));
    json!({
        "get": with(shapes, read, &[], None),
        "patch": with(shapes, patch, &[], Some(patch_schema())),
    })
}

fn catalog(shapes: &mut Shapes) -> Value {
    let read = op("getCatalog", "The whole catalogue", 200, any("The catalogue, as authored."));
    let put = any("The revision, and warnings.");
    let put = op("putCatalog", "Put a catalogue into an empty programme", 201, put);
    let schema = shapes.request::<Catalog>();
    json!({
        "get": with(shapes, read, &[], None),
        "put": with(shapes, put, &[], Some(schema)),
    })
}

fn codes(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    const FILTERS: [&str; 10] = [
        "text",
        "owner",
        "state",
        "deal",
        "kind",
        "credit_policy",
        "match_type",
        "upload",
        "sort",
        "desc",
    ];
    let list = answer::<List<CodeFacts>>(shapes, "A page of codes.");
    let mut list = op("listCodes", "Codes that have something in common", 200, list);
    set(&mut list, "parameters", query(&FILTERS));
    let made = op("createCode", "Create a code", 201, any("The code, and warnings."));
    let schema = shapes.request::<NewCode>();
    let both = json!({
        "get": with(shapes, list, &[], None),
        "post": with(shapes, made, &[], Some(schema)),
    });
    add("/{program}/codes", both);
    let file = json!({ "description": "The codes.", "content": { "text/csv": {} } });
    let mut file = op("downloadCodes", "The same codes as CSV", 200, file);
    set(&mut file, "parameters", query(&FILTERS));
    add("/{program}/codes.csv", json!({ "get": with(shapes, file, &[], None) }));
    let read = answer::<CodeFacts>(shapes, "The code.");
    let read = op("getCode", "A code", 200, read);
    let patch = op("patchCode", "Change a code", 200, any("The code as it is now."));
    let ended = op("expireCode", "End a code now", 200, any("The code as it is now."));
    let schema = shapes.request::<CodePatch>();
    let one = json!({
        "get": with(shapes, read, &["id"], None),
        "patch": with(shapes, patch, &["id"], Some(schema)),
        "delete": with(shapes, ended, &["id"], None),
    });
    add("/{program}/codes/{id}", one);
    for (verb, id, summary) in [
        ("expire", "expireCodes", "End codes now"),
        ("reactivate", "reactivateCodes", "Take codes' ends away"),
        ("dates", "moveCodes", "Move codes' dates"),
        ("deal", "applyDeal", "Give codes another deal"),
    ] {
        let done = answer::<BulkAnswer>(shapes, "How many, and which stay as they are.");
        let schema = shapes.request::<BulkEdit>();
        let edit = with(shapes, op(id, summary, 200, done), &[], Some(schema));
        add(&format!("/{{program}}/codes/{verb}"), json!({ "post": edit }));
    }
}

fn entity(shapes: &mut Shapes, title: &str, schema: &Value) -> (Value, Value) {
    let list = op(&format!("list{title}s"), "A page of them", 200, any("The page."));
    let mut list = with(shapes, list, &[], None);
    set(&mut list, "parameters", query(&["text"]));
    let made = op(&format!("create{title}"), "Create one", 201, any("It, and warnings."));
    let read = op(&format!("get{title}"), "One of them", 200, any("It."));
    let patch = op(&format!("patch{title}"), "Change one", 200, any("It, as it is now."));
    let all = json!({
        "get": list,
        "post": with(shapes, made, &[], Some(schema.clone())),
    });
    let one = json!({
        "get": with(shapes, read, &["id"], None),
        "patch": with(shapes, patch, &["id"], Some(patch_schema())),
    });
    (all, one)
}

fn requests(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    let list = answer::<List<RequestFacts>>(shapes, "A page of requests, the latest first.");
    let mut list = op("listRequests", "What partners have asked for", 200, list);
    set(&mut list, "parameters", query(&["state", "partner"]));
    let made = answer::<RequestFacts>(shapes, "The request.");
    let made = op("requestCode", "Ask for a code, as a partner", 201, made);
    let schema = shapes.request::<CodeRequest>();
    let both = json!({
        "get": with(shapes, list, &[], None),
        "post": with(shapes, made, &[], Some(schema)),
    });
    add("/{program}/requests", both);
    let approved = answer::<RequestFacts>(shapes, "The request as it is now.");
    let approve = op("approveRequest", "Make the code", 200, approved.clone());
    let decline = op("declineRequest", "Make none", 200, approved);
    let (approval, refusal) = (shapes.request::<Approval>(), shapes.request::<Decline>());
    let approve = with(shapes, approve, &["id"], Some(approval));
    add("/{program}/requests/{id}/approve", json!({ "post": approve }));
    let decline = with(shapes, decline, &["id"], Some(refusal));
    add("/{program}/requests/{id}/decline", json!({ "post": decline }));
}

/// A page's answer, or another's.
fn answer<T: JsonSchema>(shapes: &mut Shapes, description: &str) -> Value {
    let schema = shapes.answer::<T>();
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

/// An answer in its authored shape, with what is known besides.
fn any(description: &str) -> Value {
    let schema = json!({ "type": "object" });
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn patch_schema() -> Value {
    json!({
        "type": "object",
        "description": "A JSON Merge Patch (RFC 7396) with the version that was read.",
        "properties": { "version": { "type": "integer", "minimum": 0 } },
        "required": ["version"],
    })
}

fn op(id: &str, summary: &str, status: u16, ok: Value) -> Value {
    let responses = Map::from_iter([(status.to_string(), ok)]);
    json!({ "operationId": id, "summary": summary, "responses": responses })
}

/// An operation of a programme, with the parts of its path and its body.
fn with(shapes: &mut Shapes, mut operation: Value, parts: &[&str], body: Option<Value>) -> Value {
    let text = json!({ "type": "string" });
    let part =
        |name: &&str| json!({ "name": name, "in": "path", "required": true, "schema": text });
    let own = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let of_path = ["program"].iter().chain(parts).map(part);
    set(&mut operation, "parameters", own.into_iter().chain(of_path).collect());
    if let Some(schema) = body {
        let content = json!({ "application/json": { "schema": schema } });
        set(&mut operation, "requestBody", json!({ "required": true, "content": content }));
    }
    close(shapes, &mut operation);
    operation
}

/// Adds who may ask, and every problem there can be.
fn close(shapes: &mut Shapes, operation: &mut Value) {
    set(operation, "security", json!([{ "admin": [] }]));
    let refusal = shapes.answer::<Refusal>();
    let mut responses = operation.get("responses").cloned().unwrap_or_default();
    for (status, mut problem) in problems(shapes, &[400, 401, 403, 404, 405, 409, 413, 500]) {
        let content = json!({ "application/problem+json": { "schema": refusal } });
        set(&mut problem, "content", content);
        set(&mut responses, &status, problem);
    }
    set(operation, "responses", responses);
}

/// Sets a field of an object.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(name.to_owned(), value);
    }
}

/// Parameters of a list, with those that every list has.
fn query(names: &[&str]) -> Value {
    let text = |name: &&str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let mut parameters: Vec<Value> = names.iter().chain(&["cursor"]).map(text).collect();
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX });
    parameters.push(json!({ "name": "limit", "in": "query", "schema": schema }));
    parameters.into()
}
