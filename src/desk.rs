//! The face that the admin page loads: patterns in words, built, tried and compared, and dates as
//! the interface reads them.
//!
//! A module of its own with all of the regex library and of the tz database in it: never for a
//! shopper. Values cross as plain properties, as in [`browser`](crate::browser).

use crate::code::{Folding, MatchType, Spellings, TypedCode};
use crate::explain::{self, Explanation, Lang, Refusal};
use crate::platform::{nfkc, object, set};
use crate::snapshot::automaton::shape::Times;
use crate::snapshot::automaton::{Fault, Form, FormKind, Pattern, overlap};
use crate::zone::{Boundary, DateError, DateReader, Notation, ReadDate, Zone};

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The form of a pattern, as the page's fields have it.
    pub type FormFields;

    #[wasm_bindgen(method, getter)]
    fn kind(this: &FormFields) -> String;
    #[wasm_bindgen(method, getter)]
    fn texts(this: &FormFields) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn any_case(this: &FormFields) -> bool;
    #[wasm_bindgen(method, getter)]
    fn digits(this: &FormFields) -> Option<DigitFields>;

    /// How many digits.
    type DigitFields;

    #[wasm_bindgen(method, getter)]
    fn least(this: &DigitFields) -> u32;
    #[wasm_bindgen(method, getter)]
    fn most(this: &DigitFields) -> Option<u32>;

    /// A code of the catalogue, with what is looked at of it.
    type OtherCode;

    #[wasm_bindgen(method, getter)]
    fn id(this: &OtherCode) -> String;
    #[wasm_bindgen(method, getter)]
    fn code(this: &OtherCode) -> String;
    #[wasm_bindgen(method, getter)]
    fn match_type(this: &OtherCode) -> String;
}

/// A pattern in words: `{ok: true, sentences, matching, not_matching, warnings}`, or why it is
/// none: `{ok: false, fault, at, reason, remedy}`, where `at` is a character, counted from one.
#[wasm_bindgen(js_name = explainPattern)]
#[must_use]
pub fn explain_pattern(pattern: &str, lang: &str) -> Object {
    let lang = Lang::of_locale(lang).unwrap_or(Lang::En);
    match Pattern::check(pattern) {
        Ok(pattern) => explained(explain::explain(&pattern, lang, nfkc)),
        Err(fault) => refused(&fault, lang),
    }
}

fn explained(explanation: Explanation) -> Object {
    let Explanation { sentences, matching, not_matching, warnings, .. } = explanation;
    object([
        ("ok", true.into()),
        ("sentences", texts(sentences)),
        ("matching", texts(matching)),
        ("not_matching", texts(not_matching)),
        ("warnings", texts(warnings)),
    ])
}

fn refused(fault: &Fault, lang: Lang) -> Object {
    let Refusal { reason, remedy } = explain::refusal(fault, lang);
    let at = match fault {
        Fault::Syntax { at, .. } => u32::try_from(*at).map_or(JsValue::NULL, JsValue::from),
        _ => JsValue::NULL,
    };
    object([
        ("ok", false.into()),
        ("fault", fault.name().into()),
        ("at", at),
        ("reason", reason.into()),
        ("remedy", remedy.into()),
    ])
}

/// What becomes of each text when a shopper types it: `{code, matches}`, or `{malformed}` when it
/// is no code. `undefined` when the pattern is none.
#[wasm_bindgen(js_name = testPattern)]
#[must_use]
pub fn test_pattern(pattern: &str, typed: Vec<String>) -> Option<Array> {
    let pattern = Pattern::check(pattern).ok()?;
    let tested = typed.into_iter().map(|text| match TypedCode::parse(&text, nfkc) {
        Ok(code) => {
            let matches = pattern.matches(code.as_str());
            object([("code", code.as_str().into()), ("matches", matches.into())])
        }
        Err(malformed) => object([("malformed", malformed.name().into())]),
    });
    Some(tested.collect())
}

/// The pattern of a form `{kind, texts, any_case, digits: {least, most} | undefined}`; `undefined`
/// when it has neither texts nor digits. Texts are cleaned as typed ones are, and those that cannot
/// be part of a code are left out.
#[wasm_bindgen(js_name = buildPattern)]
#[must_use]
pub fn build_pattern(fields: &FormFields) -> Option<String> {
    let clean = |text: String| Some(TypedCode::parse(&text, nfkc).ok()?.as_str().to_owned());
    let digits = fields.digits().map(|digits| Times {
        least: digits.least().max(1),
        most: digits.most().map(|most| most.max(digits.least()).max(1)),
    });
    let form = Form {
        kind: FormKind::parse(&fields.kind())?,
        texts: fields.texts().into_iter().filter_map(clean).collect(),
        any_case: fields.any_case(),
        digits,
    };
    let is_something = !form.texts.is_empty() || form.digits.is_some();
    is_something.then(|| form.pattern())
}

