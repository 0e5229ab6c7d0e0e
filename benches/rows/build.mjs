/**
 * How fast snapshots are built, by processor time: what other programs do meanwhile does not
 * count.
 * @module
 */

import { mkdirSync, readFileSync, rmSync } from "node:fs";

import { COMMAND } from "../../tools/build.mjs";
import { npmBin, root } from "../../tools/project.mjs";
import { run } from "../../tools/steps.mjs";
import { processorSeconds, rateOf } from "../processor.mjs";
import { NATIVE } from "../programs.mjs";
import { judged } from "../row.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const MUST = 3e6;
const USUAL = "1,667 codes/s (a vendor)";
const NOTE = "processor time of this machine, not a ratio";

/** @param {Context} context @returns {Promise<Row[]>} */
export async function buildRows(context) {
  const codes = context.quick ? 100_000 : 1_000_000;
  const speed = await rateOf(async () => {
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
  return [judged(builder, { value: speed, atLeast: MUST }), await commandRow(context, codes)];
}

/** @param {Context} context @param {number} codes @returns {Promise<Row>} */
async function commandRow(context, codes) {
  const { args } = await sampleOf(context, codes);
  const speed = await rateOf(() => processorSeconds(COMMAND, args), codes);
  const row = {
    id: "build-command",
    what: "the same by `promo build` from CSV: read, check, hash, compile, write",
    usual: USUAL,
    must: ">= 3M",
    measured: millions(speed),
    note: NOTE,
    figures: { codes_a_second: speed },
  };
  return judged(row, { value: speed, atLeast: MUST });
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

/** @param {string} keyFile that `promo build` made @returns {string} the half that reads */
export function readerKeyOf(keyFile) {
  const [, reader] = readFileSync(keyFile, "utf8").match(/^reader_key\s*=\s*(\S+)$/m) ?? [];
  if (!reader) throw new Error(`${keyFile} holds no reader_key`);
  return reader;
}

/** @param {number} speed */
function millions(speed) {
  return `${(speed / 1e6).toFixed(2)}M`;
}
