#!/usr/bin/env node
/**
 * Makes the metafield that a discount's function reads, from a snapshot in one piece.
 *
 *     node metafield.mjs BUNDLE [--key-file FILE] [--utc-offset MINUTES] [--event-type ID]
 *
 * It goes to standard output. The key file is the one that `promo build` used; a public
 * bundle, as `/v1/public` serves it, needs none.
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";

/** What an input query can read of a metafield, in bytes. */
const SIZE_MAX = 10_000;

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
const offset = values["utc-offset"];
const text = JSON.stringify({
  bundle: readFileSync(bundle).toString("base64"),
  key: readerKey(values["key-file"]),
  utc_offset_minutes: offset === undefined ? undefined : Number(offset),
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

/** @param {string | undefined} file */
function readerKey(file) {
  if (!file) return undefined;
  const key = /^reader_key = (per1_\w+)/m.exec(readFileSync(file, "utf8"))?.[1];
  if (!key) throw new Error(`${file}: expected the key file of a programme`);
  return key;
}
