/**
 * Bytes a code, and texts that pass for codes.
 * @module
 */

import { grouped, information, judged } from "../row.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const MUST = 4.0;
/** Of `{"CODE":"d42",...}`, which the contests' maps are read from. */
const JSON_BYTES = '"ABCDEFGH":"d42",'.length;

/** @param {Context} context @returns {Promise<Row[]>} */
export async function sizeRows(context) {
  const { quick, scale, native } = context;
  const rows = [];
  for (const codes of [1e4, 1e6, 1e7, ...(scale ? [1e8] : [])]) {
    const probes = codes === 1e6 ? (quick ? 1e6 : 2e7) : 0;
    const made = await native("size", codes, probes);
    if (made.found !== codes) throw new Error(`${made.found} of ${codes} codes were found`);
    rows.push(sizeRow(made));
    if (probes > 0) rows.push(falseAcceptRow(made));
    if (codes === 1e8) rows.push(memoryRow(made));
  }
  return rows;
}

/** @param {any} made @returns {Row} */
function sizeRow({ codes, bytes, fingerprintBits }) {
  const each = bytes / codes;
  const note =
    fingerprintBits > 28 ? `${fingerprintBits}-bit fingerprints, by rule below 1M codes` : "";
  const row = {
    id: `bytes-a-code-${codes.toExponential(0).replace("+", "")}`,
    what: `bytes a code, ${grouped(codes)} codes of 8 symbols`,
    usual: `${JSON_BYTES.toFixed(1)} as JSON`,
    must: `<= ${MUST.toFixed(1)}`,
    measured: each.toFixed(2),
    note,
    figures: { bytes, codes, fingerprintBits, jsonBytes: JSON_BYTES },
  };
  return judged(row, { value: each, atMost: MUST });
}

/** @param {any} made @returns {Row} */
function falseAcceptRow({ codes, probes, falseAccepts, fingerprintBits }) {
  const expected = probes * 2 ** -fingerprintBits;
  const row = {
    id: "false-accepts",
    what: `texts taken for codes, of ${grouped(probes)} that are none`,
    usual: "0 in a Map",
    must: "<= 1",
    measured: String(falseAccepts),
    note: `${expected.toFixed(2)} expected at 2^-${fingerprintBits}`,
    figures: { codes, probes, falseAccepts },
  };
  return judged(row, { value: falseAccepts, atMost: 1 });
}

/** @param {any} made @returns {Row} */
function memoryRow({ codes, peakBytes }) {
  const what = `peak memory of building ${grouped(codes)} codes`;
  const usual = "";
  const measured = peakBytes === null ? "unknown here" : `${(peakBytes / 1e9).toFixed(1)} GB`;
  const row = { id: "peak-memory", what, usual, measured, figures: { peakBytes } };
  if (peakBytes === null) return information(row);
  return judged({ ...row, must: "<= 4 GB" }, { value: peakBytes, atMost: 4e9 });
}
