//! Promo codes: the text as typed, the text as compared, and the terms a code stands for.
//!
//! - [`TypedCode`] is what a shopper typed, cleaned; what it means to be a code is checked once,
//!   there.
//! - [`Folding`] says which differences between two codes a program ignores.
//! - [`FoldedCode`] is the text that exact codes are compared by.
//! - [`CodeTerms`] is everything about a code but its text; the codes of one campaign share one.

mod lookalike;
mod lower_case;

pub use lookalike::LOOKALIKES_MAX;

use crate::id::{CodeId, DealId, PartnerId, ProgramId};
use crate::reason::Malformed;
use crate::time::{Schedule, UnixMillis};

use std::collections::BTreeMap;

use arrayvec::ArrayString;
use sha2::{Digest, Sha256};

/// Longest accepted code, in characters: the size of the field that partner networks report a code
/// in.
pub const CODE_CHARS_MAX: usize = 64;

/// Longest text looked at, in characters as received: room for a code that comes wrapped in white
/// space or invisible characters, and a bound on the work that a hostile text can cause.
pub const RECEIVED_CHARS_MAX: usize = 256;

/// Most bytes of a code: none of its characters takes more than four. Codes are kept in place, so
/// that a look-up allocates nothing.
pub const CODE_SIZE_MAX: usize = 4 * CODE_CHARS_MAX;

/// Unicode normalisation form KC, from the platform in a browser or a Worker and from a crate
/// natively: its tables would outweigh all the rest of a browser's download.
pub type Nfkc = fn(&str) -> String;

/// A promo code as typed: normalised, 1 to [`CODE_CHARS_MAX`] characters, no control characters,
/// case kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypedCode(ArrayString<CODE_SIZE_MAX>);

impl TypedCode {
    /// Accepts what a shopper typed or pasted: compatibility forms are unified, invisible
    /// characters dropped, white space at the ends trimmed (domain 1.2, rules 1 and 2). ASCII
    /// text never calls `nfkc`.
    ///
    /// # Errors
    ///
    /// [`Malformed`] says which rule the text breaks; it never quotes the text.
    ///
    /// ```
    /// use promo_edge::code::TypedCode;
    /// let code = TypedCode::parse(" Save10 ", |text| text.to_owned()).unwrap();
    /// assert_eq!(code.as_str(), "Save10");
    /// ```
    pub fn parse(typed: &str, nfkc: Nfkc) -> Result<Self, Malformed> {
        if typed.len() > RECEIVED_CHARS_MAX && typed.chars().nth(RECEIVED_CHARS_MAX).is_some() {
            return Err(Malformed::TooLong);
        }
        if typed.is_ascii() {
            return TypedCode::from_clean(typed.trim());
        }
        let visible: String = nfkc(typed).chars().filter(|&c| !is_default_ignorable(c)).collect();
        TypedCode::from_clean(nfkc(&visible).trim())
    }

    fn from_clean(text: &str) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        if text.len() > CODE_CHARS_MAX && text.chars().nth(CODE_CHARS_MAX).is_some() {
            return Err(Malformed::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(Malformed::ControlCharacter);
        }
        let mut code = TypedCode(ArrayString::new());
        code.0.try_push_str(text).map_err(|_| Malformed::TooLong)?;
        Ok(code)
    }

    /// The text with its case kept, as regular expressions see it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text that exact codes are compared by (domain 1.2, rules 3 and 4).
    ///
    /// ```
    /// use promo_edge::code::{Folding, TypedCode};
    /// let code = TypedCode::parse("Save-1O", |text| text.to_owned()).unwrap();
    /// assert_eq!(code.fold(Folding::default()).as_str(), "save-1o");
    /// assert_eq!(code.fold(Folding { separators: true, lookalikes: true }).as_str(), "5ave10");
    /// ```
    #[must_use]
    pub fn fold(&self, folding: Folding) -> FoldedCode {
        let mut folded = FoldedCode(ArrayString::new());
        if folding == Folding::default() && self.0.is_ascii() {
            // It fits: lower case takes no more bytes.
            let _ = folded.0.try_push_str(&self.0);
            folded.0.make_ascii_lowercase();
            return folded;
        }
        for c in self.0.chars().filter(|&c| !(folding.separators && is_separator(c))) {
            folded.0.push(folding.folded(c));
        }
        folded
    }
}

