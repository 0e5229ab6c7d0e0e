// The vectors over HTTP: every catalogue is a programme at a host of its own.

import { createHash } from "node:crypto";
import { test } from "node:test";

import { orderOf, runVectors, vectorCatalog, vectorFiles } from "../vectors/vectors.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const TOKEN = "vectors";

test("vectors", async () => {
  const shops = [...new Set(vectorFiles().map(({ catalog }) => catalog))].map(shopOf);
  const worker = await startWorker({ vars: settings(shops), hasLedger: false });
  try {
    for (const { snapshot } of shops) await worker.publish(snapshot);
    await runVectors("Worker", (file, vector) => {
      const isShopper = vector.caller === "shopper";
      /** @type {Record<string, string>} */
      const headers = isShopper ? {} : { authorization: `Bearer ${TOKEN}` };
      const order = orderOf(file, vector);
      if (order) return worker.credit(order, headers, hostOf(file.catalog));
      const placed = isShopper ? {} : { placed_at: vector.at ?? file.at };
      const request = vector.body ?? { ...placed, ...vector.request };
      return worker.validate(request, headers, hostOf(file.catalog));
    });
  } finally {
    await worker.close();
  }
});

/** A programme of its own for each catalogue, named after it. @param {string} name */
function shopOf(name) {
  const catalog = vectorCatalog(name);
  const program = { ...catalog.program, id: name };
  return { name, snapshot: buildSnapshot({ ...catalog, program }) };
}

/** @param {ReturnType<typeof shopOf>[]} shops */
function settings(shops) {
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const each = (/** @type {(name: string) => [string, any]} */ entry) =>
    JSON.stringify(Object.fromEntries(shops.map(({ name }) => entry(name))));
  return {
    PROGRAM: null,
    PROGRAMS: each((name) => [hostOf(name), name]),
    TOKENS: each((name) => [name, [{ sha256, scopes: ["credit", "force"] }]]),
  };
}

/** @param {string} catalog */
const hostOf = (catalog) => `${catalog}.example`;
