// Whatever fails on an order's way, it is recorded once, uses one use, and arrives in the reports.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { Bare } from "./bare.mjs";
import { eventually, order } from "./ledger.mjs";

/** Short, so that everything that goes by time goes by while a test runs. */
const VARS = { HOLD_TTL_MS: "500", OUTBOX_RESEND_MS: "500" };

/** @type {Bare} */
let worker;

before(async () => {
  worker = await Bare.start({
    main: "tests/edge/faulty_ledger.js",
    vars: VARS,
    consumer: { maxBatchTimeout: 0, maxRetries: 1, retryDelay: 0 },
    isReadingDeadLetters: true,
  });
});
afterEach(() => set({}));
after(() => worker.close());

/** @param {Record<string, [number, number]>} faults how often it goes well, and then fails */
const set = (faults) => worker.post("/test/faults", faults);

/** @param {string} id @param {string} [code] @param {object} [more] */
const record = (id, code = "OPEN", more = {}) =>
  worker.record(order(id, { promo_codes: [code], ...more }));

/** @param {string} id */
const entriesOf = (id) =>
  worker.stored("OrderObject", `SELECT * FROM entries WHERE order_id = '${id}'`);

/** @param {string} id */
const usesOf = (id) =>
  worker.stored("CapObject", `SELECT * FROM uses WHERE holder = 'order\u001fSALE\u001f${id}'`);

/** @param {string} id @param {number} [count] */
const arrive = (id, count = 1) => {
  const ask = () => worker.report(`SELECT id FROM entries WHERE order_id = '${id}'`);
  return eventually(ask, (rows) => rows.length === count);
};

test("an entry, its row in the outbox and the alarm are kept together or not at all", async () => {
  await worker.idle();
  await set({ "OrderObject INSERT INTO outbox": [0, 1] });
  const failed = await record("T1");
  assert.equal(failed.status, 503, JSON.stringify(failed.body));
  assert.deepEqual(await entriesOf("T1"), []);
  assert.deepEqual(await worker.alarms("ORDERS"), [null, null, null, null]);
  assert.equal((await record("T1")).status, 201);
  assert.equal((await record("T1")).status, 200);
  assert.equal((await entriesOf("T1")).length, 1);
  await arrive("T1");
});

test("an alarm that was taken back with the rest is set again", async () => {
  await record("T2", "HUNDRED");
  await arrive("T2");
  await worker.idle();
  const reverse = () => worker.post("/v1/orders/SALE/T2/reverse", { reason: "sent back" });
  await set({ "OrderObject INSERT INTO outbox": [1, 1] });
  assert.equal((await reverse()).status, 503, "after the alarm was set for the reports");
  assert.deepEqual(await worker.alarms("ORDERS"), [null, null, null, null]);
  assert.equal((await reverse()).body.outcome, "reversed");
  await arrive("T2", 2);
  assert.deepEqual(await eventually(() => usesOf("T2"), (uses) => uses.length === 0), []);
});

test("no alarm goes off once nothing is left to do", async () => {
  await record("T3", "HUNDRED");
  await arrive("T3");
  await worker.idle();
});

test("a lost reply costs neither a second entry nor a second use", async () => {
  for (const lost of ["OrderObject reply /record", "CapObject reply /reserve"]) {
    const id = `L ${lost}`;
    await set({ [lost]: [0, 1] });
    const failed = await record(id, "HUNDRED");
    assert.equal(failed.status, 503, `${lost}: ${JSON.stringify(failed.body)}`);
    const again = await record(id, "HUNDRED");
    assert.ok([200, 201].includes(again.status), JSON.stringify(again.body));
    assert.equal(again.body.credited.partner, "ana");
    assert.equal((await entriesOf(id)).length, 1, lost);
    assert.equal((await usesOf(id)).length, 1, lost);
    await arrive(id);
  }
});

test("a use that is held for an order that never comes goes back", async () => {
  await set({ "OrderObject question /record": [0, 1] });
  assert.equal((await record("N1", "ONE")).status, 503);
  assert.equal((await record("N2", "ONE")).body.credited, null, "it is held meanwhile");
  await eventually(() => usesOf("N1"), (uses) => uses.length === 0);
  assert.equal((await record("N3", "ONE")).body.credited.partner, "ana");
  assert.equal((await record("N1", "ONE")).body.credited, null, "who comes late has lost it");
});

test("a cart's hold does not put off the end of an order's", async () => {
  await set({ "OrderObject question /record": [0, 1] });
  assert.equal((await record("P1", "HUNDRED")).status, 503);
  // An instance that has just come up knows nothing of the alarm that is set.
  await worker.evict("CapObject");
  const cart = { code: "HUNDRED", cart_id: "P2", ttl_s: 3600 };
  assert.equal((await worker.post("/v1/reservations", cart)).body.reserved, true);
  await eventually(() => usesOf("P1"), (uses) => uses.length === 0);
});

test("an order that is recorded after its hold was given up holds another use", async () => {
  await set({ "OrderObject late /record": [0, 1] });
  const recorded = await record("V1", "HUNDRED");
  assert.equal(recorded.status, 201, JSON.stringify(recorded.body));
  assert.equal(recorded.body.credited.partner, "ana");
  const [{ token: lost }] = await worker.stored(
    "OrderObject", "SELECT token FROM voids WHERE order_id = 'V1'",
  );
  const [entry, ...others] = await entriesOf("V1");
  assert.deepEqual(others, []);
  const { hold } = JSON.parse(entry.body);
  assert.ok(hold.token > lost, `${hold.token} is a later hold than ${lost}`);
  const uses = await eventually(() => usesOf("V1"), ([use]) => use.expires_at === null);
  assert.deepEqual(uses.map(({ token }) => token), [hold.token]);
});

test("what a queue loses is sent again", async () => {
  await set({ queue: [0, 3] });
  await record("Q1");
  await arrive("Q1");
});

test("while the reports are away, entries wait", async () => {
  await set({ reports: [0, 6] });
  await Promise.all(["D1", "D2", "D3"].map((id) => record(id)));
  for (const id of ["D1", "D2", "D3"]) await arrive(id);
});

test("what a queue gives up is named, and sent again all the same", async () => {
  // Once more than a message is tried.
  await set({ reports: [0, 3] });
  await record("G1");
  const letters = () => worker.client.ask("GET", "/test/dead-letters");
  const { body } = await eventually(letters, ({ body }) => body.length > 0);
  const { program, parcel } = JSON.parse(body[0]);
  assert.equal(program, "1000");
  assert.deepEqual(parcel.entries.map((/** @type {any} */ it) => it.order_id), ["G1"]);
  await arrive("G1");
});
