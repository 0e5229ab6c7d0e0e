//! Decimal numbers as exports write them, to integers, exactly.

/// A number times ten to the power of `exponent`; `None` when that is no integer of 0 or more, or
/// when the text is no number.
///
/// A minus sign is passed over: some exports write what is taken off as a negative number.
pub(super) fn scaled(text: &str, exponent: u32) -> Option<u64> {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let mut value = 0u64;
    let wanted = usize::try_from(exponent).ok()?;
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(wanted);
    for digit in whole.bytes().chain(digits) {
        let digit = u64::from(digit.checked_sub(b'0')?);
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    let lost = fraction.bytes().skip(wanted).any(|digit| digit != b'0');
    (!lost).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn decimals_are_exact_or_refused() {
        let rows = [
            ("12.50", 2, Some(1250)),
            ("-10.0", 2, Some(1000)),
            ("5", 0, Some(5)),
            ("5.00", 0, Some(5)),
            ("0.125", 3, Some(125)),
            (".5", 2, Some(50)),
            ("12.505", 2, None),
            ("0.5", 0, None),
            ("", 2, None),
            (".", 2, None),
            ("1,000.00", 2, None),
            ("1e3", 2, None),
            ("99999999999999999999", 2, None),
        ];
        for (text, exponent, expected) in rows {
            assert_eq!(scaled(text, exponent), expected, "{text}");
        }
    }
}
