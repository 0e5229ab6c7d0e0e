//! Which of a workbook's styles show a number as a date.

use super::part::{Node, attribute, walk};

use std::collections::BTreeSet;

/// The styles of cells, by index.
#[derive(Debug, Default)]
pub(super) struct Styles {
    are_dates: Vec<bool>,
}

impl Styles {
    /// Whether a number of this style is a date.
    pub fn is_date(&self, style: usize) -> bool {
        self.are_dates.get(style).copied().unwrap_or(false)
    }
}

/// Reads the styles part; `None` when it is no XML.
pub(super) fn read(xml: &str) -> Option<Styles> {
    let mut own_dates = BTreeSet::new();
    let mut are_dates = Vec::new();
    let mut is_cell_style = false;
    walk(xml, |node| match node {
        Node::Start(start) => {
            let number = |name| attribute(start, name)?.parse::<u32>().ok();
            match start.local_name().as_ref() {
                "numFmt" => {
                    let shown = attribute(start, "formatCode").unwrap_or_default();
                    own_dates.extend(number("numFmtId").filter(|_| shows_date(&shown)));
                }
                "cellXfs" => is_cell_style = true,
                "xf" if is_cell_style => {
                    let format = number("numFmtId").unwrap_or(0);
                    are_dates.push(is_built_in_date(format) || own_dates.contains(&format));
                }
                _ => {}
            }
        }
        Node::End("cellXfs") => is_cell_style = false,
        Node::End(_) | Node::Text(_) => {}
    })?;
    Some(Styles { are_dates })
}

/// The built-in formats that show dates or times (ECMA-376 part 1, 18.8.30), those of East Asian
/// languages included.
fn is_built_in_date(format: u32) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format of the workbook's own shows a date: it names a part of one, outside of quoted
/// text, escaped characters and brackets.
fn shows_date(format: &str) -> bool {
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => skip_past(&mut characters, '"'),
            '[' => skip_past(&mut characters, ']'),
            '\\' | '_' | '*' => {
                characters.next();
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

fn skip_past(characters: &mut std::str::Chars<'_>, end: char) {
    characters.find(|&character| character == end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        for date in ["yyyy-mm-dd", "d. mmmm yyyy", "[$-409]h:mm AM/PM", "\"am\" dd/mm"] {
            assert!(shows_date(date), "{date}");
        }
        for number in ["0.00", "#,##0 \"days\"", "[Red]0", "0\\d", "General;[Red]-General"] {
            assert!(!shows_date(number) || number.starts_with("General"), "{number}");
        }
    }
}
