/**
 * The sample programme and its twin: generated, compiled and published into the local KV; and the
 * tables of the catalogue and of the reports.
 * @module
 */

import { mkdirSync, rmSync } from "node:fs";

import { COMMAND } from "./build.mjs";
import { at, npmBin, root } from "./project.mjs";
import { writeSecrets } from "./secrets.mjs";
import { unlessUpToDate } from "./stamp.mjs";
import { run } from "./steps.mjs";

/** The programmes as wrangler.toml's PROGRAMS maps them: what it tells shoppers, by its id. */
export const PROGRAMS = [
  { id: "1000", host: "localhost", reasons: "collapsed" },
  { id: "1001", host: "detailed.localhost", reasons: "detailed" },
];

/** A public code of the sample that is always valid. */
export const SAMPLE_CODE = "HELLO10";

const SAMPLE = "examples/sample";
/** Orders of the sample programme, one a line. */
export const SAMPLE_ORDERS = `${SAMPLE}/orders.jsonl`;
const FOLDER = "build/sample";
/** The keys of the local programmes; made on first use, never committed. */
const KEY_FILE = "var/promo.key";
/** Where `wrangler dev` keeps all that is local. */
export const LOCAL_STATE = ".wrangler/state/v3";

/** A programme's bulk codes, once they are made. @param {string} id */
export function bulkCodes(id) {
  return `${FOLDER}/${id}/codes.csv`;
}

/** A programme's catalogue; the twin's once it is made. @param {string} id */
export function catalogFile(id) {
  return id === PROGRAMS[0].id ? `${SAMPLE}/catalog.json` : `${FOLDER}/${id}/catalog.json`;
}

/** Compiles both snapshots, unless they are those of the same catalogue, codes and command. */
export async function buildSample() {
  mkdirSync(at("var"), { recursive: true, mode: 0o700 });
  const inputs = [SAMPLE, "target/release/promo", "tools/sample.mjs"];
  const roots = PROGRAMS.map(({ id }) => `${FOLDER}/${id}/snapshot/root`);
  await unlessUpToDate("sample", { inputs, outputs: [...roots, KEY_FILE] }, async () => {
    for (const { id } of PROGRAMS) await buildSnapshot(id);
  });
  writeSecrets(KEY_FILE, PROGRAMS.map(({ id }) => id));
}

/** Puts both snapshots where `wrangler dev` looks, unless they are there. */
export async function publishSample() {
  for (const { id } of PROGRAMS) {
    const snapshot = `${FOLDER}/${id}/snapshot`;
    const inputs = [snapshot, KEY_FILE];
    const outputs = [`${LOCAL_STATE}/kv`];
    await unlessUpToDate(`published-${id}`, { inputs, outputs }, () =>
      run(COMMAND, ["publish", snapshot, "--local", "--key-file", KEY_FILE], { cwd: root }),
    );
  }
}

/** Makes the tables of both local databases, unless they are there. */
export async function migrateTables() {
  const databases = [["REPORTS", "wrangler.toml"], ["CATALOG", "wrangler.admin.toml"]];
  for (const [binding, config] of databases) {
    const inputs = [`migrations/${binding.toLowerCase()}`];
    const outputs = [`${LOCAL_STATE}/d1`];
    await unlessUpToDate(`migrated-${binding}`, { inputs, outputs }, () =>
      // With CI set wrangler asks nobody whether it may.
      run(npmBin("wrangler"), ["d1", "migrations", "apply", binding, "--local", "-c", config], {
        cwd: root,
        env: { CI: "1" },
      }),
    );
  }
}

/** @param {string} id */
async function buildSnapshot(id) {
  const folder = `${FOLDER}/${id}`;
  const out = `${folder}/snapshot`;
  rmSync(at(out), { recursive: true, force: true });
  mkdirSync(at(folder), { recursive: true });
  const catalog = await writeCatalog(id);
  const codes = bulkCodes(id);
  const generator = [`${SAMPLE}/codes.mjs`, "--program", id, "--out", codes];
  await run(npmBin("node"), generator, { cwd: root });
  const keyFile = ["--key-file", KEY_FILE];
  await run(COMMAND, ["build", catalog, "--codes", codes, "--out", out, ...keyFile], { cwd: root });
}

/** @param {string} id */
async function writeCatalog(id) {
  const catalog = catalogFile(id);
  if (id === PROGRAMS[0].id) return catalog;
  await run(npmBin("node"), [`${SAMPLE}/twin.mjs`, "--out", catalog], { cwd: root });
  return catalog;
}
