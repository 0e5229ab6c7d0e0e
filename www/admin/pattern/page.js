/**
 * The editor by itself, for anybody. The pattern stands behind the `#` of the address, which is
 * sent to nobody.
 * @module
 */

import { writeTexts } from "./dom.js";
import { loadTexts, spoken } from "./language.js";
import { mountPattern } from "./pattern.js";

const EXAMPLE = "^(SUMMER)[0-9]{2}.*";

const language = /** @type {HTMLSelectElement} */ (document.querySelector("#language"));
const place = /** @type {HTMLElement} */ (document.querySelector("#editor"));

/** @param {string} tag */
async function speak(tag) {
  const lang = spoken([tag]);
  const texts = await loadTexts(lang);
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : lang;
  document.title = texts.title;
  writeTexts(document.body, texts);
}

/** The pattern of the address; an address may say anything. */
function patternOfAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

const asked = new URLSearchParams(location.search).get("lang");
language.value = spoken([asked, ...navigator.languages]);
await speak(language.value);
const editor = await mountPattern(place, {
  lang: language.value,
  pattern: patternOfAddress() || EXAMPLE,
  onChange: (pattern) => {
    history.replaceState(null, "", `#${encodeURIComponent(pattern)}`);
    document.documentElement.dataset.ready = "";
  },
});
language.addEventListener("change", async () => {
  await speak(language.value);
  await editor.setLang(language.value);
});
