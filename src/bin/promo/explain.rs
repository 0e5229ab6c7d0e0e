//! `promo explain`: which codes does this pattern match? Why was this decided?

use crate::Ended;
use crate::decisions::each_decision;
use crate::failure::Failure;
use crate::output::{Output, print_line};

use promo_edge::catalog::nfkc;
use promo_edge::explain::{self, Explanation, Lang, Refusal};
use promo_edge::snapshot::automaton::Pattern;
use promo_edge::wire::sentences::sentences;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;
use serde_json::json;

use std::path::{Path, PathBuf};

/// Say in plain words which codes a pattern matches, with examples; or why orders were decided so
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// Regular expression, as a code of match type `regex` has it
    #[arg(required_unless_present = "decisions", conflicts_with = "decisions")]
    pattern: Option<String>,
    /// Instead of a pattern: file with what `promo credit` printed, one decision a line; `-` for
    /// standard input
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// Language of the answer [default: that of the environment if it is one of these, else en]
    #[arg(long, value_parser = lang_parser())]
    lang: Option<Lang>,
    #[command(flatten)]
    output: Output,
}

impl Explain {
    pub fn run(&self) -> Result<Ended, Failure> {
        let lang = self.lang.unwrap_or_else(lang_of_environment);
        match (&self.pattern, &self.decisions) {
            (Some(pattern), _) => self.explain_pattern(pattern, lang)?,
            (None, Some(path)) => self.explain_decisions(path, lang)?,
            (None, None) => {}
        }
        Ok(Ended::Done)
    }

    fn explain_pattern(&self, pattern: &str, lang: Lang) -> Result<(), Failure> {
        let pattern = Pattern::check(pattern).map_err(|fault| {
            let Refusal { reason, remedy } = explain::refusal(&fault, lang);
            Failure::new(reason).at(format!("pattern {pattern}")).mend(remedy)
        })?;
        let explanation = explain::explain(&pattern, lang, nfkc);
        self.output.print(&Answer::of(&explanation), |_| explanation.to_string())
    }

    fn explain_decisions(&self, path: &Path, lang: Lang) -> Result<(), Failure> {
        each_decision(path, |decision| {
            let said = match sentences(&decision, lang) {
                Ok(said) => said,
                Err(expected) => return Ok(Err(expected)),
            };
            let [order, event] = ["order_id", "event_type"].map(|name| &decision[name]);
            let text = format!("{} {}\n  {}\n", word(event), word(order), said.join("\n  "));
            let json = json!({ "order_id": order, "event_type": event, "sentences": said });
            print_line(self.output.choose(json.to_string(), text)).map(Ok)
        })
    }
}

fn word(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The answer's JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    pattern: &'a str,
    lang: &'static str,
    sentences: &'a [String],
    matching: &'a [String],
    not_matching: &'a [String],
    warnings: &'a [String],
}

impl<'a> Answer<'a> {
    fn of(explanation: &'a Explanation) -> Self {
        let Explanation { pattern, lang, sentences, matching, not_matching, warnings } =
            explanation;
        let lang = lang.name();
        Answer { pattern, lang, sentences, matching, not_matching, warnings }
    }
}

/// The languages by their names.
fn lang_parser() -> impl TypedValueParser<Value = Lang> {
    let names = PossibleValuesParser::new(Lang::ALL.map(Lang::name));
    names.try_map(|name| Lang::parse(&name).ok_or("no such language"))
}

/// The language that the person has set, by the first of the variables that is set at all (POSIX).
fn lang_of_environment() -> Lang {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    locale.as_deref().and_then(Lang::of_locale).unwrap_or(Lang::En)
}
