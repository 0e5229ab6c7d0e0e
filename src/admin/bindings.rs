//! What this Worker is bound to. The only file here that spells a binding's name.

use super::failure::Failure;
use super::store::Store;
use crate::platform::env::{binding, wrong};
use crate::platform::kv::Namespace;

use worker::{Env, ObjectNamespace};

/// D1 database of the catalogue.
const CATALOG: &str = "CATALOG";
/// KV namespace with roots, manifests, shards and deltas.
const SNAPSHOTS: &str = "SNAPSHOTS";
/// Objects that publish, one for each programme.
const PUBLISHERS: &str = "PUBLISHERS";

/// Objects that have bulk files, one for each.
const UPLOADS: &str = "UPLOADS";

/// The catalogue's database.
///
/// # Errors
///
/// [`Failure::Misconfigured`] when none is bound.
pub fn catalog(env: &Env) -> Result<Store, Failure> {
    let expected = || wrong(CATALOG, "a D1 database to be bound".to_owned());
    Ok(Store::new(env.d1(CATALOG).map_err(|_| expected())?))
}

/// The KV namespace of snapshots.
///
/// # Errors
///
/// [`Failure::Misconfigured`] when none is bound.
pub fn snapshots(env: &Env) -> Result<Namespace, Failure> {
    let expected = || wrong(SNAPSHOTS, "a KV namespace to be bound".to_owned());
    Ok(binding(env, SNAPSHOTS).map(Namespace::new).ok_or_else(expected)?)
}

/// The objects that have bulk files.
///
/// # Errors
///
/// [`Failure::Misconfigured`] when none are bound.
pub fn uploads(env: &Env) -> Result<ObjectNamespace, Failure> {
    objects(env, UPLOADS)
}

/// The objects that publish.
///
/// # Errors
///
/// [`Failure::Misconfigured`] when none are bound.
pub fn publishers(env: &Env) -> Result<ObjectNamespace, Failure> {
    objects(env, PUBLISHERS)
}

fn objects(env: &Env, name: &'static str) -> Result<ObjectNamespace, Failure> {
    let expected = "a namespace of Durable Objects to be bound, as wrangler.admin.toml has it";
    Ok(env.durable_object(name).map_err(|_| wrong(name, expected.to_owned()))?)
}
