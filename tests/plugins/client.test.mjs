// The client of promo-edge-server before the real Worker: answers, errors that say what to mend,
// and orders that are recorded once, whatever happens on the way.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  OrderDiffersError, PromoEdgeError, createPromoEdge, orThrow, receiptForRecord,
} from "../../plugins/server/index.js";
import { order, startLedger } from "../edge/ledger.mjs";
import {
  NOWHERE, PROGRAM, SIGNER, TOKEN, listen, signAgain, startLossyWay,
} from "./local.mjs";

/** @type {import("../edge/worker.mjs").Worker} */
let worker;
/** @type {Awaited<ReturnType<typeof startLossyWay>>} */
let way;
/** @type {import("../../plugins/server/index.js").PromoEdge} */
let promo;

before(async () => {
  worker = await startLedger();
  way = await startLossyWay(worker.url);
  promo = client({});
});
after(async () => {
  await way.close();
  await worker.close();
});

/** @param {Partial<import("../../plugins/server/index.js").Settings>} more */
function client(more) {
  return createPromoEdge({
    url: worker.url, token: TOKEN, program: PROGRAM, backoffMs: 1, ...more,
  });
}

test("a code is answered with what only the shop's server may know", async () => {
  const cart = { currency: "USD", subtotal_minor: 10_000, event_type: "SALE" };
  const valid = orThrow(await promo.validate(" open ", cart));
  assert.deepEqual([valid.valid, valid.code_id, valid.owner], [true, "open", "ana"]);
  const unknown = orThrow(await promo.validate("nobody's", cart));
  assert.deepEqual([unknown.valid, unknown.exact_reason], [false, "unknown_code"]);
  const guest = orThrow(await promo.validate("EACH", cart));
  assert.equal(guest.exact_reason, "customer_required");
  const known = orThrow(await promo.validate("EACH", cart, { customer_id: "c1" }));
  assert.equal(known.valid, true);
});

test("an order is recorded once, found, adjusted and reversed", async () => {
  const sale = order("whole", { promo_codes: ["OPEN"], discount_minor: 1000 });
  const first = orThrow(await promo.record(sale));
  assert.deepEqual([first.outcome, first.credited?.partner], ["recorded", "ana"]);
  const issuer = "http://127.0.0.1";
  await assert.rejects(receiptForRecord(first.receipt ?? "", sale, { ...promo.trust, issuer }));
  const claims = await receiptForRecord(first.receipt ?? "", sale, promo.trust);
  assert.equal(claims.partner, "ana");
  assert.equal(orThrow(await promo.record(sale)).outcome, "already_recorded");
  const left = { subtotal_minor: 5000, discount_minor: 500, reason: "one came back" };
  assert.equal(orThrow(await promo.adjust("SALE", "whole", left)).outcome, "adjusted");
  assert.equal(orThrow(await promo.adjust("SALE", "whole", left)).outcome, "already_adjusted");
  const reversed = orThrow(await promo.reverse("SALE", "whole", "cancelled"));
  assert.deepEqual([reversed.outcome, reversed.state], ["reversed", "reversed"]);
  const found = orThrow(await promo.find("SALE", "whole"));
  assert.deepEqual([found.outcome, found.reversed?.reason], ["found", "cancelled"]);
});

test("a receipt is believed as the Worker signs it, and for its own order", async () => {
  const sale = order("signed", { promo_codes: ["OPEN"] });
  const { receipt } = orThrow(await promo.record(sale));
  const genuine = receipt ?? "";
  const [, claims] = genuine.split(".");
  const none = Buffer.from('{"alg":"none","typ":"promo-receipt+jwt"}').toString("base64url");
  // Whoever knows the published key could sign with it, were that another kind of key.
  const shared = { key: { kty: "oct", k: SIGNER.x }, header: { alg: "HS256" } };
  const rows = /** @type {[string, RegExp][]} */ ([
    [`${none}.${claims}.`, /alg/i],
    [await signAgain(genuine, {}, shared), /alg/i],
    [await signAgain(genuine, {}, { header: { typ: "JWT" } }), /"typ"/],
    [await signAgain(genuine, { typ: "dry_run" }), /records nothing/],
  ]);
  for (const [other, doubt] of rows) {
    await assert.rejects(receiptForRecord(other, sale, promo.trust), doubt);
  }
  const others = [
    { order_id: "x" }, { event_type: "LEAD" }, { currency: "EUR" }, { subtotal_minor: 1 },
    { discount_minor: 1 },
  ];
  for (const other of others) {
    const [field] = Object.keys(other);
    const doubt = new RegExp(`another order: ${field} differs`);
    await assert.rejects(receiptForRecord(genuine, { ...sale, ...other }, promo.trust), doubt);
  }
  assert.equal((await receiptForRecord(genuine, sale, promo.trust)).partner, "ana");
});

