//! The whole catalogue, in and out, and codes as CSV: read in pages, written as they come.

use super::codes::clashed;
use super::failure::Failure;
use super::pages::Pages;
use super::store::codes::{self, CodeRow};
use super::store::list::SortedRow;
use super::store::{Clash, Statement};
use super::{Call, http};
use crate::catalog::element::{self, CheckedCode, ElementKind as Kind, Surroundings};
use crate::catalog::{self, whole};
use crate::wire::admin::{CodeFilter, CodesQuery, FaultFacts, StateName, code_line, csv_header};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use worker::{Request, Response};

/// Largest catalogue that is taken in one piece, in bytes. Longer ones come as uploads.
const CATALOG_SIZE_MAX: usize = 4 << 20;

/// How many codes are written by one statement.
const PART_COUNT: usize = 1_000;

#[derive(Deserialize)]
struct Document {
    id: String,
    document: String,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

impl Call {
    /// `GET /catalog`: as it could be built, with every code of which that is true.
    pub async fn export(self: &Rc<Self>) -> Result<Response, Failure> {
        let program = self.program_row().await?;
        let read = |text: &str| serde_json::from_str::<Value>(text);
        let mut sections = Map::new();
        sections.insert("program".to_owned(), read(&program.document)?);
        sections.insert("event_types".to_owned(), read(&program.event_types_document)?);
        for table in ["partners", "deals", "exception_lists"] {
            let documents = self.documents(table).await?;
            let values = documents.iter().map(|row| read(&row.document));
            sections.insert(table.to_owned(), values.collect::<Result<_, _>>()?);
        }
        let filter = CodeFilter { state: Some(StateName::All), ..CodeFilter::default() };
        let pages = Pages::new(self, filter, self.surroundings().await?);
        // The codes are the last section: they are written as they are read.
        let head = Value::Object(sections).to_string();
        let head = format!("{},\"codes\":[", head.trim_end_matches('}'));
        let mut between = "";
        let write = move |rows: Vec<SortedRow>| {
            let mut text = String::new();
            for code in rows.into_iter().filter_map(|row| row.code.authored()) {
                text.extend([between, &code.to_string()]);
                between = ",";
            }
            text
        };
        http::streamed("application/json", pages.written(head, write, "]}"))
    }

    /// `GET /codes.csv`: what the list would show, all pages of it.
    pub async fn download(self: &Rc<Self>) -> Result<Response, Failure> {
        let query: CodesQuery = http::query(&self.url)?;
        let surroundings = self.surroundings().await?;
        let deals: BTreeMap<String, Value> = self
            .documents("deals")
            .await?
            .into_iter()
            .filter_map(|row| Some((row.id, serde_json::from_str(&row.document).ok()?)))
            .collect();
        let (program, now) = (self.program.clone(), self.now);
        let write = move |rows: Vec<SortedRow>| {
            let line = |row: SortedRow| {
                let facts = row.code.facts(now);
                let deal = facts.deal.as_ref().and_then(|deal| deals.get(deal));
                code_line(program.as_str(), &facts, deal)
            };
            rows.into_iter().map(line).collect()
        };
        let lines = Pages::new(self, query.filter(), surroundings).written(csv_header(), write, "");
        http::csv(lines, &format!("codes-{}.csv", self.program))
    }

