/**
 * Opening and looking up in workerd, against the maps that are the usual way.
 * @module
 */

import { readFileSync } from "node:fs";

import { contest, ratio } from "../contest.mjs";
import { grouped, judged, ratioInformation, ratioRow, short, times } from "../row.mjs";
import { estimate } from "../statistics.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const KINDS = { hit: "hit", miss: "miss", near: "one symbol off" };
const MUST = 2.5;
const OPEN_MUST_US = 100;
/** The size that the target is set for; the other says how it changes. */
const CODES_OF_TARGET = 200_000;

/** @param {Context} context @returns {Promise<Row[]>} */
export async function findRows(context) {
  const rows = [];
  for (const codes of [10_000, CODES_OF_TARGET]) rows.push(...(await rowsFor(context, codes)));
  return rows;
}

/** @param {Context} context @param {number} codes @returns {Promise<Row[]>} */
async function rowsFor(context, codes) {
  const arena = await context.arena();
  const { settings } = context;
  const file = await snapshotFile(context, codes);
  const snapshot = readFileSync(file);
  await arena.hold("inside", "inside", snapshot);
  await arena.hold("outside", "outside", snapshot);
  await arena.hold("map", "map", asJson(await context.native("codes", "hit", 0, codes)));
  const rows = [];
  for (const [kind, words] of Object.entries(KINDS)) {
    const texts = await context.native("codes", kind, kind === "miss" ? codes : 0, codes);
    await arena.hold("corpus", kind, texts);
    await requireSameAnswers(arena, texts, kind === "hit");
    const entrants = /** @type {const} */ (["inside", "outside", "map"]);
    const contenders = Object.fromEntries(
      entrants.map((name) => [name, arena.finder(name, name, kind, settings.random)]),
    );
    const nanos = await contest(contenders, settings);
    const figures = Object.fromEntries(
      Object.entries(nanos).map(([name, values]) => [`${name}_ns`, estimate(values).median]),
    );
    const what = `look-up from JS in workerd, ${grouped(codes)} codes, ${words}`;
    const row = { id: `find-${codes}-${kind}`, what, usual: "1x: Map of the same JSON", figures };
    const won = ratio(nanos.map, nanos.inside);
    if (codes === CODES_OF_TARGET) rows.push(ratioRow(row, won, MUST));
    else rows.push(ratioInformation(row, won));
    const outside = {
      ...row,
      id: `find-outside-${codes}-${kind}`,
      what: `the same with shards in JS buffers, ${words}`,
    };
    rows.push(ratioInformation(outside, ratio(nanos.map, nanos.outside)));
  }
  for (const name of ["inside", "outside", "map"]) await arena.drop(name);
  return rows;
}

/** @param {Context} context @returns {Promise<Row[]>} */
export async function openRows(context) {
  const codes = context.quick ? 100_000 : 1_000_000;
  const arena = await context.arena();
  const file = await snapshotFile(context, codes);
  await arena.hold("manifest", "manifest", readFileSync(file));
  await arena.hold("text", "json", asJson(await context.native("codes", "hit", 0, codes)));
  const nanos = await contest(
    {
      ours: arena.repeater("manifest", "manifest"),
      map: arena.repeater("map", "json"),
      serde: arena.repeater("serde", "json"),
    },
    context.settings,
  );
  await arena.drop("manifest");
  await arena.drop("json");
  const micros = estimate(nanos.ours).median / 1000;
  const [map, serde] = [ratio(nanos.map, nanos.ours), ratio(nanos.serde, nanos.ours)];
  const row = {
    id: "open",
    what: `open a snapshot of ${grouped(codes)} codes in workerd, from a JS buffer`,
    usual: `${short(estimate(nanos.map).median / 1e6)} ms JSON + Map; ` +
      `${short(estimate(nanos.serde).median / 1e6)} ms serde_json + HashMap`,
    must: `<= ${OPEN_MUST_US} us`,
    measured: `${short(micros)} us`,
    note: `${times(map)} faster than the Map, ${times(serde)} than the HashMap; ` +
      "milliseconds are this machine's",
    figures: { micros, map, serde },
  };
  return [judged(row, { value: micros, atMost: OPEN_MUST_US })];
}

/** @param {Context} context @param {number} codes */
async function snapshotFile({ folder, native }, codes) {
  const file = `${folder}/${codes}.promo`;
  await native("snapshot", codes, file);
  return file;
}

/**
 * The map itself is the oracle: for codes everybody must say yes, for other texts no.
 *
 * @param {import("../arena.mjs").Arena} arena
 * @param {string} texts
 * @param {boolean} expected
 */
async function requireSameAnswers(arena, texts, expected) {
  for (const name of ["map", "inside", "outside"]) {
    const wrong = (await arena.answers(name, name, texts)).filter((answer) => answer !== expected);
    if (wrong.length > 0) throw new Error(`${name}: ${wrong.length} answers are not ${expected}`);
  }
}

/** @param {string} codes one a line */
function asJson(codes) {
  const entries = codes.trimEnd().split("\n");
  return `{${entries.map((code, index) => `"${code}":"d${10 + (index % 90)}"`).join(",")}}`;
}
