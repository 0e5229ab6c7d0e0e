/**
 * Instructions, counted by callgrind: the same on every run and every machine of one kind.
 * @module
 */

import { hasCallgrind, instructionsOfEach } from "../callgrind.mjs";
import { grouped, information, judged, notMeasured } from "../row.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const CODES = 1e6;
const TEXTS_A_ROUND = 1000;
const KINDS = { hit: "hit", miss: "miss", near: "one symbol off" };
const FIND_MUST = 500;

/** @param {Context} context @returns {Promise<Row[]>} */
export async function instructionRows(context) {
  if (!(await hasCallgrind())) return withoutValgrind();
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
    counts.push(await instructionsOfEach((rounds) => ["open", file, rounds], 1, 1001));
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
  return judged(row, { value: Math.abs(many - few), atMost: 0 });
}

/** @param {Context} context @returns {Promise<Row[]>} */
async function findRows({ folder, native }) {
  await native("fst", CODES, `${folder}/fst`);
  const rows = [];
  for (const [kind, words] of Object.entries(KINDS)) {
    const count = (/** @type {string} */ what, /** @type {string} */ file) =>
      instructionsOfEach(
        (rounds) => ["find", what, kind, `${folder}/${file}`, CODES, rounds],
        TEXTS_A_ROUND,
      );
    const folded = await count("folded", `${CODES}.promo`);
    const typed = await count("typed", `${CODES}.promo`);
    const fst = await count("fst", "fst");
    const figures = { folded, typed, fst };
    const usual = `${grouped(fst)} FST`;
    const what = `instructions a look-up among 1,000,000, ${words}`;
    const must = `<= ${FIND_MUST}`;
    const id = `find-instructions-${kind}`;
    const row = { id, what, usual, must, measured: grouped(folded), figures };
    rows.push(judged(row, { value: folded, atMost: FIND_MUST }));
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
