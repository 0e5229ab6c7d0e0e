// Snapshots in the Worker: loaded once, looked at again, checked, and kept when what comes next
// cannot be used.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { catalog, code } from "./catalog.mjs";
import { contentId, encodeDelta } from "./deltas.mjs";
import { KEY, buildSnapshot, encodeRoot, key, parts } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */
/** @typedef {import("./worker.mjs").Answer} Answer */
/** @typedef {import("./snapshots.mjs").Snapshot} Snapshot */

/** Long enough that no test sees it pass. */
const AN_HOUR = "3600000";
/** How often something that happens after an answer is looked for. */
const TRIES = 200;
const PROGRAMS = Object.fromEntries(
  Array.from({ length: 60 }, (_, n) => [`${n}.example`, String(n)]),
);

/** Looks at the root again after every request. @type {Worker} */
let eager;
/** Never looks at a root twice. @type {Worker} */
let patient;

before(async () => {
  eager = await start({ ROOT_MAX_AGE_MS: "0" });
  patient = await start({ ROOT_MAX_AGE_MS: AN_HOUR });
});
after(() => Promise.all([eager.close(), patient.close()]));

/** @param {Record<string, string>} vars */
function start(vars) {
  const all = { PROGRAM: null, PROGRAMS: JSON.stringify(PROGRAMS), ...vars };
  return startWorker({ vars: all, main: "tests/edge/faulty.js" });
}

/** A programme that no other test knows, with two snapshots whose shards no other has. */
class Shop {
  static #last = 0;

  /** @param {Worker} worker */
  constructor(worker) {
    Shop.#last += 1;
    this.worker = worker;
    this.id = String(Shop.#last);
    this.host = `${this.id}.example`;
    const own = code(`ONLY${this.id}`, {});
    this.first = buildSnapshot(catalog({ id: this.id }, [own]));
    this.second = buildSnapshot(catalog({ id: this.id }, [own, code("NEW20", {})]));
    /** Takes the code away that is asked for. */
    this.delta = encodeDelta({ save10: [], [`only${this.id}`]: [] });
  }

  /** @returns {Promise<Answer>} */
  validate = (text = "SAVE10") => this.worker.validate({ code: text }, {}, this.host);

  /** @returns {Promise<Answer>} */
  health = () => this.worker.fetch(`http://${this.host}/healthz`);

  /** @param {Uint8Array} bytes */
  putRoot(bytes) {
    return this.worker.putRoot(this.id, bytes);
  }

  /** Asserts that the first snapshot is in use although something is wrong with what KV has now. */
  async assertKept(/** @type {RegExp} */ expected) {
    const { status, body } = await until(this.health, isTroubledBy(expected));
    assert.equal(status, 200);
    assert.equal(body.status, "ok");
    const answer = await this.validate();
    assert.equal(answer.status, 200);
    assert.equal(answer.body.valid, true);
    assert.equal(answer.body.snapshot.id, this.first.id);
  }
}

/**
 * Asks until the answer is as it should be; each request may set off another look at KV.
 *
 * @param {() => Promise<Answer>} ask
 * @param {(answer: Answer) => boolean} isRight
 */
async function until(ask, isRight) {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    assert.ok(tried < TRIES, `still ${JSON.stringify(answer.body)}`);
  }
}

/** @param {{id: string}} snapshot @returns {(answer: Answer) => boolean} */
const answersFrom = (snapshot) => (answer) => answer.body.snapshot?.id === snapshot.id;
/** @param {RegExp} expected @returns {(answer: Answer) => boolean} */
const isTroubledBy = (expected) => (answer) => expected.test(answer.body.trouble ?? "");

test("nothing was ever published: 503, and when to ask again", async () => {
  const shop = new Shop(eager);
  const answer = await shop.validate();
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "5");
  assert.equal(answer.body.type, "/problems/no-snapshot");
  assert.match(answer.body.detail, new RegExp(`r/${shop.id}`));
  const { status, body } = await shop.health();
  assert.equal(status, 503);
  assert.equal(body.status, "unavailable");
  assert.equal(body.snapshot, null);
  await eager.publish(shop.first);
  assert.equal((await shop.validate()).body.valid, true);
});

