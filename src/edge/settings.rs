//! How the Worker is set: every setting, read once for each isolate. The only file that spells a
//! setting's name.
//!
//! - [`Settings`] is all of them but the shop's, [`shops`] those, which stand apart.

use super::clicks::{ClickSettings, Consent, ConsentError, parse_hosts};
use super::cors::Origins;
use super::jwks::{KeySetError, KeySets};
use super::proxy::{ShopError, Shops};
use crate::click_path::ClickKeys;
use crate::customer::CustomerKey;
use crate::id::ProgramId;
use crate::ledger::place::{ShardCount, Spread};
use crate::platform::env::text;
use crate::platform::per_program::PerProgram;
use crate::platform::url::Url;
use crate::snapshot::ReaderKey;
use crate::token::{TokenError, Tokens};
use crate::webhook::Secrets;
use crate::wire::{Checkout, CheckoutError};

pub use crate::platform::env::{SettingError, wrong};

use worker::Env;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The program, when there is one: its id.
const PROGRAM: &str = "PROGRAM";
/// The programs, when there are several: a JSON object from host name to id.
const PROGRAMS: &str = "PROGRAMS";
/// Secret: the programs' reader key, or a JSON object from program id to reader key. While a key is
/// changed there are two, separated by white space.
const SNAPSHOT_KEY: &str = "SNAPSHOT_KEY";
/// Secret: the tokens of trusted callers, see [`Tokens::parse`].
const TOKENS: &str = "TOKENS";
/// Secret: the keys that receipts are signed with, see [`KeySets::parse`].
const RECEIPT_KEYS: &str = "RECEIPT_KEYS";
/// Who receipts say that they are from. Left out: the origin of the request.
const RECEIPT_ISSUER: &str = "RECEIPT_ISSUER";
/// Secret: the keys that sign click paths, see [`ClickKeys::parse`]. Without it no click is
/// recorded.
const CLICK_KEYS: &str = "CLICK_KEYS";
/// The parameter of a landing page's address that names a partner. Left out: `partner`.
const CLICK_PARAMETER: &str = "CLICK_PARAMETER";
/// Hosts that `/v1/click` may lead to besides its own, separated by commas or spaces.
const CLICK_HOSTS: &str = "CLICK_HOSTS";
/// What shows that a shopper agrees to be remembered, see [`Consent::parse`]. Left out: nothing
/// need.
const CONSENT: &str = "CONSENT";
/// The shop's own server, which the Worker stands in front of, see [`Shops::parse`].
const ORIGIN: &str = "ORIGIN";
/// Which of the shop's requests is a checkout, see [`Checkout::parse`].
const CHECKOUT: &str = "CHECKOUT";
/// Origins whose pages may ask, separated by commas or spaces; `*` for every one.
const ALLOWED_ORIGINS: &str = "ALLOWED_ORIGINS";
/// Age in milliseconds at which a root is looked at again. Left out: 30,000.
const ROOT_MAX_AGE_MS: &str = "ROOT_MAX_AGE_MS";
/// Most bytes of shards that an isolate holds. Left out: 32 MiB.
const SHARD_CACHE_SIZE: &str = "SHARD_CACHE_SIZE";

/// How many objects a program's orders are spread over, see [`Spread::parse`]. Left out: 4.
const ORDER_SHARDS: &str = "ORDER_SHARDS";
/// How many objects a program's capped codes are spread over, see [`Spread::parse`]. Left out: 4.
const CAP_SHARDS: &str = "CAP_SHARDS";
/// Secret: what customers' names are hashed with, see [`CustomerKey::parse`].
const CUSTOMER_KEY: &str = "CUSTOMER_KEY";
/// Where the merchant wants to hear of orders: an address, or a JSON object from program id to
/// address. Left out: nowhere.
const WEBHOOK_URL: &str = "WEBHOOK_URL";
/// Secret: what webhooks are signed with, see [`Secrets::parse`]; or a JSON object from program id.
const WEBHOOK_SECRETS: &str = "WEBHOOK_SECRETS";
/// For how long a use is held for an order that nothing is heard of, in milliseconds. Left out:
/// 30,000.
const HOLD_TTL_MS: &str = "HOLD_TTL_MS";
/// When an entry that nobody has confirmed is sent again, in milliseconds. Left out: 30,000.
const OUTBOX_RESEND_MS: &str = "OUTBOX_RESEND_MS";

