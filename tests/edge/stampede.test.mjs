// Many at once: a cap is reached and never passed, an order is recorded once however often it is
// sent, and every entry arrives in the reports.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { seeded, shuffled } from "../../benches/statistics.mjs";
import { Bare } from "./bare.mjs";
import { eventually, order } from "./ledger.mjs";

/** @typedef {import("./bare.mjs").Answer} Answer */

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 32);

/** @type {Bare} */
let worker;

before(async () => {
  worker = await Bare.start();
});
after(() => worker.close());

/**
 * @template T
 * @param {number} count
 * @param {(index: number) => Promise<T>} ask
 */
const atOnce = (count, ask) => Promise.all(Array.from({ length: count }, (_, index) => ask(index)));

/** @param {string} id @param {string} code @param {object} [more] */
const record = (id, code, more) => worker.record(order(id, { promo_codes: [code], ...more }));

/** @param {string} code @param {string} cart_id @param {string} [customer_id] */
const reserve = (code, cart_id, customer_id) =>
  worker.post("/v1/reservations", { code, cart_id, customer_id, ttl_s: 600 });

/** @param {Answer[]} answers */
const credited = (answers) => answers.filter(({ body }) => body.credited !== null).length;

/** @param {string} code_id */
const taken = async (code_id) => {
  const rows = await worker.stored("CapObject", "SELECT code_id, taken FROM codes");
  return rows.find((row) => row.code_id === code_id).taken;
};

test("a cap of 100 under 2,000 orders at once is reached and not passed", async () => {
  const answers = await atOnce(2_000, (index) => record(`H${index}`, "HUNDRED"));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
  assert.equal(credited(answers), 100);
  const refused = answers.filter(({ body }) => body.credited === null);
  const expected = [{ partner: "ana", reason: "MAX_RECURRENCES_REACHED" }];
  for (const { body } of refused) assert.deepEqual(body.reasons, expected);

  const reversed = answers.filter(({ body }) => body.credited).slice(0, 10);
  const outcomes = await atOnce(30, async (index) => {
    const { order_id } = reversed[index % 10].body;
    const { status, body } = await worker.post(
      `/v1/orders/SALE/${order_id}/reverse`, { reason: "sent back" },
    );
    assert.equal(status, 200, JSON.stringify(body));
    return body.outcome;
  });
  const count = (/** @type {string} */ name) => outcomes.filter((it) => it === name).length;
  assert.deepEqual([count("reversed"), count("already_reversed")], [10, 20]);
  await eventually(() => taken("hundred"), (count) => count === 90);

  const next = await atOnce(50, (index) => record(`HN${index}`, "HUNDRED"));
  assert.equal(credited(next), 10, "each use came back once");
  assert.equal(await taken("hundred"), 100);
});

test("a customer who orders 50 times at once uses a code once", async () => {
  const answers = await atOnce(50, (index) => record(`E${index}`, "EACH", { customer_id: "ada" }));
  assert.equal(credited(answers), 1);
  const other = await record("E-other", "EACH", { customer_id: "grace" });
  assert.equal(other.body.credited.partner, "ana");
});

test("a cap of one is held by one cart of 60, and only its order gets it", async () => {
  const carts = await atOnce(60, (index) => reserve("ONE", `cart-${index}`));
  const holders = carts.filter(({ body }) => body.reserved);
  assert.equal(holders.length, 1);
  const refused = carts.filter(({ body }) => !body.reserved);
  assert.deepEqual([...new Set(refused.map(({ body }) => body.reason))], ["redemptions_exhausted"]);
  const orders = (/** @type {number} */ index) =>
    record(`C${index}`, "ONE", { cart_id: `cart-${index}` });
  const answers = await atOnce(60, orders);
  const winners = answers.flatMap(({ body }, index) => (body.credited ? [`cart-${index}`] : []));
  assert.deepEqual(winners, [holders[0].body.cart_id]);
  assert.equal(await taken("one"), 1, "the order has taken over what its cart held");
  const release = await worker.client.ask("DELETE", `/v1/reservations/${winners[0]}`);
  assert.equal(release.body.released, 0, "nothing is left to the cart");
});

test("what a cart gives back another may have", async () => {
  const carts = ["ada", "ada", "grace", "mary"];
  const [first, same, second, third] = await Promise.all(
    carts.map((customer, index) => reserve("BOTH", `both-${index}`, customer)),
  );
  const isReserved = [first, same, second, third].map(({ body }) => body.reserved);
  assert.equal(isReserved.filter(Boolean).length, 2);
  assert.notDeepEqual(isReserved.slice(0, 2), [true, true], "a customer has one use");
  const holder = isReserved.lastIndexOf(true);
  const give = () => worker.client.ask("DELETE", `/v1/reservations/both-${holder}`);
  const released = await atOnce(3, give);
  assert.deepEqual(released.map(({ body }) => body.released).sort(), [0, 0, 1]);
  const heirs = await atOnce(5, (index) => reserve("BOTH", `heir-${index}`, `heir-${index}`));
  assert.equal(heirs.filter(({ body }) => body.reserved).length, 1);
});

test(`10,000 orders sent three times each are recorded once each (SEED=${SEED})`, async () => {
  const count = 10_000;
  const before = await entries();
  const thrice = Array.from({ length: 3 * count }, (_, index) => `T${index % count}`);
  /** @type {Map<string, string[]>} */
  const outcomes = new Map();
  const answers = shuffled(thrice, seeded(SEED)).map(async (id) => {
    const { status, body } = await record(id, "OPEN");
    assert.equal(status, body.outcome === "recorded" ? 201 : 200, JSON.stringify(body));
    outcomes.set(id, [...(outcomes.get(id) ?? []), body.outcome].sort());
  });
  await Promise.all(answers);
  assert.equal(outcomes.size, count);
  for (const [id, each] of outcomes) {
    assert.deepEqual(each, ["already_recorded", "already_recorded", "recorded"], id);
  }
  assert.equal(await entries(), before + count);
  await worker.delivered();
  const rows = await worker.report(
    `SELECT COUNT(*) AS count, COUNT(DISTINCT order_id) AS orders
     FROM entries WHERE order_id LIKE 'T%'`,
  );
  assert.deepEqual(rows, [{ count, orders: count }]);
});

async function entries() {
  const rows = await worker.stored("OrderObject", "SELECT COUNT(*) AS count FROM entries");
  return rows.reduce((sum, row) => sum + row.count, 0);
}