test("cold: root, manifest, shards; warm: nothing", async () => {
  const shop = new Shop(patient);
  await patient.publish(shop.first);
  await patient.product.takeReads();
  const cold = await shop.validate();
  assert.equal(cold.headers.get("server-timing"), 'kv-reads;desc="3"');
  const [root, manifest, shard, ...others] = await patient.product.takeReads();
  assert.deepEqual(root, { key: `r/${shop.id}`, type: "arrayBuffer", cacheTtl: 30 });
  assert.deepEqual(manifest, { key: `m/${shop.first.id}`, type: "arrayBuffer", cacheTtl: 60 });
  assert.ok(shop.first.shards.has(shard.key));
  assert.deepEqual(others, []);
  for (const text of ["SAVE10", "NOPE", "OVER", "SUMMER26", " "]) {
    const warm = await shop.validate(text);
    assert.equal(warm.headers.get("server-timing"), 'kv-reads;desc="0"', text);
  }
  assert.deepEqual(await patient.product.takeReads(), []);
});

test("many cold requests at once are all answered", async () => {
  const shop = new Shop(eager);
  await eager.publish(shop.first);
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.validate()));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test("a newer snapshot is taken up, and a rollback is a newer one", async () => {
  const shop = new Shop(eager);
  await eager.publish(shop.first, 1);
  assert.ok(answersFrom(shop.first)(await shop.validate()));
  await eager.publish(shop.second, 2);
  await until(shop.validate, answersFrom(shop.second));
  assert.equal((await shop.validate("NEW20")).body.valid, true);
  await shop.putRoot(encodeRoot(shop.first, 3));
  await until(shop.validate, answersFrom(shop.first));
  const { body } = await shop.health();
  assert.equal(body.snapshot.generation, 3);
  assert.equal(body.snapshot.built_at, "2026-06-01T00:00:00Z");
  assert.equal(body.trouble, null);
});

test("a root is not looked at again before its age", async () => {
  const shop = new Shop(patient);
  await patient.publish(shop.first);
  await shop.validate();
  await patient.product.takeReads();
  await patient.publish(shop.second, 2);
  assert.ok(answersFrom(shop.first)(await shop.validate()));
  assert.deepEqual(await patient.product.takeReads(), []);
});

test("a warm request does not wait, and a look that never ends is not the last", async () => {
  const shop = new Shop(eager);
  await eager.publish(shop.first);
  await shop.validate();
  await eager.publish(shop.second, 2);
  await eager.product.setFaults({ "r/": "hangs" });
  for (let request = 0; request < 3; request += 1) {
    assert.ok(answersFrom(shop.first)(await shop.validate()));
  }
  await eager.product.setFaults({});
  await until(shop.validate, answersFrom(shop.second));
});

test("the age says when KV last confirmed the root", async () => {
  const shop = new Shop(patient);
  await patient.publish(shop.first);
  const young = (await shop.validate()).body.snapshot.age_ms;
  const older = await until(shop.validate, ({ body }) => body.snapshot.age_ms > young);
  assert.ok(older.body.snapshot.age_ms < 60_000);
});

/**
 * What can be wrong with what KV has, and what an operator is told.
 *
 * @type {[string, RegExp, (shop: Shop) => Promise<void>][]}
 */
