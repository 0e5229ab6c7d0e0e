//! Why a code is refused. Names are stable and never reused; declaration order is precedence, here,
//! in the documentation and in the tests.
//!
//! - [`Malformed`] is why a text cannot be a code at all.
//! - [`Rejection`] is why a code may not be used: the exact reason, for logs and trusted callers.
//! - [`Refusal`] is what a shopper is told, as a program's [`PublicReasons`] chooses.
//! - [`Reason`] is why a partner is not credited with an order.

/// Why a text cannot be a promo code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Malformed {
    /// Nothing is left after white space and invisible characters are removed.
    Empty,
    /// Longer than a code may be.
    TooLong,
    /// A control character, such as a line break, in the middle.
    ControlCharacter,
}

impl Malformed {
    /// Every variant, in order.
    pub const ALL: [Malformed; 3] =
        [Malformed::Empty, Malformed::TooLong, Malformed::ControlCharacter];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Malformed::Empty => "empty",
            Malformed::TooLong => "too_long",
            Malformed::ControlCharacter => "control_character",
        }
    }
}

/// Why a promo code may not be used on an order: the first that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rejection {
    /// The text cannot be a code.
    Malformed(Malformed),
    /// The program, or this event type, does not use promo codes.
    TrackingDisabled,
    /// No code matches.
    UnknownCode,
    /// The code's schedule has not begun.
    NotStarted,
    /// The code's schedule is over.
    Expired,
    /// The code has been used as often as it may be.
    RedemptionsExhausted,
    /// The code is limited per customer and the customer is not known.
    CustomerRequired,
    /// This customer has used the code as often as each may.
    CustomerRedemptionsExhausted,
    /// The deal is for another currency.
    CurrencyMismatch,
    /// The deal is not for this country.
    CountryNotEligible,
    /// The deal is for a customer's first order.
    FirstOrderOnly,
    /// The deal is for customers of other segments.
    SegmentNotEligible,
    /// The order is worth less than the deal asks for.
    MinimumPurchase,
    /// The order has fewer units than the deal asks for.
    MinimumQuantity,
    /// Nothing on the order is part of the deal.
    NoEligibleItems,
}

impl Rejection {
    /// Every variant in precedence order, `malformed` once.
    pub const ALL: [Rejection; 15] = [
        Rejection::Malformed(Malformed::Empty),
        Rejection::TrackingDisabled,
        Rejection::UnknownCode,
        Rejection::NotStarted,
        Rejection::Expired,
        Rejection::RedemptionsExhausted,
        Rejection::CustomerRequired,
        Rejection::CustomerRedemptionsExhausted,
        Rejection::CurrencyMismatch,
        Rejection::CountryNotEligible,
        Rejection::FirstOrderOnly,
        Rejection::SegmentNotEligible,
        Rejection::MinimumPurchase,
        Rejection::MinimumQuantity,
        Rejection::NoEligibleItems,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Rejection::Malformed(_) => "malformed",
            Rejection::TrackingDisabled => "tracking_disabled",
            Rejection::UnknownCode => "unknown_code",
            Rejection::NotStarted => "not_started",
            Rejection::Expired => "expired",
            Rejection::RedemptionsExhausted => "redemptions_exhausted",
            Rejection::CustomerRequired => "customer_required",
            Rejection::CustomerRedemptionsExhausted => "customer_redemptions_exhausted",
            Rejection::CurrencyMismatch => "currency_mismatch",
            Rejection::CountryNotEligible => "country_not_eligible",
            Rejection::FirstOrderOnly => "first_order_only",
            Rejection::SegmentNotEligible => "segment_not_eligible",
            Rejection::MinimumPurchase => "minimum_purchase",
            Rejection::MinimumQuantity => "minimum_quantity",
            Rejection::NoEligibleItems => "no_eligible_items",
        }
    }

    /// What a shopper is told.
    ///
    /// Under [`PublicReasons::Collapsed`] nothing before `customer_required` can be told apart, so
    /// that guessing codes teaches nothing; from there on a refusal tells a guesser no more
    /// than a yes would.
    #[must_use]
    pub fn refusal(self, public: PublicReasons) -> Refusal {
        let hidden = Rejection::TrackingDisabled <= self && self < Rejection::CustomerRequired;
        if hidden && public == PublicReasons::Collapsed {
            Refusal::NotValid
        } else {
            Refusal::Exact(self)
        }
    }
}

