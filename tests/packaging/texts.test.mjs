// Every language says everything, and the shop sells what the sample programme knows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { LANGUAGES, compose, describe } from "../../www/promo-edge/messages.js";

const LANGUAGE_NAMES = ["en", "fr", "de", "ja", "zh"];
const WWW = new URL("../../www/", import.meta.url);

/** @param {string} path */
const read = (path) => readFileSync(new URL(path, WWW), "utf8");
/** @param {string} path @returns {Promise<Record<string, string>>} */
const texts = async (path) => (await import(new URL(path, WWW).href)).default;
/** The forms of a number that a language has; English names them all. @param {string} lang */
const categories = (lang) => new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
/** Keys without the forms of their numbers. @param {Record<string, string>} all */
const singular = (all) => [...new Set(Object.keys(all).map((key) => key.replace(PLURAL, "")))];
const PLURAL = /\/(zero|one|two|few|many|other)$/;
/** @param {string} text */
const placeholders = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

const { components } = JSON.parse(read("openapi.json"));
/** @type {string[]} */
const REASONS = components.schemas.RefusedAnswer.properties.reason.enum;

test("the package speaks five languages", () => {
  assert.deepEqual(LANGUAGES, LANGUAGE_NAMES);
});

const FOLDERS = [
  ["field", "promo-edge/locales"],
  ["shop", "shop/texts"],
  ["pattern editor", "admin/pattern/texts"],
];
for (const [what, folder] of FOLDERS) {
  test(`the ${what}'s texts are complete in every language`, async () => {
    const english = await texts(`${folder}/en.js`);
    for (const lang of LANGUAGE_NAMES) {
      const own = await texts(`${folder}/${lang}.js`);
      assert.deepEqual(singular(own), singular(english), lang);
      for (const [key, text] of Object.entries(own)) {
        const like = english[key] ?? english[key.replace(PLURAL, "/other")] ?? "";
        assert.deepEqual(placeholders(text), placeholders(like), `${lang}: ${key}`);
        if (key !== "between_sentences") assert.notEqual(text.trim(), "", `${lang}: ${key}`);
      }
    }
  });
}

test("texts with a number have the forms that each language has", async () => {
  for (const lang of LANGUAGE_NAMES) {
    const own = await texts(`promo-edge/locales/${lang}.js`);
    const counted = Object.keys(own).filter((key) => PLURAL.test(key));
    for (const name of new Set(counted.map((key) => key.replace(PLURAL, "")))) {
      const forms = counted.filter((key) => key.startsWith(`${name}/`));
      const needed = categories(lang).map((category) => `${name}/${category}`);
      assert.deepEqual(forms.sort(), needed.sort(), lang);
    }
  }
});

test("amounts, numbers and times are written as each language writes them", async () => {
  const said = new Set();
  for (const lang of LANGUAGE_NAMES) {
    const own = /** @type {any} */ (await texts(`promo-edge/locales/${lang}.js`));
    for (const limit of [1, 2, 1_000_000]) {
      const full = describe({ valid: false, reason: "too_many_codes", limit }, own, lang);
      assert.ok(full.includes(new Intl.NumberFormat(lang).format(limit)), full);
    }
    const busy = compose({ answer: null, notice: "error", retryAfterS: 30 }, own, lang);
    assert.ok(busy.includes(new Intl.RelativeTimeFormat(lang).format(30, "second")), busy);
    said.add(busy);
  }
  assert.equal(said.size, LANGUAGE_NAMES.length);
});

test("a suggestion says which character makes the difference", async () => {
  const own = /** @type {any} */ (await texts("promo-edge/locales/en.js"));
  for (const [typed, suggestion, expected] of [
    ["SUMMER1O", "SUMMER10", "Did you mean SUMMER10, with the digit 0?"],
    ["5UMMER10", "SUMMER10", "Did you mean SUMMER10, with the letter S?"],
    ["5UMMER1O", "SUMMER10", "Did you mean SUMMER10?"],
    ["SUMMER-10", "SUMMER10", "Did you mean SUMMER10?"],
  ]) {
    assert.equal(compose({ answer: null, typed, suggestion }, own, "en"), expected);
  }
});

