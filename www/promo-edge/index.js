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