/// How much of a [`Rejection`] a shopper is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PublicReasons {
    /// Unknown, pending, expired and exhausted codes are all `not_valid`.
    #[default]
    Collapsed,
    /// The exact reason.
    Detailed,
}

/// What a shopper is told about a refused code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The code is not valid; why is not said.
    NotValid,
    /// The exact reason.
    Exact(Rejection),
}

impl Refusal {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Refusal::NotValid => "not_valid",
            Refusal::Exact(rejection) => rejection.name(),
        }
    }
}

/// Why a partner is not credited with an order (domain 1.5). The names are those that the modelled
/// network reports conversions by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Step 6: no code matches and no click counts.
    ActionRefNotFound,
    /// Step 7: a restricted code was used.
    RestrictedPromocode,
    /// Steps 8, 9a and 9c: somebody else has the better claim.
    OtherRefPrioritized,
    /// Step 9c: the code has no use left, or is limited per customer and the customer is unknown.
    MaxRecurrencesReached,
    /// Step 9d: the owner clicked, but only before its referral window.
    OutsideAssociationWindow,
    /// Step 9d: the code's credit policy is not met.
    CreditingRuleMismatch,
    /// Step 9d: the winning click's partner is not the owner of the code that was used.
    BlockedByPromocode,
    /// Step 10: the partner is inactive.
    PartnerNotActive,
    /// Step 10: the partner has no contract in force.
    ContractNotFound,
    /// Step 10: the contract does not cover the event type.
    ActiontermsNotFound,
}

impl Reason {
    /// Every variant, in the order of the steps.
    pub const ALL: [Reason; 10] = [
        Reason::ActionRefNotFound,
        Reason::RestrictedPromocode,
        Reason::OtherRefPrioritized,
        Reason::MaxRecurrencesReached,
        Reason::OutsideAssociationWindow,
        Reason::CreditingRuleMismatch,
        Reason::BlockedByPromocode,
        Reason::PartnerNotActive,
        Reason::ContractNotFound,
        Reason::ActiontermsNotFound,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::ActionRefNotFound => "ACTION_REF_NOT_FOUND",
            Reason::RestrictedPromocode => "RESTRICTED_PROMOCODE",
            Reason::OtherRefPrioritized => "OTHER_REF_PRIORITIZED",
            Reason::MaxRecurrencesReached => "MAX_RECURRENCES_REACHED",
            Reason::OutsideAssociationWindow => "OUTSIDE_ASSOCIATION_WINDOW",
            Reason::CreditingRuleMismatch => "CREDITING_RULE_MISMATCH",
            Reason::BlockedByPromocode => "BLOCKED_BY_PROMOCODE",
            Reason::PartnerNotActive => "PARTNER_NOT_ACTIVE",
            Reason::ContractNotFound => "CONTRACT_NOT_FOUND",
            Reason::ActiontermsNotFound => "ACTIONTERMS_NOT_FOUND",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declaration_order_is_precedence() {
        assert!(Rejection::ALL.is_sorted());
        assert!(Reason::ALL.is_sorted());
    }

    #[test]
    fn collapsed_hides_what_a_guesser_could_learn() {
        let told: Vec<&str> = Rejection::ALL
            .iter()
            .map(|rejection| rejection.refusal(PublicReasons::Collapsed).name())
            .collect();
        assert_eq!(
            told[..7],
            [
                "malformed",
                "not_valid",
                "not_valid",
                "not_valid",
                "not_valid",
                "not_valid",
                "customer_required"
            ]
        );
        assert_eq!(told[7..], Rejection::ALL[7..].iter().map(|r| r.name()).collect::<Vec<_>>());
    }
}
