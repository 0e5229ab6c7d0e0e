//! Says shapes in a language: a short one in a few words, a longer one as a numbered list.

use super::texts::{Noun, Phrases, fill};
use crate::snapshot::automaton::shape::{Case, Class, Item, Named, Place, Shape, Times};

/// Most parts that are said in one sentence.
const PARTS_MAX: usize = 4;

/// Most items of a list that are all said.
const ITEMS_MAX: usize = 12;

/// How many items of a longer list are said: at least two are left.
const ITEMS_SAID: usize = 10;

/// How letters are to be written, in a pattern as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// As they are in the pattern.
    Exact,
    /// As one likes.
    Any,
    /// As they are in the pattern, but for some texts.
    Mixed,
}

/// A language, and what it need not say of each part because it is said of the whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice {
    pub phrases: &'static Phrases,
    pub letters: Letters,
}

impl Letters {
    /// How the letters of a shape are to be written.
    pub fn of(shape: &Shape) -> Letters {
        match (has_case(shape, Case::Exact), has_text_of_either_case(shape)) {
            (false, _) => Letters::Any,
            (true, false) => Letters::Exact,
            (true, true) => Letters::Mixed,
        }
    }
}

fn has_case(shape: &Shape, wanted: Case) -> bool {
    match shape {
        Shape::Text { case, .. } | Shape::One(Class { case, .. }) => *case == wanted,
        shape => shape.parts().iter().any(|part| has_case(part, wanted)),
    }
}

fn has_text_of_either_case(shape: &Shape) -> bool {
    matches!(shape, Shape::Text { case: Case::Any, .. })
        || shape.parts().iter().any(has_text_of_either_case)
}

/// Whether a shape is one text, or one of several.
pub(super) fn is_choice(shape: &Shape) -> bool {
    match shape {
        Shape::Text { .. } => true,
        Shape::One(class) => singles(class, &class.items).is_some(),
        Shape::Either(parts) => parts.iter().all(|part| matches!(part, Shape::Text { .. })),
        _ => false,
    }
}

/// The characters of a class of few that are told one by one.
fn singles(class: &Class, items: &[Item]) -> Option<Vec<char>> {
    let single = |item: &Item| match item {
        Item::Range(first, last) => (first == last).then_some(*first),
        Item::Named(_) => None,
    };
    let singles = items.iter().map(single).collect::<Option<Vec<char>>>()?;
    (!class.is_lacking && singles.len() <= ITEMS_MAX).then_some(singles)
}

impl Voice {
    /// Parts that follow each other, in one line; `None` when there are too many, or one is too
    /// involved.
    pub fn line(self, shape: &Shape) -> Option<String> {
        match shape {
            Shape::Sequence(parts) => {
                let said: Option<Vec<String>> = parts.iter().map(|part| self.part(part)).collect();
                said.filter(|said| said.len() <= PARTS_MAX).map(|said| said.join(self.phrases.then))
            }
            shape => self.part(shape),
        }
    }

    /// A shape as lines that begin with a number, such as `2)` and `2.1)`.
    pub fn lines(self, shape: &Shape, number: &str) -> Vec<String> {
        let numbered = |text: &str| format!("{number}) {text}");
        if let Some(line) = self.line(shape) {
            return vec![numbered(&line)];
        }
        let heading = match shape {
            Shape::Sequence(_) => self.phrases.in_order.to_owned(),
            Shape::Repeat { times: Times::OPTIONAL, .. } => self.phrases.optionally_this.to_owned(),
            Shape::Repeat { times, .. } => {
                fill(self.phrases.this_times, &[("times", &self.times(*times))])
            }
            _ => self.phrases.one_of_these.to_owned(),
        };
        let mut lines = vec![numbered(&heading)];
        for (place, part) in (1usize..).zip(shape.parts()) {
            lines.extend(self.lines(part, &format!("{number}.{place}")));
        }
        lines
    }

    /// One part, in a few words.
    fn part(self, shape: &Shape) -> Option<String> {
        let Shape::Repeat { part, times } = shape else { return self.simple(shape) };
        let Shape::Sequence(parts) = &**part else { return self.simple(shape) };
        let said: Option<Vec<String>> = parts.iter().map(|part| self.simple(part)).collect();
        let said = said.filter(|said| said.len() < PARTS_MAX)?.join(self.phrases.then);
        Some(self.several(&fill(self.phrases.group, &[("what", &said)]), *times))
    }

