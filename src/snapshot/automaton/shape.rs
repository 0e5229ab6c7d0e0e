//! What a pattern looks like to a reader: its parts, and no syntax.
//!
//! A shape matches the codes that its pattern matches. Of texts that no code has (control
//! characters, nothing at all) it may say something else.

mod place;
mod spelling;

/// What codes look like, or a part of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// No text.
    Nothing,
    /// What no code can be.
    Never,
    /// This text.
    Text {
        /// As its author wrote it.
        text: String,
        /// Whether its letters may be in the other case.
        case: Case,
    },
    /// One character of a class.
    One(Class),
    /// A part several times, each time as it likes.
    Repeat {
        /// What is repeated.
        part: Box<Shape>,
        /// How often.
        times: Times,
    },
    /// Parts one after another; at least two.
    Sequence(Vec<Shape>),
    /// One of several; at least two.
    Either(Vec<Shape>),
    /// No text, at certain places only.
    Place(Place),
}

/// Whether capitals and small letters are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// There is no letter that could be in another case.
    None,
    /// Letters are in the case in which they are written.
    Exact,
    /// Letters are in either case.
    Any,
}

/// How often something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// At least so often.
    pub least: u32,
    /// At most so often; `None` is without end.
    pub most: Option<u32>,
}

/// A condition on a place in a code. A word is made of ASCII letters, digits and underscores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing stands before.
    Start,
    /// Nothing stands after.
    End,
    /// A word starts or ends here.
    WordEdge,
    /// No word starts or ends here.
    NoWordEdge,
    /// A word starts here.
    WordStart,
    /// A word ends here.
    WordEnd,
    /// What stands before, if anything, is of no word.
    NotAfterWord,
    /// What stands after, if anything, is of no word.
    NotBeforeWord,
}

/// A set of characters, told by what it has or, when it has most characters, by what it lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// The characters, as ascending ranges with their last ones.
    pub ranges: Vec<(char, char)>,
    /// The items are what the class lacks.
    pub is_lacking: bool,
    /// What the class has or lacks, in the order in which its author listed it, or else letters
    /// first, then digits, then the others.
    pub items: Vec<Item>,
    /// The same where case makes no difference: one letter for all cases of it.
    pub caseless_items: Vec<Item>,
    /// Whether it tells the cases of a letter apart.
    pub case: Case,
}

/// A part of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// Characters that have a name together.
    Named(Named),
    /// Characters from this one to that; a single one when they are equal.
    Range(char, char),
}

/// Sets of characters that have a name, of all scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Letters, digits and underscores.
    Word,
    /// Letters.
    Letter,
    /// Capital letters.
    Upper,
    /// Small letters.
    Lower,
    /// Decimal digits.
    Digit,
    /// White space.
    Space,
    /// Chinese characters.
    Han,
    /// Japanese hiragana.
    Hiragana,
    /// Japanese katakana.
    Katakana,
}

impl Times {
    /// Once or not at all.
    pub const OPTIONAL: Times = Times { least: 0, most: Some(1) };
    /// Any number of times.
    pub const ANY: Times = Times { least: 0, most: None };

    /// Exactly so often.
    #[must_use]
    pub fn exactly(count: u32) -> Times {
        Times { least: count, most: Some(count) }
    }

    /// The one number, if there is only one.
    #[must_use]
    pub fn exact(self) -> Option<u32> {
        self.most.filter(|&most| most == self.least)
    }

    /// As often as both together.
    fn plus(self, other: Times) -> Option<Times> {
        let most = match (self.most, other.most) {
            (Some(one), Some(other)) => Some(one.checked_add(other)?),
            _ => None,
        };
        Some(Times { least: self.least.checked_add(other.least)?, most })
    }

    /// How often the innermost part stands when what stands `self` often is itself repeated; `None`
    /// when not all numbers between the smallest and the largest can be reached.
    fn repeated(self, outer: Times) -> Option<Times> {
        let spread = self.most.map(|most| most.saturating_sub(self.least));
        let is_dense = match spread {
            _ if outer.exact().is_some() => true,
            None => outer.least > 0 || self.least <= 1,
            Some(spread) => self.least <= outer.least.saturating_mul(spread).saturating_add(1),
        };
        let most = match (self.most, outer.most) {
            (Some(0), _) | (_, Some(0)) => Some(0),
            (Some(most), Some(outer)) => Some(most.checked_mul(outer)?),
            _ => None,
        };
        let least = self.least.checked_mul(outer.least)?;
        is_dense.then_some(Times { least, most })
    }
}

impl Class {
    /// Whether it has every character that a code can have.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.is_lacking && self.items.is_empty()
    }

    /// The class told in the order in which its author listed it.
    pub(super) fn in_order_of(mut self, listed: &[char]) -> Class {
        let place = |item: &Item| match item {
            Item::Range(first, _) => listed.iter().position(|character| character == first),
            Item::Named(_) => None,
        };
        for items in [&mut self.items, &mut self.caseless_items] {
            if items.iter().all(|item| place(item).is_some()) {
                items.sort_by_key(place);
            }
        }
        self
    }

    /// Whether it has this character.
    #[must_use]
    pub fn has(&self, character: char) -> bool {
        let above = self.ranges.partition_point(|&(first, _)| first <= character);
        let range = above.checked_sub(1).and_then(|index| self.ranges.get(index));
        range.is_some_and(|&(_, last)| character <= last)
    }

    /// How many characters it has.
    #[must_use]
    pub fn size(&self) -> usize {
        let sizes = self.ranges.iter().map(|&(first, last)| (first..=last).count());
        sizes.fold(0, usize::saturating_add)
    }

    /// All its characters, ascending.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        self.ranges.iter().flat_map(|&(first, last)| first..=last)
    }
}

