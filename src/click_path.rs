//! Which partners' links a shopper followed, as a cookie carries it from the first click to the
//! order.
//!
//! - [`ClickPath`] is the clicks; [`ClickPath::record`] adds one and says what became of it.
//! - [`ClickPath::decode`] and [`ClickPath::encode`] are the cookie's value, signed with
//!   [`ClickKeys`]; [`ClickPath::set_cookie`] is the whole cookie.
//!
//! The value is base64url without padding of
//!
//! | bytes | |
//! |---|---|
//! | 1 | version, 1 |
//! | 1 | number of partners |
//! | 1 and n for each | size of the partner's id, and the id |
//! | 1 and 8 for each click | index of its partner, and its instant |
//! | 16 | HMAC-SHA-256, cut, over a label, the programme's id and all of the above |
//!
//! The signature is what makes a click evidence: without it whoever can set a cookie could write a
//! partner into the path. It covers the programme, so that one merchant's cookie is worth nothing
//! at another's. It does not tell shoppers apart: a path that was copied from one browser to
//! another is still a path.

use crate::id::{ID_SIZE_MAX, PartnerId, ProgramId};
use crate::keyed;
use crate::order::Click;
use crate::snapshot::layout::{Bytes, i64_at, slice_at, u8_at};
use crate::snapshot::{KeyError, parse_hex};
use crate::time::UnixMillis;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use std::collections::BTreeMap;
use std::fmt;

/// Name of the cookie. By its prefix a browser takes it only over a secure connection, for this
/// host alone and for all of its paths: no neighbouring host can plant one.
pub const COOKIE_NAME: &str = "__Host-promo-clicks";

/// Most bytes of the cookie, with its name and attributes: browsers keep at least 4,096
/// (RFC 6265, 6.1), and some count all of it.
pub const COOKIE_SIZE_MAX: usize = 3_800;

/// Most bytes of the cookie's value; the rest is for its name and attributes.
pub const VALUE_SIZE_MAX: usize = 3_700;

/// `Lax` lets the cookie come along when a partner's link is followed. 400 days is the longest that
/// browsers keep a cookie (RFC 6265bis): referral windows are as long as contracts like, and
/// an expired click explains an order better than none.
const ATTRIBUTES: &str = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000";

/// The layout in the table above.
const VERSION: u8 = 1;

/// Bytes before the partners.
const HEADER_SIZE: usize = 2;

/// Bytes of a click.
const CLICK_SIZE: usize = 9;

/// Bytes of the signature. RFC 2104 advises against less than half of the hash; 128 bits cannot be
/// guessed by asking, and nothing here is checked offline.
const MAC_SIZE: usize = 16;

/// Most bytes before they are written in base64url, which makes four characters of three bytes.
const SIZE_MAX: usize = VALUE_SIZE_MAX / 4 * 3;

/// What is signed begins with this, so that no signature for another purpose can pass for a path's.
const LABEL: &[u8] = b"promo-edge clicks\n";

const KEY_PREFIX: &str = "pck1_";
const KEY_SIZE: usize = 32;

const _: () = {
    let shortest_partner = 2 + CLICK_SIZE;
    assert!(SIZE_MAX / shortest_partner <= u8::MAX as usize, "a byte numbers the partners");
    assert!(ID_SIZE_MAX <= u8::MAX as usize, "a byte holds the size of an id");
    let around = COOKIE_NAME.len() + "=".len() + ATTRIBUTES.len();
    assert!(VALUE_SIZE_MAX + around <= COOKIE_SIZE_MAX, "name and attributes fit");
};

/// The clicks of one shopper, in the order of time. They always fit into the cookie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClickPath {
    clicks: Vec<Click>,
}

/// What became of a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is the last of the path.
    Kept,
    /// There is no room for it: the path is as it was.
    Full,
}

/// The secrets that sign click paths. The first signs and all of them check, so that keys can be
/// changed without losing anybody's path.
#[derive(Clone, PartialEq, Eq)]
pub struct ClickKeys {
    first: ClickKey,
    others: Vec<ClickKey>,
}

