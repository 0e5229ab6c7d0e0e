// GET /.well-known/jwks.json: the keys that check receipts, and nothing that could sign one.

import assert from "node:assert/strict";
import { execSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { calculateJwkThumbprint } from "jose";

import { catalog } from "./catalog.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** RFC 8037, appendix A: a key, and in A.3 its thumbprint. */
const RFC = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};
const RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const PATH = "/.well-known/jwks.json";
const HOSTS = { "one.example": "1000", "other.example": "1001", "none.example": "1002" };

/**
 * Starts a Worker for as long as the test lasts.
 *
 * @param {import("node:test").TestContext} t
 * @param {any} keys the secret
 */
async function start(t, keys) {
  const RECEIPT_KEYS = typeof keys === "string" ? keys : JSON.stringify(keys);
  const vars = { PROGRAM: null, PROGRAMS: JSON.stringify(HOSTS), RECEIPT_KEYS };
  const worker = await startWorker({ vars });
  t.after(() => worker.close());
  return worker;
}

function makeKey() {
  const { privateKey } = generateKeyPairSync("ed25519");
  return /** @type {any} */ (privateKey.export({ format: "jwk" }));
}

test("a key is called by its thumbprint, and its private half stays", async (t) => {
  const worker = await start(t, { keys: [RFC] });
  const { status, headers, body } = await worker.fetch(`http://one.example${PATH}`);
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "application/jwk-set+json");
  const { kty, crv, x } = RFC;
  assert.deepEqual(body, {
    keys: [{ kty, crv, x, kid: RFC_THUMBPRINT, alg: "EdDSA", use: "sig" }],
  });
  assert.equal(await calculateJwkThumbprint(body.keys[0]), RFC_THUMBPRINT);
});

test("it is named by its content and cached for a minute", async (t) => {
  const worker = await start(t, { keys: [makeKey()] });
  const url = `http://one.example${PATH}`;
  const { headers, body } = await worker.fetch(url);
  const etag = headers.get("etag") ?? "";
  assert.equal(headers.get("cache-control"), "public, max-age=60");
  assert.equal(etag, `"${createHash("sha256").update(JSON.stringify(body)).digest("hex")}"`);
  const again = await worker.fetch(url, { headers: { "if-none-match": etag } });
  assert.equal(again.status, 304);
});

test("keys keep their order and their names; a public one is published, too", async (t) => {
  const [first, { d: _, ...second }, third] = [makeKey(), makeKey(), makeKey()];
  const worker = await start(t, { keys: [{ ...first, kid: "2026-11", extra: 1 }, second, third] });
  const { body } = await worker.fetch(`http://one.example${PATH}`);
  assert.deepEqual(body.keys.map((/** @type {any} */ key) => key.x), [first.x, second.x, third.x]);
  assert.equal(body.keys[0].kid, "2026-11");
  assert.ok(!JSON.stringify(body).includes('"d"') && !("extra" in body.keys[0]));
});

test("each program has its own, or all have the same", async (t) => {
  const [one, other] = [makeKey(), makeKey()];
  const worker = await start(t, { 1000: { keys: [one] }, 1001: { keys: [other] } });
  const keys = async (/** @type {string} */ host) =>
    (await worker.fetch(`http://${host}${PATH}`)).body.keys.map((/** @type {any} */ key) => key.x);
  assert.deepEqual(await keys("one.example"), [one.x]);
  assert.deepEqual(await keys("other.example"), [other.x]);
  assert.deepEqual(await keys("none.example"), []);
  const shared = await start(t, { keys: [one] });
  const { body } = await shared.fetch(`http://none.example${PATH}`);
  assert.equal(body.keys[0].x, one.x);
});

test("health says whether a key signs", async (t) => {
  const { d: _, ...onlyPublic } = makeKey();
  const signing = { keys: [onlyPublic, makeKey()] };
  const worker = await start(t, { 1000: signing, 1001: { keys: [onlyPublic] } });
  for (const id of Object.values(HOSTS)) await worker.publish(buildSnapshot(catalog({ id })));
  const receipts = async (/** @type {string} */ host) =>
    (await worker.fetch(`http://${host}/healthz`)).body.receipts;
  assert.equal(await receipts("one.example"), "on");
  assert.equal(await receipts("other.example"), "off");
  assert.equal(await receipts("none.example"), "off");
});

test("the keys that the manual makes can be used", async (t) => {
  const manual = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const command = manual.match(/```sh\n(node -e .*) > receipt-keys.json\n```/)?.[1] ?? "";
  const worker = await start(t, execSync(command, { encoding: "utf8" }));
  const { body } = await worker.fetch(`http://one.example${PATH}`);
  assert.equal(body.keys.length, 1);
});

const KEY = makeKey();
/** What cannot be used, and what is said about it. @type {[string, any, RegExp][]} */
const UNUSABLE = [
  ["no JSON", "secret", /a JWK Set/],
  ["a list", [KEY], /a JWK Set/],
  ["a single key", KEY, /"keys"/],
  ["no key in a set", { keys: [7] }, /"keys"/],
  ["another kind of key", { keys: [KEY, { ...KEY, kty: "RSA" }] }, /keys\[1\].*`kty` OKP/],
  ["another curve", { keys: [{ ...KEY, crv: "X25519" }] }, /`crv` Ed25519/],
  ["another algorithm", { keys: [{ ...KEY, alg: "ES256" }] }, /`alg` but EdDSA/],
  ["another purpose", { keys: [{ ...KEY, use: "enc" }] }, /`use` but sig/],
  ["a short public half", { keys: [{ ...KEY, x: KEY.x.slice(2) }] }, /32 bytes.*`x`/],
  ["a short private half", { keys: [{ ...KEY, d: KEY.d.slice(2) }] }, /32 bytes.*`d`/],
  ["padding", { keys: [{ ...KEY, d: `${KEY.d}=` }] }, /32 bytes.*`d`/],
  ["halves of two keys", { keys: [{ ...KEY, d: makeKey().d }] }, /public half of its `d`/],
  ["one key twice", { keys: [KEY, KEY] }, /a `kid` of its own/],
  ["one name twice", { keys: [KEY, makeKey()].map((key) => ({ ...key, kid: "a" })) }, /of its own/],
  ["a program's list", { 1000: [KEY] }, /"keys"/],
];
for (const [name, keys, expected] of UNUSABLE) {
  test(`keys that cannot be used are not quoted: ${name}`, async (t) => {
    const worker = await start(t, keys);
    const { status, body } = await worker.fetch(`http://one.example${PATH}`);
    assert.equal(status, 500);
    assert.equal(body.type, "/problems/misconfigured");
    assert.match(body.detail, /setting RECEIPT_KEYS: expected/);
    assert.match(body.detail, expected);
    assert.ok(!body.detail.includes(KEY.d) && !body.detail.includes("secret"));
  });
}
