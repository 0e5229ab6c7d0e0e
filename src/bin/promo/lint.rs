//! `promo lint`: what a catalogue allows and its author may not want.

use crate::failure::Failure;
use crate::inputs::{Inputs, read_catalog};
use crate::output::{Output, table};
use crate::{Ended, instant};

use promo_edge::lint::{Codes, Finding, Rule, lint};
use promo_edge::time::UnixMillis;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use std::path::PathBuf;

/// Say what in a catalogue overlaps, never works, can be guessed or costs without end
///
/// Exit code 1 when something is found; docs/lint.md says what each rule is for.
#[derive(Debug, clap::Args)]
pub struct Lint {
    /// The catalogue; `promo schema` describes it
    #[arg(value_name = "CATALOG.json")]
    catalog: PathBuf,
    /// More codes, as CSV; may be given again
    #[arg(long, value_name = "CODES.csv")]
    codes: Vec<PathBuf>,
    /// Leave out what this rule finds; may be given again
    #[arg(long, value_name = "RULE", value_parser = rules())]
    allow: Vec<Rule>,
    /// The instant asked about [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    at: Option<UnixMillis>,
    #[command(flatten)]
    output: Output,
}

/// A finding's JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    rule: &'static str,
    severity: &'static str,
    file: &'a str,
    line: u64,
    column: Option<u64>,
    field: &'a str,
    got: &'a str,
    remedy: &'a str,
}

impl Lint {
    pub fn run(&self) -> Result<Ended, Failure> {
        let catalog = read_catalog(&self.catalog)?;
        let inputs = Inputs { catalog, files: &self.codes, created_at: UnixMillis(0) };
        let mut codes = Codes::of(&inputs.catalog);
        inputs.rows(|row| codes.see(row))?;
        let mut findings = lint(&inputs.catalog, &codes, self.at.unwrap_or_else(instant::now));
        findings.retain(|finding| !self.allow.contains(&finding.rule));
        let answers: Vec<Answer<'_>> = findings.iter().map(Answer::of).collect();
        if findings.is_empty() && !self.output.choose(true, false) {
            eprintln!("nothing was found");
            return Ok(Ended::Done);
        }
        self.output.print(&answers, |_| as_table(&findings))?;
        Ok(if findings.is_empty() { Ended::Done } else { Ended::No })
    }
}

impl<'a> Answer<'a> {
    fn of(finding: &'a Finding) -> Self {
        let Finding { rule, place, got, remedy } = finding;
        Answer {
            rule: rule.name(),
            severity: rule.severity().name(),
            file: &place.source,
            line: place.line,
            column: place.column,
            field: &place.field,
            got,
            remedy,
        }
    }
}

fn as_table(findings: &[Finding]) -> comfy_table::Table {
    let mut table = table(&["rule", "where", "what", "what to do"]);
    for Finding { rule, place, got, remedy } in findings {
        let rule = format!("{} {}", rule.severity().name(), rule.name());
        table.add_row([rule, place.to_string(), got.clone(), remedy.clone()]);
    }
    table
}

/// The rules by their names.
fn rules() -> impl TypedValueParser<Value = Rule> {
    let named =
        |name: String| Rule::ALL.into_iter().find(|rule| rule.name() == name).ok_or("no such rule");
    PossibleValuesParser::new(Rule::ALL.map(Rule::name)).try_map(named)
}
