// Bearer tokens: a wrong one is refused and never counts as none.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { catalog } from "./catalog.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** Each token has its name for a secret. @type {Record<string, Record<string, string[]>>} */
const TOKENS = {
  1000: {
    merchant: ["credit"],
    everything: ["credit", "force", "admin", "report"],
    reader: ["report"],
  },
  1001: { neighbour: ["credit"] },
};

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  const configured = Object.entries(TOKENS).map(([program, tokens]) => [
    program,
    Object.entries(tokens).map(([token, scopes]) => ({ sha256: sha256(token), scopes })),
  ]);
  worker = await startWorker({ vars: { TOKENS: JSON.stringify(Object.fromEntries(configured)) } });
  await worker.publish(buildSnapshot(catalog()));
});
after(() => worker.close());

/** @param {string} authorization */
function ask(authorization) {
  return worker.validate({ code: "SAVE10", customer_id: "c-1" }, { authorization });
}

test("a token with the scope is trusted, whatever the case of its scheme", async () => {
  for (const authorization of ["Bearer merchant", "bearer merchant", "BEARER  everything"]) {
    const { status, body } = await ask(authorization);
    assert.equal(status, 200, authorization);
    assert.equal(body.owner, "ana");
  }
});

test("anything else in the header is refused", async () => {
  const wrong = [
    "Bearer nobody", "Bearer neighbour", `Bearer ${sha256("merchant")}`, "Bearer", "Bearer ",
    "merchant", "Basic bWVyY2hhbnQ6", "Bearer merchan", "Bearer merchant1",
  ];
  for (const authorization of wrong) {
    const { status, headers, body } = await ask(authorization);
    assert.equal(status, 401, authorization);
    assert.equal(headers.get("www-authenticate"), "Bearer");
    assert.equal(body.type, "/problems/unauthenticated");
    assert.ok(!JSON.stringify(body).includes("nobody"));
  }
});

test("a token without the scope is told which one it takes", async () => {
  const { status, body } = await ask("Bearer reader");
  assert.equal(status, 403);
  assert.equal(body.type, "/problems/out-of-scope");
  assert.match(body.detail, /credit/);
});

test("a token is refused even where a shopper would be answered", async () => {
  const { status } = await worker.validate({ code: "SAVE10" }, { authorization: "Bearer nobody" });
  assert.equal(status, 401);
});

/** @param {string} text */
function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
