//! Codes: listed, created, read and changed one by one.

use super::failure::Failure;
use super::store::codes::{self, CodeRow};
use super::store::list::{Cursor, Listing, SortedRow, TOTAL_MAX};
use super::store::{Clash, Statement, instant};
use super::{Call, http};
use crate::catalog::edit::{Change, Standing};
use crate::catalog::element::{CheckedCode, Surroundings};
use crate::catalog::shape::Patch;
use crate::catalog::{Complaint, ComplaintKind, Place, equal_pattern_words};
use crate::code::MatchType;
use crate::id::DealId;
use crate::time::{Schedule, UnixMillis};
use crate::wire::admin::{CodeFacts, CodesQuery, FaultFacts, List, Written};

use serde::Deserialize;
use worker::{Request, Response};

/// How often an edit that names no version is tried again after somebody else's. Each time somebody
/// gets on: as many as that may edit one code at one moment.
pub const ATTEMPT_COUNT_MAX: u32 = 200;

/// How many codes there are.
#[derive(Deserialize)]
struct Count {
    count: u64,
}

/// What a code's body refers to, whatever else is wrong with it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct References {
    owner: serde_json::Value,
    deal: serde_json::Value,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Document {
    document: String,
}

impl Call {
    /// `GET /codes`.
    pub async fn list_codes(&self) -> Result<Response, Failure> {
        let query: CodesQuery = http::query(&self.url)?;
        let surroundings = self.surroundings().await?;
        let filter = query.filter();
        let listing = self.listing(&filter, &surroundings);
        let page = query.page();
        let after = page.cursor.map(|cursor| self.cursor(cursor, &query)).transpose()?;
        let (sort, desc) = (query.sort, query.desc);
        let more = page.limit_and_one();
        let mut rows: Vec<SortedRow> =
            self.store.rows(listing.page(sort, desc, after.as_ref(), more)).await?;
        let next_cursor = http::cut(&mut rows, page, |row| Cursor::after(row, sort, desc))?;
        let total = match after {
            Some(_) => None,
            None => {
                let count: Option<Count> = self.store.row(listing.count()).await?;
                count.map(|count| count.count).filter(|&count| count <= TOTAL_MAX)
            }
        };
        let items = rows.into_iter().map(|row| row.code.facts(self.now)).collect();
        self.json(200, &List::<CodeFacts> { items, next_cursor, total })
    }

    /// `GET /codes/{id}`.
    pub async fn code(&self, id: &str) -> Result<Response, Failure> {
        let row = self.code_row(id).await?;
        self.json(200, &row.facts(self.now))
    }

    /// `POST /codes`.
    pub async fn create_code(&self, request: &mut Request) -> Result<Response, Failure> {
        let body = self.body(request).await?;
        let surroundings = self.surroundings_of(&body).await?;
        let code = surroundings.code(&body, self.now)?;
        let mut warnings = code.warnings.clone();
        warnings.extend(self.equal_pattern(&code).await?);
        let row = self.keep_code(code, &surroundings, "create", |_| Ok(None)).await?;
        self.json(201, &written(row.facts(self.now), &warnings))
    }

    /// Creates a code, and does beside it, in one edit, what `beside` makes of its id.
    pub async fn keep_code(
        &self,
        mut code: CheckedCode,
        surroundings: &Surroundings,
        how: &str,
        beside: impl Fn(&str) -> Result<Option<Statement>, Failure>,
    ) -> Result<CodeRow, Failure> {
        let key = self.settings.key_of(&self.program)?.hash_key();
        let earlier = self.ids_of(&code).await?;
        code.succeed(&earlier, self.now);
        let id = code.own_id(&self.program, &earlier);
        let codes = [(id.clone(), code)];
        let insert = codes::insert(&self.program, &codes, surroundings.folding(), &key)?;
        let then = codes::by_ids(&self.program, std::slice::from_ref(&id))?;
        let statements = std::iter::once(insert).chain(beside(&id)?);
        let [(_, code)] = codes;
        match self.edit(how, statements, then).await? {
            Ok(rows) => first(rows, &id),
            Err(Clash::Code) => Err(self.conflict(&code.folded, &code.standing).await?),
            Err(clash) => Err(clashed(clash, "code", &id)),
        }
    }

