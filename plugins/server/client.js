/**
 * The Worker, as a shop's server asks it: with the merchant's token, which no page ever sees.
 * @module
 */

import { PromoEdgeError, errorOf } from "./errors.js";
import { receiptKeys } from "./receipt.js";

/** @typedef {import("./shapes.js").Cart} Cart */
/** @typedef {import("./shapes.js").Left} Left */
/** @typedef {import("./shapes.js").Order} Order */
/** @typedef {import("./shapes.js").OrderAnswer} OrderAnswer */
/** @typedef {import("./shapes.js").Reservation} Reservation */
/** @typedef {import("./shapes.js").ReservationAnswer} ReservationAnswer */
/** @typedef {import("./shapes.js").TrustedFacts} TrustedFacts */
/** @typedef {import("./shapes.js").ValidateAnswer} ValidateAnswer */

/** Longest that is waited because an answer says so: a queue waits better than a request. */
const RETRY_AFTER_MAX_MS = 5000;

/**
 * @typedef {object} Settings
 * @property {string} url of the Worker, such as `https://promo.shop.example`
 * @property {string} token of the merchant, with the scope `credit`
 * @property {string} program its id: whom receipts are for
 * @property {string} [issuer] who signs receipts: the Worker's setting RECEIPT_ISSUER; left out:
 *   the origin of `url`
 * @property {number} [attempts] how often a question is asked; 3 by default
 * @property {number} [timeoutMs] how long each attempt may take; 3,000 by default
 * @property {number} [backoffMs] wait before the second attempt, doubled for each further one; 200
 *   by default
 * @property {typeof globalThis.fetch} [fetch]
 */
/**
 * @typedef {object} AskOptions
 * @property {AbortSignal} [signal] ends waiting, whatever is under way
 */
/**
 * What was answered, or why nothing was: one of the two is null.
 *
 * @template T
 * @typedef {{answer: T, error: null} | {answer: null, error: PromoEdgeError}} Result
 */

/**
 * A client. Its methods never throw: a checkout goes on whatever becomes of a question. Whoever
 * would rather have errors thrown says `orThrow(await promo.record(order))`.
 *
 * @param {Settings} settings
 * @throws {TypeError} when a setting is missing: at the start, not at a checkout
 */
export function createPromoEdge(settings) {
  return new PromoEdge(settings);
}

/**
 * @template T
 * @param {Result<T>} result
 * @returns {T} the answer
 * @throws {PromoEdgeError} when there is none
 */
export function orThrow({ answer, error }) {
  if (error) throw error;
  return /** @type {T} */ (answer);
}

export class PromoEdge {
  #url;
  #token;
  #attempts;
  #timeoutMs;
  #backoffMs;
  #fetch;

