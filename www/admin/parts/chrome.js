/**
 * What frames the pages: the brand, the languages, the menu.
 * @module
 */

import { LANGUAGES } from "../language.js";
import { href } from "../route.js";
import { html, useEffect, useId, useState } from "../vendor/preact.js";

/** @typedef {import("../language.js").Speech} Speech */

/** The pages of a programme, in the menu's order. */
export const PAGES = /** @type {const} */ ([
  "codes",
  "uploads",
  "requests",
  "deals",
  "partners",
  "lists",
  "settings",
  "publications",
  "audit",
]);

/** The mark: a coupon with its perforation. */
export function Brand() {
  return html`
    <span class="brand" translate="no">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path class="ticket" d="M3 8h26v6a2.500 2.500 0 0 0 0 5v5H3v-5a2.500 2.500 0 0 0 0-5Z" />
        <path class="perforation" d="M20 11v2m0 3v2m0 3v1" />
      </svg>
      promo-edge
    </span>`;
}

/** @param {{ speech: Speech, speak: (language: any) => void }} props */
export function LanguageSelect({ speech, speak }) {
  const id = useId();
  return html`
    <div class="language">
      <label class="hidden" for=${id}>${speech.text("language")}</label>
      <select id=${id} value=${speech.language}
        onChange=${(/** @type {any} */ event) => speak(event.currentTarget.value)}>
        ${LANGUAGES.map(([tag, name]) => html`
          <option key=${tag} value=${tag} lang=${tag} selected=${tag === speech.language}>
            ${name}</option>`)}
      </select>
    </div>`;
}

/**
 * A page of its own, before a programme is open.
 *
 * @param {{ speech: Speech, speak: (language: any) => void, children: any, title: string }} props
 */
export function Porch({ speech, speak, title, children }) {
  useEffect(() => {
    document.title = `${title} · promo-edge`;
  }, [title]);
  return html`
    <div class="porch">
      <header class="porch-top"><${Brand} /><${LanguageSelect} ...${{ speech, speak }} /></header>
      <main class="card"><h1 tabindex="-1">${title}</h1>${children}</main>
    </div>`;
}

/** @param {{ speech: Speech, program: string, page: string }} props */
export function Menu({ speech, program, page }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return html`
    <nav class="menu" aria-label=${speech.text("menu")}>
      <button type="button" class="menu-button" aria-expanded=${String(isOpen)}
        aria-controls=${id} onClick=${() => setOpen(!isOpen)}>
        <span class="soft">${speech.text("menu")}</span> ${speech.term("page", page)}</button>
      <ul id=${id} class=${isOpen ? "is-open" : ""}>
        ${PAGES.map((name) => html`
          <li key=${name}><a href=${href(program, name)} onClick=${() => setOpen(false)}
            aria-current=${name === page ? "page" : undefined}>${speech.term("page", name)}</a>
          </li>`)}
      </ul>
    </nav>`;
}
