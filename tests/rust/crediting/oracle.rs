//! Domain 1.5 once more, step by step from its text, over plain data.

use super::order::{Click, Order};
use super::shop::{Code, Contract, DAY, Partner, Shop};
use super::texts::{matched, normal_form};

/// Who is credited, and why the others are not.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict<'a> {
    pub code: Option<(&'a Code, String)>,
    pub credited: Option<Credited<'a>>,
    /// The contract that the credited partner is paid by.
    pub contract: Option<&'a Contract>,
    pub reasons: Vec<Reason<'a>>,
    pub unused: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Credited<'a> {
    pub partner: &'a str,
    pub basis: &'static str,
    pub also_click_winner: bool,
}

pub type Reason<'a> = (Option<&'a str>, &'static str);

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl PartialEq for Contract {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// The settings that count: explicit ones, else those of the preset.
pub struct Settings {
    pub first_click: bool,
    pub click_first: bool,
    pub fallback: bool,
    pub window_days: u32,
    pub default_policy: Option<&'static str>,
    pub owner_basis: &'static str,
}

pub fn settings(shop: &Shop) -> Settings {
    let authored = &shop.program.attribution;
    let (precedence, policy, basis) = match authored.preset {
        "impact" => ("code_first", None, "promo_code"),
        "awin" | "partnerize" | "everflow_code" => ("code_first", Some("always"), "promo_code"),
        "commission_factory" => ("code_first", Some("always"), "click"),
        "rakuten" | "everflow_click" => ("click_first", None, "promo_code"),
        other => panic!("no such preset: {other}"),
    };
    Settings {
        first_click: authored.click_model == Some("first_click"),
        click_first: authored.precedence.unwrap_or(precedence) == "click_first",
        fallback: authored.fallback_to_click.unwrap_or(false),
        window_days: authored.referral_window_days.unwrap_or(30),
        default_policy: authored.default_credit_policy.or(policy),
        owner_basis: authored.owner_also_click_winner.unwrap_or(basis),
    }
}

/// Steps 1 to 10.
pub fn decide<'a>(shop: &'a Shop, order: &'a Order) -> Verdict<'a> {
    let settings = settings(shop);
    let (code, unused) = codes(shop, order);
    let clicks = eligible(shop, order, &settings);
    let winner = click_winner(&clicks, &settings).map(|partner| partner.id);
    let owner = code.as_ref().and_then(|(code, _)| code.owner).map(|id| shop.partner(id).unwrap());
    let (chosen, mut reasons) = match (order.forced_partner, &code, owner) {
        (Some(forced), ..) => (Some(credit(forced, "forced")), vec![]),
        (None, None, _) => match winner {
            Some(winner) => (Some(credit(winner, "click")), vec![]),
            None => (None, vec![(None, "ACTION_REF_NOT_FOUND")]),
        },
        (None, Some(_), None) => (None, vec![(winner, "RESTRICTED_PROMOCODE")]),
        (None, Some((code, _)), Some(owner)) => {
            let path = Path { order, settings: &settings, clicks: &clicks, winner };
            tracking(&path, code, owner)
        }
    };
    let (credited, contract) = match chosen {
        None => (None, None),
        Some(chosen) => match contract_check(shop, order, chosen.partner) {
            Ok(contract) => (Some(chosen), contract),
            Err(reason) => {
                reasons.push((Some(chosen.partner), reason));
                (None, None)
            }
        },
    };
    // The vectors' order: the owner's reasons, then the click winner's.
    reasons.sort_by_key(|(partner, _)| owner.is_none() || *partner != owner.map(|it| it.id));
    Verdict { code, credited, contract, reasons, unused }
}

/// Steps 3, 4, 6 and 10, and nothing else: what a shop without codes does.
pub fn by_clicks<'a>(shop: &'a Shop, order: &'a Order) -> (Option<&'a str>, Vec<Reason<'a>>) {
    let settings = settings(shop);
    let clicks = eligible(shop, order, &settings);
    let Some(winner) = click_winner(&clicks, &settings) else {
        return (None, vec![(None, "ACTION_REF_NOT_FOUND")]);
    };
    match contract_check(shop, order, winner.id) {
        Ok(_) => (Some(winner.id), vec![]),
        Err(reason) => (None, vec![(Some(winner.id), reason)]),
    }
}

/// Steps 1 and 2.
fn codes<'a>(shop: &'a Shop, order: &Order) -> (Option<(&'a Code, String)>, Vec<String>) {
    let event = shop.event_types.iter().find(|event| event.id == order.event_type).unwrap();
    if !(shop.program.tracking && event.promo_codes) {
        return (None, order.promo_codes.clone());
    }
    let found = order.promo_codes.iter().enumerate().find_map(|(index, received)| {
        let typed = normal_form(received)?;
        Some((index, matched(shop, &typed, order.placed_at.0)?, typed))
    });
    let Some((used, code, typed)) = found else { return (None, order.promo_codes.clone()) };
    let others = order.promo_codes.iter().enumerate().filter(|(index, _)| *index != used);
    (Some((code, typed)), others.map(|(_, text)| text.clone()).collect())
}

/// Step 3: eligible clicks with their partners, in the order in which they count.
fn eligible<'a>(
    shop: &'a Shop,
    order: &'a Order,
    settings: &Settings,
) -> Vec<(&'a Click, &'a Partner)> {
    let t = order.placed_at.0;
    let counts = |click: &&Click| {
        let Some(partner) = shop.partner(click.partner) else { return false };
        let contract = partner.contracts.iter().find(|contract| contract.schedule.holds(t));
        let days = contract.and_then(|contract| contract.referral_window_days);
        let window = i64::from(days.unwrap_or(settings.window_days)) * DAY;
        partner.active && t - window <= click.at.0 && click.at.0 <= t
    };
    let clicks = order.all_clicks().into_iter().filter(counts);
    clicks.map(|click| (click, shop.partner(click.partner).unwrap())).collect()
}

