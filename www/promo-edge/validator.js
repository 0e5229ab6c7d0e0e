/**
 * A whole snapshot, answered where it lies: for a merchant's own pages and servers, never for a
 * shopper's page, because it holds every code.
 * @module promo-edge/validator
 */

import { compileBeside } from "./wasm.js";
import { Validator, initSync } from "./wasm/validator/validator.js";

initSync({ module: await compileBeside("validator") });

export { Validator };
