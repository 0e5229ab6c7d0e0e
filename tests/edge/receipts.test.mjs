// Receipts: any JOSE library checks them with the published keys, and refuses what is not as it was
// signed.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { SignJWT, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importJWK } from "jose";

import { receiptForRecord, verifyReceipt } from "../../plugins/server/index.js";
import { catalog } from "./catalog.mjs";
import { complaints } from "./schema.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const file = new URL("../../www/openapi.json", import.meta.url);
const description = JSON.parse(readFileSync(file, "utf8"));

const TRUSTED = { authorization: "Bearer merchant" };
const ISSUER = "http://shop.example";
const PROGRAM = "1000";
const ORDER = {
  order_id: "A1",
  event_type: "SALE",
  placed_at: "2026-06-15T12:00:00Z",
  currency: "USD",
  subtotal_minor: 12_900,
  promo_codes: ["save10"],
};
const SIGNED_AT = "2026-06-15T12:00:01.999Z";

/** @typedef {import("./worker.mjs").Worker} Worker */

const snapshot = buildSnapshot(catalog());
const key = makeKey();
/** @type {Worker} */
let worker;
/** @type {string} */
let receipt;
/** @type {import("../../plugins/server/index.js").Trust} */
let expected;

before(async () => {
  worker = await start([key]);
  receipt = (await worker.credit(ORDER, TRUSTED)).body.receipt;
  expected = { keys: await keysOf(worker), issuer: ISSUER, program: PROGRAM };
});
after(() => worker.close());

/** @returns {any} */
function makeKey() {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
}

/** @param {any[]} keys @param {Record<string, string>} [vars] */
async function start(keys, vars = {}) {
  const sha256 = createHash("sha256").update("merchant").digest("hex");
  const TOKENS = JSON.stringify({ [PROGRAM]: [{ sha256, scopes: ["credit"] }] });
  const RECEIPT_KEYS = JSON.stringify({ keys });
  const started = await startWorker({
    vars: { TOKENS, RECEIPT_KEYS, ...vars },
    callers: { caller: "2026-10-23" },
  });
  await started.publish(snapshot);
  return started;
}

/** The keys that a Worker publishes, as an origin reads them. @param {Worker} publisher */
async function keysOf(publisher) {
  const { url } = await publisher.harness.listen();
  return createRemoteJWKSet(new URL("/.well-known/jwks.json", url));
}

/**
 * A receipt that the Worker would sign of other claims.
 *
 * @param {Record<string, any>} [claims]
 * @param {object} [header]
 * @param {any} [signer]
 */
async function sign(claims = {}, header = {}, signer = key) {
  return new SignJWT({ ...decodeJwt(receipt), ...claims })
    .setProtectedHeader({ .../** @type {any} */ (decodeProtectedHeader(receipt)), ...header })
    .sign(await importJWK(signer, "EdDSA"));
}

test("it says what was decided about which order, and for how long that is good", async () => {
  const { body } = await worker.credit(ORDER, TRUSTED);
  const { iat = 0, exp, jti, ...claims } = await verifyReceipt(body.receipt, expected);
  assert.deepEqual(claims, {
    iss: ISSUER,
    aud: PROGRAM,
    typ: "dry_run",
    event_type: "SALE",
    order_id: "A1",
    currency: "USD",
    subtotal_minor: 12_900,
    discount_minor: 0,
    payout_minor: 645,
    code_id: "save10",
    partner: "ana",
    basis: "promo_code",
    snapshot_id: snapshot.id,
  });
  assert.equal(exp, iat + 300);
  assert.match(jti, /^[0-9a-f]{64}$/);
  const schema = { $ref: "#/components/schemas/ReceiptClaims" };
  assert.deepEqual(complaints(description, schema, decodeJwt(body.receipt)), []);
  const { kid, ...header } = decodeProtectedHeader(body.receipt);
  assert.deepEqual(header, { alg: "EdDSA", typ: "promo-receipt+jwt" });
  assert.ok(kid);
});

test("it comes after the decision, which it does not change", async () => {
  const without = await start([]);
  try {
    const { receipt: none, ...decision } = (await without.credit(ORDER, TRUSTED)).body;
    const { body } = await worker.credit(ORDER, TRUSTED);
    assert.equal(none, null);
    const start = JSON.stringify(decision).slice(0, -1);
    assert.equal(JSON.stringify(body), `${start},"receipt":"${body.receipt}"}`);
  } finally {
    await without.close();
  }
});

test("nobody is credited: it says so", async () => {
  const { body } = await worker.credit({ ...ORDER, promo_codes: [] }, TRUSTED);
  const claims = await verifyReceipt(body.receipt, expected);
  for (const field of /** @type {const} */ (["code_id", "partner", "basis", "payout_minor"])) {
    assert.equal(claims[field], null, field);
  }
});

