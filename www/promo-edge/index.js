/**
 * The promo-code field and what it is made of. Importing this registers nothing, touches no
 * document and loads no wasm: see `promo-edge/define` for the element ready to use.
 * @module promo-edge
 */

export { createClient } from "./client.js";
export { PromoCodeElement } from "./element.js";
export { checkCode, loadEngine } from "./engine.js";
export { PromoCodeEvent } from "./event.js";
export { LANGUAGES, describe, loadTexts } from "./messages.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Cart} Cart */
/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").Item} Item */
/** @typedef {import("./client.js").Quote} Quote */
/** @typedef {import("./client.js").Reply} Reply */
/** @typedef {import("./outcome.js").State} State */
/** @typedef {import("./messages.js").Texts} Texts */
/** @typedef {import("./slim.js").CheckedCode} CheckedCode */
