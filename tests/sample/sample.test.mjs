// The sample programme is what its README says it is.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  ALPHABET,
  CAMPAIGNS,
  HEADER,
  campaignCounts,
  codes,
  csv,
  examples,
} from "../../examples/sample/codes.mjs";
import { twin } from "../../examples/sample/twin.mjs";

const sample = new URL("../../examples/sample/", import.meta.url);
const catalogText = readFileSync(new URL("catalog.json", sample), "utf8");

/** @typedef {Record<string, any>} Entry */
/**
 * @type {{program: Entry, partners: Entry[], deals: Entry[], codes: Entry[],
 *   exception_lists: Entry[]}}
 */
const catalog = JSON.parse(catalogText);
/** @type {{products: Entry[]}} */
const { products } = JSON.parse(readFileSync(new URL("products.json", sample), "utf8"));
const exact = catalog.codes.filter((code) => code.match_type === "exact");
const regex = catalog.codes.filter((code) => code.match_type === "regex");

/**
 * What exact codes are compared by, without the rules that no code of the sample needs.
 *
 * @param {string} text
 */
const fold = (text) => [...text.normalize("NFKC").trim()].map((c) => c.toLowerCase()).join("");

const interval = (/** @type {Entry} */ code) => [
  code.start_at ? Date.parse(code.start_at) : -Infinity,
  code.end_at ? Date.parse(code.end_at) : Infinity,
];

test("counts", () => {
  assert.equal(catalog.partners.length, 24);
  assert.equal(catalog.deals.length, 12);
  assert.equal(exact.length, 201);
  assert.equal(regex.length, 40);
  assert.equal(products.length, 6);
});

test("ids are unique", () => {
  for (const list of [catalog.partners, catalog.deals, catalog.codes, catalog.exception_lists]) {
    assert.equal(new Set(list.map(({ id }) => id)).size, list.length);
  }
});

test("every kind of deal, discount, scope and condition occurs", () => {
  const values = (/** @type {(deal: Entry) => unknown} */ pick) =>
    new Set(catalog.deals.map(pick).filter((value) => value !== undefined));
  assert.deepEqual(
    values((deal) => deal.type),
    new Set(["general_sale", "free_shipping", "gift_with_purchase", "rebate", "bogo"]),
  );
  assert.deepEqual(
    values((deal) => deal.discount?.kind),
    new Set(["percent", "fixed", "percent_range", "percent_maximum"]),
  );
  assert.deepEqual(values((deal) => deal.bogo?.kind), new Set(["free", "amount", "percent"]));
  assert.deepEqual(values((deal) => deal.scope), new Set(["entire_store", "category", "product"]));
  for (const field of [
    "minimum_purchase_minor", "minimum_quantity", "maximum_savings_minor",
    "purchase_limit_quantity",
    "countries", "segments", "first_order_only", "currency", "start_at", "end_at", "sync_codes",
  ]) {
    assert.ok(catalog.deals.some((deal) => deal[field] !== undefined), field);
  }
});

test("every credit policy, both kinds, caps and public codes occur", () => {
  const policies = new Set(catalog.codes.map((code) => code.credit_policy));
  assert.deepEqual(policies, new Set(["always", "involved", "winner", undefined]));
  for (const code of catalog.codes) {
    const restricted = code.kind === "restricted";
    assert.equal(code.owner === undefined, restricted, code.code);
    assert.equal(code.credit_policy === undefined, restricted, code.code);
  }
  assert.ok(exact.some((code) => code.max_redemptions));
  assert.ok(exact.some((code) => code.max_redemptions_per_customer));
  assert.ok(exact.some((code) => code.public));
  assert.ok(exact.some((code) => !code.deal));
});

test("references lead somewhere", () => {
  const partners = new Set(catalog.partners.map(({ id }) => id));
  const deals = new Set(catalog.deals.map(({ id }) => id));
  const skus = new Set(products.map(({ sku }) => sku));
  const categories = new Set(products.map(({ category }) => category));
  for (const code of catalog.codes) {
    assert.ok(!code.owner || partners.has(code.owner), code.code);
    assert.ok(!code.deal || deals.has(code.deal), code.code);
  }
  for (const deal of catalog.deals) {
    for (const sku of deal.skus ?? []) assert.ok(skus.has(sku), sku);
    for (const category of deal.categories ?? []) assert.ok(categories.has(category), category);
  }
  for (const { owner, deal } of CAMPAIGNS) {
    assert.ok(owner === "" || partners.has(owner), owner);
    assert.ok(deals.has(deal), deal);
  }
});