/// One object settles several hundred orders a second, and the fewer there are, the longer each
/// lies idle.
const DEFAULT_SHARDS: ShardCount = ShardCount::MIN.saturating_add(3);

/// Many times what it takes to record an order whose use is held.
const DEFAULT_HOLD_TTL_MS: i64 = 30_000;

/// Several times what a queue and D1 take.
pub const DEFAULT_OUTBOX_RESEND_MS: i64 = 30_000;

/// The least that KV allows to be asked for, and so how often asking again can say anything new.
const DEFAULT_ROOT_MAX_AGE_MS: i64 = 30_000;

/// A quarter of what the platform gives an isolate: room for eight million codes beside everything
/// else.
const DEFAULT_SHARD_CACHE_SIZE: usize = 32 << 20;

/// Every setting of the Worker.
#[derive(Debug)]
pub struct Settings {
    programs: Programs,
    keys: PerProgram<Vec<ReaderKey>>,
    webhook_urls: Option<PerProgram<String>>,
    webhook_secrets: Option<PerProgram<Secrets>>,
    /// Who is trusted.
    pub tokens: Tokens,
    /// What receipts are signed with.
    pub receipt_keys: KeySets,
    receipt_issuer: Option<String>,
    /// How clicks are recorded.
    pub clicks: ClickSettings,
    /// Which of the shop's requests is a checkout.
    pub checkout: Option<Checkout>,
    /// Whose pages may ask.
    pub origins: Origins,
    /// Age in milliseconds at which a root is looked at again.
    pub root_max_age_ms: i64,
    /// Most bytes of shards that an isolate holds.
    pub shard_cache_size: usize,
    /// How many objects a program's orders are spread over.
    pub order_shards: Spread,
    /// How many objects a program's capped codes are spread over.
    pub cap_shards: Spread,
    customer_key: Option<CustomerKey>,
    /// For how long a use is held for an order that nothing is heard of, in milliseconds.
    pub hold_ttl_ms: i64,
    /// When an entry that nobody has confirmed is sent again, in milliseconds.
    pub outbox_resend_ms: i64,
}

#[derive(Debug)]
enum Programs {
    One(ProgramId),
    ByHost(BTreeMap<String, ProgramId>),
}

thread_local! {
    static SETTINGS: OnceCell<Rc<Settings>> = const { OnceCell::new() };
    static SHOPS: OnceCell<Rc<Shops>> = const { OnceCell::new() };
}

impl Settings {
    /// The settings of this isolate; they cannot change while it lives.
    ///
    /// # Errors
    ///
    /// [`SettingError`] names the setting that is missing or cannot be read.
    pub fn of(env: &Env) -> Result<Rc<Self>, SettingError> {
        if let Some(settings) = SETTINGS.with(|cell| cell.get().cloned()) {
            return Ok(settings);
        }
        let settings = Rc::new(Settings::read(env)?);
        Ok(SETTINGS.with(|cell| cell.get_or_init(|| settings).clone()))
    }

    fn read(env: &Env) -> Result<Self, SettingError> {
        Ok(Settings {
            programs: Programs::read(env)?,
            keys: PerProgram::read(env, SNAPSHOT_KEY, reader_keys)?.ok_or_else(|| {
                wrong(SNAPSHOT_KEY, "the reader key that `promo build` made".to_owned())
            })?,
            webhook_urls: PerProgram::read(env, WEBHOOK_URL, webhook_url)?,
            webhook_secrets: PerProgram::read(env, WEBHOOK_SECRETS, webhook_secrets)?,
            tokens: Tokens::parse(&text(env, TOKENS).unwrap_or_default())
                .map_err(|TokenError { expected }| wrong(TOKENS, expected))?,
            receipt_keys: KeySets::parse(&text(env, RECEIPT_KEYS).unwrap_or_default())
                .map_err(|KeySetError { expected }| wrong(RECEIPT_KEYS, expected))?,
            receipt_issuer: text(env, RECEIPT_ISSUER),
            clicks: click_settings(env)?,
            checkout: text(env, CHECKOUT)
                .map(|json| Checkout::parse(&json))
                .transpose()
                .map_err(|CheckoutError { expected }| wrong(CHECKOUT, expected.to_owned()))?,
            origins: Origins::parse(&text(env, ALLOWED_ORIGINS).unwrap_or_default()),
            root_max_age_ms: number(env, ROOT_MAX_AGE_MS)?.unwrap_or(DEFAULT_ROOT_MAX_AGE_MS),
            shard_cache_size: number(env, SHARD_CACHE_SIZE)?.unwrap_or(DEFAULT_SHARD_CACHE_SIZE),
            order_shards: spread(env, ORDER_SHARDS)?,
            cap_shards: spread(env, CAP_SHARDS)?,
            customer_key: text(env, CUSTOMER_KEY)
                .map(|key| CustomerKey::parse(&key))
                .transpose()
                .map_err(|error| wrong(CUSTOMER_KEY, error.to_string()))?,
            hold_ttl_ms: interval_ms(env, HOLD_TTL_MS)?.unwrap_or(DEFAULT_HOLD_TTL_MS),
            outbox_resend_ms: interval_ms(env, OUTBOX_RESEND_MS)?
                .unwrap_or(DEFAULT_OUTBOX_RESEND_MS),
        })
    }

