/**
 * What a pattern means: in words, with examples, or why it is none.
 * @module
 */

import { code, filled, heading, make } from "./dom.js";

/** @typedef {import("../desk.js").Explained} Explained */
/** @typedef {import("../desk.js").Refused} Refused */
/** @typedef {import("./dom.js").TextKey} TextKey */

export class Meaning {
  #words = make("ul", { class: "pattern-words" });
  #lists = make("div", { class: "pattern-lists" });
  #nothing = make("p", { class: "pattern-empty", text: "nothing" });
  #refusal = make("div", { class: "pattern-refusal", hidden: true });

  /** @param {number} level of its heading */
  constructor(level) {
    this.level = level;
    const title = heading(level, "words");
    const parts = [title, this.#nothing, this.#refusal, this.#words, this.#lists];
    this.element = make("section", { class: "pattern-meaning" }, ...parts);
  }

  /**
   * @param {string} pattern
   * @param {Explained | Refused | null} explained null for no text at all
   */
  write(pattern, explained) {
    const words = explained?.ok ? explained : null;
    this.#nothing.hidden = explained !== null;
    this.#refusal.hidden = explained === null || explained.ok;
    if (explained && !explained.ok) this.#refuse(pattern, explained);
    this.#words.replaceChildren(...(words?.sentences ?? []).map(sentence));
    this.#words.hidden = words === null;
    const lists = words ? [
      this.#list("matching", words.matching.map(code)),
      this.#list("not_matching", words.not_matching.map(code)),
      this.#list("warnings", words.warnings.map((text) => make("span", {}, ...marked(text)))),
    ] : [];
    this.#lists.replaceChildren(...lists.filter((node) => node !== null));
  }

  /**
   * @param {string} pattern
   * @param {Refused} refused
   */
  #refuse(pattern, { at, reason, remedy }) {
    /** @type {HTMLElement[]} */
    const parts = [heading(this.level + 1, "refused", "pattern-subtitle")];
    if (at !== null) parts.push(make("p", { class: "pattern-place" }, place(pattern, at)));
    parts.push(make("p", {}, ...marked(reason)), make("p", {}, ...marked(remedy)));
    this.#refusal.replaceChildren(...parts);
  }

  /**
   * @param {"matching" | "not_matching" | "warnings"} name
   * @param {HTMLElement[]} items
   */
  #list(name, items) {
    if (items.length === 0) return null;
    const entries = items.map((item) => make("li", {}, item));
    const title = heading(this.level + 1, name, "pattern-subtitle");
    return make("div", { class: `pattern-list ${name}` }, title, make("ul", {}, ...entries));
  }
}

/**
 * A sentence; those that begin with a number such as `2.1)` stand further in.
 *
 * @param {string} text
 */
function sentence(text) {
  const depth = /^([\d.]+)\) /.exec(text)?.[1].split(".").length ?? 0;
  return make("li", { class: depth > 0 && `deep-${Math.min(depth, 4)}` }, text);
}

/** A text with what stands between backquotes as code. @param {string} text */
function marked(text) {
  return text.split("`").map((part, index) => (index % 2 ? code(part) : part));
}

/**
 * The pattern with one of its characters marked, or its end.
 *
 * @param {string} pattern
 * @param {number} at counted from one
 */
function place(pattern, at) {
  const characters = [...pattern];
  const mark = make("mark", {}, characters[at - 1] ?? "\u00a0");
  const parts = filled("{before}{mark}{after}", {
    before: characters.slice(0, at - 1).join(""),
    mark,
    after: characters.slice(at).join(""),
  });
  return make("code", { translate: "no", dir: "ltr" }, ...parts);
}
