//! Partners with their contracts, deals and exception lists: each is one document.

use super::codes::{ATTEMPT_COUNT_MAX, busy, clashed, written};
use super::document::Row;
use super::failure::Failure;
use super::store::{Clash, Statement, instant};
use super::{Call, http};
use crate::catalog::element::{Checked, ElementKind as Kind, Surroundings, end_of_deal};
use crate::catalog::shape::Patch;
use crate::wire::admin::{EntityQuery, List};

use serde::Deserialize;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;
use worker::{Request, Response};

#[derive(Deserialize)]
struct Named {
    id: String,
}

/// What kind of thing is meant by a name in a path.
#[must_use]
pub fn kind_of(path: &str) -> Option<Kind> {
    match path {
        "partners" => Some(Kind::Partner),
        "deals" => Some(Kind::Deal),
        "exception-lists" => Some(Kind::ExceptionList),
        _ => None,
    }
}

fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Partner => "partners",
        Kind::Deal => "deals",
        Kind::ExceptionList => "exception_lists",
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Partner => "partner",
        Kind::Deal => "deal",
        Kind::ExceptionList => "exception list",
    }
}

impl Call {
    /// `GET /partners` and so on.
    pub async fn list_entities(&self, kind: Kind) -> Result<Response, Failure> {
        let query: EntityQuery = http::query(&self.url)?;
        self.program_row().await?;
        let page = query.page();
        let end: String = http::end_before(page.cursor)?.unwrap_or_default();
        let sql = format!(
            "SELECT id, document, version, revision FROM {} WHERE program = ?1 AND id > ?2 \
             AND (?3 IS NULL OR instr(lower(id), ?3) > 0 OR instr(lower(name), ?3) > 0) \
             ORDER BY id LIMIT ?4",
            table(kind)
        );
        let text = query.text.as_deref();
        let text = text.map_or(JsValue::NULL, |text| text.to_lowercase().into());
        let more = page.limit_and_one();
        let values = [self.program.as_str().into(), end.into(), text, more.into()];
        let mut rows: Vec<Row> = self.store.rows(Statement::new(&sql, values)).await?;
        let next_cursor = http::cut(&mut rows, page, |row| row.id.clone())?;
        let items = rows.iter().map(|row| self.facts(kind, row)).collect::<Result<_, _>>()?;
        let whole = page.cursor.is_none() && next_cursor.is_none();
        let total = if whole { u64::try_from(rows.len()).ok() } else { None };
        self.json(200, &List::<Map<String, Value>> { items, next_cursor, total })
    }

    /// `GET /partners/{id}` and so on.
    pub async fn entity(&self, kind: Kind, id: &str) -> Result<Response, Failure> {
        let row = self.entity_row(kind, id).await?;
        self.json(200, &self.facts(kind, &row)?)
    }

    /// `POST /partners` and so on.
    pub async fn create_entity(
        &self,
        request: &mut Request,
        kind: Kind,
    ) -> Result<Response, Failure> {
        let body = self.body(request).await?;
        let checked = self.surroundings_for(kind).await?.element(kind, &body)?;
        let insert = self.insert_entity(kind, &checked);
        match self.edit("create", [insert], self.entity_query(kind, &checked.id)).await? {
            Ok(rows) => self.answer(201, kind, rows, &checked),
            Err(clash) => Err(clashed(clash, noun(kind), &checked.id)),
        }
    }

    /// `PATCH /partners/{id}` and so on.
    pub async fn patch_entity(
        &self,
        request: &mut Request,
        kind: Kind,
        id: &str,
    ) -> Result<Response, Failure> {
        let patch = Patch::read(&self.body(request).await?)?;
        let row = self.entity_row(kind, id).await?;
        if patch.version != row.version {
            return Err(self.current(kind, &row)?);
        }
        let patched = patch.apply(&row.document)?;
        let checked = self.surroundings_for(kind).await?.element(kind, &patched)?;
        if row.is(&checked) {
            return self.answer(200, kind, vec![row], &checked);
        }
        match self.update_entity(kind, &row, &checked, "patch").await? {
            Ok(rows) => self.answer(200, kind, rows, &checked),
            Err(Clash::Version) => Err(self.current(kind, &self.entity_row(kind, id).await?)?),
            Err(clash) => Err(clashed(clash, noun(kind), id)),
        }
    }

