//! `promo check`: may these codes be used?

use crate::failure::Failure;
use crate::folder::{Folder, LoadedShards};
use crate::keys::KeyFile;
use crate::output::{Output, table};
use crate::{Ended, instant};

use promo_edge::catalog::nfkc;
use promo_edge::code::TypedCode;
use promo_edge::time::UnixMillis;
use promo_edge::validation::validate;
use promo_edge::wire::{Caller, SnapshotFacts, ValidateAnswer, ValidateRequest};

use serde_json::{Value, json};

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
    /// JSON file with what is known about the order: the `cart` of a validate request, and beside
    /// it customer_id, segments and first_order
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
        let answers = self
            .codes
            .iter()
            .map(|code| self.answer(&folder, code))
            .collect::<Result<Vec<Value>, Failure>>()?;
        self.output.print(&answers, |answers| as_table(&self.codes, answers))?;
        let all_valid = answers.iter().all(|answer| answer["valid"] == true);
        Ok(if all_valid { Ended::Done } else { Ended::No })
    }

    fn answer(&self, folder: &Folder, code: &str) -> Result<Value, Failure> {
        let program = folder.snapshot.program()?;
        let request = ValidateRequest::parse(&self.request(code)?, Caller::Trusted)
            .map_err(|error| self.order_failure(Failure::new(error)))?;
        let at = self.at.unwrap_or_else(|| request.at(instant::now()));
        let question = request
            .question(&program, nfkc)
            .map_err(|error| self.order_failure(Failure::new(error)))?;
        let mut shards = LoadedShards::default();
        if let Ok(typed) = TypedCode::parse(code, nfkc) {
            folder.load_shards(&typed.fold(program.folding), &mut shards)?;
        }
        let answer = validate(&folder.snapshot, &shards, &question, at)?;
        let facts = SnapshotFacts { id: folder.root.manifest.to_string(), age_ms: 0 };
        serde_json::to_value(ValidateAnswer::new(&answer, Caller::Trusted, facts))
            .map_err(Failure::new)
    }

    /// The request that the order file and the code make together.
    fn request(&self, code: &str) -> Result<Vec<u8>, Failure> {
        let mut request = match &self.order {
            None => json!({}),
            Some(path) => {
                let text = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
                serde_json::from_slice(&text)
                    .map_err(|error| Failure::new(error).at(path.display()))?
            }
        };
        let Some(fields) = request.as_object_mut() else {
            return Err(self.order_failure(Failure::new("expected a JSON object")));
        };
        fields.insert("code".to_owned(), code.into());
        serde_json::to_vec(&request).map_err(Failure::new)
    }

    fn order_failure(&self, failure: Failure) -> Failure {
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
