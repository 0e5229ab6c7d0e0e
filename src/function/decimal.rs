//! Amounts as the platform writes them: decimals, such as `12.5`, of a currency's major unit.

use crate::money::{Currency, Minor};

/// Currencies without a minor unit, and those with another than a hundredth (ISO 4217).
const NONE: [&str; 17] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
    "VUV", "XAF", "XOF", "XPF",
];
const FOUR: [&str; 2] = ["CLF", "UYW"];
const THREE: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// How many decimals a currency's amounts have.
fn decimals(currency: Currency) -> usize {
    match currency.as_str() {
        code if NONE.contains(&code) => 0,
        code if THREE.contains(&code) => 3,
        code if FOUR.contains(&code) => 4,
        _ => 2,
    }
}

/// Reads a decimal, rounded half-up to the currency's minor unit; `None` when it is none, is
/// negative or is too large.
pub fn read(text: &str, currency: Currency) -> Option<Minor> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let decimals = decimals(currency);
    let shown = fraction.bytes().chain(std::iter::repeat(b'0')).take(decimals);
    let mut minor = 0u64;
    for digit in whole.bytes().chain(shown) {
        minor = minor.checked_mul(10)?.checked_add(u64::from(digit.wrapping_sub(b'0')))?;
    }
    let rounds_up = fraction.as_bytes().get(decimals).is_some_and(|&digit| digit >= b'5');
    Minor::new(minor.checked_add(u64::from(rounds_up))?)
}

/// Writes an amount as a decimal.
pub fn written(amount: Minor, currency: Currency) -> String {
    let decimals = decimals(currency);
    let digits = amount.get().to_string();
    if decimals == 0 {
        return digits;
    }
    let at_least = decimals.saturating_add(1);
    let digits = format!("{digits:0>at_least$}");
    let (whole, fraction) =
        digits.split_at_checked(digits.len().saturating_sub(decimals)).unwrap_or(("0", "0"));
    format!("{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, currency: &str, expected: Option<u64>) {
        let read = read(text, Currency::parse(currency).unwrap());
        assert_eq!(read.map(Minor::get), expected, "{text} {currency}");
    }

    #[test]
    fn decimals_become_minor_units() {
        check("12.5", "EUR", Some(1250));
        check("12", "EUR", Some(1200));
        check("0.005", "EUR", Some(1));
        check("0.0049", "EUR", Some(0));
        check("980.0", "JPY", Some(980));
        check("980.5", "JPY", Some(981));
        check("1.234", "KWD", Some(1234));
        for none in ["", ".", "1.", ".5", "-1", "1e3", "1,5", "99999999999999999999"] {
            check(none, "EUR", None);
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for currency in ["EUR", "JPY", "KWD"].map(|code| Currency::parse(code).unwrap()) {
            for minor in [0, 1, 9, 10, 99, 100, 1234, 9_007_199_254_740_991] {
                let amount = Minor::new(minor).unwrap();
                assert_eq!(read(&written(amount, currency), currency), Some(amount));
            }
        }
        assert_eq!(written(Minor::new(5).unwrap(), Currency::parse("EUR").unwrap()), "0.05");
    }

    #[cfg(feature = "cli")]
    #[test]
    fn currencies_have_the_decimals_of_the_standard() {
        for letters in ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| (a, b))) {
            for c in 'A'..='Z' {
                let code = format!("{}{}{c}", letters.0, letters.1);
                let Some(known) = iso_currency::Currency::from_code(&code) else { continue };
                let Some(exponent) = known.exponent() else { continue };
                let own = decimals(Currency::parse(&code).unwrap());
                assert_eq!(own, usize::from(exponent), "{code}");
            }
        }
    }
}
