//! What the library says of a text that it cannot read, as a [`Fault`].

use regex_syntax::ast::{self, Span};
use regex_syntax::hir;

use crate::snapshot::automaton::{Fault, SyntaxFault};

/// A text that is not even a tree.
pub(super) fn of_ast(text: &str, error: &ast::Error) -> Fault {
    use ast::ErrorKind::*;
    let kind = match error.kind() {
        UnsupportedLookAround => SyntaxFault::LookAround,
        UnsupportedBackreference => SyntaxFault::BackReference,
        GroupUnopened => SyntaxFault::GroupUnopened,
        GroupUnclosed => SyntaxFault::GroupUnclosed,
        GroupNameDuplicate { .. } | GroupNameEmpty | GroupNameInvalid | GroupNameUnexpectedEof => {
            SyntaxFault::GroupName
        }
        ClassUnclosed => SyntaxFault::ClassUnclosed,
        ClassRangeInvalid | ClassRangeLiteral => SyntaxFault::ClassRange,
        ClassEscapeInvalid | UnicodeClassInvalid => SyntaxFault::ClassUnknown,
        RepetitionMissing => SyntaxFault::RepetitionMissing,
        DecimalEmpty
        | DecimalInvalid
        | RepetitionCountInvalid
        | RepetitionCountDecimalEmpty
        | RepetitionCountUnclosed => SyntaxFault::RepetitionCount,
        FlagDanglingNegation
        | FlagDuplicate { .. }
        | FlagRepeatedNegation { .. }
        | FlagUnexpectedEof
        | FlagUnrecognized => SyntaxFault::Flags,
        SpecialWordBoundaryUnclosed
        | SpecialWordBoundaryUnrecognized
        | SpecialWordOrRepetitionUnexpectedEof => SyntaxFault::WordEdge,
        CaptureLimitExceeded | NestLimitExceeded(_) => SyntaxFault::TooDeep,
        // The library may come to know more; all that it knows now is about escapes.
        _ => SyntaxFault::Escape,
    };
    fault(text, error.span(), kind, error.kind().to_string())
}

/// A tree that means nothing.
pub(super) fn of_hir(text: &str, error: &hir::Error) -> Fault {
    use hir::ErrorKind::*;
    let kind = match error.kind() {
        UnicodePropertyNotFound | UnicodePropertyValueNotFound | UnicodePerlClassNotFound => {
            SyntaxFault::ClassUnknown
        }
        _ => SyntaxFault::Bytes,
    };
    fault(text, error.span(), kind, error.kind().to_string())
}

fn fault(text: &str, span: &Span, kind: SyntaxFault, detail: String) -> Fault {
    let before = text.get(..span.start.offset).unwrap_or_default();
    Fault::Syntax { kind, at: before.chars().count().saturating_add(1), detail }
}
