/**
 * What the page says without asking: whether a text can be a code, what the codes that anybody may
 * know are worth, and which of those was probably meant.
 * @module
 */

import { loadEngine, loadPublicCodes } from "./engine.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Cart} Cart */
/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").RefusedAnswer} RefusedAnswer */

/** One field's own answers. Whatever is not loaded, or cannot be, leaves the question open. */
export class LocalAnswers {
  /** @type {import("./engine.js").Engine | null} */
  #engine = null;
  /** @type {import("./public-codes.js").PublicAnswers | null} */
  #publicCodes = null;
  /** @type {Client | null} whose public codes are here or on their way */
  #publicCodesOf = null;

  /** Without wasm the Worker is asked about everything, which is slower and no less true. */
  loadEngine() {
    loadEngine().then((engine) => (this.#engine = engine), () => {});
  }

  /**
   * Called whenever the focus comes in; what could not be had then is tried again.
   *
   * @param {Client} client
   */
  async loadPublicCodes(client) {
    if (client === this.#publicCodesOf) return;
    this.#publicCodesOf = client;
    const answers = await loadPublicCodes(client);
    if (client !== this.#publicCodesOf) return;
    this.#publicCodes = answers;
    if (!answers) this.#publicCodesOf = null;
  }

  /** Another Worker has other public codes. */
  forgetPublicCodes() {
    this.#publicCodes = this.#publicCodesOf = null;
  }

  /**
   * Why nobody has to be asked about a text.
   *
   * @param {string} typed
   * @param {string[]} [prefixes] how codes begin that end in a check symbol
   * @returns {RefusedAnswer | undefined}
   */
  refusal(typed, prefixes = []) {
    const checked = this.#engine?.checkCode(typed);
    const empty = typed.trim() ? undefined : "empty";
    const mistyped = this.#isMistyped(checked?.code, prefixes) ? "check_symbol" : undefined;
    const detail = checked?.malformed ?? (checked ? mistyped : empty);
    return detail && { valid: false, reason: "malformed", detail };
  }

  /**
   * @param {string | undefined} code
   * @param {string[]} prefixes
   */
  #isMistyped(code, prefixes) {
    const plain = code?.toUpperCase();
    const isChecked = prefixes.some((prefix) => plain?.startsWith(prefix.toUpperCase()));
    return isChecked && !this.#engine?.checkSymbolHolds(code ?? "");
  }

  /**
   * What a public code is worth here; `undefined` for any other text.
   *
   * @param {string} typed
   * @param {Cart} cart
   * @returns {Answer | undefined}
   */
  answer(typed, cart) {
    return this.#publicCodes?.validate(typed, Date.now(), cart);
  }

  /**
   * The public code that looks like what was typed.
   *
   * @param {string} typed
   * @returns {string | undefined}
   */
  suggestion(typed) {
    return this.#publicCodes?.suggest(typed, Date.now());
  }
}
