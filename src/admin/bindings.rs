//! What this Worker is bound to. The only file here that spells a binding's name.

use super::failure::Failure;
use super::store::Store;
use crate::platform::env::wrong;

use worker::Env;

/// D1 database of the catalogue.
const CATALOG: &str = "CATALOG";

/// The catalogue's database.
///
/// # Errors
///
/// [`Failure::Misconfigured`] when none is bound.
pub fn catalog(env: &Env) -> Result<Store, Failure> {
    let expected = || wrong(CATALOG, "a D1 database to be bound".to_owned());
    Ok(Store::new(env.d1(CATALOG).map_err(|_| expected())?))
}
