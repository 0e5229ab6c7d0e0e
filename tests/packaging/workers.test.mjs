// docs/adopt/workers.md: a shop's Worker as it stands there, on workerd, beside ours.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { catalog } from "../edge/catalog.mjs";
import { buildSnapshot } from "../edge/snapshots.mjs";
import { startDeployed, startWorker } from "../edge/worker.mjs";
import { snippets } from "../snippets.mjs";
import { App } from "./app.mjs";

const DOCS = "docs/adopt/workers.md";
const CART = { event_type: "SALE", currency: "USD", subtotal_minor: 12_900 };

/** @type {App} */
let app;
/** @type {import("../edge/worker.mjs").Worker} */
let worker;

before(async () => {
  app = new App({
    "wrangler.toml": snippets(DOCS, "toml wrangler.toml")[0] ?? "",
    "worker.js": snippets(DOCS, "js worker.js")[0] ?? "",
    "checkout.js": snippets(DOCS, "js checkout.js")[0] ?? "",
  });
  worker = await startWorker({ neighbours: [path.join(app.folder, "wrangler.toml")] });
  await worker.publish(buildSnapshot(catalog()));
});
after(async () => {
  await worker.close();
  app.remove();
});

/** @param {string} pathname @param {object} body */
async function ask(pathname, body) {
  return worker.ask("shop", pathname, body, { "content-type": "application/json" });
}

test("a malformed code is refused by the shop's own Worker", async () => {
  const { status, body } = await ask("/v1/validate", { code: "X".repeat(65), cart: CART });
  const refusal = { valid: false, reason: "malformed", detail: "too_long" };
  assert.deepEqual([status, body], [200, refusal], "ours would have named the snapshot, too");
});

test("any other is answered by ours, as a shopper is told", async () => {
  const { body } = await ask("/v1/validate", { code: " save10", cart: CART });
  assert.equal(body.valid, true);
  assert.equal(body.quote.amount_minor, 1290);
  assert.equal("owner" in body, false);
  const { status, body: problem } = await ask("/v1/validate", { kode: "SAVE10" });
  assert.equal(status, 400);
  assert.equal(problem.status, 400);
});

test("a checkout asks by a method", async () => {
  const { body } = await ask("/total", { code: "SAVE10", cart: CART });
  assert.deepEqual(body, { total_minor: 11_610 });
  const { body: without } = await ask("/total", { code: "NOPE", cart: CART });
  assert.deepEqual(without, { total_minor: 12_900 });
});

test("ours serves the package, to pages of any host", async (t) => {
  const deployed = await startDeployed();
  t.after(() => deployed.close());
  for (const file of ["promo-edge.min.js", "integrity.json", "wasm/public/public_bg.wasm"]) {
    const { status, headers } = await deployed.fetch(`/promo-edge/${file}`);
    assert.deepEqual([status, headers.get("access-control-allow-origin")], [200, "*"], file);
  }
  const { headers } = await deployed.fetch("/");
  assert.equal(headers.get("access-control-allow-origin"), null);
});
