//! Clicks on partners' links: which of them count, and where a link may lead.
//!
//! - [`ClickSettings`] is how the Worker is set.
//! - [`Link`] is what `/v1/click` is asked; [`partner_of`] is the partner that a landing page's
//!   address names.
//! - [`record`] counts a click and hands over the cookie that keeps it.
//!
//! What a click path keeps is the core's to say; here is only who may add to it.

use super::Call;
use super::bindings::now;
use super::failure::Failure;
use super::patience::in_time;
use super::snapshots;
use crate::click_path::{COOKIE_NAME, ClickKeys, ClickPath, ClickPathError, Recorded};
use crate::id::{PartnerId, ProgramId};
use crate::order::Click;
use crate::platform::http::method;
use crate::platform::url::Url;
use crate::wire::BadRequest;

use serde_json::json;
use worker::{Headers, Method, Request, console_log};

/// Most of a wrong parameter that is said back, in characters.
const GOT_CHARS_MAX: usize = 120;

const TARGET_EXPECTED: &str =
    "a path of this host, or an http or https address of a host in the setting CLICK_HOSTS";

/// How clicks are recorded.
#[derive(Debug)]
pub struct ClickSettings {
    /// What signs click paths; without it no click is recorded.
    pub keys: Option<ClickKeys>,
    /// The parameter of a landing page's address that names the partner.
    pub parameter: String,
    /// Hosts, with their ports, that a link may lead to besides the one it stands on.
    pub hosts: Vec<String>,
    /// What a shopper must have agreed to.
    pub consent: Option<Consent>,
}

/// What shows that a shopper agrees to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// A cookie of this name, with this value or with any.
    Cookie {
        /// Its name.
        name: String,
        /// Its value; `None`: any.
        value: Option<String>,
    },
    /// A header of this name and value.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
}

/// Why a text names no signal.
#[derive(Debug)]
pub struct ConsentError {
    /// What was expected.
    pub expected: &'static str,
}

/// A partner's link by way of this Worker.
#[derive(Debug)]
pub struct Link {
    /// Whose link it is said to be.
    pub partner: String,
    /// Where it leads.
    pub to: String,
}

/// Why a click does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Uncounted {
    /// Nobody went to a page: it is a picture, a frame, a script's request, or fetched in advance.
    NotNavigation,
    /// The shopper has not agreed.
    NoConsent,
    /// The program has no such partner.
    UnknownPartner,
    /// The partner is not active.
    InactivePartner,
    /// The path has no room for one partner more.
    Full,
    /// There is no snapshot to know partners by, or not soon enough.
    NoSnapshot,
}

/// A click that counts.
struct Counted {
    path: ClickPath,
    /// Whether the partner's codes credit it without any click.
    is_always_owner: bool,
}

impl Consent {
    /// Reads `cookie:NAME`, `cookie:NAME=VALUE` or `header:NAME=VALUE`.
    ///
    /// # Errors
    ///
    /// [`ConsentError`] when it is anything else.
    pub fn parse(text: &str) -> Result<Self, ConsentError> {
        const REFUSED: ConsentError =
            ConsentError { expected: "cookie:NAME, cookie:NAME=VALUE or header:NAME=VALUE" };
        let (kind, signal) = text.trim().split_once(':').ok_or(REFUSED)?;
        let (name, value) = match signal.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (signal.to_owned(), None),
        };
        match (kind, value) {
            _ if name.is_empty() => Err(REFUSED),
            ("cookie", value) => Ok(Consent::Cookie { name, value }),
            ("header", Some(value)) => Ok(Consent::Header { name, value }),
            _ => Err(REFUSED),
        }
    }

    fn is_given(&self, headers: &Headers) -> bool {
        match self {
            Consent::Cookie { name, value } => {
                let cookie = cookie(headers, name);
                cookie.is_some_and(|got| value.as_ref().is_none_or(|value| *value == got))
            }
            Consent::Header { name, value } => header(headers, name).as_ref() == Some(value),
        }
    }
}

/// Hosts separated by commas or white space.
#[must_use]
pub fn parse_hosts(text: &str) -> Vec<String> {
    let hosts = text.split(|c: char| c == ',' || c.is_whitespace());
    hosts.filter(|host| !host.is_empty()).map(str::to_ascii_lowercase).collect()
}

impl Link {
    /// Reads the parameters `partner` and `to`. A link leads to a page of this host or of one that
    /// is listed, and nowhere else: whoever trusts the shop's name would follow it anywhere.
    ///
    /// # Errors
    ///
    /// [`Failure::BadRequest`] when one of the two is missing or `to` leads elsewhere.
    pub fn of(request: &Request, settings: &ClickSettings) -> Result<Self, Failure> {
        let page = request.inner().url();
        let here = Url::parse(&page).ok_or(Failure::UnknownPath)?;
        let asked = |name: &str| here.parameter(name).unwrap_or_default();
        let (partner, to) = (asked("partner"), asked("to"));
        if PartnerId::parse(&partner).is_err() {
            return Err(refused("partner", "a partner's id", &partner));
        }
        // Whole, even where it is of this host: a path can begin like a host (`//`).
        let target = target(&here, &to, &settings.hosts).map(|url| url.href());
        let to = target.ok_or_else(|| refused("to", TARGET_EXPECTED, &to))?;
        Ok(Link { partner, to })
    }
}

/// Where a link leads, if it may.
fn target(here: &Url, to: &str, hosts: &[String]) -> Option<Url> {
    // A browser would drop control characters and follow what is left.
    if to.is_empty() || to.chars().any(char::is_control) {
        return None;
    }
    let root = here.join("/")?;
    let url = root.join(to)?;
    let is_allowed = url.host() == here.host() || hosts.contains(&url.host());
    (is_allowed && url.is_plain_http()).then_some(url)
}

