/**
 * The fields that most patterns can be put together in.
 * @module
 */

import { field, make } from "./dom.js";

/** @typedef {import("../desk.js").Form} Form */
/** @typedef {import("../desk.js").FormKind} FormKind */
/** @typedef {import("./dom.js").TextKey} TextKey */

/** @type {FormKind[]} */
const KINDS = ["starts_with", "ends_with", "contains", "exactly"];
const DIGITS = /** @type {const} */ (["none", "exactly", "at_least", "between"]);
/** A code has no more characters. */
const CHARS_MAX = 64;
/** What stands between texts, on any keyboard; they are written with the first. */
const COMMA = /[,、，]/;

export class Builder {
  #kinds = KINDS.map((kind) => make("input", { type: "radio", value: kind }));
  #text = make("input", { autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  #anyCase = make("input", { type: "checkbox" });
  #digits = make("select", {}, ...DIGITS.map(digitsOption));
  #least = numberField("1");
  #most = numberField("4");
  #unbuilt = make("p", { class: "pattern-note", text: "unbuilt", hidden: true });

  /**
   * @param {string} id
   * @param {(form: Form) => void} onChange
   */
  constructor(id, onChange) {
    this.element = make("fieldset", { class: "pattern-build" }, ...this.#rows(id));
    this.element.addEventListener("input", () => {
      if (!this.#kinds.some(({ checked }) => checked)) this.#kinds[0].checked = true;
      this.#show();
      this.#unbuilt.hidden = true;
      onChange(this.form);
    });
    this.clear();
  }

  /** What the fields say. @returns {Form} */
  get form() {
    const texts = this.#text.value.split(COMMA).map((text) => text.trim()).filter(Boolean);
    const kind = this.#kinds.find(({ checked }) => checked)?.value ?? KINDS[0];
    const form = { kind: /** @type {FormKind} */ (kind), texts, any_case: this.#anyCase.checked };
    const digits = this.#countOfDigits();
    return digits ? { ...form, digits } : form;
  }

  /**
   * Shows a form; null for a pattern that has none, which leaves the fields without any.
   *
   * @param {Form | null} form
   */
  write(form) {
    // A comma in a text would make two of it.
    const shown = form?.texts.some((text) => COMMA.test(text)) ? null : form;
    const { kind, texts, any_case, digits } = shown ?? { texts: [] };
    for (const radio of this.#kinds) radio.checked = radio.value === kind;
    this.#text.value = texts.join(", ");
    this.#anyCase.checked = Boolean(any_case);
    this.#digits.value = nameOfCount(digits);
    if (digits) this.#least.value = String(digits.least);
    if (digits?.most) this.#most.value = String(digits.most);
    this.#unbuilt.hidden = shown !== null;
    this.#show();
  }

  /** Nothing is said about fields that stand for no pattern at all. */
  clear() {
    this.write({ kind: KINDS[0], texts: [], any_case: false });
  }

  #countOfDigits() {
    const [least, most] = [this.#least, this.#most].map(({ valueAsNumber: count }) =>
      Math.min(Math.max(Math.trunc(count) || 1, 1), CHARS_MAX),
    );
    switch (this.#digits.value) {
      case "exactly": return { least, most: least };
      case "at_least": return { least };
      case "between": return { least: Math.min(least, most), most: Math.max(least, most) };
      default: return undefined;
    }
  }

  /** Only the numbers that are asked for. */
  #show() {
    const chosen = this.#digits.value;
    const [least, most] = [this.#least, this.#most].map(({ parentElement }) => parentElement);
    if (least) least.hidden = chosen === "none";
    if (most) most.hidden = chosen !== "between";
  }

  /** @param {string} id */
  #rows(id) {
    const kinds = this.#kinds.map((radio) => {
      radio.name = `${id}-kind`;
      const text = /** @type {TextKey} */ (radio.value);
      return make("label", { class: "pattern-choice" }, radio, make("span", { text }));
    });
    const anyCase = [this.#anyCase, make("span", { text: "any_case" })];
    return [
      make("legend", { text: "build" }),
      make("div", { class: "pattern-choices", role: "radiogroup", "aria-labelledby": `${id}-kind` },
        make("span", { id: `${id}-kind`, class: "pattern-label", text: "kind" }),
        make("div", {}, ...kinds)),
      field(this.#text, { id: `${id}-text`, label: "text", hint: "text_hint" }),
      make("div", { class: "pattern-digits" },
        field(this.#digits, { id: `${id}-digits`, label: "digits" }),
        field(this.#least, { id: `${id}-least`, label: "digits_least" }),
        field(this.#most, { id: `${id}-most`, label: "digits_most" })),
      make("label", { class: "pattern-check" }, ...anyCase),
      this.#unbuilt,
    ];
  }
}

/** @param {typeof DIGITS[number]} name */
function digitsOption(name) {
  return make("option", { value: name, text: `digits_${name}` });
}

/** @param {Form["digits"]} digits */
function nameOfCount(digits) {
  if (!digits) return "none";
  if (digits.most === undefined) return "at_least";
  return digits.most === digits.least ? "exactly" : "between";
}

/** @param {string} value */
function numberField(value) {
  return make("input", { type: "number", min: "1", max: String(CHARS_MAX), value });
}
