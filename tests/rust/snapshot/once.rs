//! What is asked of all terms, once a snapshot.

use super::fixture::terms;
use super::{build, open};
use promo_edge::code::{CodeKind, CodeTerms, CreditPolicy};
use promo_edge::id::PartnerId;
use promo_edge::time::Schedule;

#[test]
fn owners_of_codes_that_always_credit_them_are_named() {
    let owners = |codes: &[(&str, CreditPolicy)]| {
        let code = |&(owner, credit_policy): &(&str, CreditPolicy)| {
            let owner = PartnerId::parse(owner).unwrap();
            let own = terms(owner.as_str(), None, Schedule::ALWAYS);
            CodeTerms { kind: CodeKind::Tracking { owner, credit_policy }, ..own }
        };
        let codes: Vec<_> = (0..).map(|n| format!("C{n}")).zip(codes.iter().map(code)).collect();
        let owners = open(&build(&codes).unwrap()).always_owners().unwrap();
        owners.iter().map(|owner| owner.as_str().to_owned()).collect::<Vec<_>>()
    };
    use CreditPolicy::{Always, Involved, Winner};
    assert_eq!(owners(&[("ben", Always), ("ana", Winner), ("ben", Winner)]), ["ben"]);
    assert_eq!(owners(&[("ben", Involved), ("ana", Always), ("ben", Always)]), ["ana", "ben"]);
    assert!(owners(&[]).is_empty());
    // A restricted code is nobody's, whatever stands where its policy would.
    let staff = CodeTerms { kind: CodeKind::Restricted, ..terms("ana", None, Schedule::ALWAYS) };
    let built = build(&[("STAFF".to_owned(), staff)]).unwrap();
    assert!(open(&built).always_owners().unwrap().is_empty());
}

#[test]
fn a_snapshot_knows_whether_uses_of_any_code_are_counted() {
    let has_caps = |codes: &[(&str, Option<u32>, Option<u32>)]| {
        let code = |&(text, max_redemptions, max_redemptions_per_customer): &(&str, _, _)| {
            let own = terms("ana", None, Schedule::ALWAYS);
            let capped = CodeTerms { max_redemptions, max_redemptions_per_customer, ..own };
            (text.to_owned(), capped)
        };
        open(&build(&codes.iter().map(code).collect::<Vec<_>>()).unwrap()).has_caps().unwrap()
    };
    assert!(!has_caps(&[]));
    assert!(!has_caps(&[("A", None, None), ("B", None, None)]));
    assert!(has_caps(&[("A", None, None), ("B", Some(1), None)]));
    assert!(has_caps(&[("A", None, Some(1)), ("B", None, None)]));
}
