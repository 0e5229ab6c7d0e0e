// Every language says everything, and the shop sells what the sample programme knows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { LANGUAGES, describe } from "../../www/promo-edge/messages.js";

const LANGUAGE_NAMES = ["en", "fr", "de", "ja", "zh"];
const WWW = new URL("../../www/", import.meta.url);

/** @param {string} path */
const read = (path) => readFileSync(new URL(path, WWW), "utf8");
/** @param {string} path @returns {Promise<Record<string, string>>} */
const texts = async (path) => (await import(new URL(path, WWW).href)).default;
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
      assert.deepEqual(Object.keys(own), Object.keys(english), lang);
      for (const [key, text] of Object.entries(own)) {
        assert.deepEqual(placeholders(text), placeholders(english[key]), `${lang}: ${key}`);
        if (key !== "between_sentences") assert.notEqual(text.trim(), "", `${lang}: ${key}`);
      }
    }
  });
}

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
  const used = ["element.js", "messages.js"].map((file) => read(`promo-edge/${file}`)).join("");
  const keys = Object.keys(await texts("promo-edge/locales/en.js"));
  const benefits = ["free_shipping", "gift", "rebate"];
  const known = [...REASONS, ...benefits];
  const unused = keys.filter(
    (key) => !known.includes(key.split("/")[0]) && !new RegExp(`\\b${key}\\b`).test(used),
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
