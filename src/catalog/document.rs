//! A catalogue's JSON taken apart into elements that each know where they stand.
//!
//! serde stops at the first thing that is wrong. Elements are therefore read one by one, so that
//! each can complain for itself, and values are located again by their path when something else is
//! wrong with them.

use super::complaint::{Complaint, ComplaintKind, Place};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A catalogue's text and where its lines begin.
#[derive(Debug)]
pub(super) struct Document<'a> {
    source: Arc<str>,
    text: &'a str,
    line_starts: Vec<usize>,
    /// How many characters begin before every [`MARK_SIZE`]th byte: a document of one line is as
    /// long as it likes.
    marks: Vec<usize>,
}

const MARK_SIZE: usize = 4_096;

/// The parts of a catalogue, unread.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sections<'a> {
    #[serde(borrow)]
    pub program: &'a RawValue,
    #[serde(borrow, default)]
    pub event_types: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub partners: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub deals: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub codes: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub exception_lists: Vec<&'a RawValue>,
}

/// Where an element of a document stands.
#[derive(Debug, Clone)]
pub(super) struct Origin<'a> {
    document: &'a Document<'a>,
    raw: &'a RawValue,
    path: String,
}

impl<'a> Document<'a> {
    pub fn new(source: &str, text: &'a str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        let mut marks = vec![0usize];
        let mut total = 0usize;
        for chunk in text.as_bytes().chunks(MARK_SIZE) {
            total = total.saturating_add(characters(chunk));
            marks.push(total);
        }
        Document { source: source.into(), text, line_starts, marks }
    }

    pub fn sections(&self) -> Result<Sections<'a>, Box<Complaint>> {
        // Editors on Windows begin a file with a byte order mark.
        let text = self.text.strip_prefix('\u{FEFF}').unwrap_or(self.text);
        read(text).map_err(|unread| self.explain(&unread, text, ""))
    }

    /// An element with its path, such as `codes[3]`.
    pub fn origin(&'a self, raw: &'a RawValue, path: String) -> Origin<'a> {
        Origin { document: self, raw, path }
    }

    fn place(&self, part: &str, path: String) -> Place {
        self.place_at(self.offset(part), path)
    }

    fn place_at(&self, at: usize, field: String) -> Place {
        let line = self.line_starts.partition_point(|&start| start <= at).max(1);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.characters_before(at).saturating_sub(self.characters_before(start));
        let column = before.saturating_add(1);
        Place { source: self.source.clone(), line: long(line), column: Some(long(column)), field }
    }

    fn characters_before(&self, at: usize) -> usize {
        let mark = at / MARK_SIZE;
        let marked = self.marks.get(mark).copied().unwrap_or_default();
        let rest = self.text.as_bytes().get(mark.saturating_mul(MARK_SIZE)..at);
        marked.saturating_add(characters(rest.unwrap_or_default()))
    }

    /// Turns serde's sentence into a complaint at its place in the whole document.
    fn explain(&self, unread: &Unread, part: &'a str, parent: &str) -> Box<Complaint> {
        let is_shape = unread.error.classify() == serde_json::error::Category::Data;
        let path = join(parent, &unread.path);
        let value = serde_json::from_str(part).map(|part| find(part, &unread.path));
        let place = match value {
            Ok(value) if is_shape => self.place(value.get(), path),
            _ => self.place_at(self.offset(part).saturating_add(unread.offset_in(part)), path),
        };
        let sentence = unread.error.to_string();
        let sentence = sentence.split(" at line ").next().unwrap_or_default();
        let (expected, got) = if let Some(field) = sentence.strip_prefix("missing field ") {
            (format!("the field {field}"), "none".to_owned())
        } else if let Some((got, expected)) = sentence.split_once(", expected ") {
            (expected.to_owned(), got.to_owned())
        } else if is_shape {
            ("what the schema says".to_owned(), sentence.to_owned())
        } else {
            ("JSON".to_owned(), sentence.to_owned())
        };
        let kind = if is_shape { ComplaintKind::Shape } else { ComplaintKind::Syntax };
        let remedy = "`promo schema` prints what a catalogue may hold".to_owned();
        Box::new(Complaint { kind, place, expected, got, remedy })
    }

    /// Where a part of the text begins in it.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }
}

impl<'a> Origin<'a> {
    /// Reads the element.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Box<Complaint>> {
        let text = self.raw.get();
        read(text).map_err(|unread| self.document.explain(&unread, text, &self.path))
    }

    /// The element's own id, as far as it has one: what refers to a broken element is not wrong
    /// itself.
    pub fn id(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Named {
            id: String,
        }
        serde_json::from_str(self.raw.get()).ok().map(|named: Named| named.id)
    }

    /// Where a value of the element stands; its closest parent when it is left out.
    pub fn place(&self, path: &str) -> Place {
        self.document.place(find(self.raw, path).get(), join(&self.path, path))
    }
}

/// How many characters begin in these bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count()
}

/// Why a part of a document is not what it should be, and where in that part.
struct Unread {
    path: String,
    error: serde_json::Error,
}

impl Unread {
    /// Where reading stopped.
    fn offset_in(&self, part: &str) -> usize {
        let lines_before = part.split_inclusive('\n').take(self.error.line().saturating_sub(1));
        let column = self.error.column().saturating_sub(1);
        lines_before.map(str::len).sum::<usize>().saturating_add(column)
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Unread> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| Unread { path: error.path().to_string(), error: error.into_inner() })?;
    reader.end().map_err(|error| Unread { path: String::new(), error })?;
    Ok(read)
}

/// The value at a path, or the closest parent that there is.
fn find<'a>(whole: &'a RawValue, path: &str) -> &'a RawValue {
    path.split('.').try_fold(whole, descend).unwrap_or_else(|parent| parent)
}

/// One step of a path, such as `owner` or `contracts[1]`; the parent when there is no such value.
fn descend<'a>(parent: &'a RawValue, step: &str) -> Result<&'a RawValue, &'a RawValue> {
    let (name, index) = match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
        Some((name, index)) => (name, index.parse::<usize>().ok()),
        None => (step, None),
    };
    if name.is_empty() {
        return Ok(parent);
    }
    let fields: BTreeMap<Cow<'a, str>, &'a RawValue> =
        serde_json::from_str(parent.get()).map_err(|_| parent)?;
    let value = *fields.get(name).ok_or(parent)?;
    let Some(index) = index else { return Ok(value) };
    let elements: Vec<&'a RawValue> = serde_json::from_str(value.get()).map_err(|_| value)?;
    elements.get(index).copied().ok_or(value)
}

fn join(parent: &str, path: &str) -> String {
    match (parent, path) {
        (parent, "" | ".") => parent.to_owned(),
        ("", path) => path.to_owned(),
        (parent, path) => format!("{parent}.{path}"),
    }
}

fn long(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
