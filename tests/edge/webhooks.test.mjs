// The merchant's server hears of every entry, signed, until it has it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { Webhook } from "standardwebhooks";

import { ADMIN, MERCHANT, eventually, order, startLedger } from "./ledger.mjs";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** @type {import("./worker.mjs").Worker} */
let worker;
/** @type {import("node:http").Server} */
let server;
/** @type {{id: string, event: any}[]} */
let heard = [];
let status = 204;
let delay_ms = 0;

before(async () => {
  const webhook = new Webhook(SECRET);
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const headers = /** @type {Record<string, string>} */ (request.headers);
      heard.push({ id: headers["webhook-id"], event: webhook.verify(body, headers) });
      setTimeout(() => response.writeHead(status).end(), delay_ms);
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const vars = { WEBHOOK_URL: `http://127.0.0.1:${port}/events`, WEBHOOK_SECRETS: SECRET };
  worker = await startLedger({ vars: { ...vars, ORDER_SHARDS: "1" } });
});
beforeEach(() => {
  heard = [];
  status = 204;
  delay_ms = 0;
});
after(async () => {
  await worker.close();
  server.close();
});

/** @param {string} id @param {string} action @param {object} body */
const change = (id, action, body) =>
  worker.post(`/v1/orders/SALE/${id}/${action}`, body, MERCHANT);
const outbox = () =>
  worker.stored("ORDERS", "1000/1/0", "SELECT * FROM outbox WHERE destination = 'webhook'");

test("what happens to an order is told, whole each time", async () => {
  await worker.record(order("W1", { promo_codes: ["OPEN"] }), MERCHANT);
  await change("W1", "adjust", { subtotal_minor: 4_000, reason: "scratched" });
  await change("W1", "reverse", { reason: "sent back" });
  await eventually(async () => heard, ({ length }) => length >= 3);
  await eventually(outbox, ({ length }) => length === 0);
  const events = heard.map(({ event }) => event).sort((a, b) => a.data.entry - b.data.entry);
  assert.deepEqual(
    events.map(({ type, data }) => [type, data.state, data.payout_minor, data.reason]),
    [
      ["order.recorded", "pending", 1_000, null],
      ["order.adjusted", "pending", 400, "scratched"],
      ["order.reversed", "reversed", 0, "sent back"],
    ],
  );
  assert.deepEqual(events[0].data.credited, {
    partner: "ana", basis: "promo_code", code_id: "open",
  });
  assert.equal(new Set(heard.map(({ id }) => id)).size, 3);
});

test("what a server refuses waits, and what it wants no more of is parked", async () => {
  status = 500;
  await worker.record(order("W2"), MERCHANT);
  await eventually(async () => heard, ({ length }) => length === 1);
  const waiting = await eventually(outbox, ([row]) => row?.attempts === 1);
  assert.ok(waiting[0].due_at < Number.MAX_SAFE_INTEGER);
  status = 410;
  await worker.record(order("W3"), MERCHANT);
  const parked = await eventually(outbox, (rows) =>
    rows.some((row) => row.order_id === "W3" && row.due_at === Number.MAX_SAFE_INTEGER),
  );
  assert.equal(parked.length, 2, "neither is forgotten");
});

test("what waits and what is parked is sent again, and what arrived by its old id", async () => {
  const resend = async (/** @type {object} */ more = {}) =>
    (await worker.post("/v1/ledger/resend", { destination: "webhook", ...more }, ADMIN)).body;
  const waiting = await outbox();
  assert.deepEqual(await resend(), { entries: waiting.length });
  await eventually(outbox, ({ length }) => length === 0);
  const orders = () => heard.map(({ event }) => event.data.order_id).sort();
  assert.deepEqual(orders(), ["W2", "W3"]);
  const ids = heard.map(({ id }) => id);
  assert.deepEqual(await resend(), { entries: 0 });
  const { entries } = await resend({ since: "2020-01-01T00:00:00Z" });
  assert.equal(entries, 5);
  await eventually(outbox, ({ length }) => length === 0);
  assert.ok(ids.every((id) => heard.filter((it) => it.id === id).length === 2));
});

test("a slow server hears of each entry once", async () => {
  delay_ms = 40;
  const ids = Array.from({ length: 24 }, (_, index) => `S${index}`);
  await Promise.all(ids.map((id) => worker.record(order(id), MERCHANT)));
  await eventually(
    async () => ids.filter((id) => !heard.some(({ event }) => event.data.order_id === id)),
    ({ length }) => length === 0,
  );
  assert.equal(heard.length, ids.length);
  assert.equal(new Set(heard.map(({ id }) => id)).size, ids.length);
});
