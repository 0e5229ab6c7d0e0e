// Snapshots in the Worker: loaded once, looked at again, checked, and kept when what comes next
// cannot be used.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { catalog, code } from "./catalog.mjs";
import { KEY, buildSnapshot, encodeRoot, key, parts } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */

const first = buildSnapshot(catalog());
const second = buildSnapshot(catalog({}, [code("NEW20", {})]));
/** Long enough that no test sees it pass. */
const AN_HOUR = "3600000";
/** How often something that happens after an answer is looked for. */
const TRIES = 200;

/** @type {Worker} */
let worker;

/** @param {Record<string, string>} [vars] */
async function start(vars) {
  worker = await startWorker({ vars, main: "tests/edge/faulty.mjs" });
  await worker.product.takeReads();
}
afterEach(() => worker.close());

/** Asks until the answer is as it should be; each request may set off another look at KV. */
async function until(ask, isRight) {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    assert.ok(tried < TRIES, `still ${JSON.stringify(answer.body)}`);
  }
}

const validate = () => worker.validate({ code: "SAVE10" });
const health = () => worker.fetch("/healthz");
const answersFrom = (snapshot) => (answer) => answer.body.snapshot?.id === snapshot.id;
const isTroubledBy = (expected) => (answer) => expected.test(answer.body.trouble ?? "");

/** Asserts that the first snapshot is still in use although something was wrong with what KV has now. */
async function assertKept(expected) {
  const { status, body } = await until(health, isTroubledBy(expected));
  assert.equal(status, 200);
  assert.equal(body.status, "ok");
  const answer = await validate();
  assert.equal(answer.status, 200);
  assert.equal(answer.body.valid, true);
  assert.equal(answer.body.snapshot.id, first.id);
}

test("nothing was ever published: 503, and when to ask again", async () => {
  await start();
  const answer = await validate();
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "5");
  assert.equal(answer.body.type, "/problems/no-snapshot");
  assert.match(answer.body.detail, /r\/1000/);
  const { status, body } = await health();
  assert.equal(status, 503);
  assert.equal(body.status, "unavailable");
  assert.equal(body.snapshot, null);
  await worker.publish(first);
  assert.equal((await validate()).body.valid, true);
});

test("cold: root, manifest, shards; warm: nothing", async () => {
  await start({ ROOT_MAX_AGE_MS: AN_HOUR });
  await worker.publish(first);
  const cold = await validate();
  assert.equal(cold.headers.get("server-timing"), 'kv-reads;desc="3"');
  const [root, manifest, shard, ...others] = await worker.product.takeReads();
  assert.deepEqual(root, { key: "r/1000", type: "arrayBuffer", cacheTtl: 30 });
  assert.deepEqual(manifest, { key: `m/${first.id}`, type: "arrayBuffer", cacheTtl: 86_400 });
  assert.ok(first.shards.has(shard.key));
  assert.deepEqual(others, []);
  for (const code of ["SAVE10", "NOPE", "OVER", "SUMMER26", " "]) {
    const warm = await worker.validate({ code });
    assert.equal(warm.headers.get("server-timing"), 'kv-reads;desc="0"', code);
  }
  assert.deepEqual(await worker.product.takeReads(), []);
});

