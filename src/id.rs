//! Names that people give to things: programmes, partners, contracts, deals, codes, orders.
//!
//! - [`Id`] is one such name; its parameter says what it names, so that a deal's cannot stand for a
//!   partner's.
//! - [`IdError`] says why a text is not one.

use std::fmt;
use std::marker::PhantomData;

/// Longest accepted id, in bytes: the longest order id that the modelled network's conversions
/// carry, and short enough that a root with a programme's id stays within its 512 bytes.
pub const ID_SIZE_MAX: usize = 64;

/// A name of 1 to [`ID_SIZE_MAX`] bytes without control characters and without white space at its
/// ends.
///
/// Ids are compared as bytes; they are case-sensitive.
pub struct Id<Of> {
    text: Box<str>,
    of: PhantomData<fn() -> Of>,
}

/// What an [`Id`] can name. These types have no values.
pub mod named {
    /// A merchant's programme.
    #[derive(Debug)]
    pub enum Program {}
    /// A partner or a media source.
    #[derive(Debug)]
    pub enum Partner {}
    /// A partner's contract.
    #[derive(Debug)]
    pub enum Contract {}
    /// A deal.
    #[derive(Debug)]
    pub enum Deal {}
    /// A promo code.
    #[derive(Debug)]
    pub enum Code {}
    /// An event type, such as `SALE`.
    #[derive(Debug)]
    pub enum EventType {}
    /// An order; unique for one event type only.
    #[derive(Debug)]
    pub enum Order {}
    /// An exception list.
    #[derive(Debug)]
    pub enum ExceptionList {}
}

/// Names a [`Program`](crate::program::Program).
pub type ProgramId = Id<named::Program>;
/// Names a [`Partner`](crate::partner::Partner).
pub type PartnerId = Id<named::Partner>;
/// Names a [`Contract`](crate::partner::Contract).
pub type ContractId = Id<named::Contract>;
/// Names a [`Deal`](crate::deal::Deal).
pub type DealId = Id<named::Deal>;
/// Names a promo code.
pub type CodeId = Id<named::Code>;
/// Names an [`EventType`](crate::program::EventType).
pub type EventTypeId = Id<named::EventType>;
/// Names an order.
pub type OrderId = Id<named::Order>;
/// Names an [`ExceptionList`](crate::rate::ExceptionList).
pub type ExceptionListId = Id<named::ExceptionList>;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdError {
    /// It has no characters.
    Empty,
    /// It has more than [`ID_SIZE_MAX`] bytes.
    TooLong {
        /// How many bytes it has.
        size: usize,
    },
    /// It holds a control character, or begins or ends with white space.
    BadCharacter,
}

impl<Of> Id<Of> {
    /// Reads an id.
    ///
    /// # Errors
    ///
    /// [`IdError`] when the text is empty, too long, has a control character or white space at an
    /// end.
    ///
    /// ```
    /// use promo_edge::id::PartnerId;
    /// assert_eq!(PartnerId::parse("ana").unwrap().as_str(), "ana");
    /// assert!(PartnerId::parse(" ana").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if text.len() > ID_SIZE_MAX {
            return Err(IdError::TooLong { size: text.len() });
        }
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(IdError::BadCharacter);
        }
        Ok(Id { text: text.into(), of: PhantomData })
    }

    /// The id as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdError::Empty => write!(f, "expected 1 to {ID_SIZE_MAX} bytes, got none"),
            IdError::TooLong { size } => {
                write!(f, "expected at most {ID_SIZE_MAX} bytes, got {size}")
            }
            IdError::BadCharacter => {
                f.write_str("expected no control characters and no white space at the ends")
            }
        }
    }
}

impl std::error::Error for IdError {}

// Derives would ask the same of `Of`, which only names and has no values.
impl<Of> Clone for Id<Of> {
    fn clone(&self) -> Self {
        Id { text: self.text.clone(), of: PhantomData }
    }
}

impl<Of> PartialEq for Id<Of> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<Of> Eq for Id<Of> {}

impl<Of> PartialOrd for Id<Of> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<Of> Ord for Id<Of> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl<Of> std::hash::Hash for Id<Of> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<Of> fmt::Debug for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

impl<Of> fmt::Display for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
