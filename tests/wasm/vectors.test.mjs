// The vectors in Node, through the validator's wasm.

import { test } from "node:test";

import { Validator } from "../../www/promo-edge/validator-node.js";
import { orderOf, runVectors } from "../vectors/vectors.mjs";
import { READER_KEY, vectorBundles } from "./bundles.mjs";

test("vectors", async () => {
  const bundles = [...vectorBundles()];
  const validators = new Map(
    bundles.map(([name, bundle]) => [name, Validator.open(bundle, READER_KEY)]),
  );
  await runVectors("Node", (file, vector) => {
    const validator = /** @type {Validator} */ (validators.get(file.catalog));
    const at = new Date(vector.at ?? file.at);
    const order = orderOf(file, vector);
    const request = vector.body ?? vector.request;
    try {
      const ask = vector.caller === "shopper" ? "validateForShopper" : "validate";
      const body = order ? validator.credit(order) : validator[ask](request, at);
      return { status: 200, body };
    } catch (error) {
      const { problem } = /** @type {{ problem?: { status: number } }} */ (error);
      if (!problem) throw error;
      return { status: problem.status, body: problem };
    }
  });
});
