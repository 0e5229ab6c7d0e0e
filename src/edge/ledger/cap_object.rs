//! The object that counts the uses of capped codes: one of several that a program's codes are
//! spread over. It holds, commits and releases as `ledger::cap` says, each in one transaction.
//!
//! A cart's hold ends by itself. An order's does not: when nothing was heard of it in time, the
//! alarm asks the order's object, which alone knows whether the order is recorded with it.

use super::MOVED;
use super::message::{
    Count, Counted, Exhausted, HeldForOrder, Holder, Release, Reserve, Reserved, Settled,
};
use super::object::{Address, home, order_homes};
use super::upkeep;
use crate::edge::bindings::{self, now};
use crate::edge::settings::Settings;
use crate::ledger::cap::{self, Change, Counts, Reservation, Use, UseState};
use crate::platform::objects::{UNKNOWN, answer, ask, object_name, read, reply};
use crate::platform::storage::{Row, Store, number};
use crate::time::UnixMillis;
use crate::wire::HoldFacts;

use worker::{DurableObject, Env, Request, Response, State, console_error, durable_object};

use std::cell::OnceCell;
use std::collections::BTreeMap;

/// `expires_at` is NULL once a use is committed. `last_token` only grows, so that no two holds of a
/// code are taken for each other. The uses of a code that is sealed are counted elsewhere.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS codes (
        code_id TEXT PRIMARY KEY, taken INTEGER NOT NULL, last_token INTEGER NOT NULL,
        is_sealed INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS uses (
        holder TEXT NOT NULL, code_id TEXT NOT NULL, token INTEGER NOT NULL,
        customer TEXT, expires_at INTEGER,
        PRIMARY KEY (holder, code_id)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS uses_of_customer ON uses (customer, code_id)
        WHERE customer IS NOT NULL;
    CREATE INDEX IF NOT EXISTS uses_held ON uses (expires_at) WHERE expires_at IS NOT NULL;";

/// Most holds that one alarm looks at; it comes again at once while there are more.
const EXPIRED_MAX: i64 = 500;

/// When to ask again about holds that could not be settled, in milliseconds.
const RETRY_AFTER_MS: i64 = 5_000;

/// Counts the uses of codes.
#[durable_object(alarm)]
#[derive(Debug)]
pub struct CapObject {
    state: State,
    env: Env,
    store: OnceCell<Store>,
}

impl DurableObject for CapObject {
    fn new(state: State, env: Env) -> Self {
        CapObject { state, env, store: OnceCell::new() }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        answer(request, |path, question| match path {
            "/reserve" => reply(&self.reserve(&read(question)?)?),
            "/release" => reply(&self.release(&read(question)?)?),
            "/release-cart" => reply(&self.release_cart(read(question)?)?),
            "/seal" => reply(&self.seal(&read::<String>(question)?)?),
            "/count" => reply(&self.count(&read(question)?)?),
            "/page" => reply(&upkeep::uses(self.store()?, read::<Option<_>>(question)?.as_ref())?),
            "/erase" => reply(&upkeep::erase_uses(self.store()?, &read::<String>(question)?)?),
            _ => Err(UNKNOWN.into()),
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        // An alarm that fails too often is given up by the platform: so it never fails, and is set
        // again before anything can go wrong.
        self.store()?.alarm_is_over();
        self.store()?.alarm_at(now().plus_ms(RETRY_AFTER_MS))?;
        if let Err(error) = self.settle_expired().await {
            console_error!("cap {}: {error}", object_name(&self.state));
        }
        Response::empty()
    }
}

impl CapObject {
    fn store(&self) -> worker::Result<&Store> {
        Store::once(&self.store, &self.state, TABLES)
    }

    fn reserve(&self, asked: &Reserve) -> worker::Result<Reserved> {
        let store = self.store()?;
        store.transaction(|| {
            release_expired_carts(store)?;
            if is_sealed(store, &asked.code_id)? {
                return Err(MOVED.into());
            }
            let holder = asked.holder.text();
            release_of_another(store, asked, &holder)?;
            let own = use_of(store, &holder, &asked.code_id)?;
            let cart = asked.cart_id.clone().map(|cart| Holder::Cart(cart).text());
            let carts = cart.as_deref().map(|cart| use_of(store, cart, &asked.code_id));
            let counts = counts(store, asked, [&holder, cart.as_deref().unwrap_or_default()])?;
            let limits = asked.limits.into();
            let outcome = cap::reserve(own, carts.transpose()?.flatten(), counts, limits);
            let expires_at = now().plus_ms(asked.ttl_ms);
            let is_for_another = matches!(outcome, Reservation::AlreadyHeld { .. })
                && customer_of(store, &holder, &asked.code_id)? != asked.customer;
            let mut exhausted = None;
            let token = match outcome {
                Reservation::AlreadyCommitted { token } => Some(token),
                Reservation::AlreadyHeld { token } => {
                    hold_until(store, &holder, &asked.code_id, expires_at)?;
                    Some(token)
                }
                Reservation::TakenOver { .. } => {
                    forget(store, cart.as_deref().unwrap_or_default(), &asked.code_id)?;
                    Some(hold(store, asked, &holder, expires_at)?)
                }
                Reservation::Held => Some(hold(store, asked, &holder, expires_at)?),
                Reservation::RedemptionsExhausted => {
                    exhausted = Some(Exhausted::Redemptions);
                    None
                }
                Reservation::CustomerRedemptionsExhausted => {
                    exhausted = Some(Exhausted::CustomerRedemptions);
                    None
                }
            };
            let is_held = !matches!(outcome, Reservation::AlreadyCommitted { .. });
            let expires_at = token.filter(|_| is_held).map(|_| expires_at);
            expires_at.map_or(Ok(()), |at| wake_by(store, at))?;
            let expires_at = expires_at.map(|at| at.0);
            Ok(Reserved { exhausted, token, is_for_another, expires_at })
        })
    }

    /// Whether the uses of a code are counted here. If they are not, they never will be.
    fn seal(&self, code_id: &str) -> worker::Result<bool> {
        let store = self.store()?;
        let statement = "INSERT INTO codes (code_id, taken, last_token, is_sealed)
            VALUES (?, 0, 0, 1) ON CONFLICT DO NOTHING";
        store.run(statement, [code_id.into()])?;
        is_sealed(store, code_id).map(|is_sealed| !is_sealed)
    }

    /// Whether a use went back.
    fn release(&self, Release { holder, hold }: &Release) -> worker::Result<bool> {
        let store = self.store()?;
        store.transaction(|| {
            if is_sealed(store, &hold.code_id)? {
                return Err(MOVED.into());
            }
            release(store, &holder.text(), hold)
        })
    }

    /// How many uses a cart gave back.
    fn release_cart(&self, cart_id: String) -> worker::Result<u64> {
        let store = self.store()?;
        let holder = Holder::Cart(cart_id).text();
        store.transaction(|| {
            let uses = "SELECT code_id FROM uses WHERE holder = ?";
            let uses = store.rows(uses, [holder.as_str().into()])?;
            uses.iter().try_for_each(|it| forget(store, &holder, it.text(0)))?;
            Ok(u64::try_from(uses.len()).unwrap_or(u64::MAX))
        })
    }

    fn count(&self, Count { code_id, customer }: &Count) -> worker::Result<Counted> {
        let store = self.store()?;
        Ok(Counted {
            taken: taken(store, code_id)?,
            taken_by_customer: taken_by(store, code_id, customer.as_deref(), ["", ""])?,
        })
    }

    /// Releases what carts hold no longer, and asks about what orders hold.
    async fn settle_expired(&self) -> worker::Result<()> {
        let store = self.store()?;
        store.transaction(|| release_expired_carts(store))?;
        let mut by_object: BTreeMap<String, Vec<HeldForOrder>> = BTreeMap::new();
        for held in expired_orders(store)? {
            match self.object_of(&held).await {
                Ok(object) => by_object.entry(object).or_default().push(held),
                Err(error) => self.put_off(&[held], &error)?,
            }
        }
        for (object, held) in by_object {
            if let Err(error) = self.settle(&object, &held).await {
                self.put_off(&held, &error)?;
            }
        }
        next_expiry(store)?.map_or_else(|| store.no_alarm(), |next| store.alarm_at(next))
    }

    /// The object that has the order of a hold.
    async fn object_of(&self, held: &HeldForOrder) -> worker::Result<String> {
        let settings = Settings::of(&self.env).map_err(|error| error.to_string())?;
        let program = Address::of(&self.state)?.program;
        let homes = order_homes(&program, &held.name, &settings);
        let homes = homes.map_err(|error| error.to_string())?;
        let objects = bindings::order_objects(&self.env).map_err(|error| error.to_string())?;
        home(&objects, homes, &held.name).await
    }

    /// Asks an object about holds of its orders, and does as it says.
    async fn settle(&self, object: &str, held: &Vec<HeldForOrder>) -> worker::Result<()> {
        let store = self.store()?;
        let objects = bindings::order_objects(&self.env).map_err(|error| error.to_string())?;
        let settled: Settled = ask(&objects, object, "/settle", held).await?;
        if settled.len() != held.len() {
            return Err("as many answers as questions were expected".into());
        }
        store.transaction(|| {
            held.iter().zip(&settled).try_for_each(|(held, is_consumed)| {
                let holder = Holder::Order(held.name.clone()).text();
                match is_consumed {
                    Some(true) => commit(store, &holder, &held.hold),
                    Some(false) => release(store, &holder, &held.hold).map(|_| ()),
                    None => hold_until(store, &holder, &held.hold.code_id, later()),
                }
            })
        })
    }

    /// Asks about holds later, so that an object that does not answer keeps nobody from the others.
    fn put_off(&self, held: &[HeldForOrder], because: &worker::Error) -> worker::Result<()> {
        console_error!("cap {}: {} holds wait: {because}", object_name(&self.state), held.len());
        let store = self.store()?;
        held.iter().try_for_each(|HeldForOrder { name, hold }| {
            let holder = Holder::Order(name.clone()).text();
            hold_until(store, &holder, &hold.code_id, later())
        })
    }
}

/// When to ask again about what could not be settled.
fn later() -> UnixMillis {
    now().plus_ms(RETRY_AFTER_MS)
}

/// A cart that has come to another customer holds nothing for the one before.
fn release_of_another(store: &Store, asked: &Reserve, holder: &str) -> worker::Result<()> {
    let is_cart = matches!(asked.holder, Holder::Cart(_));
    let code_id = asked.code_id.as_str();
    if !is_cart || use_of(store, holder, code_id)?.is_none() {
        return Ok(());
    }
    if customer_of(store, holder, code_id)? == asked.customer {
        return Ok(());
    }
    forget(store, holder, code_id)
}

fn use_of(store: &Store, holder: &str, code_id: &str) -> worker::Result<Option<Use>> {
    let statement = "SELECT token, expires_at FROM uses WHERE holder = ? AND code_id = ?";
    let found = store.row(statement, [holder.into(), code_id.into()])?;
    Ok(found.map(|row| Use {
        token: row.count(0),
        state: if row.number(1).is_some() { UseState::Held } else { UseState::Committed },
    }))
}

fn customer_of(store: &Store, holder: &str, code_id: &str) -> worker::Result<Option<String>> {
    let statement = "SELECT customer FROM uses WHERE holder = ? AND code_id = ?";
    let found = store.row(statement, [holder.into(), code_id.into()])?;
    let customer = found.map(|row| row.text(0).to_owned());
    Ok(customer.filter(|customer| !customer.is_empty()))
}

fn counts(store: &Store, asked: &Reserve, own: [&str; 2]) -> worker::Result<Counts> {
    let Reserve { code_id, customer, limits, .. } = asked;
    // Where nobody's uses are limited, nobody has to count them.
    let limited = limits.max_redemptions_per_customer.and(customer.as_deref());
    Ok(Counts {
        taken: taken(store, code_id)?,
        taken_by_customer: taken_by(store, code_id, limited, own)?,
    })
}

fn is_sealed(store: &Store, code_id: &str) -> worker::Result<bool> {
    let statement = "SELECT is_sealed FROM codes WHERE code_id = ?";
    Ok(store.row(statement, [code_id.into()])?.is_some_and(|row| row.count(0) != 0))
}

fn taken(store: &Store, code_id: &str) -> worker::Result<u64> {
    let statement = "SELECT taken FROM codes WHERE code_id = ?";
    Ok(store.row(statement, [code_id.into()])?.map_or(0, |row| row.count(0)))
}

/// Uses by a customer, without those of these holders.
fn taken_by(
    store: &Store,
    code_id: &str,
    customer: Option<&str>,
    [own, cart]: [&str; 2],
) -> worker::Result<u64> {
    let Some(customer) = customer else { return Ok(0) };
    let statement = "SELECT COUNT(*) FROM uses
        WHERE customer = ? AND code_id = ? AND holder NOT IN (?, ?)";
    let values = [customer.into(), code_id.into(), own.into(), cart.into()];
    Ok(store.row(statement, values)?.map_or(0, |row| row.count(0)))
}

/// Takes a use and returns its token.
fn hold(
    store: &Store,
    asked: &Reserve,
    holder: &str,
    expires_at: UnixMillis,
) -> worker::Result<u64> {
    let code_id = asked.code_id.as_str();
    let taking = "INSERT INTO codes (code_id, taken, last_token) VALUES (?, 1, 1)
        ON CONFLICT DO UPDATE SET taken = taken + 1, last_token = last_token + 1
        RETURNING last_token";
    let token = store.row(taking, [code_id.into()])?.map_or(0, |row| row.count(0));
    let holding = "INSERT INTO uses (holder, code_id, token, customer, expires_at)
        VALUES (?, ?, ?, ?, ?)";
    let customer = asked.customer.as_deref().into();
    let values = [holder.into(), code_id.into(), number(token), customer, expires_at.0.into()];
    store.run(holding, values)?;
    Ok(token)
}

fn hold_until(store: &Store, holder: &str, code_id: &str, at: UnixMillis) -> worker::Result<()> {
    let statement = "UPDATE uses SET expires_at = MAX(expires_at, ?)
        WHERE holder = ? AND code_id = ? AND expires_at IS NOT NULL";
    store.run(statement, [at.0.into(), holder.into(), code_id.into()])
}

fn commit(store: &Store, holder: &str, hold: &HoldFacts) -> worker::Result<()> {
    let own = use_of(store, holder, &hold.code_id)?;
    if cap::commit(own, hold.token) == Change::Nothing {
        return Ok(());
    }
    let statement = "UPDATE uses SET expires_at = NULL WHERE holder = ? AND code_id = ?";
    store.run(statement, [holder.into(), hold.code_id.as_str().into()])
}

/// Whether the use went back.
fn release(store: &Store, holder: &str, hold: &HoldFacts) -> worker::Result<bool> {
    let own = use_of(store, holder, &hold.code_id)?;
    if cap::release(own, hold.token) == Change::Nothing {
        return Ok(false);
    }
    forget(store, holder, &hold.code_id).map(|()| true)
}

/// Takes a use away that is there.
fn forget(store: &Store, holder: &str, code_id: &str) -> worker::Result<()> {
    let statement = "DELETE FROM uses WHERE holder = ? AND code_id = ?";
    store.run(statement, [holder.into(), code_id.into()])?;
    let statement = "UPDATE codes SET taken = taken - 1 WHERE code_id = ?";
    store.run(statement, [code_id.into()])
}

/// Has the alarm go off when a hold ends that was just taken. An instance that has just come up
/// does not know of an earlier alarm, and must not put it off.
fn wake_by(store: &Store, expires_at: UnixMillis) -> worker::Result<()> {
    let first = if store.knows_alarm() { None } else { next_expiry(store)? };
    store.alarm_by(first.unwrap_or(expires_at))
}

/// When the next hold ends.
fn next_expiry(store: &Store) -> worker::Result<Option<UnixMillis>> {
    let statement = "SELECT MIN(expires_at) FROM uses WHERE expires_at IS NOT NULL";
    Ok(store.row(statement, [])?.and_then(|row| row.number(0)).map(UnixMillis))
}

fn release_expired_carts(store: &Store) -> worker::Result<()> {
    let statement = "SELECT holder, code_id FROM uses
        WHERE expires_at <= ? AND holder < 'order' LIMIT ?";
    let expired = store.rows(statement, [now().0.into(), EXPIRED_MAX.into()])?;
    expired.iter().try_for_each(|it| forget(store, it.text(0), it.text(1)))
}

fn expired_orders(store: &Store) -> worker::Result<Vec<HeldForOrder>> {
    let statement = "SELECT holder, code_id, token FROM uses
        WHERE expires_at <= ? AND holder >= 'order' LIMIT ?";
    let expired = store.rows(statement, [now().0.into(), EXPIRED_MAX.into()])?;
    Ok(expired.iter().filter_map(held_for_order).collect())
}

fn held_for_order(row: &Row) -> Option<HeldForOrder> {
    let Holder::Order(name) = Holder::parse(row.text(0))? else { return None };
    let hold = HoldFacts { code_id: row.text(1).to_owned(), token: row.count(2) };
    Some(HeldForOrder { name, hold })
}