    /// `PATCH /codes/{id}`.
    pub async fn patch_code(&self, request: &mut Request, id: &str) -> Result<Response, Failure> {
        let body = self.body(request).await?;
        let row = self.code_row(id).await?;
        let surroundings = self.surroundings_of(&body).await?;
        let version = Patch::read(&body)?.version;
        if version != row.version {
            return Err(current(row, self.now));
        }
        let (patched, warnings) = surroundings.patch(&body, &row.standing(), self.now)?;
        if patched == row.standing() {
            return self.json(200, &written(row.facts(self.now), &warnings));
        }
        let row = match self.change(&row, patched.clone(), "patch").await? {
            Ok(row) => row,
            Err(Clash::Code) => {
                return Err(self.conflict(&surroundings.searched(row.text()), &patched).await?);
            }
            Err(_) => return Err(current(self.code_row(id).await?, self.now)),
        };
        self.json(200, &written(row.facts(self.now), &warnings))
    }

    /// `DELETE /codes/{id}`: there is no deleted state, so it expires.
    pub async fn expire_code(&self, id: &str) -> Result<Response, Failure> {
        let surroundings = self.surroundings().await?;
        for _ in 0..ATTEMPT_COUNT_MAX {
            let row = self.code_row(id).await?;
            let Ok(ended) = row.standing().changed(&Change::Expire, self.now, surroundings.zone())
            else {
                return self.json(200, &written(row.facts(self.now), &[]));
            };
            if let Ok(row) = self.change(&row, ended, "expire").await? {
                return self.json(200, &written(row.facts(self.now), &[]));
            }
        }
        Err(busy())
    }

    /// A code of the programme.
    pub async fn code_row(&self, id: &str) -> Result<CodeRow, Failure> {
        let rows = self.store.rows(codes::by_ids(&self.program, &[id.to_owned()])?).await?;
        first(rows, id)
    }

    async fn change(
        &self,
        row: &CodeRow,
        standing: Standing,
        how: &str,
    ) -> Result<Result<CodeRow, Clash>, Failure> {
        let update = codes::update(&self.program, &[(row, standing)])?;
        let then = codes::by_ids(&self.program, std::slice::from_ref(&row.id))?;
        match self.edit(how, [update], then).await? {
            Ok(rows) => first(rows, &row.id).map(Ok),
            Err(clash) => Ok(Err(clash)),
        }
    }

    /// Which codes a filter finds.
    pub fn listing<'a>(
        &'a self,
        filter: &'a crate::wire::admin::CodeFilter,
        surroundings: &Surroundings,
    ) -> Listing<'a> {
        let text = filter.text.as_deref().map(|text| text.strip_prefix('^').unwrap_or(text));
        let searched = text.map(|text| surroundings.searched(text));
        Listing { program: &self.program, filter, searched, now: self.now }
    }

    fn cursor(&self, cursor: &str, query: &CodesQuery) -> Result<Cursor, Failure> {
        let decoded: Option<Cursor> = http::decode_cursor(cursor);
        let same = |end: &Cursor| (end.sort, end.desc) == (query.sort, query.desc);
        let expected = "the next_cursor of the page before, with the same sort";
        decoded.filter(same).ok_or_else(|| {
            http::fault("?cursor", expected, cursor, "leave it out for the first page")
        })
    }

    /// The programme, with the owner and the deal that a body names.
    pub async fn surroundings_of(&self, body: &str) -> Result<Surroundings, Failure> {
        let mut surroundings = self.surroundings().await?;
        let references: References = serde_json::from_str(body).unwrap_or_default();
        let program = || self.program.as_str().into();
        if let Some(owner) = references.owner.as_str() {
            let sql = "SELECT id FROM partners WHERE program = ?1 AND id = ?2";
            let known: Vec<Named> =
                self.store.rows(Statement::new(sql, [program(), owner.into()])).await?;
            surroundings.know_partners(known.into_iter().map(|partner| partner.id));
        }
        if let Some(deal) = references.deal.as_str() {
            let sql = "SELECT document FROM deals WHERE program = ?1 AND id = ?2";
            let known: Vec<Document> =
                self.store.rows(Statement::new(sql, [program(), deal.into()])).await?;
            for deal in known {
                surroundings.know_deal(&deal.document)?;
            }
        }
        Ok(surroundings)
    }

    /// A warning, where another code has a new code's pattern at the same time (rule 48).
    async fn equal_pattern(&self, code: &CheckedCode) -> Result<Option<Complaint>, Failure> {
        if code.match_type == MatchType::Exact {
            return Ok(None);
        }
        let sql = "SELECT id FROM codes WHERE program = ?1 AND folded = ?2 AND text = ?3 \
                   AND match_type = 'regex' AND max(starts_at, coalesce(?4, starts_at)) \
                   < min(ends_at, coalesce(?5, ends_at)) ORDER BY created_at, id LIMIT 1";
        let [start, end] = [code.standing.start_at, code.standing.end_at].map(instant);
        let text = |text: &str| text.into();
        let values =
            [text(self.program.as_str()), text(&code.folded), text(&code.text), start, end];
        let equal: Option<Named> = self.store.row(Statement::new(sql, values)).await?;
        let (expected, remedy) = equal_pattern_words();
        Ok(equal.map(|Named { id }| {
            let place =
                Place { source: "request".into(), line: 1, column: None, field: "code".to_owned() };
            let got = format!("{:?}, as the code {id:?}", code.text);
            Complaint { kind: ComplaintKind::EqualPatterns, place, expected, got, remedy }
        }))
    }

    /// The ids of the codes that have had a code's text.
    async fn ids_of(&self, code: &CheckedCode) -> Result<Vec<String>, Failure> {
        let sql = "SELECT id FROM codes WHERE program = ?1 AND folded = ?2 AND match_type = ?3";
        let values =
            [self.program.as_str().into(), (&*code.folded).into(), code.match_type.name().into()];
        let rows: Vec<Named> = self.store.rows(Statement::new(sql, values)).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The codes that stand in the way of one.
    pub async fn conflict(&self, folded: &str, standing: &Standing) -> Result<Failure, Failure> {
        let schedule: Schedule = standing.schedule();
        let meeting = codes::meeting(&self.program, folded, &schedule);
        let rows: Vec<CodeRow> = self.store.rows(meeting).await?;
        let conflicts = rows.into_iter().map(CodeRow::conflict).collect();
        Ok(Failure::CodeConflict { conflicts })
    }

    /// Whether the programme has a deal of this id.
    pub async fn require_deal(&self, id: &str) -> Result<DealId, Failure> {
        let sql = "SELECT id FROM deals WHERE program = ?1 AND id = ?2";
        let values = [self.program.as_str().into(), id.into()];
        let known: Option<Named> = self.store.row(Statement::new(sql, values)).await?;
        let deal = known.and_then(|deal| DealId::parse(&deal.id).ok());
        let expected = "the id of a deal of this catalogue";
        deal.ok_or_else(|| http::fault("deal", expected, id, "add it, or correct the id"))
    }
}