/// The form that [`build_pattern`] would be given for this pattern; `undefined` when it has none of
/// those forms.
#[wasm_bindgen(js_name = recognisePattern)]
#[must_use]
pub fn recognise_pattern(pattern: &str) -> Option<Object> {
    let Form { kind, texts: own, any_case, digits } = Pattern::check(pattern).ok()?.form()?;
    let digits = digits.map(|Times { least, most }| {
        let most = most.map_or(JsValue::UNDEFINED, JsValue::from);
        object([("least", least.into()), ("most", most)])
    });
    Some(object([
        ("kind", kind.name().into()),
        ("texts", texts(own)),
        ("any_case", any_case.into()),
        ("digits", digits.map_or(JsValue::UNDEFINED, JsValue::from)),
    ]))
}

/// Other codes of a catalogue, read once to be compared with one pattern after another.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OtherCodes {
    codes: Vec<(String, Other)>,
    folding: Folding,
    spellings: Spellings,
}

#[derive(Debug)]
enum Other {
    /// The folded text.
    Exact(Box<str>),
    Regex(Box<Pattern>),
}

#[wasm_bindgen]
impl OtherCodes {
    /// Has none yet. The program's folding says which texts an exact code answers to.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(separators: bool, lookalikes: bool) -> OtherCodes {
        let folding = Folding { separators, lookalikes };
        OtherCodes { codes: Vec::new(), folding, spellings: folding.spellings() }
    }

    /// Takes in codes `{id, code, match_type}`. What the interface would not accept is left out.
    pub fn add(&mut self, codes: &Array) {
        for code in codes.iter() {
            let code: OtherCode = code.unchecked_into();
            let other = if code.match_type() == MatchType::Regex.name() {
                Pattern::check(&code.code()).ok().map(|pattern| Other::Regex(Box::new(pattern)))
            } else {
                let typed = TypedCode::parse(&code.code(), nfkc).ok();
                typed.map(|typed| Other::Exact(typed.fold(self.folding).as_str().into()))
            };
            self.codes.extend(other.map(|other| (code.id(), other)));
        }
    }

    /// How many codes there are.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn size(&self) -> usize {
        self.codes.len()
    }

    /// Those of the `count` codes from the one at `first` on that have a text in common with a
    /// pattern, as `{id, example}`: a text that both match, or `null` when comparing the two would
    /// take too long. `undefined` when the pattern is none.
    #[must_use]
    pub fn overlaps(&self, pattern: &str, first: usize, count: usize) -> Option<Array> {
        let pattern = Pattern::check(pattern).ok()?;
        let found = Array::new();
        for (id, other) in self.codes.iter().skip(first).take(count) {
            let common = match other {
                Other::Exact(code) => Ok(pattern.spelling(code, &self.spellings)),
                Other::Regex(other) => overlap(&pattern, other, nfkc).map_err(|_| ()),
            };
            let example = match common {
                Ok(None) => continue,
                Ok(Some(example)) => JsValue::from(example),
                Err(()) => JsValue::NULL,
            };
            found.push(&object([("id", id.into()), ("example", example)]).into());
        }
        Some(found)
    }
}

/// What a text is as an exact code: `{code, folded}`, or `{malformed}` with the rule it breaks.
#[wasm_bindgen(js_name = foldCode)]
#[must_use]
pub fn fold_code(text: &str, separators: bool, lookalikes: bool) -> Object {
    match TypedCode::parse(text, nfkc) {
        Ok(typed) => {
            let folded = typed.fold(Folding { separators, lookalikes });
            object([("code", typed.as_str().into()), ("folded", folded.as_str().into())])
        }
        Err(malformed) => object([("malformed", malformed.name().into())]),
    }
}

/// The instant that a date in a form means, in Unix milliseconds, by the rules that the interface
/// has for a date: `{at_ms, overridden_ms}`, the second when a zone's name replaced an offset, or
/// `{error}`: `unreadable`, `nonexistent`, `out_of_range` or `unknown_zone`.
///
/// `own` is the zone that the code names itself, if it does, and `program` the program's.
/// `boundary` is `start` or `end`, `notation` `json` or `sheet`, as people write into forms, too.
#[wasm_bindgen(js_name = readDate)]
#[must_use]
pub fn read_date(
    text: &str,
    own: Option<String>,
    program: &str,
    boundary: &str,
    notation: &str,
) -> Object {
    let failed = |error: &str| object([("error", error.into())]);
    let (Some(program), Some(own)) =
        (Zone::parse(program), own.map_or(Some(None), |own| Zone::parse(&own).map(Some)))
    else {
        return failed("unknown_zone");
    };
    let boundary = if boundary == "end" { Boundary::End } else { Boundary::Start };
    let notation = if notation == "json" { Notation::Json } else { Notation::Sheet };
    let reader = DateReader { own: own.as_ref(), program: &program, notation };
    match reader.read(text, boundary) {
        Ok(ReadDate { at, overridden }) => {
            let read = object([("at_ms", (at.0 as f64).into())]);
            if let Some(meant) = overridden {
                set(&read, "overridden_ms", &(meant.0 as f64).into());
            }
            read
        }
        Err(DateError::Unreadable) => failed("unreadable"),
        Err(DateError::Nonexistent { .. }) => failed("nonexistent"),
        Err(DateError::OutOfRange) => failed("out_of_range"),
    }
}

fn texts(texts: Vec<String>) -> JsValue {
    texts.into_iter().map(JsValue::from).collect::<Array>().into()
}