const TROUBLES = [
  ["KV does not answer", /KV GET failed/, (shop) =>
    shop.worker.product.setFaults({ [`r/${shop.id}`]: "throws" })],
  ["the root is gone", /nothing is stored as r\//, (shop) => shop.worker.kv.delete(`r/${shop.id}`)],
  ["the root is there before its manifest", /nothing is stored as m\//, (shop) =>
    shop.putRoot(encodeRoot(shop.second, 2))],
  ["the manifest was changed", /manifest named .* has the content of/, async (shop) => {
    await shop.worker.put(parts({ ...shop.second, manifest: flipped(shop.second.manifest) }));
    await shop.putRoot(encodeRoot(shop.second, 2));
  }],
  ["the root was changed", /signature is wrong/, async (shop) => {
    await shop.worker.put(parts(shop.second));
    const root = encodeRoot(shop.first, 2);
    root.write(shop.second.id, 24, "hex");
    await shop.putRoot(root);
  }],
  ["the root is signed by somebody else", /signed with key/, async (shop) => {
    await shop.worker.put(parts(shop.second));
    await shop.putRoot(encodeRoot(shop.second, 2, key(8)));
  }],
  ["the root is there before its delta", /nothing is stored as d\//, (shop) =>
    shop.putRoot(encodeRoot({ ...shop.first, deltas: [contentId(shop.delta)] }, 2))],
  ["the delta was changed", /delta named .* has the content of/, async (shop) => {
    await shop.worker.put(new Map([[`d/${contentId(shop.delta)}`, flipped(shop.delta)]]));
    await shop.putRoot(encodeRoot({ ...shop.first, deltas: [contentId(shop.delta)] }, 2));
  }],
  ["the inline delta is cut off", /delta contradicts itself/, (shop) =>
    shop.putRoot(encodeRoot({ ...shop.first, inline: shop.delta.subarray(0, 40) }, 2))],
  ["the root is cut off", /contradicts itself|signature is wrong/, (shop) =>
    shop.putRoot(encodeRoot(shop.second, 2).subarray(0, 120))],
  ["the root is empty", /expected a root/, (shop) => shop.putRoot(new Uint8Array())],
  ["the root is another programme's", /got one of other/, (shop) =>
    shop.putRoot(encodeRoot({ program: "other", id: shop.second.id }, 2))],
  ["the manifest is another programme's", /got one of other/, async (shop) => {
    const other = buildSnapshot(catalog({ id: "other" }));
    await shop.worker.put(parts(other));
    await shop.putRoot(encodeRoot({ program: shop.id, id: other.id }, 2));
  }],
  ["an older generation", /expected a generation after 1, got 0/, (shop) =>
    shop.worker.publish(shop.second, 0)],
  ["another snapshot of the same generation", /expected a generation after 1, got 1/, (shop) =>
    shop.worker.publish(shop.second, 1)],
  ["a format to come", /deploy the Worker before publishing/, (shop) => {
    const root = encodeRoot(shop.second, 2);
    root.writeUInt16LE(2, 4);
    return shop.putRoot(root);
  }],
];
for (const [name, expected, spoil] of TROUBLES) {
  test(`what was held is kept: ${name}`, async () => {
    const shop = new Shop(eager);
    await eager.publish(shop.first, 1);
    assert.ok(answersFrom(shop.first)(await shop.validate()));
    await spoil(shop);
    await shop.assertKept(expected);
    await eager.product.setFaults({});
    await eager.publish(shop.second, 3);
    const { body } = await until(shop.health, answersFrom(shop.second));
    assert.equal(body.trouble, null);
  });

  test(`nothing was held: ${name}`, async () => {
    const shop = new Shop(eager);
    await eager.publish(shop.first, 1);
    await spoil(shop);
    const { status, body } = await shop.validate();
    await eager.product.setFaults({});
    // Whoever has seen no generation cannot know that one is old.
    assert.equal(status, /generation/.test(name) ? 200 : 503);
    if (status === 503) assert.match(body.detail, expected);
  });
}

/** @type {[string, (shop: Shop, key: string) => Promise<void>][]} */
const SHARD_TROUBLES = [
  ["is not there yet", (shop, key) => shop.worker.kv.delete(key)],
  ["was changed", (shop, key) =>
    shop.worker.put(new Map([[key, flipped(shop.second.shards.get(key) ?? new Uint8Array(1))]]))],
  ["does not come", (shop, key) => shop.worker.product.setFaults({ [key]: "throws" })],
];
for (const [name, spoil] of SHARD_TROUBLES) {
  test(`a shard of a new snapshot ${name}: the one before answers`, async () => {
    const shop = new Shop(eager);
    const { first, second } = shop;
    await eager.publish(first, 1);
    await shop.validate();
    const [changed] = [...second.shards.keys()].filter((key) => !first.shards.has(key));
    await eager.put(parts(second));
    await spoil(shop, changed);
    await shop.putRoot(encodeRoot(second, 2));
    await until(shop.health, answersFrom(second));
    const stale = await shop.validate();
    assert.equal(stale.status, 200);
    assert.equal(stale.body.valid, true);
    assert.equal(stale.body.snapshot.id, first.id);
    await eager.product.setFaults({});
    await eager.put(second.shards);
    assert.equal((await until(shop.validate, answersFrom(second))).body.valid, true);
  });
}

test("no shard to answer from, and none before: 503", async () => {
  const shop = new Shop(eager);
  await eager.publish(shop.first, 1);
  await eager.product.setFaults({ "s/": "is empty" });
  const { status, body } = await shop.validate();
  assert.equal(status, 503);
  assert.match(body.detail, /nothing is stored as s\//);
  // A malformed code needs none.
  assert.equal((await shop.validate("")).body.reason, "malformed");
  await eager.product.setFaults({});
});

test("shards make room for others", async () => {
  const worker = await start({ ROOT_MAX_AGE_MS: AN_HOUR, SHARD_CACHE_SIZE: "1" });
  try {
    const [one, two] = [new Shop(worker), new Shop(worker)];
    await worker.publish(one.first);
    await worker.publish(two.first);
    /** @param {Shop} shop @param {number} expected */
    const assertReads = async (shop, expected) => {
      const { body, headers } = await shop.validate();
      assert.equal(body.valid, true);
      assert.equal(headers.get("server-timing"), `kv-reads;desc="${expected}"`);
    };
    for (const expected of [3, 1, 1]) {
      await assertReads(one, expected);
      await assertReads(one, 0);
      await assertReads(two, expected);
    }
  } finally {
    await worker.close();
  }
});

test("every programme can have a key of its own", async () => {
  const other = key(9);
  const worker = await start({ SNAPSHOT_KEY: JSON.stringify({ 1: KEY.reader, 2: other.reader }) });
  try {
    await worker.publish(buildSnapshot(catalog({ id: "1" })));
    const two = buildSnapshot(catalog({ id: "2" }), other);
    await worker.put(parts(two));
    await worker.putRoot("2", encodeRoot(two, 1, other));
    const ask = (/** @type {string} */ host) => worker.validate({ code: "SAVE10" }, {}, host);
    for (const host of ["1.example", "2.example"]) {
      assert.equal((await ask(host)).body.valid, true, host);
    }
    const { status, body } = await ask("3.example");
    assert.equal(status, 500);
    assert.match(body.detail, /SNAPSHOT_KEY: expected a key for program 3/);
  } finally {
    await worker.close();
  }
});

test("a key is changed without a gap: while there are two, both open", async () => {
  const next = key(9);
  const keys = `${KEY.reader} ${next.reader}`;
  const worker = await start({ SNAPSHOT_KEY: keys, ROOT_MAX_AGE_MS: "0" });
  try {
    const shop = new Shop(worker);
    await worker.publish(shop.first, 1);
    assert.ok(answersFrom(shop.first)(await shop.validate()));
    const renewed = buildSnapshot(catalog({ id: shop.id }), next);
    await worker.put(parts(renewed));
    await shop.putRoot(encodeRoot(renewed, 2, next));
    const { body } = await until(shop.validate, answersFrom(renewed));
    assert.equal(body.valid, true);
  } finally {
    await worker.close();
  }
});

/** @param {Uint8Array} bytes @returns {Uint8Array} with its last bit flipped */
function flipped(bytes) {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] ^= 1;
  return copy;
}
