// The plugin for Vendure, in a real server with a real shop API, before the real Worker: codes at
// the coupon step, and discounts that follow the order.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { eventually } from "../edge/ledger.mjs";
import { buildSnapshot } from "../edge/snapshots.mjs";
import { LAMP_PRICE, ROPE_PRICE, catalog, openShop } from "./lamps.mjs";

/** @type {Awaited<ReturnType<typeof openShop>>} */
let lamps;

before(async () => {
  lamps = await openShop();
});
afterEach(() => {
  lamps.way.isClosed = false;
});
after(() => lamps.close());

test("a code gives what is quoted, and existing storefronts see it as any other", async () => {
  const { shopper } = await lamps.shopperWith(2);
  const order = await shopper.apply(" ten ");
  assert.deepEqual(order.couponCodes, ["ten"]);
  assert.equal(order.subTotal, LAMP_PRICE * 2 * 0.9);
  const [{ description, amount }] = order.discounts;
  assert.deepEqual([description, amount], ["Promo code", -LAMP_PRICE * 2 * 0.1]);
  assert.deepEqual((await shopper.apply("TEN")).couponCodes, ["ten"]);
  const without = await shopper.remove("ten");
  assert.deepEqual([without.couponCodes, without.subTotal], [[], LAMP_PRICE * 2]);
});

test("a code that is refused is one of Vendure's errors, with our reason", async () => {
  const used = await lamps.place(["SINGLE"]);
  await lamps.settled(used.id);
  const { shopper } = await lamps.shopperWith();
  const rows = [
    ["NOPE", "CouponCodeInvalidError", "unknown_code", /"NOPE" is not valid/],
    ["a\nb", "CouponCodeInvalidError", "malformed", /not valid/],
    ["OVER", "CouponCodeExpiredError", "expired", /"OVER" has expired/],
    ["SINGLE", "CouponCodeLimitError", "redemptions_exhausted", /used up/],
    ["BIG", "CouponCodeInvalidError", "minimum_purchase", /"BIG" is not valid/],
  ];
  for (const [code, type, reason, message] of rows) {
    const refused = await shopper.apply(String(code));
    assert.deepEqual([refused.__typename, refused.promoEdgeReason], [type, reason]);
    assert.match(refused.message, /** @type {RegExp} */ (message));
  }
});

test("when the order changes, its codes are asked about again", async () => {
  const { shopper, line } = await lamps.shopperWith(2);
  const applied = await shopper.apply("BIG");
  assert.equal(applied.subTotal, LAMP_PRICE * 2 * 0.9);
  const less = await shopper.change(line, 1);
  assert.deepEqual([less.subTotal, less.discounts], [LAMP_PRICE, []]);
  assert.deepEqual(less.couponCodes, ["BIG"]);
  const more = await shopper.change(line, 4);
  assert.equal(more.subTotal, LAMP_PRICE * 4 * 0.9);
});

test("several codes, and amounts that are spread over lines", async () => {
  const { shopper } = await lamps.shopperWith();
  await shopper.add(lamps.rope, 3);
  const one = await shopper.apply("OFF5");
  const total = LAMP_PRICE + 3 * ROPE_PRICE;
  assert.equal(one.subTotal, total - 500);
  for (const line of one.lines) assert.ok(line.discountedLinePrice < line.linePrice);
  const two = await shopper.apply("TEN");
  assert.deepEqual(two.couponCodes, ["OFF5", "TEN"]);
  const off = total - two.subTotal - 500;
  assert.ok(Math.abs(off - total * 0.1) <= 1, String(off));
});

test("a code gives its discount once, however it is typed", async () => {
  const { shopper } = await lamps.shopperWith();
  await shopper.apply("TEN");
  for (const code of [" TEN", "TEN ", "\uff34\uff25\uff2e", "ten\u3000"]) {
    const refused = await shopper.apply(code);
    assert.equal(refused.__typename, "CouponCodeInvalidError", JSON.stringify(code));
    assert.equal(refused.promoEdgeReason, "already_applied");
    assert.match(refused.message, /on your order already/);
  }
  await shopper.introduce("once@shop.example");
  const order = await shopper.pay();
  assert.deepEqual([order.couponCodes, order.subTotal], [["TEN"], LAMP_PRICE * 0.9]);
});

test("two texts of one code do not add up", async () => {
  const { shopper, line } = await lamps.shopperWith();
  const { id } = await shopper.apply("VIP-1");
  assert.equal((await shopper.apply("VIP-2")).promoEdgeReason, "already_applied");
  // Two requests at once may each have found the order without the other's code.
  await lamps.setOrder(id, { couponCodes: ["VIP-1", "VIP-2"] });
  assert.equal((await shopper.change(line, 2)).subTotal, LAMP_PRICE * 2 * 0.9);
});

