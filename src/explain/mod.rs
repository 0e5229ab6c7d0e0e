//! Says in plain words which codes a pattern matches, with examples.
//!
//! - [`explain`] makes the [`Explanation`] of a pattern in one of the five [`Lang`]s.
//! - [`refusal`] says there why a text is no pattern.
//!
//! The words come from the pattern's [`Shape`], never from its syntax. The examples come from there
//! as well, and each is put to the tables that a checkout asks before it is shown.
//!
//! [`Shape`]: crate::snapshot::automaton::shape::Shape

mod examples;
mod lang;
mod refusal;
mod sentences;
mod texts;
mod voice;

pub use lang::Lang;
pub use refusal::{Refusal, refusal};
#[cfg(feature = "cli")]
pub(crate) use texts::fill_places;

use std::fmt;

use crate::code::Nfkc;
use crate::snapshot::automaton::{Pattern, PatternWarning};
use texts::{Phrases, fill};

/// A pattern in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The pattern as it was written.
    pub pattern: String,
    /// The language of all that follows.
    pub lang: Lang,
    /// Which codes match: the form of a code, whether its case counts, and that it is compared as a
    /// whole. A form of many parts takes a sentence for each, numbered.
    pub sentences: Vec<String>,
    /// Codes that match, as shoppers type them; a short one first.
    pub matching: Vec<String>,
    /// Codes that nearly match; none when every code matches.
    pub not_matching: Vec<String>,
    /// What the pattern's author should know.
    pub warnings: Vec<String>,
}

/// Explains a pattern.
///
/// ```
/// use promo_edge::explain::{Lang, explain};
/// use promo_edge::snapshot::automaton::Pattern;
///
/// let pattern = Pattern::parse("^(SUMMER).*")?;
/// let explained = explain(&pattern, Lang::En, |text| text.to_owned());
/// assert_eq!(
///     explained.sentences[0],
///     "The code starts with “SUMMER”; anything or nothing may follow."
/// );
/// assert_eq!(explained.matching[0], "SUMMER");
/// assert_eq!(explained.not_matching[0], "summer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn explain(pattern: &Pattern, lang: Lang, nfkc: Nfkc) -> Explanation {
    let phrases = Phrases::of(lang);
    let shape = pattern.shape();
    let (matching, not_matching) = examples::examples(pattern, &shape, nfkc);
    let mut warnings: Vec<String> =
        pattern.warnings(nfkc).iter().map(|warning| told(warning, phrases)).collect();
    if matching.is_empty() {
        warnings.push(phrases.never_typed.to_owned());
    }
    Explanation {
        pattern: pattern.as_str().to_owned(),
        lang,
        sentences: sentences::sentences(&shape, phrases),
        matching,
        not_matching,
        warnings,
    }
}

fn told(warning: &PatternWarning, phrases: &Phrases) -> String {
    match warning {
        PatternWarning::SearchDiffers { code: Some(code) } => {
            let code = fill(phrases.quoted, &[("text", code)]);
            fill(phrases.search_finds, &[("code", &code)])
        }
        PatternWarning::SearchDiffers { code: None } => phrases.search_finds_more.to_owned(),
        PatternWarning::LargeClass { class, size } => {
            fill(phrases.large_class, &[("class", class), ("size", &size.to_string())])
        }
    }
}

/// All of it as text, with headings and without a line end after the last line.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phrases = Phrases::of(self.lang);
        write!(f, "{}\n\n{}", self.pattern, self.sentences.join("\n"))?;
        let lists = [
            (phrases.matching, &self.matching),
            (phrases.not_matching, &self.not_matching),
            (phrases.notes, &self.warnings),
        ];
        for (heading, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            write!(f, "\n\n{heading}\n  {}", list.join("\n  "))?;
        }
        Ok(())
    }
}
