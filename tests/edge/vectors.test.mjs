// The vectors of tests/vectors over HTTP: every catalogue is a programme at a host of its own. How
// a file reads is said in tests/vectors/README.md.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const FOLDER = new URL("../vectors/", import.meta.url);
const TOKEN = "vectors";

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, FOLDER), "utf8"));

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} [at]
 * @property {"shopper" | "trusted"} [caller]
 * @property {object} [request]
 * @property {string} [body]
 * @property {Record<string, any>} expect
 * @property {string[]} [absent]
 */

test("vectors", async () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort();
  // Files of another shape have runners of their own.
  const files = names.map((name) => ({ name, ...read(name) })).filter(({ catalog }) => catalog);
  const shops = [...new Set(files.map(({ catalog }) => catalog))].map(shopOf);
  const worker = await startWorker({ vars: settings(shops) });
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  try {
    for (const { snapshot } of shops) await worker.publish(snapshot);
    for (const file of files) {
      for (const vector of /** @type {Case[]} */ (file.cases)) {
        const problem = await run(worker, file, vector);
        if (problem === null) passed += 1;
        else failures.push(`${file.name}: ${vector.name}\n  ${problem}`);
      }
    }
  } finally {
    await worker.close();
  }
  console.log(`vectors Worker: ${passed} passed, ${failures.length} failed`);
  assert.deepEqual(failures, []);
});

/** A programme of its own for each catalogue, named after it. @param {string} name */
function shopOf(name) {
  const catalog = read(`catalogs/${name}.json`);
  const program = { ...catalog.program, id: name };
  return { name, snapshot: buildSnapshot({ ...catalog, program }) };
}

/** @param {ReturnType<typeof shopOf>[]} shops */
function settings(shops) {
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const each = (/** @type {(name: string) => [string, any]} */ entry) =>
    JSON.stringify(Object.fromEntries(shops.map(({ name }) => entry(name))));
  return {
    PROGRAM: null,
    PROGRAMS: each((name) => [hostOf(name), name]),
    TOKENS: each((name) => [name, [{ sha256, scopes: ["credit"] }]]),
  };
}

/** @param {string} catalog */
const hostOf = (catalog) => `${catalog}.example`;

/**
 * @param {import("./worker.mjs").Worker} worker
 * @param {{catalog: string, at: string}} file
 * @param {Case} vector
 * @returns {Promise<string | null>} what is wrong
 */
async function run(worker, file, vector) {
  const isShopper = vector.caller === "shopper";
  /** @type {Record<string, string>} */
  const headers = isShopper ? {} : { authorization: `Bearer ${TOKEN}` };
  const placed = isShopper ? {} : { placed_at: vector.at ?? file.at };
  const request = vector.body ?? { ...placed, ...vector.request };
  const { status, body } = await worker.validate(request, headers, hostOf(file.catalog));
  const { problem, ...expected } = vector.expect;
  const found = [
    ...(status === (problem ? 400 : 200) ? [] : [`status ${status}`]),
    ...differences(problem ?? expected, body, "answer"),
    ...(vector.absent ?? []).filter((field) => field in body).map((field) => `${field} is there`),
  ];
  return found.length === 0 ? null : `${found.join("\n  ")}\n  ${JSON.stringify(body)}`;
}

/**
 * Objects may have more fields than expected; everything else is equal.
 *
 * @param {any} expected
 * @param {any} actual
 * @param {string} path
 * @returns {string[]}
 */
function differences(expected, actual, path) {
  const isObject = (/** @type {any} */ value) =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([field, value]) =>
      differences(value, actual[field], `${path}.${field}`),
    );
  }
  const [want, got] = [JSON.stringify(expected), JSON.stringify(actual)];
  return want === got ? [] : [`${path}: expected ${want}, got ${got}`];
}
