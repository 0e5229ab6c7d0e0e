//! The forms that most patterns have, put together and told again without any syntax.

use super::Pattern;
use super::shape::{Case, Class, Shape, Times};

/// What codes of one form have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where the rest may stand.
    pub kind: FormKind,
    /// One of these texts, normalised; none when digits are all that is asked for.
    pub texts: Vec<String>,
    /// Whether its letters may be in the other case. A form that is told again has this only where
    /// there are letters.
    pub any_case: bool,
    /// How many digits follow it, at least one.
    pub digits: Option<Times>,
}

/// Where anything may stand besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    /// After it.
    StartsWith,
    /// Before it.
    EndsWith,
    /// On both sides.
    Contains,
    /// Nowhere.
    Exactly,
}

impl FormKind {
    /// Every variant, in order.
    pub const ALL: [FormKind; 4] =
        [FormKind::StartsWith, FormKind::EndsWith, FormKind::Contains, FormKind::Exactly];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FormKind::StartsWith => "starts_with",
            FormKind::EndsWith => "ends_with",
            FormKind::Contains => "contains",
            FormKind::Exactly => "exactly",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<FormKind> {
        FormKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Form {
    /// The pattern of this form, as people write it. What stands in a text is never syntax.
    ///
    /// ```
    /// use promo_edge::snapshot::automaton::shape::Times;
    /// use promo_edge::snapshot::automaton::{Form, FormKind, Pattern};
    ///
    /// let form = Form {
    ///     kind: FormKind::StartsWith,
    ///     texts: vec!["SUMMER".to_owned(), "20%".to_owned()],
    ///     any_case: true,
    ///     digits: Some(Times::exactly(2)),
    /// };
    /// assert_eq!(form.pattern(), "^(?i)(SUMMER|20%)[0-9]{2}.*");
    /// assert_eq!(Pattern::parse(&form.pattern())?.form(), Some(form));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn pattern(&self) -> String {
        let escaped: Vec<String> = self.texts.iter().map(|text| escaped(text)).collect();
        let texts = match escaped.as_slice() {
            [] => String::new(),
            escaped => format!("({})", escaped.join("|")),
        };
        let digits = self.digits.map(digits).unwrap_or_default();
        let flags = if self.any_case { "(?i)" } else { "" };
        let (before, after) = match self.kind {
            FormKind::StartsWith => ("", ".*"),
            FormKind::EndsWith => (".*", "$"),
            FormKind::Contains => (".*", ".*"),
            FormKind::Exactly => ("", "$"),
        };
        format!("^{flags}{before}{texts}{digits}{after}")
    }
}

impl Pattern {
    /// The form of its codes, if it is one of those that a [`Form`] can have, however it is
    /// written.
    #[must_use]
    pub fn form(&self) -> Option<Form> {
        let shape = self.shape();
        let parts = match &shape {
            Shape::Sequence(parts) => parts.as_slice(),
            only => std::slice::from_ref(only),
        };
        let (is_open_before, parts) = match parts.split_first() {
            Some((first, rest)) if first.is_anything() => (true, rest),
            _ => (false, parts),
        };
        let (is_open_after, parts) = match parts.split_last() {
            Some((last, rest)) if last.is_anything() => (true, rest),
            _ => (false, parts),
        };
        let (texts, case, digits) = match parts {
            [part] => match digits_of(part) {
                Some(digits) => (Vec::new(), Case::None, Some(digits)),
                None => {
                    let (texts, case) = texts_of(part)?;
                    (texts, case, None)
                }
            },
            [part, digits] => {
                let (texts, case) = texts_of(part)?;
                (texts, case, Some(digits_of(digits)?))
            }
            _ => return None,
        };
        let kind = match (is_open_before, is_open_after) {
            (false, true) => FormKind::StartsWith,
            (true, false) => FormKind::EndsWith,
            (true, true) => FormKind::Contains,
            (false, false) => FormKind::Exactly,
        };
        Some(Form { kind, texts, any_case: case == Case::Any, digits })
    }
}

/// A text as a pattern of it. Only what is syntax outside of brackets is escaped, so that `SAVE-10`
/// stays as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn digits(times: Times) -> String {
    let counted = match (times.least, times.most) {
        (1, Some(1)) => String::new(),
        (1, None) => "+".to_owned(),
        (least, Some(most)) if least == most => format!("{{{least}}}"),
        (least, Some(most)) => format!("{{{least},{most}}}"),
        (least, None) => format!("{{{least},}}"),
    };
    format!("[0-9]{counted}")
}

