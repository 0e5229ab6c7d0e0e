//! `promo explain`: which codes does this pattern match?

use crate::Ended;
use crate::failure::Failure;
use crate::output::Output;

use promo_edge::catalog::nfkc;
use promo_edge::explain::{self, Explanation, Lang};
use promo_edge::snapshot::automaton::Pattern;

use clap::ValueEnum;
use serde::Serialize;

/// Say in plain words which codes a pattern matches, with examples
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// Regular expression, as a code of match type `regex` has it
    pattern: String,
    /// Language of the answer [default: that of the environment if it is one of these, else en]
    #[arg(long, value_enum)]
    lang: Option<LangName>,
    #[command(flatten)]
    output: Output,
}

impl Explain {
    pub fn run(&self) -> Result<Ended, Failure> {
        let pattern = Pattern::parse(&self.pattern).map_err(|error| {
            Failure::new(error.reason).at(format!("pattern {}", error.pattern)).mend(error.remedy)
        })?;
        let lang = self.lang.map_or_else(lang_of_environment, Lang::from);
        let explanation = explain::explain(&pattern, lang, nfkc);
        self.output.print(&Answer::of(&explanation), |_| explanation.to_string())?;
        Ok(Ended::Done)
    }
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

/// A [`Lang`], as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangName {
    En,
    Fr,
    De,
    Ja,
    Zh,
}

impl From<LangName> for Lang {
    fn from(name: LangName) -> Self {
        match name {
            LangName::En => Lang::En,
            LangName::Fr => Lang::Fr,
            LangName::De => Lang::De,
            LangName::Ja => Lang::Ja,
            LangName::Zh => Lang::Zh,
        }
    }
}

/// The language that the person has set, by the first of the variables that is set at all (POSIX).
fn lang_of_environment() -> Lang {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    locale.as_deref().and_then(Lang::of_locale).unwrap_or(Lang::En)
}