test("a use is held for a cart and given back", async () => {
  const held = { code: "ONE", cart_id: "cart/1", ttl_s: 60 };
  assert.equal(orThrow(await promo.reserve(held)).reserved, true);
  const other = orThrow(await promo.reserve({ ...held, cart_id: "cart2" }));
  assert.deepEqual([other.reserved, other.reason], [false, "redemptions_exhausted"]);
  assert.equal(orThrow(await promo.release("cart/1")).released, 1);
});

test("answers that are lost are asked for again, and nothing is done twice", async () => {
  const lossy = client({ url: way.url });
  way.lost = 2;
  way.asked = 0;
  const sale = order("lossy", { promo_codes: ["HUNDRED"] });
  assert.equal(orThrow(await lossy.record(sale)).outcome, "already_recorded");
  assert.equal(way.asked, 3);
  way.lost = 1;
  assert.equal(orThrow(await lossy.reverse("SALE", "lossy", "x")).outcome, "already_reversed");
});

test("many at once: one is recorded, and all hear the same", async () => {
  const sale = order("many", { promo_codes: ["HUNDRED"] });
  const all = await Promise.all(Array.from({ length: 8 }, () => promo.record(sale)));
  const outcomes = all.map((result) => orThrow(result).outcome);
  assert.equal(outcomes.filter((outcome) => outcome === "recorded").length, 1);
  assert.equal(outcomes.filter((outcome) => outcome === "already_recorded").length, 7);
});

test("another order by the same name is an error of its own", async () => {
  orThrow(await promo.record(order("differs")));
  const { answer, error } = await promo.record(order("differs", { subtotal_minor: 1 }));
  assert.equal(answer, null);
  assert.ok(error instanceof OrderDiffersError);
  assert.deepEqual([error.field, error.status, error.isPassing], ["subtotal_minor", 409, false]);
  assert.match(error.remedy, /another order_id/);
});

test("errors say their status, their problem and what to do", async () => {
  const unknown = await client({ token: "nobody's" }).record(order("x"));
  assert.deepEqual([unknown.error?.status, unknown.error?.isPassing], [401, false]);
  assert.match(unknown.error?.remedy ?? "", /token/);
  const wrong = await promo.record(/** @type {any} */ ({ ...order("x"), total: 1 }));
  assert.equal(wrong.error?.status, 400);
  assert.equal(wrong.error?.problem?.path, "total");
  const missing = await promo.reverse("SALE", "never placed", "x");
  assert.equal(missing.error?.status, 404);
  assert.throws(() => orThrow(missing), PromoEdgeError);
});

test("a Worker that is down is a passing error, after all attempts", async () => {
  const { answer, error } = await client({ url: NOWHERE }).validate("OPEN");
  assert.equal(answer, null);
  assert.deepEqual([error?.status, error?.isPassing], [null, true]);
  assert.match(error?.remedy ?? "", /`url`/);
});

/** A server that answers with these, one after another. @param {any[]} answers */
async function scripted(answers) {
  const asked = /** @type {string[]} */ ([]);
  const { url, close } = await listen((request, response) => {
    asked.push(request.url ?? "");
    const [status, headers = {}, body = "{}"] = answers.shift() ?? [200];
    request.resume().on("end", () => response.writeHead(status, headers).end(body));
  });
  return { url, close, asked };
}

test("what passes is asked again, as often as set; what does not is not", async () => {
  const rows = /** @type {[any[], number, number | null][]} */ ([
    [[[503, { "retry-after": "0" }], [502, {}, "<h1>"], [201]], 3, null],
    [[[503], [500], [429, { "retry-after": "0" }], [201]], 3, 429],
    [[[429, { "retry-after": "3600" }], [201]], 1, 429],
    [[[400], [201]], 1, 400],
    [[[307, { location: "https://elsewhere.example/" }], [201]], 1, 307],
  ]);
  for (const [answers, asked, status] of rows) {
    const server = await scripted(answers);
    const { error } = await client({ url: server.url }).record(order("x"));
    assert.deepEqual([server.asked.length, error?.status ?? null], [asked, status]);
    await server.close();
  }
});

test("another server's page is no answer", async () => {
  const server = await scripted([[200, {}, "<!doctype html>"]]);
  const { error } = await client({ url: server.url, attempts: 1 }).validate("OPEN");
  assert.match(error?.message ?? "", /no JSON/);
  await server.close();
});

test("whoever asks may stop waiting, also between two attempts", async () => {
  const silent = await listen(() => {});
  const patience = new AbortController();
  const asking = client({ url: silent.url }).record(order("x"), { signal: patience.signal });
  silent.server.once("request", () => patience.abort());
  assert.match((await asking).error?.message ?? "", /nobody waits/);
  await silent.close();
  const again = new AbortController();
  const busy = async () => {
    setImmediate(() => again.abort());
    return new Response("{}", { status: 503, headers: { "retry-after": "5" } });
  };
  const waiting = client({ fetch: busy }).record(order("x"), { signal: again.signal });
  assert.equal((await waiting).error?.status, 503);
});

test("a setting that is missing is said at the start", () => {
  assert.throws(() => client({ token: "" }), /`token` is missing/);
  assert.throws(() => client({ url: "shop" }), TypeError);
});
