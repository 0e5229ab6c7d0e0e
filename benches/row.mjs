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
 * @property {string} [missedBy] of a row that misses: how much further it should be
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
 * What a figure must be: no more, or no less, than a limit.
 *
 * @typedef {{value: number, atMost: number} | {value: number, atLeast: number}} Target
 */

/** @param {Omit<Row, "verdict">} row @param {Target} target @returns {Row} */
export function judged(row, target) {
  const limit = "atMost" in target ? target.atMost : target.atLeast;
  const over = "atMost" in target ? target.value - limit : limit - target.value;
  if (over <= 0) return { ...row, verdict: "met" };
  const missedBy = limit === 0 ? grouped(over) : `${short((over / limit) * 100)} %`;
  return { ...row, verdict: "misses", missedBy };
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
  const figures = { ...row.figures, ratio };
  const whole = { ...row, must: `${must}x faster`, measured: times(ratio), figures };
  return judged(noted(whole, ratio), { value: ratio.low, atLeast: must });
}

/**
 * A ratio that no target was set for.
 *
 * @param {Omit<Row, "verdict" | "must" | "measured">} row
 * @param {Estimate} ratio
 * @returns {Row}
 */
export function ratioInformation(row, ratio) {
  return information(noted({ ...row, measured: times(ratio) }, ratio));
}

/**
 * Says so when the interval is too wide to be published.
 *
 * @template {{note?: string}} R
 * @param {R} row
 * @param {Estimate} ratio
 * @returns {R}
 */
export function noted(row, ratio) {
  if (isTight(ratio)) return row;
  const wide = "interval wider than 10 %: repeat on an idle machine";
  return { ...row, note: row.note ? `${row.note}; ${wide}` : wide };
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
