/**
 * Asks the Worker whether a code may be used. Newest wins, slow networks time out, one more try is
 * made, and being offline is an outcome, not an exception.
 * @module
 */

/** @typedef {import("./signals.js").ReportedSignals} ReportedSignals */

/**
 * What is known about the order. Conditions whose facts are missing are named in the answer.
 *
 * @typedef {object} Cart
 * @property {string} [currency] ISO 4217
 * @property {number} [subtotal_minor] sum of the lines before any discount, in minor units
 * @property {string} [country] ISO 3166-1, where the order goes
 * @property {string} [event_type]
 * @property {Item[]} [items]
 */
/**
 * @typedef {object} Item
 * @property {string} sku
 * @property {string} [category]
 * @property {number} quantity
 * @property {number} unit_price_minor
 */
/**
 * @typedef {object} Deal
 * @property {string} id
 * @property {string} name
 * @property {string} type
 */
/**
 * What the deal is worth on this order: an amount, a range, or a benefit that is no money.
 *
 * @typedef {object} Quote
 * @property {string} currency
 * @property {number} [amount_minor]
 * @property {number} [low_minor] at least
 * @property {number} [high_minor] at most
 * @property {"free_shipping" | "gift" | "rebate" | null} benefit
 * @property {number[]} [lines_minor] the parts of `amount_minor`, one for each item
 */
/**
 * @typedef {object} ValidAnswer
 * @property {true} valid
 * @property {string} code the normal form of what was typed
 * @property {Deal | null} deal
 * @property {Quote | null} quote
 * @property {string[]} unchecked facts that conditions asked for and that were not sent
 */
/**
 * @typedef {object} RefusedAnswer
 * @property {false} valid
 * @property {string} reason
 * @property {string} [detail] which rule a malformed code breaks
 * @property {number} [limit] how many codes an order may have, where that is why
 */
/** @typedef {ValidAnswer | RefusedAnswer} Answer */

/** Refusals that another cart may turn into a yes. */
const ABOUT_THE_CART = new Set([
  "currency_mismatch",
  "country_not_eligible",
  "minimum_purchase",
  "minimum_quantity",
  "no_eligible_items",
]);

/**
 * Whether another cart may be answered otherwise.
 *
 * @param {Answer | null} answer
 */
export function dependsOnCart(answer) {
  return answer !== null && (answer.valid || ABOUT_THE_CART.has(answer.reason));
}

/**
 * Whether two answers say the same, whatever snapshot they were read from.
 *
 * @param {Answer | null} one
 * @param {Answer | null} other
 */
export function isSameAnswer(one, other) {
  const said = [one, other].map((answer) => JSON.stringify({ ...answer, snapshot: undefined }));
  return said[0] === said[1];
}

/**
 * What became of a question.
 *
 * - `answered`: the Worker said yes or no;
 * - `superseded`: a newer question was asked, or this one withdrawn, before the answer came;
 * - `offline`: nobody could be reached in time, twice;
 * - `failed`: the Worker answered, but not the question.
 *
 * @typedef {{ outcome: "answered", answer: Answer }
 *   | { outcome: "superseded" }
 *   | { outcome: "offline" }
 *   | { outcome: "failed", status: number, retryAfterS: number | null }} Reply
 */

/**
 * @typedef {object} ClientOptions
 * @property {string | URL} [endpoint] the Worker's `/v1/validate`; default: on this page's own host
 * @property {typeof fetch} [fetch]
 * @property {number} [timeoutMs] how long one try may take
 * @property {number} [retryDelayMs] how long to wait before the second and last one
 */

/** Longer than a healthy edge takes on a poor mobile connection, shorter than patience. */
const TIMEOUT_MS = 4000;
/** Long enough for a connection that changes from Wi-Fi to mobile. */
const RETRY_DELAY_MS = 400;
/** The answers of a server that may well be there a moment later. */
const WORTH_A_RETRY = new Set([502, 503, 504]);

/**
 * @param {ClientOptions} [options]
 * @returns {Client}
 */
export function createClient(options) {
  return new Client(options);
}

/** One field's line to the Worker: at most one question is under way. */
export class Client {
  #endpoint;
  #fetch;
  #timeoutMs;
  #retryDelayMs;
  #options;
  /** @type {AbortController | null} */
  #underWay = null;

  /** @param {ClientOptions} [options] */
  constructor(options = {}) {
    this.#options = options;
    this.#endpoint = options.endpoint ?? "/v1/validate";
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#retryDelayMs = options.retryDelayMs ?? RETRY_DELAY_MS;
  }

  /** Another line to the same Worker: what is asked there disturbs nothing here. */
  sibling() {
    return new Client(this.#options);
  }

  /**
   * Asks; an older question still under way is given up.
   *
   * @param {string} code
   * @param {Cart} [cart]
   * @param {ReportedSignals} [signals] counted by the Worker; they change no answer
   * @returns {Promise<Reply>}
   */
  async validate(code, cart, signals) {
    this.abort();
    const question = new AbortController();
    this.#underWay = question;
    const body = JSON.stringify({ code, cart, signals });
    const reply =
      (await this.#ask(body, question.signal)) ?? (await this.#askAgain(body, question.signal));
    if (this.#underWay !== question) return { outcome: "superseded" };
    this.#underWay = null;
    return reply;
  }

  /** Withdraws the question under way, if there is one. */
  abort() {
    this.#underWay?.abort();
    this.#underWay = null;
  }

  /**
   * The codes that anybody may know, as a snapshot for `PublicCodes`; `null` when there is none to
   * be had.
   *
   * @returns {Promise<Uint8Array | null>}
   */
  async publicCodes() {
    try {
      const endpoint = new URL(this.#endpoint, globalThis.document?.baseURI);
      const response = await this.#fetch(new URL("public", endpoint), {
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      const bundle = response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
      return bundle?.length ? bundle : null;
    } catch {
      return null;
    }
  }

  /**
   * @param {string} body
   * @param {AbortSignal} withdrawn
   * @returns {Promise<Reply>}
   */
  async #askAgain(body, withdrawn) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#retryDelayMs);
      withdrawn.addEventListener("abort", () => (clearTimeout(timer), resolve(null)));
    });
    return (await this.#ask(body, withdrawn, true)) ?? { outcome: "offline" };
  }

  /**
   * One try. `null`: nobody was reached, and it may be worth another.
   *
   * @param {string} body
   * @param {AbortSignal} withdrawn
   * @param {boolean} [last] take a server in trouble at its word
   * @returns {Promise<Reply | null>}
   */
  async #ask(body, withdrawn, last = false) {
    if (withdrawn.aborted) return { outcome: "superseded" };
    try {
      const response = await this.#fetch(this.#endpoint, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
        signal: AbortSignal.any([withdrawn, AbortSignal.timeout(this.#timeoutMs)]),
      });
      if (response.ok) return { outcome: "answered", answer: await response.json() };
      if (!last && WORTH_A_RETRY.has(response.status)) return null;
      const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
      const retryAfterS = Number.isFinite(retryAfter) ? retryAfter : null;
      return { outcome: "failed", status: response.status, retryAfterS };
    } catch {
      return withdrawn.aborted ? { outcome: "superseded" } : null;
    }
  }
}
