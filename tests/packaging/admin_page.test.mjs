// What the admin page works out by itself, without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { idOf, toAmount, toBps, toMinor, toPercent, wordsOf } from "../../www/admin/amounts.js";
import { differences } from "../../www/admin/difference.js";
import { Speech } from "../../www/admin/language.js";
import { criteriaInWords, rateInWords, readRules } from "../../www/admin/payout.js";
import { href, parseRoute } from "../../www/admin/route.js";
import english from "../../www/admin/texts/en.js";
import german from "../../www/admin/texts/de.js";

const speech = new Speech("en", english);

test("an address says where one is, and is read back", () => {
  const query = { text: "^save & more", state: "all", empty: "" };
  const hash = href("1000", "codes", "a/b c", query);
  const route = parseRoute(hash);
  assert.deepEqual([route.program, route.page, route.id], ["1000", "codes", "a/b c"]);
  assert.deepEqual(Object.fromEntries(route.query), { text: "^save & more", state: "all" });
  assert.deepEqual(parseRoute(""), { program: "", page: "", id: "", query: new URLSearchParams() });
  assert.equal(parseRoute("#/%E0%A4%A/codes").page, "codes");
});

test("amounts are whole minor units, whatever the currency's digits", () => {
  assert.equal(toMinor(19.99, "USD"), 1999);
  assert.equal(toMinor(0.1 + 0.2, "USD"), 30);
  assert.equal(toMinor(500, "JPY"), 500);
  assert.equal(toMinor(1.234, "KWD"), 1234);
  assert.equal(toAmount(1999, "USD"), 19.99);
  assert.equal(toAmount(null, "USD"), null);
  assert.equal(toBps(12.5), 1250);
  assert.equal(toPercent(1250), 12.5);
});

test("typed lists are words, and names make ids", () => {
  assert.deepEqual(wordsOf(" US, CA\nFR,,\n"), ["US", "CA", "FR"]);
  assert.equal(idOf({ id: "", name: "Luc à vélo!" }), "luc-a-velo");
  assert.equal(idOf({ id: "", name: "山とコーヒー" }), "山とコーヒー");
  assert.equal(idOf({ id: " luc ", name: "Luc à vélo!" }), "luc");
});

test("texts have forms, numbers and terms of their language", () => {
  assert.equal(speech.text("codes.count", { n: 1 }), "1 code");
  assert.equal(speech.text("codes.count", { n: 100_000 }), "100,000 codes");
  assert.equal(new Speech("de", german).text("codes.count", { n: 100_000 }), "100.000 Codes");
  assert.equal(speech.term("state", "active"), "Active");
  assert.equal(speech.term("state", "of_a_later_version"), "of_a_later_version");
  const later = Date.parse("2026-06-15T12:05:00Z");
  assert.equal(speech.ago("2026-06-15T12:00:00Z", later), "5 minutes ago");
});

test("payout rules are checked where they are typed", () => {
  const { partners } = JSON.parse(
    readFileSync(new URL("../../examples/sample/catalog.json", import.meta.url), "utf8"));
  for (const { contracts } of partners) {
    for (const { payout } of contracts ?? []) {
      const { groups, restrictions } = payout;
      const { complaints } = readRules(JSON.stringify({ groups, restrictions }));
      assert.deepEqual(complaints, []);
    }
  }
  /** @param {unknown} rules */
  const paths = (rules) => readRules(JSON.stringify(rules)).complaints.map(({ path }) => path);
  assert.deepEqual(paths({ grups: [] }), ["grups"]);
  assert.deepEqual(paths({ groups: [{ name: "a", when: {} }] }), ["groups[0]"]);
  assert.deepEqual(paths({ groups: [{ name: "a", when: {}, rate_bps: 10_001 }] }),
    ["groups[0].rate_bps"]);
  assert.deepEqual(paths({ restrictions: [{ name: "", when: { code_in: "A" } }] }),
    ["restrictions[0].name", "restrictions[0].when.code_in"]);
  assert.equal(readRules("{").complaints[0].expected, "JSON");
  assert.deepEqual(readRules("").value, {});
});

test("payout rules are said in words", () => {
  const when = { code_in: ["A", "B"], minimum_total_minor: 10_000 };
  assert.equal(criteriaInWords(when, speech, "USD"),
    "the code is A or B and the order is worth $100.00 or more");
  assert.equal(criteriaInWords({}, speech, "USD"), "always");
  assert.equal(rateInWords({ rate_bps: 1250 }, speech, "USD"), "12.5%");
  assert.equal(rateInWords({ amount_minor: 0 }, speech, "USD"), "$0.00");
  assert.equal(rateInWords(null, speech, "USD"), "Nothing");
});

test("what differs is found, field by field", () => {
  const before = { version: 1, name: "A", tags: ["x"], contracts: [{ id: "k", window: 30 }] };
  const after = { version: 2, name: "A", tags: ["x", "y"], contracts: [{ id: "k", window: 45 }] };
  assert.deepEqual(differences(before, after), [
    { path: "tags", before: ["x"], after: ["x", "y"] },
    { path: "contracts.k.window", before: 30, after: 45 },
  ]);
  assert.deepEqual(differences(null, { name: "A", end_at: null }), [
    { path: "name", before: undefined, after: "A" },
  ]);
});
