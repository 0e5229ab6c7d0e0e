/**
 * The small wasm module for those who load it themselves: bundlers with a wasm loader, Workers,
 * tests.
 * @module promo-edge/slim
 */

import { checkCode, checkSymbolHolds, initSync } from "./wasm/slim/slim.js";

/** @typedef {"empty" | "too_long" | "control_character"} Malformed */
/**
 * What a text is: the code it spells, in its normal form, or why it cannot be one.
 *
 * @typedef {{ code: string, malformed?: undefined }
 *   | { code?: undefined, malformed: Malformed }} CheckedCode
 */
/**
 * The module at work.
 *
 * @typedef {object} Engine
 * @property {(text: string) => CheckedCode} checkCode
 * @property {(text: string) => boolean} checkSymbolHolds whether a text ends in the check symbol of
 *   generated codes
 */

/**
 * Starts the module. A second call returns the same one.
 *
 * @param {WebAssembly.Module | BufferSource} wasm `promo-edge/wasm/slim/slim_bg.wasm`
 * @returns {Engine}
 */
export function startEngine(wasm) {
  initSync({ module: wasm });
  return /** @type {Engine} */ ({ checkCode, checkSymbolHolds });
}
