// The plugin for Vendure, in a real server with a real shop API, before the real Worker: codes at
// the coupon step, discounts that follow the order, and orders in the ledger, whatever fails.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { createPromoEdge, orThrow, receiptForRecord } from "../../plugins/server/index.js";
import { CATALOG, eventually, startLedger } from "../edge/ledger.mjs";
import { buildSnapshot } from "../edge/snapshots.mjs";
import { ISSUER, PROGRAM, TOKEN, startLossyWay } from "./local.mjs";
import { startVendure } from "./vendure.mjs";

const LAMP_PRICE = 6400;
const TAX = 1.2;

/** @type {import("../edge/worker.mjs").Worker} */
let worker;
/** @type {Awaited<ReturnType<typeof startLossyWay>>} */
let way;
/** @type {import("./vendure.mjs").Shop} */
let shop;
/** @type {{id: string, productId: string}} */
let lamp;
/** @type {{id: string, productId: string}} */
let rope;
/** @type {import("../../plugins/server/index.js").PromoEdge} */
let promo;

before(async () => {
  worker = await startLedger({ vars: { RECEIPT_ISSUER: ISSUER } });
  await worker.publish(buildSnapshot(catalog()), 2);
  way = await startLossyWay(worker.url);
  promo = createPromoEdge({ url: worker.url, token: TOKEN, program: PROGRAM, issuer: ISSUER });
  shop = await startVendure({
    url: way.url, token: TOKEN, program: PROGRAM, issuer: ISSUER,
    channels: { elsewhere: null }, quoteMaxAgeMs: 0, sweepMs: 200,
  });
  lamp = await shop.addProduct("LAMP", LAMP_PRICE);
  rope = await shop.addProduct("ROPE", 999);
});
afterEach(() => {
  way.isClosed = false;
});
after(async () => {
  await shop.close();
  await way.close();
  await worker.close();
});

/** The ledger's programme with deals, and reasons that shoppers may know. */
function catalog() {
  const deal = (/** @type {string} */ id, /** @type {object} */ more) => ({
    id, name: id, type: "general_sale", scope: "entire_store", currency: "USD", ...more,
  });
  const code = (/** @type {string} */ id, /** @type {object} */ more) => ({
    id, code: id.toUpperCase(), match_type: "exact", credit_policy: "always", owner: "ana", ...more,
  });
  const tenth = { discount: { kind: "percent", bps: 1000 } };
  return {
    ...CATALOG,
    program: { ...CATALOG.program, public_reasons: "detailed" },
    deals: [
      deal("tenth", { ...tenth, currency: undefined }),
      deal("five", { discount: { kind: "fixed", amount_minor: 500 } }),
      deal("large", { ...tenth, minimum_purchase_minor: 10_000 }),
      deal("first", { ...tenth, first_order_only: true }),
      deal("ship", { type: "free_shipping" }),
    ],
    codes: [
      ...CATALOG.codes,
      code("ten", { deal: "tenth" }),
      code("off5", { deal: "five" }),
      code("big", { deal: "large" }),
      code("hello", { deal: "first" }),
      code("sent", { deal: "ship" }),
      code("over", { deal: "tenth", end_at: "2001-01-01T00:00:00Z" }),
      code("single", { deal: "tenth", max_redemptions: 1 }),
    ],
  };
}

/** Somebody with lamps in the cart. @param {number} [quantity] */
async function shopperWith(quantity = 1) {
  const shopper = shop.shopper();
  const { lines: [{ id }] } = await shopper.add(lamp, quantity);
  return { shopper, line: /** @type {string} */ (id) };
}

/** What the plugin does with orders, in the server that runs. */
async function ledger() {
  const module = new URL("../../plugins/vendure/build/ledger.js", import.meta.url);
  const { Ledger } = await import(module.href);
  return shop.app.get(Ledger);
}

let guests = 0;

/** Places an order of lamps with these codes. @param {string[]} codes @param {number} [quantity] */
async function place(codes, quantity = 1) {
  const { shopper } = await shopperWith(quantity);
  for (const code of codes) assert.equal((await shopper.apply(code)).__typename, "Order", code);
  guests += 1;
  await shopper.introduce(`guest${guests}@shop.example`);
  const order = await shopper.pay();
  assert.equal(order.state, "PaymentSettled", JSON.stringify(order));
  return order;
}