  /** @param {Settings} settings */
  constructor({ url, token, program, issuer, fetch = globalThis.fetch, ...patience }) {
    for (const [name, value] of Object.entries({ url, token, program })) {
      if (!value) throw new TypeError(`promo-edge: the setting \`${name}\` is missing`);
    }
    this.#url = new URL(url);
    this.#token = token;
    // Not `fetch` itself: as a method of this object it is refused by some platforms.
    this.#fetch = (/** @type {URL} */ to, /** @type {RequestInit} */ init) => fetch(to, init);
    this.#attempts = patience.attempts ?? 3;
    this.#timeoutMs = patience.timeoutMs ?? 3000;
    this.#backoffMs = patience.backoffMs ?? 200;
    /** Whose receipts are believed. @type {import("./receipt.js").Trust} */
    this.trust = { keys: receiptKeys(url), issuer: issuer ?? this.#url.origin, program };
  }

  /**
   * May this code be used on this cart, and what is it worth? A code that is refused is an answer:
   * `answer.valid` is false.
   *
   * @param {string} code as it was typed
   * @param {Cart} [cart]
   * @param {TrustedFacts} [facts]
   * @param {AskOptions} [options]
   * @returns {Promise<Result<ValidateAnswer>>}
   */
  validate(code, cart, facts, options) {
    return this.#ask("POST", "/v1/validate", { code, cart, ...facts }, options);
  }

  /**
   * Records an order: once, however often it is sent. An order that was recorded with other facts
   * is an {@link OrderDiffersError}.
   *
   * @param {Order} order
   * @param {AskOptions} [options]
   * @returns {Promise<Result<OrderAnswer>>}
   */
  record(order, options) {
    return this.#ask("POST", "/v1/credit", order, options);
  }

  /**
   * Where an order stands.
   *
   * @param {string} eventType
   * @param {string} orderId
   * @param {AskOptions} [options]
   * @returns {Promise<Result<OrderAnswer>>}
   */
  find(eventType, orderId, options) {
    return this.#ask("GET", orderPath(eventType, orderId), undefined, options);
  }

  /**
   * Takes an order back; one that has been taken back stays so.
   *
   * @param {string} eventType
   * @param {string} orderId
   * @param {string} reason in the shop's words; kept and shown
   * @param {AskOptions} [options]
   * @returns {Promise<Result<OrderAnswer>>}
   */
  reverse(eventType, orderId, reason, options) {
    return this.#ask("POST", `${orderPath(eventType, orderId)}/reverse`, { reason }, options);
  }

  /**
   * Says what is left of an order after a refund.
   *
   * @param {string} eventType
   * @param {string} orderId
   * @param {Left} left
   * @param {AskOptions} [options]
   * @returns {Promise<Result<OrderAnswer>>}
   */
  adjust(eventType, orderId, left, options) {
    return this.#ask("POST", `${orderPath(eventType, orderId)}/adjust`, left, options);
  }

  /**
   * Holds a use of a capped code for a cart. An order with that `cart_id` takes it over.
   *
   * @param {Reservation} reservation
   * @param {AskOptions} [options]
   * @returns {Promise<Result<ReservationAnswer>>}
   */
  reserve(reservation, options) {
    return this.#ask("POST", "/v1/reservations", reservation, options);
  }

  /**
   * Gives back what is held for a cart.
   *
   * @param {string} cartId
   * @param {AskOptions} [options]
   * @returns {Promise<Result<{released: number}>>}
   */
  release(cartId, options) {
    const path = `/v1/reservations/${encodeURIComponent(cartId)}`;
    return this.#ask("DELETE", path, undefined, options);
  }

  /**
   * Asks until there is an answer, the question is at fault, or patience ends. Every question can
   * be asked again: the Worker tells repeated ones apart by the order's or the cart's id.
   *
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} question
   * @param {AskOptions} [options]
   * @returns {Promise<Result<any>>}
   */
  async #ask(method, path, question, { signal } = {}) {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#askOnce(method, path, question, signal);
      const { error } = result;
      if (!error?.isPassing || attempt >= this.#attempts) return result;
      const waitMs = error.retryAfterMs ?? this.#backoffMs * 2 ** (attempt - 1) * jitter();
      if (waitMs > RETRY_AFTER_MAX_MS || !(await pause(waitMs, signal))) return result;
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} question
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<Result<any>>}
   */
  async #askOnce(method, path, question, signal) {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(question && { "content-type": "application/json" }),
    };
    try {
      const response = await this.#fetch(new URL(path, this.#url), {
        method,
        headers,
        body: question && JSON.stringify(question),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        // Followed, a POST becomes a GET, and the token goes where nobody sent it.
        redirect: "manual",
      });
      const answer = parse(await response.text());
      if (response.ok && answer) return { answer, error: null };
      if (response.ok) return failed("the answer is no JSON: another server answered");
      return { answer: null, error: errorOf(response, answer) };
    } catch (cause) {
      return failed(signal?.aborted ? "nobody waits for the answer any more" : "no answer", cause);
    }
  }
}

/** @param {string} eventType @param {string} orderId */
function orderPath(eventType, orderId) {
  return `/v1/orders/${encodeURIComponent(eventType)}/${encodeURIComponent(orderId)}`;
}

/** @param {string} message @param {unknown} [cause] @returns {Result<any>} */
function failed(message, cause) {
  return { answer: null, error: new PromoEdgeError(message, { cause }) };
}

/** @param {string} text @returns {any} null when it is no JSON */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Between a half and one, so that servers which failed together do not come back together. */
function jitter() {
  return 0.5 + Math.random() / 2;
}

/**
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<boolean>} whether the time has passed and nobody has ended it
 */
function pause(ms, signal) {
  return new Promise((done) => {
    if (signal?.aborted) return done(false);
    const end = () => {
      clearTimeout(timer);
      done(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      done(true);
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
