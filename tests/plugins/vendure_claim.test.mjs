// What is recorded of a Vendure order, and what is left of it after refunds: arithmetic alone,
// without a server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { currencyDigits as onPages } from "../../www/promo-edge/messages.js";

/** @param {string} name of a module of the plugin @returns {Promise<any>} */
const load = (name) =>
  import(new URL(`../../plugins/vendure/build/${name}.js`, import.meta.url).href);
const { claimOf, wantedOf } = await load("claim");
const { currencyDigits, fromMinor, toMinor } = await load("money");

const PLACED = {
  code: "O1",
  currencyCode: "USD",
  orderPlacedAt: new Date("2026-01-01T00:00:00Z"),
  lines: [
    {
      id: 1, quantity: 4, productVariant: { sku: "LAMP" }, unitPrice: 2500, linePrice: 10_000,
      proratedLinePrice: 9000, proratedLinePriceWithTax: 10_800,
    },
  ],
};

/** @param {object} [facts] */
const claim = (facts = {}) =>
  claimOf(PLACED, {
    codes: [], channel: "", eventType: "SALE", precision: 2, customer: {}, ...facts,
  });

test("codes are sent once each, and no more of them than the ledger takes", () => {
  const typed = ["TEN", "ten ", "BIG", "Ten"];
  assert.deepEqual(claim({ codes: typed }).order.promo_codes, ["TEN", "BIG"]);
  const many = Array.from({ length: 20 }, (_, index) => `VIP-${index}`);
  assert.deepEqual(claim({ codes: many }).order.promo_codes, many.slice(0, 16));
});

/** @param {number} quantity of the line now @param {any[]} refunds */
function left(quantity, refunds) {
  const order = { state: "Delivered", lines: [{ id: 1, quantity }] };
  const { kind, subtotal_minor = 10_000, discount_minor = 1000 } = wantedOf(
    claim(), order, refunds,
  );
  assert.equal(kind, subtotal_minor < 10_000 ? "adjusted" : "recorded");
  return [subtotal_minor, discount_minor];
}

const units = (/** @type {number} */ quantity) => [{ orderLineId: 1, quantity }];
/** @param {number} total with tax: a unit is 2700 @param {object} [more] */
const refund = (total, more = {}) => ({
  state: "Settled", total, items: 0, shipping: 0, adjustment: 0, lines: [], ...more,
});

test("all that is given back counts, in units or as an amount", () => {
  assert.deepEqual(left(4, [refund(5400, { lines: units(2) })]), [5000, 500]);
  assert.deepEqual(left(4, [refund(5400)]), [5000, 500]);
  assert.deepEqual(left(4, [refund(5400, { lines: units(2) }), refund(5400)]), [0, 0]);
  assert.deepEqual(left(4, [refund(5400, { lines: units(2) }), refund(2700)]), [2500, 250]);
  assert.deepEqual(left(4, [refund(8100, { lines: units(2) })]), [2500, 250]);
});

test("a refund that is spread over payments counts once", () => {
  const parts = [refund(2000, { lines: units(1) }), refund(700, { lines: units(1) })];
  assert.deepEqual(left(4, parts), [7500, 750]);
  const whole = { items: 2700, shipping: 300, lines: units(1) };
  assert.deepEqual(left(4, [refund(2000, whole), refund(1000, whole)]), [7500, 750]);
});

test("an amount that names lines of no units is an amount", () => {
  assert.deepEqual(left(4, [refund(5400, { lines: units(0) })]), [5000, 500]);
});

test("a part of a unit's price takes that part of it", () => {
  assert.deepEqual(left(4, [refund(1350, { lines: units(1) })]), [8750, 875]);
  // Vendure rounds the price of each unit: that is no part.
  assert.deepEqual(left(4, [refund(2699, { lines: units(1) })]), [7500, 750]);
  assert.deepEqual(left(4, [refund(5402, { lines: units(2) })]), [5000, 500]);
});

test("money that is only promised is not given back", () => {
  for (const state of ["Pending", "Failed"]) {
    assert.deepEqual(left(4, [refund(2700, { state, lines: units(1) })]), [10_000, 1000]);
  }
});

test("units that were cancelled are gone once, however they are paid back", () => {
  const [cancelled, byUnits, byAmount] = [[], [refund(2700, { lines: units(1) })], [refund(2700)]];
  for (const refunds of [cancelled, byUnits, byAmount]) {
    assert.deepEqual(left(3, refunds), [7500, 750]);
  }
  assert.deepEqual(left(3, [refund(5400)]), [5000, 500]);
});

test("shipping that is refunded as such leaves the goods alone", () => {
  assert.deepEqual(left(4, [refund(500, { shipping: 500 })]), [10_000, 1000]);
});

test("currencies have the digits that pages and functions give them", () => {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const rust = readFileSync(new URL("../../src/function/decimal.rs", import.meta.url), "utf8");
  const tables = Object.entries({ NONE: 0, THREE: 3, FOUR: 4 }).flatMap(([name, digits]) => {
    const [, codes] = rust.match(new RegExp(`const ${name}: [^=]*= \\[([^\\]]*)`)) ?? [];
    return [...(codes ?? "").matchAll(/[A-Z]{3}/g)].map(([code]) => [code, digits]);
  });
  const functions = new Map(/** @type {[string, number][]} */ (tables));
  assert.equal(functions.size, 26);
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  for (const code of pairs.flatMap((ab) => letters.map((c) => ab + c))) {
    const digits = currencyDigits(code);
    assert.deepEqual([digits, digits], [onPages(code), functions.get(code) ?? 2], code);
  }
});

test("amounts are counted in the currency's own minor unit", () => {
  for (const [currency, amount, minor] of [["HUF", 123, 123], ["JPY", 12_300, 123]]) {
    assert.equal(toMinor(amount, currency, 2), minor);
    assert.equal(fromMinor(minor, currency, 2), amount);
  }
  assert.equal(toMinor(123, "KWD", 2), 1230);
});
