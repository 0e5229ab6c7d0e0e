/**
 * The page's texts, and how a language writes numbers, dates and amounts.
 * @module
 */

import { formatMoney } from "../promo-edge/messages.js";

/** @typedef {typeof import("./texts/en.js").default} Texts */
/** @typedef {keyof Texts} TextKey */
/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Text */

const LOADERS = {
  en: () => import("./texts/en.js"),
  fr: () => import("./texts/fr.js"),
  de: () => import("./texts/de.js"),
  ja: () => import("./texts/ja.js"),
  "zh-Hans": () => import("./texts/zh.js"),
};

/** @typedef {keyof typeof LOADERS} Language */

/** What each language calls itself. @type {[Language, string][]} */
export const LANGUAGES = [
  ["en", "English"],
  ["fr", "Français"],
  ["de", "Deutsch"],
  ["ja", "日本語"],
  ["zh-Hans", "简体中文"],
];

const STORED = "promo-edge-language";

/** The language chosen before, else the first of the reader's own that the page speaks. */
export function preferredLanguage() {
  const spoken = LANGUAGES.map(([language]) => language);
  const wanted = [localStorage.getItem(STORED), ...navigator.languages];
  for (const tag of wanted) {
    const found = spoken.find((language) => language.split("-")[0] === tag?.split("-")[0]);
    if (found) return found;
  }
  return "en";
}

/** @param {Language} language */
export function rememberLanguage(language) {
  localStorage.setItem(STORED, language);
}

/** @param {Language} language @returns {Promise<Speech>} */
export async function loadSpeech(language) {
  return new Speech(language, (await LOADERS[language]()).default);
}

/** One language. */
export class Speech {
  #texts;
  #plural;
  #number;

  /**
   * @param {Language} language
   * @param {Record<string, Text>} texts
   */
  constructor(language, texts) {
    this.language = language;
    this.#texts = texts;
    this.#plural = new Intl.PluralRules(language);
    this.#number = new Intl.NumberFormat(language);
  }

  /**
   * A text, with `{name}` replaced. Where it has forms, the value `n` chooses.
   *
   * @param {TextKey} key
   * @param {Record<string, string | number>} [values]
   */
  text(key, values = {}) {
    return this.#fill(this.#texts[key], values);
  }

  /**
   * The name of a literal of the interface; one of a later version is shown as it is.
   *
   * @param {string} family such as `state`
   * @param {string} literal
   * @param {Record<string, string | number>} [values]
   */
  term(family, literal, values = {}) {
    const text = this.#texts[`${family}.${literal}`];
    return text === undefined ? literal : this.#fill(text, values);
  }

  /** @param {number} value */
  number(value) {
    return this.#number.format(value);
  }

  /** @param {number} size in bytes */
  size(size) {
    const unit = size < 1e3 ? "byte" : size < 1e6 ? "kilobyte" : "megabyte";
    const shown = size / { byte: 1, kilobyte: 1e3, megabyte: 1e6 }[unit];
    const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 };
    const options = /** @type {Intl.NumberFormatOptions} */ (style);
    return new Intl.NumberFormat(this.language, options).format(shown);
  }

  /** @param {number} bps hundredths of a per cent */
  percent(bps) {
    const options = { style: "percent", maximumFractionDigits: 2 };
    return new Intl.NumberFormat(this.language, /** @type {any} */ (options)).format(bps / 10_000);
  }

  /** @param {number} minor @param {string} currency */
  money(minor, currency) {
    return formatMoney(minor, currency, this.language);
  }

  /** @param {string[]} parts @param {"conjunction" | "disjunction"} [type] */
  list(parts, type = "conjunction") {
    return new Intl.ListFormat(this.language, { type }).format(parts);
  }

  /**
   * An instant, in a zone or in the reader's own.
   *
   * @param {string | number} at RFC 3339, or Unix milliseconds
   * @param {string} [timeZone]
   * @param {boolean} [isZoned] whether to name the zone
   */
  instant(at, timeZone, isZoned = false) {
    const options = {
      ...{ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
      ...{ timeZone, timeZoneName: isZoned ? "short" : undefined },
    };
    const format = new Intl.DateTimeFormat(this.language, /** @type {any} */ (options));
    return format.format(new Date(at));
  }

  /** How long ago, or how soon. @param {string | number} at @param {number} [now] */
  ago(at, now = Date.now()) {
    const seconds = Math.round((new Date(at).getTime() - now) / 1000);
    /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
    const units = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
    const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    const format = new Intl.RelativeTimeFormat(this.language, { numeric: "auto" });
    return format.format(Math.trunc(seconds / length), unit);
  }

  /** @param {Text | undefined} text @param {Record<string, string | number>} values */
  #fill(text, values) {
    const chosen = typeof text === "object"
      ? text[this.#plural.select(Number(values.n))] ?? text.other ?? ""
      : text ?? "";
    return chosen.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      return typeof value === "number" ? this.number(value) : value ?? whole;
    });
  }
}