/// Step 4.
fn click_winner<'a>(clicks: &[(&Click, &'a Partner)], settings: &Settings) -> Option<&'a Partner> {
    let highest = clicks.iter().map(|(_, partner)| rank(partner)).min()?;
    let mut winner: Option<(i64, &Partner)> = None;
    for &(click, partner) in clicks.iter().filter(|(_, partner)| rank(partner) == highest) {
        let beats = winner.is_none_or(|(at, _)| match settings.first_click {
            true => click.at.0 < at,
            false => click.at.0 >= at,
        });
        if beats {
            winner = Some((click.at.0, partner));
        }
    }
    winner.map(|(_, partner)| partner)
}

fn rank(partner: &Partner) -> usize {
    let groups = ["preferred", "standard", "non_preferred"];
    groups.iter().position(|group| *group == partner.credit_group).unwrap()
}

struct Path<'a, 's> {
    order: &'a Order,
    settings: &'s Settings,
    clicks: &'s [(&'a Click, &'a Partner)],
    winner: Option<&'a str>,
}

/// Steps 8 and 9.
fn tracking<'a>(
    path: &Path<'a, '_>,
    code: &Code,
    owner: &'a Partner,
) -> (Option<Credited<'a>>, Vec<Reason<'a>>) {
    let Path { order, settings, clicks, winner } = *path;
    let w = owner.id;
    let clicked = clicks.iter().any(|(_, partner)| partner.id == w);
    if let (true, Some(winner)) = (settings.click_first, winner) {
        let lost = (winner != w).then_some((Some(w), "OTHER_REF_PRIORITIZED"));
        return (Some(credit(winner, "click")), lost.into_iter().collect());
    }
    if clicks.iter().any(|(_, partner)| rank(partner) < rank(owner)) {
        let winner = credit(winner.unwrap(), "click");
        return (Some(winner), vec![(Some(w), "OTHER_REF_PRIORITIZED")]);
    }
    let is_met = match code.credit_policy.or(settings.default_policy).unwrap() {
        "always" => true,
        "involved" => clicked,
        "winner" => winner == Some(w),
        other => panic!("no such policy: {other}"),
    };
    let needs_customer = code.max_redemptions_per_customer.is_some();
    let no_use = order.is_exhausted || (needs_customer && order.customer_id.is_none());
    if is_met && !no_use {
        let also_click_winner = winner == Some(w);
        let basis = if also_click_winner { settings.owner_basis } else { "promo_code" };
        let lost = winner.filter(|winner| *winner != w);
        let lost = lost.map(|winner| (Some(winner), "OTHER_REF_PRIORITIZED"));
        return (Some(Credited { partner: w, basis, also_click_winner }), Vec::from_iter(lost));
    }
    let before = order.all_clicks().iter().any(|it| it.partner == w && it.at <= order.placed_at);
    let reason = match is_met {
        true => "MAX_RECURRENCES_REACHED",
        false if owner.active && before && !clicked => "OUTSIDE_ASSOCIATION_WINDOW",
        false => "CREDITING_RULE_MISMATCH",
    };
    let mut reasons = vec![(Some(w), reason)];
    if settings.fallback {
        return (winner.map(|winner| credit(winner, "click")), reasons);
    }
    let blocked = winner.filter(|winner| *winner != w);
    reasons.extend(blocked.map(|winner| (Some(winner), "BLOCKED_BY_PROMOCODE")));
    (None, reasons)
}

/// Step 10.
fn contract_check<'a>(
    shop: &'a Shop,
    order: &Order,
    id: &str,
) -> Result<Option<&'a Contract>, &'static str> {
    let partner = shop.partner(id).unwrap();
    let in_force = partner.contracts.iter().find(|it| it.schedule.holds(order.placed_at.0));
    let covering = in_force.filter(|contract| contract.event_types.contains(&order.event_type));
    match (partner.active, partner.kind, in_force, covering) {
        (false, ..) => Err("PARTNER_NOT_ACTIVE"),
        (true, "media_source", ..) => Ok(covering),
        (true, _, None, _) => Err("CONTRACT_NOT_FOUND"),
        (true, _, Some(_), None) => Err("ACTIONTERMS_NOT_FOUND"),
        (true, _, Some(_), covering) => Ok(covering),
    }
}

fn credit<'a>(partner: &'a str, basis: &'static str) -> Credited<'a> {
    Credited { partner, basis, also_click_winner: false }
}
