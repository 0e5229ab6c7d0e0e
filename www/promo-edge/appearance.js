/**
 * The field's own markup and style. Everything that a page may want to change is a custom property,
 * a part or a state; the label, the input and the message are the page's, so the page's style
 * reaches them as it is.
 * @module
 */

import { Chips } from "./chips.js";
import { draw, make, write } from "./markup.js";

const STYLE = `
:host { display: block }
:host([hidden]) { display: none }
[part~="field"] {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: var(--promo-code-gap, 0.5rem);
}
::slotted(*) { grid-column: 1 / -1 }
::slotted(input) { grid-column: 1; min-inline-size: 0 }
[part~="button"] {
  display: grid;
  align-items: center;
  font: inherit;
  font-weight: 600;
  padding: 0.5em 1em;
  color: var(--promo-code-button-color, ButtonText);
  background: var(--promo-code-button-background, ButtonFace);
  border: 1px solid var(--promo-code-button-border, currentColor);
  border-radius: var(--promo-code-radius, 0.375rem);
  cursor: pointer;
}
:is([part~="button"], [part~="suggestion"], [part~="remove"]):focus-visible {
  outline: 2px solid var(--promo-code-focus, Highlight);
  outline-offset: 2px;
}
[part~="button"][aria-disabled="true"] { cursor: progress }
[part~="button"] > span { grid-area: 1 / 1 }
[part~="button"] > :not([data-shown]) { visibility: hidden }
[part~="outcome"] {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  column-gap: 0.5em;
  color: var(--promo-code-color, inherit);
}
:host([state="valid"]) [part~="outcome"],
:host([state="provisional"]) [part~="outcome"] { color: var(--promo-code-accept, inherit) }
:host([state="refused"]) [part~="outcome"] { color: var(--promo-code-refuse, inherit) }
[part~="icon"] {
  inline-size: 1.15em;
  block-size: 1.15em;
  margin-block-start: 0.15em;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.75;
  stroke-linecap: round;
  stroke-linejoin: round;
}
[part~="icon"]:not([data-shown]) { display: none }
[part~="text"] { grid-column: 2; min-inline-size: 0 }
[part~="icon"]:not([data-shown]) ~ [part~="text"] { grid-column: 1 / -1 }
[part~="note"] { color: var(--promo-code-note, inherit); font-size: 0.875em }
[part~="note"]:not(:empty) { animation: late 1ms 0.6s both }
@keyframes late { from { visibility: hidden; max-block-size: 0 } to { max-block-size: 5em } }
::slotted([role="status"]) { margin: 0 }
[hidden] { display: none !important }
[part~="suggestion"] {
  font: inherit;
  min-block-size: 2rem;
  padding: 0.25em 0.75em;
  margin-block-start: 0.35em;
  color: inherit;
  background: none;
  border: 1px solid currentColor;
  border-radius: var(--promo-code-radius, 0.375rem);
  cursor: pointer;
}
[part~="codes"] {
  display: flex;
  flex-wrap: wrap;
  gap: var(--promo-code-gap, 0.5rem);
  margin: 0.5rem 0 0;
  padding: 0;
  list-style: none;
}
[part~="code"] {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  align-items: center;
  max-inline-size: 100%;
  padding-inline-start: 0.75em;
  color: var(--promo-code-chip-color, inherit);
  background: var(--promo-code-chip-background, none);
  border: 1px solid var(--promo-code-chip-border, currentColor);
  border-radius: var(--promo-code-radius, 0.375rem);
}
[part~="code-name"] { font-weight: 600; overflow-wrap: anywhere; unicode-bidi: isolate }
[part~="code-refused"] [part~="code-name"] { text-decoration: line-through }
[part~="code-refused"] { color: var(--promo-code-refuse, inherit) }
[part~="remove"] {
  display: grid;
  place-items: center;
  min-inline-size: 2rem;
  min-block-size: 2rem;
  align-self: start;
  color: inherit;
  background: none;
  border: 0;
  cursor: pointer;
}
[part~="remove"] > svg {
  inline-size: 1em;
  block-size: 1em;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.75;
  stroke-linecap: round;
}
`;

/** What stands before the message, so that colour is never the only sign. 16 units a side. */
const ICONS = {
  valid: "M2.5 8.5 6 12l7.5-8",
  provisional: "M2.5 8.5 6 12l7.5-8",
  refused: "M8 2.5 14.5 13.5H1.5ZM8 6.5V9.5M8 11.5v.1",
  offline: "M2 6.5a9 9 0 0 1 12 0M4.5 9.3a5.2 5.2 0 0 1 7 0M8 12.4v.1M2.5 13.5l11-11",
  error: "M8 1.5a6.5 6.5 0 1 0 .1 0ZM8 4.5V8.5M8 11v.1",
};

/** @typedef {"apply" | "checking" | "remove"} Action */

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * @typedef {object} Face
 * @property {HTMLSlotElement} field where the page's label and input go
 * @property {HTMLButtonElement} button
 * @property {(labels: Record<Action, string>, action: Action) => void} showAction
 * @property {(state: string) => void} showIcon
 * @property {HTMLElement} note
 * @property {Chips} chips the codes that are applied
 * @property {HTMLButtonElement} suggestion takes over the code that was probably meant
 */

/**
 * Fills a shadow root. The message has a slot instead of a place here: an input can only be
 * described by an element of its own tree.
 *
 * @param {ShadowRoot} root
 * @param {(code: string) => void} onRemove
 * @returns {Face}
 */
export function render(root, onRemove) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  root.adoptedStyleSheets = [sheet];
  const field = document.createElement("slot");
  // Every label has its place in the button, so that it is as wide as the widest and never jumps.
  const labels = { apply: make("span", {}), checking: make("span", {}), remove: make("span", {}) };
  const button = make("button", { part: "button", type: "button" }, ...Object.values(labels));
  const icon = draw({ part: "icon" });
  const chips = new Chips(onRemove);
  const note = make("div", { part: "note" });
  const suggestion = make("button", { part: "suggestion", type: "button", hidden: "" });
  const message = make("slot", { name: "message" });
  const text = make("div", { part: "text" }, message, note, suggestion);
  root.append(
    make("div", { part: "field" }, field, button),
    make("div", { part: "outcome" }, icon, text),
    chips.element,
  );
  return {
    field,
    button,
    note,
    suggestion,
    chips,
    showAction(texts, action) {
      for (const [name, label] of Object.entries(labels)) {
        write(label, texts[/** @type {Action} */ (name)]);
        label.toggleAttribute("data-shown", name === action);
      }
    },
    showIcon(state) {
      const shape = ICONS[/** @type {keyof typeof ICONS} */ (state)];
      icon.toggleAttribute("data-shown", Boolean(shape));
      if (shape) icon.firstElementChild?.setAttribute("d", shape);
    },
  };
}
