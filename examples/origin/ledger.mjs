/**
 * The ledger, as the shop's server asks it, and what of its answers is proven.
 * @module
 */

import { orThrow, receiptForRecord, requireSame } from "../../plugins/server/index.js";

/** @typedef {import("../../plugins/server/index.js").PromoEdge} PromoEdge */
/** @typedef {import("../../plugins/server/index.js").OrderAnswer} Answer */
/** @typedef {import("../../plugins/server/shapes.js").Claims} Claims */
/** @typedef {import("../../plugins/server/shapes.js").Left} Left */
/** @template T @typedef {import("../../plugins/server/client.js").Result<T>} Result */
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
 * @typedef {object} Recorded
 * @property {Answer} answer
 * @property {Claims | null} claims of the receipt; null when it is not to be believed
 * @property {string | null} doubt why it is not
 */

export class Ledger {
  #promo;

  /** @param {PromoEdge} promo */
  constructor(promo) {
    this.#promo = promo;
  }

  /**
   * Records an order; one that is recorded already stays as it is.
   *
   * @param {Sale} sale
   * @throws {import("../../plugins/server/index.js").PromoEdgeError}
   */
  async record(sale) {
    return this.#check(await this.#promo.record(sale), sale);
  }

  /**
   * Takes an order back; one that has been taken back stays so.
   *
   * @param {Sale} sale
   * @param {string} reason
   * @throws {import("../../plugins/server/index.js").PromoEdgeError}
   */
  async reverse(sale, reason) {
    const { event_type, order_id } = sale;
    return this.#check(await this.#promo.reverse(event_type, order_id, reason), sale);
  }

  /**
   * Says what is left of an order.
   *
   * @param {Sale} sale
   * @param {Left} left
   * @throws {import("../../plugins/server/index.js").PromoEdgeError}
   */
  async adjust(sale, left) {
    const { event_type, order_id } = sale;
    return this.#check(await this.#promo.adjust(event_type, order_id, left), sale);
  }

  /**
   * @param {Result<Answer>} result
   * @param {Sale} sale
   * @returns {Promise<Recorded>}
   */
  async #check(result, sale) {
    const answer = orThrow(result);
    try {
      const claims = await receiptForRecord(answer.receipt ?? "", sale, this.#promo.trust);
      requireSame(claims, answer, "recorded");
      return { answer, claims, doubt: null };
    } catch (error) {
      return { answer, claims: null, doubt: /** @type {Error} */ (error).message };
    }
  }
}
