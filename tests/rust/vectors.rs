//! Runs the vectors in `tests/vectors` natively: catalogue -> snapshot -> question -> answer, all
//! through the shapes that the Worker and the validator speak. What a file holds is said in
//! `tests/vectors/README.md`.

use promo_edge::catalog;
use promo_edge::crediting::Uses;
use promo_edge::ledger::Earned;
use promo_edge::ledger::cap::{Counts, Limits};
use promo_edge::reason::{Malformed, PublicReasons, Rejection};
use promo_edge::snapshot::{Builder, Built, ContentId, ProgramKey, Snapshot, automaton};
use promo_edge::time::UnixMillis;
use promo_edge::validation;
use promo_edge::wire::{
    BadRequest, Caller, Order, Redeemed, SnapshotFacts, Undecided, ValidateAnswer, ValidateRequest,
    Verdict,
};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    catalog: String,
    at: String,
    #[serde(default)]
    order: Map<String, Value>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "rule")]
    _rule: Option<String>,
    at: Option<String>,
    caller: Option<String>,
    request: Option<Value>,
    order: Option<Map<String, Value>>,
    uses: Option<String>,
    counts: Option<Taken>,
    body: Option<String>,
    expect: Value,
    #[serde(default)]
    absent: Vec<String>,
    besides: Option<Value>,
}

/// How many uses of the code are taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Taken {
    taken: u64,
    taken_by_customer: u64,
}

/// What is answered, and what only whoever calls the functions hears besides.
struct Said {
    answer: Value,
    besides: Value,
}

impl Said {
    fn refused(bad: BadRequest) -> Self {
        Said { answer: json!({ "problem": bad.problem() }), besides: Value::Null }
    }
}

