// The platform's rate limit: by address, for all but callers with a good token.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { catalog } from "./catalog.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const LIMIT = 5;
/** However the minutes fall, so many requests cannot all pass. */
const TOO_MANY = 2 * LIMIT + 1;

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  const sha256 = createHash("sha256").update("merchant").digest("hex");
  const TOKENS = JSON.stringify({ 1000: [{ sha256, scopes: ["credit"] }] });
  worker = await startWorker({ vars: { TOKENS }, rateLimit: LIMIT });
  await worker.publish(buildSnapshot(catalog()));
});
after(() => worker.close());

/** @param {(n: number) => Record<string, string>} headers @returns {Promise<number[]>} statuses */
async function ask(headers) {
  const statuses = [];
  for (let n = 0; n < TOO_MANY; n += 1) {
    const { status, headers: answered } = await worker.validate({ code: "SAVE10" }, headers(n));
    statuses.push(status);
    if (status === 429) assert.equal(answered.get("retry-after"), "60");
  }
  return statuses;
}

test("one address asks too often, another does not", async () => {
  const statuses = await ask(() => ({ "cf-connecting-ip": "203.0.113.1" }));
  assert.deepEqual(statuses.slice(0, LIMIT), Array(LIMIT).fill(200));
  assert.ok(statuses.includes(429));
  const other = await worker.validate({ code: "SAVE10" }, { "cf-connecting-ip": "203.0.113.2" });
  assert.equal(other.status, 200);
});

test("the addresses of one IPv6 line are one", async () => {
  const statuses = await ask((n) => ({ "cf-connecting-ip": `2001:db8:0:1::${n.toString(16)}` }));
  assert.ok(statuses.includes(429));
  const next = await worker.validate({ code: "SAVE10" }, { "cf-connecting-ip": "2001:db8:0:2::1" });
  assert.equal(next.status, 200);
});

test("a merchant's server asks for many shoppers", async () => {
  const statuses = await ask(() => ({
    "cf-connecting-ip": "203.0.113.3",
    authorization: "Bearer merchant",
  }));
  assert.deepEqual(new Set(statuses), new Set([200]));
});

test("tokens cannot be guessed any faster than codes", async () => {
  const statuses = await ask((n) => ({
    "cf-connecting-ip": "203.0.113.4",
    authorization: `Bearer guess-${n}`,
  }));
  assert.deepEqual(new Set(statuses), new Set([401, 429]));
});

test("health says that there is a limit, and has none itself", async () => {
  const { status, body } = await worker.fetch("/healthz");
  assert.equal(status, 200);
  assert.equal(body.rate_limit, "on");
});
