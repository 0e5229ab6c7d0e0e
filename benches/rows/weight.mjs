/**
 * What is uploaded and what a page loads, gzipped.
 * @module
 */

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { at } from "../../tools/project.mjs";
import { information, judged } from "../row.mjs";

/** @typedef {import("../row.mjs").Row} Row */

const PACKAGE = "www/promo-edge";
const LOCALES = `${PACKAGE}/locales`;

/** @returns {Row[]} */
export function weightRows() {
  const publicCodes = [`${PACKAGE}/public-codes.js`, ...module("public")];
  return [
    row("worker", "Worker upload, gzipped, everything in", filesBelow("build/worker"), 600),
    row("slim", "browser: all that every page loads, gzipped", loadedBy("define.js", "slim"), 25),
    row("slim-module", "browser: of that the slim module and its glue, gzipped", module("slim")),
    row("public-codes", "browser: once a field with public codes is entered, gzipped", publicCodes),
    row("validator", "browser validator module and its glue, gzipped", module("validator"), 60),
  ];
}

/**
 * @param {string} id
 * @param {string} what
 * @param {string[]} files each counts once
 * @param {number} [must] in kilobytes of 1,000 bytes
 * @returns {Row}
 */
function row(id, what, files, must) {
  const once = [...new Set(files)];
  const sizes = Object.fromEntries(once.map((file) => [file, gzipped(file)]));
  const sum = Object.values(sizes).reduce((total, size) => total + size, 0);
  const usual = id === "slim" ? "241 KB and up" : "";
  const measured = `${(sum / 1000).toFixed(1)} KB`;
  const weighed = { id: `gz-${id}`, what, usual, measured, figures: { sum, sizes } };
  if (must === undefined) return information(weighed);
  return judged({ ...weighed, must: `<= ${must} KB` }, { value: sum, atMost: must * 1000 });
}

/** @param {string} file */
function gzipped(file) {
  return gzipSync(readFileSync(at(file)), { level: 9 }).length;
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(file) : [file];
  });
}

/**
 * A script of the package, all that it imports at once, the module behind it, and one language:
 * the longest, for a page loads only its own.
 *
 * @param {string} script
 * @param {string} name of the wasm module
 */
function loadedBy(script, name) {
  const seen = new Set();
  const follow = (/** @type {string} */ file) => {
    if (seen.has(file) || file.startsWith(LOCALES)) return;
    seen.add(file);
    const text = readFileSync(at(file), "utf8").replace(/\/\*.*?\*\//gs, "");
    for (const [, to] of text.matchAll(/(?:from|import)\s*"(\.[^"]+\.js)"/g)) {
      follow(path.posix.join(path.posix.dirname(file), to));
    }
  };
  follow(`${PACKAGE}/${script}`);
  const largest = filesBelow(LOCALES).sort((a, b) => gzipped(b) - gzipped(a)).slice(0, 1);
  return [...new Set([...seen, ...module(name), ...largest])];
}

/** @param {string} name */
function module(name) {
  return filesBelow(`${PACKAGE}/wasm/${name}`).filter((file) => /\.(js|wasm)$/.test(file));
}
