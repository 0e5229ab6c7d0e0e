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

/** Shows codes, each with what it saves or why it does not, and a button to take it back. */
export class Chips {
  element = make("ul", { part: "codes", hidden: "" });
  #onRemove;
  #isDisabled = false;

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
    this.element.replaceChildren(...codes.map((code) => this.#chip(code, texts, lang)));
  }

  /** @param {boolean} isDisabled as the form says */
  disable(isDisabled) {
    this.#isDisabled = isDisabled;
    for (const button of this.element.querySelectorAll("button")) button.disabled = isDisabled;
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

  /**
   * @param {AppliedCode} applied
   * @param {Texts} texts
   * @param {string} lang
   */
  #chip({ code, answer, provisional }, texts, lang) {
    const state = answer.valid ? (provisional ? "provisional" : "valid") : "refused";
    const name = make("span", { part: "code-name", translate: "no" });
    write(name, code);
    const fact = make("span", { part: "code-fact" });
    write(fact, factOf(answer, texts, lang));
    const label = fill(texts.remove_code, { code });
    const button = make("button", { part: "remove", type: "button", "aria-label": label });
    button.disabled = this.#isDisabled;
    button.append(draw({}, CROSS));
    button.addEventListener("click", () => this.#onRemove(code));
    const text = make("span", {}, name, " ", fact);
    return make("li", { part: `code code-${state}` }, text, button);
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