/** An order, when the ledger has heard all of it. @param {string} id */
async function settled(id) {
  const isSettled = (/** @type {any} */ order) => order.customFields.promoEdgeStanding !== "waiting";
  return eventually(() => shop.order(id), isSettled);
}

test("a code gives what is quoted, and existing storefronts see it as any other", async () => {
  const { shopper } = await shopperWith(2);
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
  const used = await place(["SINGLE"]);
  await settled(used.id);
  const { shopper } = await shopperWith();
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
  const { shopper, line } = await shopperWith(2);
  const applied = await shopper.apply("BIG");
  assert.equal(applied.subTotal, LAMP_PRICE * 2 * 0.9);
  const less = await shopper.change(line, 1);
  assert.deepEqual([less.subTotal, less.discounts], [LAMP_PRICE, []]);
  assert.deepEqual(less.couponCodes, ["BIG"]);
  const more = await shopper.change(line, 4);
  assert.equal(more.subTotal, LAMP_PRICE * 4 * 0.9);
});

test("several codes, and amounts that are spread over lines", async () => {
  const { shopper } = await shopperWith();
  await shopper.add(rope, 3);
  const one = await shopper.apply("OFF5");
  const total = LAMP_PRICE + 3 * 999;
  assert.equal(one.subTotal, total - 500);
  for (const line of one.lines) assert.ok(line.discountedLinePrice < line.linePrice);
  const two = await shopper.apply("TEN");
  assert.deepEqual(two.couponCodes, ["OFF5", "TEN"]);
  const off = total - two.subTotal - 500;
  assert.ok(Math.abs(off - total * 0.1) <= 1, String(off));
});

test("a code may send the order for nothing", async () => {
  const { shopper } = await shopperWith();
  assert.equal((await shopper.apply("SENT")).subTotal, LAMP_PRICE);
  await shopper.introduce("sent@shop.example");
  const order = await shopper.pay();
  assert.deepEqual([order.shipping, order.total], [0, LAMP_PRICE]);
});

test("a placed order is in the ledger, and the Admin API says so", async () => {
  const { id, code } = await place(["TEN"], 2);
  const { customFields } = await settled(id);
  assert.equal(customFields.promoEdgeOutcome, "recorded");
  assert.deepEqual([customFields.promoEdgePartner, customFields.promoEdgePayout], ["ana", 1152]);
  const answer = orThrow(await promo.find("SALE", code));
  assert.equal(answer.credited?.partner, "ana");
  const { subtotal_minor, discount_minor } = answer.current;
  assert.deepEqual([subtotal_minor, discount_minor], [LAMP_PRICE * 2, LAMP_PRICE * 0.2]);
  const order = {
    order_id: code, event_type: "SALE", currency: "USD", subtotal_minor, discount_minor,
  };
  const claims = await receiptForRecord(customFields.promoEdgeReceipt, order, promo.trust);
  assert.equal(claims.partner, "ana");
});

test("answers that are lost and jobs that run again record once", async () => {
  way.lost = 2;
  const { id, code } = await place(["HUNDRED"]);
  await settled(id);
  const orders = await ledger();
  const again = await Promise.all([orders.settle(id), orders.settle(id)]);
  assert.deepEqual(again, ["already_recorded", "already_recorded"]);
  const entries = await eventually(
    () => worker.report("SELECT kind FROM entries WHERE order_id = ?", code),
    ({ length }) => length > 0,
  );
  assert.deepEqual(entries, [{ kind: "recorded" }]);
});