test("a code may send the order for nothing", async () => {
  const { shopper } = await lamps.shopperWith();
  assert.equal((await shopper.apply("SENT")).subTotal, LAMP_PRICE);
  await shopper.introduce("sent@shop.example");
  const order = await shopper.pay();
  assert.deepEqual([order.shipping, order.total], [0, LAMP_PRICE]);
});

test("with the Worker down, a code is refused in words, and the order goes through", async () => {
  const { shopper } = await lamps.shopperWith();
  lamps.way.isClosed = true;
  const refused = await shopper.apply("TEN");
  assert.equal(refused.__typename, "CouponCodeInvalidError");
  assert.equal(refused.promoEdgeReason, "unavailable");
  assert.match(refused.message, /cannot be checked just now.*order without the code/);
  await shopper.introduce("without@shop.example");
  assert.equal((await shopper.pay()).subTotal, LAMP_PRICE);
});

test("a code that ends before it is paid for is taken off, and the shopper is told", async () => {
  const { shopper } = await lamps.shopperWith();
  await shopper.apply("OFF5");
  await shopper.apply("TEN");
  await shopper.introduce("late@shop.example");
  const over = { end_at: "2001-01-01T00:00:00Z" };
  const ended = catalog();
  ended.codes = ended.codes.map((code) => ({ ...code, ...(code.id === "off5" && over) }));
  const isOff5 = (/** @type {boolean} */ valid) =>
    eventually(() => lamps.promo.validate("OFF5"), ({ answer }) => answer?.valid === valid);
  await lamps.worker.publish(buildSnapshot(ended), 3);
  await isOff5(false);
  assert.equal((await shopper.pay()).errorCode, "COUPON_REMOVED_DURING_CHECKOUT_ERROR");
  assert.deepEqual((await shopper.pay()).couponCodes, ["TEN"]);
  await lamps.worker.publish(buildSnapshot(catalog()), 4);
  await isOff5(true);
});

test("a customer's first order: the code of one who has ordered is taken off", async () => {
  for (const codes of [["HELLO"], []]) {
    const { shopper } = await lamps.shopperWith();
    await shopper.apply("HELLO");
    await shopper.introduce("again@shop.example");
    const order = await shopper.pay();
    assert.deepEqual(order.couponCodes, codes);
    await lamps.settled(order.id);
  }
});

test("a code that only Vendure knows works as before, also without the Worker", async () => {
  await lamps.addOwnCode("HOUSE");
  const { shopper } = await lamps.shopperWith();
  lamps.way.isClosed = true;
  const order = await shopper.apply("house");
  assert.deepEqual([order.couponCodes, order.subTotal], [["HOUSE"], LAMP_PRICE / 2]);
  lamps.way.isClosed = false;
  const both = await shopper.apply("TEN");
  assert.equal(both.subTotal, (LAMP_PRICE * 0.9) / 2);
});

test("a code of Vendure's own is known as such in all letters", async () => {
  await lamps.addOwnCode("V\u00c5R20");
  const { shopper } = await lamps.shopperWith();
  const asked = lamps.way.asked;
  assert.equal((await shopper.apply("V\u00c5R20")).subTotal, LAMP_PRICE / 2);
  assert.equal(lamps.way.asked, asked);
});

test("a channel without a programme is left alone", async () => {
  await lamps.shop.addChannel("elsewhere", { pricesIncludeTax: false }, lamps.lamp);
  const shopper = lamps.shop.shopper({ "vendure-token": "elsewhere" });
  await shopper.add(lamps.lamp);
  const asked = lamps.way.asked;
  const refused = await shopper.apply("TEN");
  assert.deepEqual([refused.__typename, refused.promoEdgeReason], ["CouponCodeInvalidError", null]);
  assert.equal(lamps.way.asked, asked);
});

test("prices with tax, in a currency without a minor unit", async () => {
  const more = { pricesIncludeTax: true, defaultCurrencyCode: "JPY" };
  await lamps.shop.addChannel("japan", more, lamps.lamp);
  const shopper = lamps.shop.shopper({ "vendure-token": "japan" });
  // Vendure counts hundredths of every currency: with tax, ten lamps are 768 yen.
  assert.equal((await shopper.add(lamps.lamp, 10)).subTotalWithTax, 76_800);
  const applied = await eventually(
    async () => {
      await shopper.remove("TEN");
      return shopper.apply("TEN");
    },
    // The promotion comes to a new channel by itself, soon after it.
    ({ discounts }) => discounts?.length > 0,
  );
  // A tenth of ten times 77, since nobody pays a part of a yen.
  assert.equal(applied.subTotalWithTax, 76_800 - 7700);
});
