// Orders of Vendure that the ledger has yet to hear of: none keeps another one waiting, and none is
// lost.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { PromoEdgeError, orThrow } from "../../plugins/server/index.js";
import { eventually } from "../edge/ledger.mjs";
import { openShop } from "./lamps.mjs";

/** @type {Awaited<ReturnType<typeof openShop>>} */
let lamps;

before(async () => {
  lamps = await openShop();
});
afterEach(() => {
  lamps.way.isClosed = false;
});
after(() => lamps.close());

test("an order that always fails keeps no other one waiting", async (t) => {
  const ledger = await lamps.ledger();
  const settle = ledger.settle.bind(ledger);
  const failed = /** @type {string[]} */ ([]);
  t.mock.method(ledger, "settle", async (/** @type {string} */ id) => {
    if (String(id) !== "1") return settle(id);
    failed.push(String(id));
    throw new PromoEdgeError("answered 500", { status: 500 });
  });
  const { id } = await lamps.place([]);
  assert.equal(id, "1");
  const good = await lamps.place([]);
  await lamps.settled(good.id);
  // Jobs alone would have done so; from here on there is only the sweep.
  await lamps.setOrder(good.id, { customFields: { promoEdgeStanding: "waiting" } });
  failed.length = 0;
  await lamps.settled(good.id);
  await eventually(async () => failed.length, (count) => count > 0);
  assert.equal((await lamps.shop.order(id)).customFields.promoEdgeStanding, "waiting");
  await lamps.setOrder(id, { customFields: { promoEdgeStanding: "settled" } });
});

test("a Worker that does not answer is asked about one order of each sweep", async (t) => {
  const ledger = await lamps.ledger();
  const orders = [await lamps.place([]), await lamps.place([])];
  for (const { id } of orders) await lamps.settled(id);
  const asked = /** @type {string[]} */ ([]);
  t.mock.method(ledger, "settle", async (/** @type {string} */ id) => {
    asked.push(String(id));
    throw new PromoEdgeError("no answer");
  });
  const standing = (/** @type {string} */ promoEdgeStanding) =>
    Promise.all(orders.map(({ id }) => lamps.setOrder(id, { customFields: { promoEdgeStanding } })));
  await standing("waiting");
  await eventually(async () => asked.length, (count) => count >= 2);
  await standing("settled");
  assert.deepEqual([...new Set(asked)], [orders[0].id]);
});

test("all that wait have their turn, however many do", async (t) => {
  const ledger = await lamps.ledger();
  const { id } = await lamps.place([]);
  await lamps.settled(id);
  const copies = await lamps.copyOrder(id, 101, { promoEdgeStanding: "waiting" });
  const asked = new Set();
  t.mock.method(ledger, "settle", async (/** @type {string} */ id) => {
    asked.add(String(id));
    throw new PromoEdgeError("answered 500", { status: 500 });
  });
  await eventually(async () => copies.every((id) => asked.has(id)), (all) => all);
  await lamps.removeOrders(copies);
});

test("an order of a channel that has no programme any more says so", async () => {
  const { id } = await lamps.place([]);
  await lamps.settled(id);
  const { promoEdgeClaim } = await lamps.fields(id);
  const claim = JSON.stringify({ ...JSON.parse(promoEdgeClaim), channel: "elsewhere" });
  const fields = { promoEdgeClaim: claim, promoEdgeStanding: "waiting" };
  await lamps.setOrder(id, { customFields: fields });
  const { customFields } = await lamps.settled(id);
  assert.equal(customFields.promoEdgeStanding, "refused");
  assert.match(customFields.promoEdgeTrouble, /"elsewhere" has no programme/);
});
