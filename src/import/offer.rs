//! What every system's discounts come to.

use super::Options;
use super::decimal::scaled;
use super::row::{Fault, Row};
use crate::catalog::date_remedy;
use crate::zone::{Boundary, DateReader, Notation};
use crate::money::{Currency, Minor};
use crate::time::{Schedule, UnixMillis};

use serde_json::{Map, Value, json};

/// A code and what it stands for.
#[derive(Debug)]
pub(super) struct Offer {
    /// The column that the code stands in, and the code.
    pub code: (&'static str, String),
    /// `None` where our deals cannot say it.
    pub deal: Option<Deal>,
    pub schedule: Schedule,
    pub max_redemptions: Option<u32>,
    pub max_redemptions_per_customer: Option<u32>,
    pub created_at: Option<UnixMillis>,
}

/// A deal; equal ones are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deal {
    pub gain: Gain,
    pub scope: Scope,
    pub currency: Option<Currency>,
    pub minimum_purchase_minor: u64,
    pub maximum_savings_minor: Option<u64>,
    pub purchase_limit_quantity: Option<u32>,
    pub first_order_only: bool,
}

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gain {
    Percent(u16),
    Fixed(u64),
    FreeShipping,
}

/// On what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    EntireStore,
    Skus(Vec<String>),
    Categories(Vec<String>),
}

/// What values are read with.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub options: &'a Options,
}

impl Context<'_> {
    /// An amount in the program's currency, in its minor unit.
    pub fn minor(&self, column: &str, text: &str) -> Result<u64, Fault> {
        let exponent = self.options.exponent;
        let amount = scaled(text, exponent).filter(|&amount| Minor::new(amount).is_some());
        amount.ok_or_else(|| {
            let expected = format!("an amount with at most {exponent} decimals");
            Fault::new(column, text, expected, "correct the amount, or write the deal by hand")
        })
    }

    /// A percentage, in basis points.
    pub fn basis_points(&self, column: &str, text: &str) -> Result<u16, Fault> {
        let bps = scaled(text, 2).and_then(|bps| u16::try_from(bps).ok());
        bps.filter(|bps| (1..=10_000).contains(bps)).ok_or_else(|| {
            let expected = "a percentage from 0.01 to 100 with at most two decimals";
            Fault::new(column, text, expected, "write the deal by hand")
        })
    }

    /// A count; 0 where the system means that there is no limit.
    pub fn count(&self, column: &str, text: &str) -> Result<u32, Fault> {
        let count = scaled(text, 0).and_then(|count| u32::try_from(count).ok());
        count.filter(|&count| count < u32::MAX).ok_or_else(|| {
            Fault::new(column, text, "a number", "correct it in the export, or add it by hand")
        })
    }

    /// A date, a date and a time, or seconds since 1970.
    pub fn date(
        &self,
        (column, text): &(String, String),
        boundary: Boundary,
    ) -> Result<UnixMillis, Fault> {
        let is_number = text.len() > 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        if let (true, Ok(seconds)) = (is_number, text.parse::<i64>()) {
            return Ok(UnixMillis(seconds.saturating_mul(1_000)));
        }
        let zone = &self.options.zone;
        let dates = DateReader { own: None, program: zone, notation: Notation::Json };
        let read = dates
            .read(&iso(text), boundary)
            .map_err(|error| Fault::new(column, text, error.to_string(), date_remedy(&error)))?;
        Ok(read.at)
    }

    /// A code's schedule from the columns of its start and its end.
    pub fn schedule(
        &self,
        start: Option<(String, String)>,
        end: Option<(String, String)>,
    ) -> Result<Schedule, Fault> {
        let start_at = start.map(|date| self.date(&date, Boundary::Start)).transpose()?;
        let end_at = end.as_ref().map(|date| self.date(date, Boundary::End)).transpose()?;
        let schedule = Schedule { start_at, end_at };
        match end.filter(|_| schedule.is_empty()) {
            Some((column, value)) => {
                let remedy = "the code was never active: correct its dates in the export";
                Err(Fault::new(&column, &value, "an end after the start", remedy))
            }
            None => Ok(schedule),
        }
    }

    /// How many uses are left: our ledger begins with none.
    pub fn uses_left(
        &self,
        row: &mut Row,
        limits: &[&str],
        uses: &[&str],
    ) -> Result<Option<u32>, Fault> {
        let used = row.take_any(uses);
        let Some((column, text)) = row.take_any(limits) else {
            // Without a limit, what was used limits nothing: it is reported with what is left over.
            used.iter().for_each(|(column, _)| row.put_back(column));
            return Ok(None);
        };
        let limit = self.count(&column, &text)?;
        let used = match used {
            Some((column, text)) => self.count(&column, &text)?,
            None => 0,
        };
        if limit == 0 {
            return Ok(None);
        }
        let left = limit.saturating_sub(used);
        if left == 0 {
            let remedy = "nobody could use the code: raise the limit, or let it go";
            return Err(Fault::new(&column, &text, format!("more than {used} uses"), remedy));
        }
        if used > 0 {
            let remedy = format!("max_redemptions is {left}: what is left after {used} uses");
            row.note(Fault::new(&column, &text, "a limit of which nothing was used", remedy));
        }
        Ok(Some(left))
    }
}

