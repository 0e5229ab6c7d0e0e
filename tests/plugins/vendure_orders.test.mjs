// Orders of a Vendure server in the real Worker's ledger: recorded once whatever fails, reversed
// and adjusted with them.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { orThrow, receiptForRecord } from "../../plugins/server/index.js";
import { eventually } from "../edge/ledger.mjs";
import { LAMP_PRICE, TAX, openShop } from "./lamps.mjs";

/** @type {Awaited<ReturnType<typeof openShop>>} */
let lamps;

before(async () => {
  lamps = await openShop();
});
afterEach(() => {
  lamps.way.isClosed = false;
});
after(() => lamps.close());

test("a placed order is in the ledger, and the Admin API says so", async () => {
  const { id, code } = await lamps.place(["TEN"], 2);
  const { customFields } = await lamps.settled(id);
  // The sweep may have come before the job.
  assert.equal(customFields.promoEdgeOutcome, "recorded");
  assert.deepEqual([customFields.promoEdgePartner, customFields.promoEdgePayout], ["ana", 1152]);
  const answer = orThrow(await lamps.promo.find("SALE", code));
  assert.equal(answer.credited?.partner, "ana");
  const { subtotal_minor, discount_minor } = answer.current;
  assert.deepEqual([subtotal_minor, discount_minor], [LAMP_PRICE * 2, LAMP_PRICE * 0.2]);
  const order = {
    order_id: code, event_type: "SALE", currency: "USD", subtotal_minor, discount_minor,
  };
  const claims = await receiptForRecord(customFields.promoEdgeReceipt, order, lamps.promo.trust);
  assert.equal(claims.partner, "ana");
});

test("codes of Vendure's own are none of the ledger's", async () => {
  await lamps.addOwnCode("HOUSE");
  const { id, code } = await lamps.place(["HOUSE", "TEN"]);
  await lamps.settled(id);
  const { code: used, unused_codes } = orThrow(await lamps.promo.find("SALE", code));
  assert.deepEqual([used?.typed, unused_codes], ["TEN", []]);
});

test("answers that are lost and jobs that run again record once", async () => {
  lamps.way.lost = 2;
  const { id, code } = await lamps.place(["HUNDRED"]);
  await lamps.settled(id);
  const orders = await lamps.ledger();
  const again = await Promise.all([orders.settle(id), orders.settle(id)]);
  assert.deepEqual(again, ["already_recorded", "already_recorded"]);
  const entries = await eventually(
    () => lamps.worker.report("SELECT kind FROM entries WHERE order_id = ?", code),
    ({ length }) => length > 0,
  );
  assert.deepEqual(entries, [{ kind: "recorded" }]);
});

test("an order that is refused says why, and is tried again at the next start", async () => {
  const { shopper } = await lamps.shopperWith();
  const { code } = await shopper.apply("TEN");
  const another = {
    order_id: code, event_type: "SALE", currency: "USD", subtotal_minor: 1,
    placed_at: new Date().toISOString(),
  };
  orThrow(await lamps.promo.record(another));
  await shopper.introduce("refused@shop.example");
  const { id } = await shopper.pay();
  const { customFields } = await lamps.settled(id);
  assert.equal(customFields.promoEdgeStanding, "refused");
  assert.match(customFields.promoEdgeTrouble, /as it was first sent; send the order as it was/);
  const ledger = await lamps.ledger();
  const asked = lamps.way.asked;
  await eventually(
    async () => {
      // Again, since the first attempt may still be writing down its end.
      await ledger.retryRefused();
      return lamps.way.asked;
    },
    (now) => now > asked + 1,
  );
  assert.equal((await lamps.settled(id)).customFields.promoEdgeStanding, "refused");
});

