/**
 * A whole snapshot, answered where it lies: for a merchant's own pages and servers, never for a
 * shopper's page, because it holds every code.
 * @module promo-edge/validator
 */

import { compileFile } from "./wasm.js";
import { Validator, initSync } from "./wasm/validator/validator.js";

const file = new URL("./wasm/validator/validator_bg.wasm", import.meta.url);
initSync({ module: await compileFile(file) });

export { Validator };
