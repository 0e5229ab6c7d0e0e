//! Spells out texts that a pattern puts together, because a reader knows `SB` and `SB-` sooner than
//! `SB` with or without `-`.

use super::{Case, Shape, Times};

/// Most texts that several choices are put together to: one sees them at a glance.
const SPELLINGS_MAX: usize = 8;

/// Longest text, in characters, that is written out instead of counted.
const COUNTED_CHARS_MAX: usize = 8;

/// The texts that a part can be, and their case.
struct Spellings {
    texts: Vec<String>,
    case: Case,
}

impl Shape {
    /// The shape with neighbours put together that are texts, or a few of them.
    pub(super) fn spelled_out(self) -> Shape {
        match self.map_parts(&mut Shape::spelled_out) {
            Shape::Sequence(parts) => Shape::sequence(put_together(parts)),
            shape => match shape.spellings() {
                Some(spellings) => spellings.into_shape(),
                None => shape,
            },
        }
    }

    fn spellings(&self) -> Option<Spellings> {
        match self {
            Shape::Text { text, case } => {
                Some(Spellings { texts: vec![text.clone()], case: *case })
            }
            Shape::Either(parts) => {
                let mut texts = Vec::new();
                let mut common = Case::None;
                for part in parts {
                    let Shape::Text { text, case } = part else { return None };
                    texts.push(text.clone());
                    common = common.with(*case)?;
                }
                Some(Spellings { texts, case: common })
            }
            Shape::Repeat { part, times: Times::OPTIONAL } => {
                let mut spellings = part.spellings()?;
                spellings.texts.insert(0, String::new());
                Some(spellings)
            }
            Shape::Repeat { part, times } => {
                let Shape::Text { text, case } = &**part else { return None };
                let count = usize::try_from(times.exact()?).ok()?;
                let size = text.chars().count().checked_mul(count)?;
                let repeated = || Spellings { texts: vec![text.repeat(count)], case: *case };
                (size <= COUNTED_CHARS_MAX).then(repeated)
            }
            _ => None,
        }
    }
}

impl Spellings {
    /// All texts of one, each with all of the other behind it.
    fn followed_by(self, other: &Spellings) -> Spellings {
        let mut texts = Vec::new();
        for start in &self.texts {
            texts.extend(other.texts.iter().map(|end| format!("{start}{end}")));
        }
        Spellings { texts, case: self.case.with(other.case).unwrap_or(self.case) }
    }

    fn is_only(&self) -> bool {
        self.texts.len() == 1
    }

    fn into_shape(self) -> Shape {
        let case = self.case;
        Shape::either(self.texts.into_iter().map(|text| match text.as_str() {
            "" => Shape::Nothing,
            _ => Shape::Text { text, case },
        }))
    }
}

/// Puts together what stands side by side and is of one case.
fn put_together(parts: Vec<Shape>) -> Vec<Shape> {
    let mut done = Vec::new();
    let mut run: Vec<Spellings> = Vec::new();
    let mut run_case = Case::None;
    for part in parts {
        let spellings = part.spellings();
        match spellings.as_ref().and_then(|spellings| run_case.with(spellings.case)) {
            Some(case) => run_case = case,
            None => {
                done.extend(joined(std::mem::take(&mut run)));
                run_case = spellings.as_ref().map_or(Case::None, |spellings| spellings.case);
            }
        }
        match spellings {
            Some(spellings) => run.push(spellings),
            None => done.push(part),
        }
    }
    done.extend(joined(run));
    done
}

/// A run of texts as one part; when that would be too many texts, each choice stays by itself, with
/// what is beside it and no choice.
fn joined(run: Vec<Spellings>) -> Vec<Shape> {
    let counts = run.iter().map(|spellings| spellings.texts.len());
    let is_short = counts.fold(1, usize::saturating_mul) <= SPELLINGS_MAX;
    let mut done: Vec<Spellings> = Vec::new();
    for spellings in run {
        match done.pop() {
            Some(last) if is_short || last.is_only() || spellings.is_only() => {
                done.push(last.followed_by(&spellings));
            }
            last => done.extend(last.into_iter().chain([spellings])),
        }
    }
    done.into_iter().map(Spellings::into_shape).collect()
}
