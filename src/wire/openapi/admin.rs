//! The part of the description that is about keeping the catalogue.

mod examples;
mod parts;
mod uploads;

use super::shapes::{Shapes, set};
use crate::catalog::authored::edit::{CodePatch, NewCode};
use crate::catalog::authored::request::{Approval, CodeRequest, Decline};
use crate::catalog::authored::{Catalog, Deal, EventType, ExceptionList, Partner, Program};
use crate::wire::admin::{
    AuditFacts, BulkAnswer, BulkEdit, CodeFacts, List, Overlaps, OverlapsRequest, ProgramName,
    PublicationState, Publications, RequestFacts, RollbackRequest,
};
use parts::{Body, Good, kept, operation, page, paged, query, versioned};

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

/// What lists of codes are filtered by.
const FILTERS: [&str; 8] =
    ["text", "owner", "state", "deal", "kind", "credit_policy", "match_type", "upload"];

/// The paths.
pub fn paths(shapes: &mut Shapes) -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, operations: Value| {
        paths.insert(format!("/v1/programs{path}"), operations);
    };
    let list = Good::of::<List<ProgramName>>(shapes, 200, "The programmes.");
    let names = ("listPrograms", "The programmes that the token opens");
    add("", json!({ "get": parts::named(shapes, names, list) }));
    add("/{program}", settings(shapes));
    add("/{program}/catalog", catalog(shapes));
    codes(shapes, &mut add);
    bulk(shapes, &mut add);
    patterns(shapes, &mut add);
    entity::<Partner>(shapes, ("partners", "Partner", "ana"), examples::partner(), &mut add);
    entity::<Deal>(shapes, ("deals", "Deal", "d10"), examples::deal(), &mut add);
    let lists = ("exception-lists", "ExceptionList", "x1");
    entity::<ExceptionList>(shapes, lists, examples::exception_list(), &mut add);
    requests(shapes, &mut add);
    snapshots(shapes, &mut add);
    uploads::uploads(shapes, &mut add);
    let asked = paged(query(shapes, &["entity", "id", "who", "since", "until"]));
    let history = Good::of::<List<AuditFacts>>(shapes, 200, "What was done, the latest first.");
    let history = operation(shapes, ("listAudit", "The history"), (None, asked), None, history);
    add("/{program}/audit", json!({ "get": history }));
    paths
}

fn settings(shapes: &mut Shapes) -> Value {
    let event_types = json!({ "type": "array", "items": shapes.answer::<EventType>() });
    let own = [("event_types", event_types)];
    let written = parts::written::<Program>(shapes, "Settings", versioned(&own));
    let [own] = own;
    let all = [own, ("publication", parts::publication(shapes))];
    let read = kept::<Program>(shapes, "Program", &all);
    let good = Good::new(200, "The settings, and what is published.", &read);
    let get = operation(shapes, ("getProgram", "A programme"), (None, Vec::new()), None, good);
    let good = Good::new(200, "The settings as they are now.", &written);
    let body = parts::patch(examples::settings_patch());
    let names = ("patchProgram", "Change the settings");
    let patch = operation(shapes, names, (None, Vec::new()), Some(body), good);
    json!({ "get": get, "patch": patch })
}

fn catalog(shapes: &mut Shapes) -> Value {
    let good = Good::of::<Catalog>(shapes, 200, "The catalogue, as authored.");
    let get =
        operation(shapes, ("getCatalog", "The whole catalogue"), (None, Vec::new()), None, good);
    let answer = json!({
        "type": "object",
        "properties": { "revision": { "type": "integer" }, "warnings": parts::warnings(shapes) },
        "required": ["revision", "warnings"],
    });
    let good = Good::new(201, "The revision, and warnings.", &answer);
    let body = body::<Catalog>(shapes, examples::catalog());
    let names = ("putCatalog", "Put a catalogue into an empty programme");
    let put = operation(shapes, names, (None, Vec::new()), Some(body), good);
    json!({ "get": get, "put": put })
}

fn codes(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    let written = parts::written::<CodeFacts>(shapes, "Code", Vec::new());
    let good = Good::of::<List<CodeFacts>>(shapes, 200, "A page of codes.");
    let asked = paged(query(shapes, &[&FILTERS[..], &["sort", "desc"]].concat()));
    let names = ("listCodes", "Codes that have something in common");
    let list = operation(shapes, names, (None, asked), None, good);
    let good = Good::new(201, "The code, and warnings.", &written);
    let new = body::<NewCode>(shapes, examples::code());
    let names = ("createCode", "Create a code");
    let create = operation(shapes, names, (None, Vec::new()), Some(new), good);
    add("/{program}/codes", json!({ "get": list, "post": create }));
    let content = json!({ "text/csv": { "schema": { "type": "string" } } });
    let good = Good(200, json!({ "description": "The codes.", "content": content }));
    let asked = query(shapes, &FILTERS);
    let names = ("downloadCodes", "The same codes as CSV, all of them");
    let download = operation(shapes, names, (None, asked), None, good);
    add("/{program}/codes.csv", json!({ "get": download }));
    let one = || (Some("c1"), Vec::new());
    let good = Good::of::<CodeFacts>(shapes, 200, "The code.");
    let get = operation(shapes, ("getCode", "A code"), one(), None, good);
    let now = "The code as it is now.";
    let patch = body::<CodePatch>(shapes, examples::code_patch());
    let names = ("patchCode", "Change a code");
    let good = Good::new(200, now, &written);
    let patch = operation(shapes, names, one(), Some(patch), good);
    let names = ("expireCode", "End a code now");
    let good = Good::new(200, now, &written);
    let end = operation(shapes, names, one(), None, good);
    add("/{program}/codes/{id}", json!({ "get": get, "patch": patch, "delete": end }));
}

