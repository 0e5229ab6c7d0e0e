// The shop's own server, before a ledger that does not always answer.

import assert from "node:assert/strict";
import { once as happened } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { Webhook } from "standardwebhooks";

import { WEBHOOK_PATH, serveOrigin } from "../../examples/origin/server.mjs";

const ISSUER = "http://shop.example";
const TOKEN = "a token of the merchant's";
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const RECORDED_AT = new Date().toISOString();

/** @typedef {{path: string, authorization: string | undefined, body: any}} Asked */

/** What the ledger was asked. @type {Asked[]} */
let asked = [];
/** What it answers instead, once or always. @type {(() => number) | null} */
let refusal = null;
/** What receipts say otherwise than orders do. */
let forged = {};
/** What waits for the ledger to be asked. */
let wake = () => {};
const pair = await generateKeyPair("EdDSA", { crv: "Ed25519" });
const key = { ...(await exportJWK(pair.publicKey)), kid: "one", alg: "EdDSA" };
const ledger = createServer(async (request, response) => {
  const send = (/** @type {number} */ status, /** @type {object} */ body) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.method === "GET") return send(200, { keys: [key] });
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  const body = JSON.parse(text);
  asked.push({ path: request.url ?? "", authorization: request.headers.authorization, body });
  wake();
  if (refusal) return send(refusal(), { detail: "the ledger rests" });
  return send(201, await recorded(body));
});
/** @type {Awaited<ReturnType<typeof serveOrigin>>} */
let shop;

before(async () => {
  await happened(ledger.listen(0, "127.0.0.1"), "listening");
  shop = await serveOrigin(options({ retryMs: 3_600_000 }));
});
after(async () => {
  await shop.stop();
  ledger.closeAllConnections();
  await new Promise((closed) => ledger.close(closed));
});
beforeEach(() => {
  asked = [];
  refusal = null;
  forged = {};
  wake = () => {};
});

/** @param {{retryMs: number}} more */
function options(more) {
  const { port } = /** @type {import("node:net").AddressInfo} */ (ledger.address());
  const address = `http://127.0.0.1:${port}`;
  const fixed = { issuer: ISSUER, program: "1000", token: TOKEN, webhookSecret: SECRET };
  return { ...fixed, ledger: address, ...more };
}

/** What a ledger answers of an order that it credits to Ana. @param {any} sale */
async function recorded(sale) {
  const { order_id, event_type, currency, subtotal_minor } = sale;
  const claims = {
    typ: "recorded", order_id, event_type, currency, subtotal_minor, discount_minor: 0,
    code_id: "c1", partner: "ana", basis: "promo_code", snapshot_id: "s", jti: "j", ...forged,
  };
  const receipt = await new SignJWT(claims)
    .setProtectedHeader({ alg: "EdDSA", typ: "promo-receipt+jwt", kid: "one" })
    .setIssuer(ISSUER).setAudience("1000").setIssuedAt().setExpirationTime("7d")
    .sign(pair.privateKey);
  return {
    event_type, code: { id: "c1", typed: "ANA" },
    credited: { partner: "ana", basis: "promo_code" },
    reasons: [], trace: [], snapshot: { id: "s" }, payout: { amount_minor: 640 },
    receipt, state: "pending", recorded_at: RECORDED_AT, approve_at: RECORDED_AT,
    current: { subtotal_minor, payout_minor: 640 }, adjustments: [], reversed: null,
  };
}

/**
 * Sends a form of the shop's.
 *
 * @param {string} path
 * @param {Record<string, string>} form
 * @param {Record<string, string>} [headers]
 * @param {string} [url]
 */
function submit(path, form, headers = { origin: ISSUER }, url = shop.url) {
  const body = new URLSearchParams(form);
  return fetch(url + path, { method: "POST", body, headers, redirect: "manual" });
}

/** @param {string} path @param {string} [url] */
const read = async (path, url = shop.url) => (await fetch(url + path)).text();

/** Places an order and returns the address of its page. @param {Record<string, string>} [form] */
async function place(form = {}) {
  const response = await submit("/checkout", { promo_code: "ana", ...form });
  assert.equal(response.status, 303);
  return String(response.headers.get("location"));
}

