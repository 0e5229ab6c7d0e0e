//! Addresses as they are written: no more of them is read than is asked for.
//!
//! - [`origin_of`] and [`host_of`] are parts of a request's URL, which the platform has normalised.
//! - [`block_of`] is what a client is counted by.

use core::net::Ipv6Addr;

/// The origin of an absolute URL: what stands before its path.
#[must_use]
pub fn origin_of(url: &str) -> &str {
    let authority_at = url.find("://").map_or(0, |at| at.saturating_add(3));
    let path_at = url.get(authority_at..).and_then(|rest| rest.find(['/', '?', '#']));
    let end = path_at.map_or(url.len(), |at| authority_at.saturating_add(at));
    url.get(..end).unwrap_or(url)
}

/// The host name in an absolute URL, without its port.
#[must_use]
pub fn host_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// What a rate limit counts by: an IPv4 address, or the /64 of an IPv6 one, which is what one line
/// is given.
#[must_use]
pub fn block_of(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Err(_) => address.to_owned(),
    }
}
