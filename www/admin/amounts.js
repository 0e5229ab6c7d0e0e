/**
 * Money and percentages as forms have them: decimal numbers there, whole minor units and hundredths
 * of a per cent everywhere else.
 * @module
 */

import { currencyDigits } from "../promo-edge/messages.js";

/** @param {number | null | undefined} minor @param {string} currency */
export function toAmount(minor, currency) {
  return minor === null || minor === undefined ? null : minor / 10 ** currencyDigits(currency);
}

/** @param {number | null} amount @param {string} currency */
export function toMinor(amount, currency) {
  return amount === null ? null : Math.round(amount * 10 ** currencyDigits(currency));
}

/** @param {number | null | undefined} bps */
export function toPercent(bps) {
  return bps === null || bps === undefined ? null : bps / 100;
}

/** @param {number | null} percent */
export function toBps(percent) {
  return percent === null ? null : Math.round(percent * 100);
}

/** The step of an amount's field. @param {string} currency */
export function amountStep(currency) {
  return (10 ** -currencyDigits(currency)).toFixed(currencyDigits(currency));
}

/** Words of a list that is typed, by commas or lines. @param {string} text */
export function wordsOf(text) {
  return text.split(/[\n,]/).map((word) => word.trim()).filter((word) => word !== "");
}

/**
 * The id that was typed, else one made of the name: short, lower-case, and free of what an address
 * would have to escape.
 *
 * @param {{ id: string, name: string }} draft
 */
export function idOf({ id, name }) {
  if (id.trim() !== "") return id.trim();
  const plain = name.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  return plain.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 32);
}
