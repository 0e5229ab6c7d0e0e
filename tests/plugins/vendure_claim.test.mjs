// What is recorded of a Vendure order, and what is left of it after refunds: arithmetic alone,
// without a server.

import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {any} */
const { claimOf } = await import(
  new URL("../../plugins/vendure/build/claim.js", import.meta.url).href
);

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