    /// `PUT /catalog`, into a programme that has nothing yet.
    pub async fn put_catalog(&self, request: &mut Request) -> Result<Response, Failure> {
        let body = self.body_up_to(request, CATALOG_SIZE_MAX).await?;
        let (checked, warnings) = catalog::parse("catalog", &body)?;
        if checked.program.id != self.program {
            let (expected, got) = (self.program.as_str(), checked.program.id.as_str());
            return Err(http::fault("program.id", expected, got, "put it where it belongs"));
        }
        self.require_empty().await?;
        let parts = whole::sections(&body)?;
        let program = element::program(&parts.settings, &BTreeSet::new())?;
        let mut surroundings = Surroundings::new(&program.document, &program.event_types)?;
        let mut statements = vec![self.create_program(&program)];
        for (kind, elements) in [
            (Kind::ExceptionList, &parts.exception_lists),
            (Kind::Partner, &parts.partners),
            (Kind::Deal, &parts.deals),
        ] {
            for text in elements {
                let checked = surroundings.element(kind, text)?;
                surroundings.know(kind, &checked)?;
                statements.push(self.insert_entity(kind, &checked));
            }
        }
        let codes = self.checked_codes(&parts.codes, &surroundings)?;
        whole::require_apart(codes.iter().map(|(_, code)| code))?;
        let key = self.settings.key_of(&self.program)?.hash_key();
        for part in codes.chunks(PART_COUNT) {
            statements.push(codes::insert(&self.program, part, surroundings.folding(), &key)?);
        }
        statements.push(self.program_query());
        match self.keep::<super::programs::ProgramRow>(statements).await? {
            Ok(rows) => {
                let revision = rows.first().map(|row| row.revision).unwrap_or_default();
                let warnings: Vec<FaultFacts> = warnings.iter().map(FaultFacts::from).collect();
                self.json(201, &json!({ "revision": revision, "warnings": warnings }))
            }
            Err(Clash::Id) => Err(not_empty()),
            Err(clash) => Err(clashed(clash, "program", self.program.as_str())),
        }
    }

    fn checked_codes(
        &self,
        texts: &[String],
        surroundings: &Surroundings,
    ) -> Result<Vec<(String, CheckedCode)>, Failure> {
        let code = |text: &String| {
            let code = surroundings.authored_code(text)?;
            Ok((code.own_id(&self.program, &[]), code))
        };
        texts.iter().map(code).collect()
    }

    fn create_program(&self, program: &element::CheckedProgram) -> Statement {
        let sql = "INSERT INTO programs (id, document, event_types_document, settings_revision, \
                   revision, edited_by, edited_at, edited_how) \
                   VALUES (?1, ?2, ?3, 1, 1, ?4, ?5, 'import')";
        let values = [
            self.program.as_str().into(),
            (&*program.document).into(),
            (&*program.event_types).into(),
            (&*self.holder.name).into(),
            JsValue::from_f64(self.now.0 as f64),
        ];
        Statement::new(sql, values)
    }

    async fn require_empty(&self) -> Result<(), Failure> {
        let sql = "SELECT count(*) AS count FROM programs WHERE id = ?1";
        let query = Statement::new(sql, [self.program.as_str().into()]);
        let count: Option<Count> = self.store.row(query).await?;
        if count.is_some_and(|count| count.count > 0) { Err(not_empty()) } else { Ok(()) }
    }

    async fn documents(&self, table: &str) -> Result<Vec<Document>, Failure> {
        let sql = format!("SELECT id, document FROM {table} WHERE program = ?1 ORDER BY id");
        self.store.rows(Statement::new(&sql, [self.program.as_str().into()])).await
    }
}

fn not_empty() -> Failure {
    Failure::Conflict {
        name: "not-empty",
        detail: "the programme has a catalogue".to_owned(),
        remedy: "edit what is there, or upload codes".to_owned(),
    }
}

impl CodeRow {
    /// The code in its authored shape; `None` when it is never active.
    fn authored(self) -> Option<Value> {
        let schedule = self.standing().schedule();
        if schedule.is_empty() {
            return None;
        }
        let mut facts = serde_json::to_value(self.facts(crate::time::UnixMillis(0))).ok()?;
        let fields = facts.as_object_mut()?;
        for own in ["state", "expired_at", "upload", "comments", "version", "revision"] {
            fields.remove(own);
        }
        let end = schedule.end_at.map(crate::wire::rfc3339);
        fields.insert("end_at".to_owned(), end.into());
        Some(facts)
    }
}
