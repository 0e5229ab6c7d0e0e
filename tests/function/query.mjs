/**
 * What an input query asks for, to hold the inputs of tests and of the documentation to it.
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url);
const WORD = /\.{3} on \w+|\w+:?|[{}]/g;

/** @typedef {Map<string, Fields>} Fields by the names in the answer; a leaf has none */

/**
 * Fails unless the input has each field that the query asks for, and no other. What is null has
 * no fields to compare.
 *
 * @param {string} query a file below the project's folder
 * @param {unknown} input
 */
export function assertAnswers(query, input) {
  const text = readFileSync(new URL(query, ROOT), "utf8");
  const [, selection] = /^query Input (\{[^]*)/m.exec(text) ?? [];
  assert.ok(selection, `${query} has a query`);
  const [, ...words] = selection.replaceAll(/\([^)]*\)/g, "").match(WORD) ?? [];
  compare(fieldsOf(words.values(), new Map()), input, query);
}

/**
 * @param {Iterator<string>} words up to the brace that closes the selection
 * @param {Fields} fields that those of the selection are added to
 */
function fieldsOf(words, fields) {
  let name = "";
  let isNamed = false;
  for (let word = words.next().value; word !== "}"; word = words.next().value) {
    assert.ok(word, "each brace is closed");
    if (word === "{") {
      fieldsOf(words, fields.get(name) ?? fields);
    } else if (word.startsWith("...")) {
      name = word;
    } else if (!isNamed) {
      name = word.replace(":", "");
      fields.set(name, new Map());
    }
    isNamed = word.endsWith(":");
  }
  return fields;
}

/** @param {Fields} fields @param {unknown} value @param {string} path */
function compare(fields, value, path) {
  if (value === null || fields.size === 0) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) compare(fields, item, `${path}[${index}]`);
    return;
  }
  const entries = Object.entries(/** @type {object} */ (value));
  const names = entries.map(([name]) => name).toSorted();
  assert.deepEqual(names, [...fields.keys()].toSorted(), path);
  for (const [name, own] of fields) {
    compare(own, Object.fromEntries(entries)[name], `${path} ${name}`);
  }
}
