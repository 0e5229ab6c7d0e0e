/**
 * The small wasm module for those who load it themselves: bundlers with a wasm loader, Workers, tests.
 * @module promo-edge/slim
 */

import { PublicCodes, checkCode, initSync } from "./wasm/slim/slim.js";

/**
 * What a text is: the code it spells, in its normal form, or why it cannot be one.
 *
 * @typedef {{ code: string, malformed?: undefined } | { code?: undefined, malformed: Malformed }} CheckedCode
 */
/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Cart} Cart */
/** @typedef {"empty" | "too_long" | "control_character"} Malformed */

/**
 * Answers for the codes that anybody may know; `undefined` for any other.
 *
 * @typedef {object} PublicAnswers
 * @property {(text: string, atMs: number, cart: Cart) => Answer | undefined} validate
 */
/**
 * The module at work.
 *
 * @typedef {object} Engine
 * @property {(text: string) => CheckedCode} checkCode
 * @property {{ open(bundle: Uint8Array): PublicAnswers }} PublicCodes opens what `/v1/public` serves
 */

/**
 * Starts the module. A second call returns the same one.
 *
 * @param {WebAssembly.Module | BufferSource} wasm `promo-edge/wasm/slim/slim_bg.wasm`
 * @returns {Engine}
 */
export function startEngine(wasm) {
  initSync({ module: wasm });
  return /** @type {Engine} */ ({ checkCode, PublicCodes });
}
