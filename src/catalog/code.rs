//! Authored codes, checked.

use super::authored;
use super::check::{Check, narrowed_words};
use super::complaint::{Complaint, ComplaintKind, Findings, Place};
use super::literal::{CodeKindName, MatchTypeName};
use super::{Catalog, CodeText, PromoCode, nfkc};
use crate::code::{CODE_CHARS_MAX, CodeKind, CodeTerms, Folding, TypedCode};
use crate::reason::Malformed;
use crate::snapshot::automaton::{Pattern, PatternWarning};
use crate::snapshot::pattern::PatternError;
use crate::time::UnixMillis;
use crate::zone::{Boundary, DateReader, Notation, Zone};

pub(super) fn code(
    check: &mut Check<'_>,
    authored: &authored::Code,
    catalog: &Catalog,
) -> Option<PromoCode> {
    let id = check.id(&authored.id, "id");
    let text = text(check, authored, catalog.program.folding);
    let kind = kind(check, authored, catalog);
    let deal = match &authored.deal {
        Some(deal) => check.deal(deal, "deal").map(Some),
        None => Some(None),
    };
    let own = authored.time_zone.as_ref().and_then(|zone| check.zone(zone, "time_zone"));
    let (start_at, end_at) = (authored.start_at.as_deref(), authored.end_at.as_deref());
    let schedule = check.schedule(start_at, end_at, "", (own.as_ref(), &catalog.zone));
    let uses = authored.max_redemptions.and_then(|max| check.count(max, "max_redemptions"));
    let uses_per_customer = authored
        .max_redemptions_per_customer
        .and_then(|max| check.count(max, "max_redemptions_per_customer"));
    let created_at = created_at(check, authored, &catalog.zone);
    let terms = CodeTerms {
        created_at,
        id: Some(id?),
        kind: kind?,
        schedule: schedule?,
        deal: deal?,
        max_redemptions: uses,
        max_redemptions_per_customer: uses_per_customer,
        public: authored.public,
    };
    if let (true, Some(deal)) = (catalog.active(&terms).is_empty(), &terms.deal) {
        let (expected, remedy) = narrowed_words();
        let got = format!("{:?}", deal.as_str());
        check.warn(ComplaintKind::NeverActive, "deal", expected, got, remedy);
    }
    Some(PromoCode { text: text?, terms, place: check.origin.place("code") })
}

fn text(check: &mut Check<'_>, authored: &authored::Code, folding: Folding) -> Option<CodeText> {
    match authored.match_type {
        MatchTypeName::Exact => match exact(&authored.code, folding) {
            Ok(typed) => Some(CodeText::Exact(Box::new(typed))),
            Err((expected, remedy)) => {
                let got = format!("{:?}", authored.code);
                check.complain(ComplaintKind::CodeText, "code", expected, got, remedy);
                None
            }
        },
        MatchTypeName::Regex => {
            let place = check.origin.place("code");
            pattern(&authored.code, &place, check.findings)
                .then(|| CodeText::Regex(authored.code.clone()))
        }
    }
}

/// Reads an exact code's text; otherwise what was expected, and the remedy.
pub(crate) fn exact(
    text: &str,
    folding: Folding,
) -> Result<TypedCode, (&'static str, &'static str)> {
    const _: () = assert!(CODE_CHARS_MAX == 64, "the words below say so");
    match TypedCode::parse(text, nfkc) {
        Ok(typed) if typed.fold(folding).as_str().is_empty() => {
            Err(("a letter or a digit", "this programme ignores separators, so nothing is left"))
        }
        Ok(typed) => Ok(typed),
        Err(Malformed::Empty) => Err(("1 to 64 characters", "write the code, or remove it")),
        Err(Malformed::TooLong) => Err(("1 to 64 characters", "shorten the code")),
        Err(Malformed::ControlCharacter) => {
            Err(("no control characters", "remove line breaks and tabs"))
        }
    }
}

/// Whether a text can be a regex code; complains when not, and warns of what its author may not
/// expect.
pub(crate) fn pattern(text: &str, place: &Place, findings: &mut Findings) -> bool {
    let pattern = match read_pattern(text, place) {
        Ok(pattern) => pattern,
        Err(found) => {
            findings.complaints.extend(found.complaints);
            return false;
        }
    };
    findings.warnings.extend(pattern.warnings(nfkc).into_iter().map(|warning| match warning {
        PatternWarning::SearchDiffers { code } => Complaint {
            kind: ComplaintKind::PatternAnchoring,
            place: place.clone(),
            expected: "a pattern of the whole code".to_owned(),
            got: match code {
                Some(code) => format!("{text:?}, which a search also finds in {code:?}"),
                None => format!("{text:?}, which a search finds in more codes"),
            },
            remedy: "it matches whole codes only; add `.*` where more may stand".to_owned(),
        },
        PatternWarning::LargeClass { class, size } => Complaint {
            kind: ComplaintKind::LargeClass,
            place: place.clone(),
            expected: "classes of few characters".to_owned(),
            got: format!("`{class}`, which takes {size} bytes"),
            remedy: "name the characters, such as `[A-Z0-9]`".to_owned(),
        },
    }));
    true
}

/// Reads a pattern that can be a code; otherwise what is wrong with it.
pub(crate) fn read_pattern(text: &str, place: &Place) -> Result<Pattern, Findings> {
    Pattern::parse(text).map_err(|PatternError { reason, remedy, .. }| {
        let complaint = Complaint {
            kind: ComplaintKind::Pattern,
            place: place.clone(),
            expected: "a regular expression that can be a code".to_owned(),
            got: format!("{text:?}: {reason}"),
            remedy,
        };
        Findings { complaints: vec![complaint], warnings: Vec::new() }
    })
}

fn kind(check: &mut Check<'_>, authored: &authored::Code, catalog: &Catalog) -> Option<CodeKind> {
    let owner = authored.owner.as_ref().map(|owner| check.owner(owner, "owner"));
    let policy = authored.credit_policy.map(Into::into);
    if authored.kind == CodeKindName::Restricted {
        let fields = [("owner", owner.is_some()), ("credit_policy", policy.is_some())];
        for (field, _) in fields.into_iter().filter(|(_, is_there)| *is_there) {
            let expected = format!("no {field} for a restricted code");
            let remedy = "a restricted code credits nobody: leave it out, or make it tracking";
            check.complain(ComplaintKind::Combination, field, expected, "one", remedy);
        }
        return Some(CodeKind::Restricted);
    }
    if owner.is_none() {
        let expected = "an owner for a tracking code";
        let remedy = "name the partner or media source it can credit, or make it restricted";
        check.complain(ComplaintKind::Combination, "owner", expected, "none", remedy);
    }
    let policy = policy.or(catalog.default_credit_policy);
    if policy.is_none() {
        let expected = "a credit policy for a tracking code";
        let remedy = "say always, involved or winner: the programme's preset has no default";
        check.complain(ComplaintKind::Combination, "credit_policy", expected, "none", remedy);
    }
    Some(CodeKind::Tracking { owner: owner??, credit_policy: policy? })
}

fn created_at(check: &mut Check<'_>, authored: &authored::Code, program: &Zone) -> UnixMillis {
    let dates = DateReader { own: None, program, notation: Notation::Json };
    let text = authored.created_at.as_deref();
    text.and_then(|text| check.date(text, &dates, Boundary::Start, "created_at"))
        .unwrap_or_default()
}
