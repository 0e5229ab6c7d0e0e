/**
 * What stands in the documentation as code, so that tests can run it as it stands.
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const ROOT = new URL("../", import.meta.url);

/**
 * The fenced blocks of one kind in a page, in their order.
 *
 * @param {string} page below the project's folder, such as `docs/adopt/vite.md`
 * @param {string} info what follows the opening fence, such as `js` or `html`
 * @returns {string[]} at least one
 */
export function snippets(page, info) {
  const text = readFileSync(new URL(page, ROOT), "utf8");
  const blocks = text.matchAll(/^```([^\n]*)\n([^]*?)^```$/gm);
  const found = [...blocks].filter(([, named]) => named?.trim() === info);
  assert.ok(found.length > 0, `${page} has a block of ${info}`);
  return found.map(([, , code]) => code ?? "");
}
