//! The only module that names the regular-expression crates: parsing, anchoring, determinising, and
//! what a pattern looks like to a reader.
//!
//! The syntax and its defaults are those of the `regex` crate, Unicode on.

mod class;
mod error;
mod outline;

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;

use regex_automata::dfa::dense::{self, DFA};
use regex_automata::dfa::{Automaton, StartKind};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::ast::{self, Ast, RepetitionKind, RepetitionRange, Span};
use regex_syntax::hir::translate::Translator;
use regex_syntax::hir::{
    Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look,
    Repetition,
};

use super::alphabet::{Alphabet, Characters};
use super::dfa::{Dfa, State, Way};
use super::{Direction, Fault};

pub(super) use class::may_join;
pub(super) use outline::outline;

/// Most bytes of one of the tables in memory from which an automaton is made. The limit bounds time
/// as well: a pattern that doubles its states with every character is soon given up.
const WORK_SIZE_MAX: usize = 4 << 20;

/// A pattern's syntax tree, whose assertions look at ASCII only.
#[derive(Debug, Clone)]
pub(super) struct Expression(Hir);

impl Expression {
    /// Parses a pattern by itself, so that nothing in it can reach outside it.
    pub fn parse(text: &str) -> Result<Expression, Fault> {
        let parsed = ast::parse::Parser::new().parse(text);
        let ast = parsed.map_err(|error| error::of_ast(text, &error))?;
        let translated = Translator::new().translate(text, &ast);
        let hir = translated.map_err(|error| error::of_hir(text, &error))?;
        if hir.properties().look_set().contains_word_unicode() {
            return Err(Fault::UnicodeWord);
        }
        Ok(Expression(hir))
    }

    /// Whether it asks what is around the text that it matches.
    pub fn asserts(&self) -> bool {
        !self.0.properties().look_set().is_empty()
    }

    /// The expression that matches a text when this one matches the whole of it.
    pub fn whole(&self) -> Expression {
        self.between(Hir::empty())
    }

    /// The expression that matches a text when this one matches any part of it.
    pub fn searched(&self) -> Expression {
        self.between(repeated(Class::Unicode(all_characters())))
    }

    fn between(&self, outside: Hir) -> Expression {
        let parts = vec![
            Hir::look(Look::Start),
            outside.clone(),
            self.0.clone(),
            outside,
            Hir::look(Look::End),
        ];
        Expression(Hir::concat(parts))
    }

    /// The smallest automaton of the expression; `None` when it would be too large.
    pub fn determinise(&self, alphabet: &Alphabet, direction: Direction) -> Option<Dfa> {
        Some(dfa(&in_symbols(&self.0, alphabet)?, direction)?.minimise())
    }

    /// What the expression tells from other characters outside ASCII.
    pub fn classes(&self) -> BTreeSet<Characters> {
        let mut classes = BTreeSet::new();
        let mut pending = vec![&self.0];
        while let Some(hir) = pending.pop() {
            match hir.kind() {
                HirKind::Class(Class::Unicode(class)) => {
                    let ranges = class.ranges().iter().filter(|range| !range.end().is_ascii());
                    let outside = |start: char| u32::from(start.max('\u{80}'));
                    classes.insert(ranges.map(|r| (outside(r.start()), r.end().into())).collect());
                }
                HirKind::Literal(literal) => {
                    let text = String::from_utf8_lossy(&literal.0);
                    let others = text.chars().filter(|c| !c.is_ascii()).map(u32::from);
                    classes.extend(others.map(|character| vec![(character, character)]));
                }
                kind => pending.extend(kind.subs()),
            }
        }
        classes
    }
}

/// A group that captures, where it stands in a pattern, and what it matches.
#[derive(Debug)]
pub(super) struct Group {
    /// Its opening parenthesis, in bytes from the pattern's start.
    pub start: usize,
    /// What follows its closing one.
    pub end: usize,
    /// What it matches, by itself; `None` when a text can be matched without it, or it more than
    /// once.
    pub expression: Option<Expression>,
}

/// The groups of a pattern that capture, in the order of their opening parentheses.
pub(super) fn groups(text: &str) -> Result<Vec<Group>, Fault> {
    let whole = Expression::parse(text)?;
    let mut groups = Vec::new();
    for (number, span) in (1..).zip(spans(text).captures) {
        let expression = certain_capture(&whole.0, number).cloned().map(Expression);
        groups.push(Group { start: span.start.offset, end: span.end.offset, expression });
    }
    Ok(groups)
}

/// What the group with this number matches, if every text that is matched has it exactly once.
fn certain_capture(hir: &Hir, number: u32) -> Option<&Hir> {
    match hir.kind() {
        HirKind::Capture(capture) if capture.index == number => Some(&capture.sub),
        HirKind::Capture(capture) => certain_capture(&capture.sub, number),
        HirKind::Concat(parts) => parts.iter().find_map(|part| certain_capture(part, number)),
        _ => None,
    }
}

/// A text as a pattern that matches it and nothing else.
pub(super) fn escape(text: &str) -> String {
    regex_syntax::escape(text)
}

/// The classes of a pattern as they are written there, each once.
pub(super) fn written_classes(text: &str) -> BTreeSet<&str> {
    spans(text)
        .classes
        .iter()
        .filter_map(|span| text.get(span.start.offset..span.end.offset))
        .collect()
}

