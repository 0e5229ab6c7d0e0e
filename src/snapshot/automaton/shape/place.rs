//! Decides the conditions on places that always hold in a whole code, or never do.

use super::{Class, Place, Shape, Times};

/// What stands right before a place, or right after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The code's start or end.
    Nothing,
    /// A character; whether it is of a word, where that is known.
    Character { is_word: Option<bool> },
    /// Either.
    Unknown,
}

/// Which way one looks from a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looking {
    Back,
    Ahead,
}

impl Shape {
    /// The shape as a whole code has it.
    pub(super) fn in_whole_code(self) -> Shape {
        self.between(Side::Nothing, Side::Nothing)
    }

    fn between(self, before: Side, after: Side) -> Shape {
        match self {
            Shape::Place(place) => match place.holds(before, after) {
                Some(true) => Shape::Nothing,
                Some(false) => Shape::Never,
                None => Shape::Place(place.beside(before, after)),
            },
            Shape::Sequence(parts) => {
                let mut afters = vec![after];
                for part in parts.iter().rev() {
                    let after = afters.last().copied().unwrap_or(Side::Unknown);
                    afters.push(part.seen(Looking::Ahead, after));
                }
                let mut before = before;
                let afters = afters.into_iter().rev().skip(1);
                Shape::sequence(parts.into_iter().zip(afters).map(|(part, after)| {
                    let own = before;
                    before = part.seen(Looking::Back, before);
                    part.between(own, after)
                }))
            }
            Shape::Repeat { part, times } if times.most != Some(1) => {
                let part = part.between(before.or_more(), after.or_more());
                Shape::repeat(part, times)
            }
            shape => shape.map_parts(&mut |part| part.between(before, after)),
        }
    }

    /// What one sees of this shape, looking from the place beside it, with `beyond` behind it.
    fn seen(&self, looking: Looking, beyond: Side) -> Side {
        match self {
            Shape::Nothing | Shape::Never | Shape::Place(_) => beyond,
            Shape::Text { text, .. } => {
                let character = match looking {
                    Looking::Back => text.chars().next_back(),
                    Looking::Ahead => text.chars().next(),
                };
                character.map_or(beyond, |c| Side::Character { is_word: Some(is_of_word(c)) })
            }
            Shape::One(class) => Side::Character { is_word: class.is_of_words() },
            Shape::Repeat { part, times: Times { least: 1.., .. } } => {
                part.seen(looking, beyond.or_more())
            }
            Shape::Repeat { part, .. } => part.seen(looking, beyond.or_more()).or(beyond),
            Shape::Sequence(parts) => match looking {
                Looking::Back => parts.iter().fold(beyond, |side, part| part.seen(looking, side)),
                Looking::Ahead => {
                    parts.iter().rev().fold(beyond, |side, part| part.seen(looking, side))
                }
            },
            Shape::Either(parts) => {
                let sides = parts.iter().map(|part| part.seen(looking, beyond));
                sides.reduce(Side::or).unwrap_or(Side::Unknown)
            }
        }
    }
}

impl Side {
    /// What is known when it is one or the other.
    fn or(self, other: Side) -> Side {
        match (self, other) {
            (one, other) if one == other => one,
            (Side::Character { .. }, Side::Character { .. }) => Side::Character { is_word: None },
            _ => Side::Unknown,
        }
    }

    /// What is known when some text may stand between.
    fn or_more(self) -> Side {
        self.or(Side::Character { is_word: None })
    }

    fn is_word(self) -> Option<bool> {
        match self {
            Side::Nothing => Some(false),
            Side::Character { is_word } => is_word,
            Side::Unknown => None,
        }
    }

    fn is_nothing(self) -> Option<bool> {
        match self {
            Side::Nothing => Some(true),
            Side::Character { .. } => Some(false),
            Side::Unknown => None,
        }
    }
}

impl Place {
    /// Whether the condition is met, if that can be told.
    fn holds(self, before: Side, after: Side) -> Option<bool> {
        let both = |holds: fn(bool, bool) -> bool| Some(holds(before.is_word()?, after.is_word()?));
        match self {
            Place::Start => before.is_nothing(),
            Place::End => after.is_nothing(),
            Place::WordEdge => both(|before, after| before != after),
            Place::NoWordEdge => both(|before, after| before == after),
            Place::WordStart => both(|before, after| !before && after),
            Place::WordEnd => both(|before, after| before && !after),
            Place::NotAfterWord => before.is_word().map(|is_word| !is_word),
            Place::NotBeforeWord => after.is_word().map(|is_word| !is_word),
        }
    }

    /// The condition that is left when one of the sides is known.
    fn beside(self, before: Side, after: Side) -> Place {
        match (self, before.is_word(), after.is_word()) {
            (Place::WordEdge | Place::WordEnd, Some(true), _) => Place::NotBeforeWord,
            (Place::WordEdge | Place::WordStart, _, Some(true)) => Place::NotAfterWord,
            (Place::WordEdge, Some(false), _) => Place::WordStart,
            (Place::WordEdge, _, Some(false)) => Place::WordEnd,
            (place, _, _) => place,
        }
    }
}

impl Class {
    fn is_of_words(&self) -> Option<bool> {
        let has_none = ('0'..='z').filter(|&c| is_of_word(c)).all(|c| !self.has(c));
        let has_others = self.characters().any(|c| !is_of_word(c));
        match (has_none, has_others) {
            (true, _) => Some(false),
            (false, false) => Some(true),
            (false, true) => None,
        }
    }
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
