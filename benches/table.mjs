/**
 * The table, for people.
 * @module
 */

/** @typedef {import("./row.mjs").Row} Row */

export const HEADS = ["row", "usual way", "must", "measured", ""];

/** @param {Row[]} rows */
export function table(rows) {
  const lines = [HEADS, ...rows.map(cells)];
  const widths = HEADS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (/** @type {string[]} */ line) =>
    line.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const body = rows.flatMap((row, index) => [
    pad(lines[index + 1]),
    ...(row.note ? [`    ${row.note}`] : []),
  ]);
  return [pad(HEADS), rule, ...body].join("\n");
}

/** @param {Row} row @returns {string[]} what each column says */
export function cells({ what, usual, must, measured, verdict, missedBy }) {
  return [what, usual, must, measured, verdictWords(verdict, missedBy)];
}

/** @param {Row["verdict"]} verdict @param {string} [missedBy] */
function verdictWords(verdict, missedBy) {
  if (verdict === "information") return "";
  return missedBy ? `${verdict} by ${missedBy}` : verdict;
}
