// The number of objects grows: what is settled stays settled, wherever it is kept.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MERCHANT, order, startLedger } from "./ledger.mjs";

/** Two Workers of different settings over the same objects, as during a deployment. */
async function startGrowing() {
  const worker = await startLedger({
    vars: { ORDER_SHARDS: "1", CAP_SHARDS: "1" },
    twins: { grown: { ORDER_SHARDS: "1 4", CAP_SHARDS: "1 4" } },
  });
  const record = (/** @type {string} */ name, /** @type {object} */ claim) =>
    worker.ask(name, "/v1/credit", claim, MERCHANT);
  return { worker, record };
}

test("an order of before the growth is found by Workers of both settings", async () => {
  const { worker, record } = await startGrowing();
  try {
    const claim = order("G1", { promo_codes: ["ONE"] });
    const first = await record("promo-edge", claim);
    assert.deepEqual([first.status, first.body.credited.partner], [201, "ana"]);
    const again = await record("grown", claim);
    assert.deepEqual(again.body, { ...first.body, outcome: "already_recorded" });
    const second = await record("grown", order("G2", { promo_codes: ["ONE"] }));
    assert.equal(second.body.credited, null, "its use is counted where it was");
  } finally {
    await worker.close();
  }
});

test("an order of after the growth is not settled by a Worker of before", async () => {
  const { worker, record } = await startGrowing();
  try {
    const claim = order("G3", { promo_codes: ["OPEN"] });
    assert.equal((await record("grown", claim)).status, 201);
    const late = await record("promo-edge", claim);
    assert.equal(late.status, 503);
    assert.equal(late.headers.get("retry-after"), "1");
    assert.equal((await record("grown", claim)).status, 200);
    const reversing = await worker.ask(
      "promo-edge", "/v1/orders/SALE/G3/reverse", { reason: "sent back" }, MERCHANT,
    );
    assert.equal(reversing.status, 503, "nobody is told that there is no such order");
  } finally {
    await worker.close();
  }
});

test("a number that is left out stops the ledger and does not start it anew", async () => {
  const worker = await startLedger({
    vars: { ORDER_SHARDS: "4" },
    twins: { wrong: { ORDER_SHARDS: "16" }, right: { ORDER_SHARDS: "4 16" } },
  });
  try {
    const claim = order("G4", { promo_codes: ["OPEN"] });
    const ask = (/** @type {string} */ name) => worker.ask(name, "/v1/credit", claim, MERCHANT);
    assert.equal((await ask("promo-edge")).status, 201);
    assert.equal((await ask("wrong")).status, 503);
    assert.equal((await ask("right")).status, 200);
  } finally {
    await worker.close();
  }
});
