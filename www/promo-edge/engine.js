/**
 * The wasm modules, started when they are first needed.
 * @module
 */

import { startEngine } from "./slim.js";
import { compileInlined } from "./wasm.js";
import inlined from "./wasm/slim/inlined.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./public-codes.js").PublicAnswers} PublicAnswers */
/** @typedef {import("./slim.js").Engine} Engine */
/** @typedef {import("./slim.js").CheckedCode} CheckedCode */

/** @type {Promise<Engine> | undefined} */
let loading;

/**
 * The small module, which comes with this script. Fails where wasm is forbidden, and the field does
 * without; the next call tries again.
 *
 * @returns {Promise<Engine>}
 */
export function loadEngine() {
  loading ??= compileInlined(inlined)
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
 * The public codes that a client has; `null` when there are none to be had.
 *
 * @param {Client} client
 * @returns {Promise<PublicAnswers | null>}
 */
export async function loadPublicCodes(client) {
  const bundle = await client.publicCodes();
  if (!bundle) return null;
  return import("./public-codes.js")
    .then(({ openPublicCodes }) => openPublicCodes(bundle))
    // A bundle of another version is as good as none: the Worker is asked.
    .catch(() => null);
}
