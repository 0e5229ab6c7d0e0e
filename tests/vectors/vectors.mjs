/**
 * Runs the vectors of this folder against a face of the product. How a file reads is said in
 * README.md.
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

/**
 * @typedef {object} Vector
 * @property {string} name
 * @property {string} [at]
 * @property {"shopper" | "trusted"} [caller]
 * @property {object} [request]
 * @property {object} [order]
 * @property {string} [uses] what only a ledger knows, which only the native runner can say
 * @property {object} [counts] the same
 * @property {string} [body]
 * @property {Record<string, any>} expect
 * @property {string[]} [absent]
 * @property {object} [besides] what only whoever calls the functions hears
 */
/**
 * @typedef {{ name: string, catalog: string, at: string, order?: object, cases: Vector[] }}
 *   VectorFile
 */
/** @typedef {{ status: number, body: any }} Reply */

const FOLDER = new URL("./", import.meta.url);

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, FOLDER), "utf8"));

/**
 * The files of validation vectors; files of another shape have runners of their own.
 *
 * @returns {VectorFile[]}
 */
export function vectorFiles() {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort();
  return names.map((name) => ({ name, ...read(name) })).filter(({ catalog }) => catalog);
}

/** @param {string} name of a catalogue that vectors name */
export function vectorCatalog(name) {
  return read(`catalogs/${name}.json`);
}

/**
 * The order that a vector asks to have credited; null when it asks whether a code may be used.
 *
 * @param {VectorFile} file
 * @param {Vector} vector
 * @returns {object | string | null}
 */
export function orderOf(file, vector) {
  if (!file.order && !vector.order) return null;
  return vector.body ?? { ...file.order, ...vector.order };
}

/**
 * Asks about every vector, prints the count and fails with all differences.
 *
 * @param {string} face
 * @param {(file: VectorFile, vector: Vector) => Promise<Reply> | Reply} ask
 * @param {VectorFile[]} [files]
 */
export async function runVectors(face, ask, files = vectorFiles()) {
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  for (const file of files) {
    for (const vector of file.cases.filter(({ uses, counts }) => !uses && !counts)) {
      const problem = complaint(vector, await ask(file, vector));
      if (problem === null) passed += 1;
      else failures.push(`${file.name}: ${vector.name}\n  ${problem}`);
    }
  }
  console.log(`vectors ${face}: ${passed} passed, ${failures.length} failed`);
  assert.deepEqual(failures, []);
}

/**
 * @param {Vector} vector
 * @param {Reply} reply
 * @returns {string | null} what is wrong
 */
function complaint(vector, { status, body }) {
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
