// `promo publish` against the KV that `wrangler dev` serves: what it writes, what it refuses, and
// how it goes back.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { key } from "./snapshots.mjs";

const root = new URL("../../", import.meta.url).pathname;
const COMMAND = ["release", "debug"]
  .map((profile) => join(root, "target", profile, "promo"))
  .find((path) => existsSync(path)) ?? "promo";
const GOLDEN_KEY = join(root, "tests/golden/key");

const desk = mkdtempSync(join(tmpdir(), "promo-edge-publish-"));
const otherKey = join(desk, "other-key");
/** Ids of the snapshots, by the folder that they are in. @type {Record<string, string>} */
const ids = {};

before(() => {
  const { text, reader } = key(9);
  writeFileSync(otherKey, `program_key = ${text}\nreader_key = ${reader}\n`);
  const text0 = readFileSync(join(root, "tests/golden/catalog.json"), "utf8");
  const catalog = JSON.parse(text0);
  build("first", catalog, GOLDEN_KEY);
  build("second", { ...catalog, program: { ...catalog.program, name: "Second" } }, GOLDEN_KEY);
  build("third", { ...catalog, program: { ...catalog.program, name: "Third" } }, GOLDEN_KEY);
  build("other", catalog, otherKey);
});
after(() => rmSync(desk, { recursive: true, force: true }));

/** @param {string} name @param {object} catalog @param {string} keyFile */
function build(name, catalog, keyFile) {
  const source = join(desk, `${name}.json`);
  writeFileSync(source, JSON.stringify(catalog));
  const out = join(desk, name);
  const { status, stderr } = promo("build", source, "--out", out, "--key-file", keyFile);
  assert.equal(status, 0, stderr);
  [ids[name]] = readdirSync(join(out, "m"));
}

/** @param {string[]} call */
function promo(...call) {
  return spawnSync(COMMAND, call, { cwd: root, encoding: "utf8" });
}

/**
 * @param {string} name folder
 * @param {string[]} options
 */
function publish(name, ...options) {
  const keyFile = options.includes("--key-file") ? [] : ["--key-file", GOLDEN_KEY];
  const state = ["--local", "--persist-to", join(desk, "state"), "--json"];
  return promo("publish", join(desk, name), ...state, ...keyFile, ...options);
}

/** @param {string} name @param {string[]} options @returns {any} what was published */
function published(name, ...options) {
  const { status, stdout, stderr } = publish(name, ...options);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** @param {object[]} requests @returns {any[]} answers of the script that speaks to KV */
function kv(...requests) {
  const call = ["tools/kv.mjs", "--local", "--persist-to", join(desk, "state")];
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
  const options = { cwd: root, encoding: /** @type {const} */ ("utf8"), input };
  const { status, stdout, stderr } = spawnSync("node", call, options);
  assert.equal(status, 0, stderr);
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}

// In the order in which a programme lives: each test goes on where the one before ended.

let generation = 0;

/** @param {any} answer */
function assertNewer(answer) {
  assert.ok(answer.generation > generation, `${answer.generation} is not above ${generation}`);
  generation = answer.generation;
}

test("the first publication writes everything", () => {
  const answer = published("first");
  assert.equal(answer.snapshot, ids.first);
  assert.equal(answer.previous, null);
  assert.ok(answer.objects_written >= 2);
  assertNewer(answer);
});

test("publishing the same again writes nothing but a root", () => {
  const answer = published("first");
  assert.equal(answer.objects_written, 0);
  assert.ok(answer.objects_kept >= 2);
  assert.equal(answer.previous, null);
  assertNewer(answer);
});

test("another snapshot names the one before it", () => {
  const answer = published("second");
  assert.equal(answer.snapshot, ids.second);
  assert.equal(answer.previous, ids.first);
  assert.ok(answer.objects_written >= 1);
  assertNewer(answer);
});

test("a rollback to what is in force keeps what was before it", () => {
  const answer = published("second", "--rollback", ids.second);
  assert.equal(answer.snapshot, ids.second);
  assert.equal(answer.previous, ids.first);
  assertNewer(answer);
});

test("a rollback goes back by a newer root", () => {
  const answer = published("second", "--rollback", ids.first);
  assert.equal(answer.snapshot, ids.first);
  assert.equal(answer.previous, ids.second);
  assert.equal(answer.objects_written, 0);
  assertNewer(answer);
});

test("a rollback to a snapshot that is not whole is refused, and publishing mends it", () => {
  const shard = `s/${readdirSync(join(desk, "second", "s"))[0]}`;
  const manifest = `m/${ids.second}`;
  const value = Buffer.from("poison").toString("base64");
  for (const poisoned of [shard, manifest]) {
    kv({ op: "put", key: poisoned, value });
    const refused = publish("first", "--rollback", ids.second);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, new RegExp(poisoned));
    const answer = published("second");
    assert.equal(answer.objects_written, 1);
    const [mended] = kv({ op: "get", key: poisoned });
    const bytes = readFileSync(join(desk, "second", poisoned));
    assert.deepEqual(Buffer.from(mended.value, "base64"), bytes);
  }
});

test("a damaged folder is not published", () => {
  const [before] = kv({ op: "get", key: "r/golden" });
  const shard = join(desk, "first", "s", readdirSync(join(desk, "first", "s"))[0]);
  const bytes = readFileSync(shard);
  writeFileSync(shard, Buffer.concat([bytes, Buffer.from("!")]));
  const refused = publish("first");
  writeFileSync(shard, bytes);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /promo verify/);
  assert.deepEqual(kv({ op: "get", key: "r/golden" }), [before]);
});

test("another key is refused, unless the one before it is named", () => {
  const refused = publish("other", "--key-file", otherKey);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--old-key-file/);
  const options = ["--key-file", otherKey, "--old-key-file", GOLDEN_KEY];
  const rollback = publish("other", ...options, "--rollback", ids.second);
  assert.equal(rollback.status, 2);
  const answer = published("other", ...options);
  assert.equal(answer.snapshot, ids.other);
  assert.equal(answer.previous, ids.second);
});

test("what has been out of use for a day is swept, and nothing that is needed", () => {
  // The key was changed above: from here on, a programme's life begins anew.
  rmSync(join(desk, "state"), { recursive: true });
  const at = (/** @type {number} */ hours) => {
    return ["--published-at", new Date(Date.UTC(2026, 0, 1, hours)).toISOString()];
  };
  published("third", ...at(0));
  published("second", ...at(1));
  const soon = published("first", ...at(24));
  assert.equal(soon.objects_swept, 0, "the third has been out of use for less than a day");
  published("third", ...at(25));
  published("second", ...at(26));
  const swept = published("first", ...at(50));
  assert.ok(swept.objects_swept >= 1);
  const keys = kv({ op: "list", key: "m/" })[0].keys;
  assert.deepEqual(keys.sort(), [`m/${ids.first}`, `m/${ids.second}`].sort());
  published("second", "--rollback", ids.second);
  const { status, stderr } = publish("third", "--rollback", ids.third);
  assert.equal(status, 2);
  assert.match(stderr, /mend:/);
});
