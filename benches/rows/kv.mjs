/**
 * Reads from KV that a validation costs, as the Worker itself counts them.
 * @module
 */

import { readFileSync, readdirSync } from "node:fs";

import { COMMAND } from "../../tools/build.mjs";
import { root } from "../../tools/project.mjs";
import { run } from "../../tools/steps.mjs";
import { startWorker } from "../../tests/edge/worker.mjs";
import { grouped, information, judged } from "../row.mjs";
import { readerKeyOf, sampleOf } from "./build.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

/** @param {Context} context @returns {Promise<Row[]>} */
export async function kvRows(context) {
  const codes = context.quick ? 100_000 : 1_000_000;
  const { args, out, keyFile, examples } = await sampleOf(context, codes);
  await run(COMMAND, args, { cwd: root, quiet: true });
  const vars = { SNAPSHOT_KEY: readerKeyOf(keyFile), ROOT_MAX_AGE_MS: null };
  const worker = await startWorker({ vars });
  try {
    await worker.put(objectsOf(out));
    const readsOf = async (/** @type {string} */ code) => {
      const { status, headers } = await worker.validate({ code });
      if (status !== 200) throw new Error(`${code}: ${status}`);
      return Number(headers.get("server-timing")?.match(/kv-reads;desc="(\d+)"/)?.[1] ?? NaN);
    };
    const cold = await readsOf(examples[0]);
    // Each shard is read once, by the first code that needs it.
    for (const code of examples) await readsOf(code);
    const warm = [];
    for (const code of [...examples, "NO-SUCH-CODE"]) warm.push(await readsOf(code));
    return rowsOf(codes, cold, Math.max(...warm), warm.length);
  } finally {
    await worker.close();
  }
}

/**
 * @param {number} codes
 * @param {number} cold
 * @param {number} warm the most of any request
 * @param {number} requests
 * @returns {Row[]}
 */
function rowsOf(codes, cold, warm, requests) {
  const usual = "1 a code";
  const figures = { cold, warm, requests };
  const what = `KV reads a validation, warm, ${grouped(codes)} codes`;
  const measured = `${warm} (the most of ${requests})`;
  return [
    judged(
      { id: "kv-warm", what, usual, must: "0", measured, figures },
      { value: warm, atMost: 0 },
    ),
    information({
      id: "kv-cold",
      what: "KV reads of an isolate's first validation",
      usual,
      measured: String(cold),
      note: "root, manifest, and a shard of each segment",
    }),
  ];
}

/** @param {string} folder of a snapshot @returns {Map<string, Uint8Array>} by key in KV */
function objectsOf(folder) {
  const objects = new Map([["r/1000", readFileSync(`${folder}/root`)]]);
  for (const kind of ["m", "s"]) {
    for (const name of readdirSync(`${folder}/${kind}`)) {
      objects.set(`${kind}/${name}`, readFileSync(`${folder}/${kind}/${name}`));
    }
  }
  return objects;
}
