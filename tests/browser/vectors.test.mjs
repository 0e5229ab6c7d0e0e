// The vectors in Chromium, through the validator's wasm as a page loads it.

import { after, before, test } from "node:test";

import { orderOf, runVectors } from "../vectors/vectors.mjs";
import { READER_KEY, vectorBundles } from "../wasm/bundles.mjs";
import { startShop } from "./shop.mjs";

/** @type {import("./shop.mjs").Shop} */
let shop;

before(async () => {
  shop = await startShop();
});
after(() => shop.stop());

test("vectors", async () => {
  const visit = await shop.visit();
  const bundles = [...vectorBundles()].map(([name, bundle]) => [name, bundle.toString("base64")]);
  await visit.page.evaluate(openAll, { bundles, key: READER_KEY });
  await runVectors("Chromium", (file, vector) => {
    const at = vector.at ?? file.at;
    const order = orderOf(file, vector);
    const request = vector.body ?? vector.request;
    const isShopper = vector.caller === "shopper";
    return visit.page.evaluate(answer, { catalog: file.catalog, order, request, at, isShopper });
  });
  await visit.close();
});

/** @param {{ bundles: string[][], key: string }} given */
async function openAll({ bundles, key }) {
  const url = new URL("promo-edge/validator.js", location.href).href;
  const { Validator } = await import(url);
  const validators = bundles.map(([name, base64]) => {
    const bundle = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    return [name, Validator.open(bundle, key)];
  });
  Object.assign(globalThis, { validators: Object.fromEntries(validators) });
}

/**
 * @typedef {object} Asked
 * @property {string} catalog
 * @property {unknown} order
 * @property {unknown} request
 * @property {string} at
 * @property {boolean} isShopper
 */

/** @param {Asked} asked */
function answer({ catalog, order, request, at, isShopper }) {
  const validator = /** @type {any} */ (globalThis).validators[catalog];
  const ask = isShopper ? "validateForShopper" : "validate";
  try {
    const body = order ? validator.credit(order) : validator[ask](request, new Date(at));
    return { status: 200, body };
  } catch (error) {
    const { problem } = /** @type {any} */ (error);
    if (!problem) throw error;
    return { status: problem.status, body: problem };
  }
}
