/**
 * Elements made in few words, with their texts by name so that the language can change.
 * @module
 */

/** @typedef {typeof import("./texts/en.js").default} Texts */
/** @typedef {keyof Texts} TextKey */

/**
 * An element with attributes and children. The attribute `text` names the text that it shows.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean>} [attributes] `true` is an attribute without a value,
 *   `false` none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.dataset.text = String(value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * A heading of the level that it has on the page.
 *
 * @param {number} level 1 to 6
 * @param {TextKey} text
 * @param {"pattern-title" | "pattern-subtitle"} look
 */
export function heading(level, text, look = "pattern-title") {
  return make(/** @type {"h2"} */ (`h${level}`), { text, class: look });
}

/**
 * Writes the texts that elements name.
 *
 * @param {Element} root
 * @param {Texts} texts
 */
export function writeTexts(root, texts) {
  for (const element of root.querySelectorAll("[data-text]")) {
    const key = /** @type {HTMLElement} */ (element).dataset.text;
    element.textContent = texts[/** @type {TextKey} */ (key)];
  }
}

/**
 * A text with nodes or words in the places that it names in braces.
 *
 * @param {string} text
 * @param {Record<string, Node | string>} values
 * @returns {(Node | string)[]}
 */
export function filled(text, values) {
  return text.split(/\{(\w+)\}/).map((part, index) => (index % 2 ? values[part] ?? "" : part));
}

/** A code or a pattern, which no language changes. @param {string} text */
export function code(text) {
  return make("code", { translate: "no", dir: "auto" }, text);
}

/**
 * A field with its label and, where it needs one, a hint.
 *
 * @param {HTMLElement} control
 * @param {{ id: string, label: TextKey, hint?: TextKey, isLabelHidden?: boolean }} about
 */
export function field(control, { id, label, hint, isLabelHidden = false }) {
  control.id = id;
  /** @type {HTMLElement[]} */
  const parts = [make("label", { for: id, text: label, class: isLabelHidden ? "unseen" : false })];
  if (hint) {
    control.setAttribute("aria-describedby", `${id}-hint`);
    parts.push(make("p", { id: `${id}-hint`, class: "hint", text: hint }));
  }
  return make("div", { class: "pattern-field" }, ...parts, control);
}

let count = 0;

/** A start for ids that no other part of the page has. */
export function freshId() {
  count += 1;
  return `pattern-${count}`;
}