    /// One part that holds no sequence.
    fn simple(self, shape: &Shape) -> Option<String> {
        match shape {
            Shape::Nothing | Shape::Never | Shape::Sequence(_) => None,
            Shape::Text { text, case } => Some(self.text(text, *case)),
            Shape::One(class) => Some(self.characters(class, Times::exactly(1))),
            Shape::Place(place) => Some(self.place(*place).to_owned()),
            Shape::Either(parts) => {
                let is_short = is_choice(shape) || parts.len() < PARTS_MAX;
                let said: Option<Vec<(String, usize)>> =
                    parts.iter().map(|part| Some((self.simple(part)?, 1))).collect();
                said.filter(|_| is_short).map(|said| self.list(said, self.phrases.or))
            }
            shape if shape.is_anything() => Some(self.phrases.anything.to_owned()),
            Shape::Repeat { part, times } => match &**part {
                Shape::One(class) => Some(self.characters(class, *times)),
                part => self.simple(part).map(|said| self.several(&said, *times)),
            },
        }
    }

    fn text(self, text: &str, case: Case) -> String {
        let quoted = fill(self.phrases.quoted, &[("text", text)]);
        if self.letters == Letters::Mixed && case == Case::Any {
            fill(self.phrases.either_case, &[("what", &quoted)])
        } else {
            quoted
        }
    }

    /// What is no character, several times.
    fn several(self, what: &str, times: Times) -> String {
        match times {
            Times::OPTIONAL => fill(self.phrases.optional, &[("what", what)]),
            times => fill(self.phrases.repeated, &[("what", what), ("times", &self.times(times))]),
        }
    }

    /// How many times, said as an adverb.
    pub fn times(self, times: Times) -> String {
        match times {
            Times::ANY => self.phrases.any_times.to_owned(),
            Times { least: 1, most: None } => self.phrases.once_or_more.to_owned(),
            times => {
                let counted = fill(self.phrases.times, &[("n", &self.number(times))]);
                self.limited(&counted, times)
            }
        }
    }

    /// The numbers that stand where one number does.
    fn number(self, Times { least, most }: Times) -> String {
        match most.filter(|&most| most != least) {
            None => least.to_string(),
            Some(most) => {
                let (least, most) = (least.to_string(), most.to_string());
                fill(self.phrases.between, &[("least", &least), ("most", &most)])
            }
        }
    }

    /// Something counted, with whether that is all.
    fn limited(self, counted: &str, times: Times) -> String {
        let phrase = match times {
            Times { most: None, .. } => self.phrases.at_least,
            Times { least: 2.., .. } if times.exact().is_some() => self.phrases.exactly,
            _ => return counted.to_owned(),
        };
        fill(phrase, &[("counted", counted)])
    }

    /// So many characters of a class.
    fn characters(self, class: &Class, times: Times) -> String {
        let items = match self.letters {
            Letters::Any => &class.caseless_items,
            Letters::Exact | Letters::Mixed => &class.items,
        };
        if times == Times::OPTIONAL {
            let one = self.characters(class, Times::exactly(1));
            return fill(self.phrases.optional, &[("what", &one)]);
        }
        if let (Some(singles), Some(1)) = (singles(class, items), times.exact()) {
            let said = singles.into_iter().map(|character| match character {
                ' ' => (self.phrases.space.to_owned(), 1),
                character => (self.text(&character.to_string(), Case::Exact), 1),
            });
            return self.list(said.collect(), self.phrases.or);
        }
        let (noun, list) = self.noun(class, items);
        let (first, last) = match items.first() {
            Some(Item::Range(first, last)) => (first.to_string(), last.to_string()),
            _ => Default::default(),
        };
        let number = self.number(times);
        let values = [("n", &*number), ("first", &*first), ("last", &*last), ("list", &*list)];
        match times {
            Times::ANY => fill(self.phrases.any_number, &[("bare", &fill(noun.bare, &values))]),
            Times { least: 1, most: None | Some(1) } => {
                self.limited(&fill(noun.one, &values), times)
            }
            times => self.limited(&fill(noun.other, &values), times),
        }
    }

