/**
 * The ledger, as the shop's server asks it: with the merchant's token, which no page ever sees.
 * @module
 */

import { receiptForRecord } from "../receipt/verify.mjs";
import { requireSame } from "./decision.mjs";

/** A shopper waits for the answer, and an order can be recorded later just as well. */
const PATIENCE_MS = 5000;

/** @typedef {import("../receipt/verify.mjs").Expected} Trust whose receipts are believed */
/**
 * @typedef {object} Sale an order, as it is sent: each time the same, so that it is one order
 * @property {string} order_id
 * @property {"SALE"} event_type
 * @property {string} placed_at
 * @property {string[]} promo_codes
 * @property {string} customer_id
 * @property {string} [click_path] the cookie's value, which only the Worker can read
 * @property {string} currency
 * @property {number} subtotal_minor
 * @property {{sku: string, category: string, quantity: number, unit_price_minor: number}[]} items
 */
/**
 * @typedef {object} Standing where an order stands
 * @property {{amount_minor: number} | null} payout when it was recorded
 * @property {string} receipt
 * @property {"pending" | "approved" | "reversed" | null} state null when nobody is credited
 * @property {string} recorded_at
 * @property {string | null} approve_at
 * @property {{subtotal_minor: number, payout_minor: number | null}} current
 * @property {{at: string, subtotal_minor: number, payout_minor: number | null}[]} adjustments
 * @property {{at: string, reason: string} | null} reversed
 */
/** @typedef {import("./decision.mjs").Decision & Standing} Answer */
/**
 * @typedef {object} Recorded
 * @property {Answer} answer
 * @property {Record<string, any> | null} claims of the receipt; null when it is not to be believed
 * @property {string | null} doubt why it is not
 */

/** That the ledger has not done what it was asked. */
export class LedgerError extends Error {
  /**
   * @param {string} message
   * @param {boolean} isPassing whether asking again may help
   */
  constructor(message, isPassing) {
    super(message);
    this.isPassing = isPassing;
  }
}

export class Ledger {
  #url;
  #token;
  #trust;

  /**
   * @param {string} url of the Worker, without a trailing slash
   * @param {string} token with the scope `credit`
   * @param {Trust} trust
   */
  constructor(url, token, trust) {
    this.#url = url;
    this.#token = token;
    this.#trust = trust;
  }

  /**
   * Records an order; one that is recorded already stays as it is.
   *
   * @param {Sale} sale
   * @throws {LedgerError}
   */
  record(sale) {
    return this.#ask("/v1/credit", sale, sale);
  }

  /**
   * Takes an order back; one that has been taken back stays so.
   *
   * @param {Sale} sale
   * @param {string} reason
   * @throws {LedgerError}
   */
  reverse(sale, reason) {
    return this.#ask(`${path(sale)}/reverse`, { reason }, sale);
  }

  /**
   * Says what is left of an order.
   *
   * @param {Sale} sale
   * @param {{subtotal_minor: number, reason: string}} left
   * @throws {LedgerError}
   */
  adjust(sale, left) {
    return this.#ask(`${path(sale)}/adjust`, left, sale);
  }

  /**
   * @param {string} path
   * @param {object} question
   * @param {Sale} sale
   * @returns {Promise<Recorded>}
   */
  async #ask(path, question, sale) {
    const answer = await this.#post(path, question);
    try {
      const claims = await receiptForRecord(answer.receipt, sale, this.#trust);
      requireSame(claims, answer, "recorded");
      return { answer, claims, doubt: null };
    } catch (error) {
      return { answer, claims: null, doubt: /** @type {Error} */ (error).message };
    }
  }

  /** @param {string} path @param {object} question @returns {Promise<Answer>} */
  async #post(path, question) {
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${this.#token}`,
    };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const init = { method: "POST", headers, body: JSON.stringify(question), signal };
    try {
      const response = await fetch(this.#url + path, init);
      const answer = await response.json();
      if (response.ok) return answer;
      throw new LedgerError(answer.detail ?? answer.title, isPassing(response.status));
    } catch (error) {
      if (error instanceof LedgerError) throw error;
      // No connection, no answer in time, or one that is no JSON: whoever sent that was not it.
      throw new LedgerError("no answer", true);
    }
  }
}

/** @param {Sale} sale */
function path({ event_type, order_id }) {
  return `/v1/orders/${event_type}/${encodeURIComponent(order_id)}`;
}

/** @param {number} status */
function isPassing(status) {
  return status === 429 || status >= 500;
}