#[derive(Clone, PartialEq, Eq)]
struct ClickKey([u8; KEY_SIZE]);

/// Why a text is not a click path of this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClickPathError {
    /// It has more than [`VALUE_SIZE_MAX`] bytes.
    TooLong {
        /// How many it has.
        size: usize,
    },
    /// It does not have the shape of one.
    Malformed,
    /// It is of a version that this build does not read.
    UnknownVersion {
        /// Which.
        got: u8,
    },
    /// None of the keys signed it, or not for this program.
    NotSigned,
}

impl ClickPath {
    /// The clicks, in the order of time.
    #[must_use]
    pub fn clicks(&self) -> &[Click] {
        &self.clicks
    }

    /// The clicks alone.
    #[must_use]
    pub fn into_clicks(self) -> Vec<Click> {
        self.clicks
    }

    /// Adds a click that happens now. One whose instant lies before the path's last gets that
    /// instant: two places' clocks may disagree by a little, the order of a shopper's requests is
    /// what happened.
    ///
    /// Of a partner's clicks in a row the first and the last are kept: no other partner's lies
    /// between, so none of the rest can win anything that these do not. When there is no room,
    /// clicks go that are neither the path's first nor its last and whose partner has another:
    /// first those between their partner's first and last, then the others, each time the oldest.
    /// A partner's only click never goes: whoever fills the cookie cannot push anybody out of it.
    pub fn record(&mut self, mut click: Click) -> Recorded {
        let mut clicks = self.clicks.clone();
        if let Some(last) = clicks.last() {
            click.at = click.at.max(last.at);
        }
        if matches!(&*clicks, [.., a, b] if a.partner == click.partner && b.partner == a.partner) {
            clicks.pop();
        }
        clicks.push(click);
        while size_of(&clicks) > SIZE_MAX {
            let Some(index) = dispensable(&clicks) else { return Recorded::Full };
            clicks.remove(index);
        }
        self.clicks = clicks;
        Recorded::Kept
    }

    /// Reads a cookie's value.
    ///
    /// # Errors
    ///
    /// [`ClickPathError`] says why it is not a path of this program's.
    pub fn decode(
        value: &str,
        keys: &ClickKeys,
        program: &ProgramId,
    ) -> Result<Self, ClickPathError> {
        if value.len() > VALUE_SIZE_MAX {
            return Err(ClickPathError::TooLong { size: value.len() });
        }
        let bytes = BASE64URL.decode(value).map_err(|_| ClickPathError::Malformed)?;
        match u8_at(&bytes, 0).ok_or(ClickPathError::Malformed)? {
            VERSION => {}
            got => return Err(ClickPathError::UnknownVersion { got }),
        }
        let signed_size = bytes.len().checked_sub(MAC_SIZE).ok_or(ClickPathError::Malformed)?;
        let (signed, mac) = bytes.split_at_checked(signed_size).ok_or(ClickPathError::Malformed)?;
        if !keys.verify(program, signed, mac) {
            return Err(ClickPathError::NotSigned);
        }
        let clicks = read_clicks(signed).ok_or(ClickPathError::Malformed)?;
        Ok(ClickPath { clicks })
    }

    /// The cookie's value, of at most [`VALUE_SIZE_MAX`] bytes.
    #[must_use]
    pub fn encode(&self, keys: &ClickKeys, program: &ProgramId) -> String {
        let mut bytes = write_clicks(&self.clicks);
        let mac = keys.first.mac(program, &bytes.0).finalize().into_bytes();
        bytes.raw(slice_at(&mac, 0, MAC_SIZE).unwrap_or_default());
        BASE64URL.encode(bytes.0)
    }

    /// The whole cookie as a `Set-Cookie` header has it, of at most [`COOKIE_SIZE_MAX`] bytes.
    #[must_use]
    pub fn set_cookie(&self, keys: &ClickKeys, program: &ProgramId) -> String {
        format!("{COOKIE_NAME}={}{ATTRIBUTES}", self.encode(keys, program))
    }
}

