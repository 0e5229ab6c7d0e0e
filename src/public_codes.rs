//! The face that knows what anybody may know: a program's public codes, answered in the shopper's
//! browser.
//!
//! A module of its own, so that only pages of programs with such codes load it. Answers have the
//! shapes of [`wire`](crate::wire), less what only the Worker knows.

use crate::code::TypedCode;
use crate::deal::Deal;
use crate::id::EventTypeId;
use crate::matching;
use crate::money::{Currency, Minor};
use crate::order::{Cart, Country, ITEMS_MAX, Item};
use crate::platform::{nfkc, object, set};
use crate::quote::{Amount, Quote};
use crate::reason::Rejection;
use crate::snapshot::{BareSnapshot, Bundle, HashKey, SnapshotError};
use crate::time::UnixMillis;
use crate::validation::{self, Answer, Question, Valid};

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What a page knows about the order, as it would send it.
    pub type CartFacts;

    #[wasm_bindgen(method, getter)]
    fn currency(this: &CartFacts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn subtotal_minor(this: &CartFacts) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn country(this: &CartFacts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn event_type(this: &CartFacts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn items(this: &CartFacts) -> Option<Array>;

    /// One line of it.
    type ItemFacts;

    #[wasm_bindgen(method, getter)]
    fn sku(this: &ItemFacts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn category(this: &ItemFacts) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn quantity(this: &ItemFacts) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn unit_price_minor(this: &ItemFacts) -> Option<f64>;
}

/// The codes of a program that anybody may know, as `/v1/public` serves them.
///
/// What it says is provisional: a yes is the Worker's to confirm, and about any other code it says
/// nothing.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PublicCodes {
    bundle: Vec<u8>,
}

#[wasm_bindgen]
impl PublicCodes {
    /// Looks at the bundle's headers.
    ///
    /// # Errors
    ///
    /// A text, when the bytes are no bundle that this version reads.
    pub fn open(bundle: Vec<u8>) -> Result<PublicCodes, JsValue> {
        let snapshot = Bundle::open(&bundle).and_then(open);
        match snapshot.and_then(|snapshot| snapshot.program()) {
            Ok(_) => Ok(PublicCodes { bundle }),
            Err(_) => Err("not a bundle of public codes that this version reads".into()),
        }
    }

    /// May this code be used on this order, as of an instant in Unix milliseconds?
    ///
    /// `undefined` for a text that is no active public code, and for facts that are not what they
    /// should be: the Worker says what is wrong with them.
    #[must_use]
    pub fn validate(&self, text: &str, at_ms: f64, cart: &CartFacts) -> Option<Object> {
        let question = Question { typed: text.to_owned(), nfkc, cart: read_cart(cart)? };
        match self.ask(&question, UnixMillis(whole(at_ms)?.try_into().ok()?)).ok()? {
            Answer::Valid(valid) => Some(valid_facts(&valid)),
            Answer::Refused(refused) if refused.exact >= Rejection::CustomerRequired => {
                Some(object([("valid", false.into()), ("reason", refused.exact.name().into())]))
            }
            Answer::Refused(_) => None,
        }
    }

    /// Did the shopper mean another code? The public code that looks like a text, or would but for
    /// its separators, as it should be typed; `undefined` when none does, and for a text that is an
    /// active public code itself.
    #[must_use]
    pub fn suggest(&self, text: &str, at_ms: f64) -> Option<String> {
        let typed = TypedCode::parse(text, nfkc).ok()?;
        let at = UnixMillis(whole(at_ms)?.try_into().ok()?);
        let bundle = Bundle::open(&self.bundle).ok()?;
        let meant = matching::suggest(&open(bundle).ok()?, &bundle, &typed, at).ok()??;
        Some(meant.as_str().to_owned())
    }

    fn ask(&self, question: &Question, at: UnixMillis) -> Result<Answer, SnapshotError> {
        let bundle = Bundle::open(&self.bundle)?;
        validation::validate(&open(bundle)?, &bundle, question, at)
    }
}

fn open(bundle: Bundle<'_>) -> Result<BareSnapshot<&[u8]>, SnapshotError> {
    BareSnapshot::open_bare(bundle.manifest(), HashKey::PUBLIC)
}

/// `None` when a fact is there but is not what it should be.
fn read_cart(facts: &CartFacts) -> Option<Cart> {
    let items = match facts.items() {
        Some(items) if items.length() as usize > ITEMS_MAX => return None,
        Some(items) => Some(items.iter().map(read_item).collect::<Option<Vec<_>>>()?),
        None => None,
    };
    Some(Cart {
        event_type: checked(facts.event_type(), |text| EventTypeId::parse(&text).ok())?,
        currency: checked(facts.currency(), |text| Currency::parse(&text))?,
        subtotal_minor: checked(facts.subtotal_minor(), minor)?,
        country: checked(facts.country(), |text| Country::parse(&text))?,
        items,
        ..Cart::default()
    })
}

fn read_item(facts: JsValue) -> Option<Item> {
    let facts: ItemFacts = facts.unchecked_into();
    Some(Item {
        sku: facts.sku()?,
        category: facts.category(),
        quantity: whole(facts.quantity()?)?
            .try_into()
            .ok()
            .filter(|&quantity: &u32| quantity > 0)?,
        unit_price_minor: minor(facts.unit_price_minor()?)?,
    })
}

/// A missing fact is fine; one that cannot be read is not.
fn checked<F, T>(fact: Option<F>, read: impl Fn(F) -> Option<T>) -> Option<Option<T>> {
    fact.map_or(Some(None), |fact| read(fact).map(Some))
}

fn minor(number: f64) -> Option<Minor> {
    Minor::new(whole(number)?)
}

/// JavaScript has no integers; those up to [`Minor::MAX`] are exact.
fn whole(number: f64) -> Option<u64> {
    let is_whole = number.fract() == 0.0 && (0.0..=Minor::MAX.get() as f64).contains(&number);
    is_whole.then_some(number as u64)
}

fn valid_facts(valid: &Valid) -> Object {
    let unchecked = valid.unchecked.facts().iter().map(|fact| JsValue::from(fact.name()));
    object([
        ("valid", true.into()),
        ("code", valid.typed.as_str().into()),
        ("deal", valid.deal.as_ref().map_or(JsValue::NULL, deal_facts)),
        ("quote", valid.quote.as_ref().map_or(JsValue::NULL, quote_facts)),
        ("unchecked", unchecked.collect::<Array>().into()),
    ])
}

fn deal_facts(deal: &Deal) -> JsValue {
    let fields = [
        ("id", deal.id.as_str().into()),
        ("name", deal.name.as_str().into()),
        ("type", deal.offer.name().into()),
    ];
    object(fields).into()
}

fn quote_facts(quote: &Quote) -> JsValue {
    let number = |amount: Minor| JsValue::from(amount.get() as f64);
    let facts = object([
        ("currency", quote.currency.as_str().into()),
        ("benefit", quote.benefit.map_or(JsValue::NULL, |benefit| benefit.name().into())),
    ]);
    match quote.amount {
        Amount::Exact(exact) => set(&facts, "amount_minor", &number(exact)),
        Amount::Range { low, high } => {
            set(&facts, "low_minor", &number(low));
            set(&facts, "high_minor", &number(high));
        }
    }
    if !quote.lines_minor.is_empty() {
        let lines: Array = quote.lines_minor.iter().map(|&line| number(line)).collect();
        set(&facts, "lines_minor", &lines);
    }
    facts.into()
}
