/**
 * The small wasm module, fetched once, when it is first needed.
 * @module
 */

import { startEngine } from "./slim.js";
import { compileBeside } from "./wasm.js";

/** @typedef {import("./slim.js").Engine} Engine */
/** @typedef {import("./slim.js").CheckedCode} CheckedCode */

/** @type {Promise<Engine> | undefined} */
let loading;

/**
 * The engine. Fails where wasm is forbidden or cannot be fetched; the next call then tries again,
 * and the field does without in the meantime.
 *
 * @returns {Promise<Engine>}
 */
export function loadEngine() {
  loading ??= compileBeside("slim")
    .then(startEngine)
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

/**
 * Whether a text can be a promo code, and which: what the Worker would make of it, without asking.
 *
 * @param {string} text
 * @returns {Promise<CheckedCode>}
 */
export async function checkCode(text) {
  return (await loadEngine()).checkCode(text);
}
