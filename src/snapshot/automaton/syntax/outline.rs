//! Reads a pattern as the shape that its author had in mind.
//!
//! The tree of the text is walked, not the engine's: that one has taken common beginnings out of
//! alternatives and letters apart into their cases.

use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassSet, ClassSetItem, Flag, RepetitionKind, RepetitionRange,
};
use regex_syntax::hir::ClassUnicode;
use regex_syntax::hir::translate::TranslatorBuilder;

use super::class;
use crate::snapshot::automaton::shape::{Case, Place, Shape, Times};

/// The shape of a pattern that is known to be one; [`Shape::Never`] of any other text.
pub(in super::super) fn outline(text: &str) -> Shape {
    match ast::parse::Parser::new().parse(text) {
        Ok(ast) => Reader { text, flags: Flags::default() }.shape(&ast).simplified(),
        Err(_) => Shape::Never,
    }
}

/// Flags that change which codes are matched: no code has the line ends that the others are about.
#[derive(Debug, Clone, Copy)]
struct Flags {
    case_insensitive: bool,
    unicode: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Flags { case_insensitive: false, unicode: true }
    }
}

impl Flags {
    fn set(&mut self, written: &ast::Flags) {
        let state = |flag, default| written.flag_state(flag).unwrap_or(default);
        self.case_insensitive = state(Flag::CaseInsensitive, self.case_insensitive);
        self.unicode = state(Flag::Unicode, self.unicode);
    }
}

/// A walk through a pattern, with the flags that are in force.
struct Reader<'a> {
    text: &'a str,
    flags: Flags,
}

impl Reader<'_> {
    fn shape(&mut self, ast: &Ast) -> Shape {
        match ast {
            Ast::Empty(_) => Shape::Nothing,
            Ast::Flags(written) => {
                self.flags.set(&written.flags);
                Shape::Nothing
            }
            Ast::Literal(literal) => as_listed(self.one_of(ast), &[literal.c]),
            Ast::Dot(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => self.one_of(ast),
            Ast::ClassBracketed(class) => as_listed(self.one_of(ast), &listed(class)),
            Ast::Assertion(assertion) => Shape::Place(place(&assertion.kind)),
            Ast::Repetition(repetition) => {
                Shape::repeat(self.shape(&repetition.ast), times(&repetition.op.kind))
            }
            Ast::Group(group) => {
                let outside = self.flags;
                group.flags().into_iter().for_each(|written| self.flags.set(written));
                let shape = self.shape(&group.ast);
                self.flags = outside;
                shape
            }
            Ast::Alternation(branches) => {
                let branches: Vec<Shape> =
                    branches.asts.iter().map(|branch| self.shape(branch)).collect();
                Shape::either(branches)
            }
            Ast::Concat(parts) => {
                let parts: Vec<Shape> = parts.asts.iter().map(|part| self.shape(part)).collect();
                Shape::sequence(parts)
            }
        }
    }

    /// What matches one character.
    fn one_of(&self, ast: &Ast) -> Shape {
        self.set(ast).map_or(Shape::Never, |set| class::shape(&set))
    }

    fn set(&self, ast: &Ast) -> Option<ClassUnicode> {
        let mut translator = TranslatorBuilder::new()
            .case_insensitive(self.flags.case_insensitive)
            .unicode(self.flags.unicode)
            .build();
        class::set(&translator.translate(self.text, ast).ok()?)
    }
}

/// The characters that a class lists one by one, as seasons and compass points are; none when it
/// has others.
fn listed(class: &ast::ClassBracketed) -> Vec<char> {
    let items = match &class.kind {
        ClassSet::Item(ClassSetItem::Union(union)) => union.items.as_slice(),
        ClassSet::Item(item) => std::slice::from_ref(item),
        ClassSet::BinaryOp(_) => &[],
    };
    let literal = |item: &ClassSetItem| match item {
        ClassSetItem::Literal(literal) => Some(literal.c),
        _ => None,
    };
    items.iter().map(literal).collect::<Option<_>>().unwrap_or_default()
}

/// A shape of one character, told as the author listed what it can be.
fn as_listed(shape: Shape, listed: &[char]) -> Shape {
    match (shape, listed) {
        (Shape::Text { case: Case::Any, .. }, [first, ..]) => {
            Shape::Text { text: first.to_string(), case: Case::Any }
        }
        (Shape::One(class), listed) => Shape::One(class.in_order_of(listed)),
        (shape, _) => shape,
    }
}

fn times(kind: &RepetitionKind) -> Times {
    match kind {
        RepetitionKind::ZeroOrOne => Times::OPTIONAL,
        RepetitionKind::ZeroOrMore => Times::ANY,
        RepetitionKind::OneOrMore => Times { least: 1, most: None },
        RepetitionKind::Range(RepetitionRange::Exactly(count)) => Times::exactly(*count),
        RepetitionKind::Range(RepetitionRange::AtLeast(least)) => {
            Times { least: *least, most: None }
        }
        RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => {
            Times { least: *least, most: Some(*most) }
        }
    }
}

/// A line's start and end are the code's: it has no line ends inside.
fn place(kind: &AssertionKind) -> Place {
    match kind {
        AssertionKind::StartLine | AssertionKind::StartText => Place::Start,
        AssertionKind::EndLine | AssertionKind::EndText => Place::End,
        AssertionKind::WordBoundary => Place::WordEdge,
        AssertionKind::NotWordBoundary => Place::NoWordEdge,
        AssertionKind::WordBoundaryStart | AssertionKind::WordBoundaryStartAngle => {
            Place::WordStart
        }
        AssertionKind::WordBoundaryEnd | AssertionKind::WordBoundaryEndAngle => Place::WordEnd,
        AssertionKind::WordBoundaryStartHalf => Place::NotAfterWord,
        AssertionKind::WordBoundaryEndHalf => Place::NotBeforeWord,
    }
}