/// Which differences between a typed code and a catalogue's a program ignores besides case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Folding {
    /// Spaces, dashes, underscores and dots are ignored.
    pub separators: bool,
    /// `O` is `0`, `I` and `L` are `1`, `S` is `5`, `Z` is `2`, and Cyrillic and Greek letters are
    /// the Latin ones that they look like.
    pub lookalikes: bool,
}

impl Folding {
    /// The characters that people may type for those of a folded code. Looks at all cased letters
    /// there are, so keep it.
    #[must_use]
    pub fn spellings(self) -> Spellings {
        let mut others = BTreeMap::<char, Vec<char>>::new();
        for c in '\0'..=CASED_MAX {
            let folded = self.folded(c);
            if folded != c && !NEVER_TYPED.contains(&c) {
                others.entry(folded).or_default().push(c);
            }
        }
        Spellings { folding: self, others }
    }

    /// The character that one is compared as.
    fn folded(self, c: char) -> char {
        let lower = lower_case::lower_case(c);
        if self.lookalikes { lookalike::lookalike(lower) } else { lower }
    }
}

/// Signs with the small letters of others, which normalisation makes of them: K, Å, Ω, Θ.
const NEVER_TYPED: [char; 4] = ['\u{212A}', '\u{212B}', '\u{2126}', '\u{3F4}'];

/// The last plane with letters in two cases.
const CASED_MAX: char = '\u{1FFFF}';

/// What can be typed for a folded code, as [`Folding::spellings`] makes it.
#[derive(Debug, Clone)]
pub struct Spellings {
    folding: Folding,
    others: BTreeMap<char, Vec<char>>,
}

impl Spellings {
    /// The characters that fold to this one: capitals first, as codes are printed.
    #[must_use]
    pub fn of(&self, folded: char) -> Vec<char> {
        let mut all = self.others.get(&folded).cloned().unwrap_or_default();
        if self.folding.folded(folded) == folded {
            all.push(folded);
        }
        all
    }

    /// Those that may stand between others because they are ignored, one of each kind.
    #[must_use]
    pub fn separators_inside(&self) -> &'static [char] {
        if self.folding.separators { &['-', ' ', '_', '.'] } else { &[] }
    }

    /// Those that may stand at an end, where a space would not be seen.
    #[must_use]
    pub fn separators_outside(&self) -> &'static [char] {
        if self.folding.separators { &['-', '_', '.'] } else { &[] }
    }
}

/// The text that exact codes are compared by. May be empty when only separators were typed; then it
/// is no code's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FoldedCode(ArrayString<CODE_SIZE_MAX>);

impl FoldedCode {
    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a code's text is compared with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchType {
    /// The folded texts are equal.
    Exact,
    /// The code is a regular expression that matches the whole typed text, case kept.
    Regex,
}

impl MatchType {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MatchType::Exact => "exact",
            MatchType::Regex => "regex",
        }
    }
}

/// When the owner of a tracking code is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CreditPolicy {
    /// Whenever the code is used; no click is needed.
    Always,
    /// When the owner has a click in the path.
    Involved,
    /// When the owner drove the winning click.
    Winner,
}

impl CreditPolicy {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CreditPolicy::Always => "always",
            CreditPolicy::Involved => "involved",
            CreditPolicy::Winner => "winner",
        }
    }
}

/// Whose code it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKind {
    /// Has one owner and a credit policy.
    Tracking {
        /// The one partner or media source that the code can credit.
        owner: PartnerId,
        /// When it does.
        credit_policy: CreditPolicy,
    },
    /// Has neither, and can only take credit away.
    Restricted,
}

/// Everything about a code but its text. The codes of one campaign share one set of terms.
///
/// Terms are ordered by their fields as they stand here: those of later codes come after those of
/// earlier ones, so that adding codes leaves the numbers of terms as they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeTerms {
    /// When it was created: among several matching regular expressions the earliest wins.
    pub created_at: UnixMillis,
    /// The id that the catalogue gives the code; `None` for bulk codes, whose id follows from
    /// their text by [`derive_code_id`].
    pub id: Option<CodeId>,
    /// Whose code it is.
    pub kind: CodeKind,
    /// The code's own schedule. Its start is part of a derived id. While a deal is synchronised
    /// with it, the code is active only in what that leaves of it: see
    /// [`Deal::narrow`](crate::deal::Deal::narrow).
    pub schedule: Schedule,
    /// The offer it stands for.
    pub deal: Option<DealId>,
    /// How often it may be used in all.
    pub max_redemptions: Option<u32>,
    /// How often each customer may use it.
    pub max_redemptions_per_customer: Option<u32>,
    /// Whether a shopper's browser may know it.
    pub public: bool,
}

