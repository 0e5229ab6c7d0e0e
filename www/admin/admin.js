/**
 * The partner manager's page: starts it in the language of the person who looks.
 * @module
 */

import { App } from "./app.js";
import { loadSpeech, preferredLanguage } from "./language.js";
import { html, render } from "./vendor/preact.js";

const page = /** @type {HTMLElement} */ (document.getElementById("page"));
const speech = await loadSpeech(preferredLanguage());
page.replaceChildren();
render(html`<${App} speech=${speech} />`, page);
document.documentElement.dataset.ready = "";