test("an order that the ledger refuses says why, and is tried again at the next start", async () => {
  const { shopper } = await shopperWith();
  const { code } = await shopper.apply("TEN");
  const another = {
    order_id: code, event_type: "SALE", currency: "USD", subtotal_minor: 1,
    placed_at: new Date().toISOString(),
  };
  orThrow(await promo.record(another));
  await shopper.introduce("refused@shop.example");
  const { id } = await shopper.pay();
  const { customFields } = await settled(id);
  assert.equal(customFields.promoEdgeStanding, "refused");
  assert.match(customFields.promoEdgeTrouble, /recorded once, as it was first sent; send the order/);
  const asked = way.asked;
  await (await ledger()).retryRefused();
  await eventually(async () => way.asked, (now) => now > asked);
  assert.equal((await settled(id)).customFields.promoEdgeStanding, "refused");
});

test("with the Worker down while it is placed, an order is recorded when it is back", async () => {
  const { shopper } = await shopperWith();
  await shopper.apply("TEN");
  await shopper.introduce("patient@shop.example");
  way.isClosed = true;
  const order = await shopper.pay();
  // What the shopper has seen is what is paid.
  assert.deepEqual([order.state, order.subTotal], ["PaymentSettled", LAMP_PRICE * 0.9]);
  const hasTried = (/** @type {any} */ { customFields }) => customFields.promoEdgeTrouble !== null;
  const { customFields } = await eventually(() => shop.order(order.id), hasTried);
  assert.equal(customFields.promoEdgeStanding, "waiting");
  assert.equal((await promo.find("SALE", order.code)).error?.status, 404);
  way.isClosed = false;
  await settled(order.id);
  assert.equal(orThrow(await promo.find("SALE", order.code)).credited?.partner, "ana");
});

test("with the Worker down, a code is refused in words, and the order goes through", async () => {
  const { shopper } = await shopperWith();
  way.isClosed = true;
  const refused = await shopper.apply("TEN");
  assert.equal(refused.__typename, "CouponCodeInvalidError");
  assert.equal(refused.promoEdgeReason, "unavailable");
  assert.match(refused.message, /cannot be checked just now.*order without the code/);
  await shopper.introduce("without@shop.example");
  assert.equal((await shopper.pay()).subTotal, LAMP_PRICE);
});

test("a code that ends before it is paid for is taken off, and the shopper is told", async () => {
  const { shopper } = await shopperWith();
  await shopper.apply("OFF5");
  await shopper.apply("TEN");
  await shopper.introduce("late@shop.example");
  const over = { end_at: "2001-01-01T00:00:00Z" };
  const ended = catalog();
  ended.codes = ended.codes.map((code) => ({ ...code, ...(code.id === "off5" && over) }));
  const isOff5 = (/** @type {boolean} */ valid) =>
    eventually(() => promo.validate("OFF5"), ({ answer }) => answer?.valid === valid);
  await worker.publish(buildSnapshot(ended), 3);
  await isOff5(false);
  assert.equal((await shopper.pay()).errorCode, "COUPON_REMOVED_DURING_CHECKOUT_ERROR");
  assert.deepEqual((await shopper.pay()).couponCodes, ["TEN"]);
  await worker.publish(buildSnapshot(catalog()), 4);
  await isOff5(true);
});

test("a customer's first order: the code of one who has ordered is taken off", async () => {
  for (const codes of [["HELLO"], []]) {
    const { shopper } = await shopperWith();
    await shopper.apply("HELLO");
    await shopper.introduce("again@shop.example");
    const order = await shopper.pay();
    assert.deepEqual(order.couponCodes, codes);
    await settled(order.id);
  }
});

test("a cancelled order is reversed", async () => {
  const { id, code } = await place(["TEN"]);
  await settled(id);
  await shop.admin(
    `mutation ($id: ID!) {
      cancelOrder(input: { orderId: $id, reason: "no" }) { __typename }
    }`,
    { id },
  );
  const { customFields } = await settled(id);
  assert.deepEqual([customFields.promoEdgeOutcome, customFields.promoEdgePayout], ["reversed", 0]);
  assert.equal(orThrow(await promo.find("SALE", code)).state, "reversed");
});

test("an order that is cancelled before it could be recorded is reversed all the same", async () => {
  way.isClosed = true;
  const { shopper } = await shopperWith();
  await shopper.introduce("quick@shop.example");
  const { id, code } = await shopper.pay();
  await shop.admin(
    "mutation ($id: ID!) { cancelOrder(input: { orderId: $id }) { __typename } }", { id },
  );
  way.isClosed = false;
  await settled(id);
  assert.ok(orThrow(await promo.find("SALE", code)).reversed);
});