impl CodeTerms {
    /// The partner or media source that the code can credit; `None` for a restricted code.
    #[must_use]
    pub fn owner(&self) -> Option<&PartnerId> {
        match &self.kind {
            CodeKind::Tracking { owner, .. } => Some(owner),
            CodeKind::Restricted => None,
        }
    }

    /// Leaves out the id of an exact code, where readers find it by themselves: codes of one
    /// campaign then have equal terms, wherever their ids were written.
    #[must_use]
    pub fn without_derived_id(self, program: &ProgramId, text: &FoldedCode) -> Self {
        let start = self.schedule.start_at;
        let derived = derive_code_id(program, MatchType::Exact, text.as_str(), start);
        let id = self.id.filter(|id| id.as_str() != derived);
        CodeTerms { id, ..self }
    }

    /// Whether uses of the code are counted.
    #[must_use]
    pub fn is_capped(&self) -> bool {
        self.max_redemptions.is_some() || self.max_redemptions_per_customer.is_some()
    }
}

/// The id of a bulk code, which is not stored: a digest of what makes it one code of its program.
///
/// `u` and 32 hexadecimal digits, the first half of SHA-256 over program, match type, text and
/// start, each after its size in bytes and a colon. The text is the folded one for exact codes and
/// the pattern itself for regular expressions.
#[must_use]
pub fn derive_code_id(
    program: &ProgramId,
    match_type: MatchType,
    text: &str,
    start_at: Option<UnixMillis>,
) -> String {
    let start = start_at.map(|start| start.0.to_string()).unwrap_or_default();
    let mut digest = Sha256::new();
    for part in [program.as_str(), match_type.name(), text, &start] {
        digest.update(format!("{}:", part.len()));
        digest.update(part);
    }
    let digest = digest.finalize();
    let hex = digest.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = hex.filter_map(|nibble| char::from_digit(u32::from(nibble), 16));
    std::iter::once('u').chain(digits).collect()
}

/// Spaces, dashes, underscores and dots.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '・' | '·' | '。')
}

/// Unicode property Default_Ignorable_Code_Point: characters that show nothing.
fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "cli")]
    #[test]
    fn default_ignorables_are_those_of_the_unicode_tables() {
        use regex_syntax::hir::{Class, HirKind};
        let hir = regex_syntax::parse(r"\p{Default_Ignorable_Code_Point}").unwrap();
        let HirKind::Class(Class::Unicode(class)) = hir.kind() else { panic!("not a class") };
        let listed = |c: char| class.iter().any(|range| range.start() <= c && c <= range.end());
        for c in '\0'..=char::MAX {
            assert_eq!(is_default_ignorable(c), listed(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn only_one_character_has_a_longer_full_lower_case() {
        let longer: Vec<char> =
            ('\0'..=char::MAX).filter(|c| c.to_lowercase().count() != 1).collect();
        assert_eq!(longer, ['İ']);
    }

    #[test]
    fn spellings_are_all_that_folds_alike() {
        for (separators, lookalikes) in [(false, false), (true, true)] {
            let folding = Folding { separators, lookalikes };
            let spellings = folding.spellings();
            for c in ('\0'..=char::MAX).filter(|c| !NEVER_TYPED.contains(c)) {
                assert!(spellings.of(folding.folded(c)).contains(&c), "U+{:04X}", u32::from(c));
            }
            for folded in ['a', 'σ', 'i', '0', '5', '日'] {
                for c in spellings.of(folded) {
                    assert_eq!(folding.folded(c), folded, "U+{:04X}", u32::from(c));
                }
            }
        }
        assert_eq!(Folding::default().spellings().of('s'), ['S', 's']);
    }

    #[test]
    fn derived_ids_tell_parts_apart() {
        let program = ProgramId::parse("1000").unwrap();
        let id = |text, start: Option<i64>| {
            derive_code_id(&program, MatchType::Exact, text, start.map(UnixMillis))
        };
        assert_eq!(id("save10", None).len(), 33);
        assert_ne!(id("save1", Some(0)), id("save", Some(10)));
        assert_ne!(id("save10", None), id("save10", Some(0)));
    }
}
