/**
 * The page's own texts, in the language that the shopper picks.
 * @module
 */

/** @typedef {typeof import("./texts/en.js").default} PageTexts */
/** @typedef {keyof PageTexts} TextKey */

const PAGES = {
  en: () => import("./texts/en.js"),
  fr: () => import("./texts/fr.js"),
  de: () => import("./texts/de.js"),
  ja: () => import("./texts/ja.js"),
  "zh-Hans": () => import("./texts/zh.js"),
};

/** @typedef {keyof typeof PAGES} PageLanguage */

/**
 * The language asked for by the address, else the first of the shopper's own that the shop speaks.
 *
 * @returns {PageLanguage}
 */
export function preferredLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked, ...navigator.languages].map((tag) => tag?.toLowerCase().split("-")[0]);
  const spoken = /** @type {PageLanguage[]} */ (Object.keys(PAGES));
  const primary = wanted.find((want) => spoken.some((tag) => tag.split("-")[0] === want));
  return spoken.find((tag) => tag.split("-")[0] === primary) ?? "en";
}

/**
 * @param {PageLanguage} language
 * @returns {Promise<PageTexts>}
 */
export async function loadPage(language) {
  return (await PAGES[language]()).default;
}

/**
 * Writes the page's texts where `data-text` names them.
 *
 * @param {PageLanguage} language
 * @param {PageTexts} texts
 */
export function writePage(language, texts) {
  document.documentElement.lang = language;
  document.title = texts.title;
  for (const element of document.querySelectorAll("[data-text]")) {
    const key = /** @type {HTMLElement} */ (element).dataset.text;
    element.textContent = texts[/** @type {TextKey} */ (key)];
  }
}

/**
 * @param {string} text
 * @param {Record<string, string>} values for the names in braces
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
