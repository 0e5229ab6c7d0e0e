/**
 * What a shopper does with the page's input, as the field takes it: a text was edited, or it was
 * meant. Keys, paste, autofill and input methods each say so in their own way.
 * @module
 */

import { INPUT } from "./markup.js";

/**
 * @typedef {object} Listener
 * @property {() => void} onEdit the input holds another text
 * @property {(isComposing: boolean) => void} onCompose an input method begins, or has ended
 * @property {() => void} onAsk the text is what the shopper wants to use
 * @property {() => void} onLeave the focus leaves a text that was edited
 * @property {(text: string) => void} onOwn the text comes from the shopper and from no script
 */

/**
 * @param {HTMLElement} element the field around the input
 * @param {Listener} listener
 */
export function listenToTyping(element, { onEdit, onCompose, onAsk, onLeave, onOwn }) {
  const input = () => /** @type {HTMLInputElement | null} */ (element.querySelector(INPUT));
  element.addEventListener("input", (event) => {
    const { isComposing, inputType } = /** @type {InputEvent} */ (event);
    if (event.isTrusted) onOwn(input()?.value ?? "");
    // An unfinished composition is nobody's code yet.
    if (isComposing) return;
    onEdit();
    if (inputType === "insertFromPaste" || inputType === "insertFromDrop") onAsk();
  });
  element.addEventListener("compositionstart", () => onCompose(true));
  element.addEventListener("compositionend", () => {
    onCompose(false);
    onEdit();
  });
  const press = watchPresses(element);
  // The focus has not moved yet. If it goes to a button of the field, the press will ask.
  const leave = () => press.over(() => {
    if (!element.shadowRoot?.activeElement) onLeave();
  });
  element.addEventListener("change", leave);
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (!element.contains(/** @type {Node | null} */ (relatedTarget))) leave();
  });
  element.addEventListener("keydown", (event) => {
    // Safari ends a composition before it reports the key that did, which it marks by this number.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || isComposing || event.target !== input()) return;
    // The code was meant, not the order.
    event.preventDefault();
    if (!event.repeat) onAsk();
  });
}

const ENDS = ["pointerup", "pointercancel"];

/**
 * Whether something of the page is being pressed while the focus is in the field or leaves it. A
 * page that moves meanwhile takes the press away from what it was meant for.
 *
 * @param {HTMLElement} element
 */
function watchPresses(element) {
  let isPressed = false;
  /** @type {AbortController | undefined} */
  let watching;
  element.addEventListener("focusin", () => {
    watching?.abort();
    watching = new AbortController();
    const options = { capture: true, signal: watching.signal };
    globalThis.addEventListener("pointerdown", () => (isPressed = true), options);
    for (const end of ENDS) {
      globalThis.addEventListener(end, () => (isPressed = false), options);
    }
  });
  return {
    /** Does something once nothing is pressed, and what was has been. @param {() => void} work */
    over(work) {
      if (!isPressed) return void setTimeout(work);
      const done = new AbortController();
      for (const end of ENDS) {
        globalThis.addEventListener(end, () => (done.abort(), setTimeout(work)), {
          signal: done.signal,
        });
      }
    },
  };
}
