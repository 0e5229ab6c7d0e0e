#!/usr/bin/env node
/**
 * Makes the metafield that a discount's function reads, from a snapshot in one piece.
 *
 *     node metafield.mjs BUNDLE --utc-offset=MINUTES [--key-file FILE] [--event-type ID]
 *
 * It goes to standard output. The offset is of the shop's standard time, not of its summer
 * time: -300 in New York, 60 in Berlin. The key file is the one that `promo build` used; a public
 * bundle, as `/v1/public` serves it, needs none.
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";

/** What an input query can read of a metafield, in bytes. */
const SIZE_MAX = 10_000;

/** How far clocks are from Greenwich at most, in minutes. */
const OFFSET_MAX = 840;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    "key-file": { type: "string" },
    "utc-offset": { type: "string" },
    "event-type": { type: "string" },
  },
});
const [bundle] = positionals;
if (!bundle) throw new Error("expected a file with a bundle: promo build --bundle writes one");
const text = JSON.stringify({
  bundle: readFileSync(bundle).toString("base64"),
  key: readerKey(values["key-file"]),
  utc_offset_minutes: utcOffset(values["utc-offset"]),
  event_type: values["event-type"],
});
if (text.length > SIZE_MAX) {
  console.error(
    `the metafield would have ${text.length} bytes, but a function can read ${SIZE_MAX}: ` +
      "give the function a catalogue of its own with fewer codes or partners",
  );
  process.exitCode = 1;
} else {
  process.stdout.write(text);
  console.error(`${text.length} of ${SIZE_MAX} bytes`);
}

/** @param {string | undefined} text */
function utcOffset(text) {
  const minutes = /^[+-]?\d+$/.test(text ?? "") ? Number(text) : NaN;
  if (Math.abs(minutes) <= OFFSET_MAX) return minutes;
  const range = `from -${OFFSET_MAX} to ${OFFSET_MAX}`;
  throw new Error(`expected --utc-offset=MINUTES of the shop's standard time, ${range}`);
}

/** @param {string | undefined} file */
function readerKey(file) {
  if (!file) return undefined;
  const key = /^reader_key = (per1_\w+)/m.exec(readFileSync(file, "utf8"))?.[1];
  if (!key) throw new Error(`${file}: expected the key file of a programme`);
  return key;
}
