// The middleware for Express and Hono: the real Worker in front of the app and behind it, and a
// checkout that goes through whatever becomes of either.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";

import { decodeJwt } from "jose";

import { createPromoEdge, orThrow } from "../../plugins/server/index.js";
import { COOKIE, encodePath } from "../edge/click_path.mjs";
import { eventually, order } from "../edge/ledger.mjs";
import { APPS } from "./apps.mjs";
import {
  CLICK_KEYS, ISSUER, NOWHERE, PROGRAM, TOKEN, listen, send, signAgain, startLossyWay,
  startWorkerBefore,
} from "./local.mjs";

/** @typedef {import("../../plugins/server/index.js").Order} Order */
/** @typedef {import("../../plugins/server/index.js").PromoEdgeError} PromoEdgeError */

const FORM = "application/x-www-form-urlencoded";

/** @type {Awaited<ReturnType<typeof listen>>} */
let shop;
/** @type {import("../edge/worker.mjs").Worker} */
let worker;
/** @type {Awaited<ReturnType<typeof startLossyWay>>} */
let way;
/** What the app's own queue was given. @type {{order: Order, error: PromoEdgeError}[]} */
let unrecorded = [];

before(async () => {
  shop = await listen();
  worker = await startWorkerBefore(shop.url);
  way = await startLossyWay(worker.url);
});
beforeEach(() => {
  unrecorded = [];
});
after(async () => {
  await way.close();
  await worker.close();
  await shop.close();
});

/** @param {string} url */
function client(url) {
  const settings = { token: TOKEN, program: PROGRAM, issuer: ISSUER, backoffMs: 1 };
  return createPromoEdge({ url, ...settings });
}

/** Has this framework's app answer. @param {string} name @param {string} [ledger] its address */
function serve(name, ledger = worker.url, more = {}) {
  const onUnrecorded = (/** @type {Order} */ order, /** @type {PromoEdgeError} */ error) => {
    unrecorded.push({ order, error });
  };
  const app = APPS[name](client(ledger), { onUnrecorded, ...more });
  shop.server.removeAllListeners("request").on("request", app);
}

/**
 * Checks out. By way of the Worker unless told otherwise.
 *
 * @param {string} id
 * @param {string} code
 * @param {Record<string, string>} [headers]
 * @param {string} [url]
 */
async function checkOut(id, code, headers = {}, url = worker.url) {
  const body = String(new URLSearchParams({ order: id, promo_code: code }));
  const all = { "content-type": FORM, ...headers };
  const answer = await send(`${url}/checkout`, { method: "POST", headers: all, body });
  assert.equal(answer.status, 200, answer.body);
  return answer.body;
}

/** The headers that a checkout reaches the app with. @param {string} code */
async function headersOf(code) {
  /** @type {any} */
  let headers;
  shop.server.removeAllListeners("request").on("request", (request, response) => {
    headers = request.headers;
    request.resume().on("end", () => response.end());
  });
  await send(`${worker.url}/checkout`, {
    method: "POST", headers: { "content-type": FORM }, body: `promo_code=${code}`,
  });
  return {
    "promo-code": headers["promo-code"],
    "promo-decision": headers["promo-decision"],
    "promo-receipt": headers["promo-receipt"],
  };
}

