/**
 * Instructions, counted by callgrind: the same on every run and every machine of one kind.
 * @module
 */

import { ask } from "../../tools/steps.mjs";
import { NATIVE } from "../programs.mjs";
import { grouped, information, judged, notMeasured } from "../row.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const CODES = 1e6;
const TEXTS_A_ROUND = 1000;
const KINDS = { hit: "hit", miss: "miss", near: "one symbol off" };
const FIND_MUST = 500;

/** @param {Context} context @returns {Promise<Row[]>} */
export async function instructionRows(context) {
  if ((await ask("valgrind", ["--version"])) === null) return withoutValgrind();
  return [await openRow(context), ...(await findRows(context))];
}

/** @returns {Row[]} */
function withoutValgrind() {
  const why = "install valgrind";
  const rows = [
    {
      id: "open-instructions",
      what: "instructions to open",
      usual: "",
      must: "same at 1e4 and 1e6",
    },
    { id: "find-instructions", what: "instructions a look-up", usual: "", must: `<= ${FIND_MUST}` },
  ];
  return rows.map((row) => notMeasured(row, why));
}

/** @param {Context} context @returns {Promise<Row>} */
async function openRow({ folder, native }) {
  const counts = [];
  for (const codes of [1e4, CODES]) {
    const file = `${folder}/${codes}.promo`;
    await native("snapshot", codes, file);
    counts.push(await each((rounds) => ["open", file, rounds], 1, 1001));
  }
  const [few, many] = counts;
  const row = {
    id: "open-instructions",
    what: "instructions to open a snapshot of 10,000 / 1,000,000 codes",
    usual: "grows with the codes",
    must: "the same",
    measured: `${grouped(few)} / ${grouped(many)}`,
    figures: { few, many },
  };
  return judged(row, few === many);
}

/** @param {Context} context @returns {Promise<Row[]>} */
async function findRows({ folder, native }) {
  await native("fst", CODES, `${folder}/fst`);
  const rows = [];
  for (const [kind, words] of Object.entries(KINDS)) {
    const count = (/** @type {string} */ what, /** @type {string} */ file) =>
      each((rounds) => ["find", what, kind, `${folder}/${file}`, CODES, rounds], TEXTS_A_ROUND);
    const folded = await count("folded", `${CODES}.promo`);
    const typed = await count("typed", `${CODES}.promo`);
    const fst = await count("fst", "fst");
    const figures = { folded, typed, fst };
    const usual = `${grouped(fst)} FST`;
    const what = `instructions a look-up among 1,000,000, ${words}`;
    const must = `<= ${FIND_MUST}`;
    const id = `find-instructions-${kind}`;
    const row = { id, what, usual, must, measured: grouped(folded), figures };
    rows.push(judged(row, folded <= FIND_MUST));
    rows.push(
      information({
        id: `find-typed-instructions-${kind}`,
        what: `the same from the typed text, ${words}`,
        usual,
        measured: grouped(typed),
      }),
    );
  }
  return rows;
}

/**
 * Instructions of one of what a round does so many times: the difference between few rounds and
 * many is nothing but rounds.
 *
 * @param {(rounds: number) => (string | number)[]} args
 * @param {number} a_round
 * @param {number} many rounds
 */
async function each(args, a_round, many = 11) {
  const first = await callgrind(args(1));
  return Math.round(((await callgrind(args(many))) - first) / (many - 1) / a_round);
}

/** @param {(string | number)[]} args of the native program */
async function callgrind(args) {
  const options = ["--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1"];
  const printed = await ask("valgrind", [...options, NATIVE, ...args.map(String)]);
  const counted = printed?.match(/Collected : (\d+)/);
  if (!counted) throw new Error(`callgrind did not count: ${printed}`);
  return Number(counted[1]);
}