/// A date as ISO 8601 writes it: `2026-07-01 09:00:00 -0400` has its parts together and a colon in
/// its offset.
fn iso(text: &str) -> String {
    let mut parts = text.split_whitespace();
    let (date, time) = (parts.next().unwrap_or_default(), parts.next());
    let Some(time) = time else { return text.to_owned() };
    let offset = match parts.next() {
        Some("UTC" | "Z") => "Z".to_owned(),
        Some(offset) => match offset.split_at_checked(3) {
            Some((hours, minutes)) if minutes.len() == 2 => format!("{hours}:{minutes}"),
            _ => offset.to_owned(),
        },
        None => String::new(),
    };
    format!("{date}T{time}{offset}")
}

impl Deal {
    /// An offer on everything, without conditions.
    pub fn new(gain: Gain) -> Deal {
        Deal {
            gain,
            scope: Scope::EntireStore,
            currency: None,
            minimum_purchase_minor: 0,
            maximum_savings_minor: None,
            purchase_limit_quantity: None,
            first_order_only: false,
        }
    }

    /// What shoppers are told.
    pub fn name(&self, options: &Options) -> String {
        let currency = self.currency.unwrap_or(options.currency);
        match self.gain {
            Gain::Percent(bps) => format!("{} % off", decimal(bps.into(), 2, true)),
            Gain::Fixed(amount) => {
                format!("{} {currency} off", decimal(amount, options.exponent, false))
            }
            Gain::FreeShipping => "Free shipping".to_owned(),
        }
    }

    /// The deal as a catalogue has it, but for its id and its name.
    pub fn to_json(&self) -> Map<String, Value> {
        let (kind, discount) = match self.gain {
            Gain::FreeShipping => ("free_shipping", None),
            Gain::Percent(bps) => ("general_sale", Some(json!({ "kind": "percent", "bps": bps }))),
            Gain::Fixed(amount) => {
                ("general_sale", Some(json!({ "kind": "fixed", "amount_minor": amount })))
            }
        };
        let (scope, skus, categories) = match &self.scope {
            Scope::EntireStore => (None, None, None),
            Scope::Skus(skus) => (Some(json!("product")), Some(json!(skus)), None),
            Scope::Categories(names) => (Some(json!("category")), None, Some(json!(names))),
        };
        let minimum = Some(self.minimum_purchase_minor).filter(|&minimum| minimum > 0);
        object([
            ("type", Some(json!(kind))),
            ("discount", discount),
            ("scope", scope),
            ("skus", skus),
            ("categories", categories),
            ("currency", self.currency.map(|currency| json!(currency.as_str()))),
            ("minimum_purchase_minor", minimum.map(Value::from)),
            ("maximum_savings_minor", self.maximum_savings_minor.map(Value::from)),
            ("purchase_limit_quantity", self.purchase_limit_quantity.map(Value::from)),
            ("first_order_only", self.first_order_only.then_some(Value::Bool(true))),
        ])
    }
}

/// An object of the fields that there are.
pub(super) fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Map<String, Value> {
    let there = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    there.collect()
}

/// An integer as the decimal number that it stands for.
fn decimal(value: u64, exponent: u32, is_short: bool) -> String {
    let width = usize::try_from(exponent).unwrap_or(0);
    let digits = format!("{value:0>width$}", width = width.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(width));
    let fraction = if is_short { fraction.trim_end_matches('0') } else { fraction };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// The values of a list as exports write it: separated by commas or bars.
pub(super) fn list(text: &str) -> Vec<String> {
    let values = text.split([',', '|']).map(str::trim).filter(|value| !value.is_empty());
    values.map(str::to_owned).collect()
}

/// A deal, or a note of why there is none.
pub(super) fn or_note(row: &mut Row, deal: Result<Option<Deal>, Fault>) -> Option<Deal> {
    match deal {
        Ok(deal) => deal,
        Err(mut fault) => {
            fault.remedy = format!("the code comes without a deal: {}", fault.remedy);
            row.note(fault);
            None
        }
    }
}
