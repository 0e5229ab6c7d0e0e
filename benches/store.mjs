/**
 * What a whole run leaves behind: the figures for programs, a table and a picture for people.
 * @module
 */

import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";

import { at } from "../tools/project.mjs";
import { ask, say } from "../tools/steps.mjs";
import { picture } from "./picture.mjs";
import { HEADS, cells } from "./table.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/**
 * @typedef {object} Results
 * @property {string} measured_at
 * @property {string | null} commit
 * @property {string} machine
 * @property {number} rounds
 * @property {number} seed of the order of the rounds
 * @property {Row[]} rows
 */

/** @param {Row[]} rows @param {{seed: number, rounds: number}} run */
export async function store(rows, { seed, rounds }) {
  /** @type {Results} */
  const record = {
    measured_at: new Date().toISOString(),
    commit: await ask("git", ["describe", "--always", "--dirty"], { cwd: at() }),
    machine: `${os.cpus()[0]?.model ?? "unknown"}, ${os.cpus().length} cores, ${os.platform()}`,
    rounds,
    seed,
    rows,
  };
  mkdirSync(at("benches", "results"), { recursive: true });
  const files = {
    "benches/results/latest.json": `${JSON.stringify(record, null, 2)}\n`,
    "docs/benchmarks.svg": picture(rows),
    "docs/benchmarks.md": document(record),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(at(file), text);
  say(`stored: ${Object.keys(files).join(", ")}`);
}

/** @param {Results} record @returns {string} Markdown */
function document({ rows, ...run }) {
  const notes = rows.map(({ note }) => note).filter((note) => note !== undefined && note !== "");
  const unique = [...new Set(notes)];
  const lines = rows.map((row) => {
    const mark = row.note ? ` [${unique.indexOf(row.note) + 1}]` : "";
    const [what, ...rest] = cells(row);
    return markdownRow([`${what}${mark}`, ...rest]);
  });
  const misses = rows.filter(({ verdict }) => verdict === "misses").length;
  return [
    "# Benchmarks",
    "",
    `${ABOUT}\n`,
    "![Times better than the usual way](benchmarks.svg)",
    "",
    `Measured ${run.measured_at} at commit ${run.commit ?? "unknown"} on ${run.machine}, in`,
    `${run.rounds} rounds. ${misses} of ${rows.length} rows miss.`,
    "",
    markdownRow(HEADS),
    markdownRow(HEADS.map(() => "---")),
    ...lines,
    "",
    ...unique.map((note, index) => `${index + 1}. ${note}`),
    "",
    "## To reproduce",
    "",
    "```",
    `npm run bench -- --seed ${run.seed}`,
    "```",
    "",
    REPRODUCE,
  ].join("\n");
}

const ABOUT = `Written by \`npm run bench\`; change nothing here by hand.

Bytes, instructions and reads are exact and the same on every run. Times and rates that stand alone
are those of one machine, and say so. Everywhere else contenders take turns in one run, in an order
that differs from round to round, and what counts is the median of the ratio within a round, with
its 95 % interval. The lower end of that interval has to reach what is demanded. All answers are
compared before anything is timed.`;

const REPRODUCE = `It sets up and builds what is missing, takes a while, and wants an otherwise idle
machine; instructions need valgrind. \`--quick\` only shows that everything runs, \`--only find\`
measures the groups whose name begins so; neither stores anything. The figures themselves are in
\`benches/results/latest.json\`.
`;

/** @param {string[]} texts */
function markdownRow(texts) {
  return `| ${texts.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
}