test("refused: any byte that is not as it was signed", async () => {
  const parts = receipt.split(".").map((part) => Buffer.from(part, "base64url"));
  const sizes = parts.map((part) => part.length);
  assert.equal(sizes[2], 64);
  for (const part of parts) {
    for (let n = 0; n < part.length; n += 1) {
      part[n] ^= 1;
      const changed = parts.map((bytes) => bytes.toString("base64url")).join(".");
      await assert.rejects(verifyReceipt(changed, expected), `byte ${n}`);
      part[n] ^= 1;
    }
  }
  assert.equal(parts.map((bytes) => bytes.toString("base64url")).join("."), receipt);
  await verifyReceipt(receipt, expected);
});

test("refused: another key, by whatever name", async () => {
  const other = makeKey();
  const missing = { code: "ERR_JWKS_NO_MATCHING_KEY" };
  const forged = { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" };
  await assert.rejects(verifyReceipt(await sign({}, { kid: "other" }, other), expected), missing);
  await assert.rejects(verifyReceipt(await sign({}, { kid: "other" }), expected), missing);
  await assert.rejects(verifyReceipt(await sign({}, {}, other), expected), forged);
});

test("refused: after its time", async () => {
  const { iat = 0, exp = 0 } = decodeJwt(receipt);
  const at = (/** @type {number} */ seconds) => ({ ...expected, now: new Date(seconds * 1000) });
  await verifyReceipt(receipt, at(iat));
  await verifyReceipt(receipt, at(exp - 1));
  await assert.rejects(verifyReceipt(receipt, at(exp)), { code: "ERR_JWT_EXPIRED" });
});

test("refused: another program's, another issuer's, another kind of token", async () => {
  const invalid = { code: "ERR_JWT_CLAIM_VALIDATION_FAILED" };
  await assert.rejects(verifyReceipt(receipt, { ...expected, program: "1001" }), invalid);
  const elsewhere = { ...expected, issuer: "http://x.example" };
  await assert.rejects(verifyReceipt(receipt, elsewhere), invalid);
  await assert.rejects(verifyReceipt(await sign({}, { typ: "JWT" }), expected), invalid);
});

test("refused by what records: all but a recorded decision about this very order", async () => {
  const recorded = await sign({ typ: "recorded" });
  const claims = await receiptForRecord(recorded, ORDER, expected);
  assert.equal(claims.partner, "ana");
  await assert.rejects(receiptForRecord(receipt, ORDER, expected), /"dry_run" records nothing/);
  const proxy = await sign({ typ: "proxy" });
  await assert.rejects(receiptForRecord(proxy, ORDER, expected), /"proxy" records nothing/);
  const differences = {
    order_id: "A2", event_type: "LEAD", currency: "EUR", subtotal_minor: 12_901, discount_minor: 1,
  };
  for (const [field, value] of Object.entries(differences)) {
    const other = receiptForRecord(recorded, { ...ORDER, [field]: value }, expected);
    await assert.rejects(other, new RegExp(`another order: ${field} differs`));
  }
});

test("another key signs; what the old one has signed is good until that is taken out", async () => {
  const { d: _, ...retired } = key;
  const next = makeKey();
  const rotated = await start([retired, next]);
  const ended = await start([next]);
  try {
    const keys = await keysOf(rotated);
    const { body } = await rotated.credit(ORDER, TRUSTED);
    const kid = (/** @type {string} */ of) => decodeProtectedHeader(of).kid;
    assert.notEqual(kid(body.receipt), kid(receipt));
    for (const signed of [receipt, body.receipt]) {
      await verifyReceipt(signed, { ...expected, keys });
    }
    const left = { ...expected, keys: await keysOf(ended) };
    await verifyReceipt(body.receipt, left);
    await assert.rejects(verifyReceipt(receipt, left), { code: "ERR_JWKS_NO_MATCHING_KEY" });
  } finally {
    await Promise.all([rotated.close(), ended.close()]);
  }
});

test("another Worker's call has no origin: the issuer must be set", async () => {
  const options = { dry_run: true, at: SIGNED_AT };
  const { problem } = await worker.call("caller", "credit", ORDER, options);
  assert.equal(problem.type, "/problems/misconfigured");
  assert.match(problem.detail, /setting RECEIPT_ISSUER: expected/);
  const named = await start([key], { RECEIPT_ISSUER: "https://promo.example" });
  try {
    const { answer } = await named.call("caller", "credit", ORDER, options);
    const { iss, iat } = decodeJwt(answer.receipt);
    assert.equal(iss, "https://promo.example");
    assert.equal(iat, Date.parse("2026-06-15T12:00:01Z") / 1000);
    // The same question at the same instant has the same answer: nothing in it is random.
    const again = await named.call("caller", "credit", ORDER, { ...options, at: SIGNED_AT });
    assert.equal(again.answer.receipt, answer.receipt);
    const { body } = await named.credit(ORDER, TRUSTED);
    assert.equal(decodeJwt(body.receipt).iss, "https://promo.example");
  } finally {
    await named.close();
  }
});
