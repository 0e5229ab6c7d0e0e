// What managers edit decides who is credited: rules of the domain, from the edit to the order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";

const MINUTE_MS = 60_000;

/** @type {Desk} */
let desk;
before(async () => {
  const contracts = [{ id: "k1", event_types: ["SALE"], start_at: "2026-01-01" }];
  const partners = CATALOG.partners.map((partner) => ({ ...partner, contracts }));
  desk = await Desk.start({ ...CATALOG, partners });
  await desk.live();
});
after(() => desk.close());

/**
 * Who is credited for an order, and everybody else's reasons.
 *
 * @param {string[]} promo_codes
 * @param {string[]} clicks partners, the first first
 * @param {string} [placed_at]
 */
async function decided(promo_codes, clicks, placed_at = new Date().toISOString()) {
  const at = (/** @type {number} */ index) =>
    new Date(Date.parse(placed_at) - (clicks.length - index) * MINUTE_MS).toISOString();
  const { status, body } = await desk.fetch("POST", "/v1/credit?dry_run=1", {
    order_id: "A1", event_type: "SALE", placed_at, currency: "USD", subtotal_minor: 10_000,
    promo_codes, clicks: clicks.map((partner, index) => ({ partner, at: at(index) })),
  }, "till");
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Waits until an order is decided so. @param {() => Promise<any>} ask @param {any} wanted */
async function becomes(ask, wanted) {
  /** @type {any} */
  let said;
  await desk.until(async () => {
    const { credited } = await ask();
    said = credited && { partner: credited.partner, basis: credited.basis };
    return JSON.stringify(said) === JSON.stringify(wanted);
  }, () => `expected ${JSON.stringify(wanted)}, heard ${JSON.stringify(said)}`);
}

const byCode = { partner: "ana", basis: "promo_code" };
const byClick = { partner: "cara", basis: "click" };

test("rule 1: without tracking the clicks decide, and the codes stay", async () => {
  const ask = () => decided(["SAVE10"], ["ben", "cara"]);
  await becomes(ask, byCode);
  const { version } = (await desk.ask("GET", "")).body;
  const off = await desk.ask("PATCH", "", { version, tracking: false });
  assert.equal(off.status, 200);
  await becomes(ask, byClick);
  assert.equal((await desk.ask("GET", "/codes/c1")).body.state, "active");
  const on = await desk.ask("PATCH", "", { version: version + 1, tracking: true });
  assert.equal(on.status, 200);
  await becomes(ask, byCode);
});

test("rule 1: and so for one event type", async () => {
  const ask = () => decided(["SAVE10"], ["ben", "cara"]);
  const { version, event_types } = (await desk.ask("GET", "")).body;
  const off = event_types.map((/** @type {any} */ event) => ({ ...event, promo_codes: false }));
  assert.equal((await desk.ask("PATCH", "", { version, event_types: off })).status, 200);
  await becomes(ask, byClick);
  await desk.ask("PATCH", "", { version: version + 1, event_types });
  await becomes(ask, byCode);
});

test("rule 28: an order from before a code expired is credited when it comes late", async () => {
  const { id } = await desk.code("LATE28");
  await becomes(() => decided(["LATE28"], []), byCode);
  const { body } = await desk.ask("DELETE", `/codes/${id}`);
  const before = new Date(Date.parse(body.expired_at) - 1).toISOString();
  await becomes(() => decided(["LATE28"], ["cara"]), byClick);
  await becomes(() => decided(["LATE28"], ["cara"], before), byCode);
  await becomes(() => decided(["LATE28"], ["cara"], body.expired_at), byClick);
  await desk.ask("POST", "/codes/reactivate", { ids: [id] });
  await becomes(() => decided(["LATE28"], ["cara"]), byCode);
});

test("rule 29: a contract that has ended pays nobody, and the code stays its owner's", async () => {
  const { version, contracts } = (await desk.ask("GET", "/partners/ana")).body;
  const ended = [{ ...contracts[0], end_at: "2026-06-01" }];
  const patched = await desk.ask("PATCH", "/partners/ana", { version, contracts: ended });
  assert.equal(patched.status, 200, JSON.stringify(patched.body));
  await becomes(() => decided(["SAVE10"], ["cara"]), null);
  const { reasons } = await decided(["SAVE10"], ["cara"]);
  const said = reasons.map((/** @type {any} */ { partner, reason }) => [partner, reason]);
  assert.deepEqual(said.sort(), [
    ["ana", "CONTRACT_NOT_FOUND"], ["cara", "OTHER_REF_PRIORITIZED"],
  ]);
  const code = (await desk.ask("GET", "/codes/c1")).body;
  assert.deepEqual([code.state, code.owner], ["active", "ana"]);
  await desk.answers("SAVE10", "valid");
});

test("rule 44: a synchronised deal that ends takes its codes along, until it goes on", async () => {
  const bens = { ...byCode, partner: "ben" };
  const { status } = await desk.ask("POST", "/deals", {
    id: "sync", name: "Synced", type: "general_sale", sync_codes: true,
    discount: { kind: "percent", bps: 500 },
  });
  assert.equal(status, 201);
  await desk.code("SYNC44", { deal: "sync", owner: "ben" });
  await becomes(() => decided(["SYNC44"], ["cara"]), bens);
  const { version } = (await desk.ask("POST", "/deals/sync/expire")).body;
  await becomes(() => decided(["SYNC44"], ["cara"]), byClick);
  const off = await desk.ask("PATCH", "/deals/sync", { version, sync_codes: false });
  assert.equal(off.status, 200, JSON.stringify(off.body));
  await becomes(() => decided(["SYNC44"], ["cara"]), bens);
});
