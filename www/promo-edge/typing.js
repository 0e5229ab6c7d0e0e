/**
 * What a shopper does with the page's input, as the field takes it: a text was edited, or it was
 * meant. Keys, paste, autofill and input methods each say so in their own way.
 * @module
 */

/**
 * @typedef {object} Listener
 * @property {() => void} onEdit the input holds another text
 * @property {() => void} onAsk the text is what the shopper wants to use
 * @property {() => void} onLeave the focus leaves a text that was edited
 * @property {(text: string) => void} onOwn the text comes from the shopper and from no script
 */

/**
 * @param {HTMLElement} element the field around the input
 * @param {Listener} listener
 */
export function listenToTyping(element, { onEdit, onAsk, onLeave, onOwn }) {
  const input = () => element.querySelector("input");
  element.addEventListener("input", (event) => {
    const { isComposing, inputType } = /** @type {InputEvent} */ (event);
    if (event.isTrusted) onOwn(input()?.value ?? "");
    // An unfinished composition is nobody's code yet.
    if (isComposing) return;
    onEdit();
    if (inputType === "insertFromPaste" || inputType === "insertFromDrop") onAsk();
  });
  element.addEventListener("compositionend", onEdit);
  // The focus has not moved yet. If it goes to a button of the field, the press will ask.
  element.addEventListener("change", () => {
    setTimeout(() => {
      if (!element.shadowRoot?.activeElement) onLeave();
    });
  });
  element.addEventListener("keydown", (event) => {
    // Safari ends a composition before it reports the key that did, which it marks by this number.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || isComposing || event.target !== input()) return;
    // The code was meant, not the order.
    event.preventDefault();
    onAsk();
  });
}
