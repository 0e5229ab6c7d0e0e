//! Expressions that take a text out of a code, turned into patterns of the codes that they take a
//! listed text out of: each item stands in the group's place, so that a snapshot needs no groups.

use super::recogniser::{Recogniser, shortest_code};
use super::syntax::{self, Expression, Group};
use super::{Direction, Fault};
use crate::snapshot::pattern::PatternError;

/// Most ways of writing one item in capitals and small letters that a group which tells them apart
/// may accept.
const SPELLINGS_MAX: usize = 64;

/// An expression with exactly one group that captures.
#[derive(Debug)]
pub struct Extraction<'a> {
    text: &'a str,
    group: Group,
    recogniser: Recogniser,
}

impl<'a> Extraction<'a> {
    /// Parses an expression.
    ///
    /// # Errors
    ///
    /// [`PatternError`], with the reason and the remedy, when it cannot be read or has not one
    /// group.
    pub fn parse(text: &'a str) -> Result<Self, PatternError> {
        let refused = |reason: String, remedy| refused(text, reason, remedy);
        let groups = Fault::check_length(text).and_then(|()| syntax::groups(text));
        let mut groups = groups.map_err(|fault| fault.of(text))?;
        let group = match (groups.pop(), groups.len()) {
            (Some(group), 0) => group,
            (None, _) => {
                let remedy = "put `(` and `)` around the text that is compared";
                return Err(refused("it has no group".to_owned(), remedy));
            }
            (Some(_), others) => {
                let count = others.saturating_add(1);
                let reason = format!("it has {count} groups, and only one text is compared");
                let remedy =
                    "write every group but one as `(?:` and `)`, which only holds together";
                return Err(refused(reason, remedy));
            }
        };
        let expression = group.expression.as_ref().ok_or_else(|| {
            let reason = "its group is optional, repeated or one of several ways".to_owned();
            refused(reason, "write the group so that every code has it exactly once")
        })?;
        if expression.asserts() {
            let reason =
                "its group says where it stands, which an item in its place would not".to_owned();
            let remedy = r"put `^`, `$` and `\b` before or after the group";
            return Err(refused(reason, remedy));
        }
        let recogniser = Recogniser::of(&expression.whole(), Direction::Forward);
        let recogniser = recogniser.ok_or_else(|| super::too_large(text).of(text))?;
        Ok(Extraction { text, group, recogniser })
    }

    /// The pattern of the codes whose group is this item, whatever its case; `None` when the group
    /// never is.
    ///
    /// # Errors
    ///
    /// [`PatternError`] when the group accepts the item in too many mixtures of cases, but not in
    /// all.
    pub fn with_item(&self, item: &str) -> Result<Option<String>, PatternError> {
        let fault = |fault: Fault| fault.of(self.text);
        let any_case = format!("(?i-x:{})", syntax::escape(item));
        let every = Expression::parse(&any_case).map_err(fault)?;
        let every = Recogniser::of(&every.whole(), Direction::Forward);
        let every = every.ok_or_else(|| fault(super::too_large(self.text)))?;
        let is_left = |is_item: bool, is_group: bool| is_item && !is_group;
        let left = shortest_code(&every, &self.recogniser, str::to_owned, is_left);
        let accepts_every = left.is_none();
        let place = if accepts_every {
            any_case
        } else {
            let spellings = self.spellings(item).ok_or_else(|| self.too_many_spellings(item))?;
            if spellings.is_empty() {
                return Ok(None);
            }
            let escaped: Vec<String> =
                spellings.iter().map(|spelling| syntax::escape(spelling)).collect();
            format!("(?-ix:{})", escaped.join("|"))
        };
        let before = self.text.get(..self.group.start).unwrap_or_default();
        let after = self.text.get(self.group.end..).unwrap_or_default();
        Ok(Some(format!("{before}{place}{after}")))
    }

    /// The ways of writing an item that the group accepts; `None` when there are too many.
    fn spellings(&self, item: &str) -> Option<Vec<String>> {
        let Recogniser { alphabet, dfa, .. } = &self.recogniser;
        let mut begun = vec![(String::new(), 0usize)];
        for character in item.chars() {
            let mut further = Vec::new();
            for (spelling, state) in &begun {
                for cased in cases(character) {
                    let next = alphabet.symbol(cased).and_then(|symbol| dfa.step(*state, symbol));
                    further.extend(next.map(|next| (format!("{spelling}{cased}"), next)));
                }
            }
            if further.len() > SPELLINGS_MAX {
                return None;
            }
            begun = further;
        }
        let whole = begun.into_iter().filter(|(_, state)| dfa.accepts(*state));
        Some(whole.map(|(spelling, _)| spelling).collect())
    }

    fn too_many_spellings(&self, item: &str) -> PatternError {
        let reason =
            format!("its group accepts {item:?} in many mixtures of cases, but not in all");
        refused(self.text, reason, "let the group ignore case: `(?i)` at its start")
    }
}

/// A character in each of its cases, each once.
fn cases(character: char) -> Vec<char> {
    let lower = character.to_lowercase();
    let mut cases: Vec<char> = lower.chain(character.to_uppercase()).chain([character]).collect();
    cases.sort_unstable();
    cases.dedup();
    cases
}

fn refused(pattern: &str, reason: String, remedy: &str) -> PatternError {
    PatternError { pattern: pattern.to_owned(), reason, remedy: remedy.to_owned() }
}
