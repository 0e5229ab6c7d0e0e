/**
 * The sums of the order.
 * @module
 */

import { fill } from "./language.js";

/** @typedef {import("../promo-edge/client.js").Quote} Quote */
/** @typedef {import("./language.js").PageTexts} PageTexts */

/**
 * @typedef {object} Order
 * @property {number} subtotalMinor
 * @property {string} country
 * @property {string} code
 * @property {Quote | null} quote
 */

const HOME = "US";
const DELIVERY_MINOR = { home: 900, abroad: 1900 };

/**
 * Writes the summary and says what the order comes to.
 *
 * @param {Order} order
 * @param {PageTexts} texts
 * @param {(minor: number) => string} money
 * @param {string} currency
 * @returns {string}
 */
export function writeSummary(order, texts, money, currency) {
  const { subtotalMinor, quote } = order;
  const least = quote?.amount_minor ?? quote?.low_minor ?? 0;
  const most = quote?.amount_minor ?? quote?.high_minor ?? 0;
  const isFree = quote?.benefit === "free_shipping" || subtotalMinor === 0;
  const usual = order.country === HOME ? DELIVERY_MINOR.home : DELIVERY_MINOR.abroad;
  const delivery = isFree ? 0 : usual;
  /** @param {number} low @param {number} high */
  const range = (low, high) => (low === high ? money(low) : moneyRange(low, high, currency));

  write("#subtotal", money(subtotalMinor));
  show("#discount-row", most > 0);
  write("#discount-name", fill(texts.discount, { code: order.code }));
  write("#discount", `−${range(least, most)}`);
  show("#gift-row", quote?.benefit === "gift");
  show("#rebate-row", quote?.benefit === "rebate");
  show("#delivery-before", isFree && subtotalMinor > 0);
  write("#delivery-before", money(usual));
  write("#delivery", isFree ? texts.free : money(delivery));
  const total = subtotalMinor + delivery;
  return write("#total", range(total - most, total - least));
}

/**
 * @param {number} low
 * @param {number} high
 * @param {string} currency
 */
function moneyRange(low, high, currency) {
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  const unit = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0);
  return format.formatRange(low / unit, high / unit);
}

/**
 * @param {string} selector
 * @param {string} text
 */
function write(selector, text) {
  const element = document.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
  return text;
}

/**
 * @param {string} selector
 * @param {boolean} isShown
 */
function show(selector, isShown) {
  document.querySelector(selector)?.toggleAttribute("hidden", !isShown);
}
