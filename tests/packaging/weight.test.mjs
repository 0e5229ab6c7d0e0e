// What the documentation says that the package weighs is what was built.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { weightRows } from "../../benches/rows/weight.mjs";

const PAGE = readFileSync(new URL("../../docs/adopt/README.md", import.meta.url), "utf8");
/** Compilers differ by a little. */
const TOLERANCE = 0.05;
const IDS = ["slim", "single", "sources", "slim-module", "public-codes"].map((id) => `gz-${id}`);

test("the table of weights is that of the bench", () => {
  const written = [...PAGE.matchAll(/^\| .+ \| (\d+\.\d) \|$/gm)].map(([, size]) => Number(size));
  assert.equal(written.length, IDS.length);
  const rows = weightRows();
  for (const [index, id] of IDS.entries()) {
    const sum = Number(rows.find((row) => row.id === id)?.figures?.sum) / 1000;
    const said = written[index] ?? 0;
    assert.ok(Math.abs(said - sum) <= sum * TOLERANCE, `${id}: ${said} written, ${sum} built`);
  }
});
