/**
 * Snapshots for the Worker's tests: compiled by `promo build`, with roots of any generation, honest
 * or not.
 *
 * Roots are written here from FORMAT.md, not by the crate, so that the two check each other.
 * @module
 */

import { execFileSync } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The command line. */
export const COMMAND = new URL("../../target/release/promo", import.meta.url).pathname;

/**
 * @typedef {object} Snapshot
 * @property {string} program
 * @property {string} id of the manifest
 * @property {Uint8Array} manifest
 * @property {Map<string, Uint8Array>} shards by key
 */

/** @typedef {{program: Uint8Array, text: string, reader: string}} Key */

/** @type {Key} the same in every test, so that every run compares the same bytes */
export const KEY = key(7);

/** @param {number} seed @returns {Key} */
export function key(seed) {
  const program = new Uint8Array(32).fill(seed);
  const hash = Buffer.from(hkdfSync("sha256", program, "", "promo-edge hash 1", 16));
  const verifying = publicKey(signingKey(program));
  return {
    program,
    text: `pek1_${hex(program)}`,
    reader: `per1_${hex(hash)}${hex(verifying)}`,
  };
}

/**
 * Compiles a catalogue.
 *
 * @param {{program: {id: string}} & Record<string, any>} catalog
 * @param {Key} [key]
 * @returns {Snapshot}
 */
export function buildSnapshot(catalog, { text, reader } = KEY) {
  const folder = mkdtempSync(join(tmpdir(), "promo-edge-"));
  try {
    const keyFile = join(folder, "key");
    writeFileSync(keyFile, `program_key = ${text}\nreader_key = ${reader}\n`, { mode: 0o600 });
    const source = join(folder, "catalog.json");
    // Line by line: places in a very long line take the compiler long to find.
    writeFileSync(source, JSON.stringify(catalog, null, 1));
    const out = join(folder, "snapshot");
    execFileSync(COMMAND, ["build", source, "--out", out, "--key-file", keyFile], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const [id] = readdirSync(join(out, "m"));
    // Without exact codes there are no shards.
    const names = existsSync(join(out, "s")) ? readdirSync(join(out, "s")) : [];
    const shards = names.map((shard) => /** @type {const} */ ([
      `s/${shard}`, readFileSync(join(out, "s", shard)),
    ]));
    const manifest = readFileSync(join(out, "m", id));
    return { program: catalog.program.id, id, manifest, shards: new Map(shards) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A signed root, as FORMAT.md has it.
 *
 * @param {{program: string, id: string, deltas?: string[], inline?: Uint8Array}} snapshot
 * @param {number} generation
 * @param {Key} [key]
 */
export function encodeRoot(snapshot, generation, { program: secret } = KEY) {
  const { program, id, deltas = [], inline = new Uint8Array() } = snapshot;
  const signing = signingKey(secret);
  const name = Buffer.from(program);
  const fixed = Buffer.alloc(100);
  const ids = deltas.map((delta) => Buffer.from(delta, "hex"));
  const bytes = Buffer.concat([fixed, name, ...ids, inline]);
  bytes.write("PrmR", 0);
  bytes.writeUInt16LE(1, 4);
  bytes.writeUInt16LE(inline.length, 6);
  bytes.writeBigUInt64LE(BigInt(generation), 8);
  bytes.writeBigInt64LE(BigInt(Date.UTC(2026, 5, 1)), 16);
  bytes.write(id, 24, "hex");
  createHash("sha256").update(publicKey(signing)).digest().copy(bytes, 88, 0, 8);
  bytes.writeUInt8(name.length, 96);
  bytes.writeUInt8(deltas.length, 97);
  const message = Buffer.concat([Buffer.from("promo-edge root\n"), bytes]);
  return Buffer.concat([bytes, sign(null, message, signing)]);
}

/** @param {Snapshot} snapshot every object but the root, by key */
export function parts({ id, manifest, shards }) {
  return new Map([...shards, [`m/${id}`, manifest]]);
}

/** @param {Uint8Array} program */
function signingKey(program) {
  const seed = Buffer.from(hkdfSync("sha256", program, "", "promo-edge sign 1", 32));
  // RFC 8410: what stands before the seed in the PKCS #8 form of an Ed25519 key.
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const der = Buffer.concat([prefix, seed]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** @param {import("node:crypto").KeyObject} signing */
function publicKey(signing) {
  return createPublicKey(signing).export({ format: "der", type: "spki" }).subarray(-32);
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Buffer.from(bytes).toString("hex");
}
