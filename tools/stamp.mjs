/**
 * Skipping what is up to date: a step is done again only when the content it reads has changed.
 * @module
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { at } from "./project.mjs";
import { say } from "./steps.mjs";

/**
 * Does the work unless its inputs are those of the last time and its outputs are still there.
 *
 * @param {string} name of the step; its stamp is kept under that name
 * @param {{inputs: string[], settings?: unknown, outputs: string[]}} what `inputs` and `outputs`
 *   are files or folders below the project's folder; `settings` is anything else that matters
 * @param {() => Promise<unknown>} work
 */
export async function unlessUpToDate(name, { inputs, settings, outputs }, work) {
  const file = at("build", "stamps", name);
  const fresh = contentStamp(inputs, settings);
  const last = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (last === fresh && outputs.every((output) => existsSync(at(output)))) {
    say(`${name}: up to date`);
    return;
  }
  await work();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, fresh);
}

/**
 * One hash over the names and the content of files.
 *
 * @param {string[]} inputs files or folders below the project's folder; absent ones count as empty
 * @param {unknown} [settings] anything else that decides the outcome
 */
export function contentStamp(inputs, settings) {
  const hash = createHash("sha256").update(JSON.stringify(settings ?? null));
  for (const file of inputs.flatMap(filesUnder)) {
    hash.update(`\0${file}\0`).update(readFileSync(at(file)));
  }
  return hash.digest("hex");
}

/**
 * @param {string} name
 * @returns {string[]} in a fixed order
 */
function filesUnder(name) {
  if (!existsSync(at(name))) return [];
  if (!statSync(at(name)).isDirectory()) return [name];
  return readdirSync(at(name)).sort().flatMap((entry) => filesUnder(`${name}/${entry}`));
}
