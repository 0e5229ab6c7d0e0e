//! Bulk files as XLSX: what spreadsheets write is read as the same file in CSV would be.

use promo_edge::catalog::{self, Catalog, Complaint};
use promo_edge::time::UnixMillis;
use promo_edge::upload::{RowText, Rows};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use zip::write::{SimpleFileOptions, ZipWriter};

use std::io::{Cursor, Write};

const HEADERS: [&str; 10] = [
    "Promo Code",
    "Program Id",
    "Media Id",
    "Type",
    "Credit Rule",
    "Match Mode",
    "Deal Id",
    "Active Start Date",
    "Active End Date",
    "Timezone",
];

const CATALOG: &str = r#"{
  "program": {"id": "1000", "name": "Acme", "currency": "USD", "time_zone": "UTC"},
  "partners": [{"id": "77", "name": "Ana", "kind": "partner"}]
}"#;

/// A code with its start and end, or the line of a complaint and what was got.
type Said = Result<(String, Option<i64>, Option<i64>), (u64, String)>;

#[test]
fn a_workbook_is_read_like_csv() {
    let mut book = Workbook::new();
    book.add_worksheet().set_hidden(true).write(0, 0, "notes").unwrap();
    let sheet = book.add_worksheet().set_active(true);
    headers(sheet);
    row(sheet, 1, "SAVE10");
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let day = ExcelDateTime::from_ymd(2026, 7, 1).unwrap();
    sheet.write_with_format(1, 7, &day, &date).unwrap();
    sheet.write_with_format(1, 8, &day, &date).unwrap();
    row(sheet, 3, "Ü & <b>");
    let time = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let noon = ExcelDateTime::from_ymd(2026, 7, 1).unwrap().and_hms(12, 0, 0).unwrap();
    sheet.write_with_format(3, 7, &noon, &time).unwrap();
    sheet.write(4, 0, 12_345_678).unwrap();
    sheet.write(4, 1, 1000).unwrap();
    let said = read(&book.save_to_buffer().unwrap()).unwrap();
    let day = 1_782_864_000_000;
    let expected = [
        Ok(("SAVE10".to_owned(), Some(day), Some(day + 86_400_000))),
        Ok(("Ü & <b>".to_owned(), Some(day + 43_200_000), None)),
        // Nothing but a code and a programme: the other columns are complained about in row 5.
        Err((5, "nothing".to_owned())),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_number_that_a_sheet_cannot_hold_is_not_taken_for_a_code() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    headers(sheet);
    row(sheet, 1, "");
    sheet.write(1, 0, 12_345_678_901_234_567_u64 as f64).unwrap();
    row(sheet, 2, "12345678901234567");
    let said = read(&book.save_to_buffer().unwrap()).unwrap();
    let (line, got) = said[0].clone().unwrap_err();
    assert_eq!(line, 2);
    assert!(got.contains("lost digits"), "{got}");
    assert_eq!(said[1], Ok(("12345678901234567".to_owned(), None, None)));
}

#[test]
fn headers_are_checked_as_in_csv() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    headers(sheet);
    sheet.write(0, 3, "Kind").unwrap();
    let complaints = read(&book.save_to_buffer().unwrap()).unwrap_err();
    let fields: Vec<&str> = complaints.iter().map(|said| said.place.field.as_str()).collect();
    assert_eq!(fields, ["Type", "Kind"]);
}

