//! Instants as people write them on a command line, and the clock.

use promo_edge::time::UnixMillis;

/// Reads an RFC 3339 instant, such as `2026-06-15T12:00:00Z`.
pub fn parse(text: &str) -> Result<UnixMillis, String> {
    let instant: Result<jiff::Timestamp, _> = text.parse();
    instant
        .map(|instant| UnixMillis(instant.as_millisecond()))
        .map_err(|_| format!("expected an instant such as 2026-06-15T12:00:00Z, got {text}"))
}

/// Writes an instant.
pub fn format(at: UnixMillis) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(instant) => instant.to_string(),
        Err(_) => format!("{} ms", at.0),
    }
}

/// The instant it is. Here the command line looks at the clock, and nowhere else.
pub fn now() -> UnixMillis {
    UnixMillis(jiff::Timestamp::now().as_millisecond())
}
