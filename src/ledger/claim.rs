//! What a merchant says of an order, and where two such claims part.

use std::fmt;

/// A field that two orders of the same name are compared by, in the order of the contract (2.3).
/// Clicks and click paths are none: a retry may carry more of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "named after the fields")]
pub enum Field {
    PlacedAt,
    PromoCodes,
    CustomerId,
    FirstOrder,
    Segments,
    Country,
    CartId,
    Currency,
    SubtotalMinor,
    DiscountMinor,
    Items,
    ForcedPartner,
}

impl Field {
    /// Every field, in the order in which differences are named.
    pub const ALL: [Field; 12] = [
        Field::PlacedAt,
        Field::PromoCodes,
        Field::CustomerId,
        Field::FirstOrder,
        Field::Segments,
        Field::Country,
        Field::CartId,
        Field::Currency,
        Field::SubtotalMinor,
        Field::DiscountMinor,
        Field::Items,
        Field::ForcedPartner,
    ];

    /// The field's name in an order.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::PlacedAt => "placed_at",
            Field::PromoCodes => "promo_codes",
            Field::CustomerId => "customer_id",
            Field::FirstOrder => "first_order",
            Field::Segments => "segments",
            Field::Country => "country",
            Field::CartId => "cart_id",
            Field::Currency => "currency",
            Field::SubtotalMinor => "subtotal_minor",
            Field::DiscountMinor => "discount_minor",
            Field::Items => "items",
            Field::ForcedPartner => "forced_partner",
        }
    }
}

/// What a merchant says of an order: each [`Field`] in one spelling, defaults filled, so that two
/// claims are the same where their texts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    values: [Option<String>; Field::ALL.len()],
    is_customer_erased: bool,
}

impl Claim {
    /// A claim of which each field is spelt so; `None` where nothing is said.
    #[must_use]
    pub fn new(spelt: impl FnMut(Field) -> Option<String>) -> Self {
        Claim { values: Field::ALL.map(spelt), is_customer_erased: false }
    }

    /// The same claim when its customer has been forgotten: it agrees with every customer.
    #[must_use]
    pub fn with_customer_erased(self) -> Self {
        Claim { is_customer_erased: true, ..self }
    }

    /// The first field in which another claim differs, with what is said here and there.
    #[must_use]
    pub fn first_difference(&self, other: &Claim) -> Option<Difference> {
        let is_forgotten = self.is_customer_erased || other.is_customer_erased;
        let values = self.values.iter().zip(&other.values);
        Field::ALL
            .into_iter()
            .zip(values)
            .filter(|(field, _)| !(is_forgotten && *field == Field::CustomerId))
            .find(|(_, (recorded, claimed))| recorded != claimed)
            .map(|(field, (recorded, claimed))| Difference {
                field,
                recorded: recorded.clone(),
                claimed: claimed.clone(),
            })
    }
}

/// Where two claims of one order part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The first such field.
    pub field: Field,
    /// What is recorded, as it is spelt; `None` for nothing.
    pub recorded: Option<String>,
    /// What is claimed now.
    pub claimed: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order_exists_with_different_{}", self.field.name())
    }
}
