/**
 * The codes of one order, where a shop takes several: asked about again when the cart changes, one
 * after another and on a line of their own, so that typing the next one disturbs none of them.
 * @module
 */

import { dependsOnCart, isSameAnswer } from "./client.js";
import { PromoCodeEvent } from "./event.js";
import { RECHECK_DELAY_MS } from "./question.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Cart} Cart */
/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").RefusedAnswer} RefusedAnswer */
/** @typedef {import("./client.js").ValidAnswer} ValidAnswer */
/** @typedef {import("./event.js").Failure} Failure */

/**
 * One of them. It stays in sight when it is refused later, so that the shopper sees which, and
 * comes back to life with the cart that it needs.
 *
 * @typedef {object} AppliedCode
 * @property {string} code in its normal form
 * @property {Answer} answer
 * @property {boolean} provisional not confirmed by the Worker
 */

/**
 * @typedef {object} AppliedListener
 * @property {(event: PromoCodeEvent) => unknown} tell for the page
 * @property {() => void} onChange the list is another
 * @property {(codes: AppliedCode[]) => void} onAnswers some of it are answered otherwise
 */

/** How two spellings of a code are compared: as a shopper would. @param {string} code */
const spelled = (code) => code.trim().toLowerCase();

/** The codes that are applied, in the order in which they came. */
export class AppliedCodes {
  /** @type {AppliedCode[]} */
  #codes = [];
  /** @type {Client | null} */
  #line = null;
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** The carts, as JSON, that answers are about. @type {WeakMap<AppliedCode, string>} */
  #carts = new WeakMap();
  #listener;

  /** @param {AppliedListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  get all() {
    return this.#codes;
  }

  /** Those that the order has. @returns {(AppliedCode & { answer: ValidAnswer })[]} */
  get valid() {
    return this.#codes.filter(
      /** @returns {one is AppliedCode & { answer: ValidAnswer }} */
      (one) => one.answer.valid,
    );
  }

  /** @param {string} code in any spelling */
  has(code) {
    return this.#codes.some((one) => spelled(one.code) === spelled(code));
  }

  /**
   * Why another code need not be asked about.
   *
   * @param {string} typed
   * @param {number} limit how many an order may have
   * @returns {RefusedAnswer | undefined}
   */
  refusal(typed, limit) {
    if (this.has(typed)) return { valid: false, reason: "already_applied" };
    const isFull = this.#codes.length >= limit;
    return isFull ? { valid: false, reason: "too_many_codes", limit } : undefined;
  }

  /**
   * What a form submits, as it would of several inputs of one name; and what it keeps for the
   * shopper who comes back.
   *
   * @param {string} name
   * @returns {[FormData, FormData]}
   */
  asFormValue(name) {
    const [value, state] = [new FormData(), new FormData()];
    for (const { code } of this.valid) value.append(name, code);
    for (const { code } of this.#codes) state.append(name, code);
    return [value, state];
  }

  /**
   * @param {ValidAnswer} answer
   * @param {boolean} provisional
   * @param {Cart} [cart] that the answer is about
   */
  add(answer, provisional, cart) {
    const added = { code: answer.code, answer, provisional };
    if (cart) this.#carts.set(added, JSON.stringify(cart));
    this.#codes = [...this.#codes, added];
    this.#listener.onChange();
  }

  /** Takes one back. @param {string} code in any spelling */
  remove(code) {
    const [removed] = this.#codes.filter((one) => spelled(one.code) === spelled(code));
    if (removed) this.#takeBack([removed]);
  }

  /** Takes all back. */
  clear() {
    this.stop();
    this.#takeBack(this.#codes);
  }

  /**
   * Brings codes back that the Worker has yet to confirm.
   *
   * @param {unknown[]} codes
   */
  restore(codes) {
    for (const code of codes.map(String).filter((one) => !this.has(one))) {
      this.add({ valid: true, code, deal: null, quote: null, unchecked: [] }, true);
    }
  }

  /** Gives up what is being asked, or about to be. */
  stop() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#line?.abort();
  }

  /**
   * Asks again, once the cart has come to rest.
   *
   * @param {() => { client: Client, cart: Cart }} current
   */
  recheckSoon(current) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { client, cart } = current();
      this.recheck(client, cart);
    }, RECHECK_DELAY_MS);
  }

  /**
   * Asks again about the codes that another cart may change, and those that wait to be confirmed.
   *
   * @param {Client} client
   * @param {Cart} cart
   */
  async recheck(client, cart) {
    const about = JSON.stringify(cart);
    const isOutdated = (/** @type {AppliedCode} */ one) =>
      one.provisional || (dependsOnCart(one.answer) && this.#carts.get(one) !== about);
    const open = this.#codes.filter(isOutdated);
    this.stop();
    if (open.length === 0) return;
    const turn = this.#turn;
    const line = (this.#line = client.sibling());
    /** @type {AppliedCode[]} */
    const changed = [];
    for (const one of open) {
      const reply = await line.validate(one.code, cart);
      if (turn !== this.#turn) return;
      if (reply.outcome === "superseded") break;
      const isAnswered = reply.outcome === "answered";
      if (!isAnswered) this.#tellFailure(one, reply);
      // What was refused stays so while nobody says otherwise.
      const answer = isAnswered ? reply.answer : one.answer;
      const now = { code: one.code, answer, provisional: !isAnswered && answer.valid };
      if (isAnswered) this.#carts.set(now, about);
      if (this.#replace(one, now)) changed.push(now);
      if (!isAnswered) break;
    }
    if (changed.length > 0) this.#listener.onAnswers(changed);
  }

  /** @param {AppliedCode} kept @param {Failure} failure */
  #tellFailure({ code, answer }, failure) {
    const details = { answer, provisional: answer.valid, failure };
    this.#listener.tell(new PromoCodeEvent("promo-code-error", code, details));
  }

  /** @param {AppliedCode[]} removed */
  #takeBack(removed) {
    this.#codes = this.#codes.filter((one) => !removed.includes(one));
    this.#listener.onChange();
    for (const { code } of removed) {
      this.#listener.tell(new PromoCodeEvent("promo-code-cleared", code));
    }
  }

  /**
   * @param {AppliedCode} old
   * @param {AppliedCode} now
   * @returns {boolean} whether it says something else
   */
  #replace(old, now) {
    if (!this.#codes.includes(old)) return false;
    this.#codes = this.#codes.map((one) => (one === old ? now : one));
    const { code, answer, provisional } = now;
    if (old.provisional === provisional && isSameAnswer(old.answer, answer)) return false;
    this.#listener.onChange();
    const type = answer.valid ? "promo-code-validated" : "promo-code-refused";
    this.#listener.tell(new PromoCodeEvent(type, code, { answer, provisional }));
    return true;
  }
}