    /// The program that a request to this host is about.
    #[must_use]
    pub fn program_of(&self, host: &str) -> Option<&ProgramId> {
        match &self.programs {
            Programs::One(program) => Some(program),
            Programs::ByHost(by_host) => by_host.get(host),
        }
    }

    /// Every program there is.
    #[must_use]
    pub fn programs(&self) -> BTreeSet<&ProgramId> {
        match &self.programs {
            Programs::One(program) => BTreeSet::from([program]),
            Programs::ByHost(by_host) => by_host.values().collect(),
        }
    }

    /// The keys that open a program's snapshots: one, or while it is changed two.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when there is none for it.
    pub fn keys_of(&self, program: &ProgramId) -> Result<&[ReaderKey], SettingError> {
        let expected = || wrong(SNAPSHOT_KEY, format!("a key for program {program}"));
        self.keys.of(program).map(Vec::as_slice).ok_or_else(expected)
    }

    /// Whether a program's merchant wants to hear of orders.
    #[must_use]
    pub fn has_webhook(&self, program: &ProgramId) -> bool {
        self.webhook_urls.as_ref().is_some_and(|urls| urls.of(program).is_some())
    }

    /// Where a program's merchant wants to hear of orders, and what proves that it is us; `None`
    /// when nowhere.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when there is an address and no secret.
    pub fn webhook(&self, program: &ProgramId) -> Result<Option<(&str, &Secrets)>, SettingError> {
        let url = self.webhook_urls.as_ref().and_then(|urls| urls.of(program));
        let Some(url) = url else { return Ok(None) };
        let secrets = self.webhook_secrets.as_ref().and_then(|secrets| secrets.of(program));
        let expected = || wrong(WEBHOOK_SECRETS, format!("a secret for program {program}"));
        secrets.map(|secrets| Some((url.as_str(), secrets))).ok_or_else(expected)
    }

