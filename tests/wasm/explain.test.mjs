// Decisions in sentences: every step of every vector, in every language, as the package says it and
// as the command line does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { LANGUAGES, loadExplainer } from "../../www/promo-edge/explain.js";
import { Validator } from "../../www/promo-edge/validator-node.js";
import { orderOf, vectorFiles } from "../vectors/vectors.mjs";
import { READER_KEY, vectorBundles } from "./bundles.mjs";

const COMMAND = new URL("../../target/release/promo", import.meta.url).pathname;

/** @param {string} language */
function texts(language) {
  const url = new URL(`../../www/promo-edge/locales/trace.${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

/** @type {any[]} */
const decisions = [];

before(() => {
  const bundles = vectorBundles();
  for (const file of vectorFiles()) {
    const orders = file.cases.filter(({ uses, expect }) => !uses && !expect.problem);
    const bundle = bundles.get(file.catalog);
    if (!bundle || !orderOf(file, file.cases[0])) continue;
    const validator = Validator.open(bundle, READER_KEY);
    for (const vector of orders) decisions.push(validator.credit(orderOf(file, vector)));
  }
});

test("every language says the same things", () => {
  const { steps, values } = texts("en");
  for (const language of LANGUAGES) {
    const own = texts(language);
    assert.deepEqual(Object.keys(own.steps), Object.keys(steps), language);
    assert.deepEqual(Object.keys(own.values), Object.keys(values), language);
    for (const [key, text] of Object.entries({ ...steps, ...values })) {
      const places = (/** @type {string} */ of) => (of.match(/\{\w+\}/g) ?? []).sort();
      const said = own.steps[key] ?? own.values[key];
      assert.deepEqual(places(said), places(text), `${language}: ${key}`);
    }
  }
});

test("every step of every decision can be said, and every sentence is needed", async () => {
  assert.ok(decisions.length > 500);
  const events = new Set(decisions.flatMap(({ trace }) => trace).map(({ event }) => event));
  // What only a ledger can say does not happen here.
  for (const key of Object.keys(texts("en").steps)) {
    assert.ok(events.has(key.split(".")[0]), `${key} is never said`);
  }
  for (const language of LANGUAGES) {
    const explain = await loadExplainer(language);
    for (const decision of decisions) {
      const sentences = explain(decision);
      assert.equal(sentences.length, decision.trace.length + 1 + decision.reasons.length);
      for (const sentence of sentences) assert.doesNotMatch(sentence, /[{}]|undefined|null/);
    }
  }
});

test("the command line says the same, but for how money is written", async () => {
  const input = decisions.map((decision) => JSON.stringify(decision)).join("\n");
  for (const language of LANGUAGES) {
    const explain = await loadExplainer(language);
    const args = ["explain", "--decisions", "-", "--lang", language, "--json"];
    const printed = String(execFileSync(COMMAND, args, { input, maxBuffer: 1 << 28 }));
    const said = printed.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(said.length, decisions.length);
    decisions.forEach((decision, index) => {
      const sentences = explain(decision);
      const isMoney = (/** @type {number} */ at) => decision.trace[at]?.event === "paid";
      const words = (/** @type {string[]} */ all) => all.filter((_, at) => !isMoney(at));
      assert.deepEqual(words(said[index].sentences), words(sentences));
    });
  }
});

test("other languages are answered in English", async () => {
  const [decision] = decisions;
  const [english, other] = await Promise.all([loadExplainer("en"), loadExplainer("pt-BR")]);
  assert.deepEqual(other(decision), english(decision));
});
