/**
 * A dialogue over the page. The platform keeps the focus inside and gives it back.
 * @module
 */

import { useDesk } from "../shared.js";
import { html, useEffect, useId, useRef } from "../vendor/preact.js";

/**
 * @param {{ title: string, onClose: () => void, children: any, actions?: any, isWide?: boolean }}
 *   props
 */
export function Dialog({ title, onClose, children, actions, isWide }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (!shown?.open) shown?.showModal();
    return () => shown?.close();
  }, []);
  return html`
    <dialog ref=${dialog} class=${isWide ? "is-wide" : ""} aria-labelledby=${id}
      onCancel=${(/** @type {Event} */ event) => (event.preventDefault(), onClose())}>
      <h2 id=${id} tabindex="-1" autofocus>${title}</h2>
      <div class="dialog-body">${children}</div>
      <div class="actions">${actions}</div>
    </dialog>`;
}

/**
 * Asks before something is done, and says what it will do.
 *
 * @param {{ title: string, children: any, confirm: string, isDangerous?: boolean,
 *   isBusy?: boolean, isReady?: boolean, onConfirm: () => void, onClose: () => void }} props
 */
export function Confirm({ title, children, confirm, isDangerous, isBusy, isReady = true,
  onConfirm, onClose }) {
  const { speech } = useDesk();
  const actions = html`
    <button type="button" onClick=${onClose} disabled=${isBusy}>${speech.text("cancel")}</button>
    <button type="button" class=${isDangerous ? "primary danger" : "primary"}
      disabled=${isBusy || !isReady} onClick=${onConfirm}>${confirm}</button>`;
  return html`<${Dialog} ...${{ title, onClose, actions }}>${children}<//>`;
}