test("an order goes to the ledger with what the shop knows, and the token to no page", async () => {
  const customer = "5e0c5ed0-5a3c-4e0f-9c55-6f4f1a2b3c4d";
  const cookies = `__Host-promo-clicks=v1.path; __Host-shop-session=${customer}`;
  const form = { promo_code: "ana", quantity: "2" };
  const placed = await submit("/checkout", form, { origin: ISSUER, cookie: cookies });
  const [{ path, authorization, body }] = asked;
  assert.equal(path, "/v1/credit");
  assert.equal(authorization, `Bearer ${TOKEN}`);
  const { order_id, placed_at, ...rest } = body;
  assert.equal(placed.headers.get("location"), `/orders/${order_id}`);
  assert.ok(Math.abs(Date.parse(placed_at) - Date.now()) < 60_000);
  assert.deepEqual(rest, {
    event_type: "SALE", promo_codes: ["ana"], customer_id: customer, click_path: "v1.path",
    currency: "USD", subtotal_minor: 12_800,
    items: [{ sku: "LL-LANTERN-R", category: "lights", quantity: 2, unit_price_minor: 6_400 }],
  });
  const page = await read(`/orders/${order_id}`);
  assert.match(page, /Your order is recorded/);
  assert.match(page, /Receipt verified/);
  assert.ok(!page.includes(TOKEN));
});

test("a form that is sent twice places one order", async () => {
  const [, order] = (await read("/checkout")).match(/name="order" value="([^"]+)"/) ?? [];
  const [first, second] = await Promise.all([place({ order }), place({ order })]);
  assert.equal(first, `/orders/${order}`);
  assert.equal(second, first);
  assert.equal(asked.length, 1);
});

test("an order that cannot be recorded is kept, and sent again as it was", async () => {
  refusal = () => 503;
  const page = await place();
  const before = await read(page);
  assert.match(before, /Not recorded yet/);
  assert.match(before, /the ledger rests/);
  assert.doesNotMatch(before, /Cancel order/);
  refusal = null;
  await submit(`${page}/record`, {});
  assert.match(await read(page), /Your order is recorded/);
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[1], asked[0]);
});

test("the shop sends it again by itself", async () => {
  const eager = await serveOrigin(options({ retryMs: 1 }));
  let left = 2;
  refusal = () => ((left -= 1) === 0 && (refusal = null), 503);
  const placed = await submit("/checkout", {}, { origin: ISSUER }, eager.url);
  const thrice = new Promise((done) => (wake = () => asked.length === 3 && done(null)));
  if (asked.length < 3) await thrice;
  const page = String(placed.headers.get("location"));
  // Behind the third attempt, whose turn it is.
  await submit(`${page}/record`, {}, { origin: ISSUER }, eager.url);
  assert.match(await read(page, eager.url), /Your order is recorded/);
  assert.equal(asked.length, 3);
  await eager.stop();
});

test("what the ledger refuses for good is said and not sent again", async () => {
  refusal = () => 409;
  const page = await read(await place());
  assert.match(page, /the ledger rests/);
  assert.doesNotMatch(page, /It is sent again/);
});

test("a receipt that says otherwise than the order is not believed", async () => {
  for (const claims of [{ subtotal_minor: 1 }, { partner: "eve" }, { typ: "dry_run" }]) {
    forged = claims;
    const page = await read(await place());
    assert.match(page, /Receipt not believed/, JSON.stringify(claims));
    assert.doesNotMatch(page, /Receipt verified/);
  }
});

test("another site's form does nothing", async () => {
  const page = await place();
  for (const headers of [{}, { origin: "http://evil.example" }, { origin: "null" }]) {
    for (const path of ["/checkout", `${page}/cancel`, `${page}/keep`, `${page}/record`]) {
      const { status } = await submit(path, {}, /** @type {Record<string, string>} */ (headers));
      assert.equal(status, 403, path);
    }
  }
  assert.equal(asked.length, 1);
});

test("an event is shown when it is genuine", async () => {
  const page = await place();
  const data = { order_id: page.split("/")[2], entry: 1, state: "pending", payout_minor: 640 };
  const body = JSON.stringify({ type: "order.recorded", timestamp: RECORDED_AT, data });
  const tell = (/** @type {string} */ id, /** @type {string} */ secret) => {
    const at = new Date();
    const headers = {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign(id, at, body),
    };
    return fetch(shop.url + WEBHOOK_PATH, { method: "POST", body, headers });
  };
  const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
  assert.equal((await tell("e1", other)).status, 400);
  assert.match(await read(page), /None yet/);
  for (const id of ["e1", "e1"]) assert.equal((await tell(id, SECRET)).status, 204);
  assert.equal((await read(page)).match(/order\.recorded/g)?.length, 1);
});