/// What other programs than the usual one write: prefixes, absolute targets, texts in the cells,
/// rich texts with readings, references, cells without names.
#[test]
fn other_ways_to_write_the_same_are_read() {
    let header = |text| format!(r#"<x:c t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>"#);
    let sheet = OTHER_SHEET.replace("HEADERS", &HEADERS.map(header).concat());
    let book = package(&[
        ("xl/workbook.xml", OTHER_WORKBOOK),
        ("xl/_rels/workbook.xml.rels", OTHER_RELATIONS),
        ("xl/b.xml", &sheet),
        ("xl/texts.xml", OTHER_TEXTS),
        ("xl/styles.xml", OTHER_STYLES),
    ]);
    let said = read(&book).unwrap();
    let start = 1_830_384_000_000; // 2028-01-02: 45,292 days from 1904 on
    assert_eq!(said, [Ok(("桜 & 10".to_owned(), Some(start), None))]);
}

const OTHER_WORKBOOK: &str = r#"<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets>
  <sheet name="a" state="hidden" r:id="i1"/><sheet name="b" r:id="i2"/></sheets></workbook>"#;

const OTHER_RELATIONS: &str = r#"<Relationships>
  <Relationship Id="i1" Type="t/worksheet" Target="nowhere.xml"/>
  <Relationship Id="i2" Type="t/worksheet" Target="/xl/b.xml"/>
  <Relationship Id="i3" Type="t/sharedStrings" Target="texts.xml"/>
  <Relationship Id="i4" Type="t/styles" Target="styles.xml"/></Relationships>"#;

const OTHER_SHEET: &str = r#"<x:worksheet xmlns:x="m"><x:sheetData>
  <x:row>HEADERS</x:row>
  <x:row r="4">
    <x:c r="A4" t="s"><x:v>0</x:v></x:c>
    <x:c t="str"><x:f>1000</x:f><x:v>1000</x:v></x:c>
    <x:c><x:v>77</x:v></x:c>
    <x:c t="inlineStr"><x:is><x:r><x:t>TRACK</x:t></x:r><x:r><x:t>ING</x:t></x:r></x:is></x:c>
    <x:c t="inlineStr"><x:is><x:t><![CDATA[ALWAYS]]></x:t></x:is></x:c>
    <x:c t="inlineStr"><x:is><x:t>&#76;&#x49;</x:t></x:is></x:c>
    <x:c r="H4" s="1"><x:v>45292</x:v></x:c>
  </x:row></x:sheetData></x:worksheet>"#;

const OTHER_TEXTS: &str = "<sst><si><r><t>桜 &amp; </t></r><r><t>10</t></r>\
                           <rPh sb=\"0\" eb=\"1\"><t>サクラ</t></rPh></si></sst>";

const OTHER_STYLES: &str = r#"<styleSheet>
  <numFmts><numFmt numFmtId="200" formatCode="d\-mmm"/></numFmts>
  <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
  <cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>"#;

#[test]
fn rows_rise_whatever_their_numbers_say() {
    let header = |text| format!(r#"<x:c t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>"#);
    let sheet = OTHER_SHEET.replace("HEADERS", &HEADERS.map(header).concat());
    let (before, rest) = sheet.split_once(r#"<x:row r="4">"#).unwrap();
    let (cells, after) = rest.split_once("</x:row>").unwrap();
    let numbers = ["5", "5", "3", "18446744073709551616", "2000000"];
    let rows = numbers.map(|number| format!(r#"<x:row r="{number}">{cells}</x:row>"#));
    let book = package(&[
        ("xl/workbook.xml", OTHER_WORKBOOK),
        ("xl/_rels/workbook.xml.rels", OTHER_RELATIONS),
        ("xl/b.xml", &format!("{before}{}{after}", rows.concat())),
        ("xl/texts.xml", OTHER_TEXTS),
        ("xl/styles.xml", OTHER_STYLES),
    ]);
    let catalog: Catalog = catalog::parse("catalog.json", CATALOG).unwrap().0;
    let mut rows = Rows::open(&catalog, "b.xlsx", &*book, UnixMillis(0)).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next_row() {
        lines.push(row.unwrap().place().line);
    }
    assert_eq!(lines, [5, 6, 7, 8, 9]);
}

#[test]
fn what_is_no_workbook_is_refused_with_a_remedy() {
    let mut book = Workbook::new();
    headers(book.add_worksheet());
    let whole = book.save_to_buffer().unwrap();
    let around =
        |sheet: &str| package(&[("xl/workbook.xml", WORKBOOK), RELATIONS, ("xl/s.xml", sheet)]);
    let hidden = WORKBOOK.replace("<sheet ", "<sheet state=\"veryHidden\" ");
    let without = package(&[("xl/workbook.xml", hidden.as_str()), RELATIONS]);
    let entity = "<worksheet><c><v>&lol;</v></c></worksheet>";
    let bomb = format!("<worksheet>{}</worksheet>", " ".repeat(65 << 20));
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("cut off", whole[..whole.len() / 2].to_vec(), "cut off or damaged"),
        ("no workbook", package(&[("a.txt", "a")]), "xl/_rels/workbook.xml.rels"),
        ("no visible sheet", without, "without one"),
        ("bad XML", around("<worksheet><row></worksheet>"), "xl/s.xml cannot be read"),
        ("an entity of its own", around(entity), "cannot be read"),
        ("a bomb", around(&bomb), "more in xl/s.xml"),
        ("XLS", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "an XLS file"),
    ];
    for (name, bytes, expected) in cases {
        let complaints = read(&bytes).expect_err(name);
        assert_eq!(complaints.len(), 1, "{name}");
        assert!(complaints[0].got.contains(expected), "{name}: {}", complaints[0]);
        assert!(!complaints[0].remedy.is_empty(), "{name}");
    }
    // A file of nothing is no workbook either, but a CSV file without headers.
    assert_eq!(read(b"").unwrap_err().len(), HEADERS.len());
    assert_eq!(read(b"PK").unwrap_err().len(), HEADERS.len() + 1);
}

const WORKBOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet r:id="i"/></sheets></workbook>"#;

const RELATIONS: (&str, &str) = (
    "xl/_rels/workbook.xml.rels",
    r#"<Relationships><Relationship Id="i" Type="t" Target="s.xml"/></Relationships>"#,
);

fn headers(sheet: &mut Worksheet) {
    sheet.write_row(0, 0, HEADERS).unwrap();
}

/// A code that is fit to be built, its programme and partner as the numbers that sheets make of
/// them.
fn row(sheet: &mut Worksheet, row: u32, code: &str) {
    sheet.write(row, 0, code).unwrap();
    sheet.write(row, 1, 1000).unwrap();
    sheet.write(row, 2, 77).unwrap();
    sheet.write_row(row, 3, ["TRACKING", "ALWAYS", "LI"]).unwrap();
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> Result<Vec<Said>, Vec<Complaint>> {
    let catalog: Catalog = catalog::parse("catalog.json", CATALOG).unwrap().0;
    let mut rows = Rows::open(&catalog, "b.xlsx", bytes, UnixMillis(0))?;
    let mut said = Vec::new();
    while let Some(row) = rows.next_row() {
        said.push(match row {
            Ok(row) => {
                let RowText::Exact(typed, _) = &row.text else { panic!("not exact") };
                let schedule = row.terms.schedule;
                let [start, end] = [schedule.start_at, schedule.end_at].map(|at| at.map(|at| at.0));
                Ok((typed.as_str().to_owned(), start, end))
            }
            Err(complaints) => Err((complaints[0].place.line, complaints[0].got.clone())),
        });
    }
    Ok(said)
}
