// Codes in Vendure while the Worker does not answer: what a shopper has seen is what is paid, and
// nobody waits for long.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { LAMP_PRICE, openShop } from "./lamps.mjs";

/** @type {Awaited<ReturnType<typeof openShop>>} */
let lamps;

before(async () => {
  lamps = await openShop();
});
afterEach(() => {
  lamps.way.isClosed = false;
});
after(() => lamps.close());

test("a price that was seen is paid, whatever becomes known of the shopper", async () => {
  const { shopper } = await lamps.shopperWith();
  assert.equal((await shopper.apply("TEN")).subTotal, LAMP_PRICE * 0.9);
  lamps.way.isClosed = true;
  await shopper.introduce("seen@shop.example");
  const order = await shopper.pay();
  assert.deepEqual([order.state, order.subTotal], ["PaymentSettled", LAMP_PRICE * 0.9]);
  assert.deepEqual(order.couponCodes, ["TEN"]);
});

test("a code of which nobody knows what it gives is taken off before it is paid", async () => {
  const { shopper, line } = await lamps.shopperWith();
  await shopper.apply("TEN");
  await shopper.introduce("unseen@shop.example");
  lamps.way.isClosed = true;
  const changed = await shopper.change(line, 3);
  assert.deepEqual([changed.subTotal, changed.couponCodes], [LAMP_PRICE * 3, ["TEN"]]);
  const order = await shopper.pay();
  assert.deepEqual([order.subTotal, order.couponCodes], [LAMP_PRICE * 3, []]);
});

test("a Worker that does not answer is not asked again at once", async (t) => {
  const { Programs } = await import(
    new URL("../../plugins/vendure/build/options.js", import.meta.url).href
  );
  const { settings } = lamps.shop.app.get(Programs);
  settings.quoteMaxAgeMs = 60_000;
  t.after(() => {
    settings.quoteMaxAgeMs = 0;
  });
  const { shopper } = await lamps.shopperWith();
  lamps.way.isClosed = true;
  assert.equal((await shopper.apply("TEN")).promoEdgeReason, "unavailable");
  const { asked } = lamps.way;
  assert.equal((await shopper.apply("TEN")).promoEdgeReason, "unavailable");
  assert.equal(lamps.way.asked, asked);
});
