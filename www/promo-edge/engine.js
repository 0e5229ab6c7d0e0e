/**
 * Loads the small wasm module that sits beside this file, once, when it is first needed.
 * @module
 */

import { startEngine } from "./slim.js";

/** @typedef {import("./slim.js").Engine} Engine */
/** @typedef {import("./slim.js").CheckedCode} CheckedCode */

/** @type {Promise<Engine> | undefined} */
let loading;

/**
 * The engine. Fails where wasm is forbidden or cannot be fetched; the next call then tries again, and the
 * field does without in the meantime.
 *
 * @param {string | URL} [url] where the module is, if not beside this file
 * @returns {Promise<Engine>}
 */
export function loadEngine(url = new URL("./wasm/slim/slim_bg.wasm", import.meta.url)) {
  loading ??= compile(url)
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

/**
 * @param {string | URL} url
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}: serve the folder wasm/ too`);
  // Some servers do not know the type `application/wasm`, which streaming insists on.
  return WebAssembly.compile(await response.arrayBuffer());
}
