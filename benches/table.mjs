/**
 * The table, for people.
 * @module
 */

/** @typedef {import("./row.mjs").Row} Row */

const HEADS = ["row", "usual way", "must", "measured", ""];

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

/** @param {Row} row */
function cells({ what, usual, must, measured, verdict }) {
  return [what, usual, must, measured, verdict === "information" ? "" : verdict];
}
