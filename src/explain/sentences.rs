//! What is said of a whole code. Forms that most patterns have come first, each in one sentence.

use super::texts::{Phrases, fill};
use super::voice::{Letters, Voice, is_choice};
use crate::snapshot::automaton::shape::{Shape, Times};

/// All that is said of a code of this shape.
pub(super) fn sentences(shape: &Shape, phrases: &'static Phrases) -> Vec<String> {
    let voice = Voice { phrases, letters: Letters::of(shape) };
    let mut sentences = form(shape, voice);
    let case = match voice.letters {
        Letters::Exact => phrases.case_exact,
        Letters::Any => phrases.case_any,
        Letters::Mixed => phrases.case_mixed,
    };
    sentences.push(case.to_owned());
    let whole = if is_open(shape) { phrases.whole_open } else { phrases.whole_closed };
    if !is_every_code(shape) {
        sentences.push(whole.to_owned());
    }
    sentences
}

/// The form of a code.
fn form(shape: &Shape, voice: Voice) -> Vec<String> {
    if let Some(sentence) = common_form(shape, voice) {
        return vec![sentence];
    }
    if let Some(line) = voice.line(shape) {
        let phrase = match shape {
            Shape::Sequence(_) => voice.phrases.consists_of,
            _ => voice.phrases.takes_the_form,
        };
        return vec![fill(phrase, &[("what", &line)])];
    }
    let count = shape.parts().len().to_string();
    let heading = match shape {
        Shape::Repeat { times, .. } => {
            fill(voice.phrases.repeats, &[("times", &voice.times(*times))])
        }
        Shape::Either(_) => fill(voice.phrases.has_forms, &[("n", &count)]),
        _ => fill(voice.phrases.has_parts, &[("n", &count)]),
    };
    let parts = (1usize..).zip(shape.parts());
    let lines = parts.flat_map(|(number, part)| voice.lines(part, &number.to_string()));
    std::iter::once(heading).chain(lines).collect()
}

/// One of the forms that have a sentence of their own.
fn common_form(shape: &Shape, voice: Voice) -> Option<String> {
    let said = |part: &Shape| voice.line(part).filter(|_| is_choice(part));
    let filled = |phrase, part: &Shape| Some(fill(phrase, &[("what", &said(part)?)]));
    let phrases = voice.phrases;
    match shape {
        shape if is_every_code(shape) => Some(phrases.every_code.to_owned()),
        Shape::Sequence(parts) => match parts.as_slice() {
            [part, end] if end.is_anything() => filled(phrases.starts_with, part),
            [start, part] if start.is_anything() => filled(phrases.ends_with, part),
            [start, part, end] if start.is_anything() && end.is_anything() => {
                filled(phrases.contains, part)
            }
            [first, between, last] if between.is_anything() => {
                let values = [("first", &*said(first)?), ("last", &*said(last)?)];
                Some(fill(phrases.starts_and_ends_with, &values))
            }
            _ => None,
        },
        shape => filled(phrases.is, shape),
    }
}

/// Whether all codes have this shape: none is empty.
fn is_every_code(shape: &Shape) -> bool {
    match shape {
        Shape::Repeat { part, times: Times { least: 1, most: None } } => {
            matches!(&**part, Shape::One(class) if class.is_any())
        }
        shape => shape.is_anything(),
    }
}

/// Whether a code of this shape may start or end as it likes.
fn is_open(shape: &Shape) -> bool {
    match shape {
        Shape::Repeat { part, times } => match &**part {
            Shape::One(class) => class.is_any() && times.most.is_none(),
            part => is_open(part),
        },
        Shape::Sequence(parts) => [parts.first(), parts.last()].into_iter().flatten().any(is_open),
        Shape::Either(parts) => parts.iter().any(is_open),
        _ => false,
    }
}