/// The counted repetition of a pattern that counts furthest, as it is written there.
pub(super) fn longest_repetition(text: &str) -> Option<&str> {
    let (_, span) = spans(text).repetitions.into_iter().max_by_key(|(count, _)| *count)?;
    text.get(span.start.offset..span.end.offset)
}

fn spans(text: &str) -> Spans {
    let Ok(ast) = ast::parse::Parser::new().parse(text) else { return Spans::default() };
    let Ok(spans) = ast::visit(&ast, Spans::default());
    spans
}

/// The expression with a symbol, which is one byte, for every character. Assertions look at ASCII
/// only, whose symbols are the characters themselves.
fn in_symbols(hir: &Hir, alphabet: &Alphabet) -> Option<Hir> {
    let all = |parts: &[Hir]| -> Option<Vec<Hir>> {
        parts.iter().map(|part| in_symbols(part, alphabet)).collect()
    };
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => hir.clone(),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let symbols = text.chars().map(|character| alphabet.symbol(character));
            Hir::literal(symbols.collect::<Option<Vec<u8>>>()?)
        }
        HirKind::Class(Class::Unicode(class)) => {
            Hir::class(Class::Bytes(class_in_symbols(class, alphabet)))
        }
        HirKind::Repetition(repetition) => {
            Hir::repetition(repetition.with(in_symbols(&repetition.sub, alphabet)?))
        }
        HirKind::Capture(capture) => in_symbols(&capture.sub, alphabet)?,
        HirKind::Concat(parts) => Hir::concat(all(parts)?),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)?),
    })
}

fn class_in_symbols(class: &ClassUnicode, alphabet: &Alphabet) -> ClassBytes {
    let mut symbols = ClassBytes::empty();
    for range in class.ranges() {
        if let (Ok(start), Ok(end)) =
            (u8::try_from(range.start()), u8::try_from(range.end().min('\x7F')))
            && start.is_ascii()
        {
            symbols.push(ClassBytesRange::new(start, end));
        }
    }
    for (symbol, example) in alphabet.kinds() {
        let above = class.ranges().partition_point(|range| range.start() <= example);
        let range = above.checked_sub(1).and_then(|index| class.ranges().get(index));
        if range.is_some_and(|range| example <= range.end()) {
            symbols.push(ClassBytesRange::new(symbol, symbol));
        }
    }
    symbols
}

fn repeated(class: Class) -> Hir {
    let sub = Box::new(Hir::class(class));
    Hir::repetition(Repetition { min: 0, max: None, greedy: true, sub })
}

fn all_characters() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)])
}

fn dfa(hir: &Hir, direction: Direction) -> Option<Dfa> {
    let nfa = thompson::Config::new()
        .reverse(direction == Direction::Reversed)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(Some(WORK_SIZE_MAX));
    let nfa = thompson::Compiler::new().configure(nfa).build_from_hir(hir).ok()?;
    let dense = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .match_kind(MatchKind::All)
        .accelerate(false)
        .dfa_size_limit(Some(WORK_SIZE_MAX))
        .determinize_size_limit(Some(WORK_SIZE_MAX));
    copy(&dense::Builder::new().configure(dense).build_from_nfa(&nfa).ok()?)
}

/// Copies what can be reached from the start; the pattern's number is 0.
fn copy(dense: &DFA<Vec<u32>>) -> Option<Dfa> {
    let bytes: Vec<u8> =
        dense.byte_classes().representatives(0..=u8::MAX).filter_map(|unit| unit.as_u8()).collect();
    let start = dense.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()?;
    let mut numbers = HashMap::from([(start, 0usize)]);
    let mut found: Vec<StateID> = vec![start];
    let mut states = Vec::new();
    while let Some(&id) = found.get(states.len()) {
        let matches = dense.is_match_state(dense.next_eoi_state(id));
        let mut state = State { accepts: if matches { vec![0] } else { vec![] }, ways: vec![] };
        for (index, &first) in bytes.iter().enumerate() {
            let next = dense.next_state(id, first);
            if dense.is_dead_state(next) {
                continue;
            }
            let above = index.checked_add(1).and_then(|above| bytes.get(above));
            let last = above.map_or(u8::MAX, |above| above.saturating_sub(1));
            let target = *numbers.entry(next).or_insert_with(|| {
                found.push(next);
                found.len().saturating_sub(1)
            });
            state.push(Way { first, last, target });
        }
        states.push(state);
    }
    Some(Dfa { states })
}

/// Where the classes of a pattern, its counted repetitions and its capturing groups stand; what is
/// inside a bracketed class belongs to that.
#[derive(Default)]
struct Spans {
    classes: Vec<Span>,
    captures: Vec<Span>,
    repetitions: Vec<(u32, Span)>,
}

impl ast::Visitor for Spans {
    type Output = Spans;
    type Err = Infallible;

    fn finish(self) -> Result<Spans, Infallible> {
        Ok(self)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Infallible> {
        match ast {
            Ast::ClassUnicode(_) | Ast::ClassPerl(_) | Ast::ClassBracketed(_) => {
                self.classes.push(*ast.span());
            }
            Ast::Group(group) if group.is_capturing() => self.captures.push(group.span),
            Ast::Repetition(repetition) => {
                if let RepetitionKind::Range(range) = &repetition.op.kind {
                    let count = match *range {
                        RepetitionRange::Exactly(count)
                        | RepetitionRange::AtLeast(count)
                        | RepetitionRange::Bounded(_, count) => count,
                    };
                    self.repetitions.push((count, *ast.span()));
                }
            }
            _ => {}
        }
        Ok(())
    }
}
