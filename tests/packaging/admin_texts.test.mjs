// Every language of the admin page says everything, and nothing that is never shown.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

/** @typedef {string | Record<string, string>} Text */

const ADMIN = new URL("../../www/admin/", import.meta.url);
const LANGUAGES = ["en", "fr", "de", "ja", "zh"];

/** @param {string} lang @returns {Promise<Record<string, Text>>} */
const texts = async (lang) => (await import(new URL(`texts/${lang}.js`, ADMIN).href)).default;
/** @param {Text} text */
const forms = (text) => (typeof text === "string" ? { other: text } : text);
/** @param {string} text */
const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

const english = await texts("en");
const files = readdirSync(ADMIN, { recursive: true, encoding: "utf8" });
const isOwn = (/** @type {string} */ file) => /^(?!texts|vendor|pattern).*\.js$/.test(file);
const source = files.filter(isOwn).map((file) => readFileSync(new URL(file, ADMIN), "utf8")).join();

for (const lang of LANGUAGES) {
  test(`the page is complete in ${lang}`, async () => {
    const own = await texts(lang);
    assert.deepEqual(Object.keys(own), Object.keys(english));
    const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(own)) {
      assert.equal(typeof text, typeof english[key], key);
      const wanted = placeholders(forms(english[key]).other);
      for (const [form, words] of Object.entries(forms(text))) {
        assert.ok(/** @type {string[]} */ (needed).includes(form), `${key}: ${form} is never used`);
        assert.notEqual(words.trim(), "", key);
        const missing = placeholders(words).filter((name) => !wanted.includes(name));
        assert.deepEqual(missing, [], `${key}: ${words}`);
      }
      assert.deepEqual(placeholders(forms(text).other), wanted, key);
    }
  });
}

test("each text is used", () => {
  const families = [
    ...source.matchAll(/term\(\s*"(\w+)"/g),
    ...source.matchAll(/family="(\w+)"/g),
    ...source.matchAll(/(?:terms|options|presetOr)\(\s*"(\w+)"/g),
  ].map(([, family]) => family);
  const known = new Set([...families, ...families.map((family) => `${family}_text`), "state"]);
  const unused = Object.keys(english).filter((key) => {
    const isTerm = key.includes(".") && known.has(key.split(".")[0]);
    return !isTerm && !source.includes(`"${key}"`);
  });
  assert.deepEqual(unused, []);
});

test("each term of the interface that the page offers has a name", () => {
  const literals = {
    state: ["pending", "active", "expired"],
    policy: ["always", "involved", "winner"],
    policy_short: ["always", "involved", "winner"],
    match: ["exact", "regex"],
    kind: ["tracking", "restricted"],
    act: ["expire", "reactivate", "dates", "deal"],
    upload_state: ["checking", "previewed", "accepting", "accepted", "refused", "discarded"],
    request_state: ["new", "approved", "completed", "declined"],
    put: ["delta", "base", "rollback"],
    outcome: ["all", "ok", "bad", "warned"],
    deal_type: ["general_sale", "free_shipping", "gift_with_purchase", "rebate", "bogo"],
    credit_group: ["preferred", "standard", "non_preferred"],
  };
  const keys = Object.entries(literals).flatMap(([family, names]) =>
    names.map((name) => `${family}.${name}`));
  assert.deepEqual(keys.filter((key) => !(key in english)), []);
});
