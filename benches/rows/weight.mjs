/**
 * What is uploaded and what a page loads, gzipped.
 * @module
 */

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { SINGLE_FILE } from "../../tools/package.mjs";
import { at } from "../../tools/project.mjs";
import { bundleAsShopsDo } from "../page/bundle.mjs";
import { information, judged } from "../row.mjs";

/** @typedef {import("../row.mjs").Row} Row */

const PACKAGE = "www/promo-edge";
const LOCALES = `${PACKAGE}/locales`;
const INLINED = ["inlined.js", "slim.js"].map((file) => `${PACKAGE}/wasm/slim/${file}`);

/** @returns {Row[]} */
export function weightRows() {
  const publicCodes = [`${PACKAGE}/public-codes.js`, ...module("public")];
  return [
    row("worker", "Worker upload, gzipped, everything in", filesBelow("build/worker"), 600),
    bundled("slim", "browser: all that every page loads, built by the shop, gzipped", 25),
    row("sources", "browser: the same as it is, not built, gzipped", loadedBy("define.js")),
    row("single", "browser: the same as one file, with all languages, gzipped", [SINGLE_FILE], 25),
    row("slim-module", "browser: of that the slim module and its glue, gzipped", INLINED),
    row("public-codes", "browser: once a field with public codes is entered, gzipped", publicCodes),
    row("validator", "browser validator module and its glue, gzipped", module("validator"), 60),
  ];
}

/**
 * The field as a shop's own build makes it: minified, and of the languages the longest.
 *
 * @param {string} id
 * @param {string} what
 * @param {number} must
 */
function bundled(id, what, must) {
  const external = ["./public-codes.js"];
  const files = bundleAsShopsDo(at(PACKAGE, "define.js"), { external });
  const sized = files.map(({ path: file, contents }) =>
    ({ name: path.basename(file), size: gzipSync(contents, { level: 9 }).length }));
  const isLocale = (/** @type {{name: string}} */ { name }) => /^[a-z]{2}-/.test(name);
  const longest = sized.filter(isLocale).sort((a, b) => b.size - a.size).slice(0, 1);
  const loaded = [...sized.filter((one) => !isLocale(one)), ...longest];
  return weighed(id, what, Object.fromEntries(loaded.map(({ name, size }) => [name, size])), must);
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
  return weighed(id, what, Object.fromEntries(once.map((file) => [file, gzipped(file)])), must);
}

/**
 * @param {string} id
 * @param {string} what
 * @param {Record<string, number>} sizes
 * @param {number} [must] in kilobytes of 1,000 bytes
 * @returns {Row}
 */
function weighed(id, what, sizes, must) {
  const sum = Object.values(sizes).reduce((total, size) => total + size, 0);
  const usual = id === "slim" ? "241 KB and up" : "";
  const measured = `${(sum / 1000).toFixed(1)} KB`;
  const weight = { id: `gz-${id}`, what, usual, measured, figures: { sum, sizes } };
  if (must === undefined) return information(weight);
  return judged({ ...weight, must: `<= ${must} KB` }, { value: sum, atMost: must * 1000 });
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
 * A script of the package, all that it imports at once, and one language: the longest, for a page
 * loads only its own.
 *
 * @param {string} script
 */
function loadedBy(script) {
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
  return [...seen, ...largest];
}

/** @param {string} name */
function module(name) {
  return filesBelow(`${PACKAGE}/wasm/${name}`).filter((file) => /\.(js|wasm)$/.test(file));
}