fn digits_of(shape: &Shape) -> Option<Times> {
    let is_digit = |class: &Class| class.ranges == [('0', '9')];
    match shape {
        Shape::One(class) if is_digit(class) => Some(Times::exactly(1)),
        Shape::Repeat { part, times } if times.least > 0 => match &**part {
            Shape::One(class) if is_digit(class) => Some(*times),
            _ => None,
        },
        _ => None,
    }
}

fn texts_of(shape: &Shape) -> Option<(Vec<String>, Case)> {
    let parts = match shape {
        Shape::Either(parts) => parts.as_slice(),
        only => std::slice::from_ref(only),
    };
    let mut texts = Vec::new();
    let mut common = Case::None;
    for part in parts {
        let Shape::Text { text, case } = part else { return None };
        texts.push(text.clone());
        common = common.with(*case)?;
    }
    Some((texts, common))
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn form() -> impl Strategy<Value = Form> {
        let characters: Vec<char> = r"ABab19é日-_ .+*?()[]{}|^$\#&~/%<=!:".chars().collect();
        let letters = prop::collection::vec(prop::sample::select(characters), 0..6);
        // With a letter, so that case can be told, and no white space at an end.
        let text = (letters, prop::sample::select(vec!['K', 'ß', 'z']))
            .prop_map(|(letters, last)| letters.into_iter().chain([last]).collect::<String>())
            .prop_map(|text| text.trim().to_owned());
        let texts = prop::collection::btree_set(text, 0..4);
        let digits = prop_oneof![
            Just(None),
            (1u32..5).prop_map(|count| Some(Times::exactly(count))),
            (1u32..5, 1u32..4)
                .prop_map(|(least, more)| { Some(Times { least, most: Some(least + more) }) }),
            (1u32..5).prop_map(|least| Some(Times { least, most: None })),
        ];
        let kind = prop::sample::select(FormKind::ALL.to_vec());
        (kind, texts, any::<bool>(), digits).prop_filter_map(
            "nothing",
            |(kind, texts, any, digits)| {
                let texts: Vec<String> = texts.into_iter().collect();
                let any_case = any && !texts.is_empty();
                let is_something = !texts.is_empty() || digits.is_some();
                is_something.then_some(Form { kind, texts, any_case, digits })
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 500, failure_persistence: None, ..<_>::default()
        })]

        #[test]
        fn a_form_is_told_again_as_it_was_built(form in form()) {
            let pattern = form.pattern();
            let parsed = Pattern::parse(&pattern);
            prop_assert!(parsed.is_ok(), "{pattern}");
            prop_assert_eq!(parsed.unwrap().form(), Some(form), "{}", pattern);
        }
    }

    #[track_caller]
    fn check(pattern: &str, expected: Option<(FormKind, &[&str], bool, Option<Times>)>) {
        let found = Pattern::parse(pattern).unwrap().form();
        let expected = expected.map(|(kind, texts, any_case, digits)| {
            let texts = texts.iter().map(|&text| text.to_owned()).collect();
            Form { kind, texts, any_case, digits }
        });
        assert_eq!(found, expected, "{pattern}");
    }

    #[test]
    fn forms_are_told_however_they_are_written() {
        use FormKind::{Contains, EndsWith, Exactly, StartsWith};
        check("^(SUMMER).*", Some((StartsWith, &["SUMMER"], false, None)));
        check("SUMMER.*", Some((StartsWith, &["SUMMER"], false, None)));
        check("^.*(SUMMER)$", Some((EndsWith, &["SUMMER"], false, None)));
        check("(?i:.*vip.*)", Some((Contains, &["vip"], true, None)));
        check("^(TOOTH|SMILE).*", Some((StartsWith, &["TOOTH", "SMILE"], false, None)));
        check("[0-9][0-9]{7}", Some((Exactly, &[], false, Some(Times::exactly(8)))));
        check(
            "SALE[0-9]+",
            Some((Exactly, &["SALE"], false, Some(Times { least: 1, most: None }))),
        );
        check("2024.*", Some((StartsWith, &["2024"], false, None)));
        for other in [r"SALE\d+", "SALE[0-9]*", "A[0-9]B", "A.*B", ".*", "[A-Z]{4}", "A(?i:B)"] {
            check(other, None);
        }
    }
}