test("many cold requests at once are all answered", async () => {
  await start();
  await worker.publish(first);
  const answers = await Promise.all(Array.from({ length: 20 }, validate));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test("a newer snapshot is taken up, and a rollback is a newer one", async () => {
  await start();
  await worker.publish(first, 1);
  assert.ok(answersFrom(first)(await validate()));
  await worker.publish(second, 2);
  await until(validate, answersFrom(second));
  assert.equal((await worker.validate({ code: "NEW20" })).body.valid, true);
  await worker.putRoot("1000", encodeRoot(first, 3));
  await until(validate, answersFrom(first));
  const { body } = await health();
  assert.equal(body.snapshot.generation, 3);
  assert.equal(body.snapshot.built_at, "2026-06-01T00:00:00Z");
  assert.equal(body.trouble, null);
});

test("a root is not looked at again before its age", async () => {
  await start({ ROOT_MAX_AGE_MS: AN_HOUR });
  await worker.publish(first);
  await validate();
  await worker.product.takeReads();
  await worker.publish(second, 2);
  assert.ok(answersFrom(first)(await validate()));
  assert.deepEqual(await worker.product.takeReads(), []);
});

test("a warm request does not wait for KV, and a look that never ends is not the last", async () => {
  await start();
  await worker.publish(first);
  await validate();
  await worker.publish(second, 2);
  await worker.product.setFaults({ "r/": "hangs" });
  for (let request = 0; request < 3; request += 1) {
    assert.ok(answersFrom(first)(await validate()));
  }
  await worker.product.setFaults({});
  await until(validate, answersFrom(second));
});

test("the age says when KV last confirmed the root", async () => {
  await start({ ROOT_MAX_AGE_MS: AN_HOUR });
  await worker.publish(first);
  const young = (await validate()).body.snapshot.age_ms;
  const older = await until(validate, ({ body }) => body.snapshot.age_ms > young);
  assert.ok(older.body.snapshot.age_ms < 60_000);
});

/** What can be wrong with what KV has, and what an operator is told. @type {[string, RegExp, () => Promise<void>][]} */
const TROUBLES = [
  ["KV does not answer", /KV GET failed/, () => worker.product.setFaults({ "r/": "throws" })],
  ["the root is gone", /nothing is stored as r\/1000/, () => worker.kv.delete("r/1000")],
  ["the root is there before its manifest", /nothing is stored as m\//, async () => {
    await worker.putRoot("1000", encodeRoot(second, 2));
  }],
  ["the manifest was changed", /manifest named .* has the content of/, async () => {
    await worker.put(parts({ ...second, manifest: flipped(second.manifest) }));
    await worker.putRoot("1000", encodeRoot(second, 2));
  }],
  ["the root was changed", /signature is wrong/, async () => {
    await worker.put(parts(second));
    const root = encodeRoot(first, 2);
    root.write(second.id, 24, "hex");
    await worker.putRoot("1000", root);
  }],
  ["the root is signed by somebody else", /signed with key/, async () => {
    await worker.put(parts(second));
    await worker.putRoot("1000", encodeRoot(second, 2, key(8)));
  }],
  ["the root is cut off", /contradicts itself|signature is wrong/, async () => {
    await worker.putRoot("1000", encodeRoot(second, 2).subarray(0, 120));
  }],
  ["the root is empty", /expected a root/, () => worker.putRoot("1000", new Uint8Array())],
  ["the root is another programme's", /got one of 2000/, async () => {
    await worker.putRoot("1000", encodeRoot({ program: "2000", id: second.id }, 2));
  }],
  ["the manifest is another programme's", /got one of 2000/, async () => {
    const other = buildSnapshot(catalog({ id: "2000" }));
    await worker.put(parts(other));
    await worker.putRoot("1000", encodeRoot({ program: "1000", id: other.id }, 2));
  }],
  ["an older generation", /expected a generation after 1, got 0/, async () => {
    await worker.publish(second, 0);
  }],
  ["another snapshot of the same generation", /expected a generation after 1, got 1/, async () => {
    await worker.publish(second, 1);
  }],
  ["a format to come", /deploy the Worker before publishing/, async () => {
    const root = encodeRoot(second, 2);
    root.writeUInt16LE(2, 4);
    await worker.putRoot("1000", root);
  }],
];
for (const [name, expected, spoil] of TROUBLES) {
  test(`what was held is kept: ${name}`, async () => {
    await start();
    await worker.publish(first, 1);
    assert.ok(answersFrom(first)(await validate()));
    await spoil();
    await assertKept(expected);
    await worker.product.setFaults({});
    await worker.publish(second, 3);
    const { body } = await until(health, answersFrom(second));
    assert.equal(body.trouble, null);
  });

  test(`nothing was held: ${name}`, async () => {
    await start();
    await worker.publish(first, 1);
    await spoil();
    const { status, body } = await validate();
    // Whoever has seen no generation cannot know that one is old.
    assert.equal(status, /generation/.test(name) ? 200 : 503);
    if (status === 503) assert.match(body.detail, expected);
  });
}

/** @type {[string, (key: string) => Promise<void>][]} */
const SHARD_TROUBLES = [
  ["is not there yet", (key) => worker.kv.delete(key)],
  ["was changed", (key) => worker.put(new Map([[key, flipped(second.shards.get(key))]]))],
  ["does not come", () => worker.product.setFaults({ "s/": "throws" })],
];
for (const [name, spoil] of SHARD_TROUBLES) {
  test(`a shard of a new snapshot ${name}: the one before answers`, async () => {
    await start();
    await worker.publish(first, 1);
    await validate();
    const [changed] = [...second.shards.keys()].filter((key) => !first.shards.has(key));
    await worker.publish(second, 2);
    await spoil(changed);
    await until(health, answersFrom(second));
    const stale = await validate();
    assert.equal(stale.status, 200);
    assert.equal(stale.body.valid, true);
    assert.equal(stale.body.snapshot.id, first.id);
    await worker.product.setFaults({});
    await worker.put(second.shards);
    assert.equal((await until(validate, answersFrom(second))).body.valid, true);
  });
}

test("no shard to answer from, and none before: 503", async () => {
  await start();
  await worker.publish(first, 1);
  await worker.product.setFaults({ "s/": "is empty" });
  const { status, body } = await validate();
  assert.equal(status, 503);
  assert.match(body.detail, /nothing is stored as s\//);
  // A malformed code needs none.
  assert.equal((await worker.validate({ code: "" })).body.reason, "malformed");
});

test("shards make room for others", async () => {
  const hosts = { "one.example": "1", "two.example": "2" };
  const [one, two] = ["1", "2"].map((id) => buildSnapshot(catalog({ id }, [code(`ONLY${id}`, {})])));
  await start({
    PROGRAM: null,
    PROGRAMS: JSON.stringify(hosts),
    ROOT_MAX_AGE_MS: AN_HOUR,
    SHARD_CACHE_SIZE: "1",
  });
  await worker.publish(one);
  await worker.publish(two);
  const reads = async (host) => {
    const { body, headers } = await worker.validate({ code: "SAVE10" }, {}, host);
    assert.equal(body.valid, true);
    return headers.get("server-timing");
  };
  for (const expected of ["3", "1", "1"]) {
    assert.equal(await reads("one.example"), `kv-reads;desc="${expected}"`);
    assert.equal(await reads("one.example"), 'kv-reads;desc="0"');
    assert.equal(await reads("two.example"), `kv-reads;desc="${expected}"`);
  }
});

test("every programme can have a key of its own", async () => {
  const other = key(9);
  const hosts = { "one.example": "1", "two.example": "2", "three.example": "3" };
  await start({
    PROGRAM: null,
    PROGRAMS: JSON.stringify(hosts),
    SNAPSHOT_KEY: JSON.stringify({ 1: KEY.reader, 2: other.reader }),
  });
  await worker.publish(buildSnapshot(catalog({ id: "1" })));
  const two = buildSnapshot(catalog({ id: "2" }), other);
  await worker.put(parts(two));
  await worker.putRoot("2", encodeRoot(two, 1, other));
  for (const host of ["one.example", "two.example"]) {
    assert.equal((await worker.validate({ code: "SAVE10" }, {}, host)).body.valid, true, host);
  }
  const { status, body } = await worker.validate({ code: "SAVE10" }, {}, "three.example");
  assert.equal(status, 500);
  assert.match(body.detail, /SNAPSHOT_KEY: expected a key for program 3/);
});

/** @param {Uint8Array} bytes @returns {Uint8Array} with its last bit flipped */
function flipped(bytes) {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] ^= 1;
  return copy;
}