fn refused(path: &str, expected: &str, got: &str) -> Failure {
    let got = if got.is_empty() { "nothing" } else { got };
    Failure::BadRequest(BadRequest {
        path: path.to_owned(),
        expected: expected.to_owned(),
        got: got.chars().take(GOT_CHARS_MAX).collect(),
        remedy: None,
    })
}

/// The partner that the address of a page names.
#[must_use]
pub fn partner_of(request: &Request, settings: &ClickSettings) -> Option<String> {
    let page = request.inner().url();
    // Most requests end here.
    let has_query = method(request) == Method::Get && page.contains('?');
    if !has_query || settings.keys.is_none() {
        return None;
    }
    Url::parse(&page)?.parameter(&settings.parameter)
}

/// Counts a click on a link of this partner's, and hands over the cookie that keeps it. `None` when
/// it does not count: the log says why, and the shopper goes on as if nothing were.
pub async fn record(call: &Call<'_>, request: &Request, partner: &str) -> Option<String> {
    let keys = call.settings.clicks.keys.as_ref()?;
    let (path, ignored) = match path_of(call, request.headers()) {
        Ok(path) => (path.unwrap_or_default(), None),
        Err(error) => (ClickPath::default(), Some(error)),
    };
    let counted = in_time(count(call, request, partner, path)).await;
    let counted = counted.unwrap_or(Err(Uncounted::NoSnapshot));
    log(&call.program, partner, &counted, ignored);
    counted.ok().map(|Counted { path, .. }| path.set_cookie(keys, &call.program))
}

/// The click path that a request brings; `None` when it brings none, or none can be checked.
///
/// # Errors
///
/// [`ClickPathError`] when it brings something else, which counts for nothing.
pub fn path_of(call: &Call<'_>, headers: &Headers) -> Result<Option<ClickPath>, ClickPathError> {
    let Some(keys) = &call.settings.clicks.keys else { return Ok(None) };
    let value = cookie(headers, COOKIE_NAME);
    value.map(|value| ClickPath::decode(&value, keys, &call.program)).transpose()
}

/// The clicks of the path that an order names; `None` when it names none, or another text.
#[must_use]
pub fn path_in(call: &Call<'_>, value: Option<&str>) -> Option<Vec<Click>> {
    let keys = call.settings.clicks.keys.as_ref()?;
    let path = ClickPath::decode(value?, keys, &call.program).ok()?;
    Some(path.into_clicks())
}

async fn count(
    call: &Call<'_>,
    request: &Request,
    partner: &str,
    mut path: ClickPath,
) -> Result<Counted, Uncounted> {
    if !is_navigation(request) {
        return Err(Uncounted::NotNavigation);
    }
    let consent = call.settings.clicks.consent.as_ref();
    if consent.is_some_and(|consent| !consent.is_given(request.headers())) {
        return Err(Uncounted::NoConsent);
    }
    let partner = PartnerId::parse(partner).map_err(|_| Uncounted::UnknownPartner)?;
    let held = snapshots::current(call).await.map_err(|_| Uncounted::NoSnapshot)?;
    let known = held.current.snapshot.find_partner(&partner);
    match known.map_err(|_| Uncounted::NoSnapshot)? {
        None => return Err(Uncounted::UnknownPartner),
        Some(partner) if !partner.active => return Err(Uncounted::InactivePartner),
        Some(_) => {}
    }
    let is_always_owner = held.current.always_owners().contains(&partner);
    match path.record(Click { partner, at: now() }) {
        Recorded::Kept => Ok(Counted { path, is_always_owner }),
        Recorded::Full => Err(Uncounted::Full),
    }
}

/// Whether somebody goes to a page, by what browsers say of their requests and pages cannot forge
/// (Fetch Metadata). A picture, a frame or a page that is only fetched in advance is no visit: that
/// is how clicks are stuffed.
fn is_navigation(request: &Request) -> bool {
    let headers = request.headers();
    let says = |name, value: &str| header(headers, name).is_some_and(|said| said == value);
    method(request) == Method::Get
        && says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
        && header(headers, "sec-purpose").is_none()
        && !says("purpose", "prefetch")
}

fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).ok().flatten()
}

/// The first cookie of this name.
fn cookie(headers: &Headers, name: &str) -> Option<String> {
    let cookies = header(headers, "cookie")?;
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// For the merchant's log: which clicks count, and why others do not. Those of partners whose codes
/// credit them without a click are marked: they gain nothing by one.
fn log(
    program: &ProgramId,
    partner: &str,
    counted: &Result<Counted, Uncounted>,
    ignored: Option<ClickPathError>,
) {
    let (click, always) = match counted {
        Ok(Counted { is_always_owner, .. }) => ("kept", Some(is_always_owner)),
        Err(uncounted) => (uncounted.name(), None),
    };
    let ignored = ignored.map(ClickPathError::name);
    let program = program.as_str();
    // A text that names nobody can be anything.
    let partner = PartnerId::parse(partner).is_ok().then_some(partner);
    let line = json!({
        "program": program, "click": click, "partner": partner, "always": always,
        "ignored_cookie": ignored,
    });
    console_log!("{line}");
}

impl Uncounted {
    fn name(self) -> &'static str {
        match self {
            Uncounted::NotNavigation => "not_navigation",
            Uncounted::NoConsent => "no_consent",
            Uncounted::UnknownPartner => "unknown_partner",
            Uncounted::InactivePartner => "inactive_partner",
            Uncounted::Full => "full",
            Uncounted::NoSnapshot => "no_snapshot",
        }
    }
}
