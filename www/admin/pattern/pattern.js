/**
 * The pattern editor: build or paste a pattern, see it in words, try codes on it, see what else
 * matches the same.
 * @module
 */

import { Builder } from "./builder.js";
import { field, freshId, make, writeTexts } from "./dom.js";
import { loadTexts, spoken } from "./language.js";
import { Meaning } from "./meaning.js";
import { Overlaps } from "./overlaps.js";
import { Thread } from "./thread.js";
import { Trial } from "./trial.js";

/** @typedef {import("../desk.js").Folding} Folding */
/** @typedef {import("../desk.js").Form} Form */
/** @typedef {import("../desk.js").OtherCode} OtherCode */
/** @typedef {import("./dom.js").Texts} Texts */
/**
 * @typedef {object} PatternOptions
 * @property {string} [lang] a language tag; default: the page's
 * @property {string} [pattern] to begin with
 * @property {(pattern: string, isPattern: boolean) => void} [onChange] called once it is known
 *   whether the text is a pattern
 * @property {() => Promise<OtherCode[]>} [loadOthers] the codes of the catalogue to compare with,
 *   without the one that is edited; asked for when there is first a pattern
 * @property {Folding} [folding] the programme's
 * @property {number} [level] of the editor's headings; default 2
 */
/**
 * @typedef {object} PatternEditor
 * @property {string} value the pattern as it stands
 * @property {(lang: string) => Promise<void>} setLang
 * @property {() => void} destroy
 */

/** How long somebody has stopped typing before a screen reader is told what it means. */
const PAUSE_MS = 600;

/**
 * Puts a pattern editor into an element, which it fills and empties again when it is destroyed. The
 * page is to have pattern.css, and a tokens.css for the colours.
 *
 * @param {HTMLElement} element
 * @param {PatternOptions} [options]
 * @returns {Promise<PatternEditor>}
 */
export async function mountPattern(element, options = {}) {
  const lang = spoken([options.lang ?? document.documentElement.lang]);
  const editor = new Editor(element, options, lang, await loadTexts(lang));
  return {
    get value() {
      return editor.pattern;
    },
    set value(pattern) {
      editor.pattern = pattern;
    },
    setLang: (tag) => editor.speak(tag),
    destroy: () => editor.destroy(),
  };
}

class Editor {
  #thread = new Thread();
  #id = freshId();
  #builder = new Builder(this.#id, (form) => void this.#build(form));
  #said = make("p", { class: "unseen", role: "status" });
  #failure = make("div", { class: "pattern-refusal", role: "alert", hidden: true },
    make("p", { text: "failed" }));
  #input = make("input", {
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", translate: "no", dir: "ltr",
  });
  /** Which pattern is wanted; the answers about others are passed over. */
  #run = 0;
  /** The question under way: the next waits for it, so that of many only the newest is asked. */
  #underWay = /** @type {Promise<unknown>} */ (Promise.resolve());
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /**
   * @param {HTMLElement} element
   * @param {PatternOptions} options
   * @param {string} lang
   * @param {Texts} texts
   */
  constructor(element, options, lang, texts) {
    this.element = element;
    this.options = options;
    this.lang = lang;
    this.texts = texts;
    const { loadOthers, folding = {}, level = 2 } = options;
    const again = () => void this.#explain(true);
    this.meaning = new Meaning(level);
    this.trial = new Trial(this.#id, level, () => void this.#try());
    this.overlaps = loadOthers
      ? new Overlaps(this.#thread, loadOthers, folding, level, again)
      : null;
    this.#input.addEventListener("input", () => void this.#explain(true));
    const id = `${this.#id}-pattern`;
    const entry = make("div", { class: "pattern-entry" },
      this.#builder.element,
      field(this.#input, { id, label: "pattern", hint: "pattern_hint" }));
    const others = this.overlaps ? [this.overlaps.element] : [];
    const result = make("div", { class: "pattern-result" },
      this.#failure, this.meaning.element, ...others, this.#said);
    element.classList.add("pattern-editor");
    const columns = make("div", { class: "pattern-columns" }, entry, result, this.trial.element);
    element.replaceChildren(columns);
    writeTexts(element, texts);
    this.pattern = options.pattern ?? "";
  }

  get pattern() {
    return this.#input.value;
  }

  set pattern(pattern) {
    this.#input.value = pattern;
    void this.#explain(true);
  }

  /** @param {string} tag */
  async speak(tag) {
    const lang = spoken([tag]);
    const texts = await loadTexts(lang);
    [this.lang, this.texts] = [lang, texts];
    writeTexts(this.element, texts);
    await this.#explain(false);
  }

  destroy() {
    this.#run += 1;
    clearTimeout(this.#pause);
    this.#thread.end();
    this.element.classList.remove("pattern-editor");
    this.element.replaceChildren();
  }

  /** @param {Form} form */
  async #build(form) {
    const run = ++this.#run;
    const pattern = await this.#thread.build(form).catch(() => null);
    if (run !== this.#run || pattern === null) return;
    this.#input.value = pattern;
    await this.#explain(false);
  }

  /** @param {boolean} isForBuilder whether the fields are to follow */
  async #explain(isForBuilder) {
    const run = ++this.#run;
    const { pattern, lang } = this;
    this.meaning.element.ariaBusy = "true";
    await this.#underWay;
    if (run !== this.#run) return;
    const question = pattern === "" ? null : this.#ask(pattern, lang);
    this.#underWay = Promise.resolve(question);
    const answer = await question;
    if (run !== this.#run || answer === undefined) return;
    const explained = answer?.explained ?? null;
    if (isForBuilder && !answer) this.#builder.clear();
    if (isForBuilder && answer?.explained.ok) this.#builder.write(answer.form);
    this.meaning.write(pattern, explained);
    writeTexts(this.meaning.element, this.texts);
    this.#input.setAttribute("aria-invalid", String(explained?.ok === false));
    const words = explained?.ok ? explained.sentences[0] : explained?.reason;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => (this.#said.textContent = words ?? ""), PAUSE_MS);
    this.meaning.element.ariaBusy = "false";
    const isPattern = explained?.ok === true;
    this.options.onChange?.(pattern, isPattern);
    await this.#try();
    if (run === this.#run) await this.overlaps?.write(isPattern ? pattern : null, this.texts);
  }

  /**
   * The answer; undefined when the module cannot be had.
   *
   * @param {string} pattern
   * @param {string} lang
   */
  async #ask(pattern, lang) {
    try {
      const answer = await this.#thread.explain(pattern, lang);
      this.#failure.hidden = true;
      return answer;
    } catch {
      this.#failure.hidden = false;
      return undefined;
    }
  }

  async #try() {
    await this.trial.write(this.#thread, this.pattern, this.texts).catch(() => {});
  }
}
