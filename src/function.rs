//! The face that a shop's own platform calls: a pure function, JSON in and JSON out, in the shape
//! of Shopify's Discount Function API.
//!
//! No network, no clock, no state. The snapshot comes with the input, in the discount's metafield,
//! and the day is the shop's; [`validate`](crate::validation::validate) decides as it does
//! everywhere. `docs/adopt/shopify.md` says what that leaves out: nobody counts uses here.

mod day;
mod decimal;
mod input;
mod output;

use crate::deal::{Deal, Offer, Scope};
use crate::id::IdError;
use crate::order::ITEMS_MAX;
use crate::quote::{Amount, Benefit, Quote};
use crate::snapshot::{BareSnapshot, Bundle, SnapshotError};
use crate::time::UnixMillis;
use crate::validation::{self, Answer, Question, Valid};

use input::{Configuration, DiscountClass, Input};
use output::{Candidate, Operation, Output};

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Why a run has no answer. The platform then gives no discount, and shows the text to the shop's
/// developers.
#[derive(Debug)]
pub enum FunctionError {
    /// The input is not what the input query asks for.
    Input(serde_json::Error),
    /// The order has more lines than are judged.
    TooManyLines,
    /// The metafield's bundle is not base64.
    Base64,
    /// The metafield's key is none.
    Key(crate::snapshot::KeyError),
    /// The metafield's event type is no id.
    EventType(IdError),
    /// The metafield's bundle cannot be read.
    Snapshot(SnapshotError),
}

/// Decides on the code that a discount is run for: what the platform should take off the cart.
///
/// # Errors
///
/// [`FunctionError`] when the input or the metafield in it is not what it should be; a code that is
/// unknown or may not be used is no error and gives no operation.
pub fn run(input: &str) -> Result<String, FunctionError> {
    let input: Input = serde_json::from_str(input).map_err(FunctionError::Input)?;
    let output = Output { operations: Vec::from_iter(operation(&input)?) };
    serde_json::to_string(&output).map_err(FunctionError::Input)
}

fn operation(input: &Input) -> Result<Option<Operation<'_>>, FunctionError> {
    let given = input.code.as_deref().zip(input.discount.metafield.as_ref());
    let Some((code, metafield)) = given else { return Ok(None) };
    let Configuration { bundle, key, at, event_type } =
        metafield.json_value.read(input.shop.today())?;
    let bundle = Bundle::open(&bundle).map_err(FunctionError::Snapshot)?;
    let snapshot =
        BareSnapshot::open_bare(bundle.manifest(), key).map_err(FunctionError::Snapshot)?;
    let question = Question {
        typed: code.to_owned(),
        nfkc: |text| text.nfkc().collect(),
        cart: input.facts(event_type)?,
    };
    let answer = validation::validate(&snapshot, &bundle, &question, at);
    let Answer::Valid(valid) = answer.map_err(FunctionError::Snapshot)? else { return Ok(None) };
    // A condition that cannot be checked here is not met: nobody would check it later.
    if !valid.unchecked.facts().is_empty() {
        return Ok(None);
    }
    Ok(what_it_gives(input, code, &valid))
}

/// What a code's deal is, said to the platform; `None` when it gives nothing that this run can
/// give.
fn what_it_gives<'a>(input: &'a Input, code: &'a str, valid: &Valid) -> Option<Operation<'a>> {
    let (deal, quote) = valid.deal.as_ref().zip(valid.quote.as_ref())?;
    let of_class = |class| input.discount.gives(class);
    if let Some(deliveries) = input.deliveries() {
        let is_free = quote.benefit == Some(Benefit::FreeShipping);
        return (is_free && of_class(DiscountClass::Shipping))
            .then(|| Operation::free_delivery(code, deal, deliveries))
            .flatten();
    }
    // Whoever says only that something is between two percentages leaves the amount to the shop.
    let Amount::Exact(amount) = quote.amount else { return None };
    if amount.get() == 0 {
        return None;
    }
    if is_on_the_order(deal) {
        of_class(DiscountClass::Order).then(|| Operation::off_order(code, deal, quote, amount))
    } else {
        of_class(DiscountClass::Product).then(|| off_lines(input, code, deal, quote))
    }
}

/// Whether the deal is on everything in the cart, rather than on some of its units.
fn is_on_the_order(deal: &Deal) -> bool {
    let is_sale = matches!(deal.offer, Offer::GeneralSale(_));
    is_sale && deal.scope == Scope::EntireStore && deal.purchase_limit_quantity.is_none()
}

fn off_lines<'a>(input: &'a Input, code: &'a str, deal: &Deal, quote: &Quote) -> Operation<'a> {
    let lines = input.cart.lines.iter().zip(&quote.lines_minor);
    let reduced = lines.filter(|(_, off)| off.get() > 0);
    let candidate = |(line, &off): (&'a input::Line, &_)| {
        Candidate::off_line(code, deal, &line.id, quote.currency, off)
    };
    Operation::off_lines(reduced.map(candidate).collect())
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FunctionError::Input(error) => {
                write!(f, "the input is not what the input query asks for: {error}")
            }
            FunctionError::TooManyLines => {
                write!(f, "the cart has more than {ITEMS_MAX} lines, so nothing was judged")
            }
            FunctionError::Base64 => {
                f.write_str("the metafield's bundle is not base64: make the metafield again")
            }
            FunctionError::Key(error) => write!(f, "the metafield's key is none: {error}"),
            FunctionError::EventType(error) => {
                write!(f, "the metafield's event type is none: {error}")
            }
            FunctionError::Snapshot(error) => write!(f, "the metafield's bundle: {error}"),
        }
    }
}

impl std::error::Error for FunctionError {}
