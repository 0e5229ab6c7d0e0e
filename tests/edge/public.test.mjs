// GET /v1/public: the codes that a shopper's browser may know, cacheable by their content.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { catalog, code } from "./catalog.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  worker = await startWorker();
  await worker.publish(buildSnapshot(catalog()));
});
after(() => worker.close());

/** @param {Record<string, string>} [headers] */
const ask = (headers) => worker.fetch("/v1/public", { headers });

test("it is a bundle, named by its content and cached for a minute", async () => {
  const { status, headers, body } = await ask();
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "application/octet-stream");
  assert.equal(headers.get("cache-control"), "public, max-age=60");
  assert.equal(body.subarray(0, 4).toString(), "PrmB");
  assert.equal(headers.get("etag"), `"${createHash("sha256").update(body).digest("hex")}"`);
});

test("whoever has it is not sent it again", async () => {
  const etag = (await ask()).headers.get("etag") ?? "";
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const { status, headers, body } = await ask({ "if-none-match": known });
    assert.equal(status, 304, known);
    assert.equal(headers.get("etag"), etag);
    assert.equal(headers.get("cache-control"), "public, max-age=60");
    assert.equal(body.length, 0);
  }
  assert.equal((await ask({ "if-none-match": '"other"' })).status, 200);
});

test("HEAD answers the same without the content", async () => {
  const { status, headers, body } = await worker.fetch("/v1/public", { method: "HEAD" });
  assert.equal(status, 200);
  assert.equal(headers.get("etag"), (await ask()).headers.get("etag"));
  assert.equal(body.length, 0);
});

test("it holds nothing of codes that are not public", async () => {
  const { body } = await ask();
  assert.ok(body.includes("10 % off"));
  for (const hidden of ["ana", "ben", "vip", "euro", "SUMMER", "staff"]) {
    assert.ok(!body.includes(hidden), hidden);
  }
});

test("it changes with the public codes, and with nothing else", async () => {
  const etag = (await ask()).headers.get("etag");
  const hidden = buildSnapshot(catalog({}, [code("HIDDEN", {})]));
  await worker.publish(hidden, 2);
  await shows(hidden.id);
  assert.equal((await ask()).headers.get("etag"), etag);
  const shown = buildSnapshot(catalog({}, [code("SHOWN", { public: true })]));
  await worker.publish(shown, 3);
  await shows(shown.id);
  assert.notEqual((await ask()).headers.get("etag"), etag);
});

/** Asks for health until this snapshot is in use. @param {string} id */
async function shows(id) {
  for (let tried = 0; tried < 200; tried += 1) {
    const { body } = await worker.fetch("/healthz");
    if (body.snapshot.id === id) return;
  }
  assert.fail(`${id} is not taken up`);
}