test("with the Worker down while it is placed, an order is recorded when it is back", async () => {
  const { shopper } = await lamps.shopperWith();
  await shopper.apply("TEN");
  await shopper.introduce("patient@shop.example");
  lamps.way.isClosed = true;
  const order = await shopper.pay();
  // What the shopper has seen is what is paid.
  assert.deepEqual([order.state, order.subTotal], ["PaymentSettled", LAMP_PRICE * 0.9]);
  const hasTried = (/** @type {any} */ { customFields }) => customFields.promoEdgeTrouble !== null;
  const { customFields } = await eventually(() => lamps.shop.order(order.id), hasTried);
  assert.equal(customFields.promoEdgeStanding, "waiting");
  assert.equal((await lamps.promo.find("SALE", order.code)).error?.status, 404);
  lamps.way.isClosed = false;
  await lamps.settled(order.id);
  assert.equal(orThrow(await lamps.promo.find("SALE", order.code)).credited?.partner, "ana");
});

test("a cancelled order is reversed", async () => {
  const { id, code } = await lamps.place(["TEN"]);
  await lamps.settled(id);
  await lamps.shop.admin(
    `mutation ($id: ID!) {
      cancelOrder(input: { orderId: $id, reason: "no" }) { __typename }
    }`,
    { id },
  );
  const { customFields } = await lamps.settled(id);
  assert.deepEqual([customFields.promoEdgeOutcome, customFields.promoEdgePayout], ["reversed", 0]);
  assert.equal(orThrow(await lamps.promo.find("SALE", code)).state, "reversed");
});

test("an order that is cancelled before it could be recorded is reversed, too", async () => {
  lamps.way.isClosed = true;
  const { shopper } = await lamps.shopperWith();
  await shopper.introduce("quick@shop.example");
  const { id, code } = await shopper.pay();
  await lamps.shop.admin(
    "mutation ($id: ID!) { cancelOrder(input: { orderId: $id }) { __typename } }", { id },
  );
  lamps.way.isClosed = false;
  await lamps.settled(id);
  assert.ok(orThrow(await lamps.promo.find("SALE", code)).reversed);
});

/** @param {any} order @param {object} input */
async function refund({ id }, input) {
  const { payments: [payment], lines: [line] } = await lamps.shop.order(id);
  const paymentId = payment.id;
  const lines = [{ orderLineId: line.id, quantity: 1 }];
  const { refundOrder } = await lamps.shop.admin(
    `mutation ($input: RefundOrderInput!) {
      refundOrder(input: $input) {
        __typename ... on Refund { id state } ... on ErrorResult { message }
      }
    }`,
    { input: { paymentId, lines, shipping: 0, adjustment: 0, reason: "broken", ...input } },
  );
  assert.equal(refundOrder.state, "Pending", JSON.stringify(refundOrder));
  const promised = await lamps.settled(id);
  assert.equal(promised.customFields.promoEdgeOutcome, "recorded");
  await lamps.shop.admin(
    `mutation ($id: ID!) {
      settleRefund(input: { id: $id, transactionId: "t" }) { __typename }
    }`,
    { id: refundOrder.id },
  );
  const isAdjusted = (/** @type {any} */ { customFields }) =>
    customFields.promoEdgeOutcome === "adjusted";
  return eventually(() => lamps.shop.order(id), isAdjusted);
}

test("a refund of units leaves the others", async () => {
  const order = await lamps.place(["TEN"], 4);
  await lamps.settled(order.id);
  await refund(order, {});
  const { current, adjustments } = orThrow(await lamps.promo.find("SALE", order.code));
  assert.deepEqual([current.subtotal_minor, current.discount_minor], [19_200, 1920]);
  await lamps.shop.admin(
    `mutation ($id: ID!, $line: ID!) {
      cancelOrder(input: { orderId: $id, lines: [{ orderLineId: $line, quantity: 1 }] }) {
        __typename
      }
    }`,
    { id: order.id, line: order.lines[0].id },
  );
  await lamps.settled(order.id);
  // The unit that was refunded is the one that was cancelled.
  const later = orThrow(await lamps.promo.find("SALE", order.code));
  assert.equal(later.adjustments.length, adjustments.length);
});

test("a refund of an amount takes its part", async () => {
  const order = await lamps.place(["TEN"], 2);
  await lamps.settled(order.id);
  const half = (LAMP_PRICE * 2 * 0.9 * TAX) / 2;
  await refund(order, { lines: [], amount: half });
  const { current } = orThrow(await lamps.promo.find("SALE", order.code));
  assert.deepEqual([current.subtotal_minor, current.discount_minor], [LAMP_PRICE, 640]);
});
