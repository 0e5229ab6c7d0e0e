/**
 * Codes that somebody tries on a pattern.
 * @module
 */

import { code, field, filled, heading, make } from "./dom.js";

/** @typedef {import("../desk.js").Tried} Tried */
/** @typedef {import("./dom.js").Texts} Texts */
/** @typedef {import("./thread.js").Thread} Thread */

/** Nobody reads more. */
const LINES_MAX = 200;

export class Trial {
  #typed = make("textarea", {
    rows: "4", spellcheck: "false", autocomplete: "off", autocapitalize: "off", translate: "no",
  });
  #results = make("ul", { class: "pattern-tried" });
  #summary = make("p", { class: "pattern-summary", role: "status" });
  /** Which trial is wanted; the answers to others are passed over. */
  #run = 0;

  /**
   * @param {string} id
   * @param {number} level of its heading
   * @param {() => void} onChange
   */
  constructor(id, level, onChange) {
    this.#typed.addEventListener("input", onChange);
    this.element = make("section", { class: "pattern-trial" },
      heading(level, "trial"),
      field(this.#typed, {
        id: `${id}-typed`, label: "trial", hint: "trial_hint", isLabelHidden: true,
      }),
      this.#summary,
      this.#results);
  }

  /**
   * @param {Thread} thread
   * @param {string} pattern
   * @param {Texts} texts
   */
  async write(thread, pattern, texts) {
    const run = ++this.#run;
    const lines = this.#typed.value.split("\n").filter((line) => line.trim() !== "");
    const typed = lines.slice(0, LINES_MAX);
    const tried = typed.length > 0 && pattern !== "" ? await thread.test(pattern, typed) : [];
    if (run !== this.#run) return;
    const matching = tried.filter((one) => one.matches).length;
    const counts = { matching: String(matching), all: String(tried.length) };
    const summary = tried.length > 0 ? filled(texts.trial_summary, counts).join("") : "";
    // Said again only when it differs.
    if (this.#summary.textContent !== summary) this.#summary.textContent = summary;
    this.#results.replaceChildren(...tried.map((one, index) => row(typed[index], one, texts)));
  }
}

/**
 * @param {string} typed
 * @param {Tried} tried
 * @param {Texts} texts
 */
function row(typed, tried, texts) {
  const verdict = verdictOf(tried);
  const parts = [code(typed), make("span", { class: "pattern-verdict" }, texts[verdict])];
  if (tried.code !== undefined && tried.code !== typed) {
    const read = filled(texts.read_as, { code: code(tried.code) });
    parts.push(make("span", { class: "hint" }, ...read));
  }
  return make("li", { class: verdict === "match" ? "is-match" : "is-no-match" }, ...parts);
}

/** @param {Tried} tried @returns {"match" | "no_match" | "too_long" | "control_character"} */
function verdictOf(tried) {
  if (tried.malformed === undefined) return tried.matches ? "match" : "no_match";
  // Of a line that is not empty only invisible characters leave nothing.
  return tried.malformed === "empty" ? "no_match" : tried.malformed;
}
