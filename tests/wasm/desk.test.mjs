// The admin page's module under Node: what it says of patterns and dates is what the command line
// and the catalogue make of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { startDesk } from "../../www/admin/desk.js";

const LANGUAGES = ["en", "fr", "de", "ja", "zh"];

const wasm = readFileSync(new URL("../../www/admin/wasm/desk/desk_bg.wasm", import.meta.url));
const desk = startDesk(wasm);

/** @param {string} name */
const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const { cases, refused, forms, overlaps } = vectors("explain");

test("patterns are explained in every language", () => {
  for (const { pattern, sentences, warnings = {}, matching, not_matching } of cases) {
    for (const lang of LANGUAGES) {
      const own = { sentences: sentences[lang], warnings: warnings[lang] ?? [] };
      const expected = { ok: true, ...own, matching, not_matching };
      assert.deepEqual(desk.explain(pattern, lang), expected, `${lang} ${pattern}`);
    }
  }
});

test("a language may be any tag, and one that is not spoken is English", () => {
  const [english, chinese, other] = ["en", "zh-Hans", "pt"].map((lang) => desk.explain("A", lang));
  assert.notDeepEqual(chinese, english);
  assert.deepEqual(other, english);
});

test("what is no pattern is refused, with the place", () => {
  for (const { pattern, fault, at } of refused) {
    for (const lang of LANGUAGES) {
      const said = desk.explain(pattern, lang);
      assert.ok(!said.ok && said.reason && said.remedy);
      assert.deepEqual([said.fault, said.at], [fault, at], pattern);
    }
    assert.equal(desk.test(pattern, ["SUMMER"]), undefined);
    assert.equal(desk.recognise(pattern), undefined);
  }
});

test("examples are what becomes of them when they are typed", () => {
  for (const { pattern, matching, not_matching } of cases) {
    const expected = [
      ...matching.map((/** @type {string} */ code) => ({ code, matches: true })),
      ...not_matching.map((/** @type {string} */ code) => ({ code, matches: false })),
    ];
    assert.deepEqual(desk.test(pattern, [...matching, ...not_matching]), expected, pattern);
  }
});

test("typed texts are cleaned first", () => {
  assert.deepEqual(desk.test("SAVE10", [" \uff33AVE\u200b10 ", "save10", " ", "A\u0001B"]), [
    { code: "SAVE10", matches: true },
    { code: "save10", matches: false },
    { malformed: "empty" },
    { malformed: "control_character" },
  ]);
});

test("forms are built and told again", () => {
  for (const { pattern, form } of forms) {
    // A field without a value is as good as none: both go through JSON alike.
    const told = JSON.parse(JSON.stringify(desk.recognise(pattern) ?? null));
    assert.deepEqual(told, form, pattern);
    if (form) assert.equal(desk.build(form), pattern);
  }
  const none = { texts: [], any_case: false };
  assert.equal(desk.build({ kind: "contains", ...none }), undefined);
  const typed = { texts: [" \uff21 ", ""], any_case: true };
  assert.equal(desk.build({ kind: "exactly", ...typed }), "^(?i)(A)$");
});

test("codes that match the same are found", () => {
  for (const { pattern, match_type, code, example } of overlaps) {
    const others = desk.others();
    others.add([{ id: "c1", code, match_type }, { id: "c2", code: "(", match_type: "regex" }]);
    assert.equal(others.size, 1);
    const found = example === null ? [] : [{ id: "c1", example }];
    assert.deepEqual(others.overlaps(pattern, 0, 10), found, `${pattern} ${code}`);
    assert.deepEqual(others.overlaps(pattern, 1, 10), []);
    others.free();
  }
});

test("exact codes are compared as the programme folds them", () => {
  const code = { id: "c1", code: "SAVE10", match_type: /** @type {const} */ ("exact") };
  const [plain, folding] = [desk.others(), desk.others({ separators: true })];
  for (const others of [plain, folding]) others.add([code]);
  assert.deepEqual(plain.overlaps("SAVE-10", 0, 1), []);
  assert.deepEqual(folding.overlaps("SAVE-10", 0, 1), [{ id: "c1", example: "SAVE-10" }]);
});

test("dates are read as the interface reads them", () => {
  const { dates } = vectors("catalog");
  assert.ok(dates.length > 40);
  for (const { name, text, zone, own, boundary, notation, at, overridden } of dates) {
    const zones = { own: own ?? undefined, program: zone };
    const { at_ms, overridden_ms, error } =
      /** @type {any} */ (desk.readDate(text, zones, boundary, notation));
    const ms = (/** @type {string | null} */ at) => (at ? Date.parse(at) : undefined);
    assert.deepEqual([at_ms, overridden_ms], [ms(at), ms(overridden)], name);
    assert.equal(error === undefined, Boolean(at), name);
  }
  assert.deepEqual(desk.readDate("2026-07-01", { program: "Mars/Base" }, "start"), {
    error: "unknown_zone",
  });
  const skipped = desk.readDate("2026-03-08T02:30", { program: "America/New_York" }, "start");
  assert.deepEqual(skipped, { error: "nonexistent" });
});

test("exact codes are what they are compared by", () => {
  assert.deepEqual(desk.foldCode(" Save-1O "), { code: "Save-1O", folded: "save-1o" });
  const folding = { separators: true, lookalikes: true };
  assert.deepEqual(desk.foldCode("Save-1O", folding), { code: "Save-1O", folded: "5ave10" });
  assert.deepEqual(desk.foldCode(" "), { malformed: "empty" });
});

test("hostile patterns are answered", () => {
  const letters = "[A-Z]?".repeat(60);
  for (const hostile of ["(".repeat(5000), `(?:${letters})`, "\\x{10FFFF}"]) {
    assert.equal(typeof desk.explain(hostile, "en").ok, "boolean");
  }
});

test("what the page loads is known", () => {
  const size = gzipSync(wasm, { level: 9 }).length;
  console.log(`the admin page's module: ${wasm.length} bytes, ${size} gzipped`);
  assert.ok(size <= 700_000, `${size} bytes`);
});
