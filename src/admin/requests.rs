//! Partners ask for codes; a manager approves, which makes one, or declines.

use super::codes::{busy, clashed};
use super::failure::Failure;
use super::store::{Statement, instant};
use super::{Call, http};
use crate::catalog::authored::request::{Approval, Decline, NOTE_CHARS_MAX};
use crate::catalog::shape;
use crate::id::PartnerId;
use crate::time::UnixMillis;
use crate::token::Scope;
use crate::wire::admin::{List, RequestFacts, RequestQuery, RequestStateName};
use crate::wire::rfc3339;

use serde::Deserialize;
use wasm_bindgen::JsValue;
use worker::{Request, Response};

const SELECT: &str = "SELECT r.id, r.partner, r.deal, r.codes, r.needed_by, r.note, \
    r.requested_at, r.code, r.answer, r.decided_by, r.decided_at, r.version, r.revision, \
    CASE WHEN r.state = 'approved' AND c.starts_at <= ?2 THEN 'completed' ELSE r.state END \
    AS state FROM code_requests AS r \
    LEFT JOIN codes AS c ON c.program = r.program AND c.id = r.code WHERE r.program = ?1";

const INSERT: &str = "INSERT INTO code_requests \
    (program, id, partner, deal, codes, needed_by, note, requested_at, revision) \
    SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, revision FROM programs WHERE id = ?1";

const DECIDE: &str = "UPDATE code_requests SET state = ?3, code = ?4, answer = ?5, \
    decided_by = ?6, decided_at = ?7, version = ?8 + 1, \
    revision = (SELECT revision FROM programs WHERE id = ?1) WHERE program = ?1 AND id = ?2";

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    partner: String,
    deal: Option<String>,
    codes: String,
    needed_by: Option<i64>,
    note: Option<String>,
    requested_at: i64,
    state: RequestStateName,
    code: Option<String>,
    answer: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    version: u64,
    revision: u64,
}

impl Call {
    /// `GET /requests`, the latest first; a partner is shown its own.
    pub async fn list_requests(&self) -> Result<Response, Failure> {
        let query: RequestQuery = http::query(&self.url)?;
        let partner = self.partner_shown(query.partner.clone())?;
        let page = query.page();
        let end: Option<(i64, String)> = http::end_before(page.cursor)?;
        let sql = format!(
            "SELECT * FROM ({SELECT}) WHERE (?3 IS NULL OR state = ?3) \
             AND (?4 IS NULL OR partner = ?4) \
             AND (?5 IS NULL OR (requested_at, id) < (?5, ?6)) \
             ORDER BY requested_at DESC, id DESC LIMIT ?7"
        );
        let text = |text: Option<String>| text.map_or(JsValue::NULL, Into::into);
        let (at, id) = end.unzip();
        let values = [
            self.program.as_str().into(),
            instant(Some(self.now)),
            query.state.map_or(JsValue::NULL, |state| state.name().into()),
            text(partner),
            instant(at.map(UnixMillis)),
            text(id),
            page.limit_and_one().into(),
        ];
        let mut rows: Vec<Row> = self.store.rows(Statement::new(&sql, values)).await?;
        let next_cursor = http::cut(&mut rows, page, |row| (row.requested_at, row.id.clone()))?;
        let items = rows.into_iter().map(Row::facts).collect::<Result<_, _>>()?;
        self.json(200, &List { items, next_cursor, total: None })
    }

    /// `POST /requests`, by a partner.
    pub async fn request_code(&self, request: &mut Request) -> Result<Response, Failure> {
        let partner = self.partner()?;
        let body = self.body(request).await?;
        let asked = self.surroundings_of(&body).await?.code_request(&body)?;
        self.require_partner(partner).await?;
        let codes = serde_json::to_string(&asked.codes)?;
        // Of one partner's at one instant only one is new: the same sent twice is one request.
        let id = http::digest(&[partner.as_str(), &self.now.0.to_string(), &body]);
        let text = |text: Option<&str>| text.map_or(JsValue::NULL, Into::into);
        let values = [
            self.program.as_str().into(),
            (&*id).into(),
            partner.as_str().into(),
            text(asked.deal.as_deref()),
            codes.into(),
            instant(asked.needed_by),
            text(asked.note.as_deref()),
            instant(Some(self.now)),
        ];
        let insert = Statement::new(INSERT, values);
        match self.edit("request", [insert], self.request_query(&id)).await? {
            Ok(rows) => self.answer_request(201, rows),
            Err(clash) => Err(clashed(clash, "request", &id)),
        }
    }

    /// The partner whose token it is.
    fn partner(&self) -> Result<&PartnerId, Failure> {
        self.holder.partner.as_ref().ok_or_else(|| no_partner("the token names no partner"))
    }

