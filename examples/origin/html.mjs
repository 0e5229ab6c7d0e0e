/**
 * HTML as text, with everything escaped that is not markup already.
 * @module
 */

/** Text that is markup. */
export class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @typedef {Markup | string | number | null | undefined | false | Content[]} Content */

/**
 * A template whose values are escaped; lists are joined, and nothing is written for what is
 * missing.
 *
 * @param {TemplateStringsArray} strings
 * @param {...Content} values
 */
export function html(strings, ...values) {
  const pieces = strings.map((string, index) => string + write(values[index]));
  return new Markup(pieces.join(""));
}

/** @param {Content} value @returns {string} */
function write(value) {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(write).join("");
  return value instanceof Markup ? value.text : escape(String(value));
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[/** @type {keyof typeof ENTITIES} */ (c)]);
}
