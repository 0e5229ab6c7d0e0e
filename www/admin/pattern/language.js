/**
 * The languages of the pattern editor.
 * @module
 */

/** @typedef {import("./dom.js").Texts} Texts */

const LANGUAGES = {
  en: () => import("./texts/en.js"),
  fr: () => import("./texts/fr.js"),
  de: () => import("./texts/de.js"),
  ja: () => import("./texts/ja.js"),
  zh: () => import("./texts/zh.js"),
};

/** @typedef {keyof typeof LANGUAGES} Language */

/**
 * The first of some language tags, such as `zh-Hans`, that is spoken here; else English.
 *
 * @param {readonly (string | null)[]} tags
 * @returns {Language}
 */
export function spoken(tags) {
  const primary = tags.map((tag) => tag?.toLowerCase().split("-")[0] ?? "");
  return /** @type {Language} */ (primary.find((name) => name in LANGUAGES) ?? "en");
}

/**
 * @param {Language} lang
 * @returns {Promise<Texts>}
 */
export async function loadTexts(lang) {
  return (await LANGUAGES[lang]()).default;
}