    /// The noun for the characters of a class, and the list that it may take.
    fn noun(self, class: &Class, items: &[Item]) -> (&'static Noun, String) {
        let nouns = &self.phrases.nouns;
        let noun = match items {
            _ if class.is_any() => Some(&nouns.characters),
            _ if class.is_lacking => None,
            [Item::Named(named)] => Some(self.named(*named)),
            [Item::Range('0', '9')] => Some(&nouns.digits),
            [Item::Range(first, last)] if first != last => match (first, last, class.case) {
                ('0'..='9', '0'..='9', _) => Some(&nouns.digits_from),
                ('A'..='Z', 'A'..='Z', Case::Any) => Some(&nouns.letters),
                ('A'..='Z', 'A'..='Z', _) => Some(&nouns.capitals),
                ('a'..='z', 'a'..='z', _) => Some(&nouns.small_letters),
                _ => None,
            },
            [Item::Range('A'..='Z', 'A'..='Z'), Item::Range('a'..='z', 'a'..='z')]
                if class.case == Case::Any =>
            {
                Some(&nouns.letters_of_either_case)
            }
            _ => None,
        };
        match noun {
            Some(noun) => (noun, String::new()),
            None => {
                let noun =
                    if class.is_lacking { &nouns.characters_but } else { &nouns.characters_of };
                (noun, self.items(items))
            }
        }
    }

    fn named(self, named: Named) -> &'static Noun {
        let nouns = &self.phrases.nouns;
        match named {
            Named::Word => &nouns.any_words,
            Named::Letter => &nouns.any_letters,
            Named::Upper => &nouns.any_capitals,
            Named::Lower => &nouns.any_small_letters,
            Named::Digit => &nouns.any_digits,
            Named::Space => &nouns.spaces,
            Named::Han => &nouns.han,
            Named::Hiragana => &nouns.hiragana,
            Named::Katakana => &nouns.katakana,
        }
    }

    /// The items of a class as a list.
    fn items(self, items: &[Item]) -> String {
        let said = items.iter().map(|item| match item {
            Item::Named(named) => {
                (fill(self.phrases.kind, &[("bare", self.named(*named).bare)]), 1)
            }
            Item::Range(first, last) if first == last => (self.character(*first), 1),
            Item::Range(first, last) => {
                let (start, end) = (self.character(*first), self.character(*last));
                let range = fill(self.phrases.range, &[("first", &start), ("last", &end)]);
                (range, (*first..=*last).count())
            }
        });
        self.list(said.collect(), self.phrases.and)
    }

    /// A character as an item: quoted when it could be taken for punctuation, by its number when it
    /// could not be seen.
    fn character(self, character: char) -> String {
        match character {
            ' ' => self.phrases.space.to_owned(),
            c if c.is_alphanumeric() => c.to_string(),
            c if c.is_whitespace() => format!("U+{:04X}", u32::from(c)),
            c => fill(self.phrases.quoted, &[("text", &c.to_string())]),
        }
    }

    /// A list with its last item joined as usual; of a long one, the beginning, and how many are
    /// left. An item may stand for several.
    fn list(self, items: Vec<(String, usize)>, last_joint: &str) -> String {
        let said = if items.len() > ITEMS_MAX { ITEMS_SAID } else { items.len() };
        let left = items.iter().skip(said).map(|(_, size)| size).sum::<usize>();
        let mut words: Vec<String> = items.into_iter().take(said).map(|(item, _)| item).collect();
        if left > 0 {
            words.push(fill(self.phrases.others, &[("n", &left.to_string())]));
        }
        let last = words.pop().unwrap_or_default();
        match words.as_slice() {
            [] => last,
            words => format!("{}{last_joint}{last}", words.join(self.phrases.comma)),
        }
    }

    fn place(self, place: Place) -> &'static str {
        let places = &self.phrases.places;
        match place {
            Place::Start => places.start,
            Place::End => places.end,
            Place::WordEdge => places.word_edge,
            Place::NoWordEdge => places.no_word_edge,
            Place::WordStart => places.word_start,
            Place::WordEnd => places.word_end,
            Place::NotAfterWord => places.not_after_word,
            Place::NotBeforeWord => places.not_before_word,
        }
    }
}
