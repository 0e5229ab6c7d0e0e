// Changes over a manifest: taken up from the root, and each object read once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { catalog } from "./catalog.mjs";
import { contentId, encodeDelta } from "./deltas.mjs";
import { buildSnapshot, encodeRoot, parts } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** @typedef {import("./worker.mjs").Answer} Answer */

/** How often something that happens after an answer is looked for. */
const TRIES = 200;
const PROGRAMS = { "1.example": "1", "2.example": "2" };

/** Looks at the root again after every request. @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  const vars = { PROGRAM: null, PROGRAMS: JSON.stringify(PROGRAMS), ROOT_MAX_AGE_MS: "0" };
  worker = await startWorker({ vars, main: "tests/edge/faulty.js" });
});
after(() => worker.close());

/** Asks about a code until the answer is this. */
async function until(/** @type {string} */ host, /** @type {string} */ code, expected = true) {
  for (let tried = 1; ; tried += 1) {
    const { body } = await ask(host, code);
    if (body.valid === expected) return;
    assert.ok(tried < TRIES, `${code} is still ${body.valid}`);
  }
}

/** @param {string} host @param {string} code @returns {Promise<Answer>} */
function ask(host, code) {
  return worker.validate({ code }, {}, host);
}

async function keysRead() {
  const reads = await worker.product.takeReads();
  return new Set(reads.map((/** @type {{key: string}} */ { key }) => key));
}

test("a changed code is one read: the root", async () => {
  const host = "1.example";
  const snapshot = buildSnapshot(catalog({ id: "1" }));
  await worker.publish(snapshot, 1);
  assert.equal((await ask(host, "SAVE10")).body.valid, true);
  await worker.product.takeReads();
  const inline = encodeDelta({ made10: [{ owner: "ana" }], save10: [{ owner: "ana", endAt: 1 }] });
  await worker.putRoot("1", encodeRoot({ ...snapshot, inline }, 2));
  await until(host, "MADE10");
  assert.equal((await ask(host, "SAVE10")).body.valid, false);
  assert.equal((await ask(host, "BEN15")).body.valid, true);
  assert.deepEqual(await keysRead(), new Set(["r/1"]));
  const { body } = await worker.fetch(`http://${host}/healthz`);
  assert.equal(body.snapshot.id, snapshot.id);
  assert.equal(body.snapshot.generation, 2);
  await worker.putRoot("1", encodeRoot(snapshot, 3));
  await until(host, "SAVE10");
  assert.equal((await ask(host, "MADE10")).body.valid, false);
});

test("deltas lie over one another, and each is read once", async () => {
  const host = "2.example";
  const snapshot = buildSnapshot(catalog({ id: "2" }));
  const older = encodeDelta({ made10: [{ owner: "ana", endAt: 1 }], save10: [] });
  const newer = encodeDelta({ made10: [{ owner: "ana" }] });
  const deltas = [older, newer].map(contentId);
  await worker.put(new Map([[`d/${deltas[0]}`, older], [`d/${deltas[1]}`, newer]]));
  await worker.put(parts(snapshot));
  await worker.putRoot("2", encodeRoot({ ...snapshot, deltas: deltas.slice(0, 1) }, 1));
  assert.equal((await ask(host, "MADE10")).body.valid, false);
  await worker.putRoot("2", encodeRoot({ ...snapshot, deltas }, 2));
  await until(host, "MADE10");
  assert.equal((await ask(host, "SAVE10")).body.valid, false);
  await worker.product.takeReads();
  const inline = encodeDelta({ made10: [] });
  await worker.putRoot("2", encodeRoot({ ...snapshot, deltas, inline }, 3));
  await until(host, "MADE10", false);
  assert.deepEqual(await keysRead(), new Set(["r/2"]));
});
