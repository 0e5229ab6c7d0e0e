/**
 * Measures what the design promises, prints one table, and stores it:
 *
 *     npm run bench                 all of it
 *     npm run bench -- --quick      fewer rounds and codes: does it run?
 *     npm run bench -- --scale      1e8 codes too: minutes and gigabytes
 *     npm run bench -- --only find  only groups whose name begins so; stores nothing
 *     npm run bench -- --seed 42    the order of an earlier run
 * @module
 */

import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";

import { at } from "../tools/project.mjs";
import { ask, program, step } from "../tools/steps.mjs";
import { Arena } from "./arena.mjs";
import { NATIVE } from "./programs.mjs";
import { buildRows } from "./rows/build.mjs";
import { decideRows } from "./rows/decide.mjs";
import { findRows, openRows } from "./rows/find.mjs";
import { instructionRows } from "./rows/instructions.mjs";
import { kvRows } from "./rows/kv.mjs";
import { ledgerRows } from "./rows/ledger.mjs";
import { pageRows } from "./rows/page.mjs";
import { patternRows } from "./rows/patterns.mjs";
import { requestRows } from "./rows/requests.mjs";
import { sizeRows } from "./rows/size.mjs";
import { weightRows } from "./rows/weight.mjs";
import { seeded } from "./statistics.mjs";
import { store } from "./store.mjs";
import { table } from "./table.mjs";

/** @typedef {import("./row.mjs").Context} Context @typedef {import("./row.mjs").Row} Row */

/** @type {Record<string, (context: Context) => Row[] | Promise<Row[]>>} */
const GROUPS = {
  weight: weightRows,
  page: pageRows,
  size: sizeRows,
  instructions: instructionRows,
  kv: kvRows,
  build: buildRows,
  open: openRows,
  find: findRows,
  patterns: patternRows,
  decide: decideRows,
  requests: requestRows,
  ledger: ledgerRows,
};

const ROUNDS = 31;
const QUICK_ROUNDS = 7;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    scale: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seed: { type: "string" },
  },
});

await program(async () => {
  const seed = Number(options.seed ?? Date.now() % 2 ** 32);
  const { context, close } = contextOf(seed);
  /** @type {Row[]} */
  const rows = [];
  try {
    for (const [name, measure] of Object.entries(GROUPS)) {
      if (!name.startsWith(options.only)) continue;
      rows.push(...(await step(`Measuring: ${name}`, async () => measure(context))));
    }
  } finally {
    await close();
  }
  console.log(`\n${table(rows)}\n`);
  const misses = rows.filter(({ verdict }) => verdict === "misses").length;
  console.log(`${misses} of ${rows.length} rows miss. Order of the rounds: --seed ${seed}`);
  if (options.only === "" && !options.quick) await store(rows, { seed, rounds: ROUNDS });
});

/** @param {number} seed @returns {{context: Context, close: () => Promise<void>}} */
function contextOf(seed) {
  const folder = at("target", "bench");
  mkdirSync(folder, { recursive: true });
  /** @type {Promise<Arena> | undefined} */
  let arena;
  const context = {
    quick: options.quick,
    scale: options.scale,
    folder,
    native: async (/** @type {(string | number)[]} */ ...args) => {
      const printed = await ask(NATIVE, args.map(String));
      if (printed === null) throw new Error(`${NATIVE} ${args.join(" ")} failed`);
      return printed.startsWith("{") ? JSON.parse(printed) : `${printed}\n`;
    },
    arena: () => (arena ??= Arena.open()),
    settings: {
      rounds: options.quick ? QUICK_ROUNDS : ROUNDS,
      random: seeded(seed),
      batch_ms: options.quick ? 15 : 50,
    },
  };
  return { context, close: async () => (await arena)?.close() };
}
