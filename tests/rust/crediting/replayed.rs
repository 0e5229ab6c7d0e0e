//! Reads a decision's trace, and nothing else of it, and says what was decided.

use super::earning::half_up;

use serde_json::{Value, json};

/// What a trace says was decided, in the shape of the decision.
#[derive(Default)]
struct Telling {
    code_id: Option<Value>,
    winner: Value,
    /// Partner, basis and whether the owner drove the winning click.
    chosen: Option<(Value, &'static str, bool)>,
    is_in_force: bool,
    owner: Value,
    reasons: Vec<(Value, Value)>,
    payout: Value,
}

/// The decision that a trace leads to: `credited`, `reasons`, `payout` and the order's code.
pub fn replay(trace: &[Value]) -> Value {
    let mut telling = Telling::default();
    for step in trace {
        telling.hear(step);
    }
    telling.told()
}

impl Telling {
    fn hear(&mut self, step: &Value) {
        let (winner, owner) = (&step["winner"], &step["owner"]);
        match step["event"].as_str().unwrap() {
            "code_matched" => {
                self.code_id = Some(step["code_id"].clone());
                self.owner = owner.clone();
            }
            "click_winner" => self.winner = winner.clone(),
            "forced" => self.choose(&step["partner"], "forced"),
            "no_code" if winner.is_null() => self.refuse(winner, "ACTION_REF_NOT_FOUND"),
            "no_code" | "fallback_to_click" => self.choose(winner, "click"),
            "restricted" => self.refuse(winner, "RESTRICTED_PROMOCODE"),
            "click_first" | "higher_group" => {
                if winner != owner {
                    self.refuse(owner, "OTHER_REF_PRIORITIZED");
                }
                self.choose(winner, "click");
            }
            "owner_credited" => {
                let is_click = step["basis"] == "click";
                self.choose(owner, if is_click { "click" } else { "promo_code" });
                if winner == owner {
                    self.chosen.as_mut().unwrap().2 = true;
                } else if !winner.is_null() {
                    self.refuse(winner, "OTHER_REF_PRIORITIZED");
                }
            }
            "owner_refused" => self.refuse(owner, step["reason"].as_str().unwrap()),
            "blocked" => self.refuse(winner, "BLOCKED_BY_PROMOCODE"),
            "contract_found" => self.is_in_force = true,
            "not_in_force" => self.refuse(&step["partner"], step["reason"].as_str().unwrap()),
            "paid" => self.payout = paid(step),
            "codes_off" | "code_unused" | "codes_untried" | "click_path_ignored"
            | "clicks_counted" | "policy_met" | "policy_not_met" | "no_use_left"
            | "other_currency" | "lines_restricted" => {}
            other => panic!("no such event: {other}"),
        }
    }

    fn choose(&mut self, partner: &Value, basis: &'static str) {
        assert!(self.chosen.replace((partner.clone(), basis, false)).is_none(), "chosen twice");
        let by_click = basis == "click" && self.owner != *partner;
        assert!(!by_click || self.winner == *partner, "by a click that did not win");
    }

    fn refuse(&mut self, partner: &Value, reason: &str) {
        self.reasons.push((partner.clone(), reason.into()));
    }

    fn told(mut self) -> Value {
        let owner = &self.owner;
        self.reasons.sort_by_key(|(partner, _)| owner.is_null() || partner != owner);
        let reason = |(partner, reason)| json!({ "partner": partner, "reason": reason });
        let chosen = self.chosen.filter(|_| self.is_in_force);
        let code_id = self.code_id;
        let credited = chosen.map(|(partner, basis, also_click_winner)| {
            let code_id = code_id.as_ref().filter(|_| basis == "promo_code");
            json!({
                "partner": partner,
                "basis": basis,
                "code_id": code_id,
                "also_click_winner": also_click_winner,
            })
        });
        json!({
            "credited": credited,
            "reasons": self.reasons.into_iter().map(reason).collect::<Vec<_>>(),
            "code_id": code_id,
            "payout": self.payout,
        })
    }
}

/// What the last step says is paid, worked out again where it is a share.
fn paid(step: &Value) -> Value {
    let (base, amount) = (step["base_minor"].as_u64().unwrap(), &step["amount_minor"]);
    let amount = match step["rate_bps"].as_u64() {
        Some(bps) => half_up(base, u16::try_from(bps).unwrap()).into(),
        None => amount.clone(),
    };
    json!({ "amount_minor": amount, "currency": step["currency"], "rule": step["rule"] })
}

/// A decision in the shape of [`replay`].
pub fn of_answer(answer: &Value) -> Value {
    json!({
        "credited": answer["credited"],
        "reasons": answer["reasons"],
        "code_id": answer["code"]["id"],
        "payout": answer["payout"],
    })
}
