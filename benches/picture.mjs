/**
 * The ratios of the table as a picture: how many times better than the usual way, and what it must
 * be.
 * @module
 */

/** @typedef {import("./row.mjs").Row} Row */

const WIDTH = 760;
const LABEL_WIDTH = 330;
const VALUE_WIDTH = 70;
const BAR_HEIGHT = 18;
const LINE_HEIGHT = 30;
const TOP = 54;
const AXIS_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH;

/**
 * @param {Row[]} rows
 * @returns {string} an SVG that follows the reader's light or dark setting
 */
export function picture(rows) {
  const bars = rows.flatMap(barOf);
  const most = Math.max(10, ...bars.map(({ value }) => value));
  const height = TOP + bars.length * LINE_HEIGHT + 12;
  const x = (/** @type {number} */ value) =>
    LABEL_WIDTH + (Math.log10(Math.max(value, 1)) / Math.log10(most)) * AXIS_WIDTH;
  const lines = bars.map((bar, index) => line(bar, TOP + index * LINE_HEIGHT, x));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    "<title>Times better than the usual way</title>",
    `<style>${STYLE}</style>`,
    `<text class="title" x="0" y="18">Times better than the usual way</text>`,
    `<text class="small" x="0" y="37">logarithmic; the mark is what it must be</text>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

const STYLE = [
  "text{font:13px system-ui,sans-serif;fill:#222}",
  ".title{font-weight:600;font-size:15px}",
  ".small{font-size:12px;fill:#666}",
  ".bar{fill:#2f7d5b}.missed{fill:#b3541e}.must{stroke:#222;stroke-width:2}",
  "@media(prefers-color-scheme:dark){text{fill:#eee}.small{fill:#aaa}.must{stroke:#eee}",
  ".bar{fill:#4fae85}.missed{fill:#e08a52}}",
].join("");

/** @typedef {{label: string, value: number, must?: number, missed: boolean}} Bar */

/** @param {Row} row @returns {Bar[]} */
function barOf({ id, what, must, verdict, figures = {} }) {
  const missed = verdict === "misses";
  const ratio = /** @type {{median: number} | undefined} */ (figures.ratio);
  if (ratio) return [{ label: what, value: ratio.median, must: parseFloat(must), missed }];
  const { folded, fst } = /** @type {Record<string, number>} */ (figures);
  if (folded) return [{ label: `${what}, against an FST`, value: fst / folded, missed }];
  const { bytes, codes, jsonBytes } = /** @type {Record<string, number>} */ (figures);
  if (id.startsWith("bytes-a-code") && jsonBytes) {
    return [{ label: what, value: (jsonBytes * codes) / bytes, missed }];
  }
  return [];
}

/**
 * @param {Bar} bar
 * @param {number} y
 * @param {(value: number) => number} x
 */
function line({ label, value, must, missed }, y, x) {
  const end = x(value);
  const text = y + BAR_HEIGHT - 5;
  const mark = must
    ? `<line class="must" x1="${x(must)}" x2="${x(must)}" ` +
      `y1="${y - 3}" y2="${y + BAR_HEIGHT + 3}"/>`
    : "";
  return [
    `<text x="0" y="${text}">${label.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`,
    `<rect class="${missed ? "bar missed" : "bar"}" x="${LABEL_WIDTH}" y="${y}"`,
    ` width="${(end - LABEL_WIDTH).toFixed(1)}" height="${BAR_HEIGHT}"/>`,
    mark,
    `<text x="${(end + 6).toFixed(1)}" y="${text}">${value.toFixed(1)}x</text>`,
  ].join("");
}