test("every reason that the interface names has a text of its own", async () => {
  const all = /** @type {any} */ (await texts("promo-edge/locales/en.js"));
  const said = REASONS.map((reason) => describe({ valid: false, reason }, all, "en"));
  assert.equal(new Set(said).size, REASONS.length);
  for (const detail of ["empty", "too_long", "control_character"]) {
    const text = describe({ valid: false, reason: "malformed", detail }, all, "en");
    assert.equal(text, all[`malformed/${detail}`]);
  }
});

test("a reason of a later version is told as a plain no", async () => {
  const all = /** @type {any} */ (await texts("promo-edge/locales/en.js"));
  assert.equal(describe({ valid: false, reason: "moon_phase" }, all, "en"), all.not_valid);
});

test("no text is unused", async () => {
  const sources = ["applied", "chips", "local", "messages", "outcome"];
  const used = sources.map((name) => read(`promo-edge/${name}.js`)).join("");
  const keys = Object.keys(await texts("promo-edge/locales/en.js"));
  const benefits = ["free_shipping", "gift", "rebate"];
  const details = ["empty", "too_long", "control_character", "check_symbol"];
  const known = [...REASONS, ...benefits, ...details.map((detail) => `malformed/${detail}`)];
  const unused = keys.filter(
    (key) => !known.includes(key) && !new RegExp(`\\b${key.replace(PLURAL, "")}\\b`).test(used),
  );
  assert.deepEqual(unused, []);
  const modules = ["bag", "codes", "language", "summary"].map((name) => `shop/${name}.js`);
  const shop = ["index.html", ...modules].map(read).join("");
  const shopKeys = Object.keys(await texts("shop/texts/en.js"));
  assert.deepEqual(shopKeys.filter((key) => !shop.includes(key)), []);
  const parts = ["builder", "meaning", "overlaps", "page", "pattern", "trial"];
  const pattern = ["index.html", ...parts.map((name) => `${name}.js`)];
  const editor = pattern.map((file) => read(`admin/pattern/${file}`)).join("");
  const patternKeys = Object.keys(await texts("admin/pattern/texts/en.js"));
  // The choices of digits and the kinds of codes are named by their values.
  /** @param {string} key */
  const isUsed = (key) => {
    const name = key.replace("digits_", "");
    return ["exact", "regex"].includes(key) || new RegExp(`\\b${name}\\b`).test(editor);
  };
  assert.deepEqual(patternKeys.filter((key) => !isUsed(key)), []);
});

test("the pages' own words are their English texts", async () => {
  const unescape = (/** @type {string} */ text) => text.replaceAll("&amp;", "&");
  const pages = { "index.html": "shop", "admin/pattern/index.html": "admin/pattern" };
  for (const [page, folder] of Object.entries(pages)) {
    const english = await texts(`${folder}/texts/en.js`);
    for (const [, key, text] of read(page).matchAll(/data-text="([^"]+)">([^<]*)</g)) {
      assert.equal(unescape(text), english[key], key);
    }
  }
});

test("the shop sells what the sample programme's codes are about", () => {
  const { products } = JSON.parse(read("../examples/sample/products.json"));
  const product = / data-sku="([^"]+)" data-category="([^"]+)" data-price="(\d+)"/.source;
  const quantity = / type="number" name="[^"]+" value="(\d+)"/.source;
  const rows = read("index.html").matchAll(new RegExp(`${product}[^]*?${quantity}`, "g"));
  const sold = [...rows].map(([, sku, category, price, quantity]) => ({
    sku,
    category,
    unit_price_minor: Number(price),
    cart_quantity: Number(quantity),
  }));
  const known = products.map((/** @type {any} */ { name, ...product }) => product);
  assert.deepEqual(sold, known);
});