test("a text belongs to one code at a time", () => {
  const twins = [];
  const seen = new Map();
  for (const code of exact) {
    const before = seen.get(fold(code.code));
    if (before) {
      const [end, start] = [interval(before)[1], interval(code)[0]];
      assert.equal(end, start, `${code.code} changes hands without a gap`);
      assert.notEqual(before.owner, code.owner);
      twins.push(code.code);
    }
    seen.set(fold(code.code), code);
  }
  assert.deepEqual(twins, ["MAPLE10", "LAKESIDE10", "KASTANIE10", "紅葉10"]);
});

test("one exact code hides a pattern, and only that one", () => {
  const patterns = regex.map(({ code }) => {
    const flags = code.includes("(?i)") ? "iu" : "u";
    return new RegExp(code.replace("(?i)", ""), flags);
  });
  const matched = (/** @type {string} */ text) => patterns.some((pattern) => pattern.test(text));
  assert.deepEqual(exact.map(({ code }) => code).filter(matched), ["SUMMER10"]);
  for (const { code } of codes({ seed: "larch", count: 2000 })) assert.ok(!matched(code), code);
});

test("the demonstration codes have their roles", () => {
  const role = (/** @type {string} */ text) => exact.find(({ code }) => code === text) ?? {};
  const deal = (/** @type {string} */ text) =>
    catalog.deals.find(({ id }) => id === role(text).deal) ?? {};
  assert.equal(deal("HELLO10").discount.bps, 1000);
  assert.equal(role("HELLO10").public, true);
  assert.ok(role("SPRING24").end_at < "2025");
  assert.equal(role("NEWYEAR27").start_at, "2027-01-01T00:00:00-08:00");
  assert.equal(deal("BIG50").minimum_purchase_minor, 50_000);
  assert.equal(deal("FREESHIP").type, "free_shipping");
  assert.equal(deal("GIFT").type, "gift_with_purchase");
  assert.equal(deal("BUY2GET1").bogo.kind, "free");
  assert.deepEqual(deal("LIGHTS15").categories, ["lights"]);
  assert.equal(deal("FIRST15").first_order_only, true);
  assert.ok(deal("VIP20").segments.includes("vip"));
  assert.deepEqual(deal("CANADA10").countries, ["CA"]);
  assert.equal(deal("EURO5").currency, "EUR");
  assert.equal(role("LOYAL1").max_redemptions_per_customer, 1);
  assert.equal(role("STAFF50").kind, "restricted");
  const cart = products.filter((product) => product.cart_quantity > 0);
  assert.ok(cart.every((product) => product.category !== "lights"));
  const subtotal = cart.reduce((sum, each) => sum + each.unit_price_minor * each.cart_quantity, 0);
  assert.equal(subtotal, 24_400);
});

test("products have a name in every language", () => {
  for (const { sku, name } of products) {
    assert.deepEqual(Object.keys(name), ["en", "fr", "de", "ja", "zh"], sku);
  }
});

test("bulk codes are distinct, spelled from the alphabet and split as promised", () => {
  const all = [...codes({ seed: "larch", count: 100_000 })];
  assert.equal(new Set(all.map(({ code }) => code)).size, 100_000);
  assert.deepEqual(campaignCounts(100_000), [60_000, 20_000, 12_000, 5_000, 2_000, 1_000]);
  for (const { code, campaign } of all) {
    const symbols = [...code.slice(campaign.prefix.length).replace("-", "")];
    assert.equal(symbols.length, campaign.symbols);
    assert.ok(symbols.every((symbol) => ALPHABET.includes(symbol)), code);
  }
});

test("the bulk CSV is the same for the same seed, and another for another", () => {
  const digest = (/** @type {{seed?: string}} */ options) => {
    const hash = createHash("sha256");
    const settings = { count: 1000, program: "1000", seed: "larch", ...options };
    for (const piece of csv(settings)) hash.update(piece);
    return hash.digest("hex");
  };
  assert.equal(digest({}), "b9169915104f06a3e542a4c71105fb269f2f8bf583017836fbd4c5d271705c3b");
  assert.notEqual(digest({ seed: "lantern" }), digest({}));
  const [first] = csv({ seed: "larch", count: 1, program: "1001" });
  assert.equal(first.split("\n")[0], HEADER);
  assert.equal(first.split("\n")[1].split(",")[1], "1001");
});

test("examples are codes of the file", () => {
  const file = [...csv({ seed: "larch", count: 500, program: "1000" })].join("");
  const chosen = examples({ seed: "larch", count: 500, examples: 7 });
  assert.equal(chosen.length, 7);
  for (const { code } of chosen) assert.ok(file.includes(`\n${code},1000,`), code);
});

test("the twin differs in its programme only", () => {
  const { program, ...rest } = JSON.parse(twin(catalogText));
  const { program: _, ...expected } = catalog;
  assert.deepEqual(rest, expected);
  assert.equal(program.id, "1001");
  assert.equal(program.public_reasons, "detailed");
  assert.equal(program.currency, catalog.program.currency);
});
