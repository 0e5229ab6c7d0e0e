/**
 * Codes by the hundred thousand, put into the catalogue's database as an upload puts them there.
 * @module
 */

import { createHash, hkdfSync } from "node:crypto";

import { sipHash } from "./deltas.mjs";
import { KEY } from "./snapshots.mjs";

/** Rows that one statement inserts. */
const ROWS = 5_000;

const BEGIN = `UPDATE programs SET revision = revision + 1, edited_by = 'Maria', edited_at = 0,
  edited_how = 'upload' WHERE id = '1000'`;
const INSERT = `
  INSERT INTO codes (program, id, text, folded, folding, hash, match_type, kind, credit_policy,
    owner, public, created_at, upload, revision, created_revision)
  SELECT programs.id, value ->> '$.id', value ->> '$.text', value ->> '$.folded', 0,
    unhex(value ->> '$.hash'), 'exact', 'tracking', 'always', 'ben', 0, 5, 'u1',
    programs.revision, programs.revision
  FROM programs, json_each(?1) WHERE programs.id = '1000'`;

/** @typedef {{id: string, text: string, folded: string, hash: string}} Row */

/**
 * Rows of one campaign, in the order of their hashes.
 *
 * @param {number} count
 * @returns {Row[]}
 */
export function manyCodes(count) {
  const key = Buffer.from(hkdfSync("sha256", KEY.program, "", "promo-edge hash 1", 16));
  const rows = Array.from({ length: count }, (_, number) => {
    const folded = `pod-${String(number).padStart(6, "0")}`;
    const { first, last } = sipHash(key, Buffer.from(folded));
    const hash = [first, last].map((half) => half.toString(16).padStart(16, "0")).join("");
    return { id: derivedId(folded), text: folded.toUpperCase(), folded, hash };
  });
  return rows.sort((a, b) => (a.hash < b.hash ? -1 : 1));
}

/**
 * Inserts rows as one edit.
 *
 * @param {any} database
 * @param {Row[]} rows
 */
export async function insertCodes(database, rows) {
  const statements = [database.prepare(BEGIN)];
  for (let start = 0; start < rows.length; start += ROWS) {
    const part = JSON.stringify(rows.slice(start, start + ROWS));
    statements.push(database.prepare(INSERT).bind(part));
  }
  await database.batch(statements);
}

/** The id that a code without one has. @param {string} folded */
function derivedId(folded) {
  const digest = createHash("sha256");
  for (const part of ["1000", "exact", folded, ""]) digest.update(`${part.length}:${part}`);
  return `u${digest.digest("hex").slice(0, 32)}`;
}
