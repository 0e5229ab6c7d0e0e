//! Codes as they are authored and typed, and what matches what, said without a normaliser, a hash
//! or an automaton.

use super::shop::{Code, Folding, Shop};

/// Texts of exact codes. Some are the same where separators or look-alikes are ignored.
pub const TEXTS: [&str; 12] = [
    "SAVE10",
    "SAVE-10",
    "SAVE1O",
    "BEN15",
    "CARA20",
    "SUMMER10",
    "SUMMER",
    "ABC12345",
    "abc00001",
    "XYZ99999",
    "VIP-SAVE7",
    "STAFF.50",
];

/// Whether a typed code is matched.
type Matches = fn(&str) -> bool;

/// Whether an item is what an expression's group takes out of a typed code.
type TakesItem = fn(&str, &str) -> bool;

/// Regular expressions and what they match, each said in other words.
pub const PATTERNS: [(&str, Matches); 6] = [
    ("^(SUMMER).*", |typed| typed.starts_with("SUMMER")),
    ("^(?i)(SUMMER).*", |typed| typed.to_ascii_lowercase().starts_with("summer")),
    ("SUMMER|SAVE10", |typed| ["SUMMER", "SAVE10"].contains(&typed)),
    ("^.*(10)$", |typed| typed.ends_with("10")),
    ("[A-Za-z]{3}[0-9]{5}", letters_and_digits),
    ("BEN1?5|BEN[A-D]", |typed| ["BEN15", "BEN5", "BENA", "BENB", "BENC", "BEND"].contains(&typed)),
];

/// Expressions of exception lists and what they take out, each said in other words.
pub const EXPRESSIONS: [(&str, TakesItem); 4] = [
    (r"^(\w{3})[0-9]{5}$", |typed, item| letters_and_digits(typed) && begins(typed, item, 3)),
    ("^(?:VIP-)?([A-Z]+)[0-9]*$", |typed, item| {
        let rest = typed.strip_prefix("VIP-").unwrap_or(typed);
        let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
        letters.chars().all(|c| c.is_ascii_uppercase()) && same(letters, item)
    }),
    ("(?i)^(save|summer).*$", |typed, item| {
        (same(item, "save") || same(item, "summer")) && begins(typed, item, item.len())
    }),
    ("^(SUMMER|ben)[0-9]+$", |typed, item| {
        let word = typed.trim_end_matches(|c: char| c.is_ascii_digit());
        word.len() < typed.len() && ["SUMMER", "ben"].contains(&word) && same(word, item)
    }),
];

/// Items of such lists; not every group can take each.
pub const ITEMS: [&str; 5] = ["ABC", "xyz", "save", "SUMMER", "Ben"];

/// What shoppers type: the codes, what is none, and what is malformed.
pub const TYPED: [&str; 19] = [
    "SAVE10",
    "SAVE-10",
    "SAVE1O",
    "BEN15",
    "CARA20",
    "SUMMER10",
    "SUMMER",
    "ABC12345",
    "abc00001",
    "XYZ99999",
    "VIP-SAVE7",
    "STAFF.50",
    "BENA",
    "NOPE",
    "ben5",
    "",
    "  \u{2003} ",
    "AB\u{7}CD",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/// Ways of typing a text.
pub const WAYS: [fn(&str) -> String; 7] = [
    str::to_owned,
    |text| text.to_lowercase(),
    |text| format!(" {text}\t\u{A0}"),
    |text| text.chars().map(full_width).collect(),
    |text| text.chars().map(|c| format!("{c}\u{200B}")).collect(),
    |text| text.replace('0', "O").replace('1', "l").replace('S', "5"),
    |text| text.chars().map(|c| format!("{c}-")).collect(),
];

fn letters_and_digits(typed: &str) -> bool {
    let letters = typed.chars().take(3).filter(char::is_ascii_alphabetic).count();
    let digits = typed.chars().skip(3).filter(char::is_ascii_digit).count();
    typed.chars().count() == 8 && letters == 3 && digits == 5
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn begins(typed: &str, item: &str, size: usize) -> bool {
    item.len() == size && typed.get(..size).is_some_and(|start| same(start, item))
}

fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
        c => c,
    }
}

fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap(),
        c => c,
    }
}

/// Domain 1.2, steps 1 and 2, as far as the texts above go.
pub fn normal_form(received: &str) -> Option<String> {
    let visible = received.chars().filter(|&c| c != '\u{200B}').map(half_width);
    let text = visible.collect::<String>().trim().to_owned();
    let is_code = (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    (received.chars().count() <= 256 && is_code).then_some(text)
}

/// Domain 1.2, steps 3 and 4, as far as the texts above go.
pub fn fold(text: &str, folding: Folding) -> String {
    let lower = text.to_lowercase();
    let kept = lower.chars().filter(|c| !(folding.separators && "-_. ".contains(*c)));
    let looks = |c| match c {
        'o' => '0',
        'i' | 'l' => '1',
        's' => '5',
        'z' => '2',
        c => c,
    };
    kept.map(|c| if folding.lookalikes { looks(c) } else { c }).collect()
}

/// Domain 1.3: the active code that a typed one matches.
pub fn matched<'a>(shop: &'a Shop, typed: &str, at: i64) -> Option<&'a Code> {
    let folding = shop.program.folding;
    let active = || shop.codes.iter().filter(|code| shop.schedule(code).holds(at));
    let mut exact = active().filter(|code| code.match_type == "exact");
    let found = exact.find(|code| fold(code.code, folding) == fold(typed, folding));
    let regex = active().filter(|code| code.match_type == "regex");
    let regex = regex.filter(|code| {
        let pattern = PATTERNS.iter().find(|(pattern, _)| *pattern == code.code);
        pattern.unwrap().1(typed)
    });
    found.or_else(|| regex.min_by_key(|code| (code.created_at, code.id.as_bytes())))
}
