//! The Worker of the people who keep the catalogue: everything below `/v1/programs`.
//!
//! It stands behind the shoppers' Worker, which hands such requests on. A handler decodes, loads,
//! asks, encodes and sends; what may be done to a code, a deal or a partner is decided in
//! [`catalog`](crate::catalog), and what the database keeps true whoever writes is in
//! `migrations/catalog`.

mod audit;
mod bindings;
mod bulk;
mod codes;
mod document;
mod entities;
mod export;
mod failure;
mod http;
mod pages;
mod patterns;
mod programs;
mod publisher;
mod requests;
mod settings;
mod snapshots;
mod store;
mod uploads;

use crate::catalog::element::Surroundings;
use crate::id::ProgramId;
use crate::platform::env::now;
use crate::platform::http as body;
use crate::platform::url::Url;
use crate::time::UnixMillis;
use crate::token::{Denied, Holder, Scope};

use failure::Failure;
use publisher::Publisher;
use serde::Serialize;
use serde::de::DeserializeOwned;
use settings::Settings;
use store::{Clash, Statement, Store, begin};
use worker::{Context, Env, Method, Request, Response, event, web_sys};

use std::rc::Rc;

/// Largest body, in bytes, of what is one thing.
const BODY_SIZE_MAX: usize = 256 << 10;

/// One request about a program, by somebody who may ask.
#[derive(Debug)]
struct Call {
    program: ProgramId,
    url: Url,
    /// Who asks.
    holder: Holder,
    settings: Rc<Settings>,
    env: Env,
    store: Store,
    publisher: Publisher,
    now: UnixMillis,
}

/// Every request comes in here.
#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _: Context) -> worker::Result<web_sys::Response> {
    let path = request.path();
    let response = match route(&mut request, &path, &env).await {
        Ok(response) => response,
        Err(failure) => failure.respond(&path)?,
    };
    http::finish(&response)?;
    Ok(response.into())
}