impl ClickKeys {
    /// Reads keys separated by white space: each `pck1_` and 64 hexadecimal digits, which must be
    /// random. The first signs.
    ///
    /// # Errors
    ///
    /// [`KeyError`] says how a key looks; it never quotes the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let key = |text| parse_hex(text, KEY_PREFIX).map(ClickKey);
        let mut keys = text.split_whitespace();
        let first = key(keys.next().unwrap_or_default())?;
        Ok(ClickKeys { first, others: keys.map(key).collect::<Result<_, _>>()? })
    }

    /// Compares in constant time.
    fn verify(&self, program: &ProgramId, signed: &[u8], mac: &[u8]) -> bool {
        let mut keys = std::iter::once(&self.first).chain(&self.others);
        keys.any(|key| key.mac(program, signed).verify_truncated_left(mac).is_ok())
    }
}

impl ClickKey {
    fn mac(&self, program: &ProgramId, signed: &[u8]) -> Hmac<Sha256> {
        keyed::mac(&self.0, LABEL, program).chain_update(signed)
    }
}

/// Which partners there are, in the order of their first clicks, each with the place of its first
/// and of its last click.
fn spans(clicks: &[Click]) -> BTreeMap<&PartnerId, (usize, usize)> {
    let mut spans = BTreeMap::new();
    for (index, click) in clicks.iter().enumerate() {
        spans.entry(&click.partner).or_insert((index, index)).1 = index;
    }
    spans
}

/// The place of the click that can best be done without.
fn dispensable(clicks: &[Click]) -> Option<usize> {
    let spans = spans(clicks);
    let span_at = |index: usize| spans.get(&clicks.get(index)?.partner).copied();
    let inner = 1..clicks.len().saturating_sub(1);
    let is_between = |index: &usize| {
        span_at(*index).is_some_and(|(first, last)| first < *index && *index < last)
    };
    let has_another = |index: &usize| span_at(*index).is_some_and(|(first, last)| first < last);
    inner.clone().find(is_between).or_else(|| inner.clone().find(has_another))
}

/// Bytes of these clicks with their signature.
fn size_of(clicks: &[Click]) -> usize {
    let id_size = |partner: &&PartnerId| partner.as_str().len().saturating_add(1);
    let partners: usize = spans(clicks).keys().map(id_size).sum();
    let fixed = HEADER_SIZE.saturating_add(MAC_SIZE);
    fixed.saturating_add(partners).saturating_add(clicks.len().saturating_mul(CLICK_SIZE))
}

fn write_clicks(clicks: &[Click]) -> Bytes {
    let spans = spans(clicks);
    let mut partners: Vec<_> =
        spans.iter().map(|(partner, (first, _))| (first, *partner)).collect();
    partners.sort_unstable();
    let small = |size| u8::try_from(size).unwrap_or(u8::MAX);
    let mut bytes = Bytes::default();
    bytes.u8(VERSION).u8(small(partners.len()));
    for (_, partner) in &partners {
        bytes.u8(small(partner.as_str().len())).raw(partner.as_str().as_bytes());
    }
    for click in clicks {
        let index = partners.iter().position(|(_, partner)| **partner == click.partner);
        bytes.u8(small(index.unwrap_or_default())).i64(click.at.0);
    }
    bytes
}

fn read_clicks(signed: &[u8]) -> Option<Vec<Click>> {
    let mut partners = Vec::new();
    let mut at = HEADER_SIZE;
    for _ in 0..u8_at(signed, 1)? {
        let size = usize::from(u8_at(signed, at)?);
        at = at.checked_add(1)?;
        let id = std::str::from_utf8(slice_at(signed, at, size)?).ok()?;
        partners.push(PartnerId::parse(id).ok()?);
        at = at.checked_add(size)?;
    }
    let (clicks, []) = signed.get(at..)?.as_chunks::<CLICK_SIZE>() else { return None };
    let read = |click: &[u8; CLICK_SIZE]| {
        let partner = partners.get(usize::from(u8_at(click, 0)?))?.clone();
        Some(Click { partner, at: UnixMillis(i64_at(click, 1)?) })
    };
    let clicks: Vec<Click> = clicks.iter().map(read).collect::<Option<_>>()?;
    clicks.is_sorted_by_key(|click| click.at).then_some(clicks)
}

