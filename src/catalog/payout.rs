//! Payout terms as people write them (domain 1.9). Their shape is checked; a snapshot does not hold
//! them yet.

use super::check::Check;
use super::complaint::ComplaintKind;
use crate::snapshot::automaton::check_extraction;
use crate::snapshot::pattern::PatternError;

use schemars::JsonSchema;
use serde::Deserialize;

/// Codes that are paid at a rate of their own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionList {
    /// 1 to 64 bytes.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// A regular expression with one group, whose text is compared with the items.
    #[serde(default)]
    pub match_expression: Option<String>,
    /// Codes, or texts of the expression's group.
    #[serde(default)]
    pub items: Vec<String>,
    /// What is earned, in basis points of the order.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    pub rate_bps: Option<u16>,
    /// What is earned, in the minor unit.
    #[serde(default)]
    pub amount_minor: Option<u64>,
    /// ISO 4217 code of the amount; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// What a contract earns: the first group that applies, else the default.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    /// Read from the top; the first that applies is used.
    #[serde(default)]
    pub groups: Vec<PayoutGroup>,
    /// When no group applies.
    #[serde(default)]
    pub default: Option<Rate>,
    /// Any of them blocks payment.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
}

/// A rate for some orders.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutGroup {
    /// What people call it.
    pub name: String,
    /// All of these must hold.
    pub when: Criteria,
    /// What is earned, in basis points of the order.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    pub rate_bps: Option<u16>,
    /// What is earned, in the minor unit.
    #[serde(default)]
    pub amount_minor: Option<u64>,
    /// ISO 4217 code of the amount; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// What is earned.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// In basis points of the order.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    pub rate_bps: Option<u16>,
    /// In the minor unit.
    #[serde(default)]
    pub amount_minor: Option<u64>,
    /// ISO 4217 code of the amount; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// Orders that are not paid for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// What people call it.
    pub name: String,
    /// All of these must hold.
    pub when: Criteria,
}

/// Which orders, or lines of one; what is left out is not asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// The order's code is one of these.
    #[serde(default)]
    pub code_in: Option<Vec<String>>,
    /// The order's code is on one of these exception lists.
    #[serde(default)]
    pub code_in_lists: Option<Vec<String>>,
    /// The order is worth at least this, in the minor unit.
    #[serde(default)]
    pub minimum_total_minor: Option<u64>,
    /// ISO 4217 code of the total; the programme's when left out.
    #[serde(default)]
    pub currency: Option<String>,
    /// The line is of one of these categories.
    #[serde(default)]
    pub categories: Option<Vec<String>>,
    /// The line has one of these SKUs.
    #[serde(default)]
    pub skus: Option<Vec<String>>,
    /// Whether it is the customer's first order.
    #[serde(default)]
    pub first_order: Option<bool>,
    /// The order goes to one of these countries.
    #[serde(default)]
    pub countries: Option<Vec<String>>,
}

/// What a rate is written as, wherever it stands.
struct Written<'a> {
    rate_bps: Option<u16>,
    amount_minor: Option<u64>,
    currency: Option<&'a str>,
}

/// Checks a contract's payout at this path.
pub(super) fn check_payout(check: &mut Check<'_>, payout: &Payout, path: &str) {
    warn_not_compiled(check, path);
    for (index, group) in payout.groups.iter().enumerate() {
        let path = format!("{path}.groups[{index}]");
        let PayoutGroup { rate_bps, amount_minor, .. } = *group;
        let currency = group.currency.as_deref();
        check_rate(check, &Written { rate_bps, amount_minor, currency }, &path);
        check_criteria(check, &group.when, &format!("{path}.when"));
    }
    if let Some(rate) = &payout.default {
        let Rate { rate_bps, amount_minor, .. } = *rate;
        let currency = rate.currency.as_deref();
        let path = format!("{path}.default");
        check_rate(check, &Written { rate_bps, amount_minor, currency }, &path);
    }
    for (index, restriction) in payout.restrictions.iter().enumerate() {
        check_criteria(check, &restriction.when, &format!("{path}.restrictions[{index}].when"));
    }
}

/// Checks an exception list.
pub(super) fn check_list(check: &mut Check<'_>, list: &ExceptionList) {
    warn_not_compiled(check, "");
    let ExceptionList { rate_bps, amount_minor, .. } = *list;
    let currency = list.currency.as_deref();
    check_rate(check, &Written { rate_bps, amount_minor, currency }, "");
    let Some(expression) = &list.match_expression else { return };
    if let Err(PatternError { reason, remedy, .. }) = check_extraction(expression) {
        let expected = "a regular expression with exactly one group";
        let got = format!("{expression:?}: {reason}");
        check.complain(ComplaintKind::Pattern, "match_expression", expected, got, remedy);
    }
}

/// Warns once a catalogue.
fn warn_not_compiled(check: &mut Check<'_>, path: &str) {
    let kind = ComplaintKind::PayoutNotCompiled;
    if check.findings.warnings.iter().all(|warning| warning.kind != kind) {
        let remedy = "they are checked and not compiled: a snapshot does not say what is paid";
        check.warn(kind, path, "no payout terms yet", "some", remedy);
    }
}

fn check_rate(check: &mut Check<'_>, rate: &Written<'_>, path: &str) {
    if let Some(bps) = rate.rate_bps {
        check.basis_points(bps, 0, &join(path, "rate_bps"));
    }
    if let Some(amount) = rate.amount_minor {
        check.minor(amount, 0, &join(path, "amount_minor"));
    }
    if let Some(currency) = rate.currency {
        check.currency(currency, &join(path, "currency"));
    }
    if rate.rate_bps.is_some() == rate.amount_minor.is_some() {
        let got = if rate.rate_bps.is_some() { "both" } else { "neither" };
        check.complain(
            ComplaintKind::Combination,
            path,
            "rate_bps or amount_minor",
            got,
            "keep one",
        );
    }
}

fn check_criteria(check: &mut Check<'_>, criteria: &Criteria, path: &str) {
    if let Some(minimum) = criteria.minimum_total_minor {
        check.minor(minimum, 0, &join(path, "minimum_total_minor"));
    }
    if let Some(currency) = &criteria.currency {
        check.currency(currency, &join(path, "currency"));
    }
    for (index, country) in criteria.countries.iter().flatten().enumerate() {
        check.country(country, &format!("{path}.countries[{index}]"));
    }
    for (index, list) in criteria.code_in_lists.iter().flatten().enumerate() {
        check.list(list, &format!("{path}.code_in_lists[{index}]"));
    }
}

fn join(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}
