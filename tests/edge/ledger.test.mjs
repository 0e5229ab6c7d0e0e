// An order is settled once: what is answered, and what is kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ADMIN, CATALOG, MERCHANT, eventually, order, startLedger } from "./ledger.mjs";
import { buildSnapshot } from "./snapshots.mjs";

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  worker = await startLedger({ vars: { CLICK_KEYS: `pck1_${"07".repeat(32)}` } });
});
after(() => worker.close());

/** The click path of somebody who followed a partner's link. */
async function clickPath(/** @type {import("./worker.mjs").Worker} */ from, partner = "ana") {
  const { headers } = await from.fetch(`https://shop.example/v1/click?partner=${partner}&to=/`, {
    redirect: "manual",
  });
  return headers.get("set-cookie")?.match(/^__Host-promo-clicks=([^;]+)/)?.[1];
}

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

test("which customer an order was recorded with is not told", async () => {
  await record(order("A3", { customer_id: "ada" }));
  const other = await record(order("A3", { customer_id: "bob" }));
  assert.deepEqual([other.status, other.body.path], [409, "customer_id"]);
  assert.doesNotMatch(JSON.stringify(other.body), /[0-9a-f]{16}/);
});

test("an order with more clicks than are taken is kept and read again", async () => {
  const click = (/** @type {number} */ index) => ({
    partner: "ben", at: new Date(Date.now() - 1_000 * index).toISOString(),
  });
  const clicks = Array.from({ length: 1_000 }, (_, index) => click(index));
  const click_path = await clickPath(worker, "ana");
  const claim = order("A4", { clicks, click_path });
  const first = await record(claim);
  assert.equal(first.status, 201);
  const events = first.body.trace.map((/** @type {any} */ step) => step.event);
  assert.ok(!events.includes("click_path_ignored"));
  assert.equal((await record(claim)).status, 200);
  assert.equal((await of("A4", "reverse", { reason: "a" })).status, 200);
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

test("a settled order hears its answer whatever has become of the catalogue", async () => {
  const claim = order("I1", { promo_codes: ["OPEN"], event_type: "LEAD" });
  const first = await record(claim);
  const expired = CATALOG.codes.map((code) => ({ ...code, end_at: "2020-01-01T00:00:00Z" }));
  const event_types = CATALOG.event_types.filter(({ id }) => id === "SALE");
  const partners = CATALOG.partners.map(({ contracts, ...partner }) => partner);
  const changed = { ...CATALOG, codes: expired, event_types, partners };
  await worker.publish(buildSnapshot(changed), 2);
  const held = () => worker.fetch("/healthz");
  await eventually(held, ({ body }) => body.snapshot.generation === 2);
  const again = await record(claim);
  assert.deepEqual([again.status, again.body.receipt], [200, first.body.receipt]);
  assert.deepEqual(again.body, { ...first.body, outcome: "already_recorded" });
  const unknown = await record(order("I2", { event_type: "LEAD" }));
  assert.equal(unknown.status, 400, "what is not settled is judged by the catalogue");
  await worker.publish(buildSnapshot(CATALOG), 3);
  await eventually(held, ({ body }) => body.snapshot.generation === 3);
});

test("a refund changes the payout, never the partner, and leaves less each time", async () => {
  await record(order("F1", { promo_codes: ["OPEN"], discount_minor: 1_000 }));
  const left = (/** @type {number} */ subtotal_minor, discount_minor = 0) =>
    of("F1", "adjust", { subtotal_minor, discount_minor, reason: "sent back" });
  const first = await left(5_000, 500);
  assert.equal(first.body.outcome, "adjusted");
  assert.equal(first.body.credited.partner, "ana");
  assert.deepEqual(first.body.current, {
    subtotal_minor: 5_000, discount_minor: 500, payout_minor: 450,
  });
  assert.equal((await left(5_000, 500)).body.outcome, "already_adjusted");
  const raised = await left(6_000, 500);
  assert.equal(raised.status, 409);
  assert.match(raised.body.detail, /^would_raise/);
  assert.equal(raised.body.path, "subtotal_minor");
  assert.equal((await left(4_000, 4_000)).body.current.payout_minor, 0);
  await of("F1", "reverse", { reason: "all of it" });
  const late = await left(1_000);
  assert.equal(late.status, 409);
  assert.match(late.body.detail, /^order_reversed/);
});

test("an order is reversed once, and the first reason stands", async () => {
  await record(order("V1", { promo_codes: ["OPEN"] }));
  const first = await of("V1", "reverse", { reason: "a" });
  const again = await of("V1", "reverse", { reason: "b" });
  assert.deepEqual(
    [first.body.outcome, again.body.outcome, again.body.reversed.reason],
    ["reversed", "already_reversed", "a"],
  );
  assert.deepEqual([again.body.state, again.body.current.payout_minor], ["reversed", 0]);
});

test("an action is approved once the programme's days have passed", async () => {
  const days = (/** @type {number} */ count) => new Date(Date.now() - count * 86_400_000);
  const placed = async (/** @type {string} */ id, /** @type {Date} */ placed_at) =>
    (await record(order(id, { promo_codes: ["OPEN"], placed_at: placed_at.toISOString() }))).body;
  assert.equal((await placed("P1", days(29))).state, "pending");
  const old = await placed("P2", days(31));
  assert.equal(old.state, "approved");
  assert.ok(Date.parse(old.approve_at) < Date.now());
  const reversed = await of("P2", "reverse", { reason: "sent back late" });
  assert.equal(reversed.body.state, "reversed");
  const nobody = await record(order("P3"));
  assert.deepEqual([nobody.body.state, nobody.body.approve_at], [null, null]);
});

test("what nobody recorded is not found", async () => {
  for (const answer of [
    await of("nobody"),
    await of("nobody", "reverse", { reason: "a" }),
    await of("nobody", "adjust", { subtotal_minor: 1, reason: "a" }),
  ]) {
    assert.deepEqual([answer.status, answer.body.type], [404, "/problems/unknown-order"]);
  }
  const reasonless = await of("V1", "reverse", {});
  assert.equal(reasonless.status, 400);
  assert.equal((await worker.fetch("/v1/orders/SALE", { headers: MERCHANT })).status, 404);
  const put = await worker.fetch("/v1/orders/SALE/V1", { method: "PUT", headers: MERCHANT });
  assert.deepEqual([put.status, put.headers.get("allow")], [405, "GET, HEAD"]);
});

test("all of it takes a token for crediting", async () => {
  for (const headers of [{}, ADMIN]) {
    const answers = [
      await worker.record(order("T1"), headers),
      await worker.fetch("/v1/orders/SALE/V1", { headers }),
      await worker.post("/v1/orders/SALE/V1/reverse", { reason: "a" }, headers),
      await worker.post("/v1/orders/SALE/V1/adjust", { subtotal_minor: 1, reason: "a" }, headers),
      await worker.post("/v1/reservations", { code: "ONE", cart_id: "c", ttl_s: 60 }, headers),
      await worker.fetch("/v1/reservations/c", { method: "DELETE", headers }),
    ];
    const refused = headers === ADMIN ? 403 : 401;
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([refused]));
  }
});

test("an order id of any characters is one order", async () => {
  const id = "Größe 7/8 ?#%";
  const first = await record(order(id, { promo_codes: ["OPEN"] }));
  const found = await of(encodeURIComponent(id));
  assert.deepEqual(found.body, { ...first.body, outcome: "found" });
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
