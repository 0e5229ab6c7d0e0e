/**
 * The other codes that match what a pattern matches.
 * @module
 */

import { code, filled, heading, make } from "./dom.js";

/** @typedef {import("../desk.js").Folding} Folding */
/** @typedef {import("../desk.js").OtherCode} OtherCode */
/** @typedef {import("../desk.js").Overlap} Overlap */
/** @typedef {import("./dom.js").Texts} Texts */
/** @typedef {import("./thread.js").Thread} Thread */

/** How many are handed over at a time, so that other questions come in between. */
const CODES_AT_ONCE = 256;
/** How many are shown. */
const SHOWN_MAX = 50;

export class Overlaps {
  #status = make("p", { class: "pattern-summary", role: "status" });
  #again = make("button", { type: "button", text: "again", hidden: true });
  #list = make("ul", { class: "pattern-overlaps" });
  /** @type {Promise<Map<string, OtherCode>> | undefined} */
  #loading;
  /** Which comparison is wanted; others are given up. */
  #run = 0;

  /**
   * @param {Thread} thread
   * @param {() => Promise<OtherCode[]>} load
   * @param {Folding} folding
   * @param {number} level of its heading
   * @param {() => void} onRetry
   */
  constructor(thread, load, folding, level, onRetry) {
    this.thread = thread;
    this.load = load;
    this.folding = folding;
    this.#again.addEventListener("click", onRetry);
    this.element = make("section", { class: "pattern-others", hidden: true },
      heading(level, "overlaps"), this.#status, this.#again, this.#list);
  }

  /**
   * Compares anew.
   *
   * @param {string | null} pattern null when there is none
   * @param {Texts} texts
   */
  async write(pattern, texts) {
    const run = ++this.#run;
    const isOver = () => run !== this.#run;
    this.element.hidden = pattern === null;
    if (pattern === null) return;
    try {
      const codes = await this.#codes();
      if (!isOver()) await this.#compare(pattern, codes, texts, isOver);
    } catch {
      if (!isOver()) this.#show(texts.overlaps_failed, [], true);
    }
  }

  /**
   * @param {string} pattern
   * @param {Map<string, OtherCode>} codes
   * @param {Texts} texts
   * @param {() => boolean} isOver
   */
  async #compare(pattern, codes, texts, isOver) {
    /** @type {Overlap[]} */
    const found = [];
    for (let done = 0, all = codes.size; done < all;) {
      const more = await this.thread.overlaps(pattern, done);
      if (isOver()) return;
      ({ done, all } = more);
      found.push(...more.found);
      const counts = { done: String(done), all: String(all) };
      const busy = filled(texts.overlaps_busy, counts).join("");
      if (done < all) this.#show(busy, rows(found, codes, texts));
    }
    const counts = { found: String(found.length), all: String(codes.size) };
    const summary = found.length > 0 ? texts.overlaps_found : texts.overlaps_none;
    this.#show(filled(summary, counts).join(""), rows(found, codes, texts));
  }

  #codes() {
    this.#loading ??= this.#read().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #read() {
    const all = await this.load();
    for (let first = 0; first < all.length; first += CODES_AT_ONCE) {
      const how = { folding: this.folding, isFirst: first === 0 };
      await this.thread.know(all.slice(first, first + CODES_AT_ONCE), how);
    }
    return new Map(all.map((one) => [one.id, one]));
  }

  /**
   * @param {string} status
   * @param {HTMLElement[]} items
   * @param {boolean} [hasFailed]
   */
  #show(status, items, hasFailed = false) {
    this.#status.textContent = status;
    this.#again.hidden = !hasFailed;
    this.#list.replaceChildren(...items);
  }
}

/**
 * @param {Overlap[]} found
 * @param {Map<string, OtherCode>} codes
 * @param {Texts} texts
 */
function rows(found, codes, texts) {
  const shown = found.slice(0, SHOWN_MAX).flatMap((overlap) => {
    const other = codes.get(overlap.id);
    return other ? [row(other, overlap, texts)] : [];
  });
  if (found.length > SHOWN_MAX) {
    const count = String(found.length - SHOWN_MAX);
    shown.push(make("li", { class: "hint" }, ...filled(texts.more, { count })));
  }
  return shown;
}

/**
 * @param {OtherCode} other
 * @param {Overlap} overlap
 * @param {Texts} texts
 */
function row(other, { example }, texts) {
  const common = example === null
    ? [texts.too_large]
    : filled(texts.both, { example: code(example) });
  return make("li", {},
    code(other.code),
    make("span", { class: "hint" }, texts[other.match_type]),
    make("span", {}, ...common));
}
