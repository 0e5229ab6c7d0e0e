//! Programmes: which there are, and their settings.

use super::codes::{clashed, written};
use super::document::Row;
use super::failure::Failure;
use super::settings::Settings;
use super::store::{Clash, Statement};
use super::{Call, bindings, http};
use crate::catalog::element;
use crate::catalog::shape::Patch;
use crate::token::Scope;
use crate::wire::admin::{List, ProgramName};

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use wasm_bindgen::JsValue;
use worker::{Env, Request, Response};

/// A programme as the database has it.
#[derive(Debug, Clone, Deserialize)]
pub struct ProgramRow {
    /// Its settings.
    pub document: String,
    /// Its event types.
    pub event_types_document: String,
    /// Of the settings.
    pub version: u64,
    /// Of the whole programme.
    pub revision: u64,
}

#[derive(Deserialize)]
struct Covered {
    id: String,
}

const SELECT: &str =
    "SELECT document, event_types_document, version, revision FROM programs WHERE id = ?1";

const UPDATE: &str = "UPDATE programs SET document = ?2, event_types_document = ?3, \
    version = ?4 + 1, settings_revision = revision WHERE id = ?1";

/// `GET /v1/programs`: those that the token opens, also where there is no catalogue yet.
///
/// # Errors
///
/// [`Failure::Unauthenticated`] when it opens none.
pub async fn list(request: &Request, settings: &Settings, env: &Env) -> Result<Response, Failure> {
    let authorization = request.headers().get("authorization")?;
    let ids = settings.tokens.programs(authorization.as_deref(), Scope::Admin);
    if ids.is_empty() {
        return Err(Failure::Unauthenticated);
    }
    let store = bindings::catalog(env)?;
    let sql = "SELECT id, name FROM programs WHERE id IN (SELECT value FROM json_each(?1))";
    let names = Statement::new(sql, [serde_json::to_string(&ids)?.into()]);
    let names: Vec<ProgramName> = store.rows(names).await?;
    let mut named: BTreeMap<String, Option<String>> =
        names.into_iter().map(|program| (program.id, program.name)).collect();
    let name = |id: &str| ProgramName { id: id.to_owned(), name: named.remove(id).flatten() };
    http::json(200, &List::whole(ids.into_iter().map(name).collect()), &store)
}

impl Call {
    /// `GET /v1/programs/{program}`.
    pub async fn settings_of_program(&self) -> Result<Response, Failure> {
        let mut facts = self.program_row().await?.facts()?;
        let publication = serde_json::to_value(self.publication_state().await?)?;
        facts.insert("publication".to_owned(), publication);
        self.json(200, &facts)
    }

    /// `PATCH /v1/programs/{program}`.
    pub async fn patch_program(&self, request: &mut Request) -> Result<Response, Failure> {
        let patch = Patch::read(&self.body(request).await?)?;
        let row = self.program_row().await?;
        if patch.version != row.version {
            return Err(row.current()?);
        }
        let sql = "SELECT DISTINCT covered.value AS id FROM contracts, \
                   json_each(contracts.event_types) AS covered WHERE contracts.program = ?1";
        let covered = Statement::new(sql, [self.program.as_str().into()]);
        let covered: Vec<Covered> = self.store.rows(covered).await?;
        let covered: BTreeSet<String> = covered.into_iter().map(|event| event.id).collect();
        let checked = element::program(&patch.apply(&row.authored()?)?, &covered)?;
        let is = (&*row.document, &*row.event_types_document);
        if is == (&*checked.document, &*checked.event_types) {
            return self.json(200, &written(row.facts()?, &[]));
        }
        let values = [
            self.program.as_str().into(),
            checked.document.into(),
            checked.event_types.into(),
            JsValue::from_f64(row.version as f64),
        ];
        let update = Statement::new(UPDATE, values);
        match self.edit::<ProgramRow>("patch", [update], self.program_query()).await? {
            Ok(rows) => match rows.first() {
                Some(row) => self.json(200, &written(row.facts()?, &[])),
                None => Err(self.unknown_program()),
            },
            Err(Clash::Version) => Err(self.program_row().await?.current()?),
            Err(clash) => Err(clashed(clash, "program", self.program.as_str())),
        }
    }

    /// The programme as it is kept.
    pub async fn program_row(&self) -> Result<ProgramRow, Failure> {
        let row: Option<ProgramRow> = self.store.row(self.program_query()).await?;
        row.ok_or_else(|| self.unknown_program())
    }

    /// The query for the programme.
    pub fn program_query(&self) -> Statement {
        Statement::new(SELECT, [self.program.as_str().into()])
    }

    fn unknown_program(&self) -> Failure {
        Failure::Unknown { entity: "catalogue", id: self.program.to_string() }
    }
}

impl ProgramRow {
    /// The settings with the event types beside them, as they are patched.
    fn authored(&self) -> Result<String, Failure> {
        let mut fields: Map<String, Value> = serde_json::from_str(&self.document)?;
        let event_types = serde_json::from_str(&self.event_types_document)?;
        fields.insert("event_types".to_owned(), event_types);
        Ok(Value::Object(fields).to_string())
    }

    /// What people are told of it.
    pub fn facts(&self) -> Result<Map<String, Value>, Failure> {
        let document = self.authored()?;
        let (version, revision) = (self.version, self.revision);
        Ok(Row { id: String::new(), document, version, revision }.facts()?)
    }

    fn current(&self) -> Result<Failure, Failure> {
        Ok(Failure::VersionConflict { current: Value::Object(self.facts()?) })
    }
}
