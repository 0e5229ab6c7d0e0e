/**
 * Rows of the table: what was measured, beside what it must be.
 * @module
 */

import { isTight } from "./statistics.mjs";

/** @typedef {import("./statistics.mjs").Estimate} Estimate */

/**
 * @typedef {object} Row
 * @property {string} id stable, for those who compare records
 * @property {string} what
 * @property {string} usual today's usual way, or who it was measured against
 * @property {string} must
 * @property {string} measured
 * @property {"met" | "misses" | "information" | "not measured"} verdict
 * @property {string} [note] what the reader must know to read the row right
 * @property {Record<string, unknown>} [figures] the figures themselves
 */

/**
 * @typedef {object} Context what every measurement is given
 * @property {boolean} quick fewer rounds and smaller counts, to see that everything runs
 * @property {boolean} scale the run by hand, at 1e8 codes
 * @property {string} folder for files
 * @property {(...args: (string | number)[]) => Promise<any>} native runs the native program
 * @property {() => Promise<import("./arena.mjs").Arena>} arena
 * @property {import("./contest.mjs").Settings} settings
 */

/**
 * @param {Omit<Row, "verdict">} row
 * @param {boolean} met
 * @returns {Row}
 */
export function judged(row, met) {
  return { ...row, verdict: met ? "met" : "misses" };
}

/** @param {Omit<Row, "verdict" | "must">} row @returns {Row} */
export function information(row) {
  return { ...row, must: "", verdict: "information" };
}

/**
 * @param {Omit<Row, "verdict" | "measured">} row
 * @param {string} why and what to do about it
 * @returns {Row}
 */
export function notMeasured(row, why) {
  return { ...row, measured: why, verdict: "not measured" };
}

/**
 * A ratio that must be reached. The lower end of its interval has to reach it, not only its
 * middle.
 *
 * @param {Omit<Row, "verdict" | "must" | "measured">} row
 * @param {Estimate} ratio
 * @param {number} must
 * @returns {Row}
 */
export function ratioRow(row, ratio, must) {
  const wide = isTight(ratio) ? [] : ["interval wider than 10 %: repeat on an idle machine"];
  const note = [...(row.note ? [row.note] : []), ...wide].join("; ");
  const whole = { ...row, must: `${must}x faster`, measured: times(ratio), note };
  return judged({ ...whole, figures: { ...row.figures, ratio } }, ratio.low >= must);
}

/** @param {Estimate} ratio */
export function times({ median, low, high }) {
  return `${short(median)}x (${short(low)} to ${short(high)})`;
}

/** @param {number} value in three digits */
export function short(value) {
  if (value >= 1000) return grouped(Number(value.toPrecision(3)));
  return value.toPrecision(3).replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros));
}

/** @param {number} value with thousands apart */
export function grouped(value) {
  return Math.round(value).toLocaleString("en-GB");
}
