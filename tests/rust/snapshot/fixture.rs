//! A program, a partner, a deal and terms to build snapshots of.

use promo_edge::code::{CodeKind, CodeTerms, CreditPolicy, Folding};
use promo_edge::deal::{Conditions, Deal, Discount, Offer, Scope};
use promo_edge::id::{ContractId, DealId, EventTypeId, ExceptionListId, PartnerId, ProgramId};
use promo_edge::money::{BasisPoints, Currency, Minor};
use promo_edge::order::Country;
use promo_edge::partner::{Contract, CreditGroup, Partner, PartnerKind};
use promo_edge::program::{Attribution, EventType, OwnerBasis, Program};
use promo_edge::rate::{
    Amount, CodeListIndex, Criteria, ExceptionList, PayoutGroup, PayoutTerms, Rate, Restriction,
};
use promo_edge::time::{Schedule, UnixMillis};

pub fn program() -> Program {
    Program {
        id: ProgramId::parse("1000").unwrap(),
        name: "Acme".to_owned(),
        currency: Currency::parse("USD").unwrap(),
        time_zone: "America/Los_Angeles".to_owned(),
        tracking: true,
        attribution: Attribution {
            click_model: Default::default(),
            precedence: Default::default(),
            fallback_to_click: false,
            referral_window_days: 30,
            owner_also_click_winner: OwnerBasis::PromoCode,
        },
        folding: Folding::default(),
        public_reasons: Default::default(),
        approval_days: 45,
        event_types: vec![EventType { id: EventTypeId::parse("SALE").unwrap(), promo_codes: true }],
    }
}

pub fn partner(id: &str) -> Partner {
    Partner {
        id: PartnerId::parse(id).unwrap(),
        name: id.to_uppercase(),
        kind: PartnerKind::Partner,
        active: true,
        credit_group: CreditGroup::Standard,
        contracts: vec![Contract {
            id: ContractId::parse("k1").unwrap(),
            schedule: Schedule { start_at: Some(UnixMillis(5)), end_at: None },
            referral_window_days: 14,
            event_types: vec![EventTypeId::parse("SALE").unwrap()],
        }],
    }
}

pub fn deal(id: &str) -> Deal {
    Deal {
        id: DealId::parse(id).unwrap(),
        name: format!("Deal {id}"),
        offer: Offer::GeneralSale(Discount::Percent(BasisPoints::new(1000).unwrap())),
        scope: Scope::Category(vec!["bags".to_owned(), "lights".to_owned()]),
        schedule: Schedule { start_at: None, end_at: Some(UnixMillis(99)) },
        sync_codes: false,
        conditions: Conditions {
            currency: Currency::parse("USD"),
            countries: vec![Country::parse("CA").unwrap()],
            first_order_only: true,
            segments: vec!["vip".to_owned()],
            minimum_purchase_minor: Minor::new(5000),
            minimum_quantity: Some(2),
        },
        maximum_savings_minor: Minor::new(100),
        purchase_limit_quantity: None,
    }
}

pub fn terms(owner: &str, deal: Option<&str>, schedule: Schedule) -> CodeTerms {
    CodeTerms {
        id: None,
        kind: CodeKind::Tracking {
            owner: PartnerId::parse(owner).unwrap(),
            credit_policy: CreditPolicy::Winner,
        },
        schedule,
        deal: deal.map(|deal| DealId::parse(deal).unwrap()),
        max_redemptions: Some(3),
        max_redemptions_per_customer: None,
        public: false,
        created_at: UnixMillis(7),
    }
}

/// Terms that ask for all that can be asked for, everything in its order.
pub fn payout_terms(list: CodeListIndex) -> PayoutTerms {
    let texts = |texts: [&str; 2]| Some(texts.map(str::to_owned).to_vec());
    let amount = Amount { currency: Currency::parse("EUR").unwrap(), minor: Minor::MAX };
    let all = Criteria {
        code_in: Some(list),
        code_in_lists: Some(vec![list]),
        minimum_total: Some(amount),
        first_order: Some(true),
        countries: Some(vec![Country::parse("AT").unwrap(), Country::parse("DE").unwrap()]),
        categories: texts(["bags", "shoes"]),
        skus: texts(["B1", "S1"]),
    };
    let group = |name: &str, when, rate| PayoutGroup { name: name.to_owned(), when, rate };
    let nobody = Criteria { code_in_lists: Some(Vec::new()), ..Criteria::default() };
    let known = Criteria { first_order: Some(false), ..Criteria::default() };
    PayoutTerms {
        restrictions: vec![Restriction { name: "known".to_owned(), when: known }],
        groups: vec![
            group("all", all, Rate::Share(BasisPoints::WHOLE)),
            group("nobody", nobody, Rate::Fixed(amount)),
        ],
        default: Some(Rate::Share(BasisPoints::new(0).unwrap())),
    }
}

pub fn exception_list(codes: CodeListIndex) -> ExceptionList {
    let rate = Some(Rate::Share(BasisPoints::new(1).unwrap()));
    ExceptionList {
        id: ExceptionListId::parse("x1").unwrap(),
        name: "House".to_owned(),
        codes,
        rate,
    }
}
