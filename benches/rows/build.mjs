/**
 * How fast snapshots are built, by processor time: what other programs do meanwhile does not
 * count.
 * @module
 */

import { mkdirSync, rmSync } from "node:fs";

import { COMMAND } from "../../tools/build.mjs";
import { npmBin, root } from "../../tools/project.mjs";
import { ask, run } from "../../tools/steps.mjs";
import { NATIVE } from "../programs.mjs";
import { information, judged } from "../row.mjs";
import { estimate } from "../statistics.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const MUST = 3e6;
const ROUNDS = 7;
const USUAL = "1,667 codes/s (a vendor)";
const NOTE = "processor time of this machine, not a ratio";

/** @param {Context} context @returns {Promise<Row[]>} */
export async function buildRows(context) {
  const codes = context.quick ? 100_000 : 1_000_000;
  const speed = await speedOf(async () => {
    const few = await processorSeconds(NATIVE, ["build", codes, 1]);
    return ((await processorSeconds(NATIVE, ["build", codes, 4])) - few) / 3;
  }, codes);
  const builder = {
    id: "build",
    what: `build, codes a second and core, ${codes.toLocaleString("en-GB")} codes in memory`,
    usual: USUAL,
    must: ">= 3M",
    measured: millions(speed),
    note: NOTE,
    figures: { codes_a_second: speed },
  };
  return [judged(builder, speed >= MUST), await commandRow(context, codes)];
}

/** @param {Context} context @param {number} codes @returns {Promise<Row>} */
async function commandRow(context, codes) {
  const { args } = await sampleOf(context, codes);
  const speed = await speedOf(() => processorSeconds(COMMAND, args), codes);
  const row = {
    id: "build-command",
    what: "the same by `promo build` from CSV: read, check, hash, compile, write",
    usual: USUAL,
    must: ">= 3M",
    measured: millions(speed),
    note: NOTE,
    figures: { codes_a_second: speed },
  };
  return judged(row, speed >= MUST);
}

/**
 * The sample programme with so many bulk codes: the words that build it, where it then lies, and
 * some of its codes.
 *
 * @param {Context} context
 * @param {number} codes
 */
export async function sampleOf({ folder }, codes) {
  const csv = `${folder}/sample-${codes}.csv`;
  const out = `${folder}/sample-${codes}`;
  const keyFile = `${folder}/sample.key`;
  const sizes = ["--count", codes, "--examples", 200];
  const generator = ["examples/sample/codes.mjs", ...sizes, "--out", csv];
  const printed = await run(npmBin("node"), generator.map(String), { cwd: root, quiet: true });
  const catalog = `${root}/examples/sample/catalog.json`;
  const args = ["build", catalog, "--codes", csv, "--out", out, "--key-file", keyFile];
  rmSync(out, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const examples = /** @type {{code: string}[]} */ (JSON.parse(printed));
  return { args, out, keyFile, examples: examples.map(({ code }) => code) };
}

/**
 * Codes a second, by the middle one of several rounds.
 *
 * @param {() => Promise<number>} round seconds
 * @param {number} codes
 */
async function speedOf(round, codes) {
  const seconds = [];
  for (let left = ROUNDS; left > 0; left -= 1) seconds.push(await round());
  return codes / estimate(seconds).median;
}

/**
 * Seconds that a command keeps a processor busy, its own and the system's for it.
 *
 * @param {string} command
 * @param {(string | number)[]} args
 */
async function processorSeconds(command, args) {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" > /dev/null 2>&1; } 2>&1';
  const printed = await ask("bash", ["-c", script, "bash", command, ...args.map(String)]);
  const seconds = printed?.split(" ").map(Number);
  if (seconds?.length !== 2) throw new Error(`${command} ${args.join(" ")}: ${printed}`);
  return seconds[0] + seconds[1];
}

/** @param {number} speed */
function millions(speed) {
  return `${(speed / 1e6).toFixed(2)}M`;
}