/// Files of another shape: what a catalogue is refused for, how patterns are explained and how
/// webhooks are signed, which have runners of their own, and the table of reasons.
const OTHERS: [&str; 4] = ["catalog.json", "explain.json", "precedence.json", "webhook.json"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Precedence {
    #[serde(rename = "about")]
    _about: String,
    reasons: Vec<Told>,
    malformed: Vec<String>,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct Told {
    exact: String,
    collapsed: String,
    detailed: String,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let (mut passed, mut failed) = (0, 0);
    for path in files(&folder)? {
        let subject = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let file: File = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{subject}.json: {error}"))?;
        let shop = Shop::build(&folder.join(format!("catalogs/{}.json", file.catalog)))?;
        for case in &file.cases {
            let said = match case.asks_for_credit(&file) {
                true => shop.credit(case, &file.order)?,
                false => shop.answer(case, case.at.as_ref().unwrap_or(&file.at))?,
            };
            let differences = differences(case, &said);
            if differences.is_empty() {
                passed += 1;
            } else {
                failed += 1;
                println!("{subject}: {}\n  {}", case.name, differences.join("\n  "));
            }
        }
    }
    let (right, wrong) = precedence(&folder)?;
    (passed, failed) = (passed + right, failed + wrong);
    println!("vectors native: {passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compares the table of reasons with the enums; how many rows agree, and how many do not.
fn precedence(folder: &Path) -> Result<(usize, usize), Box<dyn Error>> {
    let table: Precedence =
        serde_json::from_str(&fs::read_to_string(folder.join("precedence.json"))?)?;
    let reasons = Rejection::ALL.map(|rejection| Told {
        exact: rejection.name().to_owned(),
        collapsed: rejection.refusal(PublicReasons::Collapsed).name().to_owned(),
        detailed: rejection.refusal(PublicReasons::Detailed).name().to_owned(),
    });
    let malformed = Malformed::ALL.map(Malformed::name);
    let same_reasons = table.reasons.iter().zip(&reasons).filter(|(row, reason)| row == reason);
    let same_malformed = table.malformed.iter().zip(malformed).filter(|(row, name)| row == name);
    let right = same_reasons.count() + same_malformed.count();
    let rows = table.reasons.len().max(reasons.len()) + table.malformed.len().max(malformed.len());
    if right < rows {
        println!("precedence: expected {reasons:#?} and {malformed:?}");
    }
    Ok((right, rows - right))
}

/// The vector files of this runner: those that lie in the folder itself.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_ours =
            path.file_name().is_some_and(|name| OTHERS.iter().all(|other| name != *other));
        if path.extension().is_some_and(|extension| extension == "json") && is_ours {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

impl Case {
    /// A case of a file with orders asks for credit, all others whether a code may be used.
    fn asks_for_credit(&self, file: &File) -> bool {
        self.order.is_some() || !file.order.is_empty()
    }

    /// The order as it is sent: the case's fields over those of its file.
    fn order_body(&self, defaults: &Map<String, Value>) -> String {
        let fields = defaults.iter().chain(self.order.iter().flatten());
        let laid_over = fields.map(|(name, value)| (name.clone(), value.clone()));
        self.body.clone().unwrap_or_else(|| Value::Object(laid_over.collect()).to_string())
    }
}

/// A program with its compiled snapshot.
struct Shop {
    built: Built,
    key: ProgramKey,
}

impl Shop {
    fn build(path: &Path) -> Result<Self, Box<dyn Error>> {
        let name = path.display().to_string();
        let (catalog, _warnings) = catalog::parse(&name, &fs::read_to_string(path)?)
            .map_err(|findings| format!("{name}: {:#?}", findings.complaints))?;
        let key = ProgramKey::from_bytes([7; 32]);
        let mut builder = Builder::new(catalog.program.clone(), key.hash_key());
        catalog.load(&mut builder);
        let built =
            builder.finish(automaton::compile).map_err(|error| format!("{name}: {error}"))?;
        Ok(Shop { built, key })
    }

    /// What the Worker would answer, as JSON; a problem under `problem`.
    fn answer(&self, case: &Case, at: &str) -> Result<Said, Box<dyn Error>> {
        let body = match (&case.body, &case.request) {
            (Some(body), None) => body.clone(),
            (None, Some(request)) => request.to_string(),
            _ => return Err(format!("{}: either `request` or `body`", case.name).into()),
        };
        let caller = match case.caller.as_deref() {
            None | Some("trusted") => Caller::Trusted,
            Some("shopper") => Caller::Shopper,
            Some(other) => return Err(format!("{}: no such caller: {other}", case.name).into()),
        };
        let now: jiff::Timestamp = at.parse().map_err(|error| format!("{}: {error}", case.name))?;
        let now = UnixMillis(now.as_millisecond());
        let counts = case.counts.as_ref().map(|counts| Counts {
            taken: counts.taken,
            taken_by_customer: counts.taken_by_customer,
        });
        self.validate(&body, caller, now, counts)
    }

    /// What the Worker would decide, as JSON; a problem under `problem`.
    fn credit(&self, case: &Case, defaults: &Map<String, Value>) -> Result<Said, Box<dyn Error>> {
        let body = case.order_body(defaults);
        let uses = match case.uses.as_deref() {
            None => Uses::Left,
            Some("exhausted") => Uses::Exhausted,
            Some(other) => return Err(format!("{}: no such uses: {other}", case.name).into()),
        };
        let snapshot = Snapshot::open(&self.built.manifest, self.key.hash_key())?;
        let id = ContentId::of(&self.built.manifest);
        let decided = Order::parse(body.as_bytes()).map_err(Undecided::from).and_then(|order| {
            let from = (&snapshot, &self.built.shards, id);
            Verdict::decide(&order, None, from, catalog::nfkc, uses)
        });
        Ok(match decided {
            Ok(verdict) => Said {
                besides: for_the_record(&verdict)?,
                answer: serde_json::to_value(verdict.answer)?,
            },
            Err(Undecided::BadRequest(refused)) => Said::refused(refused),
            Err(Undecided::Unreadable(error)) => return Err(error.into()),
        })
    }

    fn validate(
        &self,
        body: &str,
        caller: Caller,
        now: UnixMillis,
        counts: Option<Counts>,
    ) -> Result<Said, Box<dyn Error>> {
        let snapshot = Snapshot::open(&self.built.manifest, self.key.hash_key())?;
        let request = match ValidateRequest::parse(body.as_bytes(), caller) {
            Ok(request) => request,
            Err(refused) => return Ok(Said::refused(refused)),
        };
        let at = request.at(now);
        let question = match request.question(&snapshot.program()?, catalog::nfkc) {
            Ok(question) => question,
            Err(refused) => return Ok(Said::refused(refused)),
        };
        let asked = validation::ask(&snapshot, &self.built.shards, &question, at)?;
        let besides = json!({ "cap_key": asked.cap_key() });
        let answer = validation::judge(&snapshot, asked, counts)?;
        let id = ContentId::of(&self.built.manifest).to_string();
        let facts = SnapshotFacts { id, age_ms: 0 };
        let answer = serde_json::to_value(ValidateAnswer::new(&answer, caller, facts))?;
        Ok(Said { answer, besides })
    }
}

/// What a decision says to whoever records the order.
fn for_the_record(verdict: &Verdict) -> Result<Value, Box<dyn Error>> {
    let redeemed = verdict.redeemed.as_ref().map(|Redeemed { code_id, limits }| {
        let Limits { max_redemptions, max_redemptions_per_customer } = limits;
        json!({
            "code_id": code_id,
            "limits": {
                "max_redemptions": max_redemptions,
                "max_redemptions_per_customer": max_redemptions_per_customer,
            },
        })
    });
    let earned = verdict.earned.map(|Earned { base_minor, share, payout_minor }| {
        json!({
            "base_minor": base_minor.get(),
            "share_bps": share.map(|share| share.get()),
            "payout_minor": payout_minor.get(),
        })
    });
    let approve_at = jiff::Timestamp::from_millisecond(verdict.approve_at.0)?.to_string();
    Ok(json!({ "redeemed": redeemed, "earned": earned, "approve_at": approve_at }))
}

/// Where an answer is not what a case expects.
fn differences(case: &Case, Said { answer, besides }: &Said) -> Vec<String> {
    let mut found = Vec::new();
    compare("", &case.expect, answer, &mut found);
    if let Some(expected) = &case.besides {
        compare("besides", expected, besides, &mut found);
    }
    for field in case.absent.iter().filter(|field| answer.get(field).is_some()) {
        found.push(format!("{field}: expected no such field, got {}", answer[field]));
    }
    found
}

/// An object has at least the expected fields; everything else is equal.
fn compare(path: &str, expected: &Value, got: &Value, found: &mut Vec<String>) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(fields)) => {
            for (name, expected) in expected {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match fields.get(name) {
                    Some(got) => compare(&path, expected, got, found),
                    None => found.push(format!("{path}: expected {expected}, got no such field")),
                }
            }
        }
        _ if expected == got => {}
        _ => found.push(format!("{path}: expected {expected}, got {got}")),
    }
}
