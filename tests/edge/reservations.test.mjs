// Uses that are held for carts, and what validation says of caps.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { MERCHANT, eventually, order, startLedger } from "./ledger.mjs";

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  worker = await startLedger({ vars: { CAP_SHARDS: "1", HOLD_TTL_MS: "100" } });
});
after(() => worker.close());

/** @param {string} code @param {string} cart_id @param {object} [more] */
const reserve = async (code, cart_id, more = {}) =>
  (await worker.post("/v1/reservations", { code, cart_id, ttl_s: 600, ...more }, MERCHANT)).body;
/** @param {string} cart */
const release = async (cart) => {
  const path = `/v1/reservations/${encodeURIComponent(cart)}`;
  return (await worker.fetch(path, { method: "DELETE", headers: MERCHANT })).body;
};
/** @param {string} code @param {object} [more] */
const validate = async (code, more = {}) =>
  (await worker.validate({ code, ...more }, MERCHANT)).body;
const publicly = async (/** @type {string} */ code) => {
  const { snapshot, ...answer } = (await worker.validate({ code })).body;
  return answer;
};

test("a use is held once for a cart, however often it is asked for", async () => {
  const first = await reserve("one", "cart / 1");
  assert.deepEqual([first.reserved, first.code_id], [true, "one"]);
  assert.ok(Date.parse(first.expires_at) > Date.now() + 500_000);
  assert.equal((await reserve("ONE", "cart / 1")).reserved, true);
  const other = await reserve("ONE", "cart-2");
  assert.deepEqual([other.reserved, other.reason], [false, "redemptions_exhausted"]);
  const refused = await worker.record(order("H1", { promo_codes: ["ONE"] }), MERCHANT);
  assert.equal(refused.body.credited, null, "another order finds no use");
  assert.equal((await release("cart / 1")).released, 1);
  assert.equal((await release("cart / 1")).released, 0);
  assert.equal((await reserve("ONE", "cart-2")).reserved, true);
});

test("the order of a cart takes its hold over", async () => {
  const taken = order("H2", { promo_codes: ["ONE"], cart_id: "cart-2" });
  const recorded = await worker.record(taken, MERCHANT);
  assert.equal(recorded.body.credited.partner, "ana", JSON.stringify(recorded.body));
  assert.equal((await release("cart-2")).released, 0);
  const [{ taken: count }] = await worker.stored(
    "CAPS", "1000/1/0", "SELECT taken FROM codes WHERE code_id = 'one'",
  );
  assert.equal(count, 1);
});

test("a hold ends by itself", async () => {
  assert.equal((await reserve("BOTH", "cart-3", { customer_id: "ada" })).reserved, true);
  const sql = "UPDATE uses SET expires_at = 1 WHERE holder LIKE 'cart%'";
  await worker.stored("CAPS", "1000/1/0", sql);
  assert.equal((await reserve("BOTH", "cart-4", { customer_id: "ada" })).reserved, true);
  const [{ count }] = await worker.stored(
    "CAPS", "1000/1/0", "SELECT COUNT(*) count FROM uses WHERE code_id = 'both'",
  );
  assert.equal(count, 1);
});

test("a hold that has ended goes by itself, without anybody asking for the code", async () => {
  await reserve("HUNDRED", "cart-8");
  const sql = "UPDATE uses SET expires_at = 1 WHERE holder LIKE '%cart-8'";
  await worker.stored("CAPS", "1000/1/0", sql);
  // Any hold of the same object wakes it; this one ends at once, and its alarm finds the other.
  await worker.record(order("H4", { promo_codes: ["EACH"], customer_id: "emil" }), MERCHANT);
  const held = "SELECT * FROM uses WHERE holder LIKE '%cart-8'";
  await eventually(() => worker.stored("CAPS", "1000/1/0", held), ({ length }) => length === 0);
});

test("a customer who has had a use gets no other", async () => {
  const again = await reserve("BOTH", "cart-5", { customer_id: "ada" });
  assert.equal(again.reason, "customer_redemptions_exhausted");
  assert.equal((await reserve("BOTH", "cart-5")).reason, "customer_required");
  assert.equal((await reserve("BOTH", "cart-5", { customer_id: "bob" })).reserved, true);
  const carla = await reserve("BOTH", "cart-6", { customer_id: "carla" });
  assert.equal(carla.reason, "redemptions_exhausted");
});

test("a cart that comes to another customer holds for that one", async () => {
  const held = await reserve("EACH", "cart-9", { customer_id: "flo" });
  assert.equal(held.reserved, true);
  const bought = order("H5", { promo_codes: ["EACH"], customer_id: "gus" });
  assert.equal((await worker.record(bought, MERCHANT)).body.credited.partner, "ana");
  const other = await reserve("EACH", "cart-9", { customer_id: "gus" });
  assert.equal(other.reason, "customer_redemptions_exhausted", "gus has had one");
  assert.equal((await reserve("EACH", "cart-10", { customer_id: "flo" })).reserved, true);
});

test("a code without a cap needs no hold, and one that is none gets none", async () => {
  const open = await reserve("OPEN", "cart-7");
  assert.deepEqual([open.reserved, open.expires_at], [true, null]);
  const unknown = await reserve("NOPE", "cart-7");
  assert.deepEqual(
    [unknown.reserved, unknown.reason, unknown.code_id], [false, "unknown_code", null],
  );
  for (const ttl_s of [59, 3_601, 60.5]) {
    const body = { code: "OPEN", cart_id: "c", ttl_s };
    const { status, body: problem } = await worker.post("/v1/reservations", body, MERCHANT);
    assert.deepEqual([status, problem.path], [400, "ttl_s"]);
  }
});

test("validation says what may be left, to trusted callers alone", async () => {
  const left = await validate("HUNDRED");
  assert.deepEqual([left.valid, left.remaining_estimate], [true, 100]);
  const used = await validate("ONE");
  assert.deepEqual([used.valid, used.exact_reason], [false, "redemptions_exhausted"]);
  const mine = await validate("EACH", { customer_id: "dora" });
  assert.deepEqual([mine.valid, mine.remaining_estimate], [true, 1]);
  const bought = order("H3", { promo_codes: ["EACH"], customer_id: "dora" });
  await worker.record(bought, MERCHANT);
  const again = await eventually(
    () => validate("EACH", { customer_id: "dora" }), ({ valid }) => valid === false,
  );
  assert.equal(again.exact_reason, "customer_redemptions_exhausted");
});

test("a shopper hears the same of a used-up code as of one that does not exist", async () => {
  assert.deepEqual(await publicly("ONE"), await publicly("NOPE"));
  assert.equal((await publicly("HUNDRED")).remaining_estimate, undefined);
});
