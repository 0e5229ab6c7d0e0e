/**
 * What the field says, in the shopper's language.
 * @module
 */

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Quote} Quote */
/**
 * Of a text with a number every language has the forms that it needs, by the categories of
 * `Intl.PluralRules`; `other` is in all.
 *
 * @typedef {keyof Omit<typeof import("./locales/en.js").default, "too_many_codes/one">} TextKey
 */
/** @typedef {Record<TextKey, string>} Texts */

/** Spelled out, so that every bundler sees which files may be needed. */
const LOCALES = {
  en: () => import("./locales/en.js"),
  fr: () => import("./locales/fr.js"),
  de: () => import("./locales/de.js"),
  ja: () => import("./locales/ja.js"),
  zh: () => import("./locales/zh.js"),
};

/** @typedef {keyof typeof LOCALES} Language */

/** The languages that the package speaks. */
export const LANGUAGES = /** @type {readonly Language[]} */ (Object.keys(LOCALES));

/**
 * A language as `Intl` takes it; English for what is no tag.
 *
 * @param {string | null | undefined} tag
 */
export function languageTag(tag) {
  try {
    return Intl.getCanonicalLocales(tag?.replaceAll("_", "-") || "en")[0] ?? "en";
  } catch {
    return "en";
  }
}

/**
 * The texts of a language; English for one that the package does not speak.
 *
 * @param {string} lang a language tag such as `fr-CA`
 * @returns {Promise<Texts>}
 */
export async function loadTexts(lang) {
  const primary = /** @type {Language} */ (lang.toLowerCase().split("-")[0]);
  return (await (LOCALES[primary] ?? LOCALES.en)()).default;
}

/**
 * What the field is to say.
 *
 * @typedef {object} Said
 * @property {Answer | null} answer
 * @property {keyof Texts | null} [notice] beside an answer, or where there is none
 * @property {number | null} [retryAfterS] when asking again is of use
 * @property {string} [about] the code, where the input does not show which
 * @property {string} [typed] the text that `suggestion` is for
 * @property {string} [suggestion] a code that was probably meant
 */

/**
 * All of it in one text: it is announced once.
 *
 * @param {Said} said
 * @param {Texts} texts
 * @param {string} lang how amounts and times are written
 * @returns {string}
 */
export function compose(said, texts, lang) {
  const { answer, notice, retryAfterS, about, typed = "", suggestion } = said;
  const sentences = answer ? [describe(answer, texts, lang)] : [];
  if (notice) sentences.push(texts[notice]);
  if (retryAfterS) sentences.push(fill(texts.try_again, { when: inTime(retryAfterS, lang) }));
  if (suggestion) sentences.push(describeSuggestion(typed, suggestion, texts));
  if (answer?.valid && answer.unchecked.length > 0) sentences.push(texts.unchecked);
  const text = sentences.join(texts.between_sentences);
  return about && text ? fill(texts.about_code, { code: about, text }) : text;
}

/**
 * An answer in one sentence.
 *
 * @param {Answer} answer
 * @param {Texts} texts
 * @param {string} lang how amounts are written
 * @returns {string}
 */
export function describe(answer, texts, lang) {
  if (answer.valid) return answer.quote ? describeQuote(answer.quote, texts, lang) : texts.valid;
  const { reason, detail, limit } = answer;
  const names = [`${reason}/${detail}`, reason, "not_valid"];
  if (limit !== undefined) {
    names.unshift(`${reason}/${new Intl.PluralRules(lang).select(limit)}`, `${reason}/other`);
  }
  const known = names.find((name) => name in texts);
  return fill(texts[/** @type {keyof Texts} */ (known)], {
    limit: new Intl.NumberFormat(lang).format(limit ?? 0),
  });
}

/**
 * "Did you mean …?", and which character makes the difference, if one does.
 *
 * @param {string} typed
 * @param {string} code
 * @param {Texts} texts
 */
function describeSuggestion(typed, code, texts) {
  const meant = [...code.toUpperCase()];
  const seen = [...typed.trim().toUpperCase()];
  const isShifted = meant.length !== seen.length;
  const others = new Set(isShifted ? [] : meant.filter((symbol, at) => symbol !== seen[at]));
  const [symbol = ""] = others;
  if (others.size !== 1) return fill(texts.suggestion, { code });
  const isDigit = /^\d$/.test(symbol);
  return fill(isDigit ? texts.suggestion_digit : texts.suggestion_letter, { code, symbol });
}

/**
 * "in 30 seconds", "in 2 minutes".
 *
 * @param {number} seconds
 * @param {string} lang
 */
function inTime(seconds, lang) {
  const format = new Intl.RelativeTimeFormat(lang, { numeric: "always" });
  if (seconds < 90) return format.format(seconds, "second");
  return format.format(Math.ceil(seconds / 60), "minute");
}

/**
 * @param {Quote} quote
 * @param {Texts} texts
 * @param {string} lang
 * @returns {string}
 */
function describeQuote(quote, texts, lang) {
  const { amount_minor: amount, low_minor: low, high_minor: high } = quote;
  /** @param {number} minor */
  const money = (minor) => formatMoney(minor, quote.currency, lang);
  if (quote.benefit) return texts[quote.benefit] ?? texts.valid;
  if (amount) return fill(texts.saving, { amount: money(amount) });
  if (low && high && low < high) {
    return fill(texts.saving_range, { low: money(low), high: money(high) });
  }
  return high ? fill(texts.saving_up_to, { high: money(high) }) : texts.no_saving;
}

/**
 * The digits after the point, where ISO 4217 says another number than two. `Intl` is no authority:
 * some browsers take the digits that are customary from CLDR, which has none for the forint.
 *
 * @type {Record<number, string>}
 */
const CURRENCIES_BY_DIGITS = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

/**
 * How many digits a currency's minor unit has.
 *
 * @param {string} currency ISO 4217
 */
export function currencyDigits(currency) {
  const others = Object.entries(CURRENCIES_BY_DIGITS);
  return Number(others.find(([, some]) => some.includes(currency))?.[0] ?? 2);
}

/**
 * @param {number} minor in the currency's minor unit
 * @param {string} currency ISO 4217
 * @param {string} lang
 * @returns {string}
 */
export function formatMoney(minor, currency, lang) {
  const digits = currencyDigits(currency);
  return new Intl.NumberFormat(lang, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / 10 ** digits);
}

/**
 * @param {string} text
 * @param {Record<string, string>} values for the names in braces
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
