// Limits, problem documents, methods, CORS, headers, settings.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { catalog } from "./catalog.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const OURS = "https://pages.example";
const OTHERS = "https://elsewhere.example";
const BODY_SIZE_MAX = 256 * 1024;

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  worker = await startWorker({ vars: { ALLOWED_ORIGINS: `${OURS}, https://m.pages.example/` } });
  await worker.publish(buildSnapshot(catalog()));
});
after(() => worker.close());

/** @param {import("./worker.mjs").Answer} answer @param {number} expected @param {string} name */
function assertProblem(answer, expected, name) {
  const { status, headers, body } = answer;
  assert.equal(status, expected);
  assert.equal(headers.get("content-type"), "application/problem+json");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(body.status, expected);
  assert.equal(body.type, `/problems/${name}`);
  assert.ok(body.title && body.detail && body.instance);
}

test("a body of the largest size is read, one more byte is not", async () => {
  const request = JSON.stringify({ code: "SAVE10" });
  const largest = request.padEnd(BODY_SIZE_MAX, " ");
  assert.equal((await worker.validate(largest)).status, 200);
  assertProblem(await worker.validate(`${largest} `), 413, "too-large");
});

test("the limit holds for a body of unknown length", async () => {
  const send = (/** @type {number} */ chunks) => {
    const chunk = new TextEncoder().encode(" ".repeat(64 * 1024));
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"code":"SAVE10"}'));
        for (let sent = 0; sent < chunks; sent += 1) controller.enqueue(chunk);
        controller.close();
      },
    });
    const init = /** @type {RequestInit} */ ({ method: "POST", body, duplex: "half" });
    return worker.fetch("/v1/validate", init);
  };
  assert.equal((await send(3)).body.valid, true);
  assertProblem(await send(4), 413, "too-large");
});

const ITEM = { sku: "a", quantity: 1, unit_price_minor: 1 };
const ODD_ITEM = { ...ITEM, unit_price_minor: "1" };
/** What is wrong with a request, and where it is said to be. @type {[string, any, string][]} */
const BAD = [
  ["no body", "", "$"],
  ["no JSON", "{", "$"],
  ["no object", "[]", "$"],
  ["no code", {}, "$"],
  ["an unknown field", { code: "A", colour: 1 }, "colour"],
  ["an unknown field inside", cart({ total: 1 }), "cart.total"],
  ["a wrong type in a list", cart({ items: [ITEM, ODD_ITEM] }), "cart.items[1].unit_price_minor"],
  ["an amount with decimals", cart({ subtotal_minor: 12.5 }), "cart.subtotal_minor"],
  ["a currency in small letters", cart({ currency: "usd" }), "cart.currency"],
  ["an event type of nobody's", cart({ event_type: "RENT" }), "cart.event_type"],
  ["too many items", cart({ items: Array(501).fill(ITEM) }), "cart.items"],
  ["two values", '{"code":"A"}{"code":"B"}', "$"],
];
for (const [name, request, path] of BAD) {
  test(`bad request: ${name}`, async () => {
    const answer = await worker.validate(request);
    assertProblem(answer, 400, "bad-request");
    assert.equal(answer.body.path, path);
    assert.ok(answer.body.expected && answer.body.got);
  });
}

test("what only trusted callers may send is refused from shoppers, by name", async () => {
  const placed_at = "2026-06-15T12:00:00Z";
  const claims = { customer_id: "c", segments: [], first_order: true, placed_at };
  for (const [field, value] of Object.entries(claims)) {
    const answer = await worker.validate({ code: "SAVE10", [field]: value });
    assertProblem(answer, 400, "bad-request");
    assert.equal(answer.body.path, field);
  }
});

test("other methods and other paths", async () => {
  const get = await worker.fetch("/v1/validate");
  assertProblem(get, 405, "method-not-allowed");
  assert.equal(get.headers.get("allow"), "POST, OPTIONS");
  const post = await worker.fetch("/healthz", { method: "POST" });
  assertProblem(post, 405, "method-not-allowed");
  assert.equal(post.headers.get("allow"), "GET, HEAD, OPTIONS");
  assertProblem(await worker.fetch("/v1/nothing"), 404, "unknown-path");
});

test("every answer is data, and not to be kept", async () => {
  for (const answer of [await worker.validate({ code: "SAVE10" }), await worker.validate("")]) {
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  }
});

test("pages of allowed origins may read answers, and problems", async () => {
  for (const request of [{ code: "SAVE10" }, "{"]) {
    const ours = await worker.validate(request, { origin: OURS });
    assert.equal(ours.headers.get("access-control-allow-origin"), OURS);
    assert.equal(ours.headers.get("vary"), "Origin");
    const others = await worker.validate(request, { origin: OTHERS });
    assert.equal(others.headers.get("access-control-allow-origin"), null);
    assert.equal(others.headers.get("vary"), "Origin");
  }
  const slash = await worker.validate({ code: "SAVE10" }, { origin: "https://m.pages.example" });
  assert.equal(slash.headers.get("access-control-allow-origin"), "https://m.pages.example");
});

test("preflight", async () => {
  const ask = (/** @type {string} */ origin) =>
    worker.fetch("/v1/validate", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
  const ours = await ask(OURS);
  assert.equal(ours.status, 204);
  assert.equal(ours.headers.get("access-control-allow-origin"), OURS);
  assert.equal(ours.headers.get("access-control-allow-methods"), "POST, OPTIONS");
  assert.equal(ours.headers.get("access-control-allow-headers"), "content-type");
  const others = await ask(OTHERS);
  assert.equal(others.headers.get("access-control-allow-origin"), null);
});

/** @type {[string, Record<string, string | null>][]} */
const UNUSABLE = [
  ["PROGRAM", { PROGRAM: null }],
  ["PROGRAMS", { PROGRAM: null, PROGRAMS: "shop.example=1000" }],
  ["SNAPSHOT_KEY", { SNAPSHOT_KEY: null }],
  ["SNAPSHOT_KEY", { SNAPSHOT_KEY: "per1_123" }],
  ["TOKENS", { TOKENS: '{"1000":[{"sha256":"short","scopes":["credit"]}]}' }],
  ["TOKENS", { TOKENS: '{"1000":[{"token":"secret","scopes":["credit"]}]}' }],
  ["ROOT_MAX_AGE_MS", { ROOT_MAX_AGE_MS: "soon" }],
];
test("a setting that cannot be used is named, and its value is not", async () => {
  for (const [name, vars] of UNUSABLE) {
    const unusable = await startWorker({ vars });
    try {
      const answer = await unusable.validate({ code: "SAVE10" });
      assertProblem(answer, 500, "misconfigured");
      assert.match(answer.body.detail, new RegExp(`setting ${name}: expected`));
      for (const value of Object.values(vars)) {
        assert.ok(!value || !answer.body.detail.includes(value));
      }
    } finally {
      await unusable.close();
    }
  }
});

/** @param {object} facts @returns {object} a request with these facts about the order */
function cart(facts) {
  return { code: "A", cart: facts };
}
