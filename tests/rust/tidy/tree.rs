//! The project's files as the laws see them: which there are, and what of a Rust file is code.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are made, fetched or private: nobody reads them.
const NOT_OURS: [&str; 9] = [
    ".git",
    ".tools",
    ".wrangler",
    "build",
    "node_modules",
    "target",
    "var",
    "corpus",
    "artifacts",
];

/// One text file of the project.
pub struct File {
    /// Below the project's folder, with `/` between the parts.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// What `npm run build` makes among the sources.
const GENERATED: [&str; 5] = [
    "www/admin/vendor/preact.js",
    "www/admin/wasm",
    "www/promo-edge/promo-edge.min.js",
    "www/promo-edge/types",
    "www/promo-edge/wasm",
];

/// Every text file of the project, by path.
pub fn files() -> Vec<File> {
    let mut found = Vec::new();
    walk(Path::new(env!("CARGO_MANIFEST_DIR")), "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The Rust files below `src/`, test modules in files of their own left out.
pub fn sources() -> Vec<File> {
    let is_source = |file: &File| {
        file.path.starts_with("src/")
            && file.path.ends_with(".rs")
            && !file.path.ends_with("/tests.rs")
    };
    files().into_iter().filter(is_source).collect()
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        let is_ours = !NOT_OURS.contains(&name.as_str())
            && !name.ends_with(".log")
            && !GENERATED.contains(&path.as_str());
        let place: PathBuf = entry.path();
        if !is_ours || place.is_symlink() {
            continue;
        }
        if place.is_dir() {
            walk(&place, &format!("{path}/"), found);
        } else if let Ok(text) = fs::read_to_string(&place) {
            found.push(File { path, text });
        }
    }
}

impl File {
    /// Whether it is one of these, or below one of them when they end in `/`.
    pub fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| {
            self.path == *place || (place.ends_with('/') && self.path.starts_with(place))
        })
    }

    /// The file's name ends so.
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        extensions.iter().any(|extension| self.path.ends_with(extension))
    }

    /// Numbered lines before the test module, comments and the content of strings blanked out.
    pub fn code(&self) -> Vec<(usize, String)> {
        let code = blank_text(&self.text);
        let before_tests = code.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        before_tests.enumerate().map(|(index, line)| (index + 1, line.to_owned())).collect()
    }
}

/// Where a character of Rust stands.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Code,
    LineComment,
    BlockComment { depth: usize },
    Text,
    RawText { hashes: usize },
}

/// Replaces comments and the content of string and character literals by spaces; lines stay.
fn blank_text(rust: &str) -> String {
    let chars: Vec<char> = rust.chars().collect();
    let mut code = String::with_capacity(rust.len());
    let mut inside = Inside::Code;
    let mut at = 0;
    while at < chars.len() {
        let (next, width) = step(&chars, at, inside);
        let shown = inside == Inside::Code && next == Inside::Code && width == 1;
        for &c in &chars[at..(at + width).min(chars.len())] {
            code.push(if shown || c == '\n' { c } else { ' ' });
        }
        inside = next;
        at += width;
    }
    code
}

/// What the next characters begin or end, and how many they are.
fn step(chars: &[char], at: usize, inside: Inside) -> (Inside, usize) {
    let two = (chars[at], chars.get(at + 1).copied().unwrap_or('\n'));
    match (inside, two) {
        (Inside::Code, ('/', '/')) => (Inside::LineComment, 2),
        (Inside::Code, ('/', '*')) => (Inside::BlockComment { depth: 1 }, 2),
        (Inside::Code, ('"', _)) => (Inside::Text, 1),
        (Inside::Code, ('r', '"' | '#')) => match raw_hashes(chars, at) {
            Some(hashes) => (Inside::RawText { hashes }, hashes + 2),
            None => (Inside::Code, 1),
        },
        (Inside::Code, ('\'', _)) => (Inside::Code, char_width(chars, at)),
        (Inside::LineComment, ('\n', _)) => (Inside::Code, 1),
        (Inside::BlockComment { depth: 1 }, ('*', '/')) => (Inside::Code, 2),
        (Inside::BlockComment { depth }, ('*', '/')) => {
            (Inside::BlockComment { depth: depth - 1 }, 2)
        }
        (Inside::BlockComment { depth }, ('/', '*')) => {
            (Inside::BlockComment { depth: depth + 1 }, 2)
        }
        (Inside::Text, ('\\', _)) => (inside, 2),
        (Inside::Text, ('"', _)) => (Inside::Code, 1),
        (Inside::RawText { hashes }, ('"', _))
            if chars[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes =>
        {
            (Inside::Code, hashes + 1)
        }
        _ => (inside, 1),
    }
}

/// How many `#` stand before the quote of the raw string that begins here.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

/// The width of a character literal, or 1 for the quote of a lifetime.
fn char_width(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => {
            let closing = chars[at + 3..].iter().position(|&c| c == '\'');
            closing.map_or(1, |width| width + 4)
        }
        (Some(_), Some('\'')) => 3,
        _ => 1,
    }
}
