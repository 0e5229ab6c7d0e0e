/**
 * The validator in Node, which has no `fetch` for files.
 * @module promo-edge/validator
 */

import { readFileSync } from "node:fs";

import { Validator, initSync } from "./wasm/validator/validator.js";

initSync({ module: readFileSync(new URL("./wasm/validator/validator_bg.wasm", import.meta.url)) });

export { Validator };
