/**
 * What deals, partners and lists have in common: an id that is chosen once, and not being there.
 * @module
 */

import { idOf } from "../amounts.js";
import { useDesk } from "../shared.js";
import { href, parseRoute } from "../route.js";
import { html } from "../vendor/preact.js";
import { TextField } from "./field.js";
import { PageHead } from "./page_head.js";

/**
 * The id, which a new entity takes from its name unless another is typed.
 *
 * @param {{ draft: any, set: (change: any) => void, error: (field: string) => string }} props
 */
export function IdField({ draft, set, error }) {
  const { speech } = useDesk();
  const isNew = parseRoute(location.hash).id === "new";
  return html`
    <${TextField} label=${speech.text("id")} value=${draft.id} error=${error("id")}
      class="code" maxlength="64" spellcheck=${false} readonly=${!isNew}
      hint=${speech.text(isNew ? "id_hint" : "id_fixed")} placeholder=${idOf(draft)}
      onInput=${(/** @type {string} */ id) => set({ id })} />`;
}

/** @param {{ page: string }} props */
export function Unknown({ page }) {
  const { speech, program } = useDesk();
  return html`
    <${PageHead} title=${speech.text("unknown")}
      back=${[href(program.id, page), speech.term("page", page)]} />
    <p>${speech.text("problem.missing")}</p>`;
}
