//! A decision in sentences. The texts are those of the npm package, which says the same.

use crate::explain::{Lang, fill_places};

use iso_currency::Currency;
use serde::Deserialize;
use serde_json::{Map, Value};

use std::collections::BTreeMap;

/// What a language says of a decision.
#[derive(Debug, Deserialize)]
struct Texts {
    /// By event, and for some with what is missing or the same: `no_code`, `no_code.none`.
    steps: BTreeMap<String, String>,
    /// By fact and literal: `policy.always`.
    values: BTreeMap<String, String>,
}

/// The steps of a decision in words, one a sentence, then who is credited, then who is not. The
/// decision is JSON as [`DecisionAnswer`](super::DecisionAnswer) writes it.
///
/// # Errors
///
/// What is missing, when it is no decision.
pub fn sentences(decision: &Value, lang: Lang) -> Result<Vec<String>, &'static str> {
    let texts: Texts = serde_json::from_str(json(lang)).map_err(|_| "the texts to be whole")?;
    let trace = decision.get("trace").and_then(Value::as_array).ok_or("a decision's `trace`")?;
    let reasons =
        decision.get("reasons").and_then(Value::as_array).ok_or("a decision's `reasons`")?;
    let steps = trace.iter().filter_map(Value::as_object).map(|step| texts.step(step));
    let outcome = texts.outcome(decision.get("credited").and_then(Value::as_object));
    let refused = reasons.iter().filter_map(Value::as_object).map(|reason| texts.refused(reason));
    Ok(steps.chain([outcome]).chain(refused).collect())
}

fn json(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../../www/promo-edge/locales/trace.en.json"),
        Lang::Fr => include_str!("../../www/promo-edge/locales/trace.fr.json"),
        Lang::De => include_str!("../../www/promo-edge/locales/trace.de.json"),
        Lang::Ja => include_str!("../../www/promo-edge/locales/trace.ja.json"),
        Lang::Zh => include_str!("../../www/promo-edge/locales/trace.zh.json"),
    }
}

impl Texts {
    fn step(&self, step: &Map<String, Value>) -> String {
        let said: BTreeMap<String, String> =
            step.iter().map(|(name, value)| self.fact(step, name, value)).collect();
        fill_places(self.template(step), |name| said.get(name).map(String::as_str))
    }

    /// What is missing, or the same as another, is said in a sentence of its own.
    fn template<'a>(&'a self, step: &'a Map<String, Value>) -> &'a str {
        let event = text(step, "event");
        let variant = if step.values().any(Value::is_null) {
            "none"
        } else if step.get("owner") == step.get("winner") {
            "same"
        } else {
            ""
        };
        let own = self.steps.get(&format!("{event}.{variant}"));
        own.or_else(|| self.steps.get(event)).map_or(event, String::as_str)
    }

    fn fact(&self, step: &Map<String, Value>, name: &str, value: &Value) -> (String, String) {
        let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let Some(amount) = name.strip_suffix("_minor") {
            let money = money(value.as_u64().unwrap_or_default(), text(step, "currency"));
            return (amount.to_owned(), money);
        }
        let said = match name {
            "at" => plain.replace('T', " ").replace('Z', " UTC"),
            "rule" => self.rule(&plain),
            _ => self.values.get(&format!("{name}.{plain}")).cloned().unwrap_or(plain),
        };
        (name.to_owned(), said)
    }

    /// `group:ten` as “the payout group ten”.
    fn rule(&self, rule: &str) -> String {
        let (kind, name) = rule.split_once(':').unwrap_or((rule, ""));
        self.value(&format!("rule.{kind}"), &[("name", name)])
    }

    fn outcome(&self, credited: Option<&Map<String, Value>>) -> String {
        let Some(credited) = credited else { return self.value("outcome.nobody", &[]) };
        let basis = self.value(&format!("basis.{}", text(credited, "basis")), &[]);
        let said = [("partner", text(credited, "partner")), ("basis", basis.as_str())];
        self.value("outcome.credited", &said)
    }

    fn refused(&self, refused: &Map<String, Value>) -> String {
        let reason = self.value(&format!("reason.{}", text(refused, "reason")), &[]);
        match refused.get("partner").and_then(Value::as_str) {
            None => self.value("outcome.unclaimed", &[("reason", &reason)]),
            Some(partner) => {
                self.value("outcome.refused", &[("partner", partner), ("reason", &reason)])
            }
        }
    }

    fn value(&self, key: &str, said: &[(&str, &str)]) -> String {
        let word = |name: &str| said.iter().find(|(place, _)| *place == name);
        let text = self.values.get(key).map_or(key, String::as_str);
        fill_places(text, |name| word(name).map(|(_, text)| *text))
    }
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// An amount with its decimals, such as `4.50 USD`.
fn money(minor: u64, currency: &str) -> String {
    let digits = Currency::from_code(currency).and_then(Currency::exponent).unwrap_or(2);
    let whole = 10u64.checked_pow(u32::from(digits)).unwrap_or(1);
    let (units, rest) = (minor.checked_div(whole), minor.checked_rem(whole));
    let (units, rest) = (units.unwrap_or(minor), rest.unwrap_or(0));
    match digits {
        0 => format!("{units} {currency}"),
        _ => format!("{units}.{rest:0width$} {currency}", width = usize::from(digits)),
    }
}