    /// Over how many objects each kind is spread, by the name of the setting.
    #[must_use]
    pub fn spreads(&self) -> [(&'static str, &Spread); 2] {
        [(ORDER_SHARDS, &self.order_shards), (CAP_SHARDS, &self.cap_shards)]
    }

    /// The name that a program's customer is kept under.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when no key is set: a customer is never kept under a plain name.
    pub fn hash_customer(
        &self,
        program: &ProgramId,
        customer: &str,
    ) -> Result<String, SettingError> {
        let expected = "`pcu1_` and 64 hexadecimal digits: orders name customers";
        let key = self.customer_key.as_ref();
        let key = key.ok_or_else(|| wrong(CUSTOMER_KEY, expected.to_owned()))?;
        Ok(key.hash(program, customer))
    }

    /// Who receipts say that they are from: as it is set, else the origin that was asked.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when there is neither.
    pub fn issuer(&self, origin: Option<&str>) -> Result<String, SettingError> {
        let issuer = self.receipt_issuer.as_deref().or(origin).map(str::to_owned);
        issuer.ok_or_else(|| {
            let expected = "an issuer, such as https://shop.example: a call from another Worker \
                            has no origin";
            wrong(RECEIPT_ISSUER, expected.to_owned())
        })
    }
}

fn click_settings(env: &Env) -> Result<ClickSettings, SettingError> {
    let keys = text(env, CLICK_KEYS).map(|keys| ClickKeys::parse(&keys)).transpose();
    let consent = text(env, CONSENT).map(|signal| Consent::parse(&signal)).transpose();
    Ok(ClickSettings {
        keys: keys.map_err(|error| wrong(CLICK_KEYS, error.to_string()))?,
        parameter: text(env, CLICK_PARAMETER).unwrap_or_else(|| "partner".to_owned()),
        hosts: parse_hosts(&text(env, CLICK_HOSTS).unwrap_or_default()),
        consent: consent
            .map_err(|ConsentError { expected }| wrong(CONSENT, expected.to_owned()))?,
    })
}

/// The shops behind the Worker. Apart from the other settings: a shop must be reached whatever is
/// wrong with those.
///
/// # Errors
///
/// [`SettingError`] when the setting cannot be read.
pub fn shops(env: &Env) -> Result<Rc<Shops>, SettingError> {
    if let Some(shops) = SHOPS.with(|cell| cell.get().cloned()) {
        return Ok(shops);
    }
    let shops = Shops::parse(&text(env, ORIGIN).unwrap_or_default())
        .map_err(|ShopError { expected }| wrong(ORIGIN, expected.to_owned()))?;
    let shops = Rc::new(shops);
    Ok(SHOPS.with(|cell| cell.get_or_init(|| shops).clone()))
}

impl Programs {
    fn read(env: &Env) -> Result<Self, SettingError> {
        let parse = |name, id: &str| {
            ProgramId::parse(id).map_err(|error| wrong(name, format!("a program's id: {error}")))
        };
        if let Some(id) = text(env, PROGRAM) {
            return parse(PROGRAM, &id).map(Programs::One);
        }
        let json = text(env, PROGRAMS)
            .ok_or_else(|| wrong(PROGRAM, "a program's id, or PROGRAMS to be set".to_owned()))?;
        let by_host: BTreeMap<String, String> = serde_json::from_str(&json)
            .map_err(|_| wrong(PROGRAMS, "a JSON object from host name to program id".into()))?;
        let entry =
            |(host, id): (String, String)| Ok((host.to_ascii_lowercase(), parse(PROGRAMS, &id)?));
        by_host.into_iter().map(entry).collect::<Result<_, _>>().map(Programs::ByHost)
    }
}

fn reader_keys(text: &str) -> Result<Vec<ReaderKey>, SettingError> {
    let keys = text.split_whitespace().map(ReaderKey::parse);
    let keys = keys.collect::<Result<Vec<_>, _>>();
    keys.map_err(|error| wrong(SNAPSHOT_KEY, error.to_string()))
}

fn webhook_url(text: &str) -> Result<String, SettingError> {
    let is_web = Url::parse(text).is_some_and(|url| url.is_plain_http());
    let expected = "an address of http or https, without a user in it";
    if is_web { Ok(text.to_owned()) } else { Err(wrong(WEBHOOK_URL, expected.to_owned())) }
}

fn webhook_secrets(text: &str) -> Result<Secrets, SettingError> {
    Secrets::parse(text).map_err(|error| wrong(WEBHOOK_SECRETS, error.to_string()))
}

fn number<T: TryFrom<u32>>(env: &Env, name: &'static str) -> Result<Option<T>, SettingError> {
    let expected = || wrong(name, format!("a whole number from 0 to {}", u32::MAX));
    let Some(text) = text(env, name) else { return Ok(None) };
    let number: u32 = text.trim().parse().map_err(|_| expected())?;
    T::try_from(number).map(Some).map_err(|_| expected())
}

/// A time that may not be nothing: the work would go round without a pause.
fn interval_ms(env: &Env, name: &'static str) -> Result<Option<i64>, SettingError> {
    const LEAST_MS: i64 = 100;
    match number(env, name)? {
        Some(ms) if ms < LEAST_MS => Err(wrong(name, format!("milliseconds, {LEAST_MS} or more"))),
        ms => Ok(ms),
    }
}

fn spread(env: &Env, name: &'static str) -> Result<Spread, SettingError> {
    let Some(text) = text(env, name) else { return Ok(Spread::over(DEFAULT_SHARDS)) };
    Spread::parse(&text).ok_or_else(|| {
        let most = Spread::COUNT_MAX;
        wrong(name, format!("numbers of objects from 1 to {most}, rising: `4`, grown: `4 16`"))
    })
}