/** @param {any} order @param {object} input */
async function refund({ id }, input) {
  const { payments: [{ id: paymentId }], lines: [{ id: orderLineId }] } = await shop.order(id);
  const lines = [{ orderLineId, quantity: 1 }];
  const { refundOrder } = await shop.admin(
    `mutation ($input: RefundOrderInput!) {
      refundOrder(input: $input) { __typename ... on ErrorResult { message } }
    }`,
    { input: { paymentId, lines, shipping: 0, adjustment: 0, reason: "broken", ...input } },
  );
  assert.equal(refundOrder.__typename, "Refund", JSON.stringify(refundOrder));
  const isAdjusted = (/** @type {any} */ { customFields }) =>
    /adjusted$/.test(customFields.promoEdgeOutcome);
  return eventually(() => shop.order(id), isAdjusted);
}

test("a refund of units leaves the others", async () => {
  const order = await place(["TEN"], 4);
  await settled(order.id);
  await refund(order, {});
  const { current, adjustments } = orThrow(await promo.find("SALE", order.code));
  assert.deepEqual([current.subtotal_minor, current.discount_minor], [19_200, 1920]);
  await shop.admin(
    `mutation ($id: ID!, $line: ID!) {
      cancelOrder(input: { orderId: $id, lines: [{ orderLineId: $line, quantity: 1 }] }) {
        __typename
      }
    }`,
    { id: order.id, line: order.lines[0].id },
  );
  await settled(order.id);
  // The unit that was refunded is the one that was cancelled.
  const later = orThrow(await promo.find("SALE", order.code));
  assert.equal(later.adjustments.length, adjustments.length);
});

test("a refund of an amount takes its part", async () => {
  const order = await place(["TEN"], 2);
  await settled(order.id);
  const half = (LAMP_PRICE * 2 * 0.9 * TAX) / 2;
  await refund(order, { lines: [], amount: half });
  const { current } = orThrow(await promo.find("SALE", order.code));
  assert.deepEqual([current.subtotal_minor, current.discount_minor], [LAMP_PRICE, 640]);
});

test("a code that only Vendure knows works as before, also without the Worker", async () => {
  await shop.admin(
    `mutation ($input: CreatePromotionInput!) { createPromotion(input: $input) { __typename } }`,
    {
      input: {
        enabled: true, couponCode: "HOUSE", conditions: [],
        translations: [{ languageCode: "en", name: "House" }],
        actions: [{
          code: "order_percentage_discount", arguments: [{ name: "discount", value: "50" }],
        }],
      },
    },
  );
  const { shopper } = await shopperWith();
  way.isClosed = true;
  const order = await shopper.apply("house");
  assert.deepEqual([order.couponCodes, order.subTotal], [["HOUSE"], LAMP_PRICE / 2]);
  way.isClosed = false;
  const both = await shopper.apply("TEN");
  assert.equal(both.subTotal, (LAMP_PRICE * 0.9) / 2);
});

test("a channel without a programme is left alone", async () => {
  await shop.addChannel("elsewhere", { pricesIncludeTax: false }, lamp);
  const shopper = shop.shopper({ "vendure-token": "elsewhere" });
  await shopper.add(lamp);
  const asked = way.asked;
  const refused = await shopper.apply("TEN");
  assert.deepEqual([refused.__typename, refused.promoEdgeReason], ["CouponCodeInvalidError", null]);
  assert.equal(way.asked, asked);
});

test("prices with tax, in a currency without a minor unit", async () => {
  const more = { pricesIncludeTax: true, defaultCurrencyCode: "JPY" };
  await shop.addChannel("japan", more, lamp);
  const shopper = shop.shopper({ "vendure-token": "japan" });
  // Vendure counts hundredths of every currency: with tax, ten lamps are 768 yen.
  assert.equal((await shopper.add(lamp, 10)).subTotalWithTax, 76_800);
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
