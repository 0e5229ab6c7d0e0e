// An order is settled once: what is answered, and what is kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { MERCHANT, eventually, order, startLedger } from "./ledger.mjs";

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  worker = await startLedger();
});
after(() => worker.close());

/** @param {object} claim */
const record = (claim) => worker.record(claim, MERCHANT);
/** @param {string} id @param {string} [action] @param {object} [body] */
const of = (id, action, body = {}) =>
  action
    ? worker.post(`/v1/orders/SALE/${id}/${action}`, body, MERCHANT)
    : worker.fetch(`/v1/orders/SALE/${id}`, { headers: MERCHANT });

test("an order is recorded once, and a retry hears the same", async () => {
  const claim = order("A1", { promo_codes: ["OPEN"], customer_id: "ada" });
  const first = await record(claim);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  assert.equal(first.body.outcome, "recorded");
  assert.equal(first.body.state, "pending");
  assert.deepEqual(first.body.current, {
    subtotal_minor: 10_000, discount_minor: 0, payout_minor: 1_000,
  });
  const again = await record({ ...claim, clicks: [{ partner: "ben", at: claim.placed_at }] });
  assert.equal(again.status, 200);
  assert.deepEqual(again.body, { ...first.body, outcome: "already_recorded" });
  const found = await of("A1");
  assert.deepEqual(found.body, { ...first.body, outcome: "found" });
});

test("a claim that differs is refused, and the first difference is named", async () => {
  await record(order("A2", { promo_codes: ["OPEN"] }));
  const other = await record(order("A2", { promo_codes: ["OPEN"], subtotal_minor: 1 }));
  assert.equal(other.status, 409);
  assert.match(other.body.detail, /^order_exists_with_different_subtotal_minor/);
  assert.deepEqual(
    [other.body.path, other.body.expected, other.body.got],
    ["subtotal_minor", "10000", "1"],
  );
  const lead = await record(order("A2", { promo_codes: ["OPEN"], event_type: "LEAD" }));
  assert.equal(lead.status, 201, "the same id under another event type is another order");
});

test("a cap of one is used once, and again after a reversal", async () => {
  const first = await record(order("C1", { promo_codes: ["ONE"] }));
  assert.equal(first.body.credited.partner, "ana", JSON.stringify(first.body));
  const second = await record(order("C2", { promo_codes: ["ONE"] }));
  assert.equal(second.status, 201);
  assert.equal(second.body.credited, null);
  assert.deepEqual(second.body.reasons, [{ partner: "ana", reason: "MAX_RECURRENCES_REACHED" }]);
  const replayed = await record(order("C1", { promo_codes: ["ONE"] }));
  assert.equal(replayed.body.credited.partner, "ana", "a cap reached since changes nothing");
  const reversed = await of("C1", "reverse", { reason: "sent back" });
  assert.equal(reversed.status, 200, JSON.stringify(reversed.body));
  assert.equal(reversed.body.outcome, "reversed");
  assert.equal(reversed.body.credited.partner, "ana");
  assert.equal(reversed.body.current.payout_minor, 0);
  let attempt = 0;
  const third = () => record(order(`C3-${(attempt += 1)}`, { promo_codes: ["ONE"] }));
  const credited = await eventually(third, ({ body }) => body.credited !== null);
  assert.equal(credited.body.credited.partner, "ana");
  const again = await record(order("C1", { promo_codes: ["ONE"] }));
  assert.equal(again.status, 200);
  assert.equal(again.body.reversed.reason, "sent back");
});

test("what is recorded arrives in the reports, once", async () => {
  await record(order("R1", { promo_codes: ["OPEN"], customer_id: "ada", country: "DE" }));
  await of("R1", "adjust", { subtotal_minor: 5_000, reason: "one lamp sent back" });
  await of("R1", "reverse", { reason: "the other one, too" });
  const ask = () => worker.report(
    `SELECT number, kind, partner, payout_minor, payout_change_minor, customer, country
     FROM entries WHERE order_id = 'R1' ORDER BY number`,
  );
  const rows = await eventually(ask, (rows) => rows.length === 3);
  assert.deepEqual(rows.map(({ kind }) => kind), ["recorded", "adjusted", "reversed"]);
  assert.deepEqual(rows.map((row) => row.payout_change_minor), [1_000, -500, -500]);
  assert.match(rows[0].customer, /^[0-9a-f]{64}$/);
});