    /// `POST /deals/{id}/expire`.
    pub async fn expire_deal(&self, id: &str) -> Result<Response, Failure> {
        let surroundings = self.surroundings_for(Kind::Deal).await?;
        for _ in 0..ATTEMPT_COUNT_MAX {
            let row = self.entity_row(Kind::Deal, id).await?;
            let ended = end_of_deal(&row.document, &surroundings, self.now)?;
            let checked = surroundings.deal(&ended)?;
            if row.is(&checked) {
                return self.answer(200, Kind::Deal, vec![row], &checked);
            }
            if let Ok(rows) = self.update_entity(Kind::Deal, &row, &checked, "expire").await? {
                return self.answer(200, Kind::Deal, rows, &checked);
            }
        }
        Err(busy())
    }

    /// The statement that keeps a new one.
    pub fn insert_entity(&self, kind: Kind, checked: &Checked) -> Statement {
        let [dates, values] = match kind {
            Kind::Deal => [", start_at, end_at", ", ?4, ?5"],
            _ => ["", ""],
        };
        let sql = format!(
            "INSERT INTO {} (program, id, document, revision{dates}) \
             SELECT id, ?2, ?3, revision{values} FROM programs WHERE id = ?1",
            table(kind)
        );
        let mut statement = Statement::new(
            &sql,
            [self.program.as_str().into(), (&*checked.id).into(), (&*checked.document).into()],
        );
        if kind == Kind::Deal {
            statement.bind(instant(checked.schedule.start_at));
            statement.bind(instant(checked.schedule.end_at));
        }
        statement
    }

    async fn update_entity(
        &self,
        kind: Kind,
        row: &Row,
        checked: &Checked,
        how: &str,
    ) -> Result<Result<Vec<Row>, Clash>, Failure> {
        let dates = if kind == Kind::Deal { ", start_at = ?5, end_at = ?6" } else { "" };
        let sql = format!(
            "UPDATE {} SET document = ?3, version = ?4 + 1, \
             revision = (SELECT revision FROM programs WHERE id = ?1){dates} \
             WHERE program = ?1 AND id = ?2",
            table(kind)
        );
        let program = self.program.as_str().into();
        let version = JsValue::from_f64(row.version as f64);
        let document = (&*checked.document).into();
        let mut update = Statement::new(&sql, [program, (&*row.id).into(), document, version]);
        if kind == Kind::Deal {
            update.bind(instant(checked.schedule.start_at));
            update.bind(instant(checked.schedule.end_at));
        }
        self.edit(how, [update], self.entity_query(kind, &row.id)).await
    }

    fn entity_query(&self, kind: Kind, id: &str) -> Statement {
        let table = table(kind);
        let sql = format!(
            "SELECT id, document, version, revision FROM {table} WHERE program = ?1 AND id = ?2"
        );
        Statement::new(&sql, [self.program.as_str().into(), id.into()])
    }

    async fn entity_row(&self, kind: Kind, id: &str) -> Result<Row, Failure> {
        let row: Option<Row> = self.store.row(self.entity_query(kind, id)).await?;
        row.ok_or_else(|| Failure::Unknown { entity: noun(kind), id: id.to_owned() })
    }

    /// The programme, with what such a thing may refer to.
    async fn surroundings_for(&self, kind: Kind) -> Result<Surroundings, Failure> {
        let mut surroundings = self.surroundings().await?;
        if kind == Kind::Partner {
            let sql = "SELECT id FROM exception_lists WHERE program = ?1";
            let lists = Statement::new(sql, [self.program.as_str().into()]);
            let lists: Vec<Named> = self.store.rows(lists).await?;
            surroundings.know_lists(lists.into_iter().map(|list| list.id));
        }
        Ok(surroundings)
    }

    fn facts(&self, kind: Kind, row: &Row) -> Result<Map<String, Value>, Failure> {
        let mut facts = row.facts()?;
        if kind == Kind::Deal {
            let state = crate::wire::admin::state_of(&facts, self.now);
            facts.insert("state".to_owned(), state.into());
        }
        Ok(facts)
    }

    fn answer(
        &self,
        status: u16,
        kind: Kind,
        rows: Vec<Row>,
        checked: &Checked,
    ) -> Result<Response, Failure> {
        let row = rows.into_iter().next().ok_or_else(busy)?;
        self.json(status, &written(self.facts(kind, &row)?, &checked.warnings))
    }

    fn current(&self, kind: Kind, row: &Row) -> Result<Failure, Failure> {
        Ok(Failure::VersionConflict { current: Value::Object(self.facts(kind, row)?) })
    }
}
