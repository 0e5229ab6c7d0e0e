/**
 * The shop's orders: kept from the moment that they are placed, and recorded as soon as the ledger
 * answers.
 * @module
 */

import { PromoEdgeError } from "../../plugins/server/index.js";

/** @typedef {import("../../plugins/server/index.js").Verdict} Verdict */
/** @typedef {import("./ledger.mjs").Sale} Sale */
/** @typedef {import("./ledger.mjs").Recorded} Recorded */
/** @typedef {import("../webhook/receive.mjs").Event} Event */
/**
 * @typedef {object} Order
 * @property {Sale} sale
 * @property {Verdict} verdict what the checkout was told
 * @property {Recorded | null} recorded what the ledger said last; null until it has the order
 * @property {PromoEdgeError | null} trouble why it has not done what it was asked last
 * @property {Event[]} events that were sent to the shop of this order
 * @property {Promise<void>} turn settles when the ledger has answered all that was asked of it
 */

/** A demonstration forgets, but nothing that is not in the ledger yet. */
const ORDERS_MAX = 100;

export class Orders {
  /** @type {Map<string, Order>} */
  #orders = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #later;
  #isStopped = false;
  #ledger;
  #retryMs;

  /**
   * @param {import("./ledger.mjs").Ledger} ledger
   * @param {number} retryMs after how long an order that could not be recorded is sent again
   */
  constructor(ledger, retryMs) {
    this.#ledger = ledger;
    this.#retryMs = retryMs;
  }

  /** @param {string} id */
  find(id) {
    return this.#orders.get(id);
  }

  /**
   * Keeps an order and has it recorded; one that was placed before stays as it was.
   *
   * @param {Sale} sale
   * @param {Verdict} verdict
   */
  place(sale, verdict) {
    const placed = this.#orders.get(sale.order_id);
    if (placed) return this.record(placed);
    const turn = Promise.resolve();
    /** @type {Order} */
    const order = { sale, verdict, recorded: null, trouble: null, events: [], turn };
    this.#orders.set(sale.order_id, order);
    this.#forgetOldest();
    return this.record(order);
  }

  /** Has an order recorded that is not yet. @param {Order} order */
  record(order) {
    const { sale } = order;
    return inTurn(order, async () => {
      if (order.recorded) return;
      await settle(order, this.#ledger.record(sale));
      if (order.trouble?.isPassing) this.#retryLater();
    });
  }

  /** Takes an order back. @param {Order} order */
  cancel(order) {
    return inTurn(order, async () => {
      if (!order.recorded) return;
      await settle(order, this.#ledger.reverse(order.sale, "Cancelled by the shopper"));
    });
  }

  /**
   * Refunds all but some of an order's lanterns. It names what is left and not what comes back:
   * asked twice, it is done once.
   *
   * @param {Order} order
   * @param {number} left
   */
  keep(order, left) {
    const [item] = order.sale.items;
    return inTurn(order, async () => {
      if (!order.recorded || !(left >= 1 && left < item.quantity)) return;
      const subtotal_minor = item.unit_price_minor * left;
      const rest = { subtotal_minor, reason: "A lantern was returned" };
      await settle(order, this.#ledger.adjust(order.sale, rest));
    });
  }

  /** Takes note of an event; those of other shops' orders are none of ours. @param {Event} event */
  hear(event) {
    this.find(event.data.order_id)?.events.push(event);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#later);
  }

  #retryLater() {
    if (this.#isStopped) return;
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      for (const order of this.#orders.values()) if (!order.recorded) void this.record(order);
    }, this.#retryMs).unref();
  }

  #forgetOldest() {
    if (this.#orders.size <= ORDERS_MAX) return;
    for (const [id, { recorded }] of this.#orders) {
      if (recorded) return void this.#orders.delete(id);
    }
  }
}

/**
 * One thing after another for each order, so that what was answered last is how it stands.
 *
 * @param {Order} order
 * @param {() => Promise<void>} work
 */
function inTurn(order, work) {
  const done = order.turn.then(work);
  order.turn = done.catch(() => {});
  return done;
}

/**
 * @param {Order} order
 * @param {Promise<Recorded>} asked
 */
async function settle(order, asked) {
  try {
    order.recorded = await asked;
    order.trouble = null;
  } catch (error) {
    if (!(error instanceof PromoEdgeError)) throw error;
    order.trouble = error;
  }
}