async fn route(request: &mut Request, path: &str, env: &Env) -> Result<Response, Failure> {
    let below = path.strip_prefix("/v1/programs").ok_or(Failure::UnknownPath)?;
    let settings = Settings::of(env)?;
    let parts = below.split('/').skip(1).map(http::decoded).collect::<Option<Vec<String>>>();
    let parts = parts.ok_or(Failure::UnknownPath)?;
    let Some((program, parts)) = parts.split_first() else {
        return match body::method(request) {
            Method::Get | Method::Head => programs::list(request, &settings, env).await,
            _ => Err(READ),
        };
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let needed: &[Scope] = match (&*parts, body::method(request)) {
        (["requests"], Method::Post) => &[Scope::Request],
        // A partner sees its own.
        (["requests"], Method::Get | Method::Head) => &[Scope::Request, Scope::Admin],
        _ => &[Scope::Admin],
    };
    let call = Rc::new(Call::admit(request, env, settings, program, needed)?);
    call.route(request, &parts).await
}

const READ: Failure = Failure::MethodNotAllowed { allow: "GET, HEAD" };
const READ_OR_POST: Failure = Failure::MethodNotAllowed { allow: "GET, HEAD, POST" };
const READ_OR_PATCH: Failure = Failure::MethodNotAllowed { allow: "GET, HEAD, PATCH" };
const READ_OR_PUT: Failure = Failure::MethodNotAllowed { allow: "GET, HEAD, PUT" };
const POST: Failure = Failure::MethodNotAllowed { allow: "POST" };

impl Call {
    /// A request about a program by somebody with a token for one of these.
    fn admit(
        request: &Request,
        env: &Env,
        settings: Rc<Settings>,
        program: &str,
        needed: &[Scope],
    ) -> Result<Self, Failure> {
        // Whoever has no token of it is not told whether there is such a program.
        let program = ProgramId::parse(program).map_err(|_| Failure::Unauthenticated)?;
        let authorization = request.headers().get("authorization")?;
        let holder = |&scope| settings.tokens.holder(&program, authorization.as_deref(), scope);
        let unknown = Err(Denied::Unknown);
        let admitted = needed.iter().map(holder).fold(unknown, |found, next| found.or(next));
        let holder = admitted?.clone();
        let url = Url::parse(&request.inner().url()).ok_or(Failure::UnknownPath)?;
        let store = bindings::catalog(env)?;
        let publisher = Publisher::of(env, &program)?;
        let env = env.clone();
        Ok(Call { program, url, holder, settings, env, store, publisher, now: now() })
    }

    async fn route(
        self: &Rc<Self>,
        request: &mut Request,
        parts: &[&str],
    ) -> Result<Response, Failure> {
        use Method::{Delete, Get, Head, Patch, Post, Put};
        match (parts, body::method(request)) {
            ([], Get | Head) => self.settings_of_program().await,
            ([], Patch) => self.patch_program(request).await,
            ([], _) => Err(READ_OR_PATCH),
            (["catalog"], Get | Head) => self.export().await,
            (["catalog"], Put) => self.put_catalog(request).await,
            (["catalog"], _) => Err(READ_OR_PUT),
            (["codes"], Get | Head) => self.list_codes().await,
            (["codes"], Post) => self.create_code(request).await,
            (["codes"], _) => Err(READ_OR_POST),
            (["codes.csv"], Get | Head) => self.download().await,
            (["codes.csv"], _) => Err(READ),
            (["codes", "expire" | "reactivate" | "dates" | "deal"], Post) => {
                let verb = parts.last().copied().unwrap_or_default();
                self.edit_codes(request, verb).await
            }
            (["codes", "expire" | "reactivate" | "dates" | "deal"], _) => Err(POST),
            (["codes", id], Get | Head) => self.code(id).await,
            (["codes", id], Patch) => self.patch_code(request, id).await,
            (["codes", id], Delete) => self.expire_code(id).await,
            (["codes", _], _) => Err(CODE_METHODS),
            (["deals", id, "expire"], Post) => self.expire_deal(id).await,
            (["deals", _, "expire"], _) => Err(POST),
            (["patterns", "overlaps"], Post) => self.overlaps(request).await,
            (["patterns", "overlaps"], _) => Err(POST),
            (["snapshots"], Get | Head) => self.snapshots().await,
            (["snapshots"], _) => Err(READ),
            (["snapshots", "publish"], Post) => self.publish_now().await,
            (["snapshots", "rollback"], Post) => self.roll_back(request).await,
            (["snapshots", "resume"], Post) => self.resume().await,
            (["snapshots", "publish" | "rollback" | "resume"], _) => Err(POST),
            (["uploads", rest @ ..], _) => self.route_uploads(request, rest).await,
            (["audit"], Get | Head) => self.audit().await,
            (["audit"], _) => Err(READ),
            (["requests"], Get | Head) => self.list_requests().await,
            (["requests"], Post) => self.request_code(request).await,
            (["requests"], _) => Err(READ_OR_POST),
            (["requests", id, verb @ ("approve" | "decline")], Post) => {
                self.decide_request(request, id, verb).await
            }
            (["requests", _, "approve" | "decline"], _) => Err(POST),
            ([entity, rest @ ..], method) => {
                let kind = entities::kind_of(entity).ok_or(Failure::UnknownPath)?;
                match (rest, method) {
                    ([], Get | Head) => self.list_entities(kind).await,
                    ([], Post) => self.create_entity(request, kind).await,
                    ([], _) => Err(READ_OR_POST),
                    ([id], Get | Head) => self.entity(kind, id).await,
                    ([id], Patch) => self.patch_entity(request, kind, id).await,
                    ([_], _) => Err(READ_OR_PATCH),
                    _ => Err(Failure::UnknownPath),
                }
            }
        }
    }

    async fn route_uploads(
        self: &Rc<Self>,
        request: &mut Request,
        parts: &[&str],
    ) -> Result<Response, Failure> {
        use Method::{Get, Head, Post};
        match (parts, body::method(request)) {
            ([], Get | Head) => self.list_uploads().await,
            ([], Post) => self.upload(request).await,
            ([], _) => Err(READ_OR_POST),
            ([id], Get | Head) => self.show_upload(id).await,
            ([id, "rows"], Get | Head) => self.upload_rows(id).await,
            ([id, "errors.csv"], Get | Head) => self.upload_errors(id).await,
            ([_] | [_, "rows" | "errors.csv"], _) => Err(READ),
            ([id, "accept"], Post) => self.accept_upload(id).await,
            ([id, "discard"], Post) => self.discard_upload(id).await,
            ([_, "accept" | "discard"], _) => Err(POST),
            _ => Err(Failure::UnknownPath),
        }
    }

    /// The programme as it is kept, to check things against.
    async fn surroundings(&self) -> Result<Surroundings, Failure> {
        let row = self.program_row().await?;
        Ok(Surroundings::new(&row.document, &row.event_types_document)?)
    }

    /// One edit: all of it happens, as the next revision of the programme and with an entry in the
    /// audit for everything that it changes, or nothing does. `then` reads what has become of it.
    async fn edit<T: DeserializeOwned>(
        &self,
        how: &str,
        statements: impl IntoIterator<Item = Statement>,
        then: Statement,
    ) -> Result<Result<Vec<T>, Clash>, Failure> {
        let mut edit = vec![begin(&self.program, &self.holder.name, self.now, how)];
        edit.extend(statements);
        edit.push(then);
        self.keep(edit).await
    }

    async fn keep<T: DeserializeOwned>(
        &self,
        edit: Vec<Statement>,
    ) -> Result<Result<Vec<T>, Clash>, Failure> {
        keep(&self.store, &self.publisher, edit).await
    }

    async fn body(&self, request: &mut Request) -> Result<String, Failure> {
        self.body_up_to(request, BODY_SIZE_MAX).await
    }

    async fn body_up_to(&self, request: &mut Request, size_max: usize) -> Result<String, Failure> {
        let bytes = body::read_body(request, size_max).await.map_err(|unread| match unread {
            body::Unread::TooLarge => Failure::TooLarge { size_max },
            body::Unread::CutOff => Failure::BodyCutOff,
            body::Unread::Platform(error) => Failure::Platform(error),
        })?;
        // What is no text is no JSON, and is told so.
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn json<T: Serialize>(&self, status: u16, answer: &T) -> Result<Response, Failure> {
        http::json(status, answer, &self.store)
    }
}

/// Everything that changes a catalogue comes through here, and the publisher hears of it: before,
/// so that it looks for itself should this isolate end in between, and after.
async fn keep<T: DeserializeOwned>(
    store: &Store,
    publisher: &Publisher,
    edit: Vec<Statement>,
) -> Result<Result<Vec<T>, Clash>, Failure> {
    publisher.expect().await?;
    let edited = store.edit(edit).await?;
    if edited.is_ok() {
        // It is made; should nobody hear of it now, the publisher looks for itself.
        let _ = publisher.publish().await;
    }
    Ok(edited)
}

const CODE_METHODS: Failure = Failure::MethodNotAllowed { allow: "GET, HEAD, PATCH, DELETE" };
