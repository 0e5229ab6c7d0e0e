/**
 * The list of applied codes, where a shop takes several.
 * @module
 */

import { draw, make, write } from "./markup.js";
import { describe, fill, formatMoney } from "./messages.js";

/** @typedef {import("./applied.js").AppliedCode} AppliedCode */
/** @typedef {import("./messages.js").Texts} Texts */

/** Two strokes: no font has to have a cross. */
const CROSS = "M4 4 12 12M12 4 4 12";

/** @typedef {{ item: HTMLLIElement, fact: HTMLElement, button: HTMLButtonElement }} Chip */

/**
 * Shows codes, each with what it saves or why it does not, and a button to take it back. A chip
 * stays the same element while its code is in the list, so that it keeps the focus.
 */
export class Chips {
  // Safari takes a list without bullets for none, unless it is told.
  element = make("ul", { part: "codes", role: "list", hidden: "" });
  #onRemove;
  #isDisabled = false;
  /** @type {Map<string, Chip>} */
  #chips = new Map();

  /** @param {(code: string) => void} onRemove */
  constructor(onRemove) {
    this.#onRemove = onRemove;
  }

  /**
   * @param {readonly AppliedCode[]} codes
   * @param {Texts} texts
   * @param {string} lang
   */
  show(codes, texts, lang) {
    this.element.hidden = codes.length === 0;
    this.element.setAttribute("aria-label", texts.applied);
    const listed = new Set(codes.map(({ code }) => code));
    for (const [code, { item }] of this.#chips) {
      if (listed.has(code)) continue;
      item.remove();
      this.#chips.delete(code);
    }
    for (const { code, answer, provisional } of codes) {
      const { item, fact, button } = this.#chipOf(code);
      const state = answer.valid ? (provisional ? "provisional" : "valid") : "refused";
      item.setAttribute("part", `code code-${state}`);
      write(fact, factOf(answer, texts, lang));
      button.setAttribute("aria-label", fill(texts.remove_code, { code }));
      button.disabled = this.#isDisabled;
    }
  }

  /** @param {boolean} isDisabled as the form says */
  disable(isDisabled) {
    this.#isDisabled = isDisabled;
    for (const { button } of this.#chips.values()) button.disabled = isDisabled;
  }

  /**
   * Keeps the focus in the list when one of it has gone.
   *
   * @param {number} index where that one was
   * @returns {boolean} whether there is another to take the focus
   */
  focusNear(index) {
    const buttons = this.element.querySelectorAll("button");
    const next = buttons[Math.min(index, buttons.length - 1)];
    next?.focus();
    return next !== undefined;
  }

  /** @param {string} code @returns {Chip} the one that is there, or a new one at the end */
  #chipOf(code) {
    const known = this.#chips.get(code);
    if (known) return known;
    const name = make("span", { part: "code-name", translate: "no" }, code);
    const fact = make("span", { part: "code-fact" });
    const button = make("button", { part: "remove", type: "button" }, draw({}, CROSS));
    button.addEventListener("click", () => this.#onRemove(code));
    const item = make("li", {}, make("span", {}, name, " ", fact), button);
    this.element.append(item);
    const chip = { item, fact, button };
    this.#chips.set(code, chip);
    return chip;
  }
}

/**
 * What fits beside a code: an amount, or why there is none.
 *
 * @param {AppliedCode["answer"]} answer
 * @param {Texts} texts
 * @param {string} lang
 */
function factOf(answer, texts, lang) {
  const { amount_minor: amount, currency } = (answer.valid && answer.quote) || {};
  if (amount && currency) return `−${formatMoney(amount, currency, lang)}`;
  return answer.valid && !answer.quote ? "" : describe(answer, texts, lang);
}