for (const name of Object.keys(APPS)) {
  test(`${name}: behind the Worker, the checkout knows who is credited`, async () => {
    serve(name);
    assert.deepEqual(await checkOut(`${name}-front`, "open"), {
      partner: "ana", code: "open", doubt: null, seen: [], outcome: "recorded",
    });
    const stands = orThrow(await client(worker.url).find("SALE", `${name}-front`));
    assert.equal(stands.credited?.partner, "ana");
    assert.deepEqual(unrecorded, []);
  });

  test(`${name}: the cookie of clicks goes to the ledger with the order`, async () => {
    serve(name);
    const clicks = [{ partner: "ben", at: Date.now() - 3_600_000 }];
    const headers = { cookie: `a=b; ${COOKIE}=${encodePath(clicks, CLICK_KEYS)}` };
    const { partner } = await checkOut(`${name}-clicks`, "", headers);
    assert.equal(partner, "ben");
    const stands = orThrow(await client(worker.url).find("SALE", `${name}-clicks`));
    assert.equal(stands.credited?.basis, "click");
  });

  test(`${name}: what comes past the Worker is not believed, and not seen`, async () => {
    const genuine = await headersOf("OPEN");
    const stranger = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    const { exp = 0 } = decodeJwt(genuine["promo-receipt"]);
    const receipt = genuine["promo-receipt"];
    const decision = JSON.parse(genuine["promo-decision"]);
    const bens = { ...decision, credited: { ...decision.credited, partner: "ben" } };
    const lead = { ...decision, event_type: "LEAD" };
    const rows = /** @type {[string, Record<string, string>, RegExp][]} */ ([
      ["none", { "promo-receipt": "" }, /Invalid Compact JWS/],
      ["forged", { "promo-receipt": await signAgain(receipt, {}, { key: stranger }) }, /signature/],
      ["expired", { "promo-receipt": await signAgain(receipt, { exp: exp - 3600 }) }, /"exp"/],
      ["other typ", { "promo-receipt": await signAgain(receipt, { typ: "recorded" }) }, /typ/],
      ["other program", { "promo-receipt": await signAgain(receipt, { aud: "1" }) }, /"aud"/],
      ["other event type", { "promo-decision": JSON.stringify(lead) }, /event_type/],
      ["other decision", { "promo-decision": JSON.stringify(bens) }, /partner/],
    ]);
    serve(name);
    const believed = await checkOut(`${name}-direct`, "OPEN", genuine, shop.url);
    assert.equal(believed.partner, "ana");
    for (const [what, headers, doubt] of rows) {
      const all = { ...genuine, promo_code: "OPEN", ...headers };
      const told = await checkOut(`${name}-${what}`, "OPEN", all, shop.url);
      assert.match(told.doubt, doubt, what);
      assert.deepEqual([told.partner, told.code, told.seen], [null, null, []], what);
    }
    const junk = { "promo-decision": "{", "promo-code": "OPEN" };
    const told = await checkOut(`${name}-junk`, "OPEN", junk, shop.url);
    assert.deepEqual([told.partner, told.doubt, told.seen], [null, null, []]);
  });

  test(`${name}: forms sent twice at once and answers that are lost record once`, async () => {
    serve(name, way.url);
    way.lost = 2;
    const all = await Promise.all(Array.from({ length: 6 }, () => checkOut(`${name}-6`, "ONE")));
    const outcomes = all.map(({ outcome }) => outcome);
    assert.ok(outcomes.every((outcome) => /recorded$/.test(outcome)), outcomes.join());
    const promo = client(worker.url);
    const stands = orThrow(await promo.find("SALE", `${name}-6`));
    assert.equal(stands.credited?.partner, "ana");
    const another = order(`${name}-7`, { promo_codes: ["ONE"] });
    assert.equal(orThrow(await promo.record(another)).reasons[0].reason, "MAX_RECURRENCES_REACHED");
    orThrow(await promo.reverse("SALE", `${name}-6`, "the shopper cancelled"));
    const cart = { code: "ONE", cart_id: name, ttl_s: 60 };
    await eventually(async () => orThrow(await promo.reserve(cart)), ({ reserved }) => reserved);
    orThrow(await promo.release(name));
  });

  test(`${name}: with the Worker down the checkout goes through, and the order waits`, async () => {
    serve(name, NOWHERE);
    const { outcome } = await checkOut(`${name}-down`, "OPEN", {}, shop.url);
    assert.equal(outcome, null);
    const [{ order: waiting, error }] = unrecorded;
    assert.ok(error.isPassing);
    const sent = orThrow(await client(worker.url).record(waiting));
    assert.deepEqual([sent.outcome, sent.credited?.partner], ["recorded", "ana"]);
  });

  test(`${name}: a Worker that is silent is waited for no longer than set`, async () => {
    const silent = await listen(() => {});
    serve(name, silent.url, { patienceMs: 50 });
    const { outcome } = await checkOut(`${name}-silent`, "OPEN", {}, shop.url);
    assert.equal(outcome, null);
    assert.equal(unrecorded.length, 1);
    await silent.close();
  });

  test(`${name}: a queue that fails is said, and the shopper has bought`, async (t) => {
    const said = t.mock.method(console, "error", () => {});
    const onUnrecorded = () => Promise.reject(new Error("the queue is full"));
    serve(name, NOWHERE, { onUnrecorded });
    await checkOut(`${name}-lost`, "OPEN", {}, shop.url);
    assert.equal(said.mock.callCount(), 1);
    assert.equal(said.mock.calls[0].arguments[1].order_id, `${name}-lost`);
  });
}

test("hono: a body that was read before is still there", async () => {
  serve("hono");
  const none = /** @type {Record<string, string>} */ ({});
  for (const headers of [none, { "promo-code": "OPEN" }]) {
    const body = "a=1";
    const answer = await send(`${shop.url}/read/checkout`, { method: "POST", headers, body });
    assert.deepEqual([answer.status, answer.body], [200, body]);
  }
});

test("an order that was recorded otherwise is handed over as such", async () => {
  serve("express");
  await checkOut("twice", "OPEN");
  assert.equal((await checkOut("twice", "EACH")).outcome, null);
  const [{ error }] = unrecorded;
  assert.deepEqual([error.name, error.isPassing], ["OrderDiffersError", false]);
});

test("keys that were published are good while the Worker is away", async (t) => {
  const genuine = await headersOf("OPEN");
  const once = await startLossyWay(worker.url);
  serve("express", once.url);
  assert.equal((await checkOut("kept-1", "OPEN", genuine, shop.url)).partner, "ana");
  await once.close();
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 11 * 60_000 });
  const later = await signAgain(genuine["promo-receipt"], { exp: Date.now() / 1000 + 60 });
  const headers = { ...genuine, "promo-receipt": later };
  assert.equal((await checkOut("kept-2", "OPEN", headers, shop.url)).partner, "ana");
});
