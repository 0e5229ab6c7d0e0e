//! `promo check`: may these codes be used?

use crate::failure::Failure;
use crate::folder::{Folder, LoadedShards};
use crate::keys::KeyFile;
use crate::output::{Output, table};
use crate::{Ended, instant};

use promo_edge::catalog::nfkc;
use promo_edge::code::TypedCode;
use promo_edge::time::UnixMillis;
use promo_edge::validation::{Question, validate};
use promo_edge::wire::{BadRequest, Caller, Order, SnapshotFacts, ValidateAnswer};

use serde_json::Value;

use std::path::PathBuf;

/// Ask whether codes may be used; exit code 1 when one may not
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Codes as a shopper would type them
    #[arg(required = true)]
    codes: Vec<String>,
    /// Folder that `promo build` made
    #[arg(long, value_name = "DIR")]
    snapshot: PathBuf,
    /// Instant to judge at, such as 2026-06-15T12:00:00Z [default: the order's placed_at, else now]
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    at: Option<UnixMillis>,
    /// JSON file with the order that the codes are to be used on, as `promo credit` takes it
    #[arg(long, value_name = "FILE")]
    order: Option<PathBuf>,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    output: Output,
}

impl Check {
    pub fn run(&self) -> Result<Ended, Failure> {
        let folder = Folder::open(&self.snapshot, &self.key.reader_key()?)?;
        let order = self.read_order()?;
        let answer = |code: &String| {
            let answer = self.answer(&folder, order.as_ref(), code)?;
            serde_json::to_value(answer).map_err(Failure::new)
        };
        let answers = self.codes.iter().map(answer).collect::<Result<Vec<Value>, Failure>>()?;
        self.output.print(&answers, |answers| as_table(&self.codes, answers))?;
        let all_valid = answers.iter().all(|answer| answer["valid"] == true);
        Ok(if all_valid { Ended::Done } else { Ended::No })
    }

    fn answer(
        &self,
        folder: &Folder,
        order: Option<&Order>,
        code: &str,
    ) -> Result<ValidateAnswer, Failure> {
        let program = folder.snapshot.program()?;
        let cart = order.map(|order| order.cart(&program).map_err(|bad| self.bad_order(&bad)));
        let cart = cart.transpose()?.unwrap_or_default();
        let placed_at = order.map(|order| order.placed_at);
        let at = self.at.or(placed_at).unwrap_or_else(instant::now);
        let mut shards = LoadedShards::default();
        if let Ok(typed) = TypedCode::parse(code, nfkc) {
            folder.load_shards(&typed.fold(program.folding), &mut shards)?;
        }
        let question = Question { typed: code.to_owned(), nfkc, cart };
        let answer = validate(&folder.snapshot, &shards, &question, at)?;
        let facts = SnapshotFacts { id: folder.root.manifest.to_string(), age_ms: 0 };
        Ok(ValidateAnswer::new(&answer, Caller::Trusted, facts))
    }

    fn read_order(&self) -> Result<Option<Order>, Failure> {
        let Some(path) = &self.order else { return Ok(None) };
        let text = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
        Order::parse(&text).map(Some).map_err(|bad| self.bad_order(&bad))
    }

    fn bad_order(&self, bad: &BadRequest) -> Failure {
        let failure = Failure::new(bad);
        match &self.order {
            Some(path) => failure.at(path.display()),
            None => failure,
        }
    }
}

fn as_table(codes: &[String], answers: &[Value]) -> comfy_table::Table {
    let mut table = table(&["code", "answer", "owner", "deal", "worth"]);
    for (code, answer) in codes.iter().zip(answers) {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let verdict = match answer["exact_reason"].as_str() {
            None => "valid".to_owned(),
            Some(reason) => reason.to_owned(),
        };
        table.add_row([
            code.clone(),
            verdict,
            text(&answer["owner"]),
            text(&answer["deal"]["name"]),
            worth(&answer["quote"]),
        ]);
    }
    table
}

fn worth(quote: &Value) -> String {
    let Some(currency) = quote["currency"].as_str() else { return "-".to_owned() };
    let amount = match (quote["amount_minor"].as_u64(), quote["high_minor"].as_u64()) {
        (Some(0), _) => String::new(),
        (Some(amount), _) => format!("{amount} {currency} minor"),
        (None, Some(high)) => format!("{} to {high} {currency} minor", quote["low_minor"]),
        (None, None) => String::new(),
    };
    let benefit = quote["benefit"].as_str().unwrap_or_default().replace('_', " ");
    format!("{amount} {benefit}").trim().to_owned()
}
