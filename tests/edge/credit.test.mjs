// Who may have an order credited, and that the answer is the same on every face, to the byte.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Validator } from "../../www/promo-edge/validator-node.js";
import { vectorCatalog } from "../vectors/vectors.mjs";
import { KEY, buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const COMMAND = new URL("../../target/release/promo", import.meta.url).pathname;
const CATALOG = vectorCatalog("credit-rules");
const ORDER = {
  order_id: "A1",
  event_type: "SALE",
  placed_at: "2026-06-15T12:00:00Z",
  promo_codes: ["NOPE", " save10 "],
  currency: "USD",
  subtotal_minor: 15_000,
  clicks: [{ partner: "cara", at: "2026-06-14T12:00:00Z" }],
};

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  const scopes = { merchant: ["credit"], forcing: ["credit", "force"], reader: ["report"] };
  const tokens = Object.entries(scopes).map(([token, scopes]) => ({
    sha256: createHash("sha256").update(token).digest("hex"),
    scopes,
  }));
  worker = await startWorker({ vars: { TOKENS: JSON.stringify({ 1000: tokens }) } });
  await worker.publish(buildSnapshot(CATALOG));
});
after(() => worker.close());

/** @param {string} token */
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test("only whoever may credit is answered", async () => {
  assert.equal((await worker.credit(ORDER)).status, 401);
  assert.equal((await worker.credit(ORDER, bearer("nobody"))).status, 401);
  const { status, body } = await worker.credit(ORDER, bearer("reader"));
  assert.equal(status, 403);
  assert.match(body.detail, /scope credit/);
  assert.equal((await worker.credit(ORDER, bearer("merchant"))).status, 200);
});

test("naming the partner takes a token for it", async () => {
  const forced = { ...ORDER, forced_partner: "ben" };
  const { status, body } = await worker.credit(forced, bearer("merchant"));
  assert.equal(status, 403);
  assert.match(body.detail, /scope force/);
  const answer = await worker.credit(forced, bearer("forcing"));
  assert.deepEqual([answer.body.credited.partner, answer.body.credited.basis], ["ben", "forced"]);
});

test("a query that is not understood records nothing", async () => {
  const body = JSON.stringify(ORDER);
  for (const query of ["?dry_run=0", "?dry_run", "?dryrun=1", "?dry_run=1&x=1"]) {
    const init = { method: "POST", headers: bearer("merchant"), body };
    const answer = await worker.fetch(`/v1/credit${query}`, init);
    assert.equal(answer.status, 400, query);
    assert.match(answer.body.remedy, /leave it out to record/);
  }
  const { status, headers } = await worker.fetch("/v1/credit?dry_run=1");
  assert.deepEqual([status, headers.get("allow")], [405, "POST"]);
  const asked = await worker.fetch("/v1/orders/SALE/A1", { headers: bearer("merchant") });
  assert.equal(asked.status, 404);
});

test("a cookie says nothing here", async () => {
  const headers = { ...bearer("merchant"), cookie: "__Host-promo-clicks=1.AAAA.BBBB" };
  const [with_, without] = [
    await worker.credit(ORDER, headers),
    await worker.credit(ORDER, bearer("merchant")),
  ];
  assert.deepEqual(with_.body, without.body);
});

test("every face gives the same bytes", async () => {
  const { headers, body } = await worker.credit(ORDER, bearer("merchant"));
  assert.match(headers.get("server-timing") ?? "", /snapshot-age;dur=\d+/);
  const { receipt, ...decision } = body;
  assert.equal(receipt, null, "no key signs here");
  const folder = mkdtempSync(join(tmpdir(), "promo-edge-"));
  try {
    const at = (/** @type {string} */ name) => join(folder, name);
    writeFileSync(at("key"), `program_key = ${KEY.text}\nreader_key = ${KEY.reader}\n`);
    writeFileSync(at("catalog.json"), JSON.stringify(CATALOG));
    writeFileSync(at("orders.jsonl"), JSON.stringify(ORDER));
    const run = (/** @type {string[]} */ ...call) =>
      String(execFileSync(COMMAND, [...call, "--key-file", at("key")], { stdio: "pipe" }));
    run("build", at("catalog.json"), "--out", at("snapshot"), "--bundle", at("bundle"));
    const line = run("credit", "--snapshot", at("snapshot"), at("orders.jsonl")).trimEnd();
    assert.equal(JSON.stringify(decision), line);
    const validator = Validator.open(readFileSync(at("bundle")), KEY.reader);
    assert.equal(JSON.stringify(validator.credit(ORDER)), line);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
