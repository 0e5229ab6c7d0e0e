//! Programmes: which there are.

use super::failure::Failure;
use super::settings::Settings;
use super::store::Statement;
use super::{bindings, http};
use crate::token::Scope;
use crate::wire::admin::{List, ProgramName};

use std::collections::BTreeMap;
use worker::{Env, Request, Response};

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
    let name = |id: &str| {
        let name = named.remove(id).flatten();
        ProgramName { id: id.to_owned(), name }
    };
    http::json(200, &List::whole(ids.into_iter().map(name).collect()), &store)
}
