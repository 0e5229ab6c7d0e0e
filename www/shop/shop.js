/**
 * The demo shop: a checkout with a `<promo-code>` in it. What a real shop does on its server, the
 * sums, is done here in the page.
 * @module
 */

import "../promo-edge/define.js";
import { formatMoney } from "../promo-edge/messages.js";
import { Bag } from "./bag.js";
import { listCodes } from "./codes.js";
import { loadPage, preferredLanguage, writePage } from "./language.js";
import { linkProgrammes } from "./programmes.js";
import { writeSummary } from "./summary.js";

/** @typedef {import("../promo-edge/element.js").PromoCodeElement} PromoCodeElement */
/** @typedef {import("./language.js").PageLanguage} PageLanguage */
/** @typedef {import("./language.js").PageTexts} PageTexts */

document.documentElement.dataset.js = "";

const CURRENCY = "USD";
const COUNTRIES = ["US", "CA", "FR", "DE", "JP", "CN"];

/**
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @returns {T}
 */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const field = /** @type {PromoCodeElement} */ (find("promo-code"));
const input = /** @type {HTMLInputElement} */ (find("#code"));
const country = /** @type {HTMLSelectElement} */ (find("#country"));
const language = /** @type {HTMLSelectElement} */ (find("#language"));
const thanks = /** @type {HTMLDialogElement} */ (find("#thanks"));

/** @type {PageTexts} */
let texts;
const bag = new Bag(() => {
  field.setAttribute("subtotal-minor", String(bag.subtotalMinor));
  field.items = bag.items;
  write();
});

/** @param {number} minor */
const money = (minor) => formatMoney(minor, CURRENCY, document.documentElement.lang);

function write() {
  const [applied] = field.applied;
  const quote = (applied?.answer.valid && applied.answer.quote) || null;
  bag.write(texts, money, quote?.lines_minor ?? []);
  const order = {
    subtotalMinor: bag.subtotalMinor,
    country: country.value,
    code: applied?.code ?? "",
    quote,
  };
  find("#thanks-sum").textContent = writeSummary(order, texts, money, CURRENCY);
}

/** @param {PageLanguage} chosen */
async function speak(chosen) {
  texts = await loadPage(chosen);
  writePage(chosen, texts);
  field.setAttribute("lang", chosen);
  const names = new Intl.DisplayNames(chosen, { type: "region" });
  for (const option of country.options) option.textContent = names.of(option.value) ?? option.value;
  write();
}

/** @param {string} code */
function tryCode(code) {
  input.value = code;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.scrollIntoView({ block: "center" });
  input.focus({ preventScroll: true });
  field.validate();
}

country.append(...COUNTRIES.map((code) => new Option(code, code)));
country.addEventListener("change", () => {
  field.setAttribute("country", country.value);
  write();
});
language.value = preferredLanguage();
language.addEventListener("change", () => speak(/** @type {PageLanguage} */ (language.value)));
for (const what of ["validated", "refused", "cleared"]) {
  field.addEventListener(`promo-code-${what}`, write);
}
find("form.checkout").addEventListener("submit", (event) => {
  event.preventDefault();
  thanks.showModal();
});
listCodes(find("#codes"), tryCode);
linkProgrammes(() => ({ lang: language.value, promo_code: input.value }));

await speak(/** @type {PageLanguage} */ (language.value));
field.items = bag.items;
field.setAttribute("subtotal-minor", String(bag.subtotalMinor));
const given = new URLSearchParams(location.search).get("promo_code");
if (given) tryCode(given);
document.documentElement.dataset.ready = "";
