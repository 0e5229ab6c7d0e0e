//! Bulk files.

use super::super::shapes::{Shapes, set};
use super::parts::{Good, operation, paged};
use crate::wire::admin::{List, RowFacts, RowFilter, UploadFacts};

use serde_json::{Value, json};

/// A file that could be sent.
const EXAMPLE: &str = "Promo Code,Program Id,Media Id,Type,Credit Rule,Match Mode,Deal Id,\
    Active Start Date,Active End Date,Timezone\nWOODS1,1000,ana,TRACKING,ALWAYS,LI,,,,\n";

/// The media type of XLSX.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The paths.
pub fn uploads(shapes: &mut Shapes, add: &mut impl FnMut(&str, Value)) {
    let good =
        Good::of::<List<UploadFacts>>(shapes, 200, "A page of bulk files, the latest first.");
    let names = ("listUploads", "Bulk files");
    let list = operation(shapes, names, (None, paged(Vec::new())), None, good);
    add("/{program}/uploads", json!({ "get": list, "post": give(shapes) }));
    let good = Good::of::<UploadFacts>(shapes, 200, "The file, and how far it is.");
    let names = ("getUpload", "A bulk file");
    let get = operation(shapes, names, one(Vec::new()), None, good);
    add("/{program}/uploads/{id}", json!({ "get": get }));
    let outcome = shapes.request::<RowFilter>();
    let asked = vec![json!({ "name": "outcome", "in": "query", "schema": outcome })];
    let good = Good::of::<List<RowFacts>>(shapes, 200, "A page of rows, in their order.");
    let names = ("listUploadRows", "What every row becomes; none once that is decided");
    let rows = operation(shapes, names, one(paged(asked)), None, good);
    add("/{program}/uploads/{id}/rows", json!({ "get": rows }));
    let content = json!({ "text/csv": { "schema": { "type": "string" } } });
    let good =
        Good(200, json!({ "description": "A line for each complaint.", "content": content }));
    let names = ("downloadUploadErrors", "What stands against its rows, as CSV");
    let errors = operation(shapes, names, one(Vec::new()), None, good);
    add("/{program}/uploads/{id}/errors.csv", json!({ "get": errors }));
    for (verb, id, summary) in [
        ("accept", "acceptUpload", "Create the codes of all rows"),
        ("discard", "discardUpload", "Create none of them"),
    ] {
        let good = Good::of::<UploadFacts>(shapes, 202, "The file; its state says how far it is.");
        let mut decide = operation(shapes, (id, summary), one(Vec::new()), None, good);
        let done = Good::of::<UploadFacts>(shapes, 200, "The file; it was decided so before.");
        let responses = decide.get_mut("responses").and_then(Value::as_object_mut);
        responses.map(|all| all.insert(done.0.to_string(), done.1));
        add(&format!("/{{program}}/uploads/{{id}}/{verb}"), json!({ "post": decide }));
    }
}

fn give(shapes: &mut Shapes) -> Value {
    let good = Good::of::<UploadFacts>(shapes, 202, "The file; its rows are being checked.");
    let name = json!({
        "name": "name", "in": "query", "required": true, "example": "woods.csv",
        "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
    });
    let names = ("upload", "Give a bulk file: CSV up to 5 MB, XLSX up to 1 MB");
    let mut give = operation(shapes, names, (None, vec![name]), None, good);
    let content = json!({
        "text/csv": { "schema": {}, "example": EXAMPLE },
        (WORKBOOK): { "schema": {} },
    });
    set(&mut give, "requestBody", json!({ "required": true, "content": content }));
    give
}

fn one(parameters: Vec<Value>) -> (Option<&'static str>, Vec<Value>) {
    (Some("u1"), parameters)
}
