// Orders of Vendure that the ledger has yet to hear of: none keeps another one waiting, and none is
// lost.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openShop } from "./lamps.mjs";

/** As the plugin has it: a package of its own. @type {any} */
const { PromoEdgeError } = await import(
  new URL("../../plugins/vendure/node_modules/promo-edge-server/index.js", import.meta.url).href
);

/** @type {Awaited<ReturnType<typeof openShop>>} */
let lamps;

/** What the plugin does with orders; it sweeps when it is told to. @type {any} */
let ledger;

before(async () => {
  lamps = await openShop();
  ledger = await lamps.ledger();
  ledger.stop();
});
after(() => lamps.close());

/**
 * Which of so many waiting orders are taken up by sweeps that fail at each.
 *
 * @param {import("node:test").TestContext} t
 * @param {{count: number, sweeps: number, status: number | null}} sweeping
 */
async function sweep(t, { count, sweeps, status }) {
  const { id } = await lamps.place([]);
  await lamps.settled(id);
  const copies = await lamps.copyOrder(id, count, { promoEdgeStanding: "waiting" });
  const asked = /** @type {string[]} */ ([]);
  t.mock.method(ledger, "settle", async (/** @type {string} */ id) => {
    asked.push(String(id));
    throw new PromoEdgeError("as the test has it", { status });
  });
  for (let swept = 0; swept < sweeps; swept += 1) await ledger.sweep();
  await lamps.removeOrders(copies);
  return { copies, asked };
}

test("an order that always fails keeps no other one waiting", async (t) => {
  const { copies, asked } = await sweep(t, { count: 2, sweeps: 1, status: 500 });
  assert.deepEqual(asked, copies);
});

test("a Worker that does not answer is asked about one order of each sweep", async (t) => {
  const { copies: [first], asked } = await sweep(t, { count: 2, sweeps: 2, status: null });
  assert.deepEqual(asked, [first, first]);
});

test("all that wait have their turn, however many do", async (t) => {
  const { copies, asked } = await sweep(t, { count: 101, sweeps: 2, status: 500 });
  assert.deepEqual(asked, copies);
});

test("an order of a channel that has no programme any more says so", async () => {
  const { id } = await lamps.place([]);
  await lamps.settled(id);
  const { promoEdgeClaim } = await lamps.fields(id);
  const claim = JSON.stringify({ ...JSON.parse(promoEdgeClaim), channel: "elsewhere" });
  const fields = { promoEdgeClaim: claim, promoEdgeStanding: "waiting" };
  await lamps.setOrder(id, { customFields: fields });
  await ledger.sweep();
  const { customFields } = await lamps.shop.order(id);
  assert.equal(customFields.promoEdgeStanding, "refused");
  assert.match(customFields.promoEdgeTrouble, /"elsewhere" has no programme/);
});

test("what becomes of an order while it is told is told as well", async (t) => {
  const { id } = await lamps.place([]);
  await lamps.settled(id);
  const { promise: isAsked, resolve: ask } = Promise.withResolvers();
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers();
  const { promo } = ledger.programs.of("");
  const record = promo.record.bind(promo);
  const told = t.mock.method(promo, "record", async (/** @type {any} */ order) => {
    ask(null);
    await mayAnswer;
    return record(order);
  });
  const telling = ledger.settle(id);
  await isAsked;
  // As a queue of its own has it: the job of this has come and gone before it was committed.
  const waits = { promoEdgeStanding: "waiting", promoEdgeRevision: "another" };
  await lamps.setOrder(id, { customFields: waits });
  answer(null);
  await telling;
  assert.equal(told.mock.callCount(), 2);
});