impl Shape {
    /// Any text, or none.
    #[must_use]
    pub fn is_anything(&self) -> bool {
        matches!(self, Shape::Repeat { part, times: Times::ANY }
            if matches!(&**part, Shape::One(class) if class.is_any()))
    }

    /// Its parts, if it has any.
    #[must_use]
    pub fn parts(&self) -> &[Shape] {
        match self {
            Shape::Repeat { part, .. } => std::slice::from_ref(part),
            Shape::Sequence(parts) | Shape::Either(parts) => parts,
            _ => &[],
        }
    }

    /// The simplest shape that matches the same codes: conditions that the whole of a code meets or
    /// breaks anyway are gone, and texts are spelled out.
    pub(super) fn simplified(self) -> Shape {
        // No code is empty.
        match self.in_whole_code().spelled_out() {
            Shape::Repeat { part, times: Times::OPTIONAL } => *part,
            shape => shape,
        }
    }

    /// Parts one after another.
    pub(super) fn sequence(parts: impl IntoIterator<Item = Shape>) -> Shape {
        let mut joined: Vec<Shape> = Vec::new();
        for part in parts {
            match part {
                Shape::Nothing => {}
                Shape::Never => return Shape::Never,
                Shape::Sequence(parts) => {
                    parts.into_iter().for_each(|part| join(&mut joined, part));
                }
                part => join(&mut joined, part),
            }
        }
        match joined.pop() {
            None => Shape::Nothing,
            Some(only) if joined.is_empty() => only,
            Some(last) => {
                joined.push(last);
                Shape::Sequence(joined)
            }
        }
    }

    /// One of several.
    pub(super) fn either(branches: impl IntoIterator<Item = Shape>) -> Shape {
        let mut kept: Vec<Shape> = Vec::new();
        let mut is_optional = false;
        for branch in branches {
            let branches = match branch {
                Shape::Either(branches) => branches,
                branch => vec![branch],
            };
            for branch in branches {
                match branch {
                    Shape::Never => {}
                    Shape::Nothing => is_optional = true,
                    branch if kept.contains(&branch) => {}
                    branch => kept.push(branch),
                }
            }
        }
        let choice = match kept.pop() {
            None if is_optional => return Shape::Nothing,
            None => return Shape::Never,
            Some(only) if kept.is_empty() => only,
            Some(last) => {
                kept.push(last);
                Shape::Either(kept)
            }
        };
        if is_optional { Shape::repeat(choice, Times::OPTIONAL) } else { choice }
    }

    /// A part several times.
    pub(super) fn repeat(part: Shape, times: Times) -> Shape {
        match part {
            _ if times.most == Some(0) => Shape::Nothing,
            part if times == Times::exactly(1) => part,
            Shape::Never if times.least == 0 => Shape::Nothing,
            Shape::Place(_) if times.least == 0 => Shape::Nothing,
            part @ (Shape::Nothing | Shape::Never | Shape::Place(_)) => part,
            Shape::Repeat { part, times: inner } => match inner.repeated(times) {
                Some(times) => Shape::repeat(*part, times),
                None => {
                    let part = Box::new(Shape::Repeat { part, times: inner });
                    Shape::Repeat { part, times }
                }
            },
            part => Shape::Repeat { part: Box::new(part), times },
        }
    }

    /// The same with its parts made anew.
    fn map_parts(self, make: &mut impl FnMut(Shape) -> Shape) -> Shape {
        match self {
            Shape::Repeat { part, times } => Shape::repeat(make(*part), times),
            Shape::Sequence(parts) => Shape::sequence(parts.into_iter().map(make)),
            Shape::Either(parts) => Shape::either(parts.into_iter().map(make)),
            leaf => leaf,
        }
    }
}

/// Puts a part after others, as one with the last of them where that is possible.
fn join(parts: &mut Vec<Shape>, next: Shape) {
    let joined = parts.last().and_then(|last| joined(last, &next));
    match (joined, parts.last_mut()) {
        (Some(joined), Some(last)) => *last = joined,
        _ => parts.push(next),
    }
}

fn joined(one: &Shape, next: &Shape) -> Option<Shape> {
    if let (Shape::Text { text: start, case: one }, Shape::Text { text: end, case: other }) =
        (one, next)
    {
        return Some(Shape::Text { text: format!("{start}{end}"), case: one.with(*other)? });
    }
    let (class, times) = class_repeated(one)?;
    let (other_class, other_times) = class_repeated(next)?;
    (class == other_class).then_some(())?;
    Some(Shape::repeat(Shape::One(class.clone()), times.plus(other_times)?))
}

fn class_repeated(shape: &Shape) -> Option<(&Class, Times)> {
    match shape {
        Shape::One(class) => Some((class, Times::exactly(1))),
        Shape::Repeat { part, times } => match &**part {
            Shape::One(class) => Some((class, *times)),
            _ => None,
        },
        _ => None,
    }
}

impl Case {
    /// The case of two texts together, unless they differ.
    pub(super) fn with(self, other: Case) -> Option<Case> {
        match (self, other) {
            (Case::None, case) | (case, Case::None) => Some(case),
            (one, other) => (one == other).then_some(one),
        }
    }
}

#[cfg(test)]
mod tests;
