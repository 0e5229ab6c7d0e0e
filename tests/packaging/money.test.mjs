// Amounts are written with the digits of ISO 4217, whatever the platform's tables say.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatMoney, spokenLanguage } from "../../www/promo-edge/messages.js";

/** @param {number} minor @param {string} currency @param {string} [lang] */
const money = (minor, currency, lang = "en") =>
  formatMoney(minor, currency, lang).replaceAll(/[\u00a0\u202f]/g, " ");

test("a minor unit is what ISO 4217 says it is", () => {
  assert.equal(money(2440, "USD"), "$24.40");
  assert.equal(money(150_000, "HUF"), "Ft 1,500.00");
  assert.equal(money(150_000, "IQD"), "IQD 150.000");
  assert.equal(money(150_000, "JPY"), "¥150,000");
  assert.equal(money(150_000, "KWD"), "KWD 150.000");
  assert.equal(money(150_000, "CLF"), "CLF 15.0000");
});

test("every language writes the same digits", () => {
  for (const lang of ["en", "fr", "de", "ja", "zh"]) {
    assert.match(money(1234, "HUF", lang), /12[.,]34(?!\d)/, lang);
    assert.match(money(1234, "JPY", lang), /1[.,\s]?234(?![.,\d])/, lang);
  }
});

test("a language that is none is English", () => {
  assert.equal(spokenLanguage("en_us"), "en-US");
  assert.equal(spokenLanguage("not a tag"), "en");
  assert.equal(spokenLanguage(null), "en");
  assert.equal(spokenLanguage("pt-BR"), "en", "with English sentences go English amounts");
});