/// What was written, and what there is to be said about it.
pub fn written<T>(item: T, warnings: &[Complaint]) -> Written<T> {
    Written { item, warnings: warnings.iter().map(FaultFacts::from).collect() }
}

/// A clash that the request alone does not explain.
pub fn clashed(clash: Clash, entity: &'static str, id: &str) -> Failure {
    match clash {
        Clash::Id => Failure::Conflict {
            name: "id-taken",
            detail: format!("there is a {entity} of the id {id:?}"),
            remedy: "choose another id; ids are never used again".to_owned(),
        },
        Clash::Folding => Failure::Conflict {
            name: "folding-fixed",
            detail: "how codes are compared stays as it is once there are codes".to_owned(),
            remedy: "leave `folding` as it is, or begin a new programme with these codes"
                .to_owned(),
        },
        Clash::Reference => Failure::Conflict {
            name: "reference-conflict",
            detail: "a contract would cover an event type that the programme does not have: \
                     somebody has just edited the other of the two"
                .to_owned(),
            remedy: "read both again, then leave the event type in the programme or out of every \
                     contract"
                .to_owned(),
        },
        Clash::Patterns => Failure::Conflict {
            name: "too-many-patterns",
            detail: "a programme has at most 2,000 patterns; those that are over count, because \
                     shoppers are told of them that they are"
                .to_owned(),
            remedy:
                "reactivate a pattern that is over, write one pattern that stands for several, \
                     or create exact codes"
                    .to_owned(),
        },
        Clash::Version | Clash::Code => busy(),
    }
}

/// Others were faster, every time.
pub fn busy() -> Failure {
    Failure::Conflict {
        name: "busy",
        detail: "others are editing it at this moment".to_owned(),
        remedy: "send the same again".to_owned(),
    }
}

fn current(row: CodeRow, now: UnixMillis) -> Failure {
    let current = serde_json::to_value(row.facts(now)).unwrap_or_default();
    Failure::VersionConflict { current }
}

fn first(rows: Vec<CodeRow>, id: &str) -> Result<CodeRow, Failure> {
    rows.into_iter().next().ok_or_else(|| Failure::Unknown { entity: "code", id: id.to_owned() })
}