impl ClickPathError {
    /// The stable name, for logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ClickPathError::TooLong { .. } => "too_long",
            ClickPathError::Malformed => "malformed",
            ClickPathError::UnknownVersion { .. } => "unknown_version",
            ClickPathError::NotSigned => "not_signed",
        }
    }
}

impl fmt::Display for ClickPathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClickPathError::TooLong { size } => {
                write!(f, "expected a click path of at most {VALUE_SIZE_MAX} bytes, got {size}")
            }
            ClickPathError::Malformed => f.write_str(
                "expected a click path, got another text: send the cookie's value as it is",
            ),
            ClickPathError::UnknownVersion { got } => write!(
                f,
                "click path version {got} is not the one that this build reads ({VERSION}): \
                 deploy the newer build here, too"
            ),
            ClickPathError::NotSigned => f.write_str(
                "the click path is not signed by one of the keys, or for another program",
            ),
        }
    }
}

impl std::error::Error for ClickPathError {}

// Keys stay out of logs.
impl fmt::Debug for ClickKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClickKeys")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::collection::vec;
    use proptest::prelude::*;

    const NOON: i64 = 1_781_524_800_000;

    fn keys(text: &str) -> ClickKeys {
        let key = |digit: char| format!("{KEY_PREFIX}{}", digit.to_string().repeat(64));
        ClickKeys::parse(&text.chars().map(key).collect::<Vec<_>>().join(" ")).unwrap()
    }

    fn program() -> ProgramId {
        ProgramId::parse("1000").unwrap()
    }

    fn click(partner: &str, at: i64) -> Click {
        Click { partner: PartnerId::parse(partner).unwrap(), at: UnixMillis(at) }
    }

    /// A path of clicks by these partners, a minute apart.
    fn path(partners: &[&str]) -> ClickPath {
        let mut path = ClickPath::default();
        for (minutes, partner) in (0..).zip(partners) {
            assert_eq!(path.record(click(partner, NOON + minutes * 60_000)), Recorded::Kept);
        }
        path
    }

    fn partners(path: &ClickPath) -> Vec<&str> {
        path.clicks().iter().map(|click| click.partner.as_str()).collect()
    }

    /// A path that is full of partners who clicked once: each id has `id_size` bytes.
    fn full(id_size: usize) -> ClickPath {
        let mut path = ClickPath::default();
        let id = |n: i64| format!("{n:0>id_size$}");
        let n = (0..).find(|&n| path.record(click(&id(n), NOON + n)) == Recorded::Full).unwrap();
        assert_eq!(path.clicks().len(), usize::try_from(n).unwrap());
        path
    }

    /// The first and the last click of each partner, in order of id.
    fn ends(clicks: &[Click]) -> Vec<(PartnerId, UnixMillis, UnixMillis)> {
        let end = |(id, (first, last)): (&PartnerId, (usize, usize))| {
            (id.clone(), clicks[first].at, clicks[last].at)
        };
        spans(clicks).into_iter().map(end).collect()
    }

    #[test]
    fn clicks_in_a_row_keep_their_first_and_their_last() {
        let path = path(&["ana", "ana", "ana", "ben", "ana", "ben", "ben", "ben"]);
        assert_eq!(partners(&path), ["ana", "ana", "ben", "ana", "ben", "ben"]);
        assert_eq!(path.clicks()[1].at, UnixMillis(NOON + 2 * 60_000));
        assert_eq!(path.clicks()[5].at, UnixMillis(NOON + 7 * 60_000));
    }

    #[test]
    fn a_clock_that_is_behind_does_not_reorder() {
        let mut path = path(&["ana"]);
        path.record(click("ben", NOON - 5));
        assert_eq!(path.clicks(), [click("ana", NOON), click("ben", NOON)]);
    }

    #[test]
    fn a_full_path_keeps_everybody_and_takes_nobody_new() {
        for id_size in [3, 24, 45] {
            let mut path = full(id_size);
            assert!(size_of(path.clicks()) + CLICK_SIZE > SIZE_MAX, "no click fits beside them");
            let before = path.clone();
            assert_eq!(path.record(click(&"x".repeat(id_size), NOON * 2)), Recorded::Full);
            assert_eq!(path, before);
            // A second click goes in place of that partner's first.
            let again = before.clicks()[7].partner.clone();
            assert_eq!(path.record(click(again.as_str(), NOON * 2)), Recorded::Kept);
            assert_eq!(spans(path.clicks()).len(), spans(before.clicks()).len());
            assert_eq!(path.clicks().last(), Some(&click(again.as_str(), NOON * 2)));
            // But the path's first click stays.
            let first = before.clicks()[0].partner.clone();
            let before = path.clone();
            assert_eq!(path.record(click(first.as_str(), NOON * 3)), Recorded::Full);
            assert_eq!(path, before);
        }
    }

    #[test]
    fn what_lies_between_goes_first_and_the_oldest_of_it() {
        let mut path = ClickPath::default();
        let ends_of = |path: &ClickPath| ends(path.clicks());
        let mut at = NOON;
        while size_of(path.clicks()) + 2 * CLICK_SIZE <= SIZE_MAX {
            for partner in ["ana", "ben"] {
                at += 1;
                path.record(click(partner, at));
            }
        }
        let before = path.clone();
        assert_eq!(path.record(click("cara", at + 1)), Recorded::Kept);
        assert_eq!(ends_of(&path)[..2], ends_of(&before)[..]);
        let gone = before.clicks().len() + 1 - path.clicks().len();
        assert!(gone > 0);
        assert_eq!(path.clicks()[..2], before.clicks()[..2]);
        assert_eq!(path.clicks()[2], before.clicks()[2 + gone]);
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let (keys, program) = (keys("1"), program());
        let value = path(&["ana", "ben", "ana"]).encode(&keys, &program);
        let bytes = BASE64URL.decode(&value).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let value = BASE64URL.encode(flipped);
            assert!(ClickPath::decode(&value, &keys, &program).is_err(), "bit {bit}");
        }
        for size in 0..value.len() {
            assert!(ClickPath::decode(&value[..size], &keys, &program).is_err(), "cut to {size}");
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let (one, program) = (keys("1"), program());
        let value = path(&["ana"]).encode(&one, &program);
        let refused = |value: &str| ClickPath::decode(value, &one, &program).unwrap_err();
        let long = "A".repeat(VALUE_SIZE_MAX + 1);
        assert_eq!(refused(&long), ClickPathError::TooLong { size: VALUE_SIZE_MAX + 1 });
        for malformed in ["", "AQ", "AQ==", "not base64url!", &format!("{value}=")] {
            assert_eq!(refused(malformed), ClickPathError::Malformed, "{malformed}");
        }
        assert_eq!(refused(&BASE64URL.encode([2; 40])), ClickPathError::UnknownVersion { got: 2 });
        assert_eq!(
            refused(&path(&["ana"]).encode(&keys("2"), &program)),
            ClickPathError::NotSigned
        );
        let neighbour = ProgramId::parse("1001").unwrap();
        assert_eq!(ClickPath::decode(&value, &one, &neighbour), Err(ClickPathError::NotSigned));
    }

    #[test]
    fn what_a_key_signs_must_still_make_sense() {
        let (keys, program) = (keys("1"), program());
        let signed = |bytes: &[u8]| {
            let mac = keys.first.mac(&program, bytes).finalize().into_bytes();
            let value = BASE64URL.encode([bytes, &mac[..MAC_SIZE]].concat());
            ClickPath::decode(&value, &keys, &program)
        };
        let good = write_clicks(path(&["ana", "ben"]).clicks()).0;
        assert!(signed(&good).is_ok());
        let edits: [(usize, u8); 4] = [(1, 3), (2, 0), (10, 2), (18, 0x7F)];
        for (at, byte) in edits {
            let mut bad = good.clone();
            bad[at] = byte;
            assert_eq!(signed(&bad), Err(ClickPathError::Malformed), "byte {at}");
        }
        assert_eq!(signed(&good[..good.len() - 1]), Err(ClickPathError::Malformed));
        assert_eq!(signed(&[VERSION]), Err(ClickPathError::Malformed));
    }

    #[test]
    fn keys_rotate() {
        let program = program();
        let old = path(&["ana"]).encode(&keys("1"), &program);
        let both = keys("21");
        let read = ClickPath::decode(&old, &both, &program).unwrap();
        let new = read.encode(&both, &program);
        assert!(ClickPath::decode(&new, &keys("2"), &program).is_ok());
        assert!(ClickPath::decode(&new, &keys("1"), &program).is_err());
        assert!(ClickPath::decode(&old, &keys("2"), &program).is_err());
    }

    #[test]
    fn keys_are_refused_without_being_quoted() {
        let short = format!("{KEY_PREFIX}{}", "1".repeat(63));
        let odd = format!("{KEY_PREFIX}{}", "z".repeat(64));
        for text in ["", "  ", "secret", &short, &odd, &"1".repeat(64)] {
            let error = ClickKeys::parse(text).unwrap_err();
            assert_eq!(error.to_string(), "expected pck1_ and 64 hexadecimal digits");
        }
        assert_eq!(format!("{:?}", keys("1")), "ClickKeys");
    }

    /// So few partners that they return, and so many that there is no room for all of them; ids as
    /// short and as long as they can be.
    fn some_clicks() -> impl Strategy<Value = Vec<Click>> {
        let id = (0..400_usize).prop_map(|n| match n % 3 {
            0 => format!("{}", n % 12),
            1 => format!("partner-{n}"),
            _ => format!("{n:p>64}"),
        });
        let after = -1_000..100_000_000_i64;
        vec((id, after), 0..700).prop_map(|clicks| {
            let mut now = NOON;
            let at = |(id, after): (String, i64)| {
                now += after;
                click(&id, now)
            };
            clicks.into_iter().map(at).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_path_never_outgrows_its_cookie_and_never_loses_a_partner(clicks in some_clicks()) {
            let (keys, program) = (keys("1"), program());
            let mut path = ClickPath::default();
            let mut everything: Vec<Click> = Vec::new();
            for click in clicks {
                let before = path.clone();
                let recorded = path.record(click.clone());
                everything.push(click.clone());
                match recorded {
                    Recorded::Full => prop_assert_eq!(&path, &before),
                    Recorded::Kept => {
                        prop_assert_eq!(&path.clicks().last().unwrap().partner, &click.partner);
                        let kept = spans(path.clicks());
                        prop_assert!(spans(before.clicks()).keys().all(|id| kept.contains_key(id)));
                    }
                }
                prop_assert!(path.clicks().is_sorted_by_key(|click| click.at));
                prop_assert_eq!(&path.clicks()[0].partner, &everything[0].partner);
                let cookie = path.set_cookie(&keys, &program);
                prop_assert!(cookie.len() <= COOKIE_SIZE_MAX);
            }
            let value = path.encode(&keys, &program);
            prop_assert_eq!(ClickPath::decode(&value, &keys, &program), Ok(path));
        }

        #[test]
        fn while_there_is_room_every_partner_keeps_both_ends(
            order in vec(0..25_usize, 0..120),
        ) {
            let mut path = ClickPath::default();
            let mut everything = Vec::new();
            for (minutes, n) in (0..).zip(order) {
                let click = click(&format!("partner-{n}"), NOON + minutes * 60_000);
                prop_assert_eq!(path.record(click.clone()), Recorded::Kept);
                everything.push(click);
                prop_assert_eq!(ends(path.clicks()), ends(&everything));
            }
        }

        #[test]
        fn any_text_is_a_path_or_refused(text in ".{0,200}", bytes in vec(any::<u8>(), 0..200)) {
            let (keys, program) = (keys("1"), program());
            let versioned = [&[VERSION][..], &bytes].concat();
            for text in [text, BASE64URL.encode(&bytes), BASE64URL.encode(versioned)] {
                prop_assert!(ClickPath::decode(&text, &keys, &program).is_err());
            }
            let read = read_clicks(&bytes).unwrap_or_default();
            prop_assert!(read.is_sorted_by_key(|click| click.at));
        }
    }
}
