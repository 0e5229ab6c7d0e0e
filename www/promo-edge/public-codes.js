/**
 * A program's public codes, answered in the browser. Loaded when a shopper enters the field of a
 * program that has such codes.
 * @module promo-edge/public-codes
 */

import { compileFile } from "./wasm.js";
import integrity from "./wasm/public/integrity.js";
import { PublicCodes, initSync } from "./wasm/public/public.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Cart} Cart */

/**
 * Answers for the codes that anybody may know; `undefined` for any other. A yes is provisional:
 * only the Worker says yes.
 *
 * @typedef {object} PublicAnswers
 * @property {(text: string, atMs: number, cart: Cart) => Answer | undefined} validate
 * @property {(text: string, atMs: number) => string | undefined} suggest the code that looks like a
 *   text which is none
 */

/**
 * Opens what `/v1/public` serves.
 *
 * @param {Uint8Array} bundle
 * @param {WebAssembly.Module | BufferSource} [wasm] `promo-edge/wasm/public/public_bg.wasm`
 * @returns {Promise<PublicAnswers>}
 * @throws when the bytes are no bundle of a version that this package reads
 */
export async function openPublicCodes(bundle, wasm) {
  const file = () => new URL("./wasm/public/public_bg.wasm", import.meta.url);
  initSync({ module: wasm ?? (await compileFile(file(), integrity)) });
  return /** @type {PublicAnswers} */ (PublicCodes.open(bundle));
}
