//! The parts of a workbook's package.

use super::serial::DateSystem;
use super::styles::{self, Styles};
use super::{Unreadable, damaged};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Most bytes that a part may unpack to: sixty times the largest file that can be uploaded. A part
/// that goes on beyond was made to exhaust whoever reads it.
const PART_SIZE_MAX: u64 = 32 << 20;

/// Where a package says what its workbook is made of.
const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

/// A workbook's file.
#[derive(Debug)]
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

/// Which parts hold what, and how dates are counted.
#[derive(Debug)]
pub(super) struct Workbook {
    /// The first visible sheet.
    pub sheet: String,
    pub dates: DateSystem,
    texts: Option<String>,
    styles: Option<String>,
}

/// What [`walk`] comes across.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Start(&'a BytesStart<'a>),
    Text(&'a str),
    End(&'a str),
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable {
            expected: "an XLSX workbook",
            got: "a file that is cut off or damaged".to_owned(),
            remedy: "save it again, or save it as CSV (UTF-8)",
        })?;
        Ok(Package { archive })
    }

    /// A part's XML.
    pub fn part(&mut self, name: &str) -> Result<String, Unreadable> {
        let file = self.archive.by_name(name).map_err(|_| damaged(name))?;
        let mut xml = String::new();
        let read = file.take(PART_SIZE_MAX.saturating_add(1)).read_to_string(&mut xml);
        read.map_err(|_| damaged(name))?;
        if u64::try_from(xml.len()).unwrap_or(u64::MAX) > PART_SIZE_MAX {
            return Err(Unreadable {
                expected: "at most 64 MiB when unpacked",
                got: format!("more in {name}"),
                remedy: "split the file, or save it as CSV (UTF-8)",
            });
        }
        Ok(xml)
    }

    pub fn workbook(&mut self) -> Result<Workbook, Unreadable> {
        let relations = relations(&self.part(RELATIONS)?).ok_or_else(|| damaged(RELATIONS))?;
        let (sheet_id, dates) =
            first_sheet(&self.part(WORKBOOK)?).ok_or_else(|| damaged(WORKBOOK))?;
        let target_of = |kind: &str| {
            let of_kind = relations.values().find(|relation| relation.kind.ends_with(kind));
            of_kind.map(|relation| relation.target.clone())
        };
        let sheet_id = sheet_id.ok_or(Unreadable {
            expected: "a visible sheet",
            got: "a workbook without one".to_owned(),
            remedy: "show the sheet that holds the codes",
        })?;
        let sheet = relations.get(&sheet_id).ok_or_else(|| damaged(RELATIONS))?.target.clone();
        let (texts, styles) = (target_of("/sharedStrings"), target_of("/styles"));
        Ok(Workbook { sheet, dates, texts, styles })
    }

    /// The texts that cells refer to by number.
    pub fn texts(&mut self, workbook: &Workbook) -> Result<Vec<String>, Unreadable> {
        let Some(name) = &workbook.texts else { return Ok(Vec::new()) };
        shared_texts(&self.part(name)?).ok_or_else(|| damaged(name))
    }

    /// Which styles show numbers as dates.
    pub fn styles(&mut self, workbook: &Workbook) -> Result<Styles, Unreadable> {
        let Some(name) = &workbook.styles else { return Ok(Styles::default()) };
        styles::read(&self.part(name)?).ok_or_else(|| damaged(name))
    }
}

/// Calls `see` with every start, text and end, references resolved; `None` when it is no XML.
pub(super) fn walk(xml: &str, mut see: impl FnMut(Node<'_>)) -> Option<()> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => see(Node::Start(&start)),
            Event::End(end) => see(Node::End(end.local_name().as_ref())),
            Event::Text(text) => see(Node::Text(&text.xml10_content())),
            Event::CData(text) => see(Node::Text(&text.xml10_content())),
            Event::GeneralRef(reference) => see(Node::Text(&resolved(&reference)?)),
            Event::Eof => return Some(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Empty(_) => return None,
        }
    }
}

/// An attribute's value by its local name, references resolved.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

fn resolved(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    // A document may not bring entities of its own: that is how small files grow large.
    resolve_predefined_entity(&reference.xml10_content()).map(str::to_owned)
}

struct Relation {
    kind: String,
    target: String,
}

/// By id: what a part is, and its name in the package.
fn relations(xml: &str) -> Option<BTreeMap<String, Relation>> {
    let mut relations = BTreeMap::new();
    walk(xml, |node| {
        let Node::Start(start) = node else { return };
        let said = |name| attribute(start, name);
        if let (Some(id), Some(kind), Some(target)) = (said("Id"), said("Type"), said("Target")) {
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{target}"),
            };
            relations.insert(id, Relation { kind, target });
        }
    })?;
    Some(relations)
}

/// The relation of the first sheet that is not hidden, and from when dates are counted.
fn first_sheet(xml: &str) -> Option<(Option<String>, DateSystem)> {
    let mut sheet = None;
    let mut dates = DateSystem::From1900;
    walk(xml, |node| {
        let Node::Start(start) = node else { return };
        match start.local_name().as_ref() {
            "workbookPr" if is_true(attribute(start, "date1904").as_deref()) => {
                dates = DateSystem::From1904;
            }
            "sheet" if sheet.is_none() && is_visible(attribute(start, "state").as_deref()) => {
                sheet = attribute(start, "id");
            }
            _ => {}
        }
    })?;
    Some((sheet, dates))
}

fn is_visible(state: Option<&str>) -> bool {
    matches!(state, None | Some("visible"))
}

fn is_true(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true"))
}

/// The texts of the shared table. Readings beside characters (`rPh`) are no part of a text.
fn shared_texts(xml: &str) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    let mut text = String::new();
    let mut collects = false;
    let mut is_reading = false;
    walk(xml, |node| match node {
        Node::Start(start) => match start.local_name().as_ref() {
            "si" => text.clear(),
            "rPh" => is_reading = true,
            "t" => collects = !is_reading,
            _ => {}
        },
        Node::Text(part) if collects => text.push_str(part),
        Node::Text(_) => {}
        Node::End("si") => texts.push(std::mem::take(&mut text)),
        Node::End("rPh") => is_reading = false,
        Node::End("t") => collects = false,
        Node::End(_) => {}
    })?;
    Some(texts)
}
