/**
 * The catalogues of the vectors as bundles for the validator.
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KEY } from "../edge/snapshots.mjs";
import { vectorCatalog, vectorFiles } from "../vectors/vectors.mjs";

const COMMAND = new URL("../../target/release/promo", import.meta.url).pathname;

export const READER_KEY = KEY.reader;

/** Every catalogue's snapshot in one piece, by name. @returns {Map<string, Buffer>} */
export function vectorBundles() {
  const names = new Set(vectorFiles().map(({ catalog }) => catalog));
  return new Map([...names].map((name) => [name, bundle(vectorCatalog(name))]));
}

/** @param {object} catalog @returns {Buffer} */
function bundle(catalog) {
  const folder = mkdtempSync(join(tmpdir(), "promo-edge-"));
  try {
    const names = ["key", "catalog.json", "bundle"];
    const [keyFile, source, file] = names.map((name) => join(folder, name));
    const keys = `program_key = ${KEY.text}\nreader_key = ${KEY.reader}\n`;
    writeFileSync(keyFile, keys, { mode: 0o600 });
    writeFileSync(source, JSON.stringify(catalog));
    const out = ["--out", join(folder, "snapshot"), "--bundle", file, "--key-file", keyFile];
    execFileSync(COMMAND, ["build", source, ...out], { stdio: ["ignore", "ignore", "pipe"] });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