fn bulk(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    for (verb, id, summary) in [
        ("expire", "expireCodes", "End codes now"),
        ("reactivate", "reactivateCodes", "Take codes' ends away"),
        ("dates", "moveCodes", "Move codes' dates"),
        ("deal", "applyDeal", "Give codes another deal"),
    ] {
        let description = "How many, and which stay as they are.";
        let good = Good::of::<BulkAnswer>(shapes, 200, description);
        let body = body::<BulkEdit>(shapes, examples::bulk_edit(verb));
        let edit = operation(shapes, (id, summary), (None, Vec::new()), Some(body), good);
        add(&format!("/{{program}}/codes/{verb}"), json!({ "post": edit }));
    }
}

fn patterns(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    let good = Good::of::<Overlaps>(shapes, 200, "The codes.");
    let body = body::<OverlapsRequest>(shapes, examples::overlaps());
    let names = ("findOverlaps", "Which codes match what a pattern matches");
    let find = operation(shapes, names, (None, Vec::new()), Some(body), good);
    add("/{program}/patterns/overlaps", json!({ "post": find }));
}

fn entity<T: JsonSchema>(
    shapes: &mut Shapes,
    (path, title, id_of_one): (&str, &str, &str),
    example: Value,
    add: &mut impl FnMut(&str, Value),
) {
    let state = json!({ "type": "string", "enum": ["pending", "active", "expired"] });
    let more = [("state", state)];
    let is_deal = title == "Deal";
    let more: &[(&str, Value)] = if is_deal { &more } else { &[] };
    let read = kept::<T>(shapes, title, more);
    let written = parts::written::<T>(shapes, title, versioned(more));
    let asked = paged(query(shapes, &["text"]));
    let good = Good::new(200, "The page.", &page(&read));
    let id = format!("list{title}s");
    let list = operation(shapes, (&id, "A page of them"), (None, asked), None, good);
    let good = Good::new(201, "It, and warnings.", &written);
    let new = body::<T>(shapes, example);
    let id = format!("create{title}");
    let create = operation(shapes, (&id, "Create one"), (None, Vec::new()), Some(new), good);
    add(&format!("/{{program}}/{path}"), json!({ "get": list, "post": create }));
    let one = || (Some(id_of_one), Vec::new());
    let id = format!("get{title}");
    let good = Good::new(200, "It.", &read);
    let get = operation(shapes, (&id, "One of them"), one(), None, good);
    let patch = parts::patch(examples::name_patch());
    let id = format!("patch{title}");
    let good = Good::new(200, "It, as it is now.", &written);
    let patch = operation(shapes, (&id, "Change one"), one(), Some(patch), good);
    add(&format!("/{{program}}/{path}/{{id}}"), json!({ "get": get, "patch": patch }));
    if is_deal {
        let good = Good::new(200, "The deal as it is now.", &written);
        let names = ("expireDeal", "End a deal now");
        let end = operation(shapes, names, one(), None, good);
        add("/{program}/deals/{id}/expire", json!({ "post": end }));
    }
}

fn requests(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    let mut asked = query(shapes, &["partner"]);
    asked.insert(0, parts::request_state(shapes));
    let description = "A page of requests, the latest first.";
    let good = Good::of::<List<RequestFacts>>(shapes, 200, description);
    let names = ("listRequests", "What partners have asked for; a partner sees its own");
    let mut list = operation(shapes, names, (None, paged(asked)), None, good);
    set(&mut list, "security", json!([{ "admin": [] }, { "partner": [] }]));
    let good = Good::of::<RequestFacts>(shapes, 201, "The request.");
    let new = body::<CodeRequest>(shapes, examples::code_request());
    let names = ("requestCode", "Ask for a code, as a partner");
    let mut ask = operation(shapes, names, (None, Vec::new()), Some(new), good);
    set(&mut ask, "security", json!([{ "partner": [] }]));
    add("/{program}/requests", json!({ "get": list, "post": ask }));
    let approval = body::<Approval>(shapes, examples::approval());
    let decline = body::<Decline>(shapes, examples::decline());
    for (verb, id, summary, body) in [
        ("approve", "approveRequest", "Make the code", approval),
        ("decline", "declineRequest", "Make none", decline),
    ] {
        let good = Good::of::<RequestFacts>(shapes, 200, "The request as it is now.");
        let decide = operation(shapes, (id, summary), (Some("r1"), Vec::new()), Some(body), good);
        add(&format!("/{{program}}/requests/{{id}}/{verb}"), json!({ "post": decide }));
    }
}

fn snapshots(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    let description = "Where the programme stands, and a page of what was published.";
    let good = Good::of::<Publications>(shapes, 200, description);
    let asked = vec![parts::cursor()];
    let names = ("listPublications", "What has been published, the latest first");
    let list = operation(shapes, names, (None, asked), None, good);
    add("/{program}/snapshots", json!({ "get": list }));
    let rollback = body::<RollbackRequest>(shapes, examples::rollback());
    for (verb, id, summary, body) in [
        ("publish", "publish", "Publish at once, should something have gone wrong", None),
        (
            "rollback",
            "rollBack",
            "Publish an earlier one again, and keep edits back",
            Some(rollback),
        ),
        ("resume", "resumePublishing", "Publish edits again", None),
    ] {
        let good = Good::of::<PublicationState>(shapes, 202, "Where the programme stands.");
        let act = operation(shapes, (id, summary), (None, Vec::new()), body, good);
        add(&format!("/{{program}}/snapshots/{verb}"), json!({ "post": act }));
    }
}

fn body<T: JsonSchema>(shapes: &mut Shapes, example: Value) -> Body {
    Body { schema: shapes.request::<T>(), example }
}