    /// Whose requests are shown: a manager is shown those that are asked for.
    fn partner_shown(&self, asked: Option<String>) -> Result<Option<String>, Failure> {
        if self.holder.may(Scope::Admin) {
            return Ok(asked);
        }
        let own = self.partner()?.as_str();
        match asked {
            Some(other) if other != own => Err(Failure::OutOfScope { needed: Scope::Admin }),
            _ => Ok(Some(own.to_owned())),
        }
    }

    /// A token may be configured before its partner is there.
    async fn require_partner(&self, partner: &PartnerId) -> Result<(), Failure> {
        let sql = "SELECT id FROM partners WHERE program = ?1 AND id = ?2";
        let query = Statement::new(sql, [self.program.as_str().into(), partner.as_str().into()]);
        let known: Option<Named> = self.store.row(query).await?;
        let is_known = known.is_some_and(|known| known.id == partner.as_str());
        let unknown = || no_partner("the token names a partner that there is not");
        if is_known { Ok(()) } else { Err(unknown()) }
    }

    /// `POST /requests/{id}/approve` and `decline`.
    pub async fn decide_request(
        &self,
        request: &mut Request,
        id: &str,
        verb: &str,
    ) -> Result<Response, Failure> {
        let body = self.body(request).await?;
        let row: Option<Row> = self.store.row(self.request_query(id)).await?;
        let unknown = || Failure::Unknown { entity: "request", id: id.to_owned() };
        let row = row.ok_or_else(unknown)?;
        if verb == "decline" {
            let Decline { version, note } = shape::read(&body)?;
            require_short(note.as_deref())?;
            row.require(version)?;
            let decided = self.decide(&row, "declined", None, note.as_deref());
            return match self.edit("decline", [decided], self.request_query(id)).await? {
                Ok(rows) => self.answer_request(200, rows),
                Err(clash) => Err(clashed(clash, "request", id)),
            };
        }
        let approval: Approval = shape::read(&body)?;
        require_short(approval.note.as_deref())?;
        row.require(approval.version)?;
        let new = approval.code(&row.partner, row.deal.as_deref());
        let surroundings = self.surroundings_of(&new).await?;
        let code = surroundings.code(&new, self.now)?;
        let note = approval.note.as_deref();
        let decide = |code: &str| Ok(Some(self.decide(&row, "approved", Some(code), note)));
        self.keep_code(code, &surroundings, "approve", decide).await?;
        let rows: Vec<Row> = self.store.rows(self.request_query(id)).await?;
        self.answer_request(200, rows)
    }

    fn decide(&self, row: &Row, state: &str, code: Option<&str>, note: Option<&str>) -> Statement {
        let text = |text: Option<&str>| text.map_or(JsValue::NULL, Into::into);
        let values = [
            self.program.as_str().into(),
            (&*row.id).into(),
            state.into(),
            text(code),
            text(note),
            (&*self.holder.name).into(),
            instant(Some(self.now)),
            JsValue::from_f64(row.version as f64),
        ];
        Statement::new(DECIDE, values)
    }

    fn request_query(&self, id: &str) -> Statement {
        let values = [self.program.as_str().into(), instant(Some(self.now)), id.into()];
        Statement::new(&format!("{SELECT} AND r.id = ?3"), values)
    }

    fn answer_request(&self, status: u16, rows: Vec<Row>) -> Result<Response, Failure> {
        let row = rows.into_iter().next().ok_or_else(busy)?;
        self.json(status, &row.facts()?)
    }
}

/// Whether a note can be kept.
fn require_short(note: Option<&str>) -> Result<(), Failure> {
    match note.map(|note| note.chars().count()) {
        Some(count) if count > NOTE_CHARS_MAX => {
            let expected = format!("at most {NOTE_CHARS_MAX} characters");
            Err(http::fault("note", &expected, &count.to_string(), "shorten the note"))
        }
        _ => Ok(()),
    }
}

fn no_partner(detail: &str) -> Failure {
    Failure::Conflict {
        name: "no-partner",
        detail: detail.to_owned(),
        remedy: "configure the token with the id of a partner of the programme".to_owned(),
    }
}

impl Row {
    /// Whether it is still as it was read, and undecided.
    fn require(&self, version: u64) -> Result<(), Failure> {
        if self.version == version && self.state == RequestStateName::New {
            return Ok(());
        }
        Err(Failure::Conflict {
            name: "decided",
            detail: format!("the request is {} and of version {}", self.state.name(), self.version),
            remedy: "read it again".to_owned(),
        })
    }

    fn facts(self) -> serde_json::Result<RequestFacts> {
        let instant = |at: Option<i64>| at.map(|at| rfc3339(UnixMillis(at)));
        Ok(RequestFacts {
            codes: serde_json::from_str(&self.codes)?,
            needed_by: instant(self.needed_by),
            requested_at: rfc3339(UnixMillis(self.requested_at)),
            decided_at: instant(self.decided_at),
            id: self.id,
            partner: self.partner,
            deal: self.deal,
            note: self.note,
            state: self.state,
            code: self.code,
            answer: self.answer,
            decided_by: self.decided_by,
            version: self.version,
            revision: self.revision,
        })
    }
}
